// Calls that the client has named: the same request gives the same answer, for as long as it is kept.
import { rpcLimits, withOptions } from '@parley/rpc'
import { describe, expect, it, vi } from 'vitest'
import { rejection } from '../peer/pair.ts'
import { Bank, two, World } from './bank.ts'
import { Nodes } from './nodes.ts'

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
