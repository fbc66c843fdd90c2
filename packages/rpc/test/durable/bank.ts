// The service that the tests of durable calls kill, and the world in which it takes effect.
import { call, RpcError, service, stream, unary } from '@parley/rpc'
import { settle } from '../peer/pair.ts'
import { Nodes } from './nodes.ts'

/** What happens in the world: shared by all servers. */
export class World {
  readonly effects: string[] = []
}

@service('bank.v1')
export class Bank {
  readonly #world: World
  readonly #name: string
  /** Calls that wait until a test lets them go on. */
  readonly gates: (() => void)[] = []
  /** Whether calls wait at all. */
  slow = false

  constructor(world: World, name: string) {
    this.#world = world
    this.#name = name
  }

  /** Takes effect, in the world unless told otherwise, and answers when it may. */
  async work(what: string, effects: string[] = this.#world.effects): Promise<string> {
    effects.push(`${this.#name} ${what}`)
    if (this.slow) await new Promise<void>((resolve) => this.gates.push(resolve))
    return `${what} by ${this.#name}`
  }

  @unary() async pay(n: number): Promise<string> {
    return this.work(`pay ${n}`)
  }
  @unary({ idempotent: true }) async balance(): Promise<string> {
    return this.work('balance')
  }
  @unary({ effect: 'keyed' }) async order(n: number): Promise<string> {
    return this.work(`order ${n} ${call().key ?? 'no key'}`)
  }
  @unary() async refuse(): Promise<string> {
    await this.work('refuse')
    throw new RpcError('FAILED_PRECONDITION', 'no', { details: { by: this.#name } })
  }
  @stream() async *prices(): AsyncGenerator<number> {
    for (let n = 0; ; n++) {
      await settle(1)
      yield n
    }
  }
}

/** Two servers, a client for the first, and the switch to the second. */
export async function two(): Promise<{
  nodes: Nodes
  world: World
  a: Bank
  b: Bank
  takeOver: (cut?: boolean) => void
}> {
  const nodes = new Nodes()
  const world = new World()
  const [a, b] = [new Bank(world, 'A'), new Bank(world, 'B')]
  await nodes.start([a])
  const second = await nodes.start([b])
  return { nodes, world, a, b, takeOver: (cut) => nodes.switchTo(second, cut) }
}
