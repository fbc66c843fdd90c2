// What one side of a session has sent and the other side has not confirmed, oldest first. It counts in
// positions: the number of units sent before, over the whole life of the session. Pure; it never copies what
// it keeps.

/** One SSDU that may have to be sent again. */
export interface Unit {
  readonly parts: readonly Uint8Array[]
  /** True for S-TYPED-DATA. Both kinds are in one sequence, so that they keep their order. */
  readonly typed: boolean
  /** What it counts for, in octets: those of its parts and what keeping it costs. */
  readonly octets: number
}

/** So many settled units may lie at the head before the rest is moved down. */
const COMPACT_AT = 1024

/** The units from `start` up to `end`. */
export class Retention {
  /** The position of the oldest unit kept: the other side has everything before it. */
  start: number
  /** What all units kept count for. */
  octets = 0
  /**
   * Side by side, for what is kept survives a collection or two, and each object of it is moved then: the
   * parts, or the only one; what the unit counts for, below 0 if it is typed.
   */
  readonly #contents: (Uint8Array | readonly Uint8Array[] | undefined)[] = []
  readonly #counts: number[] = []
  #head = 0

  /** Empty, at a position: 0 for a new session. */
  constructor(start = 0) {
    this.start = start
  }

  /** The position of the next unit. */
  get end(): number {
    return this.start + this.#counts.length - this.#head
  }

  /** No position is left for another unit. */
  get exhausted(): boolean {
    return this.end >= Number.MAX_SAFE_INTEGER
  }

  keep({ parts, typed, octets }: Unit): void {
    const [first] = parts
    this.#contents.push(parts.length === 1 ? first : parts)
    this.#counts.push(typed ? -octets : octets)
    this.octets += octets
  }

  /** The unit at this position; undefined when it is not kept. */
  at(position: number): Unit | undefined {
    const place = this.#head + position - this.start
    const content = this.#contents[place]
    const count = this.#counts[place]
    if (content === undefined || count === undefined) return undefined
    const parts = content instanceof Uint8Array ? [content] : content
    return { parts, typed: count < 0, octets: Math.abs(count) }
  }

  /** The other side has everything before `position`. Earlier positions, and later than `end`, do nothing. */
  release(position: number): void {
    if (position > this.end) return
    while (this.start < position) {
      this.octets -= Math.abs(this.#counts[this.#head] ?? 0)
      this.#contents[this.#head++] = undefined
      this.start++
    }
    if (this.#head === this.#counts.length) this.#counts.length = this.#contents.length = 0
    else if (this.#head >= COMPACT_AT && this.#head * 2 > this.#counts.length) {
      this.#contents.splice(0, this.#head)
      this.#counts.splice(0, this.#head)
    } else return
    this.#head = 0
  }

  /** Keeps nothing any more: the session is over. */
  clear(): void {
    this.release(this.end)
  }
}
