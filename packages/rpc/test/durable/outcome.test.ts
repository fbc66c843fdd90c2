// What became of a call, asked for by its key: from any session of the same principal, without making it.
import { memoryStore, type CheckpointStore } from '@parley/core'
import { memory } from '@parley/core/testing'
import {
  connect,
  rpcLimits,
  RpcError,
  serve,
  service,
  unary,
  withOptions,
  type CallOutcome,
  type Client,
} from '@parley/rpc'
import { describe, expect, expectTypeOf, it, vi } from 'vitest'
import { rejection, settle } from '../peer/pair.ts'
import { Bank, two, World } from './bank.ts'
import { rig } from './kinds.ts'
import { Nodes, until } from './nodes.ts'

const pay = (client: Client, n = 1): Promise<string> => withOptions(client.stub(Bank), { key: 'k' }).pay(n)
const asked = (client: Client, key = 'k'): Promise<CallOutcome<string>> => client.outcome(Bank, 'pay', key)
const keyOf = (error: unknown): string => (error as RpcError<{ key: string }>).details?.key ?? 'none'

/** A store whose file no other process has, as LMDB's is. */
function alone(store: CheckpointStore): CheckpointStore {
  return Object.assign(store, { capabilities: { ...store.capabilities, shared: false } })
}

describe('the outcome of a call with a key', () => {
  it('is its result, to whoever asks, from another session and another server', async () => {
    const { nodes, world, takeOver } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    await pay(client)
    const done = { state: 'done', result: 'pay 1 by A' }
    expect(await asked(client)).toEqual(done)
    takeOver()
    const other = await nodes.connect()
    expect(await asked(other)).toEqual(done)
    expect(world.effects).toEqual(['A pay 1'])
    expectTypeOf(await client.outcome(Bank, 'pay', 'k')).toEqualTypeOf<CallOutcome<string>>()
    // @ts-expect-error: a stream has no outcome.
    await rejection(client.outcome(Bank, 'prices', 'k'))
    await client.close()
  })

  it('is its error, as its caller was told', async () => {
    const { nodes } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    const error = await rejection(withOptions(client.stub(Bank), { key: 'k' }).refuse())
    const outcome = await client.outcome(Bank, 'refuse', 'k')
    expect(outcome).toEqual({ state: 'failed', error })
    expect(outcome).toMatchObject({ error: { code: 'FAILED_PRECONDITION', details: { by: 'A' } } })
  })

  it('is not there before the call, nor for another method or key; asking makes no call', async () => {
    const { nodes, world } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    expect(await asked(client)).toEqual({ state: 'not-found' })
    await pay(client)
    expect(await asked(client, 'other')).toEqual({ state: 'not-found' })
    expect(await client.outcome(Bank, 'order', 'k')).toEqual({ state: 'not-found' })
    expect(await asked(client, `${'0'.repeat(64)}/1`)).toEqual({ state: 'not-found' })
    expect(world.effects).toEqual(['A pay 1'])
  })

  it('is open while it runs, here or at another server', async () => {
    const { nodes, a, takeOver } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    a.slow = true
    const paid = pay(client)
    await until(() => a.gates.length === 1)
    expect(await asked(client)).toEqual({ state: 'running' })
    takeOver(false)
    const other = await nodes.connect()
    expect(await asked(other)).toEqual({ state: 'running' })
    // Nobody was fenced by the question.
    a.gates.splice(0).forEach((go) => go())
    await expect(paid).resolves.toBe('pay 1 by A')
    expect(await asked(other)).toEqual({ state: 'done', result: 'pay 1 by A' })
    await client.close()
  })

  it('is unknown once its server is gone; on a shared store, once the call was made again', async () => {
    for (const shared of [true, false]) {
      const nodes = new Nodes()
      await using _nodes = nodes
      const [a, b] = [new Bank(new World(), 'A'), new Bank(new World(), 'B')]
      a.slow = true
      await nodes.start([a])
      const store = nodes.database.open()
      const second = await nodes.start([b], { store: shared ? store : alone(store) })
      const client = await nodes.connect()
      const failed = rejection(pay(client))
      await until(() => a.gates.length === 1)
      // The first one is gone, and its client with it: nobody has asked the second one yet.
      nodes.switchTo(second, false)
      const other = await nodes.connect()
      expect(await asked(other)).toEqual({ state: shared ? 'running' : 'unknown' })
      const decided = await rejection(pay(other))
      expect(decided).toMatchObject({ code: 'UNKNOWN_OUTCOME', details: { key: 'k' } })
      expect(await asked(other)).toEqual({ state: 'unknown' })
      expect(await rejection(pay(other))).toMatchObject({ code: 'UNKNOWN_OUTCOME' })
      a.gates.splice(0).forEach((go) => go())
      expect(await failed).toMatchObject({ code: 'UNKNOWN_OUTCOME', details: { key: 'k' } })
      expect(await asked(other)).toEqual({ state: 'unknown' })
      await client.close()
    }
  })

  it('expires', async () => {
    const resultRetention = 300_000
    const nodes = new Nodes()
    await using _nodes = nodes
    await nodes.start([new Bank(new World(), 'A')], { limits: { resultRetention } })
    const client = await nodes.connect()
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      await pay(client)
      vi.setSystemTime(Date.now() + resultRetention + 1)
      expect(await asked(client)).toEqual({ state: 'expired' })
      vi.setSystemTime(Date.now() + resultRetention)
      expect(await asked(client)).toEqual({ state: 'not-found' })
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('the outcome of a call without a key', () => {
  it('is had by the key that UNKNOWN_OUTCOME carries', async () => {
    await using both = await rig()
    both.a.slow = true
    const [paid, sworn] = [rejection(both.client.stub(Bank).pay(1)), both.client.stub(Bank).order(2)]
    await until(() => both.a.gates.length === 2)
    both.takeOver()
    const error = await paid
    expect(error).toMatchObject({ code: 'UNKNOWN_OUTCOME', outcome: 'unknown' })
    const key = keyOf(error)
    expect(key).toMatch(/^[0-9a-f]{64}\/1$/)
    const answer = await sworn
    const other = await both.nodes.connect()
    expect(await asked(other, key)).toEqual({ state: 'unknown' })
    // The call beside it, of which nobody was told the key but its handler.
    const [, ownKey = ''] = /order 2 (\S+)/.exec(answer) ?? []
    expect(await other.outcome(Bank, 'order', ownKey)).toEqual({ state: 'done', result: answer })
    await other.close()
    expect(await asked(both.client, key)).toEqual({ state: 'unknown' })
  })

  it('stays unknown though its session has forgotten it, also to a call with that key', async () => {
    await using both = await rig()
    both.a.slow = true
    const failed = rejection(both.client.stub(Bank).pay(1))
    await until(() => both.a.gates.length === 1)
    both.takeOver()
    const key = keyOf(await failed)
    for (let n = 0; n <= 2 * rpcLimits.settledCalls; n++) await both.client.stub(Bank).pay(n)
    const again = withOptions(both.client.stub(Bank), { key })
    expect(await rejection(again.pay(1))).toMatchObject({ code: 'UNKNOWN_OUTCOME', details: { key } })
    expect(await rejection(again.pay(2))).toMatchObject({ code: 'KEY_CONFLICT' })
    expect(await both.client.release()).toEqual({ released: true })
    const other = await both.nodes.connect()
    expect(await asked(other, key)).toEqual({ state: 'unknown' })
    expect(both.world.effects.filter((effect) => effect === 'B pay 1')).toHaveLength(1)
    await other.close()
  })

  it('is carried by the error of a store that failed once the call had run, too', async () => {
    await using both = await rig()
    both.a.slow = true
    const failed = rejection(both.client.stub(Bank).pay(1))
    await until(() => both.a.gates.length === 1)
    expect(await both.client.outcome(Bank, 'pay', 'k')).toEqual({ state: 'not-found' })
    both.nodes.fault = () => 'refused'
    both.a.gates.splice(0).forEach((go) => go())
    expect(keyOf(await failed)).toMatch(/^[0-9a-f]{64}\/1$/)
  })

  it('is open while it runs, and gone with its session', async () => {
    const { nodes, world, a } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    a.slow = true
    const order = client.stub(Bank).order(1)
    await until(() => a.gates.length === 1)
    const key = world.effects[0]?.split(' ')[3] ?? ''
    const other = await nodes.connect()
    expect(await other.outcome(Bank, 'order', key)).toEqual({ state: 'running' })
    a.gates.splice(0).forEach((go) => go())
    await order
    expect(await client.release()).toEqual({ released: true })
    await settle()
    expect(await other.outcome(Bank, 'order', key)).toEqual({ state: 'expired' })
  })
})

describe('an outcome is asked for', () => {
  it('by the principal of the call, and not found by any other', async () => {
    const nodes = new Nodes()
    await using _nodes = nodes
    const [a, b] = [new Bank(new World(), 'A'), new Bank(new World(), 'B')]
    const authenticate = ({ credentials }: { credentials: unknown }): unknown => credentials
    await nodes.start([a], { authenticate })
    const second = await nodes.start([b], { authenticate })
    const mine = await nodes.connect({ credentials: 'me' })
    await pay(mine)
    a.slow = true
    const failed = rejection(mine.stub(Bank).pay(2))
    await until(() => a.gates.length === 1)
    nodes.switchTo(second)
    const key = keyOf(await failed)
    const other = await nodes.connect({ credentials: 'you' })
    expect(await asked(mine)).toMatchObject({ state: 'done' })
    expect(await asked(mine, key)).toEqual({ state: 'unknown' })
    expect(await asked(other)).toEqual({ state: 'not-found' })
    expect(await asked(other, key)).toEqual({ state: 'not-found' })
    await mine.close()
  })

  it('of a method that there is, which answers once, by a key that can be one', async () => {
    const { nodes } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    const ask = client.outcome.bind(client) as (...args: unknown[]) => Promise<unknown>
    expect(await rejection(ask(Bank, 'nothing', 'k'))).toMatchObject({ code: 'NOT_FOUND' })
    expect(await rejection(ask(Bank, 'constructor', 'k'))).toMatchObject({ code: 'NOT_FOUND' })
    expect(await rejection(ask(Bank, 'prices', 'k'))).toMatchObject({ code: 'INVALID_ARGUMENT' })
    for (const key of ['', 'x'.repeat(rpcLimits.keyLength + 1), 7, undefined])
      expect(await rejection(ask(Bank, 'pay', key))).toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('of a side that has a durable store, else it is refused', async () => {
    await using both = await rig([memoryStore(), memoryStore()])
    await pay(both.client)
    const refused = { code: 'UNIMPLEMENTED', outcome: 'not-started' }
    expect(await rejection(asked(both.client))).toMatchObject(refused)
    const link = memory()
    await using server = await serve({ listen: link, services: [] })
    await using _client = await connect(link, { services: [new Bank(new World(), 'C')] })
    const [session] = server.sessions
    expect(await rejection(session?.outcome(Bank, 'pay', 'k') ?? settle())).toMatchObject(refused)
  })

  it('of a store that answers, else it is unavailable', async () => {
    const { nodes } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    await pay(client)
    nodes.fault = () => 'refused'
    const refused = { code: 'UNAVAILABLE', outcome: 'not-started' }
    expect(await rejection(asked(client))).toMatchObject(refused)
  })

  it('with the patience of a call: it waits for a connection, as long as its timeout', async () => {
    const { nodes, takeOver } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    await pay(client)
    nodes.nodes[0]?.transport.links[0]?.stall('to-acceptor')
    const late = await rejection(client.outcome(Bank, 'pay', 'k', { timeout: 20 }))
    expect(late).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    const patient = asked(client)
    takeOver()
    await expect(patient).resolves.toEqual({ state: 'done', result: 'pay 1 by A' })
  })

  it('by a service of a name that no other may have', async () => {
    @service('parley.outcomes.v1')
    class Outcomes {
      @unary({ idempotent: true }) async outcome(): Promise<unknown> {
        return ['done']
      }
    }
    await expect(serve({ listen: memory(), services: [new Outcomes()] })).rejects.toThrow(/given twice/)
  })
})
