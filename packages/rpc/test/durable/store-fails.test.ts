// What becomes of a call of each kind when the store fails, by what it fails to do; and when it has lost what
// it acknowledged. The cells of docs/guarantees.md that no other test shows.
import { systemClock, type CheckpointStore } from '@parley/core'
import { seeded, SimulatedDatabase, type StoreFault } from '@parley/core/testing'
import { describe, expect, it } from 'vitest'
import { rejection } from '../peer/pair.ts'
import { MarketService, Market } from '../dialogue/haggle.ts'
import { Bank } from './bank.ts'
import { kinds, rig, type Kind, type Rig } from './kinds.ts'
import { Nodes, until } from './nodes.ts'

const all = Object.keys(kinds) as Kind[]
/** The kinds that are recorded before they run. */
const recorded = all.filter((kind) => kind !== 'idempotent')
/** Those whose effects are not part of the record. */
const apart = recorded.filter((kind) => kind !== 'transactional')

/** The next write fails so; what is done after it is done as `then` says. */
function failOnce(both: Rig, fault: StoreFault, then: StoreFault = 'none'): void {
  let failed = false
  both.nodes.fault = (operation) => {
    if (failed) return then
    if (operation !== 'write') return 'none'
    failed = true
    return fault
  }
}

/** A call that has run, whose server is about to record its outcome. */
async function ran(both: Rig, kind: Kind): Promise<{ answer: Promise<string>; end: () => void }> {
  both.a.slow = true
  const answer = kinds[kind](both.client)
  answer.catch(() => undefined)
  await until(() => both.a.gates.length === 1)
  return { answer, end: () => both.a.gates.splice(0).forEach((go) => go()) }
}

describe('a store that refuses', () => {
  it.each(recorded)('before a call runs: not started, and it does not run (%s)', async (kind) => {
    await using both = await rig()
    both.nodes.fault = () => 'refused'
    const failed = await rejection(kinds[kind](both.client))
    expect(failed).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-started' })
    expect(both.world.effects).toEqual([])
  })

  it('does not matter to a query', async () => {
    await using both = await rig()
    both.nodes.fault = () => 'refused'
    await expect(kinds.idempotent(both.client)).resolves.toBe('balance by A')
  })

  it('does not matter to a stream', async () => {
    await using both = await rig()
    both.nodes.fault = () => 'refused'
    const prices = both.client.stub(Bank).prices()[Symbol.asyncIterator]()
    await expect(prices.next()).resolves.toEqual({ done: false, value: 0 })
    await prices.return?.()
  })

  it('does not matter to a dialogue', async () => {
    await using nodes = new Nodes()
    await nodes.start([new MarketService()])
    const client = await nodes.connect()
    nodes.fault = () => 'refused'
    await expect(client.stub(Market).haggle(10).next()).resolves.toEqual({ done: false, value: 10 })
  })

  it.each(apart)('after a call ran: unknown, and what it did stays (%s)', async (kind) => {
    await using both = await rig()
    const { answer, end } = await ran(both, kind)
    both.nodes.fault = () => 'refused'
    end()
    expect(await rejection(answer)).toMatchObject({ code: 'UNKNOWN_OUTCOME', outcome: 'unknown' })
    expect(both.world.effects).toHaveLength(1)
  })

  it('before a call runs again that another server has run: unknown, and what it did stays', async () => {
    await using both = await rig()
    const { answer } = await ran(both, 'keyed')
    let writes = 0
    // The session is taken over; that the call begins once more is not written.
    both.nodes.fault = (operation) => (operation === 'write' && ++writes > 1 ? 'refused' : 'none')
    both.takeOver()
    expect(await rejection(answer)).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
    expect(both.world.effects).toHaveLength(1)
  })

  it('to commit a transactional call: not started, and nothing is done', async () => {
    await using both = await rig()
    const { answer, end } = await ran(both, 'transactional')
    both.nodes.fault = () => 'refused'
    end()
    expect(await rejection(answer)).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-started' })
    expect(both.world.effects).toEqual([])
  })
})

describe('a store that does not say what became of a write', () => {
  const faults = ['lost', 'done-unseen'] as const

  it.each(recorded.flatMap((kind) => faults.map((fault) => [kind, fault] as const)))(
    'before a call runs: that is looked up, and it runs once (%s, %s)',
    async (kind, fault) => {
      await using both = await rig()
      failOnce(both, fault)
      expect(await kinds[kind](both.client)).toMatch(/ by A$/)
      expect(both.world.effects).toHaveLength(1)
    },
  )

  it.each(apart.flatMap((kind) => faults.map((fault) => [kind, fault] as const)))(
    'after a call ran: that is looked up, and the answer is the outcome (%s, %s)',
    async (kind, fault) => {
      await using both = await rig()
      const { answer, end } = await ran(both, kind)
      failOnce(both, fault)
      end()
      expect(await answer).toMatch(/ by A$/)
      expect(both.world.effects).toHaveLength(1)
    },
  )

  it('of a transactional call: unknown to the caller', async () => {
    await using both = await rig()
    const { answer, end } = await ran(both, 'transactional')
    failOnce(both, 'lost')
    end()
    expect(await rejection(answer)).toMatchObject({ code: 'UNKNOWN_OUTCOME', outcome: 'unknown' })
    expect(both.world.effects).toEqual([])
  })

  it.each(recorded)('before a call runs, nor later: not started, and it does not run (%s)', async (kind) => {
    await using both = await rig()
    failOnce(both, 'done-unseen', 'refused')
    const failed = await rejection(kinds[kind](both.client))
    expect(failed).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-started' })
    expect(both.world.effects).toEqual([])
  })

  it('before a call with a key runs, nor later: unknown when it is asked for again', async () => {
    await using both = await rig()
    const pay = () => kinds['once, with a key'](both.client)
    let writes = 0
    // The key is taken; that the call begins is written, and nobody hears of it.
    both.nodes.fault = (operation) => {
      if (operation === 'write') writes += 1
      if (writes < 2) return 'none'
      return writes === 2 && operation === 'write' ? 'done-unseen' : 'refused'
    }
    const failed = await rejection(pay())
    expect(failed).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-started' })
    both.nodes.fault = () => 'none'
    expect(await rejection(pay())).toMatchObject({ code: 'UNKNOWN_OUTCOME', outcome: 'unknown' })
    expect(both.world.effects).toEqual([])
  })

  it.each(apart)('after a call ran, nor later: unknown, and what it did stays (%s)', async (kind) => {
    await using both = await rig()
    const { answer, end } = await ran(both, kind)
    failOnce(both, 'done-unseen', 'refused')
    end()
    expect(await rejection(answer)).toMatchObject({ code: 'UNKNOWN_OUTCOME', outcome: 'unknown' })
    expect(both.world.effects).toHaveLength(1)
  })
})

describe('a store that has lost what it acknowledged', () => {
  const empty = (): CheckpointStore =>
    new SimulatedDatabase({ clock: systemClock, random: seeded(1), delay: 0 }).open()

  it.each(all)('and its server with it: the call runs a second time (%s)', async (kind) => {
    await using both = await rig([empty(), empty()])
    both.nodes.nodes[0]?.transport.links[0]?.stall('to-initiator')
    const answer = kinds[kind](both.client)
    await until(() => both.world.effects.length === 1)
    both.takeOver()
    expect(await answer).toMatch(/ by B$/)
    const [first = '', second = ''] = both.world.effects
    // The key is the same, so whoever goes by it can tell.
    expect(second.slice(2)).toBe(first.slice(2))
  })
})
