// One connection under a session: it carries the units that the session keeps, sets and confirms sync points,
// keeps the link alive, and ends the activity when the session is to leave this connection. When it is over
// it says so once, and is not used again. It decides nothing about the session.

import {
  endByError,
  endByRelease,
  type MinorPoint,
  type Question,
  type ReleaseQuestion,
  type ResumedActivity,
  type SessionConnection,
  type SessionEnd,
  type SessionListener,
  type StartedActivity,
  type SyncAnswer,
  type SyncPoint,
} from '../connection/index.ts'
import type { Timer } from '../ports/clock.ts'
import {
  decodeNumber,
  decodeReason,
  decodeWord,
  encodeReason,
  encodeWord,
  why,
  type Why,
  type Word,
} from './book/envelope.ts'
import { Liveness } from './book/liveness.ts'
import type { Unit } from './book/retention.ts'
import { enterActivity } from './enter-activity.ts'
import type { Flow } from './flow.ts'
import type { LinkOwner, LinkSettings, Purpose } from './link-owner.ts'
import { endOfAbort } from './over.ts'
import { opened } from './sealing.ts'

/**
 * - `waiting` the acceptor, until the activity begins
 * - `flowing`
 * - `ending` we have asked for the end of the activity; the peer may still send (STA04B)
 * - `asked` the peer has; we may still send (STA10B)
 * - `between` activities: nobody sends
 * - `gone`
 */
type Phase = 'waiting' | 'flowing' | 'ending' | 'asked' | 'between' | 'gone'

/** Drives one session connection for a session. */
export class Link implements SessionListener {
  readonly connection: SessionConnection
  readonly #owner: LinkOwner
  readonly #flow: Flow
  readonly #settings: LinkSettings
  readonly #life: Liveness
  #phase: Phase = 'waiting'
  /** The position of the next unit to be sent on this connection. */
  #next: number
  #timer: Timer | undefined = undefined
  #purpose: Purpose | undefined = undefined
  /** The peer's wish to end the activity. */
  #question: Question | undefined = undefined
  /** It follows what the peer has asked for, and takes the answer. */
  #parting = false
  #answer: Uint8Array | undefined = undefined
  #paused = false
  /** The peer has asked to leave the connection and come back later. */
  #idling = false

  constructor(connection: SessionConnection, owner: LinkOwner, flow: Flow, settings: LinkSettings) {
    this.connection = connection
    this.#owner = owner
    this.#flow = flow
    this.#settings = settings
    this.#life = new Liveness(settings.silence, settings.peerSilence)
    this.#next = flow.kept.start
  }

  /** False while more waits to leave than the transport likes. */
  get writable(): boolean {
    return this.connection.writable
  }

  /** True when nothing waits to be sent, confirmed or read, and nothing else is going on. */
  get settled(): boolean {
    return this.#phase === 'flowing' && !this.#paused && this.#flow.kept.start === this.#flow.kept.end
  }

  /** Begins: the initiator starts the activity or goes on with it, the acceptor waits for that. */
  begin(paused: boolean): void {
    this.#paused = paused
    this.#arm()
    this.connection.listen(this)
    if (this.connection.role === 'initiator' && this.connection.state !== 'closed') this.#start()
  }

  pause(): void {
    this.#paused = true
    // What opens the activity must be read, or this side could never send.
    if (this.#phase !== 'waiting') this.connection.pause()
  }

  resume(): void {
    this.#paused = false
    this.connection.resume()
  }

  /** Sends what is kept and was not sent here yet, as far as the transport likes. */
  pump(): void {
    const { kept } = this.#flow
    while (this.#next < kept.end && this.#sends && this.connection.writable) {
      const unit = kept.at(this.#next)
      if (unit === undefined) break
      this.#sendUnit(unit)
    }
    if (this.#question !== undefined || this.#purpose !== undefined) this.#turn()
  }

  /** The unit that was kept last is sent at once where nothing else is going on: the usual case. */
  pumpLast(unit: Unit): void {
    const isLast = this.#next === this.#flow.kept.end - 1
    if (isLast && this.#phase === 'flowing' && this.#purpose === undefined && this.connection.writable)
      this.#sendUnit(unit)
    else this.pump()
  }

  #sendUnit({ parts, typed, octets }: Unit): void {
    this.#next++
    if (typed) this.connection.sendTyped(parts)
    else this.connection.send(parts)
    this.#life.sent = true
    if (this.#flow.points.sent(octets)) this.point()
  }

  /** Sets a sync point that the peer is to confirm, if anything was sent since the last one. */
  point(): void {
    const { points } = this.#flow
    if (points.uncovered && points.open < this.#settings.openPoints) this.#sync(true)
  }

  /** Says a word about the release, if that is possible now; where the peer parts, when it does. */
  say(word: Word): void {
    const said = this.#settings.sealing.seal('other', encodeWord(word))
    if (this.#parting) this.#answer = said
    else this.#sync(false, said)
  }

  /** The initiator asks what will be agreed to, and ends the activity meanwhile if nothing waits. */
  part(word: Word): void {
    if (this.#phase !== 'flowing' || this.#purpose !== undefined || this.#backlog) return this.say(word)
    this.say({ ...word, about: 'part' })
    this.end('part')
  }

  /** The initiator ends the activity, when all is sent, and goes on as the purpose says. */
  end(purpose: Purpose): void {
    if (this.#purpose === 'release') return
    this.#purpose = purpose
    this.pump()
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

  minorSync({ serial, explicit, userData }: MinorPoint): void {
    this.#life.heard = true
    this.#flow.receivedSerial = serial
    // While an activity ends nothing can be confirmed (STA04B); its end confirms all.
    if (explicit && this.#phase === 'flowing') {
      this.connection.confirmMinor(serial)
      this.#life.sent = true
    }
    this.#heard(userData)
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
    this.#phase = 'asked'
    this.#question = question
    this.pump()
  }

  activityInterrupted(): void {
    this.#stray()
  }

  activityDiscarded(): void {
    this.#stray()
  }

  releaseRequested(userData: Uint8Array | undefined, question: ReleaseQuestion): void {
    this.#life.heard = true
    const said = opened(this.#settings.sealing, 'other', userData)
    const idle = decodeReason(said).reason === why.suspended
    // The activity was ended behind all that we had sent, so that has arrived.
    this.#flow.confirm(this.#next)
    if (this.#backlog) return question.refuse()
    this.#idling = idle
    question.accept()
  }

  closed(end: SessionEnd): void {
    if (this.#phase === 'gone') return
    const unseen = this.#settings.isFirst && this.#phase === 'waiting'
    this.#stop()
    if (end.by === 'transport') return this.#owner.left(false, end.message)
    if (end.by === 'peer') {
      // Without a word it is an initiator that stopped waiting for our ACCEPT: it has never known of a new
      // session, and comes again for one that is older.
      if (unseen && end.userData === undefined) return this.#owner.ended(end)
      const said = opened(this.#settings.sealing, 'abort', end.userData)
      const { reason, userData } = decodeReason(said ?? GIVEN_UP)
      if (reason === why.suspended) return this.#owner.left(false, 'the other side gave the connection up')
      return this.#owner.ended(endOfAbort(reason, userData))
    }
    if (end.by !== 'release') return this.#owner.ended(end)
    if (this.#idling) return this.#owner.left(true, 'the session is idle')
    this.#owner.ended(endByRelease(undefined))
  }

  /** The serial numbers of the activity run out. Who does not read cannot end it: the peer may speak on. */
  get #outgrown(): boolean {
    const { sync, role } = this.connection
    if (role !== 'initiator' || this.#phase !== 'flowing' || this.#paused) return false
    return Math.max(sync.next, sync.received.next) >= this.#settings.renewSerial
  }

  get #sends(): boolean {
    return this.#phase === 'flowing' || this.#phase === 'asked'
  }

  get #backlog(): boolean {
    return this.#next < this.#flow.kept.end
  }

  #start(): void {
    enterActivity(this.connection, this.#flow, this.#settings.linking)
    this.#opened()
  }

  #opened(): void {
    this.#life.heard = true
    if (this.#phase === 'between') this.#flow.confirm(this.#next)
    this.#phase = 'flowing'
    if (this.#paused) this.connection.pause()
    this.#owner.begun()
    this.pump()
    this.#owner.relieved()
  }

  #heard(said: Uint8Array | undefined): void {
    const octets = opened(this.#settings.sealing, 'other', said)
    const word = octets === undefined ? undefined : decodeWord(octets)
    if (word?.about === 'part') this.#parting = true
    if (word !== undefined) this.#owner.word(word)
  }

  #sync(explicit: boolean, userData?: Uint8Array): boolean {
    const { next } = this.connection.sync
    if (!this.#sends || next > this.#settings.lastSerial) return false
    this.connection.syncMinor({ explicit, userData })
    this.#flow.points.set(next, this.#next, explicit)
    this.#life.sent = true
    return true
  }

  #confirmed(position: number): void {
    this.#flow.confirm(position)
    if (this.#flow.points.due) this.point()
    this.#owner.relieved()
  }

  /** Ends the activity, or agrees to its end, once everything was sent. */
  #turn(): void {
    if (this.#backlog && this.#purpose !== 'renew') return
    if (this.#phase === 'asked') {
      this.#phase = 'between'
      this.#flow.inActivity = false
      this.#question?.accept(this.#answer)
      this.#question = this.#answer = undefined
      this.#parting = false
    } else if (this.#phase === 'flowing' && this.#purpose !== undefined) {
      this.#phase = 'ending'
      const over = ({ userData }: SyncAnswer): void => this.#safely(() => this.#activityOver(userData))
      this.connection.endActivity().then(over, nothing)
    }
  }

  #activityOver(said: Uint8Array | undefined): void {
    this.#heard(said)
    if (this.#phase !== 'ending') return
    this.#flow.inActivity = false
    this.#phase = 'between'
    const purpose = this.#purpose
    if (purpose !== 'release') this.#purpose = undefined
    // What was asked to be sent meanwhile comes first.
    if (purpose === 'renew' || purpose === 'part' || this.#backlog) return this.#start()
    this.#idling = purpose === 'idle'
    const reason = this.#idling ? why.suspended : why.user
    this.connection.release(this.#settings.sealing.seal('other', encodeReason(reason))).then((answer) => {
      if (!answer.accepted && this.#phase === 'between') this.#safely(() => this.#declined())
    }, nothing)
  }

  /** The other side has something to send before it lets the connection go. */
  #declined(): void {
    this.#idling = false
    this.#start()
  }

  #arm(): void {
    this.#timer = this.#settings.clock.setTimer(this.#life.tick, () => this.#safely(() => this.#ticked()))
  }

  #ticked(): void {
    const beat = this.#life.pass(this.#paused && this.#phase !== 'waiting', this.#phase === 'asked')
    if (beat === 'lost') return this.#silent()
    this.#arm()
    this.point()
    if (beat === 'beat' && this.connection.writable) this.#sync(false)
    if (this.#outgrown) this.end('renew')
    this.#owner.ticked(this.#life.tick)
  }

  #silent(): void {
    this.abandon(why.suspended)
    this.#owner.left(false, `nothing was heard for ${this.#settings.silence} ms`)
  }

  /** The peer has stopped the activity, which the end of a session never does. */
  #stray(): void {
    this.abandon(why.user)
    const message = 'the other side stopped the activity of the session'
    this.#owner.ended({ by: 'peer', reason: 'protocol-error', message })
  }

  /** Where nobody catches it, our own fault ends this session and nothing else. */
  #safely(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.fault(error)
    }
  }

  #stop(): void {
    this.#phase = 'gone'
    this.#timer?.cancel()
  }
}

const GIVEN_UP = encodeReason(why.suspended)

function nothing(): void {}
