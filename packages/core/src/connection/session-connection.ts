// One session connection in English: what its user may ask and what it is told. It translates between its
// user and the driver; what is allowed when is the machine's to say.

import { Subject, type Observable } from 'rxjs'

import { SessionUsageError, type Indication, type Request } from '../machine/index.ts'
import type { Driver, DriverUser } from './driver.ts'
import { SessionAbortedError } from './errors.ts'
import {
  bitsOfTokens,
  englishState,
  methodOf,
  tokensOfBits,
  type SessionState,
  type Token,
  type Unit,
} from './glossary.ts'
import type { SessionIdentifier } from './options.ts'
import {
  endByError,
  endByRelease,
  endByUs,
  endOfPeerAbort,
  endOfProviderAbort,
  type SessionEnd,
} from './session-end.ts'
import type { ReleaseAnswer, ReleaseQuestion, SessionEvent, SessionListener } from './session-listener.ts'

/** What was agreed on when the session connection was opened. */
export interface Opened {
  readonly role: 'initiator' | 'acceptor'
  readonly units: readonly Unit[]
  readonly version: 1 | 2
  readonly identifier: SessionIdentifier | undefined
  readonly userData: Uint8Array | undefined
  /** The largest TSDU to accept from now on, in octets. */
  readonly maxTsduLength: number
}

/**
 * A session connection: one X.225 session connection on one transport connection, open from the start.
 *
 * Nothing is delivered before {@link listen} is called or {@link events} is first read. A method that is
 * called when its service is not possible throws {@link SessionUsageError} and changes nothing.
 */
export class SessionConnection implements DriverUser {
  readonly role: 'initiator' | 'acceptor'
  /** Who is at the other end of the transport connection, in words. */
  readonly remote: string
  /** The functional units selected. */
  readonly units: readonly Unit[]
  /** The protocol version selected. */
  readonly version: 1 | 2
  /** How the peer's user names the session. */
  readonly identifier: SessionIdentifier | undefined
  /** What the peer's user sent with its CONNECT or ACCEPT. */
  readonly userData: Uint8Array | undefined

  readonly #driver: Driver
  #listener: SessionListener | undefined = undefined
  #subject: Subject<SessionEvent> | undefined = undefined
  #end: SessionEnd | undefined = undefined
  #closed: Promise<SessionEnd> | undefined = undefined
  #tellClosed: ((end: SessionEnd) => void) | undefined = undefined
  #release: Release | undefined = undefined
  /** Delivery has not begun; what the machine said meanwhile waits in `#early`. */
  #held = true
  #early: Indication[] | undefined = undefined
  #paused = false

  /**
   * Takes over the driver of an opened session connection. Made by `openSession` and by a request's `accept`.
   */
  constructor(driver: Driver, opened: Opened) {
    this.role = opened.role
    this.remote = driver.transport?.remote ?? 'nobody'
    this.units = opened.units
    this.version = opened.version
    this.identifier = opened.identifier
    this.userData = opened.userData
    this.#driver = driver
    driver.user = this
    if (driver.transport === undefined) return
    driver.transport.maxTsduLength = opened.maxTsduLength
    driver.transport.pause()
  }

  /** Where it stands. */
  get state(): SessionState {
    return this.#end === undefined ? englishState(this.#driver.machine.state) : 'closed'
  }

  /** False from the moment {@link send} returned false until `drained`, and when it is over. */
  get writable(): boolean {
    return this.#end === undefined && this.#driver.writable
  }

  /** The tokens that are ours now. */
  get tokens(): readonly Token[] {
    return tokensOfBits(this.#driver.machine.tokens)
  }

  /** How it ended, once it has; never rejects. */
  get closed(): Promise<SessionEnd> {
    this.#closed ??= new Promise((resolve) => {
      if (this.#end === undefined) this.#tellClosed = resolve
      else resolve(this.#end)
    })
    return this.#closed
  }

  /**
   * What is delivered, as an rxjs observable that completes after `closed`. Reading it begins the delivery.
   */
  get events(): Observable<SessionEvent> {
    if (this.#subject !== undefined) return this.#subject
    const subject = new Subject<SessionEvent>()
    this.#subject = subject
    const end = this.#held ? undefined : this.#end
    this.#begin()
    if (end !== undefined) void Promise.resolve().then(() => this.#tellEvents(subject, end))
    return subject
  }

  /** Begins the delivery, to the callbacks of `listener`. A second call replaces the first. */
  listen(listener: SessionListener): void {
    this.#listener = listener
    this.#begin()
  }

  /**
   * S-DATA. The parts, together at least one octet, are one SSDU; they must not be changed
   * afterwards. Returns false when more waits to leave than the transport likes: what was given is
   * kept all the same, and `drained` follows.
   */
  send(parts: readonly Uint8Array[]): boolean {
    return this.#ask({ name: 'SDTreq', data: parts })
  }

  /** S-TYPED-DATA: like {@link send}, but free of the data token. Needs `typed-data`. */
  sendTyped(parts: readonly Uint8Array[]): boolean {
    return this.#ask({ name: 'STDreq', data: parts })
  }

  /** S-EXPEDITED-DATA: 1 to 14 octets that later normal data does not overtake. Needs `expedited-data`. */
  sendExpedited(parts: readonly Uint8Array[]): boolean {
    return this.#ask({ name: 'SEXreq', data: parts })
  }

  /** S-TOKEN-GIVE. All of the tokens must be ours. */
  giveTokens(tokens: readonly Token[], userData?: Uint8Array): void {
    this.#ask({ name: 'SGTreq', tokens: bitsOfTokens(tokens), userData })
  }

  /** S-TOKEN-PLEASE. */
  pleaseTokens(tokens: readonly Token[], userData?: Uint8Array): void {
    this.#ask({ name: 'SPTreq', tokens: bitsOfTokens(tokens), userData })
  }

  /**
   * S-RELEASE: asks the peer to end the session in good order, after everything sent has arrived. Resolves
   * with the peer's answer; it may decline only with `negotiated-release`. Rejects with
   * {@link SessionAbortedError} when the session connection ends otherwise. When the peer has asked
   * already, this is the answer yes.
   */
  release(userData?: Uint8Array): Promise<ReleaseAnswer> {
    if (this.state === 'release-requested' && this.#release === undefined) {
      this.#accept(userData)
      return Promise.resolve({ accepted: true, userData: undefined })
    }
    if (this.#release !== undefined) {
      const { state } = this.#driver.machine
      throw inEnglish(new SessionUsageError('WRONG_STATE', 'SRELreq', state, 'asked already'), this.state)
    }
    this.#ask({ name: 'SRELreq', userData })
    const release = new Release()
    this.#release = release
    return release.answer
  }

  /** S-U-ABORT: ends the session at once; what is on its way may be lost. Does nothing when it is over. */
  abort(userData?: Uint8Array): void {
    if (this.#end !== undefined) return
    this.#ask({ name: 'SUABreq', userData })
    this.#finish(endByUs('aborted', 'this side aborted the session'))
  }

  /** Stops the delivery, so that the peer's sends fill up. */
  pause(): void {
    this.#paused = true
    if (this.#end === undefined) this.#driver.transport?.pause()
  }

  /** Goes on with the delivery; delivers nothing inside the call. */
  resume(): void {
    this.#paused = false
    if (!this.#held) this.#driver.transport?.resume()
  }

  /** For the driver. */
  indicate(primitive: Indication): void {
    if (this.#end !== undefined) return
    if (this.#held && !ends.has(primitive.name)) {
      ;(this.#early ??= []).push(primitive)
      return
    }
    try {
      this.#tell(primitive)
    } catch (error) {
      this.broken(error)
    }
  }

  /** For the driver. */
  drained(): void {
    if (this.#end !== undefined) return
    try {
      this.#listener?.drained?.()
      this.#subject?.next({ type: 'drained' })
    } catch (error) {
      this.broken(error)
    }
  }

  /** For the driver: the machine has told of it before. */
  disconnected(): void {}

  /** For the driver. */
  failed(error: unknown): void {
    this.#finish(endByError('internal-error', error))
  }

  /** For `acceptSessions` too: a callback has thrown. The peer gets an abort, our user its own fault. */
  broken(error: unknown): void {
    if (this.#end !== undefined) return
    if (englishState(this.#driver.machine.state) !== 'closed') this.#driver.request({ name: 'SUABreq' })
    this.#finish(endByError('listener-error', error))
  }

  #ask(request: Request): boolean {
    try {
      this.#driver.request(request)
    } catch (error) {
      throw error instanceof SessionUsageError ? inEnglish(error, this.state) : error
    }
    return this.writable
  }

  #begin(): void {
    if (!this.#held) return
    this.#held = false
    if (!this.#paused) this.#driver.transport?.resume()
    if (this.#early === undefined && this.#end === undefined) return
    void Promise.resolve().then(() => {
      const early = this.#early ?? []
      this.#early = undefined
      for (const primitive of early) this.indicate(primitive)
      if (this.#end !== undefined) this.#tellEnd(this.#end)
    })
  }

  #tell(primitive: Indication): void {
    const listener = this.#listener
    switch (primitive.name) {
      case 'SDTind':
        listener?.data?.(primitive.data)
        return this.#subject?.next({ type: 'data', data: primitive.data })
      case 'STDind':
        listener?.typedData?.(primitive.data)
        return this.#subject?.next({ type: 'typed-data', data: primitive.data })
      case 'SEXind':
        listener?.expeditedData?.(primitive.data)
        return this.#subject?.next({ type: 'expedited-data', data: primitive.data })
      case 'SGTind':
        return this.#tellTokens('tokens-given', primitive.tokens, primitive.userData)
      case 'SPTind':
        return this.#tellTokens('tokens-asked', primitive.tokens, primitive.userData)
      case 'SRELind':
        return this.#releaseRequested(primitive.userData)
      case 'SRELcnf+':
        return this.#released(primitive.userData)
      case 'SRELcnf-':
        this.#release?.resolve({ accepted: false, userData: primitive.userData })
        this.#release = undefined
        return
      case 'SUABind':
        return this.#finish(endOfPeerAbort(primitive.userData))
      case 'SPABind':
        return this.#finish(endOfProviderAbort(primitive, this.#driver.loss))
      default:
        throw new Error(`${primitive.name} on an open session connection`)
    }
  }

  #tellTokens(type: 'tokens-given' | 'tokens-asked', bits: number, userData: Uint8Array | undefined): void {
    const tokens = tokensOfBits(bits)
    if (type === 'tokens-given') this.#listener?.tokensGiven?.(tokens, userData)
    else this.#listener?.tokensAsked?.(tokens, userData)
    this.#subject?.next({ type, tokens, userData })
  }

  #releaseRequested(userData: Uint8Array | undefined): void {
    if (this.#release !== undefined) {
      // Both asked at once, so both agree. The side that opened answers first; the other one after it has the
      // answer to its own question (SRELrsp+ and DN in STA09).
      this.#release.collided = true
      if (this.role === 'initiator') this.#ask({ name: 'SRELrsp+' })
      return
    }
    const asked = this.#listener?.releaseRequested !== undefined || this.#subject?.observed === true
    if (!asked) return this.#accept(undefined)
    const question: ReleaseQuestion = {
      accept: (answer) => this.#accept(answer),
      refuse: (answer) => void this.#ask({ name: 'SRELrsp-', userData: answer }),
    }
    this.#listener?.releaseRequested?.(userData, question)
    this.#subject?.next({ type: 'release-requested', userData, question })
  }

  #accept(userData: Uint8Array | undefined): void {
    this.#ask({ name: 'SRELrsp+', userData })
    this.#finish(endByRelease(undefined))
  }

  #released(userData: Uint8Array | undefined): void {
    if (this.#release?.collided === true && this.role === 'acceptor') this.#ask({ name: 'SRELrsp+' })
    this.#finish(endByRelease(userData))
  }

  #finish(end: SessionEnd): void {
    if (this.#end !== undefined) return
    this.#end = end
    // What still arrives is of no use to anybody, but the end of the transport connection comes behind it.
    this.#driver.transport?.resume()
    if (end.by === 'release') this.#release?.resolve({ accepted: true, userData: end.userData })
    else this.#release?.reject(new SessionAbortedError(end))
    this.#release = undefined
    this.#tellClosed?.(end)
    if (!this.#held) this.#tellEnd(end)
  }

  #tellEnd(end: SessionEnd): void {
    try {
      this.#listener?.closed?.(end)
    } catch {
      // There is no session connection left that could be ended for it.
    }
    if (this.#subject !== undefined) this.#tellEvents(this.#subject, end)
  }

  #tellEvents(subject: Subject<SessionEvent>, end: SessionEnd): void {
    subject.next({ type: 'closed', end })
    subject.complete()
  }
}

/** Our own wish to release, until it is answered. */
class Release {
  resolve: (answer: ReleaseAnswer) => void = nothing
  reject: (error: SessionAbortedError) => void = nothing
  readonly answer: Promise<ReleaseAnswer>
  /** The peer wished the same before it answered. */
  collided = false

  constructor() {
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
    // Who does not wait for the answer hears of the end through `closed`.
    this.answer.catch(nothing)
  }
}

/** What ends a session connection is told even before anybody listens. */
const ends: ReadonlySet<string> = new Set(['SUABind', 'SPABind'])

function nothing(): void {}

/** The machine's error in the words of this layer. */
function inEnglish(error: SessionUsageError, state: SessionState): SessionUsageError {
  const method = methodOf(error.request)
  const why = `the session connection is ${state}, or a unit or a token is missing (${error.message})`
  const message =
    error.code === 'WRONG_STATE' ? `${method} is not possible now: ${why}` : `${method}: ${error.message}`
  return new SessionUsageError(error.code, error.request, error.state, message)
}
