// Deadlines and cancels: where they are noticed, how they travel, and what the caller is told.
import { getEventListeners } from 'node:events'
import {
  call,
  RpcError,
  service,
  stream,
  unary,
  withOptions,
  type InterceptedCall,
  type RemoteStream,
  type Stream,
} from '@parley/rpc'
import { VirtualClock } from '@parley/core/testing'
import { describe, expect, it } from 'vitest'
import { pair, rejection, settle } from './pair.ts'

@service('slow.v1')
class Slow {
  started = 0
  ended = 0
  aborted: unknown[] = []
  timeLeft: (number | undefined)[] = []
  finish: (() => void)[] = []

  /** Runs until its signal aborts, then until it is let go. */
  @unary() async wait(): Promise<string> {
    this.started += 1
    const { signal } = call()
    this.timeLeft.push(call().timeLeft)
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => {
        this.aborted.push(signal.reason)
        resolve()
      })
    })
    await new Promise<void>((resolve) => this.finish.push(resolve))
    this.ended += 1
    return 'late'
  }

  @unary() async deaf(): Promise<string> {
    this.started += 1
    await new Promise<void>((resolve) => this.finish.push(resolve))
    return 'late'
  }

  @stream() async *drip(): AsyncGenerator<number> {
    this.started += 1
    try {
      yield 1
      await new Promise<void>((resolve) => call().signal.addEventListener('abort', () => resolve()))
    } finally {
      this.ended += 1
    }
  }

  @unary() async read(items: Stream<number>): Promise<unknown> {
    this.started += 1
    try {
      for await (const _ of items as RemoteStream<number>) continue
      return 'all'
    } catch (thrown) {
      this.aborted.push(thrown)
      throw thrown
    }
  }
}

@service('front.v1')
class Front {
  outcome: unknown

  /** Calls the client's own Slow, within the deadline and the cancel of the call it answers. */
  @unary() async pass(): Promise<string> {
    await Promise.resolve()
    try {
      return await call().session.stub(Slow).wait()
    } catch (thrown) {
      this.outcome = thrown
      throw thrown
    }
  }
}

describe('a deadline', () => {
  it('ends the call at the caller and aborts the handler', async () => {
    const clock = new VirtualClock()
    const slow = new Slow()
    await using both = await pair([slow], { serve: { clock }, connect: { clock } })
    const failed = rejection(withOptions(both.client.stub(Slow), { timeout: 500 }).wait())
    await settle()
    expect(slow.timeLeft).toEqual([500])
    clock.advance(499)
    await settle()
    expect(slow.aborted).toEqual([])
    clock.advance(1)
    expect(await failed).toMatchObject({ code: 'DEADLINE_EXCEEDED', outcome: 'unknown' })
    await settle()
    expect(slow.aborted).toMatchObject([{ code: 'DEADLINE_EXCEEDED' }])
    for (const finish of slow.finish) finish()
    await settle()
    expect(both.session.activeCalls + both.client.activeCalls).toBe(0)
  })

  it('ends a stream that has stalled', async () => {
    const clock = new VirtualClock()
    const slow = new Slow()
    await using both = await pair([slow], { serve: { clock }, connect: { clock } })
    const items = withOptions(both.client.stub(Slow), { timeout: 100 }).drip()[Symbol.asyncIterator]()
    await expect(items.next()).resolves.toEqual({ done: false, value: 1 })
    const failed = rejection(items.next())
    await settle()
    clock.advance(100)
    expect(await failed).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    await settle()
    expect(slow.ended).toBe(1)
  })

  it('passes on to the calls the handler makes', async () => {
    const clock = new VirtualClock()
    const slow = new Slow()
    const front = new Front()
    await using both = await pair([front], { serve: { clock }, connect: { clock, services: [slow] } })
    const failed = rejection(withOptions(both.client.stub(Front), { timeout: 300 }).pass())
    await settle()
    expect(slow.timeLeft).toEqual([300])
    clock.advance(300)
    expect(await failed).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    await settle()
    expect(front.outcome).toMatchObject({
      code: expect.stringMatching(/DEADLINE_EXCEEDED|CANCELLED/) as string,
    })
    expect(slow.aborted).toHaveLength(1)
  })

  it('of a call that waits for a slot runs while it waits', async () => {
    const clock = new VirtualClock()
    const slow = new Slow()
    await using both = await pair([slow], {
      serve: { clock, limits: { concurrentCalls: 1 } },
      connect: { clock },
    })
    const first = both.client.stub(Slow).deaf()
    const second = rejection(withOptions(both.client.stub(Slow), { timeout: 500 }).wait())
    await settle()
    clock.advance(400)
    slow.finish[0]?.()
    await expect(first).resolves.toBe('late')
    await settle()
    expect(slow.timeLeft).toEqual([100])
    clock.advance(100)
    expect(await second).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  })

  it('that has passed already sends nothing', async () => {
    const slow = new Slow()
    const aborted = AbortSignal.abort(new Error('gone'))
    await using both = await pair([slow])
    const error = await rejection(withOptions(both.client.stub(Slow), { signal: aborted }).wait())
    expect(error).toMatchObject({ code: 'CANCELLED', outcome: 'not-started' })
    await settle()
    expect(slow.started).toBe(0)
  })

  it.each([0, -1, Number.NaN, 2 ** 31])('of %d ms is refused as a mistake', async (timeout) => {
    await using both = await pair([new Slow()])
    await expect(withOptions(both.client.stub(Slow), { timeout }).wait()).rejects.toThrow(/timeout/)
  })
})

describe('a cancel', () => {
  it('by unsubscribing reaches through the interceptors of a stream that has stalled', async () => {
    const slow = new Slow()
    const same = async function* (items: AsyncIterable<unknown>) {
      try {
        yield* items
      } finally {
        // What a clean-up throws when nobody is left to hear it must not end the process.
        if (slow.started > 0) await Promise.reject(new Error('clean-up'))
      }
    }
    const through = (_: InterceptedCall, next: () => unknown) => same(next() as AsyncIterable<unknown>)
    await using both = await pair([slow], { connect: { interceptors: [through] } })
    const drip = both.client.stub(Slow).drip()
    const seen: number[] = []
    const subscription = drip.observable.subscribe((n) => seen.push(n))
    await settle()
    subscription.unsubscribe()
    await settle()
    expect(seen).toEqual([1])
    expect(both.session.activeCalls + both.client.activeCalls).toBe(0)
  })

  it('ends the call at the caller at once and aborts the handler', async () => {
    const slow = new Slow()
    await using both = await pair([slow])
    const controller = new AbortController()
    const failed = rejection(withOptions(both.client.stub(Slow), { signal: controller.signal }).wait())
    await settle()
    controller.abort(new Error('changed my mind'))
    const error = (await failed) as RpcError
    expect(error).toMatchObject({ code: 'CANCELLED', outcome: 'unknown' })
    expect(error.cause).toMatchObject({ message: 'changed my mind' })
    await settle()
    expect(slow.aborted).toMatchObject([{ code: 'CANCELLED' }])
  })

  it('reaches the calls the handler made', async () => {
    const slow = new Slow()
    await using both = await pair([new Front()], { connect: { services: [slow] } })
    const controller = new AbortController()
    const failed = rejection(withOptions(both.client.stub(Front), { signal: controller.signal }).pass())
    await settle()
    expect(slow.started).toBe(1)
    controller.abort()
    expect(await failed).toMatchObject({ code: 'CANCELLED' })
    await settle()
    expect(slow.aborted).toMatchObject([{ code: 'CANCELLED' }])
  })

  it('ends the stream arguments that the handler reads', async () => {
    const slow = new Slow()
    await using both = await pair([slow])
    const controller = new AbortController()
    const endless = async function* () {
      yield 1
      await new Promise(() => undefined)
    }
    const stub = withOptions(both.client.stub(Slow), { signal: controller.signal })
    const failed = rejection(stub.read(endless()))
    await settle()
    controller.abort()
    expect(await failed).toMatchObject({ code: 'CANCELLED' })
    await settle()
    expect(slow.aborted).toMatchObject([{ code: 'CANCELLED' }])
  })

  it('does not free the slot before the handler has ended', async () => {
    const slow = new Slow()
    await using both = await pair([slow], { serve: { limits: { concurrentCalls: 2 } } })
    const controller = new AbortController()
    const stub = withOptions(both.client.stub(Slow), { signal: controller.signal })
    const failed = Promise.all([rejection(stub.deaf()), rejection(stub.deaf())])
    await settle()
    controller.abort()
    await failed
    const third = both.client.stub(Slow).deaf()
    await settle()
    expect(slow.started).toBe(2)
    slow.finish[0]?.()
    await settle()
    expect(slow.started).toBe(3)
    slow.finish[2]?.()
    await expect(third).resolves.toBe('late')
  })

  it('of a call that waits for a slot says not-started', async () => {
    const slow = new Slow()
    await using both = await pair([slow], { serve: { limits: { concurrentCalls: 1 } } })
    const first = both.client.stub(Slow).deaf()
    const controller = new AbortController()
    const second = rejection(withOptions(both.client.stub(Slow), { signal: controller.signal }).deaf())
    await settle()
    controller.abort()
    expect(await second).toMatchObject({ code: 'CANCELLED', outcome: 'not-started' })
    slow.finish[0]?.()
    await expect(first).resolves.toBe('late')
    await settle()
    expect(slow.started).toBe(1)
  })
})

describe('a signal for many calls', () => {
  it('is listened to once, ends them all, and is let go', async () => {
    const slow = new Slow()
    await using both = await pair([slow])
    const controller = new AbortController()
    const { signal } = controller
    const stub = withOptions(both.client.stub(Slow), { signal })
    const first = stub.wait()
    await settle()
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    for (const finish of slow.finish.splice(0)) finish()
    const calls = Array.from({ length: 50 }, () => rejection(stub.wait()))
    await settle()
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    controller.abort()
    for (const error of await Promise.all([rejection(first), ...calls])) {
      expect(error).toMatchObject({ code: 'CANCELLED' })
    }
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})
