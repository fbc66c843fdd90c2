// A place where servers run, one after the other: what is there when a client comes to its address is a
// process with a server, on hold perhaps, or nothing.
import { memoryStore, type Transport } from '@parley/core'
import { memory, type MemoryTransport } from '@parley/core/testing'
import { RpcError, serve, type Server } from '@parley/rpc'
import { bankAt, vaultAt } from './bank.ts'
import { stored } from './disk.ts'
import { SimulatedProcess } from './process.ts'
import { wired } from './wire.ts'
import { servedEndProblem } from './verdicts.ts'
import type { World } from './world.ts'

/** One address. */
export class Place {
  readonly name: string
  process: SimulatedProcess | undefined
  server: Server | undefined
  transport: MemoryTransport | undefined
  /** The process goes without a word when it dies: its machine is gone. */
  silent = false
  /** The process has ended by itself. */
  hasLeft = false
  readonly #world: World
  #lives = 0

  constructor(world: World, name: string) {
    this.#world = world
    this.name = name
  }

  /** What clients connect to: whoever is there. */
  get address(): Transport {
    return {
      connect: async (signal) => {
        if (this.transport === undefined) throw new Error('nobody has ever been here')
        return this.transport.connect(signal)
      },
      listen: () => Promise.reject(new Error('a client does not listen here')),
    }
  }

  /** A new process takes the place; the one before is dead. */
  start(): void {
    const world = this.#world
    const { clock, trace, random, odds, database, history } = world
    const process = new SimulatedProcess(
      `${this.name}${++this.#lives}`,
      clock,
      trace,
      random.below(1_000_000),
    )
    const transport = memory({
      name: process.name,
      clock,
      delay: () => world.delay(),
      highWaterMark: odds.highWaterMark,
      onLink: (link) => world.trouble.young(link),
    })
    this.process = process
    this.transport = transport
    world.transports.push(transport)
    this.silent = this.hasLeft = false
    process.onCrash(() => {
      transport.onConnect = this.silent ? 'hang' : 'refuse'
      this.server = undefined
      if (this.silent) for (const link of transport.links) link.stall()
      world.crashed(this)
    })
    const { durable } = odds
    const site = { process, history, durable, wrong: world.wrong, isAtPeace: () => world.peace }
    const store = odds.durable ? stored(process, database.open()) : memoryStore()
    void serve({
      listen: wired(process, transport, trace, () => this.silent),
      services: odds.durable ? [bankAt(site), vaultAt(site)] : [bankAt(site)],
      store,
      clock: process.clock,
      limits: odds.limits,
      exposeErrors: 'message',
      authenticate: ({ credentials }) => this.#authenticate(process, credentials),
      onError: (thrown) => process.alive && world.reported(thrown),
      onSession: (session) => {
        void session.closed.then((end) => {
          const problem = process.alive ? servedEndProblem(end) : undefined
          if (problem !== undefined) world.wrong(problem)
        })
      },
    }).then(
      (server) => (this.server = process.alive ? server : undefined),
      (error: unknown) => world.wrong(`a server did not start: ${String(error)}`),
    )
  }

  /** Leaves in good order, and its process ends with that: no loss, unless calls are cut off. */
  async drain(handover: boolean): Promise<void> {
    const { process, server } = this
    if (process === undefined || server === undefined) return
    const { clock, odds, trouble } = this.#world
    // Who is not connected at this moment is not asked to go elsewhere.
    if ([...server.sessions].some(({ phase }) => phase !== 'open')) trouble.caused('loss')
    clock.setTimer((odds.limits.drainTimeout ?? 0) - 1, () => {
      if (process.alive) trouble.caused('loss')
    })
    await server.drain({ handover })
    this.hasLeft = process.alive
    process.crash()
  }

  async #authenticate(process: SimulatedProcess, credentials: unknown): Promise<string> {
    const { random, revoked, trouble } = this.#world
    if (trouble.lasts && random.chance(0.1)) await process.sleep(random.below(300))
    if (revoked.has(String(credentials))) throw new RpcError('PERMISSION_DENIED', 'you were let in once')
    return String(credentials)
  }
}
