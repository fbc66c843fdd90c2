// Calls that the client has named: the same request gives the same answer, for as long as it is kept.
import type { EntryWrite, LedgerChange } from '@parley/core'
import { rpcLimits, withOptions, type Client } from '@parley/rpc'
import { describe, expect, it, vi } from 'vitest'
import { rejection } from '../peer/pair.ts'
import { Bank, two, World } from './bank.ts'
import { Nodes, until, type Node } from './nodes.ts'

describe('a key', () => {
  it('gives the same answer to the same request, whichever session asks', async () => {
    const { nodes, world } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    const keyed = withOptions(client.stub(Bank), { key: 'k' })
    await expect(keyed.pay(1)).resolves.toBe('pay 1 by A')
    await expect(keyed.pay(1)).resolves.toBe('pay 1 by A')
    const other = await nodes.connect()
    await expect(withOptions(other.stub(Bank), { key: 'k' }).pay(1)).resolves.toBe('pay 1 by A')
    expect(world.effects).toEqual(['A pay 1'])
    const conflict = await rejection(keyed.pay(2))
    expect(conflict).toMatchObject({ code: 'KEY_CONFLICT', outcome: 'not-started' })
    await client.close()
  })

  it('runs once for those who ask at the same time', async () => {
    const { nodes, world } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    const keyed = withOptions(client.stub(Bank), { key: 'k' })
    const answers = await Promise.all([keyed.pay(1), keyed.pay(1), keyed.pay(1)])
    expect(answers).toEqual(['pay 1 by A', 'pay 1 by A', 'pay 1 by A'])
    expect(world.effects).toEqual(['A pay 1'])
  })

  it('runs once for those who ask two servers at the same time', async () => {
    for (let round = 0; round < 20; round++) {
      const { nodes, world, takeOver } = await two()
      await using _nodes = nodes
      const first = await nodes.connect()
      takeOver()
      const second = await nodes.connect()
      await first.stub(Bank).balance()
      const ask = (client: Client): Promise<unknown> => withOptions(client.stub(Bank), { key: 'k' }).pay(1)
      const settled = await Promise.allSettled([ask(first), ask(second)])
      expect(world.effects.filter((effect) => effect.endsWith('pay 1')).length).toBeLessThanOrEqual(1)
      for (const one of settled)
        if (one.status === 'rejected') expect(one.reason).toMatchObject({ outcome: 'unknown' })
      await first.close()
    }
  })

  it.each<[befalls: string, entry: Omit<EntryWrite, 'serial'> | undefined, told: object, effects: number]>([
    ['nothing', undefined, { result: 'pay 1 by A' }, 1],
    ['that it began', { state: 'started' }, { code: 'UNAVAILABLE', outcome: 'unknown' }, 0],
    ['that it is unknown', { state: 'unknown' }, { code: 'UNKNOWN_OUTCOME', outcome: 'unknown' }, 0],
  ])('that another node takes before the call began, and records %s', async (_, entry, told, effects) => {
    const { nodes, world } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    const rival = nodes.database.open()
    const { store } = nodes.nodes[0] as Node
    const write = store.write.bind(store)
    let isTaken = false
    store.write = async (changes, now) => {
      const [change] = changes
      const hash = change?.entries?.[0]?.hash
      if (change?.name.kind === 'key' && hash !== undefined && !isTaken) {
        isTaken = true
        const entries = entry === undefined ? [] : [{ serial: 0, hash, ...entry }]
        await rival.write([{ name: change.name, epoch: change.epoch, take: true, entries }], now)
      }
      return write(changes, now)
    }
    const keyed = withOptions(client.stub(Bank), { key: 'k' })
    const answer = await keyed.pay(1).then(
      (result) => ({ result }),
      (thrown: unknown) => thrown,
    )
    expect(answer).toMatchObject(told)
    expect(world.effects).toHaveLength(effects)
  })

  it.each<[does: string, entry: Omit<EntryWrite, 'serial'>]>([
    ['has yet to say so', { state: 'started' }],
    ['says that it is unknown', { state: 'unknown' }],
  ])('is unknown for good where another node takes it while it runs, and %s', async (_, entry) => {
    const { nodes, a } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    const rival = nodes.database.open()
    const { store } = nodes.nodes[0] as Node
    const write = store.write.bind(store)
    let started: LedgerChange | undefined
    store.write = async (changes, now) => {
      if (changes[0]?.entries?.[0]?.state === 'started') started = changes[0]
      return write(changes, now)
    }
    a.slow = true
    const keyed = withOptions(client.stub(Bank), { key: 'k' })
    const failed = rejection(keyed.pay(1))
    await until(() => a.gates.length === 1)
    const { name, epoch, entries } = started as LedgerChange
    const hash = entries?.[0]?.hash ?? new Uint8Array(0)
    const written = entry.state === 'started' ? [] : [{ serial: 0, hash, ...entry }]
    await rival.write([{ name, epoch, take: true, entries: written }], Date.now())
    a.gates.splice(0).forEach((go) => go())
    expect(await failed).toMatchObject({ code: 'UNKNOWN_OUTCOME' })
    expect(await rejection(keyed.pay(1))).toMatchObject({ code: 'UNKNOWN_OUTCOME' })
    expect(await client.outcome(Bank, 'pay', 'k')).toEqual({ state: 'unknown' })
  })

  it('is for calls without streams', async () => {
    const { nodes } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    const prices = withOptions(client.stub(Bank), { key: 'k' }).prices()[Symbol.asyncIterator]()
    expect(await rejection(prices.next())).toMatchObject({ code: 'INVALID_ARGUMENT', outcome: 'not-started' })
  })

  it('is made for a keyed method where the caller gave none, the same when it runs again', async () => {
    const { nodes, world, a, takeOver } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    a.slow = true
    const order = client.stub(Bank).order(1)
    await until(() => a.gates.length === 1)
    takeOver()
    await order
    const keys = world.effects.map((effect) => effect.split(' ')[3])
    expect(keys).toHaveLength(2)
    expect(keys[0]).toMatch(/^[0-9a-f]{64}\/\d+$/)
    expect(keys[1]).toBe(keys[0])
  })

  it('is known to be gone once its answer is no longer kept', async () => {
    const resultRetention = 300_000
    const nodes = new Nodes()
    await using _nodes = nodes
    await nodes.start([new Bank(new World(), 'A')], { limits: { resultRetention } })
    const keyed = withOptions((await nodes.connect()).stub(Bank), { key: 'k' })
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      await expect(keyed.pay(1)).resolves.toBe('pay 1 by A')
      vi.setSystemTime(Date.now() + resultRetention + 1)
      expect(await rejection(keyed.pay(1))).toMatchObject({ code: 'KEY_EXPIRED', outcome: 'unknown' })
    } finally {
      vi.useRealTimers()
    }
  })

  it.each(['', 'x'.repeat(rpcLimits.keyLength + 1)])('is of a length that can be kept', async (key) => {
    const { nodes } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    const error = await rejection(withOptions(client.stub(Bank), { key }).pay(1))
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', outcome: 'not-started' })
  })
})
