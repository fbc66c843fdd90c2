// What a checkpoint store answers instead of success: its caller's mistake, a rule that forbids the write, or
// a failure of the store itself. They say what is known of the outcome, never more.
import type { LedgerName } from './checkpoint-store.ts'

/** The caller's mistake: arguments that can never be right. Nothing has changed. */
export class StoreUsageError extends Error {
  override readonly name = 'StoreUsageError'
}

/**
 * - `fenced` another epoch is in force: somebody else owns the ledger, or it exists, or it does not
 * - `gone` the ledger was ended or is past its retention
 * - `forgotten` the entry's serial is below what was forgotten
 * - `conflict` the entry was made for a request with another hash
 * - `exists` the entry is final, or was started with this attempt or a later one
 */
export type StoreRefusalCode = 'fenced' | 'gone' | 'forgotten' | 'conflict' | 'exists'

/** The rules forbid the write. Nothing was written, and the store is well. */
export class StoreRefusal extends Error {
  override readonly name = 'StoreRefusal'
  readonly code: StoreRefusalCode
  /** The ledger whose change was refused; the others of the same write were not done either. */
  readonly ledger: LedgerName
  /** The epoch in force; 0 when there is no such ledger. */
  readonly epoch: number
  /** The entry that was refused, where it was one. */
  readonly serial: number | undefined

  constructor(code: StoreRefusalCode, ledger: LedgerName, epoch: number, serial?: number) {
    const what = serial === undefined ? '' : `, entry ${serial}`
    super(`the write was refused (${code}): ${ledger.kind} ledger at epoch ${epoch}${what}`)
    this.code = code
    this.ledger = ledger
    this.epoch = epoch
    this.serial = serial
  }
}

/**
 * The store works on, or may again:
 *
 * - `unavailable` it cannot be reached, or the connection to it was lost
 * - `busy` more writes wait than it takes
 * - `read-only` it takes no writes at present
 * - `full` there is no room left
 * - `aborted` it undid the transaction, for one that was in its way; the same write may succeed at once
 *
 * It has stopped for good, and has to be opened again when somebody has looked at it:
 *
 * - `stopped` a flush failed, or another process took it over: what it holds in memory is not to be trusted
 * - `corrupt` it holds something that was not written so
 * - `locked` another process has it
 * - `version` its contents are of a version this one does not know
 * - `unsafe` it is set up so that it cannot keep its promises
 * - `closed` by its user
 */
export type StoreFailureCode =
  | 'unavailable'
  | 'busy'
  | 'read-only'
  | 'full'
  | 'aborted'
  | 'stopped'
  | 'corrupt'
  | 'locked'
  | 'version'
  | 'unsafe'
  | 'closed'

/** The store could not do what was asked. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure'
  readonly code: StoreFailureCode
  /**
   * `not-written`: nothing was, and nothing will be. `unknown`: it may have been, or may still be; take the
   * ledger over and read it.
   */
  readonly outcome: 'not-written' | 'unknown'

  constructor(
    code: StoreFailureCode,
    outcome: 'not-written' | 'unknown',
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options)
    this.code = code
    this.outcome = outcome
  }
}
