// Two servers with one database, and a client that has one of them at a time: what is a kill for the client
// is a pause for the server, which goes on in secret, as the worst of them do.
import { systemClock, type CheckpointStore, type Clock, type Transport } from '@parley/core'
import {
  memory,
  seeded,
  SimulatedDatabase,
  type MemoryTransport,
  type StoreFault,
} from '@parley/core/testing'
import { connect, serve, type Client, type ConnectOptions, type ServeOptions, type Server } from '@parley/rpc'

/** One server. */
export interface Node {
  readonly server: Server
  readonly transport: MemoryTransport
  readonly store: CheckpointStore
  /** How many writes the store has done for it. */
  written: number
}

/** Waits until something holds; fails when it never does. */
export async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 2000) throw new Error(`it never held: ${String(holds)}`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

/** The servers, in the order in which they take over. */
export class Nodes implements AsyncDisposable {
  readonly #clock: Clock
  /** What befalls each operation of the database. */
  fault: (operation: 'write' | 'read' | 'sweep') => StoreFault = () => 'none'
  readonly database: SimulatedDatabase
  readonly nodes: Node[] = []
  #current: Node | undefined
  #client: Client | undefined

  /** `clock` is that of servers, store and client. */
  constructor(clock: Clock = systemClock) {
    this.#clock = clock
    const fault = (operation: 'write' | 'read' | 'sweep'): StoreFault => this.fault(operation)
    this.database = new SimulatedDatabase({ clock, random: seeded(1), delay: 0, fault })
  }

  /** Starts a server; the first one is the one the client has. */
  async start(services: ServeOptions['services'], options: Partial<ServeOptions> = {}): Promise<Node> {
    const transport = memory()
    const store = this.database.open()
    const server = await serve({
      ...{ listen: transport, services, store, clock: this.#clock, onError: () => undefined },
      ...options,
    })
    const node: Node = { server, transport, store, written: 0 }
    const write = store.write.bind(store)
    store.write = async (changes, now) => {
      await write(changes, now)
      node.written += 1
    }
    this.nodes.push(node)
    this.#current ??= node
    return node
  }

  /** The client's way to whichever server is the current one. */
  get transport(): Transport {
    return {
      connect: async (signal) => {
        if (this.#current === undefined) throw new Error('no server')
        return this.#current.transport.connect(signal)
      },
      listen: () => Promise.reject(new Error('not here')),
    }
  }

  async connect(options: ConnectOptions = {}): Promise<Client> {
    return (this.#client = await connect(this.transport, { clock: this.#clock, ...options }))
  }

  /** This server is in the place of the current one, which is gone for the client unless it is not `cut`. */
  switchTo(node: Node, cut = true): void {
    const old = this.#current
    this.#current = node
    if (cut) for (const link of old?.transport.links ?? []) link.cut()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client?.close()
    await Promise.all(this.nodes.map(({ server }) => server.close()))
  }
}
