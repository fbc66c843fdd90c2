// Opening a session connection: a transport connection, CONNECT, and the answer. Every way it can end settles
// the promise once, and leaves nothing behind.

import { coreLimits } from '../limits.ts'
import { SessionMachine, type ConnectConfirm, type Indication, type RefuseConfirm } from '../machine/index.ts'
import type { Timer } from '../ports/clock.ts'
import { TransportError, type AbortSignalLike, type Transport } from '../ports/transport.ts'
import { systemClock } from '../system-clock.ts'
import { Cancellation } from './cancellation.ts'
import { Driver, type DriverUser } from './driver.ts'
import { SessionAbortedError, SessionRefusedError } from './errors.ts'
import { bitsOfUnits, refusalCode, unitsOfBits } from './glossary.ts'
import {
  configOf,
  defaultUnits,
  limitsOf,
  ownOptions,
  serialsOf,
  settingsOf,
  type FirstSerials,
  type SessionIdentifier,
  type SessionOptions,
  type TokenPlaces,
} from './options.ts'
import { SessionConnection } from './session-connection.ts'
import { endByError, endByUs, endOfPeerAbort, endOfProviderAbort, type SessionEnd } from './session-end.ts'

/** How to open a session connection. */
export interface OpenOptions extends SessionOptions, FirstSerials {
  /** Session selectors, up to 16 octets: which user is called, and which one calls. Default: none. */
  readonly calledSelector?: Uint8Array | undefined
  readonly callingSelector?: Uint8Array | undefined
  readonly identifier?: SessionIdentifier | undefined
  /** Where the tokens of the units proposed start. */
  readonly tokens?: TokenPlaces | undefined
  /** For the other user, up to `limits.connectOctets`; more than 512 octets need version 2. */
  readonly userData?: Uint8Array | undefined
  /** Gives up when it aborts. */
  readonly signal?: AbortSignalLike | undefined
  /** Milliseconds for all of it. Default 10,000. */
  readonly connectTimeout?: number | undefined
}

/**
 * Opens a session connection. Rejects with a {@link TransportError} when there is no transport connection
 * (also code `timeout` and `aborted`), a {@link SessionRefusedError} when the other side says no, a
 * {@link SessionAbortedError} when the session connection ends before the answer (also `timeout` and
 * `cancelled`), and a `SessionUsageError` for options that do not go together.
 */
export async function openSession(transport: Transport, given: OpenOptions = {}): Promise<SessionConnection> {
  const options = ownOptions(given)
  if (options.signal?.aborted === true) {
    throw new TransportError('aborted', 'opening a session was cancelled', { cause: options.signal.reason })
  }
  const opener = new Opener(transport, options)
  return opener.connection
}

class Opener implements DriverUser {
  readonly connection: Promise<SessionConnection>
  readonly #transport: Transport
  readonly #options: OpenOptions
  readonly #driver: Driver
  readonly #cancellation = new Cancellation()
  readonly #timer: Timer | undefined
  readonly #onAbort = (): void => this.#cancel('cancelled', 'aborted', 'opening the session was cancelled')
  #resolve: (connection: SessionConnection) => void = nothing
  #reject: (error: unknown) => void = nothing

  constructor(transport: Transport, options: OpenOptions) {
    const { clock = systemClock, connectTimeout = coreLimits.connectTimeout } = options
    this.#transport = transport
    this.#options = options
    this.connection = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#driver = new Driver(new SessionMachine(configOf(options)), clock, this)
    this.#driver.request({
      name: 'SCONreq',
      units: bitsOfUnits(options.units ?? defaultUnits),
      callingSelector: options.callingSelector,
      calledSelector: options.calledSelector,
      identifier: options.identifier,
      tokens: options.tokens === undefined ? undefined : settingsOf(options.tokens, 'initiator'),
      ...serialsOf(options, options.units ?? defaultUnits, 'initiator'),
      userData: options.userData,
    })
    this.#timer = clock.setTimer(connectTimeout, () =>
      this.#cancel('timeout', 'timeout', `no session within ${connectTimeout} ms`),
    )
    options.signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  connect(): void {
    this.#transport.connect(this.#cancellation).then(
      (connection) => {
        this.#driver.attach(connection, 'connected', coreLimits.spduOctets, coreLimits.spduOctets)
      },
      (error: unknown) => {
        this.#fail(error)
        this.#driver.unreachable()
      },
    )
  }

  indicate(primitive: Indication): void {
    switch (primitive.name) {
      case 'SCONcnf+':
        return this.#confirmed(primitive)
      case 'SCONcnf-':
        return this.#fail(refusedError(primitive))
      case 'SUABind':
        return this.#ended(endOfPeerAbort(primitive.userData))
      case 'SPABind':
        return this.#ended(endOfProviderAbort(primitive, this.#driver.loss))
      default:
        throw new Error(`${primitive.name} while a session is being opened`)
    }
  }

  drained(): void {}

  disconnected(): void {}

  failed(error: unknown): void {
    this.#ended(endByError('internal-error', error))
  }

  #confirmed(confirm: ConnectConfirm): void {
    this.#settled()
    this.#resolve(
      new SessionConnection(this.#driver, {
        role: 'initiator',
        units: unitsOfBits(confirm.units),
        version: confirm.version,
        identifier: confirm.identifier,
        userData: confirm.userData,
        maxTsduLength: limitsOf(this.#options).ssduOctets + coreLimits.dataHeaderOctets,
      }),
    )
  }

  #cancel(reason: 'timeout' | 'cancelled', code: 'timeout' | 'aborted', message: string): void {
    const cause: unknown = reason === 'cancelled' ? this.#options.signal?.reason : undefined
    if (this.#driver.transport === undefined) this.#fail(new TransportError(code, message, { cause }))
    else this.#ended(endByUs(reason, message, cause))
    this.#cancellation.abort(cause)
    this.#driver.request({ name: 'SUABreq' })
  }

  #ended(end: SessionEnd): void {
    this.#fail(new SessionAbortedError(end))
  }

  #fail(error: unknown): void {
    this.#settled()
    this.#reject(error)
  }

  #settled(): void {
    this.#timer?.cancel()
    this.#options.signal?.removeEventListener('abort', this.#onAbort)
  }
}

function refusedError(refusal: RefuseConfirm): SessionRefusedError {
  return new SessionRefusedError(refusalCode(refusal.reason), refusal.reason, refusal.userData)
}

function nothing(): void {}
