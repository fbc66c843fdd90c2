// The bounds of limits.ts, each reached from outside, on the side that must enforce it.
import { VirtualClock } from '@parley/core/testing'
import { rpcLimits, RpcError, service, sessionLimits, stream, unary, withOptions } from '@parley/rpc'
import { from, Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { pair, rejection, settle } from './pair.ts'
import { Shop, ShopService } from './shop.ts'

@service('gate.v1')
class Gate {
  running = 0
  most = 0
  open: (() => void)[] = []

  @unary() async through(n: number): Promise<number> {
    this.running += 1
    this.most = Math.max(this.most, this.running)
    await new Promise<void>((resolve) => this.open.push(resolve))
    this.running -= 1
    return n
  }
}

describe('messageLength', () => {
  const MIB = 1024 * 1024

  it('lets 64 MiB through in one call by default', async () => {
    await using both = await pair([new ShopService()])
    const big = new Uint8Array(64 * MIB).fill(7)
    const back = (await both.client.stub(Shop).echo(big)) as Uint8Array
    expect(back.length).toBe(big.length)
    expect(Buffer.compare(back, big)).toBe(0)
  })

  it('is enforced where the message is sent, with the number and the name of the limit', async () => {
    await using both = await pair([new ShopService()], { serve: { limits: { messageLength: 1000 } } })
    const error = (await rejection(both.client.stub(Shop).echo(new Uint8Array(2000)))) as RpcError
    expect(error).toMatchObject({ code: 'RESOURCE_EXHAUSTED', outcome: 'not-started' })
    expect(error.message).toMatch(/1000 .*messageLength/)
    await expect(both.client.stub(Shop).buy('a', 1)).resolves.toEqual({ sku: 'a', n: 1 })
  })

  it('leaves room for an error in few words', async () => {
    @service('wordy.v1')
    class Wordy {
      @unary() async talk(): Promise<void> {
        throw new RpcError('ABORTED', 'w'.repeat(5000))
      }
    }
    await using both = await pair([new Wordy()], { connect: { limits: { messageLength: 1000 } } })
    const error = (await rejection(both.client.stub(Wordy).talk())) as RpcError
    expect(error.code).toBe('ABORTED')
    expect(error.message).toMatch(/^w{100}/)
  })

  it('is enforced for results, and the caller hears of it', async () => {
    await using both = await pair([new ShopService()], { connect: { limits: { messageLength: 1000 } } })
    const error = await rejection(both.client.stub(Shop).echo('x'.repeat(2000)))
    expect(error).toMatchObject({ code: 'RESOURCE_EXHAUSTED' })
    await expect(both.client.stub(Shop).buy('a', 1)).resolves.toEqual({ sku: 'a', n: 1 })
  })
})

describe('concurrentCalls', () => {
  it('holds further calls back at the caller, in order, and starts them as others end', async () => {
    const gate = new Gate()
    await using both = await pair([gate], { serve: { limits: { concurrentCalls: 3 } } })
    const all = Promise.all([0, 1, 2, 3, 4, 5, 6].map((n) => both.client.stub(Gate).through(n)))
    for (let round = 0; round < 7; round++) {
      await settle()
      gate.open.shift()?.()
    }
    expect(await all).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(gate.most).toBe(3)
  })

  it('lets a call go on that waits for one which could not be encoded', async () => {
    await using both = await pair([new ShopService()], { serve: { limits: { concurrentCalls: 1 } } })
    let inner: Promise<unknown> | undefined
    const value = {
      get refused() {
        inner ??= both.client.stub(Shop).buy('a', 1)
        return () => 1
      },
    }
    expect(await rejection(both.client.stub(Shop).echo(value))).toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(inner).resolves.toEqual({ sku: 'a', n: 1 })
  })

  it('is bounded by queuedCalls', async () => {
    const gate = new Gate()
    await using both = await pair([gate], {
      serve: { limits: { concurrentCalls: 1 } },
      connect: { limits: { queuedCalls: 1 } },
    })
    const first = rejection(both.client.stub(Gate).through(1))
    const second = rejection(both.client.stub(Gate).through(2))
    const third = await rejection(both.client.stub(Gate).through(3))
    expect(third).toMatchObject({ code: 'RESOURCE_EXHAUSTED', outcome: 'not-started' })
    await settle()
    both.client.abort()
    expect(await first).toMatchObject({ outcome: 'unknown' })
    expect(await second).toMatchObject({ outcome: 'not-started' })
  })
})

it('metadataLength bounds metadata where it is given', async () => {
  await using both = await pair([new ShopService()], { connect: { limits: { metadataLength: 100 } } })
  const stub = withOptions(both.client.stub(Shop), { metadata: { long: 'x'.repeat(200) } })
  await expect(stub.echo(1)).rejects.toThrow(/metadata/)
})

it('errorTextLength cuts what an error carries', async () => {
  @service('wordy.v1')
  class Wordy {
    @unary() async talk(): Promise<void> {
      throw new RpcError('ABORTED', 'w'.repeat(1_000_000))
    }
  }
  await using both = await pair([new Wordy()])
  const error = (await rejection(both.client.stub(Wordy).talk())) as RpcError
  expect(error.message.length).toBe(rpcLimits.errorTextLength)
})

it('streamWindow bounds what an idle consumer lets come', async () => {
  const shop = new ShopService()
  await using both = await pair([shop], { connect: { limits: { streamWindow: 1000 } } })
  const numbers = both.client.stub(Shop).count(1000)[Symbol.asyncIterator]()
  await numbers.next()
  await settle()
  // Each number costs its message and 64 octets besides.
  expect(shop.counted).toBeGreaterThan(1000 / 100)
  expect(shop.counted).toBeLessThan(2 * (1000 / 64))
})

it('streamArguments bounds the streams among the arguments of one call', async () => {
  @service('many.v1')
  class Many {
    @unary() async take(...streams: unknown[]): Promise<number> {
      return streams.length
    }
  }
  await using both = await pair([new Many()])
  const streams = Array.from({ length: rpcLimits.streamArguments }, () => from([1]))
  await expect(both.client.stub(Many).take(...streams)).resolves.toBe(rpcLimits.streamArguments)
  const error = await rejection(both.client.stub(Many).take(...streams, from([1])))
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', outcome: 'not-started' })
})

it('observableBuffer bounds what an Observable may emit ahead of its consumer', async () => {
  const values = new Subject<number>()
  @service('burst.v1')
  class Burst {
    @stream() burst(): AsyncIterable<number> {
      return values as unknown as AsyncIterable<number>
    }
  }
  await using both = await pair([new Burst()])
  for (const extra of [0, 2]) {
    const items = both.client.stub(Burst).burst()[Symbol.asyncIterator]()
    const first = items.next()
    await settle()
    // One is on its way to the consumer at once; the rest waits.
    for (let i = 0; i < rpcLimits.observableBuffer + extra; i++) values.next(i)
    await first
    const seen = (async () => {
      for (let i = 1; i < rpcLimits.observableBuffer; i++) await items.next()
    })()
    await seen
    const last = extra === 0 ? undefined : await rejection(drain(items))
    expect((last as RpcError | undefined)?.code).toBe(extra === 0 ? undefined : 'RESOURCE_EXHAUSTED')
    await items.return?.()
  }
})

it('batchLength octets leave at once instead of at the end of the tick', async () => {
  const sizes: number[] = []
  const { Outbox } = await import('../../src/peer/outbox.ts')
  const { msgpack } = await import('@parley/rpc')
  const send = (parts: readonly Uint8Array[]): boolean => {
    sizes.push(parts.reduce((sum, part) => sum + part.length, 0))
    return true
  }
  const outbox = new Outbox({ send, sendTyped: send }, msgpack())
  const half = new Uint8Array(rpcLimits.batchLength / 2)
  outbox.values([half], Infinity)
  expect(sizes).toEqual([])
  outbox.values([half], Infinity)
  expect(sizes).toHaveLength(1)
  outbox.values([1], Infinity)
  await settle(1)
  expect(sizes).toHaveLength(2)
})

it('closeTimeout bounds how long close waits for the peer', async () => {
  const clock = new VirtualClock()
  await using both = await pair([new ShopService()], { connect: { clock } })
  const [link] = both.transport.links
  link?.stall()
  let closed = false
  const closing = both.client.close().then(() => (closed = true))
  clock.advance(sessionLimits.closeTimeout - 1)
  await settle()
  expect(closed).toBe(false)
  clock.advance(1)
  await closing
  expect(await both.client.closed).toMatchObject({ by: 'us' })
  link?.cut()
})

it('admissionTimeout bounds how long an authenticator may think', async () => {
  const clock = new VirtualClock()
  const authenticate = (): Promise<never> => new Promise(() => undefined)
  const failed = rejection(pair([new ShopService()], { serve: { authenticate, clock } }))
  await settle()
  await clock.advanceAsync(sessionLimits.admissionTimeout)
  expect(await failed).toMatchObject({ code: 'DEADLINE_EXCEEDED', outcome: 'not-started' })
})

it.each([0, -1, 1.5, Number.NaN, 'many'])('a limit of %s is refused', async (messageLength) => {
  const limits = { messageLength: messageLength as number }
  await expect(pair([new ShopService()], { connect: { limits } })).rejects.toThrow(/limits\.messageLength/)
})

async function drain(items: AsyncIterator<unknown>): Promise<void> {
  while ((await items.next()).done !== true) continue
}
