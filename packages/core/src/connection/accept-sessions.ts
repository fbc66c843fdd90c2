// Accepting session connections: every transport connection gets a machine and an absolute deadline for its
// CONNECT, and each CONNECT becomes a request to be accepted or refused, now or later.

import { coreLimits } from '../limits.ts'
import { SessionMachine, type Indication, type MachineConfig } from '../machine/index.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import type {
  Transport,
  TransportConnection,
  TransportListener,
  TransportListening,
} from '../ports/transport.ts'
import { systemClock } from '../system-clock.ts'
import { Driver, type DriverUser } from './driver.ts'
import { configOf, limitsOf, ownOptions, type SessionOptions } from './options.ts'
import { SessionRequest } from './session-request.ts'

/**
 * How to accept session connections. The units are those that may be accepted;
 * the ones proposed may be fewer.
 */
export type AcceptOptions = SessionOptions

/** An address at which sessions are accepted. */
export interface SessionListening extends TransportListening {
  /** Transport connections that have not brought their CONNECT yet. */
  readonly halfOpen: number
  /** Stops offering the address and ends the half-open ones. Session connections, and requests, go on. */
  close(): Promise<void>
}

/**
 * Offers the transport's address and calls `onRequest` for each CONNECT that arrives there in time. Throwing,
 * or rejecting, refuses it (code `provider`), or ends it once it is accepted (`listener-error`). Rejects with
 * a `TransportError` when the address cannot be had.
 */
export async function acceptSessions(
  transport: Transport,
  options: AcceptOptions,
  onRequest: (request: SessionRequest) => void | Promise<void>,
): Promise<SessionListening> {
  const acceptor = new Acceptor(ownOptions(options), onRequest)
  return acceptor.listen(transport)
}

class Acceptor {
  readonly config: MachineConfig
  readonly clock: Clock
  readonly handshakeTimeout: number
  readonly maxTsduLength: number
  readonly halfOpen = new Set<HalfOpen>()
  readonly #most: number
  readonly #onRequest: (request: SessionRequest) => void | Promise<void>

  constructor(options: AcceptOptions, onRequest: (request: SessionRequest) => void | Promise<void>) {
    const limits = limitsOf(options)
    this.config = configOf(options)
    this.clock = options.clock ?? systemClock
    this.handshakeTimeout = limits.handshakeTimeout
    this.maxTsduLength = limits.ssduOctets + coreLimits.dataHeaderOctets
    this.#most = limits.halfOpen
    this.#onRequest = onRequest
  }

  async listen(transport: Transport): Promise<SessionListening> {
    const { halfOpen } = this
    const listening = await transport.listen((connection) => this.#connected(connection))
    return {
      address: listening.address,
      port: listening.port,
      get halfOpen(): number {
        return halfOpen.size
      },
      close: async () => {
        for (const half of halfOpen) half.drop()
        await listening.close()
      },
    }
  }

  /** The CONNECT is here. */
  requested(request: SessionRequest): void {
    try {
      const answer = this.#onRequest(request)
      if (answer !== undefined) Promise.resolve(answer).catch((error: unknown) => request.fail(error))
    } catch (error) {
      request.fail(error)
    }
  }

  #connected(connection: TransportConnection): void {
    if (this.halfOpen.size >= this.#most) {
      connection.listen(nobody)
      return connection.close()
    }
    const half = new HalfOpen(this)
    half.begin(connection)
  }
}

const nobody: TransportListener = { data() {}, drained() {}, disconnected() {} }

/** A transport connection until its CONNECT is here, whole. */
class HalfOpen implements DriverUser {
  readonly #acceptor: Acceptor
  readonly #driver: Driver
  readonly #timer: Timer

  constructor(acceptor: Acceptor) {
    this.#acceptor = acceptor
    this.#driver = new Driver(new SessionMachine(acceptor.config), acceptor.clock, this)
    this.#timer = acceptor.clock.setTimer(acceptor.handshakeTimeout, () => this.drop())
  }

  begin(connection: TransportConnection): void {
    this.#acceptor.halfOpen.add(this)
    this.#driver.attach(connection, 'accepted', coreLimits.connectTsduOctets, coreLimits.spduOctets)
  }

  /** Ends it without a word: there is no session to abort. */
  drop(): void {
    this.#over()
    this.#driver.transport?.close()
  }

  indicate(primitive: Indication): void {
    if (primitive.name !== 'SCONind') throw new Error(`${primitive.name} before a CONNECT`)
    this.#over()
    this.#acceptor.requested(new SessionRequest(this.#driver, primitive, this.#acceptor.maxTsduLength))
  }

  drained(): void {}

  disconnected(): void {
    this.#over()
  }

  failed(): void {
    this.#over()
  }

  #over(): void {
    this.#timer.cancel()
    this.#acceptor.halfOpen.delete(this)
  }
}
