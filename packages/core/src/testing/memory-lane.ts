// One direction of one flow of a link in memory: a queue of TSDUs between a sender and a receiver, with the
// faults that can befall it. Nothing is delivered inside the call that sends it.
import type { Clock, Timer } from '../ports/clock.ts'
import { macrotask, microtask } from './turns.ts'

/** How a lane treats what passes through it. */
export interface LaneSettings {
  /** Milliseconds from sending to delivery, asked for each TSDU; order is kept. */
  delay: number | (() => number)
  /** The most TSDUs delivered in one turn. */
  split: number
}

/** The two ends of a lane, as the lane sees them. */
export interface LaneEnds {
  /** May the receiver be given something now? */
  ready(): boolean
  /** A TSDU arrives. */
  deliver(tsdu: Uint8Array): void
  /** The sender's orderly end arrives, behind all it sent. */
  deliverEnd(): void
  /** Octets have left the queue. */
  left(): void
  /** The fault set by {@link Lane.cutAfter} befalls the link. */
  cut(): void
}

/** So many batches in a row go by microtask; then the platform's timers and I/O get a turn. */
const BATCHES_PER_TURN = 1024

interface Entry {
  /** Undefined: the sender's orderly end. */
  readonly parts: readonly Uint8Array[] | undefined
  readonly length: number
  readonly due: number
  /** How many TSDUs of the other lane must have been delivered first. */
  readonly behind: number
}

export class Lane {
  /** Octets that wait to be delivered. */
  waiting = 0
  /** Octets delivered so far. */
  carried = 0
  readonly settings: LaneSettings
  /**
   * The other flow of the same direction, when there is one: TSDUs of the one may have to wait for the other.
   */
  other: Lane | undefined
  /** The other lane goes first where it may. */
  yieldsToOther = false
  readonly #ends: LaneEnds
  readonly #clock: Clock
  readonly #yields: boolean
  readonly #queue: Entry[] = []
  #head = 0
  #sent = 0
  #delivered = 0
  #scheduled = false
  #timer: Timer | undefined
  #stalled = false
  #cutAt = Infinity
  #batches = 0
  readonly #run = (): void => this.#deliverBatch()

  /**
   * `yields`: give the platform's timers a turn now and then (not under a virtual clock, which has its own).
   */
  constructor(ends: LaneEnds, settings: LaneSettings, clock: Clock, yields: boolean) {
    this.#ends = ends
    this.settings = settings
    this.#clock = clock
    this.#yields = yields
  }

  /**
   * Queues a TSDU, or with `undefined` the sender's orderly end. Unless it `overtakes`, it arrives after all
   * that the other lane has been given so far.
   */
  send(parts: readonly Uint8Array[] | undefined, length: number, overtakes = false): void {
    const { delay } = this.settings
    const wait = typeof delay === 'number' ? delay : delay()
    const behind = overtakes || this.other === undefined ? 0 : this.other.#sent
    this.#queue.push({ parts, length, due: wait > 0 ? this.#clock.now() + wait : 0, behind })
    this.#sent++
    this.waiting += length
    this.schedule()
  }

  /** Something has changed that may let a delivery happen. */
  schedule(): void {
    const next = this.#queue[this.#head]
    if (this.#scheduled || this.#stalled || next === undefined || !this.#ready(next)) return
    this.#scheduled = true
    const wait = this.#wait(next)
    if (wait > 0) this.#timer = this.#clock.setTimer(wait, this.#run)
    else if (this.#yields && ++this.#batches % BATCHES_PER_TURN === 0) macrotask(this.#run)
    else microtask(this.#run)
  }

  stall(): void {
    this.#stalled = true
  }

  flow(): void {
    this.#stalled = false
    this.schedule()
  }

  /** The link is cut when `octets` more have been carried; a TSDU across that point is lost. */
  cutAfter(octets: number): void {
    this.#cutAt = this.carried + octets
    if (octets <= 0) this.#ends.cut()
  }

  /** Drops what waits. */
  clear(): void {
    if (this.#timer !== undefined) this.#scheduled = false
    this.#timer?.cancel()
    this.#timer = undefined
    this.#queue.length = 0
    this.#head = 0
    this.waiting = 0
  }

  #deliverBatch(): void {
    this.#scheduled = false
    this.#timer?.cancel()
    this.#timer = undefined
    if (this.yieldsToOther && this.other !== undefined) this.other.#deliverBatch()
    const end = Math.min(this.#queue.length, this.#head + this.settings.split)
    while (this.#head < end && !this.#stalled) {
      const entry = this.#queue[this.#head]
      if (entry === undefined || !this.#ready(entry) || this.#wait(entry) > 0) break
      this.#head++
      this.#delivered++
      this.#deliver(entry)
    }
    this.#compact()
    this.#ends.left()
    this.schedule()
    this.other?.schedule()
  }

  #ready(entry: Entry): boolean {
    return this.#ends.ready() && (this.other === undefined || this.other.#delivered >= entry.behind)
  }

  #wait(entry: Entry): number {
    return entry.due === 0 ? 0 : entry.due - this.#clock.now()
  }

  #deliver(entry: Entry): void {
    if (entry.parts === undefined) return this.#ends.deliverEnd()
    this.waiting -= entry.length
    if (this.carried + entry.length > this.#cutAt) return this.#ends.cut()
    this.carried += entry.length
    this.#ends.deliver(join(entry.parts, entry.length))
    if (this.carried === this.#cutAt) this.#ends.cut()
  }

  #compact(): void {
    if (this.#head === this.#queue.length) this.#queue.length = 0
    else if (this.#head > 1024 && this.#head * 2 > this.#queue.length) this.#queue.splice(0, this.#head)
    else return
    this.#head = 0
  }
}

/** A copy, also of a single part: as over a real link, the receiver's octets are nobody else's. */
function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const tsdu = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    tsdu.set(part, at)
    at += part.length
  }
  return tsdu
}
