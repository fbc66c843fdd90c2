// A tap shows what crosses a transport: put it around any transport, in either role, and a sink hears of each
// TSDU, each connection and its end. It changes nothing and owns nothing; where there is no tap there is no
// cost.
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

/**
 * Where a tap reports to: `text(...)` of this package, `pcap(...)` of `@parley/transport-tcp`, or your own.
 */
export interface TapSink {
  /**
   * Hears one event. Must not throw. What the event holds is valid, and must stay unchanged, during the call
   * only.
   */
  event(event: TapEvent): void
}

/** Something crossed, began or ended. */
export type TapEvent = TapConnected | TapData | TapEnded

interface TapMoment {
  /** Counts the connections that a sink hears of from 1, so that several taps may share one sink. */
  readonly connection: number
  /** Milliseconds of the tap's clock. */
  readonly at: number
}

/** A connection was opened. */
export interface TapConnected extends TapMoment {
  readonly type: 'connected'
  /** What this side is: `initiator` if it connected, `acceptor` if it listened. */
  readonly role: 'initiator' | 'acceptor'
  /** Who is at the other end, in words. */
  readonly remote: string
}

/** A TSDU was handed to the transport, or came from it. */
export interface TapData extends TapMoment {
  readonly type: 'data'
  readonly direction: 'sent' | 'received'
  readonly tsdu: Uint8Array
  /** It went, or came, as transport expedited data. */
  readonly expedited: boolean
}

/** A connection ended. */
export interface TapEnded extends TapMoment {
  readonly type: 'ended'
  readonly loss: TransportLoss
}

/**
 * Wraps a transport so that `sink` hears what crosses it. `clock` gives the time of the events; default: the
 * real one.
 */
export function tap(transport: Transport, sink: TapSink, clock: Clock = systemClock): Transport {
  return new Tap(transport, sink, clock)
}

/** How many connections each sink has heard of. */
const connections = new WeakMap<TapSink, number>()

class Tap implements Transport {
  readonly #transport: Transport
  readonly #sink: TapSink
  readonly #clock: Clock

  constructor(transport: Transport, sink: TapSink, clock: Clock) {
    this.#transport = transport
    this.#sink = sink
    this.#clock = clock
  }

  async connect(signal?: AbortSignalLike): Promise<TransportConnection> {
    return this.#tapped(await this.#transport.connect(signal), 'initiator')
  }

  listen(onConnection: (connection: TransportConnection) => void): Promise<TransportListening> {
    return this.#transport.listen((connection) => onConnection(this.#tapped(connection, 'acceptor')))
  }

  #tapped(connection: TransportConnection, role: TapConnected['role']): TransportConnection {
    const number = (connections.get(this.#sink) ?? 0) + 1
    connections.set(this.#sink, number)
    const report = new Report(this.#sink, this.#clock, number)
    report.connected(role, connection.remote)
    return connection.sendExpedited === undefined
      ? new TappedConnection(connection, report)
      : new TappedExpeditedConnection(connection, report)
  }
}

/** What a tapped connection tells the sink. */
class Report {
  readonly #sink: TapSink
  readonly #clock: Clock
  readonly #connection: number

  constructor(sink: TapSink, clock: Clock, connection: number) {
    this.#sink = sink
    this.#clock = clock
    this.#connection = connection
  }

  connected(role: TapConnected['role'], remote: string): void {
    this.#sink.event({ type: 'connected', connection: this.#connection, at: this.#clock.now(), role, remote })
  }

  data(direction: TapData['direction'], tsdu: Uint8Array, expedited: boolean): void {
    const at = this.#clock.now()
    this.#sink.event({ type: 'data', connection: this.#connection, at, direction, tsdu, expedited })
  }

  ended(loss: TransportLoss): void {
    this.#sink.event({ type: 'ended', connection: this.#connection, at: this.#clock.now(), loss })
  }
}

class TappedConnection implements TransportConnection {
  protected readonly connection: TransportConnection
  protected readonly report: Report
  #open = true

  constructor(connection: TransportConnection, report: Report) {
    this.connection = connection
    this.report = report
  }

  get certificate(): Uint8Array | undefined {
    return this.connection.certificate
  }

  get remote(): string {
    return this.connection.remote
  }

  get expedited(): boolean {
    return this.connection.expedited
  }

  get maxTsduLength(): number {
    return this.connection.maxTsduLength
  }

  set maxTsduLength(octets: number) {
    this.connection.maxTsduLength = octets
  }

  listen(listener: TransportListener): void {
    this.connection.listen(
      new TappedListener(listener, this.report, () => {
        this.#open = false
      }),
    )
  }

  send(tsdu: readonly Uint8Array[]): boolean {
    if (this.#open) {
      const whole = join(tsdu)
      if (whole.length > 0) this.report.data('sent', whole, false)
    }
    return this.connection.send(tsdu)
  }

  pause(): void {
    this.connection.pause()
  }

  resume(): void {
    this.connection.resume()
  }

  close(): void {
    this.#open = false
    this.connection.close()
  }
}

class TappedExpeditedConnection extends TappedConnection {
  sendExpedited(data: Uint8Array): boolean {
    this.report.data('sent', data, true)
    return this.connection.sendExpedited?.(data) ?? false
  }
}

class TappedListener implements TransportListener {
  readonly #listener: TransportListener
  readonly #report: Report
  readonly #onEnd: () => void

  constructor(listener: TransportListener, report: Report, onEnd: () => void) {
    this.#listener = listener
    this.#report = report
    this.#onEnd = onEnd
  }

  data(tsdu: Uint8Array): void {
    this.#report.data('received', tsdu, false)
    this.#listener.data(tsdu)
  }

  expeditedData(data: Uint8Array): void {
    this.#report.data('received', data, true)
    this.#listener.expeditedData?.(data)
  }

  drained(): void {
    this.#listener.drained()
  }

  disconnected(loss: TransportLoss): void {
    this.#onEnd()
    this.#report.ended(loss)
    this.#listener.disconnected(loss)
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts
  if (first !== undefined && parts.length === 1) return first
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
