// A session of which two servers think that it is theirs, or could be: the one that has the client keeps it,
// and whoever cannot tell any more sends the client back instead of giving its calls up.
import type { LedgerName } from '@parley/core'
import { describe, expect, it } from 'vitest'
import { Bank, two, World } from './bank.ts'
import { until, type Node, type Nodes } from './nodes.ts'

/** Holds back what this server's store answers to its next read. Returns what lets it go on. */
function slowRead({ store }: Node): { readonly waits: () => boolean; readonly goOn: () => void } {
  const read = store.read.bind(store)
  let goOn: (() => void) | undefined
  store.read = async (...given) => {
    store.read = read
    await new Promise<void>((resolve) => (goOn = resolve))
    return read(...given)
  }
  return { waits: () => goOn !== undefined, goOn: () => goOn?.() }
}

/** The ledger that a server writes next. */
async function nextLedger({ store }: Node, work: () => Promise<unknown>): Promise<LedgerName> {
  const { write } = store
  let name: LedgerName | undefined
  store.write = (changes, now) => {
    name ??= changes[0]?.name
    return write(changes, now)
  }
  await work()
  if (name === undefined) throw new Error('nothing was written')
  return name
}

function first(nodes: Nodes): Node {
  const [node] = nodes.nodes
  if (node === undefined) throw new Error('no server')
  return node
}

/** Longer than anything takes that could be written by mistake. */
function aWhile(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 30))
}

async function epochOf(nodes: Nodes, name: LedgerName): Promise<number | undefined> {
  return (await nodes.database.open().read(name, {}, Date.now()))?.epoch
}

describe('a session with two servers', () => {
  it('that one of them cannot write any more comes back, and its calls get their results', async () => {
    const { nodes, world } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    const bank = client.stub(Bank)
    const name = await nextLedger(first(nodes), () => bank.pay(1))
    await nodes.database.open().write([{ name, epoch: 1, take: true }], Date.now())
    await expect(Promise.all([bank.pay(2), bank.order(3)])).resolves.toEqual([
      'pay 2 by A',
      expect.stringContaining('order 3'),
    ])
    expect(world.effects.map((effect) => effect.split(' ').slice(0, 3).join(' ')).toSorted()).toEqual(
      ['A order 3', 'A pay 1', 'A pay 2'].toSorted(),
    )
    expect(await epochOf(nodes, name)).toBe(3)
  })

  it('is not taken by the one that the client has left before it had taken it at all', async () => {
    const { nodes, world, takeOver } = await two()
    await using _nodes = nodes
    const client = await nodes.connect()
    const slow = slowRead(first(nodes))
    const paid = client.stub(Bank).pay(1)
    await until(slow.waits)
    takeOver()
    await expect(paid).resolves.toBe('pay 1 by B')
    const second = nodes.nodes[1] as Node
    const name = await nextLedger(second, () => client.stub(Bank).pay(2))
    slow.goOn()
    await aWhile()
    expect(await epochOf(nodes, name)).toBe(1)
    expect(world.effects).toEqual(['B pay 1', 'B pay 2'])
  })

  it('is not taken by the one that opens its door when the client is gone', async () => {
    const { nodes, takeOver } = await two()
    await using _nodes = nodes
    const third = await nodes.start([new Bank(new World(), 'C')])
    const client = await nodes.connect()
    const name = await nextLedger(first(nodes), () => client.stub(Bank).pay(1))
    const slow = slowRead(third)
    nodes.switchTo(third)
    await until(slow.waits)
    takeOver()
    await expect(client.stub(Bank).pay(2)).resolves.toBe('pay 2 by B')
    slow.goOn()
    await aWhile()
    expect(await epochOf(nodes, name)).toBe(2)
  })
})
