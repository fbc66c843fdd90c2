// A store for simulations: one database that any number of nodes use, on the clock and the chance of a test.
// It can be slow, refuse, or leave a write's outcome unknown, and what was not synced is lost at a crash.
import type { Clock, Timer } from '../ports/clock.ts'
import type {
  CheckpointStore,
  Ledger,
  LedgerChange,
  LedgerName,
  LedgerQuery,
  StoreCapabilities,
  SweptLedger,
  TransactionWork,
} from '../ports/checkpoint-store.ts'
import { StoreFailure, StoreRefusal } from '../ports/store-error.ts'
import { checkRead, checkSweep, checkWrite } from '../store/arguments.ts'
import { Ledgers } from '../store/ledgers.ts'
import type { SeededRandom } from './random.ts'

/**
 * What befalls an operation:
 *
 * - `none` it is done
 * - `refused` it fails with `unavailable`, and is not done
 * - `lost` a write fails with an unknown outcome, and is not done
 * - `done-unseen` a write is done, and fails with an unknown outcome
 * - `done-late` a write fails with an unknown outcome, and is done `lateness` afterwards (if it still may)
 */
export type StoreFault = 'none' | 'refused' | 'lost' | 'done-unseen' | 'done-late'

/** What a simulated database is like. */
export interface SimulatedDatabaseOptions {
  readonly clock: Clock
  /** Decides, at a crash, which writes in progress are done and which are not. */
  readonly random: SeededRandom
  /** Milliseconds that an operation takes; a function is asked each time. Default: 1. */
  readonly delay?: number | (() => number)
  /** What befalls an operation; asked for each. Default: nothing ever. */
  readonly fault?: (operation: 'write' | 'read' | 'sweep') => StoreFault
  /** Milliseconds from failing to being done, for `done-late`. Default: 100. */
  readonly lateness?: number
  /**
   * Milliseconds by which a write is acknowledged before it is synced: a database that does not keep its
   * promise. What was acknowledged and not synced is lost at a crash. Default: 0, acknowledged when synced.
   */
  readonly syncLag?: number
  /**
   * It has transactions, whose handle is a {@link SimulatedTransaction}. What befalls the write befalls what
   * was inserted. Default: false.
   */
  readonly transactional?: boolean
  /** Told the changes of each write that was done, when they are in force. */
  readonly onWritten?: (changes: readonly LedgerChange[]) => void
}

/** What users do in a transaction of the simulated database. */
export interface SimulatedTransaction {
  /** Adds a row; it is among {@link SimulatedDatabase.rows} if and only if the transaction is committed. */
  insert(row: string): void
}

/** One node's handle on a simulated database. */
export interface SimulatedStore extends CheckpointStore {
  /**
   * The node dies: nothing it waits for settles any more, and each of its writes in progress is done or not,
   * as chance has it.
   */
  crash(): void
}

/** A database that several nodes use. */
export class SimulatedDatabase {
  readonly #options: SimulatedDatabaseOptions
  #ledgers = new Ledgers()
  /** What a crash of the database leaves. The same as `#ledgers` but for what is not synced yet. */
  readonly #synced = new Ledgers()
  readonly #nodes = new Set<Node>()
  readonly #syncing = new Set<Timer>()
  #rows: string[] = []
  readonly #syncedRows: string[] = []

  constructor(options: SimulatedDatabaseOptions) {
    this.#options = options
  }

  /** What was inserted in transactions, in the order of their commits. */
  get rows(): readonly string[] {
    return this.#rows
  }

  /** A handle for one node. */
  open(): SimulatedStore {
    const node = new Node(this.#options, {
      write: (changes, now, rows) => this.#write(changes, now, rows),
      read: (name, query, now) => this.#ledgers.read(name, query, now),
      sweep: (now, limit) => this.#sweep(now, limit),
      closed: () => void this.#nodes.delete(node),
    })
    this.#nodes.add(node)
    return node
  }

  /**
   * The database loses its power and comes back: of the writes in progress some are done and some are not,
   * all of them fail with an unknown outcome, and what was not synced is gone. The handles stay.
   */
  crash(): void {
    for (const timer of this.#syncing) timer.cancel()
    this.#syncing.clear()
    this.#ledgers = this.#synced.copy()
    this.#rows = [...this.#syncedRows]
    for (const node of this.#nodes) node.interrupt()
  }

  #write(changes: readonly LedgerChange[], now: number, rows: readonly string[]): void {
    this.#ledgers.write(changes, now)
    this.#rows.push(...rows)
    this.#options.onWritten?.(changes)
    this.#sync(() => {
      this.#synced.write(changes, now)
      this.#syncedRows.push(...rows)
    })
  }

  #sweep(now: number, limit: number): SweptLedger[] {
    const swept = this.#ledgers.sweep(now, limit)
    this.#sync(() => void this.#synced.sweep(now, limit))
    return swept
  }

  #sync(work: () => void): void {
    const { syncLag = 0, clock } = this.#options
    if (syncLag === 0) return work()
    const timer = clock.setTimer(syncLag, () => {
      this.#syncing.delete(timer)
      work()
    })
    this.#syncing.add(timer)
  }
}

interface Database {
  write(changes: readonly LedgerChange[], now: number, rows: readonly string[]): void
  read(name: LedgerName, query: LedgerQuery, now: number): Ledger | undefined
  sweep(now: number, limit: number): SweptLedger[]
  closed(): void
}

/** One operation on its way. */
interface Operation {
  timer: Timer
  /** Does it, without an answer: what a crash may leave behind. Only writes. */
  readonly happen?: (() => void) | undefined
  readonly fail: (error: StoreFailure) => void
}

class Node implements SimulatedStore {
  readonly capabilities: StoreCapabilities
  readonly transaction?: NonNullable<CheckpointStore['transaction']>
  readonly #options: SimulatedDatabaseOptions
  readonly #database: Database
  readonly #operations = new Set<Operation>()
  #closed = false
  readonly #onIdle: (() => void)[] = []

  constructor(options: SimulatedDatabaseOptions, database: Database) {
    this.#options = options
    this.#database = database
    this.capabilities = {
      durable: (options.syncLag ?? 0) === 0,
      shared: true,
      transactional: options.transactional ?? false,
      statement: 'simulated: in memory, for tests',
    }
    if (options.transactional === true) this.transaction = (work, now) => this.#transact(work, now)
  }

  write(changes: readonly LedgerChange[], now: number): Promise<void> {
    return this.#commit(changes, now, [])
  }

  read(name: LedgerName, query: LedgerQuery, now: number): Promise<Ledger | undefined> {
    checkRead(name, query, now)
    return this.#operate(this.#fault('read'), () => this.#database.read(name, query, now))
  }

  sweep(now: number, limit: number): Promise<SweptLedger[]> {
    checkSweep(now, limit)
    return this.#operate(this.#fault('sweep'), () => this.#database.sweep(now, limit))
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#operations.size > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve))
    this.#database.closed()
  }

  crash(): void {
    this.#closed = true
    this.#database.closed()
    for (const { timer, happen } of this.#operations) {
      timer.cancel()
      if (this.#options.random.chance(0.5)) quietly(happen)
    }
    this.#operations.clear()
  }

  /** The database lost its power under the operations on their way. */
  interrupt(): void {
    for (const { timer, happen, fail } of [...this.#operations]) {
      timer.cancel()
      if (this.#options.random.chance(0.5)) quietly(happen)
      fail(failure(happen === undefined ? 'not-written' : 'unknown'))
    }
  }

  async #transact(work: TransactionWork<SimulatedTransaction>, now: number): Promise<void> {
    const rows: string[] = []
    const changes = await work({ insert: (row) => void rows.push(row) })
    return this.#commit(changes, now, rows)
  }

  #commit(changes: readonly LedgerChange[], now: number, rows: readonly string[]): Promise<void> {
    checkWrite(changes, now)
    const commit = (): void => this.#database.write(changes, now, rows)
    return this.#operate(this.#fault('write'), commit, commit)
  }

  #fault(operation: 'write' | 'read' | 'sweep'): StoreFault {
    return this.#options.fault?.(operation) ?? 'none'
  }

  #operate<T>(fault: StoreFault, work: () => T, happen?: () => void): Promise<T> {
    if (this.#closed)
      return Promise.reject(new StoreFailure('closed', 'not-written', 'the simulated store was closed'))
    const { clock, delay = 1 } = this.#options
    return new Promise<T>((resolve, reject) => {
      const settle = (answer: () => void): void => {
        this.#operations.delete(operation)
        answer()
        if (this.#operations.size === 0) for (const idle of this.#onIdle.splice(0)) idle()
      }
      const arrive = (): void => {
        if (fault === 'none') return settle(() => attempt(work, resolve, reject))
        if (fault === 'done-unseen') quietly(happen)
        if (fault === 'done-late') clock.setTimer(this.#options.lateness ?? 100, () => quietly(happen))
        settle(() => reject(failure(fault === 'refused' || happen === undefined ? 'not-written' : 'unknown')))
      }
      const timer = clock.setTimer(typeof delay === 'number' ? delay : delay(), arrive)
      const operation: Operation = { timer, happen, fail: (error) => settle(() => reject(error)) }
      this.#operations.add(operation)
    })
  }
}

function attempt<T>(work: () => T, resolve: (value: T) => void, reject: (error: unknown) => void): void {
  try {
    resolve(work())
  } catch (error) {
    reject(error)
  }
}

/** Does what nobody hears the answer of: a write that is refused then is as good as lost. */
function quietly(work: (() => void) | undefined): void {
  try {
    work?.()
  } catch (error) {
    if (!(error instanceof StoreRefusal)) throw error
  }
}

function failure(outcome: 'not-written' | 'unknown'): StoreFailure {
  return new StoreFailure('unavailable', outcome, 'the simulated store failed, as it was told to')
}
