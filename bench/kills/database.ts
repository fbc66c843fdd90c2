// The part of a PostgreSQL that belongs to one world: a schema for the store of its nodes and for the moves
// that their transactions make. It is worked on through a store beside it, which brings the driver along.
import { postgresStore, type PostgresTransaction } from '@parley/store-postgres'
import type { Effect } from './log.ts'

/** See the head of this file. */
export class Database {
  readonly #url: string
  readonly #schema: string

  static async make(url: string, schema: string): Promise<Database> {
    const database = new Database(url, schema)
    await database.#query(`CREATE SCHEMA ${schema}`)
    await database.#query(`CREATE TABLE ${schema}.moves (id text, mark text)`)
    return database
  }

  private constructor(url: string, schema: string) {
    this.#url = url
    this.#schema = schema
  }

  /** What was committed. */
  async moves(): Promise<Effect[]> {
    const rows = await this.#query(`SELECT id, mark FROM ${this.#schema}.moves`)
    return rows.map(({ id, mark }) => [id, mark, ''])
  }

  async remove(): Promise<void> {
    await this.#query(`DROP SCHEMA ${this.#schema} CASCADE`)
  }

  async #query(text: string): Promise<readonly { readonly id: string; readonly mark: string }[]> {
    const store = await postgresStore({ connection: this.#url, schema: 'harness', connections: 2 })
    let rows: readonly { readonly id: string; readonly mark: string }[] = []
    try {
      await store.transaction?.(async (transaction: PostgresTransaction) => {
        rows = (await transaction.query<{ id: string; mark: string }>(text)).rows
        return []
      }, 0)
    } finally {
      await store.close()
    }
    return rows
  }
}
