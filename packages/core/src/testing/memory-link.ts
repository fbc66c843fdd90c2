// Two transport connections back to back in memory, and the switches that make them fail.
import type { Clock } from '../ports/clock.ts'
import type { TransportConnection, TransportListener, TransportLoss } from '../ports/transport.ts'
import { Lane, type LaneEnds, type LaneSettings } from './memory-lane.ts'
import { microtask } from './turns.ts'

/** The way a TSDU travels on a link: towards the side that listened, or towards the side that connected. */
export type Direction = 'to-acceptor' | 'to-initiator'

/** One link of a memory transport: what a test breaks. */
export interface MemoryLink {
  /** 1 for the first link of its transport. */
  readonly number: number
  /** False when both sides have heard `disconnected`. */
  readonly open: boolean
  /** Octets that have been delivered, expedited data not counted. */
  carried(direction: Direction): number
  /** Octets that wait to be delivered, expedited data not counted. */
  waiting(direction: Direction): number
  /**
   * Loses the connection now: what is under way is lost, both sides hear `disconnected` (`by: 'network'`).
   */
  cut(message?: string): void
  /**
   * Loses the connection when `octets` more have gone in that direction. A TSDU that lies across this point
   * is lost; one that ends there is delivered. Expedited data is not counted, and is lost with the rest.
   */
  cutAfter(octets: number, direction: Direction): void
  /** Nothing gets through any more, and nobody is told: a pulled cable. Default: both directions. */
  stall(direction?: Direction): void
  /** Ends a stall; what was sent meanwhile arrives. Default: both directions. */
  flow(direction?: Direction): void
  /** From now on a TSDU takes so many milliseconds of the transport's clock. Default: both directions. */
  delay(milliseconds: number | (() => number), direction?: Direction): void
  /** From now on at most so many TSDUs arrive in one turn. Default: both directions. */
  split(tsdus: number, direction?: Direction): void
}

export interface LinkSettings extends LaneSettings {
  readonly expedited: boolean
  readonly overtakes: () => boolean
  readonly clock: Clock
  readonly yields: boolean
  readonly highWaterMark: number
  readonly maxTsduLength: number
}

/**
 * The most octets of one expedited TSDU (ISO 8072), and of those that may wait before `send` returns false.
 */
const EXPEDITED_LENGTH = 16
const EXPEDITED_WAITING = 64 * EXPEDITED_LENGTH

/** Default for `maxTsduLength`, in octets: as much as a large call needs, and a bound for a stranger. */
export const DEFAULT_MAX_TSDU_LENGTH: number = 64 * 2 ** 20

export class Link implements MemoryLink {
  readonly number: number
  readonly initiator: End
  readonly acceptor: End
  readonly #toAcceptor: Lane
  readonly #toInitiator: Lane
  readonly #onClosed: (link: Link) => void

  constructor(number: number, name: string, settings: LinkSettings, onClosed: (link: Link) => void) {
    this.number = number
    this.#onClosed = onClosed
    this.initiator = new End(`${name} acceptor ${number}`, this, settings)
    this.acceptor = new End(`${name} initiator ${number}`, this, settings)
    this.#toAcceptor = join(this.initiator, this.acceptor, this, settings)
    this.#toInitiator = join(this.acceptor, this.initiator, this, settings)
  }

  get open(): boolean {
    return !this.initiator.ended || !this.acceptor.ended
  }

  carried(direction: Direction): number {
    return this.#lanes(direction)[0].carried
  }

  waiting(direction: Direction): number {
    return this.#lanes(direction)[0].waiting
  }

  cut(message = 'the link was cut'): void {
    for (const lane of this.#lanes()) {
      lane.clear()
      lane.other?.clear()
    }
    for (const end of [this.initiator, this.acceptor]) end.end({ by: 'network', message })
  }

  cutAfter(octets: number, direction: Direction): void {
    this.#lanes(direction)[0].cutAfter(octets)
  }

  stall(direction?: Direction): void {
    for (const lane of this.#lanes(direction)) {
      lane.stall()
      lane.other?.stall()
    }
  }

  flow(direction?: Direction): void {
    for (const lane of this.#lanes(direction)) {
      lane.flow()
      lane.other?.flow()
    }
  }

  delay(milliseconds: number | (() => number), direction?: Direction): void {
    for (const lane of this.#lanes(direction)) lane.settings.delay = milliseconds
  }

  split(tsdus: number, direction?: Direction): void {
    for (const lane of this.#lanes(direction)) lane.settings.split = tsdus
  }

  /** An end has told its listener `disconnected`. */
  closed(): void {
    if (!this.open) this.#onClosed(this)
  }

  #lanes(direction?: Direction): [Lane, ...Lane[]] {
    if (direction === 'to-acceptor') return [this.#toAcceptor]
    if (direction === 'to-initiator') return [this.#toInitiator]
    return [this.#toAcceptor, this.#toInitiator]
  }
}

/** One of the two connections of a link. */
export class End implements TransportConnection {
  readonly remote: string
  readonly expedited: boolean
  maxTsduLength: number
  /** `disconnected` has been said. */
  ended = false
  out: Lane | undefined;
  in: Lane | undefined
  readonly #link: Link
  readonly #highWaterMark: number
  readonly #overtakes: () => boolean
  #listener: TransportListener | undefined
  #started = false
  #paused = false
  /** Our own `close`, or a loss that the listener has yet to hear of. */
  #closing = false
  #full = false
  #loss: TransportLoss | undefined

  constructor(remote: string, link: Link, settings: LinkSettings) {
    this.remote = remote
    this.#link = link
    this.expedited = settings.expedited
    this.#overtakes = settings.overtakes
    this.#highWaterMark = settings.highWaterMark
    this.maxTsduLength = settings.maxTsduLength
  }

  /** May something be delivered now? */
  get ready(): boolean {
    return this.#started && !this.#paused && !this.#closing
  }

  listen(listener: TransportListener): void {
    if (this.#listener !== undefined) throw new Error(`${this.remote} has been handed over already`)
    this.#listener = listener
    this.#started = true
    if (this.#loss !== undefined) microtask(() => this.#finish())
    else this.#schedule()
  }

  send(tsdu: readonly Uint8Array[]): boolean {
    if (this.#closing || this.out === undefined) return false
    let length = 0
    for (const part of tsdu) length += part.length
    if (length > 0) this.out.send(tsdu, length)
    if (this.out.waiting > this.#highWaterMark) this.#full = true
    return !this.#full
  }

  sendExpedited(data: Uint8Array): boolean {
    const lane = this.out?.other
    if (this.#closing || lane === undefined) return false
    if (data.length >= 1 && data.length <= EXPEDITED_LENGTH) lane.send([data], data.length, this.#overtakes())
    if (lane.waiting > EXPEDITED_WAITING) this.#full = true
    return !this.#full
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.#schedule()
  }

  close(): void {
    if (this.#closing) return
    this.out?.send(undefined, 0)
    this.#clear()
    this.end({ by: 'local', message: 'closed by this side' })
  }

  /** A TSDU has arrived. */
  deliver(tsdu: Uint8Array): void {
    if (tsdu.length <= this.maxTsduLength) return this.#listener?.data(tsdu)
    this.#clear()
    this.out?.send(undefined, 0)
    const message = `a TSDU of ${tsdu.length} octets, ${this.maxTsduLength} are accepted`
    this.end({ by: 'protocol', message })
  }

  /** Expedited data has arrived. */
  deliverExpedited(data: Uint8Array): void {
    this.#listener?.expeditedData?.(data)
  }

  /** What was sent has partly been delivered. */
  left(): void {
    if (!this.#full || this.#closing || (this.out?.waiting ?? 0) > this.#highWaterMark / 2) return
    if ((this.out?.other?.waiting ?? 0) > EXPEDITED_WAITING / 2) return
    this.#full = false
    this.#listener?.drained()
  }

  /** Nothing more will be delivered; the listener hears it soon. */
  end(loss: TransportLoss): void {
    if (this.#closing) return
    this.#closing = true
    this.#loss = loss
    microtask(() => this.#finish())
  }

  #schedule(): void {
    this.in?.other?.schedule()
    this.in?.schedule()
  }

  #clear(): void {
    this.in?.clear()
    this.in?.other?.clear()
  }

  #finish(): void {
    if (this.ended || this.#listener === undefined || this.#loss === undefined) return
    this.ended = true
    this.#listener.disconnected(this.#loss)
    this.#link.closed()
  }
}

function join(sender: End, receiver: End, link: Link, settings: LinkSettings): Lane {
  const ends: LaneEnds = {
    ready: () => receiver.ready,
    deliver: (tsdu) => receiver.deliver(tsdu),
    deliverEnd: () => receiver.end({ by: 'peer', message: 'closed by the peer' }),
    left: () => sender.left(),
    cut: () => link.cut(),
  }
  const treatment = { delay: settings.delay, split: settings.split }
  const lane = new Lane(ends, treatment, settings.clock, settings.yields)
  if (settings.expedited) {
    const expeditedEnds: LaneEnds = { ...ends, deliver: (data) => receiver.deliverExpedited(data) }
    const expedited = new Lane(expeditedEnds, treatment, settings.clock, settings.yields)
    lane.other = expedited
    lane.yieldsToOther = true
    expedited.other = lane
  }
  sender.out = lane
  receiver.in = lane
  return lane
}
