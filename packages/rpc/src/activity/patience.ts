// How long an activity that has lost its server tries to come back: at once at first, then with full jitter
// and ever less often, until it has got no further for as long as a session may be without a connection.
import type { Clock, Timer } from '@parley/core'
import { RpcError, type RpcErrorOptions } from '../errors.ts'
import { rpcLimits, type SessionLimits } from '../limits.ts'

/** How often the silence that is borne is doubled. */
const MOST_DOUBLINGS = 7

/** See the head of this file. */
export class Patience {
  /** What the server said when it put the activity down. */
  because: string | undefined
  readonly #clock: Clock
  readonly #limits: SessionLimits
  /** Attempts since it last got any further, and when that was. */
  #attempts = 0
  #silences = 0
  #since: number | undefined
  #last: RpcError | undefined
  #attachedAt: number | undefined
  #wake: (() => void) | undefined

  constructor(clock: Clock, limits: SessionLimits) {
    this.#clock = clock
    this.#limits = limits
  }

  /**
   * Milliseconds of silence that a connection is borne: twice as many each time, for what comes of a large
   * item is seen only when all of it is there.
   */
  get silence(): number {
    return this.#limits.silenceTimeout * 2 ** Math.min(this.#silences, MOST_DOUBLINGS)
  }

  /** A connection was given up because it was silent. */
  silent(): void {
    this.#silences += 1
  }

  /** True when there is no use in trying on. */
  get isOver(): boolean {
    return this.#since !== undefined && this.#clock.now() - this.#since >= this.#limits.timeToLive
  }

  /** It has got further. */
  progress(): void {
    this.#attempts = this.#silences = 0
    this.#since = undefined
    this.because = undefined
  }

  /** A server works on it. */
  attached(): void {
    this.#attachedAt = this.#clock.now()
  }

  failed(error: RpcError): void {
    this.#last = error
  }

  /** Waits until it is time for the next attempt, or {@link wake}. */
  async wait(): Promise<void> {
    const attachedAt = this.#attachedAt ?? Infinity
    this.#attachedAt = undefined
    if (this.#clock.now() - attachedAt >= rpcLimits.renewDelayMost) this.progress()
    const attempt = this.#attempts++
    this.#since ??= this.#clock.now()
    if (attempt === 0) return
    const most = Math.min(rpcLimits.renewDelayMost, rpcLimits.renewDelay * 2 ** Math.min(attempt - 1, 30))
    let timer: Timer | undefined
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      timer = this.#clock.setTimer(Math.random() * most, resolve, true)
    })
    timer?.cancel()
    this.#wake = undefined
  }

  /** The next attempt is to be made now. */
  wake(): void {
    this.#wake?.()
  }

  /** Why it was given up. */
  error(options: RpcErrorOptions): RpcError {
    const text = this.#last?.message ?? this.because ?? 'no server took it'
    const { timeToLive } = this.#limits
    const waited = `the activity could not be gone on with for ${timeToLive} ms: ${text}`
    return new RpcError('UNAVAILABLE', waited, { ...options, cause: this.#last })
  }
}
