// The end that opens a session, and opens connections for it again and again: at once when one is lost, then
// with full jitter, until the session's time to live is over.

import {
  Cancellation,
  endByError,
  endByRelease,
  endByUs,
  openSession,
  ownOptions,
  SessionAbortedError,
  SessionRefusedError,
  SessionUsageError,
  type OldSession,
  type SessionConnection,
  type SessionEnd,
} from '../connection/index.ts'
import { hexOf } from '../hex.ts'
import type { Timer } from '../ports/clock.ts'
import type { AbortSignalLike, Transport } from '../ports/transport.ts'
import { backoff } from './book/backoff.ts'
import {
  decodeReason,
  decodeWelcome,
  encodeGreeting,
  encodeNumber,
  encodeReason,
  why,
  type Claim,
  type Welcome,
} from './book/envelope.ts'
import { Dialogue, type SessionHome } from './dialogue.ts'
import { assertUserData, lifeUnits, settingOf, type LifeOptions, type Setting } from './options.ts'
import { endOfRefusal } from './over.ts'
import { opened, type Sealing } from './sealing.ts'
import type { Session, Suspension } from './session.ts'
import type { WayBack } from './way-back.ts'

/** How to open a session. */
export interface ConnectSessionOptions extends LifeOptions {
  /** Session selectors, up to 16 octets: which user is called, and which one calls. Default: none. */
  readonly calledSelector?: Uint8Array | undefined
  readonly callingSelector?: Uint8Array | undefined
  /**
   * For the acceptor's user, who decides by it: credentials, say; up to `coreLimits.userDataOctets`. A
   * function is asked at every connection, so that what has run out can be replaced; one that throws counts
   * as a connection that could not be had.
   */
  readonly userData?: Uint8Array | (() => Uint8Array | Promise<Uint8Array>) | undefined
  /** Gives up opening the session when it aborts; without effect once it is open. */
  readonly signal?: AbortSignalLike | undefined
  /** Milliseconds for each connection, CONNECT and its answer included. Default 10,000. */
  readonly connectTimeout?: number | undefined
}

/**
 * Opens a session. Rejects as `openSession` does when the first connection cannot be had; a refusal of the
 * acceptor's user has code `user-data` and what that user said. From then on the session sees to its
 * connections itself.
 */
export async function connectSession(
  transport: Transport,
  given: ConnectSessionOptions = {},
): Promise<Session> {
  const options = ownOptions(given)
  return new Initiator(transport, options).open()
}

/** Attempts that Additional Reference Information can number. */
const MOST_ATTEMPTS = 2 ** 32 - 1

class Initiator implements WayBack {
  readonly #transport: Transport
  readonly #options: ConnectSessionOptions
  readonly #setting: Setting
  #session: Dialogue | undefined = undefined
  #id: Uint8Array = new Uint8Array(0)
  #ticket: Uint8Array = new Uint8Array(0)
  /** Milliseconds that both sides keep the session. */
  #timeToLive: number
  /** The number of the last attempt, and of the one that brought the last connection. */
  #attempt = 0
  #connected = 0
  #failures = 0
  /** When the last connection was had, and how many in a row were lost soon after that. */
  #arrivedAt = 0
  #quick = 0
  /** How many of them brought the session no further than this. */
  #fruitless = 0
  #progress = 0
  /** When the time to live is over; undefined while there is a connection or none is needed. */
  #deadline: number | undefined = undefined
  #timer: Timer | undefined = undefined
  /** Cancels the attempt in progress. */
  #cancellation: Cancellation | undefined = undefined
  #idle = false
  #over = false

  constructor(transport: Transport, options: ConnectSessionOptions) {
    this.#transport = transport
    this.#options = options
    this.#setting = settingOf(options)
    this.#timeToLive = this.#setting.limits.timeToLive
  }

  async open(): Promise<Session> {
    const connection = await this.#first()
    const welcome = this.#welcome(connection)
    const id = connection.identifier?.common
    if (welcome === undefined || id === undefined || !this.#bearable(welcome)) {
      connection.abort()
      throw new SessionAbortedError(notASession)
    }
    this.#id = id
    const home: SessionHome = {
      role: 'initiator',
      limits: this.#setting.limits,
      clock: this.#setting.clock,
      sealing: this.#setting.sealing,
      wayBack: () => this,
      over: () => (this.#over = true),
      proven: nothing,
    }
    const session = new Dialogue(home, hexOf(id), undefined, welcome.userData)
    this.#session = session
    this.#timeToLive = Math.min(this.#timeToLive, welcome.timeToLive)
    this.#arrived(session, connection, welcome)
    return session
  }

  lost(idle: boolean): void {
    const { limits, clock } = this.#setting
    this.#idle = idle
    this.#failures = 0
    if (this.#over) return
    if (idle) return this.#wait(Math.min(limits.idlePoll, this.#timeToLive / 2))
    if (!this.#isFruitful()) return this.#session?.over(fruitless)
    this.#failures = this.#quick - 1
    this.#deadline = clock.now() + this.#timeToLive
    this.#next()
  }

  wanted(): void {
    if (!this.#idle) return
    this.#idle = false
    this.now()
  }

  now(): void {
    if (this.#cancellation === undefined && !this.#over) this.#wait(0)
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#cancellation?.abort()
    this.#cancellation = undefined
    this.#deadline = undefined
    this.#idle = false
  }

  /**
   * False when connections are had and lost again, many times, and nothing gets any further: what ends them
   * is then not the network but what is sent. Connections that are lost quickly count as failures.
   */
  #isFruitful(): boolean {
    const { limits, clock } = this.#setting
    const progress = this.#session?.progress ?? 0
    const waiting = (this.#session?.retained ?? 0) > 0
    const quick = clock.now() - this.#arrivedAt < limits.silenceTimeout
    this.#quick = quick ? this.#quick + 1 : 1
    this.#fruitless = waiting && quick && progress === this.#progress ? this.#fruitless + 1 : 0
    this.#progress = progress
    return this.#fruitless < limits.fruitlessResumes
  }

  async #first(): Promise<SessionConnection> {
    try {
      return await this.#dial(undefined, this.#options.signal)
    } catch (error) {
      if (!(error instanceof SessionRefusedError) || error.userData === undefined) throw error
      const { userData } = decodeReason(opened(this.#setting.sealing, 'refuse', error.userData))
      throw new SessionRefusedError(error.code, error.reason, userData)
    }
  }

  async #dial(claim: Claim | undefined, signal: AbortSignalLike | undefined): Promise<SessionConnection> {
    const { userData: given, calledSelector, callingSelector, connectTimeout } = this.#options
    const { limits, clock, sealing, tsduSizes } = this.#setting
    const userData = typeof given === 'function' ? await given() : (given ?? new Uint8Array(0))
    assertUserData(userData, 'connectSession')
    return openSession(this.#transport, {
      units: lifeUnits,
      versions: [2],
      calledSelector,
      callingSelector,
      identifier: claim === undefined ? undefined : this.#named(this.#attempt),
      userData: sealing.seal(
        'connect',
        encodeGreeting({ silence: limits.silenceTimeout, resume: claim, userData }),
      ),
      connectTimeout,
      signal,
      tsduSizes,
      limits,
      clock,
    })
  }

  /** The name of a connection: the session's, and which of its connections. */
  #named(attempt: number): { readonly common: Uint8Array; readonly additional: Uint8Array } {
    return { common: this.#id, additional: encodeNumber(attempt) }
  }

  #arrived(session: Dialogue, connection: SessionConnection, welcome: Welcome): void {
    const linking: OldSession = this.#named(this.#connected)
    const isFirst = this.#attempt === 0
    this.#connected = this.#attempt
    this.#ticket = welcome.ticket
    this.#arrivedAt = this.#setting.clock.now()
    const { silence: peerSilence, received } = welcome
    session.attach(connection, { peerSilence, received, isFirst, linking })
  }

  /** Waits as long as is due after so many failures, but not beyond the time to live. */
  #next(): void {
    const { limits, random } = this.#setting
    const [a = 0, b = 0, c = 0, d = 0] = random(new Uint8Array(4))
    this.#wait(backoff(this.#failures, (((a * 256 + b) * 256 + c) * 256 + d) / 2 ** 32, limits))
  }

  #wait(milliseconds: number): void {
    const left = (this.#deadline ?? Infinity) - this.#setting.clock.now()
    this.#timer?.cancel()
    // A session that waits for its connection keeps a process alive, as the connection did.
    const delay = Math.max(0, Math.min(milliseconds, left))
    this.#timer = this.#setting.clock.setTimer(delay, () => this.#try(), true)
  }

  #try(): void {
    const session = this.#session
    this.#timer = undefined
    if (session === undefined || this.#over) return
    if ((this.#deadline ?? Infinity) <= this.#setting.clock.now()) {
      return session.over(endByUs('expired', 'no connection could be had within the time to live'))
    }
    if (this.#attempt >= MOST_ATTEMPTS) return session.over(outOfAttempts)
    this.#attempt++
    const cancellation = new Cancellation()
    this.#cancellation = cancellation
    session.trying()
    this.#resume(session, cancellation).catch((error: unknown) => {
      session.over(endByError('internal-error', error))
    })
  }

  async #resume(session: Dialogue, cancellation: Cancellation): Promise<void> {
    const claim = { ticket: this.#ticket, received: session.received }
    let connection: SessionConnection
    try {
      connection = await this.#dial(claim, cancellation)
    } catch (error) {
      if (this.#cancellation === cancellation) this.#failed(session, error)
      return
    }
    if (this.#cancellation !== cancellation)
      return connection.abort(this.#setting.sealing.seal('abort', encodeReason(why.suspended)))
    this.#cancellation = undefined
    const welcome = this.#welcome(connection)
    if (welcome === undefined || !this.#bearable(welcome) || !session.hasPosition(welcome.received)) {
      connection.abort()
      return session.over(notASession)
    }
    this.#arrived(session, connection, welcome)
  }

  #failed(session: Dialogue, error: unknown): void {
    this.#cancellation = undefined
    const end = finalEnd(error, this.#setting.sealing)
    // Of a release that both sides wanted the last word may have been lost.
    if (end?.reason === 'unknown' && session.agreed) return session.over(endByRelease(undefined))
    if (end !== undefined) return session.over(end)
    this.#failures++
    this.#idle = false
    this.#deadline ??= this.#setting.clock.now() + this.#timeToLive
    session.suspended(suspensionOf(error))
    if (!this.#over) this.#next()
  }

  #welcome(connection: SessionConnection): Welcome | undefined {
    return decodeWelcome(opened(this.#setting.sealing, 'connect', connection.userData))
  }

  #bearable({ silence }: Welcome): boolean {
    return silence >= this.#setting.limits.silenceTimeoutLeast
  }
}

/** The end of the session where a failure is not one of the network, or of a busy acceptor. */
function finalEnd(error: unknown, sealing: Sealing): SessionEnd | undefined {
  // Another attempt would fail in the same way.
  if (error instanceof SessionUsageError) return endByError('internal-error', error)
  if (!(error instanceof SessionRefusedError)) return undefined
  if (error.code === 'user-data') {
    const { reason, userData } = decodeReason(opened(sealing, 'refuse', error.userData))
    return endOfRefusal(reason, userData)
  }
  return transient.has(error.code) ? undefined : endOfRefusal(why.user, new Uint8Array(0))
}

/** Refusals that may be otherwise the next time. */
const transient: ReadonlySet<string> = new Set(['user-congestion', 'congestion', 'not-attached', 'provider'])

function suspensionOf(error: unknown): Suspension {
  return { message: error instanceof Error ? error.message : 'the connection could not be had' }
}

const notASession: SessionEnd = {
  by: 'provider',
  reason: 'protocol-error',
  message: 'the other side does not answer as the end of a session does',
}

const fruitless: SessionEnd = {
  by: 'provider',
  reason: 'restriction',
  message: 'every connection is lost as soon as the session goes on',
}

const outOfAttempts: SessionEnd = {
  by: 'provider',
  reason: 'restriction',
  message: `the session was resumed ${MOST_ATTEMPTS} times`,
}

function nothing(): void {}
