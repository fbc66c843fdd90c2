// The kinds of calls that docs/guarantees.md tells apart, on two servers that a test can lose: the same fault
// for each of them, so that no cell of that table rests on what another kind does.
import { call, service, unary, withOptions, type Client, type ServeOptions } from '@parley/rpc'
import type { CheckpointStore } from '@parley/core'
import { Bank, World } from './bank.ts'
import { Nodes, until, type Node } from './nodes.ts'

/** A call of each kind. All of them leave the same mark in the world, but for the server and the key. */
export const kinds = {
  once: (client: Client) => client.stub(Bank).pay(1),
  idempotent: (client: Client) => client.stub(Bank).balance(),
  keyed: (client: Client) => client.stub(Bank).order(1),
  transactional: (client: Client) => client.stub(Vault).move(1),
  'once, with a key': (client: Client) => withOptions(client.stub(Bank), { key: 'k' }).pay(1),
} as const

/** The name of a kind. */
export type Kind = keyof typeof kinds

@service('vault.v1')
export class Vault {
  readonly #bank: Bank

  /** Works when the bank of the same server does. */
  constructor(bank: Bank) {
    this.#bank = bank
  }

  @unary({ effect: 'transactional' }) async move(n: number): Promise<string> {
    return this.#bank.work(`move ${n}`, call().transaction as string[])
  }
}

/** Two servers with all kinds of methods, and a client of the first. */
export interface Rig extends AsyncDisposable {
  readonly nodes: Nodes
  readonly world: World
  readonly a: Bank
  readonly b: Bank
  readonly client: Client
  /** The first server's. */
  readonly store: CheckpointStore
  /** Resolves once the first server's store has said what became of one more write. */
  oneWrite(): Promise<void>
  /** The first server is gone for the client, and the second is in its place. */
  takeOver(): void
}

/** With handles of one durable database, or with these stores. */
export async function rig(stores?: readonly [CheckpointStore, CheckpointStore]): Promise<Rig> {
  const nodes = new Nodes()
  const world = new World()
  const [a, b] = [new Bank(world, 'A'), new Bank(world, 'B')]
  const start = (bank: Bank, store: CheckpointStore): Promise<Node> => {
    // `serve` takes no transactional method where nothing outlives the process.
    if (!store.capabilities.durable) return nodes.start([bank], { store })
    return nodes.start([bank, new Vault(bank)], { store: transactional(store, world) })
  }
  const [store, other] = stores ?? [nodes.database.open(), nodes.database.open()]
  let writes = 0
  const write = store.write.bind(store)
  store.write = (...given) => write(...given).finally(() => (writes += 1))
  await start(a, store)
  const second = await start(b, other)
  const client = await nodes.connect()
  return {
    nodes,
    world,
    a,
    b,
    client,
    store,
    oneWrite: () => {
      const before = writes
      return until(() => writes > before)
    },
    takeOver: () => nodes.switchTo(second),
    [Symbol.asyncDispose]: () => nodes[Symbol.asyncDispose](),
  }
}

/** A store with transactions on the world: what a call does in one happens if and only if its record does. */
export function transactional(store: CheckpointStore, world: World): NonNullable<ServeOptions['store']> {
  const capabilities = { ...store.capabilities, transactional: true }
  const transaction: CheckpointStore['transaction'] = async (work, now) => {
    const effects: string[] = []
    const changes = await work(effects)
    await store.write(changes, now)
    world.effects.push(...effects)
  }
  return Object.assign(store, { capabilities, transaction })
}
