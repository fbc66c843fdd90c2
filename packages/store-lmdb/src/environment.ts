// LMDB as this store uses it: one tree, transactions that are done whole and are on the disk when they have
// resolved. Nothing else may import lmdb.
import { open, type RootDatabase } from 'lmdb'

/** A tree of octets in a file. Reads see what was committed; in `transaction`, what it has done so far. */
export interface Environment {
  get(key: Uint8Array): Uint8Array | undefined
  /** From a key, included, to another, excluded; downwards when `from` is above `to`. */
  range(from: Uint8Array, to: Uint8Array): Iterable<{ readonly key: Uint8Array; readonly value: Uint8Array }>
  put(key: Uint8Array, value: Uint8Array): void
  remove(key: Uint8Array): void
  /**
   * Does the work, all of it or, when it throws, none. Rejects with {@link CommitError} when it was done and
   * then could not be brought to the disk: nobody knows then what the disk holds.
   */
  transaction<T>(work: () => T): Promise<T>
  close(): Promise<void>
}

/** The disk failed under a transaction. */
export class CommitError extends Error {
  override readonly name = 'CommitError'
}

/** Opens, or makes, the tree in a file. The file must have been checked: LMDB believes what it reads. */
export function openEnvironment(path: string): Environment {
  return new Lmdb(
    open<Uint8Array, Uint8Array>({
      path,
      noSubdir: true,
      encoding: 'binary',
      keyEncoding: 'binary',
      cache: false,
      // A commit resolves when it is on the disk, not before.
      overlappingSync: false,
      // With batches by turn, a commit that fails rejects a promise that nobody can reach.
      eventTurnBatching: false,
    }),
  )
}

class Lmdb implements Environment {
  readonly #tree: RootDatabase<Uint8Array, Uint8Array>

  constructor(tree: RootDatabase<Uint8Array, Uint8Array>) {
    this.#tree = tree
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#tree.get(key)
  }

  range(from: Uint8Array, to: Uint8Array): Iterable<{ key: Uint8Array; value: Uint8Array }> {
    const reverse = Buffer.compare(from, to) > 0
    return this.#tree.getRange({ start: from, end: to, reverse, snapshot: true })
  }

  put(key: Uint8Array, value: Uint8Array): void {
    void this.#tree.put(key, value)
  }

  remove(key: Uint8Array): void {
    void this.#tree.remove(key)
  }

  async transaction<T>(work: () => T): Promise<T> {
    try {
      // A transaction within one: only such a one is undone when its work throws.
      return await this.#tree.childTransaction(work)
    } catch (error) {
      const { commitError } = error as { commitError?: Promise<never> }
      if (commitError === undefined) throw error
      throw new CommitError(`the disk failed: ${await reasonOf(commitError)}`, { cause: error })
    }
  }

  close(): Promise<void> {
    return this.#tree.close()
  }
}

async function reasonOf(failed: Promise<never>): Promise<string> {
  try {
    return await failed
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
