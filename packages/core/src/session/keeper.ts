// The acceptor's way back: it keeps a session without a connection for its time to live, and waits.

import { endByRelease, endByUs } from '../connection/index.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import type { Dialogue } from './dialogue.ts'
import type { WayBack } from './way-back.ts'

const expired = endByUs('expired', 'the other side did not come back within the time to live')

/** Ends a session whose owner does not come back in time. */
export class Keeper implements WayBack {
  readonly #session: Dialogue
  readonly #clock: Clock
  readonly #timeToLive: number
  readonly #isClosed: () => boolean
  #timer: Timer | undefined = undefined

  /** `isClosed`: nobody can come back any more. */
  constructor(session: Dialogue, clock: Clock, timeToLive: number, isClosed: () => boolean) {
    this.#session = session
    this.#clock = clock
    this.#timeToLive = timeToLive
    this.#isClosed = isClosed
  }

  lost(): void {
    this.#timer?.cancel()
    const left = this.#isClosed() ? 0 : this.#timeToLive
    this.#timer = this.#clock.setTimer(left, () => {
      // Of a release that both sides wanted only the last word was lost.
      this.#session.over(this.#session.agreed ? endByRelease(undefined) : expired)
    })
  }

  /** The acceptor cannot connect: what it sends is kept until the initiator comes, or looks. */
  wanted(): void {}

  now(): void {}

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }
}
