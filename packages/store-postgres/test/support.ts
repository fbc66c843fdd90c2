// A server for the tests of one file, stores on it, and short words for what becomes of their calls.
import {
  type CheckpointStore,
  type LedgerChange,
  type LedgerName,
  StoreFailure,
  StoreRefusal,
} from '@parley/core'
import { Client, type QueryResultRow } from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { PrivatePostgres } from '../../../scripts/postgres.ts'
import { postgresStore, type PostgresStoreOptions, type PostgresTransaction } from '../src/index.ts'

export const session: LedgerName = { kind: 'session', id: 's' }
const retention = { expires: 1e6, removes: 2e6 } as const
export const made: LedgerChange = { name: session, epoch: 0, take: true, retention }
export const taken: LedgerChange = { name: session, epoch: 1, take: true }

/** `done` of a call in a session that was made. */
export function done(serial: number, epoch = 1): LedgerChange {
  return { name: session, epoch, entries: [{ serial, state: 'done' }] }
}

/** What a test file has: a server, and schemas of its own on it. */
export class Bench {
  postgres!: PrivatePostgres
  readonly #stores: CheckpointStore[] = []
  #schemas = 0

  /** Declares that the server is there during this file's tests. */
  constructor() {
    beforeAll(async () => {
      this.postgres = await PrivatePostgres.start()
    }, 60_000)
    afterAll(async () => {
      for (const store of this.#stores) await store.close()
      await this.postgres.remove()
    })
  }

  schema(): string {
    return `test_${this.#schemas++}`
  }

  async open(
    options: Partial<PostgresStoreOptions> & { port?: number } = {},
  ): Promise<CheckpointStore<PostgresTransaction> & Transactional> {
    const { port, ...rest } = options
    const connection = this.postgres.url(port)
    const store = await postgresStore({ connection, schema: this.schema(), connections: 4, ...rest })
    this.#stores.push(store)
    if (store.transaction === undefined) throw new Error('this store has transactions')
    return store as CheckpointStore<PostgresTransaction> & Transactional
  }

  /** Runs statements as the user's own database client would. */
  async sql<Row extends QueryResultRow>(text: string): Promise<Row[]> {
    const client = new Client(this.postgres.url())
    await client.connect()
    try {
      const { rows } = await client.query<Row>(text)
      return rows
    } finally {
      await client.end()
    }
  }
}

/** A store that has `transaction`. */
export type Transactional = Required<Pick<CheckpointStore<PostgresTransaction>, 'transaction'>>

/** `done`, `fenced at 2`, `unavailable unknown`, or the message of another error. */
export async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'done'
  } catch (error) {
    if (error instanceof StoreRefusal) return `${error.code} at ${error.epoch}`
    if (error instanceof StoreFailure) return `${error.code} ${error.outcome}`
    return error instanceof Error ? error.message : String(error)
  }
}

/** `serial state` of each entry of the session. */
export async function entriesOf(store: CheckpointStore): Promise<string[]> {
  const ledger = await store.read(session, { entries: { last: 1024 } }, 0)
  return (ledger?.entries ?? []).map(({ serial, state }) => `${serial} ${state}`)
}
