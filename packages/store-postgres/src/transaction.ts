// Transactions: how they begin, and how they end when the answer to COMMIT does not come. And what a user's
// own work in one gets hold of, and may not do.
import { randomUUID } from 'node:crypto'
import { StoreFailure, StoreUsageError } from '@parley/core'
import { failureFor, isDefinite } from './failures.ts'
import { postgresLimits } from './limits.ts'
import type { Session } from './session.ts'

/** What a handler works through; void when its work is over. */
export interface PostgresTransaction {
  /**
   * One statement, with `$1`, `$2` ... for values. Rejects with the server's error; the transaction can only
   * be undone then. COMMIT and ROLLBACK are not yours to send: the store finds out, and rejects.
   */
  query<Row = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<TransactionRows<Row>>
}

/** What a statement gave. */
export interface TransactionRows<Row> {
  readonly rows: Row[]
  /** Rows read or changed; null for statements that do neither. */
  readonly rowCount: number | null
}

/** How transactions of the user's begin: `read committed` and so on, as PostgreSQL has it. */
export type Isolation = 'read committed' | 'repeatable read' | 'serializable'

/** How the transactions of a store begin, and what holds for them once they have locked ledgers. */
export interface Manners {
  /** Of the store's own. */
  readonly begin: string
  /** Of those that begin with a user's work, which may change what holds. */
  readonly beginWork: string
  readonly guard: string
}

/** `sync` is the server's `synchronous_commit`: said again each time, for somebody may have changed it. */
export function mannersFor(isolation: Isolation, sync: string): Manners {
  const enough = ['on', 'remote_apply', 'remote_write'].includes(sync) ? sync : 'on'
  // The server undoes a transaction that goes silent with locks that others wait for.
  const guard = `SET LOCAL idle_in_transaction_session_timeout = ${postgresLimits.lockTimeout};
    SET LOCAL synchronous_commit = ${enough}`
  return {
    begin: `BEGIN ISOLATION LEVEL READ COMMITTED; ${guard}`,
    beginWork: `BEGIN ISOLATION LEVEL ${isolation}`,
    guard,
  }
}

/**
 * Does the work in a transaction and commits it, or undoes it when the work throws. Rejects with what the
 * work throws, and else with StoreFailure: `unknown` when the answer to COMMIT did not come, `not-written`
 * when the server says that it did not commit.
 */
export async function inTransaction<T>(session: Session, begin: string, work: () => Promise<T>): Promise<T> {
  let result
  await session.query(begin)
  try {
    result = await work()
  } catch (error) {
    // Where not even that can be said, the connection is given up, and the server undoes it for that.
    await session.query('ROLLBACK').catch(() => {})
    throw error
  }
  await commit(session)
  return result
}

async function commit(session: Session): Promise<void> {
  let command
  try {
    ;({ command } = await session.query('COMMIT'))
  } catch (error) {
    throw failureFor(error, isDefinite(error) ? 'not-written' : 'unknown')
  }
  if (command !== 'COMMIT')
    throw new StoreFailure(
      'aborted',
      'not-written',
      'PostgreSQL undid the transaction, and did not commit it',
    )
}

/** A user's part of a transaction that has begun. */
export class UserPart implements PostgresTransaction {
  readonly #session: Session
  readonly #mark = randomUUID()
  #over = false
  #inProgress = 0

  /** Marks the transaction that has begun, to know it again. */
  static async begin(session: Session): Promise<UserPart> {
    const part = new UserPart(session)
    await session.query(`SET LOCAL parley.transaction = '${part.#mark}'`)
    return part
  }

  private constructor(session: Session) {
    this.#session = session
  }

  async query<Row>(text: string, values?: readonly unknown[]): Promise<TransactionRows<Row>> {
    if (this.#over) throw new StoreUsageError('the transaction is over')
    this.#inProgress++
    try {
      const { rows, rowCount } = await this.#session.query<Row>(text, values)
      return { rows, rowCount }
    } finally {
      this.#inProgress--
    }
  }

  /** Takes the handle away. Throws StoreUsageError when the work was not done with it. */
  async end(): Promise<void> {
    this.#over = true
    if (this.#inProgress > 0) throw new StoreUsageError('the work has ended before the queries it began')
    const { rows } = await this.#session.query<{ mark: string | null }>(
      `SELECT current_setting('parley.transaction', true) AS mark`,
    )
    if (rows[0]?.mark !== this.#mark)
      throw new StoreUsageError('the work has ended the transaction itself: its result is not recorded')
  }
}
