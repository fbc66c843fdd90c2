// Calls that are asked again at another server, which cannot or will not run them: their callers hear that
// nobody knows, for the server before may have run them. And what a key is good for when its call was given
// up.
import { rpcLimits, RpcError, service, unary, withOptions } from '@parley/rpc'
import { describe, expect, it } from 'vitest'
import { rejection, settle } from '../peer/pair.ts'
import { Bank, two, World } from './bank.ts'
import { Nodes, until } from './nodes.ts'

@service('other.v1')
class Other {
  @unary() async nothing(): Promise<void> {}
}

describe('a call that is asked again', () => {
  it('of a server that does not have its service is unknown', async () => {
    const nodes = new Nodes()
    await using _nodes = nodes
    const a = new Bank(new World(), 'A')
    a.slow = true
    await nodes.start([a])
    const second = await nodes.start([new Other()])
    const client = await nodes.connect()
    const paid = rejection(client.stub(Bank).pay(1))
    await until(() => a.gates.length === 1)
    nodes.switchTo(second)
    expect(await paid).toMatchObject({ code: 'NOT_FOUND', outcome: 'unknown' })
    // One that is new there is as it always was.
    expect(await rejection(client.stub(Bank).pay(2))).toMatchObject({
      code: 'NOT_FOUND',
      outcome: 'not-started',
    })
  })

  it('of a server that takes fewer at once is unknown', async () => {
    const nodes = new Nodes()
    await using _nodes = nodes
    const world = new World()
    const [a, b] = [new Bank(world, 'A'), new Bank(world, 'B')]
    a.slow = b.slow = true
    await nodes.start([a])
    const second = await nodes.start([b], { limits: { concurrentCalls: 1 } })
    const client = await nodes.connect()
    const first = client.stub(Bank).balance()
    const next = rejection(client.stub(Bank).balance())
    await until(() => a.gates.length === 2)
    nodes.switchTo(second)
    expect(await next).toMatchObject({ code: 'RESOURCE_EXHAUSTED', outcome: 'unknown' })
    await until(() => b.gates.length === 1)
    b.gates[0]?.()
    await expect(first).resolves.toBe('balance by B')
  })

  it('when the store of that server fails is unknown', async () => {
    const { nodes, a, takeOver } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    a.slow = true
    const paid = rejection(client.stub(Bank).pay(1))
    await until(() => a.gates.length === 1)
    let reads = 0
    // The first look takes the session over; the second is for the call.
    nodes.fault = (operation) => (operation === 'read' && ++reads > 1 ? 'refused' : 'none')
    takeOver()
    expect(await paid).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
  })

  it('waits for a server whose store fails at the door', async () => {
    const { nodes, a, takeOver } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    a.slow = true
    const balance = client.stub(Bank).balance()
    await client.stub(Bank).prices()[Symbol.asyncIterator]().next()
    await until(() => a.gates.length === 1)
    let failures = 2
    nodes.fault = () => (failures-- > 0 ? 'refused' : 'none')
    takeOver()
    await expect(balance).resolves.toBe('balance by B')
    expect(failures).toBeLessThan(0)
  })
})

describe('with a key', () => {
  it('a call that was given up before it ran runs when it is asked for again', async () => {
    const { nodes, world } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    const controller = new AbortController()
    const keyed = withOptions(client.stub(Bank), { key: 'k' })
    // Given up while its record is written.
    const store = nodes.nodes[0]?.store
    const write = store?.write.bind(store)
    if (store === undefined || write === undefined) throw new Error('no store')
    store.write = async (changes, now) => {
      await write(changes, now)
      if (!controller.signal.aborted && changes.some(({ take }) => take === true)) {
        controller.abort()
        await settle()
      }
    }
    const given = rejection(withOptions(client.stub(Bank), { key: 'k', signal: controller.signal }).pay(1))
    expect(await given).toMatchObject({ code: 'CANCELLED' })
    await settle()
    await expect(keyed.pay(1)).resolves.toBe('pay 1 by A')
    expect(world.effects).toEqual(['A pay 1'])
  })

  it('those who wait for one that fails run one after the other', async () => {
    const { nodes, world, a } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    a.slow = true
    const ask = (): Promise<unknown> =>
      withOptions(client.stub(Bank), { key: 'k' })
        .order(1)
        .catch((thrown: unknown) => (thrown instanceof RpcError ? thrown.code : thrown))
    const asked = [ask(), ask(), ask()]
    await until(() => a.gates.length === 1)
    // Its outcome cannot be recorded, so the next one runs; the one after waits for that.
    nodes.fault = () => 'refused'
    a.gates[0]?.()
    await expect(asked[0]).resolves.toBe('UNKNOWN_OUTCOME')
    nodes.fault = () => 'none'
    const later = ask()
    await until(() => a.gates.length === 2)
    await settle()
    expect(a.gates).toHaveLength(2)
    a.gates[1]?.()
    await expect(later).resolves.toBe('order 1 k by A')
    expect(world.effects).toHaveLength(2)
    await Promise.all(asked)
  })
})

it('is forgotten by the store though a stream goes on beside it', async () => {
  const { nodes } = await two()
  await using _nodes = nodes
  const client = await nodes.connect()
  const prices = client.stub(Bank).prices()[Symbol.asyncIterator]()
  await prices.next()
  const forgotten: number[] = []
  const store = nodes.nodes[0]?.store
  const write = store?.write.bind(store)
  if (store === undefined || write === undefined) throw new Error('no store')
  store.write = (changes, now) => {
    forgotten.push(...changes.flatMap(({ forget = 0 }) => forget))
    return write(changes, now)
  }
  for (let n = 0; n <= rpcLimits.settledCalls; n++) await client.stub(Bank).pay(n)
  await settle()
  await client.stub(Bank).pay(-1)
  expect(Math.max(...forgotten)).toBeGreaterThan(rpcLimits.settledCalls - 2)
  await prices.return?.()
})
