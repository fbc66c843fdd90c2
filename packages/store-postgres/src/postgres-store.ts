// A checkpoint store in PostgreSQL, for any number of nodes. The lock on a ledger's row is its fence: whoever
// takes the ledger over waits for what is being committed, and whoever comes later finds another epoch. Holds
// no state of its own: every answer is the server's.
import {
  type CheckpointStore,
  type Ledger,
  type LedgerChange,
  type LedgerName,
  type LedgerQuery,
  type StoreCapabilities,
  StoreFailure,
  type SweptLedger,
  type TransactionWork,
} from '@parley/core'
import {
  checkRead,
  checkSweep,
  checkWrite,
  type QueuedWrite,
  WriteQueue,
  type WriteResult,
} from '@parley/core/store'
import { failureFor } from './failures.ts'
import { Overtaken, writeGroup } from './group.ts'
import { postgresLimits } from './limits.ts'
import { settingsOf, type PostgresStoreOptions, type Settings } from './options.ts'
import { readLedger } from './reading.ts'
import { nameOf } from './rows.ts'
import { migrate } from './schema.ts'
import { type Session, Sessions } from './session.ts'
import { statementsFor, type Statements } from './statements.ts'
import { inTransaction, type Manners, mannersFor, type PostgresTransaction, UserPart } from './transaction.ts'

/**
 * Connects, brings the tables to the version of this store, and checks that the server keeps what it commits.
 * Rejects with {@link StoreFailure}: `unavailable`, `read-only` (a standby), `unsafe` (`fsync` is off),
 * `version`. Throws `StoreUsageError` for options that are none.
 */
export function postgresStore(options: PostgresStoreOptions): Promise<CheckpointStore<PostgresTransaction>> {
  return open(settingsOf(options))
}

async function open(settings: Settings): Promise<CheckpointStore<PostgresTransaction>> {
  // Writes have a connection of their own: the work of a transaction may wait for one.
  const flushing = new Sessions(settings, 1)
  try {
    const sync = await flushing.use(async (session) => {
      const sync = await examine(session)
      await migrate(session, settings.schema)
      return sync
    })
    return new PostgresStore(flushing, settings, mannersFor(settings.isolation, sync))
  } catch (error) {
    await flushing.close()
    throw failureFor(error, 'not-written')
  }
}

/** Throws for a server that cannot be a store. Returns how it commits. */
async function examine(session: Session): Promise<string> {
  const { rows } = await session.query<{ fsync: string; sync: string; standby: boolean }>(
    `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS sync,
       pg_is_in_recovery() AS standby`,
  )
  const { fsync, sync, standby } = rows[0] ?? { fsync: 'off', sync: 'off', standby: false }
  if (standby) throw new StoreFailure('read-only', 'not-written', 'PostgreSQL: this server is a standby')
  if (fsync !== 'on')
    throw new StoreFailure('unsafe', 'not-written', 'PostgreSQL: fsync is off, so commits can be lost')
  return sync
}

/** What a sweep reads of a ledger. */
interface DueRow {
  readonly no: string
  readonly kind: number
  readonly id: Buffer
  readonly removes: string
}

class PostgresStore implements CheckpointStore<PostgresTransaction> {
  readonly capabilities: StoreCapabilities = {
    durable: true,
    shared: true,
    transactional: true,
    statement: 'PostgreSQL: for several nodes, as durable as its server; commits with your own writes',
  }
  readonly #flushing: Sessions
  readonly #sessions: Sessions
  readonly #statements: Statements
  readonly #queue: WriteQueue
  readonly #manners: Manners
  readonly #inProgress = new Set<Promise<unknown>>()
  #closing: Promise<void> | undefined

  constructor(flushing: Sessions, settings: Settings, manners: Manners) {
    this.#flushing = flushing
    this.#sessions = new Sessions(settings, settings.connections - 1)
    this.#statements = statementsFor(settings.schema)
    this.#manners = manners
    this.#queue = new WriteQueue((group) => this.#flush(group))
  }

  write(changes: readonly LedgerChange[], now: number): Promise<void> {
    if (this.#closing === undefined) return this.#queue.write(changes, now)
    checkWrite(changes, now)
    return Promise.reject(closed())
  }

  read(name: LedgerName, query: LedgerQuery, now: number): Promise<Ledger | undefined> {
    checkRead(name, query, now)
    return this.#use((session) => readLedger(session, this.#statements, name, query, now))
  }

  sweep(now: number, limit: number): Promise<SweptLedger[]> {
    checkSweep(now, limit)
    return this.#use((session) => this.#sweep(session, now, limit))
  }

  transaction(work: TransactionWork<PostgresTransaction>, now: number): Promise<void> {
    return this.#track(this.#transaction(work, now))
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** One flush; done again when it and another node's were in each other's way. */
  async #flush(group: readonly QueuedWrite[]): Promise<WriteResult[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await answer(this.#flushing, (session) =>
          inTransaction(session, this.#manners.begin, () => writeGroup(session, this.#statements, group)),
        )
      } catch (error) {
        const again = error instanceof StoreFailure && error.code === 'aborted'
        if (!again || attempt === postgresLimits.attempts) throw error
      }
    }
  }

  async #sweep(session: Session, now: number, limit: number): Promise<SweptLedger[]> {
    const { due, dropEntries, endLedgers, dropRows } = this.#statements
    return inTransaction(session, this.#manners.begin, async () => {
      const { rows } = await session.query<DueRow>(due, [now, limit])
      const swept = rows.map(({ no, kind, id, removes }) => {
        return { no, name: nameOf(kind, id), removed: Number(removes) <= now }
      })
      const numbers = (of: typeof swept): string[] => of.map(({ no }) => no)
      await session.query(dropEntries, [numbers(swept)])
      await session.query(endLedgers, [numbers(swept.filter(({ removed }) => !removed))])
      await session.query(dropRows, [numbers(swept.filter(({ removed }) => removed))])
      return swept.map(({ name, removed }) => ({ name, removed }))
    })
  }

  async #transaction(work: TransactionWork<PostgresTransaction>, now: number): Promise<void> {
    if (this.#closing !== undefined) throw closed()
    // What the work itself throws is not ours to translate.
    let thrown: { error: unknown } | undefined
    const { beginWork, guard } = this.#manners
    const whole = async (session: Session): Promise<void> => {
      const part = await UserPart.begin(session)
      let changes
      try {
        changes = await work(part)
      } catch (error) {
        thrown = { error }
        throw error
      }
      await part.end()
      checkWrite(changes, now)
      await session.query(guard)
      const [refusal] = await writeGroup(session, this.#statements, [{ changes, now }])
      if (refusal !== undefined) throw refusal
    }
    try {
      await answer(this.#sessions, (session) => inTransaction(session, beginWork, () => whole(session)))
    } catch (error) {
      throw thrown === undefined ? error : thrown.error
    }
  }

  async #use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw closed()
    return this.#track(answer(this.#sessions, work))
  }

  async #track<T>(work: Promise<T>): Promise<T> {
    this.#inProgress.add(work)
    try {
      return await work
    } finally {
      this.#inProgress.delete(work)
    }
  }

  async #close(): Promise<void> {
    await this.#queue.idle()
    await Promise.allSettled(this.#inProgress)
    await this.#sessions.close()
    await this.#flushing.close()
  }
}

/** Works with a connection; whatever goes wrong is a failure of the store, and nothing was written. */
async function answer<T>(sessions: Sessions, work: (session: Session) => Promise<T>): Promise<T> {
  try {
    return await sessions.use(work)
  } catch (error) {
    if (error instanceof Overtaken) throw new StoreFailure('aborted', 'not-written', error.message)
    throw failureFor(error, 'not-written')
  }
}

function closed(): StoreFailure {
  return new StoreFailure('closed', 'not-written', 'the store was closed')
}
