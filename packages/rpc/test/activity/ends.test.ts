// How activities end that are not let run: discarded, out of time, with their session, or moved.
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '@parley/core/testing'
import {
  activity,
  call,
  connect,
  rpcLimits,
  service,
  sessionLimits,
  withOptions,
  type Activity,
  type RpcError,
  type Stream,
} from '@parley/rpc'
import { Nodes, until } from '../durable/nodes.ts'
import { pair, pass, rejection, settle } from '../peer/pair.ts'
import { Loader, LoaderService, newMarks, untilTold } from './loader.ts'

describe('a discarded activity', () => {
  it('stops its method, and nothing of it is kept', async () => {
    const marks = newMarks()
    await using both = await pair([new LoaderService(marks)])
    const work = both.client.stub(Loader).count(1e9, 5)
    for await (const item of work) if (item === 12) break
    await until(() => marks.stopped.length === 1)
    expect(marks.stopped[0]).toMatchObject({ code: 'CANCELLED' })
    expect(await rejection(work.result)).toMatchObject({ code: 'CANCELLED' })
    await settle()
    const again = withOptions(both.client.stub(Loader), { activity: { id: work.id } }).count(1e9, 5)
    expect(await rejection(again.run())).toMatchObject({ code: 'RESUME_LOST' })
    expect(both.client.activeCalls).toBe(0)
    expect(both.session.activeCalls).toBe(0)
  })

  it('is discarded after it has gone on over another connection, too', async () => {
    const marks = newMarks()
    await using both = await pair([new LoaderService(marks)])
    const work = both.client.stub(Loader).count(1e9, 5)
    for await (const item of work) {
      if (item === 7) both.transport.links.at(-1)?.cut()
      if (item === 12) break
    }
    await until(() => marks.stopped.length === 1)
    expect(marks.stopped[0]).toMatchObject({ code: 'CANCELLED' })
  })

  it('is discarded though it has no connection at that moment', async () => {
    const marks = newMarks()
    await using both = await pair([new LoaderService(marks)])
    const work = both.client.stub(Loader).count(1e9, 5)
    for await (const item of work) {
      if (item !== 12) continue
      both.transport.links.at(-1)?.cut()
      break
    }
    await until(() => marks.stopped.length === 1)
    expect(marks.stopped[0]).toMatchObject({ code: 'CANCELLED' })
    await until(() => both.client.activeCalls === 0)
  })

  it('is discarded by its signal', async () => {
    const marks = newMarks()
    await using both = await pair([new LoaderService(marks)])
    const controller = new AbortController()
    const stub = withOptions(both.client.stub(Loader), { signal: controller.signal })
    const work = stub.count(1e9, 5)
    expect(await rejection(work.run((item) => item === 9 && controller.abort()))).toMatchObject({
      code: 'CANCELLED',
    })
    await until(() => marks.stopped.length === 1)
  })
})

describe('an activity that is put down', () => {
  it.each(['twice', 'while its connection is lost'])('ends %s', async (when) => {
    await using both = await pair([new LoaderService(newMarks())])
    const work = both.client.stub(Loader).count(20, 5)
    const places: unknown[] = []
    const putDown = async (): Promise<void> => {
      const first = work.interrupt()
      if (when === 'twice') places.push(await work.interrupt())
      else both.transport.links.at(-1)?.cut()
      places.push(await first)
    }
    const error = await rejection(work.run((item) => (item === 7 ? putDown() : undefined)))
    expect(error).toMatchObject({ code: 'ABORTED' })
    const place = { id: work.id, position: 7 }
    expect(places).toEqual(when === 'twice' ? [place, place] : [place])
    const again = withOptions(both.client.stub(Loader), { activity: { ...place, resume: true } })
    expect(await again.count(20, 5).run()).toBe('counted to 20')
  })
})

describe('an activity out of time', () => {
  it('is put down, and can be gone on with', async () => {
    const clock = new VirtualClock()
    const marks = newMarks()
    const service = new LoaderService(marks)
    service.gate = (n) => (n === 8 ? untilTold() : undefined)
    await using both = await pair([service], { serve: { clock }, connect: { clock } })
    const work = withOptions(both.client.stub(Loader), { timeout: 500 }).count(20, 5)
    const failed = rejection(work.run())
    await pass(clock, 600)
    const error = await failed
    expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', details: { id: work.id, position: 7 } })
    service.gate = () => undefined
    await pass(clock, 100)
    const activity = { id: work.id, position: 7, resume: true }
    const again = withOptions(both.client.stub(Loader), { activity }).count(20, 5)
    const done = again.run()
    await pass(clock, 100)
    expect(await done).toBe('counted to 20')
    expect(marks.from).toEqual([undefined, 5])
  })
})

@service('options.v1')
class Options {
  gate: Promise<void> = Promise.resolve()
  seen: unknown

  @activity() async *look(): Activity<number> {
    yield 1
    await this.gate
    this.seen = { timeLeft: call().timeLeft, trace: call().metadata.get('trace') }
  }
}

describe('an activity and its session', () => {
  it('has the options of whoever is connected, and none of those before', async () => {
    const options = new Options()
    let open = (): void => undefined
    options.gate = new Promise((resolve) => (open = resolve))
    await using both = await pair([options])
    const given = { timeout: 60_000, metadata: { trace: 'abc' } }
    const first = withOptions(both.client.stub(Options), given).look()
    const failed = rejection(first.run())
    await settle()
    both.client.abort()
    await failed
    const { connect } = await import('@parley/rpc')
    await using other = await connect(both.transport)
    const place = { id: first.id, position: 1, resume: true }
    const done = withOptions(other.stub(Options), { activity: place }).look().run()
    await settle()
    open()
    await done
    expect(options.seen).toEqual({ timeLeft: undefined, trace: undefined })
  })

  it('ends here with the session, and can be gone on with from another one', async () => {
    const marks = newMarks()
    await using both = await pair([new LoaderService(marks)])
    const work = both.client.stub(Loader).count(20, 5)
    const error = await rejection(
      work.run((item) => {
        if (item === 12) both.client.abort()
      }),
    )
    expect(error).toMatchObject({ code: 'UNAVAILABLE', details: { id: work.id } })
    await using other = await connect(both.transport)
    const activity = { id: work.id, position: work.position, resume: true }
    expect(await withOptions(other.stub(Loader), { activity }).count(20, 5).run()).toBe('counted to 20')
    expect(marks.from, 'it was found where it ran').toEqual([undefined])
  })

  it('stops when nobody comes back, with its last checkpoint kept', async () => {
    const clock = new VirtualClock()
    const marks = newMarks()
    const service = new LoaderService(marks)
    service.gate = (n) => (n === 13 ? untilTold() : undefined)
    await using both = await pair([service], { serve: { clock }, connect: { clock } })
    const work = both.client.stub(Loader).count(20, 5)
    const failed = rejection(work.run())
    await pass(clock, 50)
    both.client.abort()
    await failed
    await pass(clock, sessionLimits.timeToLive - 100)
    expect(marks.stopped).toEqual([])
    await pass(clock, 200)
    expect(marks.stopped).toMatchObject([{ code: 'UNAVAILABLE' }])
    service.gate = () => undefined
    await using other = await connect(both.transport, { clock })
    const activity = { id: work.id, position: 12, resume: true }
    const done = withOptions(other.stub(Loader), { activity }).count(20, 5).run()
    await pass(clock, 50)
    expect(await done).toBe('counted to 20')
    expect(marks.from).toEqual([undefined, 10])
  })

  it('moves with its session when the server is drained, from a checkpoint on', async () => {
    const marks = newMarks()
    await using nodes = new Nodes()
    const a = await nodes.start([new LoaderService(marks, 'A')])
    const b = await nodes.start([new LoaderService(marks, 'B')])
    const client = await nodes.connect()
    const work = client.stub(Loader).count(200, 10)
    let report: Promise<unknown> = Promise.resolve()
    const items: number[] = []
    const result = await work.run((item) => {
      items.push(item)
      if (item !== 42) return
      nodes.switchTo(b, false)
      report = a.server.drain({ handover: true })
    })
    expect(result).toBe('counted to 200')
    expect(items).toEqual(Array.from({ length: 200 }, (_, i) => i + 1))
    expect(marks.from[1], 'nothing was done twice').toBe(
      marks.done.filter((mark) => mark.startsWith('A')).length,
    )
    expect(await report).toMatchObject({ sessions: { found: 1, released: 1, aborted: 0 } })
    expect(client.phase).toBe('open')
  })
})

@service('odd.v1')
class Odd {
  @activity() async *state(what: string): Activity<number, string> {
    const checkpoint = call().checkpoint<unknown>()
    yield 1
    if (what === 'function') await checkpoint.commit(() => undefined)
    if (what === 'long') await checkpoint.commit('x'.repeat(5 * 1024 * 1024))
    if (what === 'transaction') await checkpoint.commit(1, () => undefined)
    if (what === 'unawaited') void checkpoint.commit(1)
    if (what === 'twice') await Promise.all([checkpoint.commit(1), checkpoint.commit(2)])
    return 'done'
  }

  /** Takes what it is given, and makes no checkpoint. */
  @activity() async *swallow(chunks: Stream<Uint8Array>): Activity<number> {
    let n = 0
    for await (const chunk of chunks) yield (n += chunk.length > 0 ? 1 : 0)
  }

  @activity() async *result(): Activity<number, string> {
    yield 1
    return 'x'.repeat(5 * 1024 * 1024)
  }

  @activity({ replay: 'discard' }) async *flood(): Activity<Uint8Array, string> {
    for (let n = 0; n < 100; n++) yield new Uint8Array(1024 * 1024)
    return 'done'
  }
}

describe('an activity that asks for too much', () => {
  it.each([
    ['function', 'INVALID_ARGUMENT'],
    ['long', 'RESOURCE_EXHAUSTED'],
    ['transaction', 'FAILED_PRECONDITION'],
    ['twice', 'FAILED_PRECONDITION'],
  ])('is told so: %s', async (what, code) => {
    await using both = await pair([new Odd()])
    expect(await rejection(both.client.stub(Odd).state(what).run())).toMatchObject({ code })
  })

  it('ends though it did not wait for its last checkpoint', async () => {
    await using nodes = new Nodes()
    await nodes.start([new Odd()])
    const client = await nodes.connect()
    expect(await client.stub(Odd).state('unawaited').run()).toBe('done')
  })

  it('gets no further than limits.checkpointOctets and limits.heldItemOctets', async () => {
    await using both = await pair([new Odd()])
    const stub = both.client.stub(Odd)
    expect(await rejection(stub.result().run())).toMatchObject({ code: 'RESOURCE_EXHAUSTED' })
    expect(await rejection(stub.flood().run())).toMatchObject({ code: 'RESOURCE_EXHAUSTED' })
  })

  it('forgets input that it cannot have again, beyond limits.keptInputOctets', async () => {
    const chunk = new Uint8Array(256 * 1024)
    const most = rpcLimits.keptInputOctets / chunk.length
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let n = 0; n < 2 * most; n++) yield chunk
    }
    await using nodes = new Nodes()
    await nodes.start([new Odd()])
    const b = await nodes.start([new Odd()])
    const client = await nodes.connect()
    const error = await rejection(
      client
        .stub(Odd)
        .swallow(chunks())
        .run((n) => n === 2 * most - 3 && nodes.switchTo(b)),
    )
    expect(error).toMatchObject({ code: 'RESUME_LOST' })
    const [, oldest] = /what is kept begins at (\d+)/.exec((error as RpcError).message) ?? []
    expect(Number(oldest)).toBeGreaterThan(most - 10)
  })

  it('has no checkpoint in another kind of method', async () => {
    await using both = await pair([new LoaderService(newMarks())])
    expect(() => call().checkpoint()).toThrow('outside of a handler')
    expect(both.client.activeCalls).toBe(0)
  })
})
