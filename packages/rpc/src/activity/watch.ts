// Notices on the calling side that the connection of an activity is silent: after some silence the other side
// is asked whether it is there, and after more the connection is given up. It counts ticks and not time, so
// that a program that was halted takes no live connection for dead.
import type { Clock, Timer } from '@parley/core'

/** Ticks in the silence that is borne. */
const TICKS = 5
/** Silent ticks after which the other side is asked. */
const ASKS_AFTER = 2

/** What it watches. */
export interface Watched {
  readonly clock: Clock
  /** Milliseconds of silence after which it is given up. */
  readonly silence: number
  readonly ask: () => void
  readonly giveUp: () => void
}

/** See the head of this file. */
export class Watch {
  readonly #watched: Watched
  #timer: Timer | undefined
  #silent = 0

  constructor(watched: Watched) {
    this.#watched = watched
    this.#wait()
  }

  /** Something has come. */
  heard(): void {
    this.#silent = 0
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #wait(): void {
    const { clock, silence } = this.#watched
    this.#timer = clock.setTimer(silence / TICKS, () => this.#tick())
  }

  #tick(): void {
    this.#silent += 1
    if (this.#silent >= TICKS) return this.#watched.giveUp()
    if (this.#silent === ASKS_AFTER) this.#watched.ask()
    this.#wait()
  }
}
