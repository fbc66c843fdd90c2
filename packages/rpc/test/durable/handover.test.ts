// Deploys that nobody notices: a server asks its clients to go on elsewhere, and no call fails for it.
import { describe, expect, it } from 'vitest'
import { rejection, settle } from '../peer/pair.ts'
import { Bank, two, World } from './bank.ts'
import { Nodes, until } from './nodes.ts'

describe('a server that hands over', () => {
  it('ends what it has; what is called meanwhile runs at the next one', async () => {
    const { nodes, world, a, takeOver } = await two()
    await using _nodes = nodes
    const left: string[] = []
    const client = await nodes.connect({ onLeaving: (_session, reason) => left.push(reason) })
    a.slow = true
    const early = client.stub(Bank).pay(1)
    await until(() => a.gates.length === 1)
    const drained = nodes.nodes[0]?.server.drain({ handover: true, reason: 'deploy' })
    await until(() => left.length === 1)
    takeOver(false)
    const late = client.stub(Bank).pay(2)
    const prices = client.stub(Bank).prices()[Symbol.asyncIterator]()
    const first = prices.next()
    await settle()
    expect(world.effects).toEqual(['A pay 1'])
    for (const go of a.gates.splice(0)) go()
    await expect(early).resolves.toBe('pay 1 by A')
    await expect(late).resolves.toBe('pay 2 by B')
    await expect(first).resolves.toEqual({ done: false, value: 0 })
    await prices.return?.()
    expect(left).toEqual(['deploy'])
    expect(await drained).toEqual({
      sessions: { found: 1, released: 1, aborted: 0 },
      calls: { found: 1, cutOff: 0 },
      declined: [],
    })
    expect(client.phase).toBe('open')
  })

  it('fails no call of a client that never stops calling', async () => {
    const { nodes, world, takeOver } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    const calls: Promise<string>[] = []
    const phases: string[] = []
    client.state.subscribe((phase) => phases.push(phase))
    for (let n = 0; n < 200; n++) {
      calls.push(client.stub(Bank).pay(n))
      if (n === 50) {
        takeOver(false)
        void nodes.nodes[0]?.server.drain({ handover: true })
      }
      await settle(1)
    }
    expect(await Promise.all(calls)).toHaveLength(200)
    expect(world.effects.map((effect) => Number(effect.split(' ')[2]))).toEqual(
      Array.from({ length: 200 }, (_, n) => n),
    )
    expect(new Set(world.effects.map((effect) => effect[0]))).toEqual(new Set(['A', 'B']))
    expect(phases).toEqual(
      ['open', 'releasing', 'resuming', 'open'].filter((phase) => phases.includes(phase)),
    )
  })

  it('cuts off what does not end in time; its outcome is what is recorded of it', async () => {
    const { nodes, a, takeOver } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    a.slow = true
    const endless = rejection(client.stub(Bank).pay(1))
    const balance = client.stub(Bank).balance()
    await until(() => a.gates.length === 2)
    takeOver(false)
    const report = await nodes.nodes[0]?.server.drain({ handover: true, timeout: 20 })
    expect(report).toMatchObject({ sessions: { aborted: 1 }, calls: { found: 2, cutOff: 2 } })
    expect(await endless).toMatchObject({ code: 'UNKNOWN_OUTCOME', outcome: 'unknown' })
    await expect(balance).resolves.toBe('balance by B')
  })

  it('is waited for by clients that have only its address', async () => {
    const nodes = new Nodes()
    await using _nodes = nodes
    const world = new World()
    const first = await nodes.start([new Bank(world, 'A')])
    const client = await nodes.connect()
    await first.server.drain({ handover: true })
    const waiting = client.stub(Bank).pay(1)
    nodes.switchTo(await nodes.start([new Bank(world, 'B')]), false)
    client.resumeNow()
    await expect(waiting).resolves.toBe('pay 1 by B')
  })

  it('lets a client leave meanwhile', async () => {
    const { nodes, a } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    a.slow = true
    const cut = rejection(client.stub(Bank).pay(1))
    await until(() => a.gates.length === 1)
    const drained = nodes.nodes[0]?.server.drain({ handover: true })
    await settle()
    const waiting = rejection(client.stub(Bank).pay(2))
    await client.close()
    expect(await cut).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
    expect(await waiting).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-started' })
    expect(await drained).toMatchObject({ sessions: { found: 1 } })
  })
})
