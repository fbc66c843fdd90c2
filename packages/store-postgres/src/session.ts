// Connections to the server, bounded in number and in time, each lent to one user at a time. One that failed
// is never lent again, and none that fails while nobody looks can end the process.
import type { ConnectionOptions } from 'node:tls'
import { StoreFailure } from '@parley/core'
import { Pool, type PoolClient, type QueryConfig } from 'pg'
import { failureFor, isDefinite } from './failures.ts'
import { postgresLimits } from './limits.ts'

/** Rows, as the server sent them. */
export interface Rows<Row> {
  readonly rows: Row[]
  /** `SELECT`, `COMMIT`, `ROLLBACK` ... */
  readonly command: string
  readonly rowCount: number | null
}

/** A connection while it is lent. */
export interface Session {
  /**
   * One statement, or several without values. With a name the server prepares it once for each connection.
   * Rejects with what the server or the network says.
   */
  query<Row>(text: string, values?: readonly unknown[], name?: string): Promise<Rows<Row>>
}

/** Where the server is, and who connects. */
export interface PostgresConnection {
  readonly host?: string
  readonly port?: number
  readonly user?: string
  readonly password?: string
  readonly database?: string
  readonly ssl?: boolean | ConnectionOptions
}

/** What is needed to connect. */
export interface Connecting {
  readonly connection: string | PostgresConnection
  readonly connectTimeout: number
  readonly timeout: number
}

/** A number of connections. */
export class Sessions {
  readonly #pool: Pool

  constructor({ connection, connectTimeout, timeout }: Connecting, connections: number) {
    this.#pool = new Pool({
      ...(typeof connection === 'string' ? { connectionString: connection } : connection),
      max: connections,
      connectionTimeoutMillis: connectTimeout,
      query_timeout: timeout,
      keepAlive: true,
      application_name: 'parley',
      allowExitOnIdle: true,
    })
    // One that is lost while nobody uses it is replaced when somebody does.
    this.#pool.on('error', () => {})
  }

  /**
   * Lends a connection for the work, which leaves it outside any transaction. Rejects with StoreFailure when
   * none is to be had, and with what the work rejects with.
   */
  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const client = await this.#connect()
    let isSound = true
    const onLost = (): void => void (isSound = false)
    client.on('error', onLost)
    const query = async <Row>(
      text: string,
      values?: readonly unknown[],
      name?: string,
    ): Promise<Rows<Row>> => {
      try {
        return await client.query<Row & object>(queryOf(text, values, name))
      } catch (error) {
        // What the server did not say itself may come late, and be taken for the answer to something else.
        if (!isDefinite(error)) isSound = false
        throw error
      }
    }
    try {
      return await work({ query })
    } finally {
      client.off('error', onLost)
      client.release(!isSound)
    }
  }

  /** Waits for those that are lent, then ends them all. */
  close(): Promise<void> {
    return this.#pool.end()
  }

  async #connect(): Promise<PoolClient> {
    if (this.#pool.waitingCount >= postgresLimits.waiting)
      throw new StoreFailure('busy', 'not-written', 'too much waits for a connection to PostgreSQL')
    try {
      return await this.#pool.connect()
    } catch (error) {
      throw failureFor(error, 'not-written')
    }
  }
}

function queryOf(text: string, values?: readonly unknown[], name?: string): QueryConfig {
  return { text, ...(values !== undefined && { values: [...values] }), ...(name !== undefined && { name }) }
}
