// Writes that wait for a flush, and the flushes: while one is under way the writes that come wait, and the
// next takes all of them, so that many writers share one trip to the disk. Bounded; holds no timer. The store
// says how a group is flushed, and every write is settled whatever that does.
import { storeLimits } from '../limits.ts'
import type { LedgerChange } from '../ports/checkpoint-store.ts'
import { StoreFailure } from '../ports/store-error.ts'
import { checkWrite } from './arguments.ts'

/** One write of a group. */
export interface QueuedWrite {
  readonly changes: readonly LedgerChange[]
  readonly now: number
}

/** What became of one write: undefined when it was done, or the error its caller gets. */
export type WriteResult = Error | undefined

/**
 * Flushes a group, all of it in one step, and says for each write what became of it; writes that are refused
 * do not stop the others. When it rejects, each write of the group is rejected with the same error.
 */
export type Flush = (group: readonly QueuedWrite[]) => Promise<readonly WriteResult[]>

interface Waiting extends QueuedWrite {
  readonly octets: number
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** A store's queue of writes. */
export class WriteQueue {
  readonly #flush: Flush
  #waiting: Waiting[] = []
  #octets = 0
  #busy: Promise<void> | undefined
  #failure: StoreFailure | undefined

  constructor(flush: Flush) {
    this.#flush = flush
  }

  /**
   * Checks a write and queues it. Throws StoreUsageError at once; rejects with `busy` when too much waits,
   * and with the failure that stopped the queue.
   */
  write(changes: readonly LedgerChange[], now: number): Promise<void> {
    const octets = checkWrite(changes, now)
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    const full =
      this.#waiting.length >= storeLimits.waitingWrites || this.#octets + octets > storeLimits.waitingOctets
    if (full) {
      const message = `the store does not keep up: ${this.#waiting.length} writes wait for it`
      return Promise.reject(new StoreFailure('busy', 'not-written', message))
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ changes, now, octets, resolve, reject })
      this.#octets += octets
      this.#busy ??= this.#run()
    })
  }

  /** Rejects what waits, and all that comes, with this failure. What is being flushed goes on. Idempotent. */
  stop(failure: StoreFailure): void {
    this.#failure ??= failure
    for (const write of this.#take(Infinity, Infinity)) write.reject(this.#failure)
  }

  /** Resolves when nothing waits and nothing is being flushed. Never rejects. */
  async idle(): Promise<void> {
    while (this.#busy !== undefined) await this.#busy
  }

  async #run(): Promise<void> {
    // The writes of one turn belong to one group.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const group = this.#take(storeLimits.groupWrites, storeLimits.groupOctets)
      try {
        const results = await this.#flush(group)
        for (const [at, write] of group.entries()) settle(write, results[at])
      } catch (error) {
        for (const write of group) write.reject(error)
      }
    }
    this.#busy = undefined
  }

  /** Takes writes off the front of the queue: one at least, and no more than the bounds allow. */
  #take(most: number, mostOctets: number): Waiting[] {
    let count = 0
    let octets = 0
    for (const write of this.#waiting) {
      if (count > 0 && (count >= most || octets + write.octets > mostOctets)) break
      count++
      octets += write.octets
    }
    this.#octets -= octets
    if (count === this.#waiting.length) {
      const all = this.#waiting
      this.#waiting = []
      return all
    }
    return this.#waiting.splice(0, count)
  }
}

function settle(write: Waiting, result: WriteResult): void {
  if (result === undefined) write.resolve()
  else write.reject(result)
}
