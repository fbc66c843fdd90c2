// A transport listener that remembers what it hears and lets a test wait for it.
import type { TransportConnection, TransportListener, TransportLoss } from '../../ports/transport.ts'
import { turns } from '../turns.ts'

/** Hears a connection, keeps everything, and wakes those who wait. */
export class Recorder implements TransportListener {
  readonly connection: TransportConnection
  /** What arrived, in order. */
  readonly received: Uint8Array[] = []
  /** Expedited data, in order. */
  readonly expedited: Uint8Array[] = []
  /** How many TSDUs had arrived before each of them. */
  readonly expeditedAfter: number[] = []
  /** How often `drained` was called. */
  drains = 0
  /** How often `disconnected` was called: once at most, if the transport is right. */
  losses = 0
  /** What `disconnected` said. */
  loss: TransportLoss | undefined
  /** Calls that came while one of ours was under way, or after the end: none, if the transport is right. */
  readonly faults: string[] = []
  /** Called for each TSDU as it arrives. */
  onData: ((tsdu: Uint8Array) => void) | undefined
  #inside: string | undefined
  #waiting: { readonly met: () => boolean; readonly resolve: () => void }[] = []

  constructor(connection: TransportConnection) {
    this.connection = connection
  }

  /** Starts listening. */
  start(): this {
    this.during('listen', () => this.connection.listen(this))
    return this
  }

  /** Runs one of our calls; a delivery inside it is a fault. */
  during<T>(name: string, call: () => T): T {
    const outer = this.#inside
    this.#inside = name
    try {
      return call()
    } finally {
      this.#inside = outer
    }
  }

  /** Octets received so far. */
  get octets(): number {
    return this.received.reduce((sum, tsdu) => sum + tsdu.length, 0)
  }

  data(tsdu: Uint8Array): void {
    this.#check('data')
    this.received.push(tsdu)
    this.onData?.(tsdu)
    this.#wake()
  }

  expeditedData(data: Uint8Array): void {
    this.#check('expeditedData')
    this.expedited.push(data)
    this.expeditedAfter.push(this.received.length)
    this.#wake()
  }

  drained(): void {
    this.#check('drained')
    this.drains++
    this.#wake()
  }

  disconnected(loss: TransportLoss): void {
    this.#check('disconnected')
    this.losses++
    this.loss = loss
    this.#wake()
  }

  /** Resolves when the condition holds, looked at after each call of the transport. */
  until(met: () => boolean): Promise<void> {
    if (met()) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ met, resolve }))
  }

  /** Resolves when so many TSDUs have arrived. */
  count(tsdus: number): Promise<void> {
    return this.until(() => this.received.length >= tsdus)
  }

  /** Resolves with the loss when the connection has ended and nothing follows. */
  async ended(): Promise<TransportLoss | undefined> {
    await this.until(() => this.loss !== undefined)
    await turns(5)
    return this.loss
  }

  #check(event: string): void {
    if (this.#inside !== undefined) this.faults.push(`${event} inside ${this.#inside}`)
    if (this.loss !== undefined) this.faults.push(`${event} after disconnected`)
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = waiting.filter((one) => !one.met())
    for (const one of waiting) if (one.met()) one.resolve()
  }
}
