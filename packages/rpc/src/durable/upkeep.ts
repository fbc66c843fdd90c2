// Looks after a store once in a while: what sessions that are there need is kept for longer, and the room of
// what was kept for long enough is freed. Every server with the store does so, each at times of its own.
import type { CheckpointStore, Clock, Timer } from '@parley/core'
import { rpcLimits } from '../limits.ts'
import { wallClock } from '../platform/platform.ts'

/** What needs what it has in the store for as long as it is there. */
export interface Kept {
  /** Sees to it that nothing of it is past its retention. Never rejects. */
  keep(): Promise<void>
}

/** See the head of this file. */
export class Upkeep {
  readonly #store: CheckpointStore
  readonly #clock: Clock
  readonly #live = new Set<Kept>()
  #timer: Timer | undefined
  #stopped = false

  constructor(store: CheckpointStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** Begins. The first time is one interval from now. */
  start(): void {
    if (this.#stopped) return
    const delay = rpcLimits.upkeepInterval * (0.5 + Math.random())
    this.#timer = this.#clock.setTimer(delay, () => void this.#look())
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  /** Something that is there. */
  add(kept: Kept): void {
    this.#live.add(kept)
  }

  /** It is over. */
  remove(kept: Kept): void {
    this.#live.delete(kept)
  }

  async #look(): Promise<void> {
    for (const kept of this.#live) await kept.keep()
    try {
      let swept: readonly unknown[]
      do swept = await this.#store.sweep(wallClock(), rpcLimits.sweptLedgers)
      while (swept.length === rpcLimits.sweptLedgers && !this.#stopped)
    } catch {
      // Nothing depends on it, and whatever is the matter with the store, calls will say. Later again.
    }
    this.start()
  }
}
