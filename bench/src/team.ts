// A contender made ready to be measured: its server process and its client process (or the one process that
// is both).
import type { Address } from './contender.ts'
import { contenderNamed } from './contenders/index.ts'
import type { Slice } from './load.ts'
import { WorkerProcess } from './worker-process.ts'
import type { Workload } from './workload.ts'

/**
 * One slice with what the server spent on it; undefined when the client's process is the server's as well.
 */
export interface Sample extends Slice {
  /** Microseconds. */
  readonly serverCpu: number | undefined
}

/** How long and how much; see options.ts. */
export interface Effort {
  readonly seconds: number
  readonly items: number
  /** Connections in one slice of the `connect` workload. */
  readonly connects: number
  /** Connections of the `idle` workload. */
  readonly connections: number
}

export class Team {
  readonly #server: WorkerProcess
  readonly #client: WorkerProcess
  readonly #address: Address

  private constructor(server: WorkerProcess, client: WorkerProcess, address: Address) {
    this.#server = server
    this.#client = client
    this.#address = address
  }

  static async start(contender: string, flags: readonly string[] = []): Promise<Team> {
    const server = new WorkerProcess(contender, flags)
    const client = contenderNamed(contender).oneProcess ? server : new WorkerProcess(contender, flags)
    try {
      const address = await server.ask('serve', null)
      await client.ask('attach', address)
      return new Team(server, client, address)
    } catch (error) {
      server.stop()
      client.stop()
      throw error
    }
  }

  async sample(workload: Workload, effort: Effort): Promise<Sample> {
    const before = await this.#server.ask('cpu', null)
    const slice = await this.#drive(workload, effort)
    const after = await this.#server.ask('cpu', null)
    return { ...slice, serverCpu: this.#server === this.#client ? undefined : after - before }
  }

  /** Octets of the server's resident memory for each of so many idle connections. */
  async idleMemory(connections: number): Promise<number> {
    // What grows once and stays (code, shared buffers) should have grown before counting starts.
    await this.#client.ask('repeat', { operation: 'unary', concurrency: 16, seconds: 1, items: 0 })
    await this.#client.ask('reconnect', { address: this.#address, count: 50 })
    const before = await this.#server.ask('memory', null)
    await this.#client.ask('hold', { address: this.#address, count: connections })
    const after = await this.#server.ask('memory', null)
    await this.#client.ask('shut', null)
    return (after - before) / connections
  }

  stop(): void {
    this.#client.stop()
    this.#server.stop()
  }

  #drive(workload: Workload, { seconds, items, connects }: Effort): Promise<Slice> {
    if (workload.drive === 'idle') throw new Error('idle connections are not driven')
    if (workload.drive === 'connect') {
      return this.#client.ask('reconnect', { address: this.#address, count: connects })
    }
    const { operation, concurrency } = workload
    return this.#client.ask('repeat', { operation, concurrency, seconds, items })
  }
}
