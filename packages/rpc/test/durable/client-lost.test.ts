// What becomes of a call of each kind when its connection or its client process is lost, and of streams and
// dialogues when a connection is only silent. The cells of docs/guarantees.md that no other test shows.
import { memoryStore, type Transport } from '@parley/core'
import { VirtualClock } from '@parley/core/testing'
import { call, connect, service, sessionLimits, stream, withOptions } from '@parley/rpc'
import { describe, expect, it } from 'vitest'
import { Market, MarketService } from '../dialogue/haggle.ts'
import { pair, pass, rejection, settle } from '../peer/pair.ts'
import { kinds, rig, type Kind, type Rig } from './kinds.ts'
import { until } from './nodes.ts'

const all = Object.keys(kinds) as Kind[]
const withoutKey = all.filter((kind) => kind !== 'once, with a key')

/** Makes a call as a process that is lost while the call is at work, and lets the call end. */
async function lostWhileAtWork(both: Rig, kind: Kind): Promise<void> {
  const { transport } = both.nodes.nodes[0] ?? both.nodes
  let lost = false
  const dying: Transport = {
    connect: (signal) => (lost ? new Promise<never>(() => undefined) : transport.connect(signal)),
    listen: (...given) => transport.listen(...given),
  }
  const client = await connect(dying)
  both.a.slow = true
  kinds[kind](client).catch(() => undefined)
  await until(() => both.a.gates.length === 1)
  lost = true
  both.nodes.nodes[0]?.transport.links.at(-1)?.cut()
  await settle()
  both.a.slow = false
  const written = kind === 'idempotent' ? undefined : both.oneWrite()
  for (const go of both.a.gates.splice(0)) go()
  await written
  client.abort()
}

describe('a connection that is lost', () => {
  it.each(all)('before the call arrived: it runs once (%s)', async (kind) => {
    await using both = await rig()
    const { links } = both.nodes.nodes[0]?.transport ?? { links: [] }
    links[0]?.stall('to-acceptor')
    const answer = kinds[kind](both.client)
    await settle()
    links[0]?.cut()
    expect(await answer).toMatch(/ by A$/)
    expect(both.world.effects).toHaveLength(1)
  })

  it.each(all)('before the answer arrived: it comes all the same, and once (%s)', async (kind) => {
    await using both = await rig()
    const link = both.nodes.nodes[0]?.transport.links[0]
    link?.stall('to-initiator')
    const answer = kinds[kind](both.client)
    await until(() => both.world.effects.length === 1)
    await settle()
    link?.cut()
    expect(await answer).toMatch(/ by A$/)
    expect(both.world.effects).toHaveLength(1)
  })
})

describe('a client process that is lost', () => {
  it('and comes back with the key of its call: the outcome is the answer', async () => {
    await using both = await rig()
    await lostWhileAtWork(both, 'once, with a key')
    both.takeOver()
    await expect(kinds['once, with a key'](both.client)).resolves.toBe('pay 1 by A')
    expect(both.world.effects).toEqual(['A pay 1'])
  })

  it('and comes back with the key to a server without a durable store: the same', async () => {
    await using both = await rig([memoryStore(), memoryStore()])
    await lostWhileAtWork(both, 'once, with a key')
    await expect(kinds['once, with a key'](both.client)).resolves.toBe('pay 1 by A')
    expect(both.world.effects).toEqual(['A pay 1'])
  })

  it.each(withoutKey)('and calls again without a key: that is another call (%s)', async (kind) => {
    await using both = await rig()
    await lostWhileAtWork(both, kind)
    expect(both.world.effects).toHaveLength(1)
    expect(await kinds[kind](both.client)).toMatch(/ by A$/)
    expect(both.world.effects).toHaveLength(2)
  })

  it('leaves a stream behind, which ends with the session after limits.timeToLive', async () => {
    const clock = new VirtualClock()
    let ended = false
    @service('tick.v1')
    class Tick {
      @stream() async *ticks(): AsyncGenerator<number> {
        try {
          yield 1
          await new Promise<void>((resolve) => call().signal.addEventListener('abort', () => resolve()))
        } finally {
          ended = true
        }
      }
    }
    const limits = { timeToLive: 10_000 }
    await using both = await pair([new Tick()], { serve: { clock, limits }, connect: { clock, limits } })
    await both.client.stub(Tick).ticks()[Symbol.asyncIterator]().next()
    both.transport.onConnect = 'hang'
    both.transport.links[0]?.cut()
    await pass(clock, 9000)
    expect(ended).toBe(false)
    await pass(clock, 2000)
    expect(ended).toBe(true)
    expect(both.server.sessions.size).toBe(0)
    // It has no time left on this clock to try again.
    both.client.abort()
  })
})

describe('a connection that is silent', () => {
  const silent = async (): Promise<{ clock: VirtualClock; both: Awaited<ReturnType<typeof pair>> }> => {
    const clock = new VirtualClock()
    const services = [new MarketService()]
    return { clock, both: await pair(services, { serve: { clock }, connect: { clock } }) }
  }

  it('is no end to a stream, which goes on over another one', async () => {
    const clock = new VirtualClock()
    @service('count.v1')
    class Count {
      @stream() async *count(): AsyncGenerator<number> {
        for (let n = 0; n < 5; n++) yield n
      }
    }
    await using both = await pair([new Count()], { serve: { clock }, connect: { clock } })
    const items = both.client.stub(Count).count()[Symbol.asyncIterator]()
    both.transport.links[0]?.stall('to-initiator')
    const first = items.next()
    await pass(clock, sessionLimits.silenceTimeout + 500)
    await expect(first).resolves.toEqual({ done: false, value: 0 })
    for (let n = 1; n < 5; n++) await expect(items.next()).resolves.toEqual({ done: false, value: n })
  })

  it('leaves a dialogue waiting, until its deadline', async () => {
    const { clock, both } = await silent()
    await using _both = both
    const talk = withOptions(both.client.stub(Market), { timeout: 60_000 }).haggle(10)
    await talk.next()
    both.transport.links.at(-1)?.stall('to-initiator')
    let over = false
    const failed = rejection(talk.next(5)).finally(() => (over = true))
    await pass(clock, 50_000)
    expect(over).toBe(false)
    await pass(clock, 11_000)
    expect(await failed).toMatchObject({ code: 'DEADLINE_EXCEEDED', outcome: 'unknown' })
  })
})

it('a dialogue goes on though the connection of its session is lost', async () => {
  await using both = await pair([new MarketService()])
  const talk = both.client.stub(Market).haggle(20)
  await talk.next()
  both.transport.links[0]?.cut()
  await expect(talk.next(5)).resolves.toEqual({ done: false, value: 10 })
  await until(() => both.client.phase === 'open')
})

it('a stream ends with its session', async () => {
  @service('on.v1')
  class On {
    @stream() async *on(): AsyncGenerator<number> {
      for (;;) {
        await settle(1)
        yield 1
      }
    }
  }
  await using both = await pair([new On()])
  const items = both.client.stub(On).on()[Symbol.asyncIterator]()
  await items.next()
  both.session.abort()
  const drained = (async () => {
    for (;;) await items.next()
  })()
  expect(await rejection(drained)).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
})
