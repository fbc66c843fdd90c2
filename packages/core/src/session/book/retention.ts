// What one side of a session has sent and the other side has not confirmed, oldest first. It counts in
// positions: the number of units sent before, over the whole life of the session. Pure.
import { coreLimits } from '../../limits.ts'
import { returnPage, takePage, type Page } from './pages.ts'

/** One SSDU that may have to be sent again. */
export interface Unit {
  readonly parts: readonly Uint8Array[]
  /** True for S-TYPED-DATA. Both kinds are in one sequence, so that they keep their order. */
  readonly typed: boolean
  /** The octets of its parts. */
  readonly length: number
}

/** So many settled units may lie at the head before the rest is moved down. */
const COMPACT_AT = 1024
/** The smallest page, in octets. */
const LEAST_PAGE = 256

/** The units from `start` up to `end`. */
export class Retention {
  /** The position of the oldest unit kept: the other side has everything before it. */
  start: number
  /** What all units kept count for: their octets, and `coreLimits.unitOctets` for each. */
  octets = 0
  /**
   * Side by side, for what is kept survives a collection or two, and each object of it is moved then: the
   * page that has a copy of the unit, or its parts; where it begins in the page; its length, below 0 if it is
   * typed.
   */
  readonly #contents: (Page | readonly Uint8Array[] | undefined)[] = []
  readonly #places: number[] = []
  readonly #lengths: number[] = []
  #head = 0
  /** Where the next small unit goes. */
  #page: Page | undefined = undefined
  /** The size of a new page: the busier the session, the larger, for many sessions keep but a little. */
  #pageOctets = LEAST_PAGE

  /** Empty, at a position: 0 for a new session. */
  constructor(start = 0) {
    this.start = start
  }

  /** The position of the next unit. */
  get end(): number {
    return this.start + this.#lengths.length - this.#head
  }

  /** No position is left for another unit. */
  get exhausted(): boolean {
    return this.end >= Number.MAX_SAFE_INTEGER
  }

  /** Keeps a unit: a copy if it is small, else its parts, which must not change. */
  keep({ parts, typed, length }: Unit): void {
    this.octets += length + coreLimits.unitOctets
    this.#lengths.push(typed ? -length : length)
    if (length > coreLimits.copiedOctets) {
      this.#contents.push(parts)
      this.#places.push(0)
      return
    }
    const page = this.#pageFor(length)
    this.#contents.push(page)
    this.#places.push(page.end)
    page.units++
    for (const part of parts) {
      page.bytes.set(part, page.end)
      page.end += part.length
    }
  }

  /**
   * The unit at this position; undefined when it is not kept. What is in a page is copied once more: whoever
   * sends it may hold on to it for longer than it is kept.
   */
  at(position: number): Unit | undefined {
    const index = this.#head + position - this.start
    const [content, place, signed] = [this.#contents[index], this.#places[index], this.#lengths[index]]
    if (content === undefined || place === undefined || signed === undefined) return undefined
    const length = Math.abs(signed)
    const parts = 'bytes' in content ? [content.bytes.slice(place, place + length)] : content
    return { parts, typed: signed < 0, length }
  }

  /** The other side has everything before `position`. Earlier positions, and later than `end`, do nothing. */
  release(position: number): void {
    if (position > this.end) return
    while (this.start < position) this.#releaseFirst()
    if (this.#head === this.#lengths.length) this.#empty()
    else if (this.#head >= COMPACT_AT && this.#head * 2 > this.#lengths.length) this.#compact()
  }

  /** Keeps nothing any more: the session is over. */
  clear(): void {
    this.release(this.end)
  }

  #pageFor(length: number): Page {
    const page = this.#page
    if (page !== undefined) {
      if (page.end + length <= page.bytes.length) return page
      this.#pageOctets = Math.min(this.#pageOctets * 2, coreLimits.pageOctets)
    }
    while (length > this.#pageOctets) this.#pageOctets *= 2
    return (this.#page = takePage(this.#pageOctets))
  }

  #releaseFirst(): void {
    const content = this.#contents[this.#head]
    this.octets -= Math.abs(this.#lengths[this.#head] ?? 0) + coreLimits.unitOctets
    if (content !== undefined && 'bytes' in content) {
      content.units--
      if (content.units === 0 && content !== this.#page) returnPage(content)
    }
    this.#contents[this.#head++] = undefined
    this.start++
  }

  #empty(): void {
    const page = this.#page
    if (page !== undefined) {
      if (page.end < this.#pageOctets / 4) this.#pageOctets = Math.max(this.#pageOctets / 2, LEAST_PAGE)
      returnPage(page)
    }
    this.#page = undefined
    this.#contents.length = this.#places.length = this.#lengths.length = this.#head = 0
  }

  #compact(): void {
    for (const list of [this.#contents, this.#places, this.#lengths]) list.splice(0, this.#head)
    this.#head = 0
  }
}
