// A checkpoint store in one file: a table of contents.

export { lmdbStore, type LmdbStoreOptions } from './lmdb-store.ts'
export { type LmdbLimits, lmdbLimits } from './limits.ts'
