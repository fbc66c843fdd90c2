// What durable calls do to their store: when it fails, what they leave in it, and what they take out again.
import type { LedgerChange, SweptLedger } from '@parley/core'
import { VirtualClock } from '@parley/core/testing'
import { rpcLimits } from '@parley/rpc'
import { describe, expect, it, vi } from 'vitest'
import { pass, rejection, settle } from '../peer/pair.ts'
import { Shop, ShopService } from '../peer/shop.ts'
import { Bank, two, World } from './bank.ts'
import { Nodes, until } from './nodes.ts'

describe('when the store fails', () => {
  it('before a call runs, it is not run', async () => {
    const { nodes, world } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    await client.stub(Bank).pay(0)
    nodes.fault = () => 'refused'
    expect(await rejection(client.stub(Bank).pay(1))).toMatchObject({
      code: 'UNAVAILABLE',
      outcome: 'not-started',
    })
    nodes.fault = () => 'none'
    await expect(client.stub(Bank).pay(2)).resolves.toBe('pay 2 by A')
    expect(world.effects).toEqual(['A pay 0', 'A pay 2'])
  })

  it('after a call ran, its outcome is unknown', async () => {
    const { nodes, a } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    a.slow = true
    const paid = rejection(client.stub(Bank).pay(1))
    await until(() => a.gates.length === 1)
    nodes.fault = () => 'refused'
    for (const go of a.gates.splice(0)) go()
    expect(await paid).toMatchObject({ code: 'UNKNOWN_OUTCOME', outcome: 'unknown' })
    nodes.fault = () => 'none'
  })

  it('to say what became of several writes at once, none of them takes the session down', async () => {
    const { nodes, world, a } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    a.slow = true
    const paid = Array.from({ length: 8 }, (_, n) => client.stub(Bank).pay(n))
    await until(() => a.gates.length === 8)
    let faults = 3
    nodes.fault = (operation) => (operation === 'write' && faults-- > 0 ? 'done-unseen' : 'none')
    for (const go of a.gates.splice(0)) go()
    await expect(Promise.all(paid)).resolves.toHaveLength(8)
    expect(world.effects).toHaveLength(8)
  })

  it.each(['lost', 'done-unseen'] as const)(
    'to say what became of a write (%s), it is looked up',
    async (fault) => {
      const { nodes, world, a } = await two()
      await using _nodes = nodes
      const client = await nodes.connect()
      a.slow = true
      const paid = client.stub(Bank).pay(1)
      await until(() => a.gates.length === 1)
      let once = true
      nodes.fault = (operation) => {
        if (operation !== 'write' || !once) return 'none'
        once = false
        return fault
      }
      for (const go of a.gates.splice(0)) go()
      await expect(paid).resolves.toBe('pay 1 by A')
      expect(world.effects).toEqual(['A pay 1'])
    },
  )
})

it(`forgets what the client has had, after ${rpcLimits.settledCalls} calls`, async () => {
  const { nodes } = await two()
  await using _nodes = nodes
  const client = await nodes.connect()
  const names: string[] = []
  const store = nodes.nodes[0]?.store
  if (store === undefined) throw new Error('no store')
  const write = store.write.bind(store)
  store.write = (changes, now) => {
    names.push(...changes.map(({ name }) => name.id))
    return write(changes, now)
  }
  for (let n = 0; n <= rpcLimits.settledCalls; n++) await client.stub(Bank).pay(n)
  await settle()
  await client.stub(Bank).pay(-1)
  const ledger = await store.read({ kind: 'session', id: names[0] ?? '' }, { usage: true }, Date.now())
  expect(ledger?.forgotten).toBeGreaterThan(rpcLimits.settledCalls - 2)
  expect(ledger?.usage?.entries).toBeLessThan(5)
})

it('does not forget a call that takes a stream and goes on, however many others have ended', async () => {
  const nodes = new Nodes()
  await using _nodes = nodes
  await nodes.start([new Bank(new World(), 'A'), new ShopService()])
  const client = await nodes.connect()
  let end = (): void => undefined
  const given = (async function* () {
    yield 1
    await new Promise<void>((resolve) => (end = resolve))
    yield 2
  })()
  const sum = client.stub(Shop).sum(given)
  for (let n = 0; n <= rpcLimits.settledCalls; n++) await client.stub(Bank).balance()
  await client.stub(Bank).pay(1)
  end()
  await expect(sum).resolves.toBe(3)
})

describe('in the store', () => {
  it('what need not be kept any longer is freed', async () => {
    const clock = new VirtualClock()
    const nodes = new Nodes()
    await using _nodes = nodes
    const { store } = await nodes.start([new Bank(new World(), 'A')], { clock })
    const sweeps: { limit: number; at: number }[] = []
    store.sweep = (_now, limit) => {
      sweeps.push({ limit, at: clock.now() })
      return Promise.resolve(sweeps.length === 1 ? Array.from({ length: limit }, () => GONE) : [])
    }
    await pass(clock, 1.5 * rpcLimits.upkeepInterval)
    // As many came back as were asked for, so at once again.
    const [first, second, third] = sweeps
    expect(first?.limit).toBe(rpcLimits.sweptLedgers)
    expect(second).toEqual(first)
    expect(third).not.toEqual(first)
  })

  it('what a session needs is kept while it is there, and ended with its release', async () => {
    const clock = new VirtualClock()
    const resultRetention = 300_000
    const nodes = new Nodes()
    await using _nodes = nodes
    const { store } = await nodes.start([new Bank(new World(), 'A')], { clock, limits: { resultRetention } })
    const changes: LedgerChange[] = []
    const write = store.write.bind(store)
    store.write = (written, now) => {
      changes.push(...written)
      return write(written, now)
    }
    const client = await nodes.connect()
    await client.stub(Bank).pay(1)
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      vi.setSystemTime(Date.now() + resultRetention / 2)
      await pass(clock, 1.5 * rpcLimits.upkeepInterval)
      vi.setSystemTime(Date.now() + resultRetention / 2 + 1)
      await expect(client.stub(Bank).pay(2)).resolves.toBe('pay 2 by A')
      await client.release()
      await settle()
      expect(changes.at(-1)).toMatchObject({ end: true })
      expect(await store.read(changes[0]?.name ?? NO_NAME, {}, Date.now())).toMatchObject({ gone: true })
    } finally {
      vi.useRealTimers()
    }
  })
})

const GONE = { name: { kind: 'session', id: 'gone' } } as SweptLedger
const NO_NAME = { kind: 'session', id: '' } as const
