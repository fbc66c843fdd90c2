// Time as the session layer sees it. Types only. Durations come from a monotonic clock; the wall clock has no
// part in safety.

/**
 * A monotonic clock that can call back. `systemClock` is the real one, `VirtualClock` of `core/testing` the
 * one for tests.
 */
export interface Clock {
  /** Milliseconds since some fixed point; never goes back. */
  now(): number
  /**
   * Calls `callback` once, `delay` milliseconds from now (0 or more). The timer must not keep a process alive
   * by itself, unless `holds` is true: what it waits for is then as good as an open connection.
   */
  setTimer(delay: number, callback: () => void, holds?: boolean): Timer
}

/** A pending callback of a {@link Clock}. */
export interface Timer {
  /** The callback will not be called. Idempotent; harmless after it was called. */
  cancel(): void
}
