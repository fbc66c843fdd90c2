// A clock that moves only when told to, so that a test of an hour takes a millisecond and always goes the
// same way.
import type { Clock, Timer } from '../ports/clock.ts'
import { turns } from './turns.ts'

/** Starts at 0. Timers run in the order of their time, and of their making where the times are equal. */
export class VirtualClock implements Clock {
  #now = 0
  #made = 0
  /** Sorted: the next to run comes last. */
  readonly #timers: VirtualTimer[] = []

  /** Milliseconds since this clock was made. */
  now(): number {
    return this.#now
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.length
  }

  setTimer(delay: number, callback: () => void): Timer {
    const timer = new VirtualTimer(this.#timers, this.#now + Math.max(0, delay), this.#made++, callback)
    const place = this.#timers.findLastIndex((other) => runsAfter(other, timer))
    this.#timers.splice(place + 1, 0, timer)
    return timer
  }

  /**
   * Moves `milliseconds` ahead and runs what falls due on the way, new timers included. Waits for no promise.
   */
  advance(milliseconds: number): void {
    const until = this.#now + milliseconds
    while (this.#runNext(until));
    this.#now = until
  }

  /** The same, letting all promises and queued callbacks settle before the first timer and after each. */
  async advanceAsync(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds
    await turns()
    while (this.#runNext(until)) await turns()
    this.#now = until
  }

  /** Throws when a timer still waits: the end of a test that must leave nothing behind. */
  expectNothingLeft(): void {
    const next = this.#timers.at(-1)
    if (next === undefined) return
    throw new Error(
      `${this.#timers.length} timers left, the first due at ${next.due} ms (now ${this.#now} ms)`,
    )
  }

  #runNext(until: number): boolean {
    const next = this.#timers.at(-1)
    if (next === undefined || next.due > until) return false
    this.#timers.pop()
    this.#now = next.due
    next.callback()
    return true
  }
}

class VirtualTimer implements Timer {
  readonly due: number
  readonly order: number
  readonly callback: () => void
  readonly #timers: VirtualTimer[]

  constructor(timers: VirtualTimer[], due: number, order: number, callback: () => void) {
    this.#timers = timers
    this.due = due
    this.order = order
    this.callback = callback
  }

  cancel(): void {
    const place = this.#timers.indexOf(this)
    if (place >= 0) this.#timers.splice(place, 1)
  }
}

function runsAfter(a: VirtualTimer, b: VirtualTimer): boolean {
  return a.due > b.due || (a.due === b.due && a.order > b.order)
}
