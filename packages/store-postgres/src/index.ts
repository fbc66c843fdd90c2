// A checkpoint store in PostgreSQL: a table of contents.

export { postgresStore } from './postgres-store.ts'
export type { PostgresStoreOptions } from './options.ts'
export type { PostgresConnection } from './session.ts'
export type { Isolation, PostgresTransaction, TransactionRows } from './transaction.ts'
export { type PostgresLimits, postgresLimits } from './limits.ts'
