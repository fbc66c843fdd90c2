// A signal of our own, for platforms whose AbortController this package does not name:
// it passes on one reason, once.

import type { AbortSignalLike } from '../ports/transport.ts'

/** An {@link AbortSignalLike} and what aborts it. */
export class Cancellation implements AbortSignalLike {
  aborted = false
  reason: unknown = undefined
  readonly #listeners = new Set<() => void>()

  /** Aborts; the first time counts. */
  abort(reason?: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    for (const listener of this.#listeners) listener()
    this.#listeners.clear()
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.add(listener)
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.delete(listener)
  }
}
