// Calls that outlive the server that ran them: each settles once, with its real outcome where that can be
// known, and with UNKNOWN_OUTCOME where it cannot; and a server that was only paused answers nothing any
// more.
import { TransportError } from '@parley/core'
import { memory, VirtualClock } from '@parley/core/testing'
import { rpcLimits, withOptions } from '@parley/rpc'
import { describe, expect, it } from 'vitest'
import { pass, rejection, settle } from '../peer/pair.ts'
import { Bank, two, World } from './bank.ts'
import { Nodes, until } from './nodes.ts'

describe('when its server is gone', () => {
  it('a call whose outcome was recorded gets it from the next one, and does not run again', async () => {
    const { nodes, world, a, takeOver } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    a.slow = true
    const paid = client.stub(Bank).pay(5)
    const refused = rejection(client.stub(Bank).refuse())
    await until(() => a.gates.length === 2)
    // The answers are recorded and leave, but do not arrive.
    nodes.nodes[0]?.transport.links[0]?.stall('to-initiator')
    for (const go of a.gates.splice(0)) go()
    // The ledger was taken, two calls were started, two are done.
    await until(() => nodes.nodes[0]?.written === 5)
    takeOver()
    await expect(paid).resolves.toBe('pay 5 by A')
    expect(await refused).toMatchObject({
      code: 'FAILED_PRECONDITION',
      details: { by: 'A' },
      outcome: 'executed',
    })
    expect(world.effects).toEqual(['A pay 5', 'A refuse'])
  })

  it('a call that may have happened is unknown, stays so, and its old server is fenced', async () => {
    const { nodes, world, a, takeOver } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    a.slow = true
    const paid = rejection(client.stub(Bank).pay(5))
    await until(() => a.gates.length === 1)
    takeOver()
    expect(await paid).toMatchObject({ code: 'UNKNOWN_OUTCOME', outcome: 'unknown' })
    // The old server comes to itself, and would answer.
    for (const go of a.gates.splice(0)) go()
    await until(() => nodes.nodes[0]?.server.sessions.size === 0)
    expect(world.effects).toEqual(['A pay 5'])
    await expect(client.stub(Bank).pay(6)).resolves.toBe('pay 6 by B')
  })

  it('a query runs again, and a keyed call with its key', async () => {
    const { nodes, world, a, takeOver } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    a.slow = true
    const balance = client.stub(Bank).balance()
    const order = withOptions(client.stub(Bank), { key: 'o-1' }).order(1)
    await until(() => a.gates.length === 2)
    takeOver()
    await expect(balance).resolves.toBe('balance by B')
    await expect(order).resolves.toBe('order 1 o-1 by B')
    expect(world.effects.toSorted()).toEqual(['A balance', 'A order 1 o-1', 'B balance', 'B order 1 o-1'])
    for (const go of a.gates.splice(0)) go()
    await settle()
    // Asked once more, the answer is the one that was given.
    await expect(withOptions(client.stub(Bank), { key: 'o-1' }).order(1)).resolves.toBe('order 1 o-1 by B')
  })

  it('a call that never reached it runs once, at the next one', async () => {
    const { nodes, world, takeOver } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    nodes.nodes[0]?.transport.links[0]?.stall('to-acceptor')
    const paid = client.stub(Bank).pay(7)
    await settle()
    takeOver()
    await expect(paid).resolves.toBe('pay 7 by B')
    expect(world.effects).toEqual(['B pay 7'])
  })

  it('a stream ends with an error that says so', async () => {
    const { nodes, takeOver } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    const prices = client.stub(Bank).prices()[Symbol.asyncIterator]()
    await prices.next()
    takeOver()
    const drained = (async () => {
      for (;;) await prices.next()
    })()
    expect(await rejection(drained)).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
  })

  it('the client goes through resuming back to open, and many calls settle once', async () => {
    const { nodes, world, takeOver } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    const phases: string[] = []
    client.state.subscribe((phase) => phases.push(phase))
    const calls = Array.from({ length: 50 }, (_, n) =>
      client
        .stub(Bank)
        .pay(n)
        .then(
          () => n,
          () => -1,
        ),
    )
    await settle(3)
    takeOver()
    const settled = await Promise.all(calls)
    const paid = settled.filter((n) => n >= 0)
    // Every call that was answered with a result took effect exactly once.
    for (const n of paid)
      expect(world.effects.filter((effect) => effect.endsWith(`pay ${n}`))).toHaveLength(1)
    expect(phases[0]).toBe('open')
    expect(phases).toContain('resuming')
    expect(phases.at(-1)).toBe('open')
  })

  it('nobody else can take the session over', async () => {
    const nodes = new Nodes()
    await using _nodes = nodes
    const world = new World()
    let who = 'ann'
    const authenticate = () => who
    await nodes.start([new Bank(world, 'A')], { authenticate })
    const second = await nodes.start([new Bank(world, 'B')], { authenticate })
    const client = await nodes.connect()
    await client.stub(Bank).pay(1)
    who = 'bob'
    nodes.switchTo(second)
    await expect(client.closed).resolves.toBeDefined()
    expect(await rejection(client.stub(Bank).pay(2))).toMatchObject({ code: 'UNAVAILABLE' })
  })
})

describe('a client whose servers are all gone', () => {
  it('asks soon, then less and less often, and gives up in the end', async () => {
    const clock = new VirtualClock()
    const nodes = new Nodes()
    await using _nodes = nodes
    const node = await nodes.start([new Bank(new World(), 'A')])
    const timeToLive = 600_000
    const client = await nodes.connect({ clock, limits: { timeToLive } })
    const asked: number[] = []
    nodes.switchTo(await nodes.start([new Bank(new World(), 'B')]))
    const connect = (): Promise<never> => {
      asked.push(clock.now())
      return Promise.reject(new TransportError('unreachable', 'nobody is there'))
    }
    nodes.switchTo({ ...node, transport: { ...memory(), connect } })
    await pass(clock, timeToLive)
    const gaps = asked.map((time, n) => time - (asked[n - 1] ?? 0))
    expect(Math.max(...gaps.slice(0, 2))).toBeLessThanOrEqual(2 * rpcLimits.renewDelay)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(rpcLimits.renewDelayMost)
    await pass(clock, rpcLimits.renewDelayMost)
    expect(client.phase).toBe('closed')
  })
})

describe('without a durable store', () => {
  it('a call that the server was lost with is unknown, a query runs again', async () => {
    const nodes = new Nodes()
    await using _nodes = nodes
    const world = new World()
    const a = new Bank(world, 'A')
    await nodes.start([a], { store: undefined })
    const second = await nodes.start([new Bank(world, 'B')], { store: undefined })
    const client = await nodes.connect()
    a.slow = true
    const paid = rejection(client.stub(Bank).pay(1))
    const balance = client.stub(Bank).balance()
    await until(() => a.gates.length === 2)
    nodes.switchTo(second)
    expect(await paid).toMatchObject({ code: 'UNKNOWN_OUTCOME', outcome: 'unknown' })
    await expect(balance).resolves.toBe('balance by B')
  })
})

describe('a call that takes its server down each time', () => {
  it(`is poisoned after ${rpcLimits.attempts} attempts, and the session goes on`, async () => {
    const nodes = new Nodes()
    await using _nodes = nodes
    const world = new World()
    const first = new Bank(world, '1')
    first.slow = true
    await nodes.start([first])
    const client = await nodes.connect()
    const order = rejection(withOptions(client.stub(Bank), { key: 'p' }).order(1))
    await until(() => first.gates.length === 1)
    for (let number = 2; number <= rpcLimits.attempts + 1; number++) {
      const bank = new Bank(world, `${number}`)
      bank.slow = true
      nodes.switchTo(await nodes.start([bank]))
      if (number <= rpcLimits.attempts) await until(() => bank.gates.length === 1)
    }
    expect(await order).toMatchObject({ code: 'POISONED', outcome: 'unknown' })
    expect(world.effects).toHaveLength(rpcLimits.attempts)
    await expect(withOptions(client.stub(Bank), { key: 'p' }).order(1)).rejects.toMatchObject({
      code: 'POISONED',
    })
  })
})
