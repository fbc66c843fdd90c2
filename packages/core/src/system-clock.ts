// The real clock. The one file of core that touches the platform's time; everything else is given a Clock.
import type { Clock, Timer } from './ports/clock.ts'

/**
 * Milliseconds of the platform's monotonic clock and its timers, which keep a Node process alive only if they
 * are to.
 */
export const systemClock: Clock = {
  now: () => platform.performance.now(),
  setTimer: (delay, callback, holds = false) => new SystemTimer(delay, callback, holds),
}

/** What Node and browsers have in common here. */
interface Platform {
  readonly performance: { now(): number }
  setTimeout(callback: () => void, delay: number): unknown
  clearTimeout(handle: unknown): void
}

const platform = globalThis as unknown as Platform

/** The platform fires longer timers at once, so they are set in steps (24.8 days). */
const LONGEST_STEP = 2 ** 31 - 1

class SystemTimer implements Timer {
  readonly #holds: boolean
  #handle: unknown

  constructor(delay: number, callback: () => void, holds: boolean) {
    this.#holds = holds
    this.#set(delay, callback)
  }

  cancel(): void {
    platform.clearTimeout(this.#handle)
  }

  #set(delay: number, callback: () => void): void {
    const step = delay > LONGEST_STEP ? () => this.#set(delay - LONGEST_STEP, callback) : callback
    this.#handle = platform.setTimeout(step, Math.min(delay, LONGEST_STEP))
    if (!this.#holds && isNodeTimer(this.#handle)) this.#handle.unref()
  }
}

function isNodeTimer(handle: unknown): handle is { unref(): void } {
  return typeof handle === 'object' && handle !== null && 'unref' in handle
}
