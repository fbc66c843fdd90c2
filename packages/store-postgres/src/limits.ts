// Every bound of this package: default, unit, reason. Nothing else may hold a bound of its own.

/** The bounds of `store-postgres`; each is a default that options may replace where its docstring says so. */
export const postgresLimits: PostgresLimits = Object.freeze({
  connections: 10,
  connectTimeout: 5000,
  timeout: 10_000,
  lockTimeout: 5000,
  waiting: 2000,
  attempts: 5,
})

/** The type of {@link postgresLimits}. */
export interface PostgresLimits {
  /** 10 connections, one of them for writes. Reason: pg's own default. Option `connections`, from 2. */
  readonly connections: number
  /** 5,000 ms for a connection, or one to become free. Reason: a caller waits. Option `connectTimeout`. */
  readonly connectTimeout: number
  /**
   * 10,000 ms for a statement to be answered; then its connection is given up. Reason: a server that has gone
   * without a word must not hold calls for ever. Option `timeout`.
   */
  readonly timeout: number
  /**
   * 5,000 ms that a node may keep ledgers locked without a word; then the server undoes its transaction.
   * Reason: a node that is paused there must not hold up who takes over. Fixed.
   */
  readonly lockTimeout: number
  /**
   * 2,000 reads and transactions that wait for a connection; the next fails with `busy`. Reason: more would
   * wait for seconds. Fixed.
   */
  readonly waiting: number
  /** 5 attempts at a flush that met another one; then it fails with `aborted`. Fixed. */
  readonly attempts: number
}
