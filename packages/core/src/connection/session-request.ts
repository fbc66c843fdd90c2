// A CONNECT that waits for its answer. It can be answered once, at any later time, and
// the caller may be gone by then.

import { SessionUsageError, type ConnectIndication, type Indication } from '../machine/index.ts'
import type { Driver, DriverUser } from './driver.ts'
import { SessionAbortedError } from './errors.ts'
import {
  bitsOfTokens,
  bitsOfUnits,
  refusals,
  unitsOfBits,
  type RefusalCode,
  type Token,
  type Unit,
} from './glossary.ts'
import {
  agreeable,
  ownOptions,
  serialsOf,
  settingsOf,
  type FirstSerials,
  type SessionIdentifier,
  type TokenPlaces,
} from './options.ts'
import { SessionConnection } from './session-connection.ts'
import { endByError, endOfPeerAbort, endOfProviderAbort, type SessionEnd } from './session-end.ts'

/** What goes with accepting a session. */
export interface AcceptAnswer extends FirstSerials {
  /**
   * Default: all proposed that this side has. Of half-duplex and duplex both, duplex and no exceptions; of
   * minor and symmetric synchronize both, the latter; with activities no data separation.
   */
  readonly units?: readonly Unit[] | undefined
  readonly identifier?: SessionIdentifier | undefined
  /** Up to 16 octets; default none. */
  readonly respondingSelector?: Uint8Array | undefined
  /** For tokens whose place the caller left to us: `ours` or `theirs` (the default). */
  readonly tokens?: TokenPlaces | undefined
  /** Tokens that are asked for at once. */
  readonly pleaseTokens?: readonly Token[] | undefined
  /** With version 1 at most 512 octets. */
  readonly userData?: Uint8Array | undefined
}

/** What goes with refusing a session. */
export interface RefuseAnswer {
  /** Default `user-data` with user data, else `user`. */
  readonly reason?: RefusalCode | undefined
  readonly identifier?: SessionIdentifier | undefined
  /** Only with reason `user-data`. With version 1 at most 512 octets. */
  readonly userData?: Uint8Array | undefined
}

/** Somebody asks for a session. */
export class SessionRequest implements DriverUser {
  /** Who is at the other end of the transport connection, in words. */
  readonly remote: string
  /** The certificate (X.509, DER) that it has shown, if its transport has verified one. */
  readonly certificate: Uint8Array | undefined
  readonly calledSelector: Uint8Array | undefined
  readonly callingSelector: Uint8Array | undefined
  readonly identifier: SessionIdentifier | undefined
  /** The functional units proposed that this side has too. */
  readonly units: readonly Unit[]
  /** The protocol version it will have. */
  readonly version: 1 | 2
  readonly userData: Uint8Array | undefined
  /** The first serial numbers proposed, as this side would say it: of what it sends, of what it receives. */
  readonly serials: FirstSerials

  readonly #driver: Driver
  readonly #maxTsduLength: number
  #answered = false
  #end: SessionEnd | undefined = undefined
  #connection: SessionConnection | undefined = undefined

  /** Takes over the driver of a half-open connection. Made by `acceptSessions`. */
  constructor(driver: Driver, connect: ConnectIndication, maxTsduLength: number) {
    this.remote = driver.transport?.remote ?? 'nobody'
    this.certificate = driver.transport?.certificate
    this.calledSelector = connect.calledSelector
    this.callingSelector = connect.callingSelector
    this.identifier = connect.identifier
    this.units = unitsOfBits(connect.units)
    this.version = connect.version
    this.userData = connect.userData
    this.serials = serialsProposed(connect)
    this.#driver = driver
    this.#maxTsduLength = maxTsduLength
    driver.user = this
  }

  /** True while an answer is waited for: not answered, and the caller is still there. */
  get pending(): boolean {
    return !this.#answered && this.#end === undefined
  }

  /**
   * Opens the session connection. Throws {@link SessionAbortedError} when the caller is gone,
   * {@link SessionUsageError} when the answer is not possible or was given before; after that
   * it may be answered otherwise.
   */
  accept(given: AcceptAnswer = {}): SessionConnection {
    const answer = ownOptions(given)
    if (this.#end !== undefined) throw new SessionAbortedError(this.#end)
    this.#once('SCONrsp+')
    const units = answer.units ?? agreeable(this.units)
    this.#driver.request({
      name: 'SCONrsp+',
      units: bitsOfUnits(units),
      respondingSelector: answer.respondingSelector,
      identifier: answer.identifier,
      tokens: settingsOf(answer.tokens, 'acceptor'),
      ...serialsOf(answer, units, 'acceptor'),
      pleaseTokens: bitsOfTokens(answer.pleaseTokens ?? []),
      userData: answer.userData,
    })
    this.#answered = true
    this.#connection = new SessionConnection(this.#driver, {
      role: 'acceptor',
      units,
      version: this.version,
      identifier: this.identifier,
      userData: undefined,
      maxTsduLength: this.#maxTsduLength,
    })
    return this.#connection
  }

  /** Says no. Does nothing when the caller is gone; throws {@link SessionUsageError} like {@link accept}. */
  refuse(given: RefuseAnswer = {}): void {
    const answer = ownOptions(given)
    if (this.#end !== undefined) return
    this.#once('SCONrsp-')
    const code = answer.reason ?? (answer.userData === undefined ? 'user' : 'user-data')
    const reason = refusals.get(code)?.reason
    if (reason === undefined) throw new RangeError(`'${code}' is no reason for refusing a session`)
    this.#driver.request({
      name: 'SCONrsp-',
      reason,
      identifier: answer.identifier,
      userData: answer.userData,
    })
    this.#answered = true
  }

  /** For `acceptSessions`: whoever was to answer has failed, with this, before or after it answered. */
  fail(error: unknown): void {
    if (this.pending) this.refuse({ reason: 'provider' })
    else this.#connection?.broken(error)
  }

  /** For the driver. */
  indicate(primitive: Indication): void {
    if (primitive.name === 'SUABind') this.#end = endOfPeerAbort(primitive.userData)
    else if (primitive.name === 'SPABind') this.#end = endOfProviderAbort(primitive, this.#driver.loss)
    else throw new Error(`${primitive.name} before the CONNECT is answered`)
  }

  /** For the driver. */
  drained(): void {}

  /** For the driver: the machine has told of it before. */
  disconnected(): void {}

  /** For the driver. */
  failed(error: unknown): void {
    this.#end = endByError('internal-error', error)
  }

  #once(request: 'SCONrsp+' | 'SCONrsp-'): void {
    if (!this.#answered) return
    const { state } = this.#driver.machine
    throw new SessionUsageError('WRONG_STATE', request, state, 'the request was answered before')
  }
}

/** Of a CONNECT: the first number is of what the initiator sends, the second of what this side sends. */
function serialsProposed(connect: ConnectIndication): FirstSerials {
  const { serialNumber, secondSerialNumber } = connect
  if (secondSerialNumber === undefined) return { serial: serialNumber }
  return { serial: secondSerialNumber, serialReceived: serialNumber }
}
