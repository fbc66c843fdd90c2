// One session connection in English: what its user may ask and what it is told. It translates between its
// user and the driver; what is allowed when is the machine's to say.

import { SessionUsageError, type Indication, type Request } from '../machine/index.ts'
import type { TransportLoss } from '../ports/transport.ts'
import { Subject, type Observable } from '../rx.ts'
import { Audience, tellEnd } from './audience.ts'
import { Confirmations, settle, type Answers } from './confirmations.ts'
import type { Driver, DriverUser } from './driver.ts'
import type { Interruption } from './errors.ts'
import { englishState, tokensOfBits, type SessionState, type Token, type Unit } from './glossary.ts'
import { eventOf, minorPointOf, questionOf, syncPointOf } from './indications.ts'
import type { SessionIdentifier } from './options.ts'
import type { Answerable, Answering } from './questions.ts'
import { resyncResponse } from './service-options.ts'
import {
  endByError,
  endByRelease,
  endByUs,
  endOfPeerAbort,
  endOfProviderAbort,
  type SessionEnd,
} from './session-end.ts'
import type { ReleaseAnswer, ResyncAgreement, SessionEvent, SessionListener } from './session-listener.ts'
import { SessionServices } from './session-services.ts'
import { inEnglish } from './usage.ts'

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
 * called when its service is not possible throws {@link SessionUsageError} and changes nothing; with code
 * `NOT_NEGOTIATED` where the functional unit is missing. The promise of a confirmed service settles on every
 * path: it rejects with `SessionInterruptedError` when something overtakes the service and the session
 * connection goes on, and with {@link SessionAbortedError} when it ends.
 */
export class SessionConnection extends SessionServices implements DriverUser {
  readonly role: 'initiator' | 'acceptor'
  /** Who is at the other end of the transport connection, in words. */
  readonly remote: string
  /** The functional units selected. */
  readonly units: readonly Unit[]
  /** The protocol version selected. */
  readonly version: 1 | 2
  /** How the peer's user names the session. */
  readonly identifier: SessionIdentifier | undefined
  /**
   * What the acceptor's user sent with its ACCEPT. At the acceptor undefined: what came with CONNECT,
   * credentials say, its request has, and it is not kept for longer than that.
   */
  readonly userData: Uint8Array | undefined

  readonly #driver: Driver
  readonly #audience = new Audience()
  readonly #confirmations = new Confirmations()
  /** Made for the peer's first question. */
  #asked: Answering | undefined = undefined
  #end: SessionEnd | undefined = undefined
  #closed: Promise<SessionEnd> | undefined = undefined
  #tellClosed: ((end: SessionEnd) => void) | undefined = undefined
  #gone: Promise<TransportLoss> | undefined = undefined
  #tellGone: ((loss: TransportLoss) => void) | undefined = undefined
  /** Both sides asked for the release before either was answered. */
  #collided = false
  /** Delivery has not begun; what the machine said meanwhile waits in `#early`. */
  #held = true
  #early: Indication[] | undefined = undefined
  #paused = false

  /**
   * Takes over the driver of an opened session connection. Made by `openSession` and by a request's `accept`.
   */
  constructor(driver: Driver, opened: Opened) {
    super(driver.machine.variables)
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
   * How its transport connection ended, once it has; never rejects. After a release that this side agreed to,
   * `by: 'peer'` says that the answer has arrived: the peer ends the transport connection when it has it.
   */
  get gone(): Promise<TransportLoss> {
    this.#gone ??= new Promise((resolve) => {
      if (this.#driver.loss === undefined) this.#tellGone = resolve
      else resolve(this.#driver.loss)
    })
    return this.#gone
  }

  /**
   * What is delivered, as an rxjs observable that completes after `closed`. Reading it begins the delivery.
   */
  get events(): Observable<SessionEvent> {
    if (this.#audience.subject !== undefined) return this.#audience.subject
    const subject = new Subject<SessionEvent>()
    this.#audience.subject = subject
    const end = this.#held ? undefined : this.#end
    this.#begin()
    if (end !== undefined) void Promise.resolve().then(() => tellEnd(subject, end))
    return subject
  }

  /** Begins the delivery, to the callbacks of `listener`. A second call replaces the first. */
  listen(listener: SessionListener): void {
    this.#audience.listener = listener
    this.#begin()
  }

  /**
   * S-RELEASE: asks the peer to end the session in good order, after everything sent has arrived. Resolves
   * with the peer's answer; it may decline only with `negotiated-release`. When the peer has asked already,
   * this is the answer yes.
   */
  release(userData?: Uint8Array): Promise<ReleaseAnswer> {
    if (this.state === 'release-requested' && !this.#confirmations.has('release')) {
      this.#answer('SRELrsp+', { userData })
      return Promise.resolve({ accepted: true, userData: undefined })
    }
    return this.confirmed('release', { name: 'SRELreq', userData })
  }

  /** S-U-ABORT: ends the session at once; what is on its way may be lost. Does nothing when it is over. */
  abort(userData?: Uint8Array): void {
    if (this.#end !== undefined) return
    this.ask({ name: 'SUABreq', userData })
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
      this.#audience.tell({ type: 'drained' })
    } catch (error) {
      this.broken(error)
    }
  }

  /** For the driver: the machine has told of it before, if it was a surprise. */
  disconnected(loss: TransportLoss): void {
    this.#tellGone?.(loss)
  }

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

  protected ask(request: Request): boolean {
    try {
      this.#driver.request(request)
    } catch (error) {
      if (!(error instanceof SessionUsageError)) throw error
      throw inEnglish(error, request, this.state, this.#driver.machine.variables)
    }
    return this.writable
  }

  protected confirmed<Service extends keyof Answers>(
    service: Service,
    request: Request,
  ): Promise<Answers[Service]> {
    if (this.#confirmations.has(service)) {
      const { state, variables } = this.#driver.machine
      const error = new SessionUsageError('WRONG_STATE', request.name, state, 'asked already')
      throw inEnglish(error, request, this.state, variables)
    }
    this.ask(request)
    if (service === 'resynchronize') this.interrupt('resynchronize', 'us')
    if (service === 'interruptActivity') this.interrupt('activity-interrupt', 'us')
    if (service === 'discardActivity') this.interrupt('activity-discard', 'us')
    return this.#confirmations.wait(service)
  }

  /** The answer to a question of the peer's. */
  #answer(name: Answerable, answer: ResyncAgreement): void {
    const { userData } = answer
    if (name === 'SRSYNrsp') this.ask(resyncResponse(answer, this.#driver.machine.variables))
    else this.ask({ name, userData })
    if (name === 'SRELrsp+') this.#finish(endByRelease(undefined))
  }

  /** What no longer makes sense after this: questions of the peer's, and answers that will not come. */
  protected interrupt(code: Interruption, by: 'us' | 'peer'): void {
    if (this.#asked !== undefined) this.#asked.question = undefined
    this.#confirmations.interrupt(this.#driver.machine.state, code, by)
  }

  get #asking(): Answering {
    this.#asked ??= { question: undefined, answer: (name, answer) => this.#answer(name, answer) }
    return this.#asked
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
      if (this.#end !== undefined) this.#audience.end(this.#end)
    })
  }

  #tell(primitive: Indication): void {
    switch (primitive.name) {
      case 'SDTind':
        return this.#audience.data(primitive.data)
      case 'STDind':
        return this.#audience.typedData(primitive.data)
      case 'SSYNmind':
        return this.#audience.minorSync(minorPointOf(primitive))
      case 'SSYNmcnf':
        return this.#audience.minorConfirmed(syncPointOf(primitive))
      case 'SUABind':
        return this.#finish(endOfPeerAbort(primitive.userData))
      case 'SPABind':
        return this.#finish(endOfProviderAbort(primitive, this.#driver.loss))
      case 'SRELcnf+':
        return this.#released(primitive.userData)
      case 'SRELind':
        if (this.#confirmations.has('release')) return this.#collide()
        break
      case 'SACTSind':
      case 'SACTRind':
        this.nowInActivity(primitive.activity)
        break
      default:
        if (settle(this.#confirmations, primitive)) return
    }
    const interruption = interruptions.get(primitive.name)
    if (interruption !== undefined) this.interrupt(interruption, 'peer')
    const event = eventOf(primitive) ?? questionOf(primitive, this.#asking, this.#driver.machine.variables)
    if (event === undefined) throw new Error(`${primitive.name} on an open session connection`)
    if ('question' in event && !this.#audience.answers(event)) event.question.accept()
    else this.#audience.tell(event)
  }

  /**
   * Both asked for the release at once, so both agree. The side that opened answers first; the other one
   * after it has the answer to its own question (SRELrsp+ and DN in STA09).
   */
  #collide(): void {
    this.#collided = true
    if (this.role === 'initiator') this.ask({ name: 'SRELrsp+' })
  }

  #released(userData: Uint8Array | undefined): void {
    if (this.#collided && this.role === 'acceptor') this.ask({ name: 'SRELrsp+' })
    this.#finish(endByRelease(userData))
  }

  #finish(end: SessionEnd): void {
    if (this.#end !== undefined) return
    this.#end = end
    if (this.#asked !== undefined) this.#asked.question = undefined
    this.nowInActivity(undefined)
    // What still arrives is of no use to anybody, but the end of the transport connection comes behind it.
    this.#driver.transport?.resume()
    if (end.by === 'release')
      this.#confirmations.confirm('release', { accepted: true, userData: end.userData })
    this.#confirmations.end(end)
    this.#tellClosed?.(end)
    if (!this.#held) this.#audience.end(end)
  }
}

/** What ends a session connection is told even before anybody listens. */
const ends: ReadonlySet<string> = new Set(['SUABind', 'SPABind'])

/** What overtakes other services when the peer asks for it. */
const interruptions: ReadonlyMap<string, Interruption> = new Map([
  ['SRSYNind', 'resynchronize'],
  ['SACTIind', 'activity-interrupt'],
  ['SACTDind', 'activity-discard'],
  ['SUERind', 'problem'],
  ['SPERind', 'problem'],
])
