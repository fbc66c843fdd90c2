// The session that outlives its connections. It keeps what the other side may not have, gives it to whichever
// link there is, and tells its user. It opens no connection and decides nothing about who may resume it.

import {
  endByError,
  endByUs,
  SessionAbortedError,
  SessionUsageError,
  type ReleaseAnswer,
  type ReleaseQuestion,
  type SessionConnection,
  type SessionEnd,
} from '../connection/index.ts'
import { BehaviorSubject, Observable } from '../rx.ts'
import { why, type Why, type Word } from './book/envelope.ts'
import type { Unit } from './book/retention.ts'
import { Flow } from './flow.ts'
import { Link } from './link.ts'
import type { Arrival, LinkOwner, LinkSettings } from './link-owner.ts'
import { assertUserData } from './options.ts'
import { ReleaseTalk, type Releasing } from './release-talk.ts'
import type { Session, SessionCallbacks, SessionPhase, Suspension } from './session.ts'
import type { WayBack } from './way-back.ts'

/** The end whose session it is. One for all sessions of an acceptor. */
export interface SessionHome extends LinkSettings {
  readonly role: 'initiator' | 'acceptor'
  /** Asked when the session first has no connection. */
  readonly wayBack: (session: Dialogue) => WayBack
  /** Called when it is over, before its user is told. */
  readonly over: (session: Dialogue) => void
  /** Called when the other side has shown that the connection is there from end to end. */
  readonly proven: (session: Dialogue) => void
}

/** One end of a session; what its user may ask is documented at {@link Session}. */
export class Dialogue implements Session, LinkOwner, Releasing {
  readonly id: string
  readonly principal: string | undefined
  readonly userData: Uint8Array
  readonly #home: SessionHome
  readonly #flow: Flow
  /** Made when there is no connection for the first time. */
  #wayBack: WayBack | undefined = undefined
  /** Made when either side first has something to say. */
  #talk: ReleaseTalk | undefined = undefined
  #hooks: Set<(suspension: Suspension) => void> | undefined = undefined
  #callbacks: SessionCallbacks | undefined = undefined
  #link: Link | undefined = undefined
  #remote = 'nobody'
  #phase: SessionPhase = 'suspended'
  #states: BehaviorSubject<SessionPhase> | undefined = undefined
  #paused = false
  /** The user was told that there is no room, and not yet that there is. */
  #full = false
  /** Something was sent or received since the last tick, and for how long nothing was, in milliseconds. */
  #used = true
  #unused = 0
  /** The user knows that there is no connection. */
  #told = false
  #end: SessionEnd | undefined = undefined
  #closed: Promise<SessionEnd> | undefined = undefined
  #tellClosed: ((end: SessionEnd) => void) | undefined = undefined

  constructor(home: SessionHome, id: string, principal: string | undefined, userData: Uint8Array = NOTHING) {
    this.#home = home
    this.id = id
    this.principal = principal
    this.userData = userData
    this.#flow = new Flow(home.limits)
  }

  get role(): 'initiator' | 'acceptor' {
    return this.#home.role
  }

  get remote(): string {
    return this.#remote
  }

  get state(): SessionPhase {
    return this.#phase
  }

  get states(): Observable<SessionPhase> {
    if (this.#end !== undefined) return OVER
    return (this.#states ??= new BehaviorSubject(this.#phase))
  }

  get closed(): Promise<SessionEnd> {
    this.#closed ??= new Promise((resolve) => {
      if (this.#end === undefined) this.#tellClosed = resolve
      else resolve(this.#end)
    })
    return this.#closed
  }

  get retained(): number {
    return this.#flow.kept.octets
  }

  get writable(): boolean {
    const connection = this.#link?.connection
    const isFull = this.retained >= this.#home.limits.retainedOctets || connection?.writable === false
    // First and short: it is asked for each call that is answered.
    if (!isFull && connection !== undefined) return true
    if (this.#end !== undefined) return false
    // Whoever asks and hears no waits for `drained`, also when others have used the room up.
    this.#full ||= isFull
    return !isFull
  }

  listen(callbacks: SessionCallbacks): void {
    const first = this.#callbacks === undefined
    this.#callbacks = callbacks
    if (!first) return
    const end = this.#end
    if (end !== undefined) void Promise.resolve().then(() => this.#tellEnd(end))
    else if (!this.#paused) this.#link?.resume()
  }

  onSuspended(hook: (suspension: Suspension) => void): () => void {
    const hooks = (this.#hooks ??= new Set()).add(hook)
    return () => void hooks.delete(hook)
  }

  send(parts: readonly Uint8Array[]): boolean {
    return this.#send(parts, false)
  }

  sendTyped(parts: readonly Uint8Array[]): boolean {
    return this.#send(parts, true)
  }

  pause(): void {
    this.#paused = true
    this.#link?.pause()
  }

  resume(): void {
    this.#paused = false
    if (this.#callbacks !== undefined) this.#link?.resume()
  }

  resumeNow(): void {
    if (this.#end === undefined && this.#link === undefined) this.#back.now()
  }

  release(userData: Uint8Array = NOTHING, foreseen = false): Promise<ReleaseAnswer> {
    assertUserData(userData, 'release')
    if (this.#end !== undefined) return Promise.reject(new SessionAbortedError(this.#end))
    const answer = (this.#talk ??= new ReleaseTalk(this)).ask(userData, foreseen)
    if (this.#link === undefined) this.#back.wanted()
    return answer
  }

  abort(userData: Uint8Array = NOTHING): void {
    assertUserData(userData, 'abort')
    this.over(endByUs('aborted', 'this side aborted the session'), why.user, userData)
  }

  forget(): void {
    this.over(endByUs('aborted', 'this side does not know the session any more'), why.unknown)
  }

  /** For the two ends: a connection is there. The position must be one of ours. */
  attach(connection: SessionConnection, arrival: Arrival): void {
    this.#link?.abandon(why.superseded)
    this.#wayBack?.stop()
    this.#flow.continueAt(arrival.received)
    this.#remote = connection.remote
    this.#used = true
    this.#unused = 0
    this.#told = false
    this.#link = new Link(connection, this, this.#flow, this.#home, arrival)
    this.#become('open')
    if (this.#end === undefined) this.#link.begin(this.#paused || this.#callbacks === undefined)
  }

  /** For the two ends: how many units we have. */
  get received(): number {
    return this.#flow.received
  }

  /** For the initiator: how far the session is, as something to compare. */
  get progress(): number {
    return this.#flow.kept.start + this.#flow.received
  }

  /** For the two ends: can the peer be there? */
  hasPosition(position: number): boolean {
    return this.#flow.hasPosition(position)
  }

  /** For the two ends: both sides have agreed on the release. */
  get agreed(): boolean {
    return this.#talk?.agreed === true
  }

  /** For the initiator: an attempt begins. */
  trying(): void {
    this.#become('resuming')
  }

  /** For the initiator: an attempt has failed. For the link's end too: the connection is lost. */
  suspended(suspension: Suspension): void {
    this.#become('suspended')
    if (this.#told) return
    this.#told = true
    for (const hook of [...(this.#hooks ?? [])]) this.#guarded(() => hook(suspension))
  }

  /** For the two ends: it is over. The peer is told if there is a link. */
  over(end: SessionEnd, reason: Why = why.user, userData?: Uint8Array): void {
    if (this.#end !== undefined) return
    this.#end = end
    this.#link?.abandon(reason, userData)
    this.#link = undefined
    this.#wayBack?.stop()
    this.#flow.kept.clear()
    this.#home.over(this)
    this.#talk?.over(end)
    this.#become('closed')
    this.#states?.complete()
    this.#tellClosed?.(end)
    this.#tellEnd(end)
  }

  /** For the link. */
  data(ssdu: Uint8Array): void {
    this.#used = true
    try {
      this.#callbacks?.data?.(ssdu)
    } catch (error) {
      this.over(endByError('listener-error', error))
    }
  }

  /** For the link. */
  typedData(ssdu: Uint8Array): void {
    this.#used = true
    try {
      this.#callbacks?.typedData?.(ssdu)
    } catch (error) {
      this.over(endByError('listener-error', error))
    }
  }

  /** For the link. */
  begun(): void {
    this.#home.proven(this)
    this.#talk?.again()
  }

  /** For the link. */
  relieved(): void {
    if (!this.#full || !this.writable || this.retained > this.#home.limits.retainedOctets / 2) return
    this.#full = false
    this.#guarded(() => this.#callbacks?.drained?.())
  }

  /** For the link. */
  ticked(milliseconds: number): void {
    const { idleTimeout } = this.#home.limits
    this.#unused =
      this.#used || this.#isTalking || this.#link?.settled !== true ? 0 : this.#unused + milliseconds
    this.#used = false
    if (this.role === 'initiator' && idleTimeout > 0 && this.#unused >= idleTimeout) this.#link?.end('idle')
  }

  /** For the link. */
  left(idle: boolean, message: string): void {
    this.#link = undefined
    if (idle) this.#become('idle')
    else this.suspended({ message })
    this.relieved()
    if (this.#end !== undefined) return
    this.#back.lost(idle)
    if (this.#flow.kept.start < this.#flow.kept.end || this.#isTalking) this.#back.wanted()
  }

  /** For the link. */
  ended(end: SessionEnd): void {
    this.#link = undefined
    this.over(end)
  }

  /** For the link. */
  word(word: Word): void {
    ;(this.#talk ??= new ReleaseTalk(this)).hear(word)
  }

  /** For the talk. */
  say(word: Word, foreseen = false): void {
    if (foreseen && this.role === 'initiator') this.#link?.part(word)
    else this.#link?.say(word)
  }

  /** For the talk. */
  ask(userData: Uint8Array, question: ReleaseQuestion): void {
    const callbacks = this.#callbacks
    if (callbacks?.releaseRequested === undefined) question.accept()
    else this.#guarded(() => callbacks.releaseRequested?.(userData, question))
  }

  /** For the talk: the initiator carries out what was agreed. */
  agreedOn(): void {
    if (this.role === 'initiator') this.#link?.end('release')
  }

  get #back(): WayBack {
    return (this.#wayBack ??= this.#home.wayBack(this))
  }

  get #isTalking(): boolean {
    return this.#talk?.busy === true
  }

  #send(parts: readonly Uint8Array[], typed: boolean): boolean {
    const { limits } = this.#home
    const { kept } = this.#flow
    let length = 0
    for (const part of parts) length += part.length
    if (length === 0 || this.#end !== undefined) throw this.#misuse(typed)
    if (kept.octets >= limits.retainedOctetsMost || kept.exhausted) {
      this.over(endByUs('overflow', 'more was sent than is kept for the other side'), why.overflow)
      return false
    }
    const unit: Unit = { parts, typed, length }
    kept.keep(unit)
    this.#used = true
    if (this.#link === undefined) this.#back.wanted()
    else this.#pump(this.#link, unit)
    const { writable } = this
    if (!writable) this.#choked()
    return writable
  }

  #pump(link: Link, unit: Unit): void {
    try {
      link.pumpLast(unit)
    } catch (error) {
      link.fault(error)
    }
  }

  /** What is kept has to be confirmed before there is room again, so it should not wait for the next tick. */
  #choked(): void {
    this.#full = true
    this.#link?.point()
  }

  #misuse(typed: boolean): SessionUsageError {
    const [name, request] = typed ? (['sendTyped', 'STDreq'] as const) : (['send', 'SDTreq'] as const)
    const isOver = this.#end !== undefined
    const what = `${name}: ${isOver ? 'the session is over' : 'an SSDU has at least one octet'}`
    return new SessionUsageError(isOver ? 'WRONG_STATE' : 'BAD_ARGUMENT', request, this.#phase, what)
  }

  #become(phase: SessionPhase): void {
    if (phase === this.#phase) return
    this.#phase = phase
    this.#states?.next(phase)
  }

  /** A callback that throws ends the session, wherever it is called from. */
  #guarded(callback: () => void): void {
    try {
      callback()
    } catch (error) {
      this.over(endByError('listener-error', error))
    }
  }

  #tellEnd(end: SessionEnd): void {
    try {
      this.#callbacks?.closed?.(end)
    } catch {
      // There is no session left that could be ended for it.
    }
  }
}

const NOTHING = new Uint8Array(0)
/** The states of a session that is over: the last one, and the end of them. */
const OVER: Observable<SessionPhase> = new Observable((subscriber) => {
  subscriber.next('closed')
  subscriber.complete()
})
