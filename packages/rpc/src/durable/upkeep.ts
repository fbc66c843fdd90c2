// Looks after a store once in a while: what sessions that are there need is kept for longer, and the room of
// what was kept for long enough is freed. Every server with the store does so, each at times of its own.
import type { CheckpointStore, Clock, Timer } from '@parley/core'
import { rpcLimits } from '../limits.ts'
import { wallClock } from '../platform/platform.ts'
import type { DurableCalls } from './durable-calls.ts'

/** See the head of this file. */
export class Upkeep {
  readonly #store: CheckpointStore
  readonly #clock: Clock
  readonly #live = new Set<DurableCalls>()
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

  /** A session that is there. */
  add(calls: DurableCalls): void {
    this.#live.add(calls)
  }

  /** It is over. In agreement: then its client does not come back for outcomes. */
  remove(calls: DurableCalls, inAgreement: boolean): void {
    this.#live.delete(calls)
    if (inAgreement) void calls.end()
  }

  async #look(): Promise<void> {
    for (const calls of this.#live) await calls.keep()
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
