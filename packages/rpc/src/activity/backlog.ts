// What one side of an activity has to send in order, and keeps until the other side has had it: items, each
// with its position, and the points between them. A connection that is lost takes nothing along: the next one
// goes on from where the other side says. Pure.
import { ITEM_OVERHEAD } from '../peer/consumer.ts'

/** What is sent: an item, or a point that all items before it belong to. */
export type Entry = BacklogItem | BacklogPoint

export interface BacklogItem {
  readonly kind: 'item'
  /** How many items came before it. */
  readonly at: number
  readonly octets: Uint8Array
}

export interface BacklogPoint {
  readonly kind: 'point'
  readonly at: number
  readonly inputs: InputPositions
}

/** How many items of which streams were taken: pairs of channel and number. */
export type InputPositions = readonly (readonly [channel: number, position: number])[]

/** See the head of this file. */
export class Backlog {
  /** Octets of items that the other side can still take. */
  credit = 0
  readonly #entries: Entry[] = []
  /** Place of the next one to be sent. */
  #cursor = 0
  /** Octets of items that are not sent yet, as credit counts them. */
  #unsent = 0
  #first: number
  #count: number
  /** Items below this position were had: those that are made again are skipped. */
  #had = 0
  /** Items below this one have come, and may be lost again: those that are made again are not sent. */
  #wanted = 0
  #octets = 0

  /** `position`: how many items came before. */
  constructor(position = 0) {
    this.#first = position
    this.#count = position
  }

  /** The position of the oldest item there is, or of the next one. */
  get first(): number {
    return this.#first
  }

  /** How many items there have been. */
  get count(): number {
    return this.#count
  }

  /** Octets of all items that are kept. */
  get octets(): number {
    return this.#octets
  }

  /** True when another item would leave at once, or the other side is away and would have taken it. */
  get wantsMore(): boolean {
    return this.#unsent < this.credit
  }

  /** True when nothing waits to be sent. */
  get isSent(): boolean {
    return this.#cursor === this.#entries.length
  }

  add(octets: Uint8Array): void {
    if (this.#count < this.#had) {
      this.#count += 1
      this.#first = this.#count
      return
    }
    this.#entries.push({ kind: 'item', at: this.#count, octets })
    this.#count += 1
    this.#octets += octets.length
    if (this.#count <= this.#wanted) this.#cursor = this.#entries.length
    else this.#unsent += costOf(octets)
  }

  /** A point behind the first `at` items, or as near to it as what was sent allows. */
  mark(at: number, inputs: InputPositions): void {
    let place = this.#entries.length
    while (place > this.#cursor && isBehind(this.#entries[place - 1] as Entry, at)) place--
    const before = this.#entries[place - 1]
    // Whoever makes checkpoints and yields nothing is not to fill the memory with them: the last one says
    // all.
    const replaced = before?.kind === 'point' && before.at === at ? 1 : 0
    this.#entries.splice(place - replaced, replaced, { kind: 'point', at, inputs })
    if (place - replaced < this.#cursor) this.#cursor -= replaced
  }

  /** The next one to be sent, if there is credit for it; it counts as sent from here on. */
  next(): Entry | undefined {
    const entry = this.#entries[this.#cursor]
    if (entry === undefined) return undefined
    if (entry.kind === 'item') {
      if (this.credit <= 0) return undefined
      this.credit -= costOf(entry.octets)
      this.#unsent -= costOf(entry.octets)
    }
    this.#cursor += 1
    return entry
  }

  /** The other side has had all items below this position: those that were sent need not be kept. */
  had(position: number): void {
    this.#had = Math.max(this.#had, position)
    let gone = 0
    while (gone < this.#cursor && (this.#entries[gone] as Entry).at < position) gone++
    this.#drop(gone)
  }

  /** Forgets the oldest items until no more than `most` octets are kept. */
  shrink(most: number): void {
    let gone = 0
    let octets = this.#octets
    while (octets > most && gone < this.#cursor) {
      const entry = this.#entries[gone++] as Entry
      if (entry.kind === 'item') octets -= entry.octets.length
    }
    this.#drop(gone)
  }

  /**
   * Another connection, whose other side wants what follows the first `position` items, is done with the
   * first `had` of them, and can take `credit` octets. False, and nothing changes, when what it wants is not
   * kept any more.
   */
  seek(position: number, had: number, credit: number): boolean {
    if (position < this.#first) return false
    this.#cursor = this.#entries.length
    // Not what somebody else had before: items that are made again may be missing here.
    this.#had = Math.min(had, position)
    this.#wanted = position
    this.had(this.#had)
    this.resend(position, credit)
    return true
  }

  /** The same, for one of those that are kept, and nothing is let go of: the other side may lose it again. */
  resend(position: number, credit: number): void {
    const place = this.#entries.findIndex(({ at }) => at >= position)
    this.#cursor = place < 0 ? this.#entries.length : place
    this.#unsent = this.#costs()
    this.credit = credit
  }

  /** The octets of the items that are kept, from one position up to another. */
  items(from: number, to: number): Uint8Array[] {
    return this.#entries.flatMap((entry) =>
      entry.kind === 'item' && entry.at >= from && entry.at < to ? entry.octets : [],
    )
  }

  #costs(): number {
    let sum = 0
    for (let place = this.#cursor; place < this.#entries.length; place++) {
      const entry = this.#entries[place] as Entry
      if (entry.kind === 'item') sum += costOf(entry.octets)
    }
    return sum
  }

  #drop(count: number): void {
    if (count === 0) return
    for (const entry of this.#entries.splice(0, count)) {
      if (entry.kind !== 'item') continue
      this.#octets -= entry.octets.length
      this.#first = entry.at + 1
    }
    this.#cursor -= count
  }
}

function isBehind(entry: Entry, at: number): boolean {
  return entry.kind === 'item' ? entry.at >= at : entry.at > at
}

function costOf(octets: Uint8Array): number {
  return octets.length + ITEM_OVERHEAD
}
