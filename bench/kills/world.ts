// A world: nodes on one store, clients, and what both leave behind. It lasts for some kills; then all calls
// have to come to their end, and the evidence is read.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Programs } from '../harness/bundle.ts'
import { freePort } from '../harness/free-port.ts'
import type { Evidence } from './check.ts'
import type { ClientSettings } from './client.ts'
import { kinds, type Kind } from './contract.ts'
import { Database } from './database.ts'
import { readLines } from './log.ts'
import type { NodeSettings } from './node.ts'
import { Slot } from './slot.ts'

/** What a world is made of. */
export interface WorldParts {
  readonly programs: Programs<'node' | 'client'>
  /** A folder of its own, which is gone with it. */
  readonly folder: string
  /** Names it within its database. */
  readonly name: string
  /** The PostgreSQL of its two nodes; undefined: one node with a file of LMDB. */
  readonly postgres: string | undefined
}

/** Milliseconds that calls may take to come to their end once nobody is killed any more. */
const settling = 60_000

/** Answers that show a client to be at work. */
const someAnswers = 8

/** See the head of this file. */
export class World {
  readonly nodes: readonly Slot[]
  readonly clients: readonly Slot[]
  /** Rejects when something happened that nobody wanted. */
  readonly trouble: Promise<never>
  readonly #parts: WorldParts
  readonly #database: Database | undefined
  readonly #logs: readonly string[]

  static async begin(parts: WorldParts): Promise<World> {
    mkdirSync(parts.folder)
    const { postgres, name } = parts
    const database = postgres === undefined ? undefined : await Database.make(postgres, name)
    const ports = [await freePort(), ...(database === undefined ? [] : [await freePort()])]
    return new World(parts, database, ports)
  }

  private constructor(parts: WorldParts, database: Database | undefined, ports: readonly number[]) {
    const { folder, programs, postgres, name } = parts
    this.#parts = parts
    this.#database = database
    let fail: (error: Error) => void = () => undefined
    this.trouble = new Promise((_, reject) => (fail = reject))
    this.trouble.catch(() => undefined)
    const store =
      postgres === undefined ? { file: join(folder, 'store.mdb') } : { connection: postgres, schema: name }
    this.nodes = ports.map((port, number) => {
      const settings: NodeSettings = { port, effects: this.#effects, store }
      return new Slot(`node ${number} of ${name}`, programs.node, settings, fail)
    })
    const mine = (Object.keys(kinds) as Kind[]).filter(
      (kind) => database !== undefined || kinds[kind].method !== 'move',
    )
    // Each client begins with another node.
    this.#logs = ports.map((_, number) => join(folder, `client-${number}.txt`))
    this.clients = this.#logs.map((log, number) => {
      const [first = 0, ...others] = [...ports.slice(number), ...ports.slice(0, number)]
      const settings: ClientSettings = { name: `c${number}`, ports: [first, ...others], log, kinds: mine }
      return new Slot(`client ${number} of ${name}`, programs.client, settings, fail)
    })
  }

  get name(): string {
    return this.#parts.name
  }

  /** Resolves once every process does its work. */
  async whenReady(): Promise<void> {
    await Promise.all([...this.nodes, ...this.clients].map((slot) => slot.ready))
  }

  /** Resolves once the clients get answers again. */
  async whenAtWork(): Promise<void> {
    await this.whenReady()
    const wanted = this.clients.map(({ heard }) => heard + someAnswers)
    const late = performance.now() + settling
    while (this.clients.some(({ heard }, number) => heard < (wanted[number] ?? 0))) {
      if (performance.now() > late) throw new Error(`no calls are answered any more in ${this.#parts.name}`)
      await sleep(5)
    }
  }

  /** Has the clients bring their calls to an end, then ends the nodes, and says what there is to judge. */
  async end(): Promise<Evidence> {
    await Promise.all(this.clients.map((client) => client.end('message', settling)))
    await Promise.all(this.nodes.map((node) => node.end('SIGTERM', settling)))
    return {
      logs: this.#logs.map((log) => readLines(log)),
      effects: readLines(this.#effects),
      moves: (await this.#database?.moves()) ?? [],
      nodes: this.nodes.length,
    }
  }

  /** Leaves nothing of it behind. */
  async remove(): Promise<void> {
    await this.#database?.remove()
    rmSync(this.#parts.folder, { recursive: true })
  }

  get #effects(): string {
    return join(this.#parts.folder, 'effects.txt')
  }
}
