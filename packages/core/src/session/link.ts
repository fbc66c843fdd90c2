// One connection under a session: it carries the units that the session keeps, sets and confirms sync points,
// and keeps the link alive. When it is over it says so once, and is not used again. It decides nothing about
// the session.

import {
  endByError,
  type MinorPoint,
  type OldSession,
  type Question,
  type ReleaseQuestion,
  type ResumedActivity,
  type SessionConnection,
  type SessionEnd,
  type SessionListener,
  type StartedActivity,
  type SyncPoint,
} from '../connection/index.ts'
import type { Timer } from '../ports/clock.ts'
import { decodeNumber, decodeReason, encodeReason, why, type Why, type Word } from './book/envelope.ts'
import { Liveness } from './book/liveness.ts'
import type { Unit } from './book/retention.ts'
import { enterActivity } from './enter-activity.ts'
import type { Flow } from './flow.ts'
import { Leaving, type Left } from './leaving.ts'
import type { Arrival, LinkOwner, LinkSettings, Phase, Purpose } from './link-owner.ts'
import { endOfAbort } from './over.ts'
import { opened } from './sealing.ts'

/** Drives one session connection for a session. */
export class Link implements SessionListener, Left {
  readonly connection: SessionConnection
  readonly #owner: LinkOwner
  readonly #flow: Flow
  readonly #settings: LinkSettings
  readonly #life: Liveness
  readonly #linking: OldSession | undefined
  /** Made when either side first wants to leave. */
  #leaving: Leaving | undefined = undefined
  /** For the leaving, too. */
  phase: Phase
  /** The position of the next unit to be sent on this connection. */
  next: number
  #timer: Timer | undefined = undefined
  #paused = false
  /** The acceptor has asked for an activity since the last tick. */
  #pleaded = false

  constructor(
    connection: SessionConnection,
    owner: LinkOwner,
    flow: Flow,
    settings: LinkSettings,
    { peerSilence, isFirst, linking }: Arrival,
  ) {
    this.connection = connection
    this.#owner = owner
    this.#flow = flow
    this.#settings = settings
    this.#linking = linking
    this.#life = new Liveness(settings.limits.silenceTimeout, peerSilence)
    this.phase = isFirst ? 'prelude' : 'waiting'
    this.next = flow.kept.start
  }

  /** True when nothing waits to be sent, confirmed or read, and nothing else is going on. */
  get settled(): boolean {
    return this.phase === 'flowing' && !this.#paused && this.#flow.kept.start === this.#flow.kept.end
  }

  /**
   * Begins. On the session's first connection both sides may send at once; on a later one the initiator goes
   * on with the activity, or starts one, and the acceptor waits for that.
   */
  begin(paused: boolean): void {
    const isInitiator = this.connection.role === 'initiator'
    // CONNECT, or its answer.
    this.#life.heard = true
    this.#arm()
    if (paused) this.pause()
    this.connection.listen(this)
    if (this.phase === 'waiting' && isInitiator && this.connection.state !== 'closed') this.start()
  }

  pause(): void {
    this.#paused = true
    // What opens the activity must be read, or this side could not send.
    if (this.phase !== 'waiting') this.connection.pause()
  }

  resume(): void {
    this.#paused = false
    this.connection.resume()
  }

  /** Sends what is kept and was not sent here yet, as far as the transport likes. */
  pump(): void {
    const { kept } = this.#flow
    while (this.next < kept.end && this.#sends && this.connection.writable) {
      const unit = kept.at(this.next)
      if (unit === undefined) break
      this.#sendUnit(unit)
    }
    this.#leaving?.goOn()
  }

  /** The unit that was kept last is sent at once where nothing else is going on: the usual case. */
  pumpLast(unit: Unit): void {
    const isLast = this.next === this.#flow.kept.end - 1
    const isFree = this.phase === 'flowing' && this.#leaving?.purpose === undefined
    if (isLast && isFree && this.connection.writable) this.#sendUnit(unit)
    else this.pump()
  }

  #sendUnit({ parts, typed, length }: Unit): void {
    this.next++
    if (typed) this.connection.sendTyped(parts)
    else this.connection.send(parts)
    this.#life.sent = true
    if (this.#flow.points.sent(length)) this.point()
  }

  /** Sets a sync point that the peer is to confirm, if anything was sent since the last one. */
  point(): void {
    const { points } = this.#flow
    if (points.uncovered && points.open < this.#settings.limits.openPoints) this.#sync(true)
  }

  /** Says a word about the release, if that is possible now. */
  say(word: Word): void {
    this.#leave.say(word)
  }

  /** The same where a yes is foreseen: the initiator leaves meanwhile if nothing waits. */
  part(word: Word): void {
    this.#leave.part(word)
  }

  /** The initiator ends the activity, when all is sent, and goes on as the purpose says. */
  end(purpose: Purpose): void {
    this.#leave.end(purpose)
  }

  /** For the leaving. */
  sayWithPoint(userData: Uint8Array): void {
    this.#sync(false, userData)
  }

  /** Gives the connection up, and tells the peer why if it can be told. */
  abandon(reason: Why, userData?: Uint8Array): void {
    this.#stop()
    this.connection.abort(this.#settings.sealing.seal('abort', encodeReason(reason, userData)))
  }

  /** Something went wrong in this program, here or in what this link serves. */
  fault(error: unknown): void {
    this.abandon(why.user)
    this.#owner.ended(endByError('internal-error', error))
  }

  data(ssdu: Uint8Array): void {
    this.#life.heard = true
    this.#flow.received++
    this.#owner.data(ssdu)
  }

  typedData(ssdu: Uint8Array): void {
    this.#life.heard = true
    this.#flow.received++
    this.#owner.typedData(ssdu)
  }

  drained(): void {
    this.pump()
    this.#owner.relieved()
  }

  /** The acceptor wants an activity, or gives a sign of life while it can give no other. */
  tokensAsked(): void {
    this.#life.heard = true
    if (this.phase === 'prelude') this.#endPrelude()
  }

  minorSync({ serial, explicit, userData }: MinorPoint): void {
    this.#life.heard = true
    this.#flow.receivedSerial = serial
    // While an activity ends nothing can be confirmed (STA04B); its end confirms all.
    if (explicit && this.phase === 'flowing') {
      this.connection.confirmMinor(serial)
      this.#life.sent = true
    }
    if (userData !== undefined) this.#leave.hear(userData)
  }

  minorConfirmed({ serial }: SyncPoint): void {
    this.#life.heard = true
    const position = this.#flow.points.confirm(serial)
    if (position !== undefined) this.#confirmed(position)
  }

  activityStarted({ identifier }: StartedActivity): void {
    this.#flow.began(decodeNumber(identifier) ?? 0)
    this.#opened()
  }

  activityResumed({ identifier, serial, serialReceived = 0 }: ResumedActivity): void {
    this.#flow.resumed(decodeNumber(identifier) ?? 0, serial, serialReceived)
    this.#opened()
  }

  activityEnded(_point: SyncPoint, question: Question): void {
    this.#life.heard = true
    this.#leave.activityEnded(question)
  }

  activityInterrupted(): void {
    this.#stray()
  }

  activityDiscarded(): void {
    this.#stray()
  }

  releaseRequested(userData: Uint8Array | undefined, question: ReleaseQuestion): void {
    this.#life.heard = true
    this.#leave.releaseRequested(userData, question)
  }

  closed(end: SessionEnd): void {
    if (this.phase === 'gone') return
    if (end.by === 'release') {
      this.#timer?.cancel()
      return this.#leave.released(end)
    }
    const unseen = this.phase === 'prelude' && this.#flow.received === 0
    this.#stop()
    if (end.by === 'transport') return this.#owner.left(false, end.message)
    // Without a word it is an initiator that stopped waiting for our ACCEPT: it has never known of a new
    // session, and comes again for one that is older.
    if (end.by !== 'peer' || (unseen && end.userData === undefined)) return this.#owner.ended(end)
    const said = opened(this.#settings.sealing, 'abort', end.userData)
    const { reason, userData } = decodeReason(said ?? GIVEN_UP)
    if (reason === why.suspended) return this.#owner.left(false, 'the other side gave the connection up')
    this.#owner.ended(endOfAbort(reason, userData))
  }

  /** The serial numbers of the activity run out. Who does not read cannot end it: the peer may speak on. */
  get #outgrown(): boolean {
    const { sync, role } = this.connection
    if (role !== 'initiator' || this.phase !== 'flowing' || this.#paused) return false
    return Math.max(sync.next, this.#flow.receivedSerial + 1) >= this.#settings.limits.renewSerial
  }

  get #leave(): Leaving {
    return (this.#leaving ??= new Leaving(this, this.#owner, this.#flow, this.#settings.sealing))
  }

  get #sends(): boolean {
    return this.phase === 'flowing' || this.phase === 'asked' || this.phase === 'prelude'
  }

  /** The initiator begins the activity, or goes on with it. For the leaving, too. */
  start(): void {
    enterActivity(this.connection, this.#flow, this.#linking)
    this.#opened()
  }

  #opened(): void {
    this.#life.heard = true
    if (this.phase === 'between') this.#flow.confirm(this.next)
    this.phase = 'flowing'
    if (this.#paused) this.connection.pause()
    this.#owner.begun()
    // What was sent in the prelude.
    this.point()
    this.pump()
    this.#owner.relieved()
  }

  /** Something needs an activity. Only the initiator can start it: the acceptor asks for the token. */
  #endPrelude(): void {
    this.#life.sent = true
    if (this.connection.role === 'initiator') {
      enterActivity(this.connection, this.#flow, undefined)
      this.phase = 'flowing'
    } else if (!this.#pleaded) {
      this.#pleaded = true
      this.connection.pleaseTokens(['major-activity'])
    }
  }

  #sync(explicit: boolean, userData?: Uint8Array): void {
    if (this.phase === 'prelude') this.#endPrelude()
    const { next } = this.connection.sync
    if (!this.#sends || this.phase === 'prelude' || next > this.#settings.limits.lastSerial) return
    this.connection.syncMinor({ explicit, userData })
    this.#flow.points.set(next, this.next, explicit)
    this.#life.sent = true
  }

  #confirmed(position: number): void {
    this.#flow.confirm(position)
    if (this.#flow.points.due) this.point()
    this.#owner.relieved()
  }

  #arm(): void {
    this.#timer = this.#settings.clock.setTimer(this.#life.tick, () => this.safely(() => this.#ticked()))
  }

  #ticked(): void {
    const beat = this.#life.pass(this.#paused && this.phase !== 'waiting', this.phase === 'asked')
    if (beat === 'lost') return this.#silent()
    this.#arm()
    this.#pleaded = false
    this.point()
    if (beat === 'beat' && this.connection.writable) this.#sync(false)
    if (this.#outgrown) this.end('renew')
    this.#owner.ticked(this.#life.tick)
  }

  #silent(): void {
    this.abandon(why.suspended)
    this.#owner.left(false, `nothing was heard for ${this.#settings.limits.silenceTimeout} ms`)
  }

  /** The peer has stopped the activity, which the end of a session never does. */
  #stray(): void {
    this.abandon(why.user)
    const message = 'the other side stopped the activity of the session'
    this.#owner.ended({ by: 'peer', reason: 'protocol-error', message })
  }

  /** Where nobody catches it, our own fault ends this session and nothing else. For the leaving, too. */
  safely(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.fault(error)
    }
  }

  #stop(): void {
    this.phase = 'gone'
    this.#timer?.cancel()
  }
}

const GIVEN_UP = encodeReason(why.suspended)
