// Every bound of this package: default, unit, reason. Nothing else may hold a bound of its own.

/** The bounds of `store-lmdb`; each is a default that options may replace where its docstring says so. */
export const lmdbLimits: LmdbLimits = Object.freeze({
  maxOctets: 16 * 1024 ** 3,
  freeOctets: 16 * 1024 ** 2,
  treeDepth: 32,
  holdAttempts: 10,
})

/** The type of {@link lmdbLimits}. */
export interface LmdbLimits {
  /**
   * 17,179,869,184 octets (16 GiB) of ledgers; then writes that add to them fail with `full`. The file is
   * larger by what LMDB needs. Reason: the disk is not this store's alone. Option `maxOctets`.
   */
  readonly maxOctets: number
  /**
   * 16,777,216 octets (16 MiB) that must be free on the disk, besides twice what a flush brings; else it
   * fails with `full`. Reason: to be refused is safe, to run out in the middle of a flush stops the store.
   * Fixed.
   */
  readonly freeOctets: number
  /** 32 levels of a tree in the file. Reason: LMDB has no more; a damaged file may say so. Fixed. */
  readonly treeDepth: number
  /** 10 attempts to become the file's holder. Reason: each means that another process tried too. Fixed. */
  readonly holdAttempts: number
}
