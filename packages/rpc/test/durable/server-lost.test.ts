// What becomes of a call of each kind when its server is lost, by the instant at which that happens; and of
// streams and dialogues. The cells of docs/guarantees.md that no other test shows.
import { memoryStore } from '@parley/core'
import { dialogue, rpcLimits, service, unary, withOptions, type Dialogue, type Stream } from '@parley/rpc'
import { describe, expect, it } from 'vitest'
import { rejection, settle } from '../peer/pair.ts'
import { Bank, World } from './bank.ts'
import { kinds, rig, transactional, Vault, type Kind } from './kinds.ts'
import { Nodes, until } from './nodes.ts'

const all = Object.keys(kinds) as Kind[]
/** The kinds that are recorded before they run. */
const recorded = all.filter((kind) => kind !== 'idempotent')
const never = (): Promise<never> => new Promise<never>(() => undefined)

describe('a server with a durable store is lost', () => {
  it.each(all)('before the call reached it: it runs once, at the next one (%s)', async (kind) => {
    await using both = await rig()
    both.nodes.nodes[0]?.transport.links[0]?.stall('to-acceptor')
    const answer = kinds[kind](both.client)
    await settle()
    both.takeOver()
    expect(await answer).toMatch(/ by B$/)
    expect(both.world.effects).toEqual([expect.stringMatching(/^B /)])
  })

  it.each(recorded)('before the call was recorded: it runs once, at the next one (%s)', async (kind) => {
    await using both = await rig()
    let asked = false
    both.store.write = () => {
      asked = true
      return never()
    }
    const answer = kinds[kind](both.client)
    await until(() => asked)
    both.takeOver()
    expect(await answer).toMatch(/ by B$/)
    expect(both.world.effects).toEqual([expect.stringMatching(/^B /)])
  })

  it('while a call with a key is at work: unknown, and so for whoever asks with the key', async () => {
    await using both = await rig()
    both.a.slow = true
    const paid = rejection(kinds['once, with a key'](both.client))
    await until(() => both.a.gates.length === 1)
    both.takeOver()
    expect(await paid).toMatchObject({ code: 'UNKNOWN_OUTCOME', outcome: 'unknown' })
    // The old one would record an outcome now.
    const written = both.oneWrite()
    for (const go of both.a.gates.splice(0)) go()
    await written
    const again = await rejection(kinds['once, with a key'](both.client))
    expect(again).toMatchObject({ code: 'UNKNOWN_OUTCOME', outcome: 'unknown' })
    expect(both.world.effects).toEqual(['A pay 1'])
  })

  it('while a transactional call is at work: it runs again, and what it had done is undone', async () => {
    await using both = await rig()
    both.a.slow = true
    const moved = kinds.transactional(both.client)
    await until(() => both.a.gates.length === 1)
    both.takeOver()
    await expect(moved).resolves.toBe('move 1 by B')
    const written = both.oneWrite()
    for (const go of both.a.gates.splice(0)) go()
    await written
    expect(both.world.effects).toEqual(['B move 1'])
  })

  it.each(recorded)('once the outcome was recorded: that is the answer (%s)', async (kind) => {
    await using both = await rig()
    both.a.slow = true
    const answer = kinds[kind](both.client)
    await until(() => both.a.gates.length === 1)
    both.nodes.nodes[0]?.transport.links[0]?.stall('to-initiator')
    const written = both.oneWrite()
    for (const go of both.a.gates.splice(0)) go()
    await written
    both.takeOver()
    expect(await answer).toMatch(/ by A$/)
    expect(both.world.effects).toEqual([expect.stringMatching(/^A /)])
  })

  it('once a query had ended: it runs again', async () => {
    await using both = await rig()
    both.nodes.nodes[0]?.transport.links[0]?.stall('to-initiator')
    const balance = kinds.idempotent(both.client)
    await until(() => both.world.effects.length === 1)
    await settle()
    both.takeOver()
    await expect(balance).resolves.toBe('balance by B')
    expect(both.world.effects).toEqual(['A balance', 'B balance'])
  })

  it.each<[Kind, number]>([
    ['transactional', rpcLimits.attempts],
    // The first time a query runs is not recorded.
    ['idempotent', rpcLimits.attempts + 1],
  ])('each time a call runs: it is POISONED in the end (%s)', async (kind, runs) => {
    await using nodes = new Nodes()
    const world = new World()
    let ran = 0
    const start = async (): Promise<Bank> => {
      const bank = new Bank(world, 'X')
      bank.slow = true
      const store = transactional(nodes.database.open(), world)
      nodes.switchTo(await nodes.start([bank, new Vault(bank)], { store }))
      return bank
    }
    const first = await start()
    const failed = rejection(kinds[kind](await nodes.connect()))
    for (let bank = first; ran < runs; bank = await start()) {
      await until(() => bank.gates.length === 1)
      ran += 1
    }
    expect(await failed).toMatchObject({ code: 'POISONED', outcome: 'unknown' })
    // What was done in transactions was undone each time.
    expect(world.effects).toHaveLength(kind === 'transactional' ? 0 : runs)
  })

  it('while a call takes a stream: it is unknown', async () => {
    @service('sum.v1')
    class Sum {
      @unary({ idempotent: true }) async sum(numbers: Stream<number>): Promise<number> {
        let sum = 0
        for await (const n of numbers) sum += n
        return sum
      }
    }
    await using nodes = new Nodes()
    await nodes.start([new Sum()])
    const second = await nodes.start([new Sum()])
    const numbers = async function* (): AsyncGenerator<number> {
      yield 1
      await never()
    }
    const sum = rejection((await nodes.connect()).stub(Sum).sum(numbers()))
    await settle()
    nodes.switchTo(second)
    expect(await sum).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
  })
})

@service('talk.v1')
class Talk {
  @dialogue() talk(): Dialogue<string, string> {
    return this.talking()
  }
  async *talking(): AsyncGenerator<string, void, string> {
    for (let heard = 'hello'; ;) heard = yield heard
  }
}

it('a dialogue ends with its server, and another can be begun with the next one', async () => {
  await using nodes = new Nodes()
  await nodes.start([new Talk()])
  const second = await nodes.start([new Talk()])
  const client = await nodes.connect()
  const talk = client.stub(Talk).talk()
  await talk.next()
  nodes.switchTo(second)
  expect(await rejection(talk.next('are you there?'))).toMatchObject({ code: 'UNAVAILABLE' })
  await until(() => second.server.sessions.size === 1)
  await expect(client.stub(Talk).talk().next()).resolves.toEqual({ done: false, value: 'hello' })
})

describe('a server without a durable store is lost', () => {
  it.each(['once', 'keyed'] as const)('before the call reached it: unknown (%s)', async (kind) => {
    await using both = await rig([memoryStore(), memoryStore()])
    both.nodes.nodes[0]?.transport.links[0]?.stall('to-acceptor')
    const failed = rejection(kinds[kind](both.client))
    await settle()
    both.takeOver()
    expect(await failed).toMatchObject({ code: 'UNKNOWN_OUTCOME', outcome: 'unknown' })
    expect(both.world.effects).toEqual([])
  })

  it.each(['once', 'keyed'] as const)(
    'while the call is at work: unknown, not run again (%s)',
    async (kind) => {
      await using both = await rig([memoryStore(), memoryStore()])
      both.a.slow = true
      const failed = rejection(kinds[kind](both.client))
      await until(() => both.a.gates.length === 1)
      both.takeOver()
      expect(await failed).toMatchObject({ code: 'UNKNOWN_OUTCOME', outcome: 'unknown' })
      expect(both.world.effects).toHaveLength(1)
    },
  )

  it('at any time: a query runs again', async () => {
    await using both = await rig([memoryStore(), memoryStore()])
    both.nodes.nodes[0]?.transport.links[0]?.stall('to-initiator')
    const balance = kinds.idempotent(both.client)
    await until(() => both.world.effects.length === 1)
    both.takeOver()
    await expect(balance).resolves.toBe('balance by B')
  })

  it('at any time: a keyed call with a key of its caller runs again, with that key', async () => {
    await using both = await rig([memoryStore(), memoryStore()])
    both.a.slow = true
    const order = withOptions(both.client.stub(Bank), { key: 'o-1' }).order(1)
    await until(() => both.a.gates.length === 1)
    both.takeOver()
    await expect(order).resolves.toBe('order 1 o-1 by B')
    expect(both.world.effects).toEqual(['A order 1 o-1', 'B order 1 o-1'])
  })

  it('at any time: a call with a key is unknown, for the key was forgotten with the server', async () => {
    await using both = await rig([memoryStore(), memoryStore()])
    both.a.slow = true
    const paid = kinds['once, with a key'](both.client)
    await until(() => both.a.gates.length === 1)
    both.takeOver()
    expect(await rejection(paid)).toMatchObject({ code: 'UNKNOWN_OUTCOME', outcome: 'unknown' })
    expect(both.world.effects).toEqual(['A pay 1'])
  })
})
