// A transport that fails on demand, around any transport that does not: cuts, cables that are pulled in one
// direction, delays and narrow links, TSDU by TSDU. What is to fail inside a TSDU needs a proxy of its own.
import type { Clock } from '../ports/clock.ts'
import type {
  AbortSignalLike,
  Transport,
  TransportConnection,
  TransportListener,
  TransportListening,
  TransportLoss,
} from '../ports/transport.ts'
import { systemClock } from '../system-clock.ts'
import { FaultyLane } from './faulty-lane.ts'
import type { Direction } from './memory-link.ts'
import { microtask } from './turns.ts'

/** What a faulty transport is like. */
export interface FaultyOptions {
  /** The clock of all delays. Default: the real one. */
  readonly clock?: Clock
  /** Octets that may wait in one direction before `send` returns false. Default: 256 KiB. */
  readonly highWaterMark?: number
  /** Called with each connection before it is handed out: the place to set faults. */
  readonly onLink?: (link: FaultyLink) => void
}

/** A transport whose connections, those it opened, can be made to fail. */
export interface FaultyTransport extends Transport {
  /** The connections that are open, oldest first. */
  readonly links: readonly FaultyLink[]
  /** Cuts whatever is open, also what was closed and stalled. */
  end(): void
}

/** One connection: what a test breaks. Without a direction both are meant. */
export interface FaultyLink {
  /** 1 for the first connection. */
  readonly number: number
  /**
   * Loses the connection now: what is under way is lost. Our side hears it as the network's doing, the other
   * side whatever its transport makes of a connection that ends.
   */
  cut(): void
  /** The same, when so many TSDUs more have passed. */
  cutAfter(tsdus: number, direction: Direction): void
  /** Nothing gets through any more, the end included, and nobody is told: a pulled cable. */
  stall(direction?: Direction): void
  /** Ends a stall; what was sent meanwhile passes. */
  flow(direction?: Direction): void
  /** From now on a TSDU takes so many milliseconds. */
  delay(milliseconds: number | (() => number), direction?: Direction): void
  /** From now on no more than so many octets pass in a second. */
  throttle(octetsPerSecond: number, direction?: Direction): void
}

/** Wraps `transport`. What connects through the wrapper can fail; what listens is as it was. */
export function faulty(transport: Transport, options: FaultyOptions = {}): FaultyTransport {
  return new Faulty(transport, options)
}

class Faulty implements FaultyTransport {
  readonly #transport: Transport
  readonly #options: FaultyOptions
  readonly #links = new Set<FaultyConnection>()
  #connected = 0

  constructor(transport: Transport, options: FaultyOptions) {
    this.#transport = transport
    this.#options = options
  }

  get links(): readonly FaultyLink[] {
    return [...this.#links]
  }

  async connect(signal?: AbortSignalLike): Promise<TransportConnection> {
    const { clock = systemClock, highWaterMark = 2 ** 18, onLink } = this.#options
    const inner = await this.#transport.connect(signal)
    const link = new FaultyConnection(++this.#connected, inner, clock, highWaterMark, (over) =>
      this.#links.delete(over),
    )
    this.#links.add(link)
    onLink?.(link)
    return link
  }

  listen(onConnection: (connection: TransportConnection) => void): Promise<TransportListening> {
    return this.#transport.listen(onConnection)
  }

  end(): void {
    for (const link of this.#links) link.cut()
  }
}

class FaultyConnection implements TransportConnection, TransportListener, FaultyLink {
  readonly number: number
  readonly #inner: TransportConnection
  readonly #out: FaultyLane
  readonly #in: FaultyLane
  readonly #highWaterMark: number
  readonly #onOver: (link: FaultyConnection) => void
  #listener: TransportListener | undefined
  #full = false
  /** Our user has closed it, or it was cut: nothing is delivered any more. */
  #closed = false
  #told = false
  #cut = false

  constructor(
    number: number,
    inner: TransportConnection,
    clock: Clock,
    highWaterMark: number,
    onOver: (link: FaultyConnection) => void,
  ) {
    this.number = number
    this.#inner = inner
    this.#highWaterMark = highWaterMark
    this.#onOver = onOver
    this.#out = new FaultyLane(
      clock,
      () => this.#left(),
      () => this.cut(),
    )
    this.#in = new FaultyLane(
      clock,
      () => {},
      () => this.cut(),
    )
  }

  get certificate(): Uint8Array | undefined {
    return this.#inner.certificate
  }

  get remote(): string {
    return this.#inner.remote
  }

  get expedited(): boolean {
    return this.#inner.expedited
  }

  get maxTsduLength(): number {
    return this.#inner.maxTsduLength
  }

  set maxTsduLength(octets: number) {
    this.#inner.maxTsduLength = octets
  }

  listen(listener: TransportListener): void {
    this.#listener = listener
    if (this.#cut) microtask(() => this.#tell(severed))
    this.#inner.listen(this)
  }

  send(tsdu: readonly Uint8Array[]): boolean {
    if (this.#closed) return false
    let octets = 0
    for (const part of tsdu) octets += part.length
    if (octets > 0) this.#out.take(octets, () => this.#sent(this.#inner.send(tsdu)))
    return this.#room()
  }

  sendExpedited(data: Uint8Array): boolean {
    if (this.#closed) return false
    this.#out.take(data.length, () => this.#sent(this.#inner.sendExpedited?.(data) === true))
    return this.#room()
  }

  pause(): void {
    this.#in.hold(true)
    this.#inner.pause()
  }

  resume(): void {
    this.#in.hold(false)
    this.#inner.resume()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#in.drop()
    this.#out.take(0, () => this.#inner.close())
    microtask(() => this.#tell({ by: 'local', message: 'closed by this side' }))
  }

  cut(): void {
    this.#closed = this.#cut = true
    this.#in.drop()
    this.#out.drop()
    this.#inner.close()
    if (this.#listener !== undefined) microtask(() => this.#tell(severed))
  }

  cutAfter(tsdus: number, direction: Direction): void {
    this.#lane(direction).cutAfter(tsdus)
  }

  stall(direction?: Direction): void {
    for (const lane of this.#lanes(direction)) lane.stall()
  }

  flow(direction?: Direction): void {
    for (const lane of this.#lanes(direction)) lane.flow()
  }

  delay(milliseconds: number | (() => number), direction?: Direction): void {
    for (const lane of this.#lanes(direction)) lane.delay(milliseconds)
  }

  throttle(octetsPerSecond: number, direction?: Direction): void {
    for (const lane of this.#lanes(direction)) lane.throttle(octetsPerSecond)
  }

  /** From the transport below. */
  data(tsdu: Uint8Array): void {
    if (!this.#closed) this.#in.take(tsdu.length, () => this.#listener?.data(tsdu))
  }

  /** From the transport below. */
  expeditedData(data: Uint8Array): void {
    if (!this.#closed) this.#in.take(data.length, () => this.#listener?.expeditedData?.(data))
  }

  /** From the transport below. */
  drained(): void {
    this.#full = false
    if (!this.#closed && this.#out.waiting === 0) this.#listener?.drained()
  }

  /** From the transport below. */
  disconnected(loss: TransportLoss): void {
    this.#onOver(this)
    this.#out.drop()
    if (loss.by === 'network') this.#in.drop()
    this.#in.take(0, () => this.#tell(this.#cut ? severed : loss))
  }

  #sent(room: boolean): void {
    if (!room) this.#full = true
  }

  #room(): boolean {
    if (this.#out.waiting > this.#highWaterMark) this.#full = true
    return !this.#full
  }

  #left(): void {
    if (!this.#full || this.#closed || this.#out.waiting > this.#highWaterMark / 2) return
    this.#full = false
    this.#listener?.drained()
  }

  #tell(loss: TransportLoss): void {
    if (this.#told) return
    this.#told = this.#closed = true
    this.#listener?.disconnected(loss)
  }

  #lane(direction: Direction): FaultyLane {
    return direction === 'to-acceptor' ? this.#out : this.#in
  }

  #lanes(direction?: Direction): FaultyLane[] {
    return direction === undefined ? [this.#out, this.#in] : [this.#lane(direction)]
  }
}

const severed: TransportLoss = { by: 'network', message: 'the link was cut' }
