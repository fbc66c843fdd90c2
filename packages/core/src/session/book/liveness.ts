// Whether the link under a session still lives, counted in ticks of equal length. It counts ticks and not
// time, so that a program that was halted takes no live link for dead. Pure.

/** Ticks in the time of silence that a side bears: four without a sign of life, and a part of one before. */
const TICKS = 5
/** So many times longer a peer is waited for that cannot speak. */
const PATIENCE = 10

/** What is to be done at a tick. */
export type Beat = 'nothing' | 'beat' | 'lost'

/** The signs of life of one connection. */
export class Liveness {
  /** Milliseconds from tick to tick. */
  readonly tick: number
  /** Set when something is sent. */
  sent = false
  /** Set when something is heard. */
  heard = false
  readonly #lostAfter: number
  readonly #beatAfter: number
  #silent = 0
  #quiet = 0

  /** Milliseconds of silence that we bear, and that the peer bears. */
  constructor(ours: number, theirs: number) {
    this.tick = Math.min(ours, theirs) / TICKS
    this.#lostAfter = Math.max(2, Math.floor(ours / this.tick) - 1)
    this.#beatAfter = Math.max(1, Math.floor((theirs * 2) / TICKS / this.tick) - 1)
  }

  /**
   * A tick has passed. `deaf`: we read nothing ourselves, so silence means nothing; `mute`: the protocol
   * keeps the peer from speaking, so it is given more time.
   */
  pass(deaf: boolean, mute: boolean): Beat {
    this.#silent = this.heard || deaf ? 0 : this.#silent + 1
    this.#quiet = this.sent ? 0 : this.#quiet + 1
    this.heard = this.sent = false
    if (this.#silent >= this.#lostAfter * (mute ? PATIENCE : 1)) return 'lost'
    return this.#quiet >= this.#beatAfter ? 'beat' : 'nothing'
  }
}
