// Comes back to a service whose server has forgotten the session: it was restarted, or another one answers
// now. At once, then with full jitter, for as long as a session may be without a connection.
import type { Clock, Session, SessionEnd, Timer } from '@parley/core'
import { rpcLimits, type SessionLimits } from '../limits.ts'
import { isRpcError, RpcError } from '../errors.ts'
import {
  newAbortController,
  type AbortControllerLike,
  type PlatformAbortSignal,
} from '../platform/platform.ts'
import type { Agreed } from './handshake.ts'
import type { Renewal } from './session-life.ts'

/** See the head of this file. */
export class Renewer implements Renewal {
  readonly #clock: Clock
  readonly #limits: SessionLimits
  readonly #open: (
    signal: PlatformAbortSignal,
  ) => Promise<{ readonly session: Session; readonly agreed: Agreed }>
  #wake: (() => void) | undefined
  /** Made for the attempts: most sessions end without any. */
  #attempts: AbortControllerLike | undefined
  #over = false

  constructor(
    clock: Clock,
    limits: SessionLimits,
    open: (signal: PlatformAbortSignal) => ReturnType<Renewal['renew']>,
  ) {
    this.#clock = clock
    this.#limits = limits
    this.#open = open
  }

  helps(end: SessionEnd, moving: boolean): boolean {
    return !this.#over && (moving || end.reason === 'unknown')
  }

  async renew(): Promise<{ readonly session: Session; readonly agreed: Agreed }> {
    const deadline = this.#clock.now() + this.#limits.timeToLive
    const { signal } = (this.#attempts ??= newAbortController())
    for (let failures = 0; ; failures++) {
      try {
        const renewed = await this.#open(signal)
        if (!this.#over) return renewed
        renewed.session.abort()
      } catch (thrown) {
        if (!isPassing(thrown)) throw thrown
      }
      const delay = Math.random() * Math.min(rpcLimits.renewDelayMost, rpcLimits.renewDelay * 2 ** failures)
      if (this.#over || this.#clock.now() + delay > deadline) throw new RpcError('UNAVAILABLE', 'gave up')
      await this.#wait(delay)
      if (this.#over) throw new RpcError('UNAVAILABLE', 'gave up')
    }
  }

  giveUp(): void {
    this.#over = true
    this.#attempts?.abort()
    this.#wake?.()
  }

  async #wait(milliseconds: number): Promise<void> {
    let timer: Timer | undefined
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      timer = this.#clock.setTimer(milliseconds, resolve, true)
    })
    timer?.cancel()
    this.#wake = undefined
  }
}

/** True for what may be otherwise the next time. */
function isPassing(thrown: unknown): boolean {
  return isRpcError(thrown) && (thrown.code === 'UNAVAILABLE' || thrown.code === 'DEADLINE_EXCEEDED')
}
