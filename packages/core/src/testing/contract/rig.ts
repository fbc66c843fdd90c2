// What a test of the transport contract works with: an address that is offered, and pairs of connections
// through it.
import type { Transport, TransportConnection, TransportListening } from '../../ports/transport.ts'
import { Recorder } from './recorder.ts'

/** The part of vitest, jest or bun:test that the suite uses. */
export interface TestApi {
  readonly describe: (name: string, body: () => void) => void
  readonly it: (name: string, body: () => Promise<void>) => void
  readonly expect: Expect
}

/** Makes a claim about a value. */
export type Expect = (actual: unknown) => {
  toBe: (expected: unknown) => void
  toEqual: (expected: unknown) => void
}

/** One address to test, fresh for each test. */
export interface TransportFixture {
  /** What listens. */
  readonly transport: Transport
  /** What connects to it, once it listens (a port is known only then). Default: `transport` itself. */
  dial?(listening: TransportListening): Transport
  /** Called at the end of each test; throws when something is left. */
  expectNothingLeft?(): void | Promise<void>
}

/** A part of the contract: what each test shows, and the test. */
export type ContractTests = Readonly<Record<string, (rig: Rig, expect: Expect) => Promise<void>>>

/** A listening address and the pairs opened through it. */
export class Rig {
  readonly #fixture: TransportFixture
  readonly transport: Transport
  readonly dialer: Transport
  readonly listening: TransportListening
  /** Every connection handed over by either side, to be ended with the test. */
  readonly recorders: Recorder[] = []
  /** Connections that arrived and nobody has taken yet. */
  readonly #arrived: TransportConnection[]
  readonly #arrival: { notify: () => void }

  /** Offers the fixture's address. */
  static async open(fixture: TransportFixture): Promise<Rig> {
    const arrived: TransportConnection[] = []
    const arrival = { notify: () => {} }
    const listening = await fixture.transport.listen((connection) => {
      arrived.push(connection)
      arrival.notify()
    })
    return new Rig(fixture, listening, arrived, arrival)
  }

  private constructor(
    fixture: TransportFixture,
    listening: TransportListening,
    arrived: TransportConnection[],
    arrival: { notify: () => void },
  ) {
    this.#fixture = fixture
    this.transport = fixture.transport
    this.dialer = fixture.dial?.(listening) ?? fixture.transport
    this.listening = listening
    this.#arrived = arrived
    this.#arrival = arrival
  }

  /** Opens a connection and hands over both of its ends, listened to unless told otherwise. */
  async pair(options: { listen?: boolean } = {}): Promise<{ a: Recorder; b: Recorder }> {
    const a = this.record(await this.dialer.connect())
    const b = this.record(await this.accepted())
    if (options.listen !== false) for (const end of [a, b]) end.start()
    return { a, b }
  }

  /** The next connection that a peer opened. */
  async accepted(): Promise<TransportConnection> {
    for (;;) {
      const next = this.#arrived.shift()
      if (next !== undefined) return next
      await new Promise<void>((resolve) => (this.#arrival.notify = resolve))
    }
  }

  record(connection: TransportConnection): Recorder {
    const recorder = new Recorder(connection)
    this.recorders.push(recorder)
    return recorder
  }

  /** Ends everything, and checks what every test must not have seen. */
  async end(expect: Expect): Promise<void> {
    for (const connection of this.#arrived.splice(0)) this.record(connection).start()
    for (const recorder of this.recorders) recorder.during('close', () => recorder.connection.close())
    for (const recorder of this.recorders) await recorder.ended()
    await this.listening.close()
    for (const recorder of this.recorders) {
      expect(recorder.losses).toBe(1)
      expect(recorder.faults).toEqual([])
    }
    await this.#fixture.expectNothingLeft?.()
  }

  /** Ends everything after a test that failed, waiting for nothing. */
  abandon(): void {
    for (const recorder of this.recorders) recorder.connection.close()
    void this.listening.close()
  }
}
