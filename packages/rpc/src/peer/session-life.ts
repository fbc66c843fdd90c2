// What goes on inside an RPC session: the session under it, another one in its place where that helps, what
// each of them tells, and how it all ends. Its user holds an `RpcSession`, which asks for what is done here.
import type {
  ReleaseQuestion,
  Session,
  SessionCallbacks,
  SessionEnd,
  SessionPhase,
  Suspension,
} from '@parley/core'
import type { Activities } from '../activity/activities.ts'
import type { Dialogues } from '../dialogue/dialogues.ts'
import type { ReleaseVerdict } from '../release.ts'
import { BehaviorSubject, first, Observable } from '../rx.ts'
import type { RpcSession } from '../session.ts'
import { Farewell, type FarewellUser } from './farewell.ts'
import type { Agreed } from './handshake.ts'
import { Peer } from './peer.ts'
import type { PeerParts, PeerUser } from './peer-parts.ts'
import type { SessionSetting } from './session-setting.ts'

/** What a session has of its own. */
export interface SessionParts extends PeerParts {
  readonly dialogues: Dialogues
  readonly activities: Activities
  /** Told of the end before anybody else. */
  readonly owner: { over(end: SessionEnd): void } | undefined
  /** How to go on at a server that does not know the session; undefined: not at all. */
  readonly renewal: Renewal | undefined
}

/** Another session in the place of one that its server does not know any more. */
export interface Renewal {
  /** True for an end after which another session can take the place; `moving` when it was meant to. */
  helps(end: SessionEnd, moving: boolean): boolean
  /** Opens it; rejects when that could not be done in time. */
  renew(): Promise<{ readonly session: Session; readonly agreed: Agreed }>
  /** No further one is wanted. */
  giveUp(): void
}

/** See the head of this file. */
export class SessionLife implements SessionCallbacks, PeerUser, FarewellUser {
  /** Whose life it is. */
  readonly session: RpcSession
  /** The session under it. */
  connection: Session
  readonly setting: SessionSetting
  readonly peer: Peer
  readonly dialogues: Dialogues
  readonly activities: Activities
  readonly #renewal: Renewal | undefined
  readonly #owner: SessionParts['owner']
  /** Made for whoever looks. */
  #phases: BehaviorSubject<SessionPhase> | undefined
  #hooks: Set<(suspension: Suspension) => void> | undefined
  /** The session that is asked to say when it is suspended. */
  #watched: Session | undefined
  #farewell: Farewell | undefined
  #tellClosed: ((end: SessionEnd) => void) | undefined
  #closed: Promise<SessionEnd> | undefined
  #end: SessionEnd | undefined
  #closing = false
  /** The server has asked this side to go on elsewhere. */
  #moving = false
  /** How the last session ended, while another one is being opened in its place. */
  #between: SessionEnd | undefined

  constructor(session: RpcSession, connection: Session, setting: SessionSetting, parts: SessionParts) {
    this.session = session
    this.connection = connection
    this.setting = setting
    this.dialogues = parts.dialogues
    this.activities = parts.activities
    this.#renewal = parts.renewal
    this.#owner = parts.owner
    this.peer = new Peer(setting, parts, this)
    this.dialogues.listener = this.activities.listener = this.peer
  }

  /** Once its user's object is complete. */
  begin(): void {
    this.#attach(this.connection)
  }

  // What its user may know

  get over(): boolean {
    return this.#end !== undefined
  }

  get phase(): SessionPhase {
    if (this.over) return 'closed'
    return this.#between === undefined ? this.connection.state : 'resuming'
  }

  get phases(): Observable<SessionPhase> {
    if (this.over) return OVER
    if (this.#phases !== undefined) return this.#phases
    const phases = new BehaviorSubject(this.phase)
    this.#phases = phases
    if (this.#between === undefined) this.#follow(this.connection, phases)
    return phases
  }

  get ended(): Promise<SessionEnd> {
    this.#closed ??= new Promise((resolve) => {
      if (this.#end === undefined) this.#tellClosed = resolve
      else resolve(this.#end)
    })
    return this.#closed
  }

  onSuspended(hook: (suspension: Suspension) => void): () => void {
    const hooks = (this.#hooks ??= new Set()).add(hook)
    if (this.#between === undefined) this.#watch(this.connection)
    return () => void hooks.delete(hook)
  }

  // What its user may do

  /** Asks for the release, and tells who asks. */
  get farewell(): Farewell {
    return (this.#farewell ??= new Farewell(this))
  }

  /** Ends it at once. */
  abort(): void {
    this.#renewal?.giveUp()
    this.#lost('the session was aborted by this side')
    if (this.#between === undefined) this.connection.abort()
    else this.#finish(this.#between)
  }

  /** Ends it in order, and without a choice for the other side. */
  async close(): Promise<void> {
    this.#closing = true
    this.#renewal?.giveUp()
    const { connection, peer } = this
    peer.flush()
    this.#lost('the session was closed by this side')
    if (this.#between !== undefined) return this.#finish(this.#between)
    const timer = peer.clock.setTimer(peer.limits.closeTimeout, () => connection.abort())
    // A session that has ended by itself has nothing to release; how it ended, `ended` says.
    const reply = connection.state === 'closed' ? undefined : await this.farewell.ask(true)
    if (reply?.accepted === false) connection.abort()
    await this.ended
    timer.cancel()
  }

  // For the session under it

  data(ssdu: Uint8Array): void {
    this.peer.data(ssdu)
  }

  typedData(ssdu: Uint8Array): void {
    this.peer.typedData(ssdu)
  }

  drained(): void {
    this.peer.drained()
  }

  releaseRequested(userData: Uint8Array, question: ReleaseQuestion): void {
    this.farewell.releaseRequested(userData, question)
  }

  /** A server that does not know the session any more may know its calls. */
  closed(end: SessionEnd): void {
    const renewal = this.#renewal
    const moving = this.#moving && !this.#closing
    this.#moving = false
    if (renewal === undefined || !renewal.helps(end, moving)) return this.#finish(end)
    this.#between = end
    this.peer.away()
    if (this.#phases !== undefined && this.#phases.value !== 'resuming') this.#phases.next('resuming')
    renewal.renew().then(
      ({ session, agreed }) => {
        if (this.over) return session.abort()
        this.#between = undefined
        this.connection = session
        this.peer.renew(session, agreed)
        this.#attach(session)
        this.activities.wake()
      },
      () => this.#finish(end),
    )
  }

  // For the peer

  get beside(): number {
    return this.dialogues.size + this.activities.size
  }

  /** Of dialogues none waits: one that has no connection has not begun. */
  get besideWaiting(): number {
    return this.activities.waiting
  }

  onLeaving(reason: string): void {
    void this.#tellLeaving(reason).catch((thrown: unknown) => this.#report(thrown, 'onLeaving'))
  }

  get movable(): boolean {
    return this.#renewal !== undefined
  }

  /** Ends the session with this server when nothing is in progress there; its end brings another one. */
  onMove(): void {
    this.#moving = true
    void this.peer.whenQuiet().then(() => {
      if (!this.over && !this.#closing && this.#moving) void this.farewell.ask(true, 'moved')
    })
  }

  // For the farewell

  hold(): void {
    this.peer.hold()
  }

  goesOn(): void {
    this.peer.goesOn()
  }

  decide(reason: string | undefined): ReleaseVerdict | void | Promise<ReleaseVerdict | void> {
    const { session, peer, setting } = this
    return (setting.onRelease ?? whenQuiet)({ session, reason, activeCalls: peer.activeCalls })
  }

  report(thrown: unknown): void {
    this.#report(thrown, 'onRelease')
  }

  #report(thrown: unknown, method: string): void {
    this.setting.errorPolicy.report(thrown, { service: 'session', method })
  }

  /** Async: what the callback throws or rejects with is the application's to hear of. */
  async #tellLeaving(reason: string): Promise<void> {
    const { onLeaving } = this.setting
    await (onLeaving?.(this.session, reason) as unknown)
  }

  #attach(connection: Session): void {
    if (this.#phases !== undefined) this.#follow(connection, this.#phases)
    // Activities are begun, and so lost with the connection, by the side that connected.
    if (this.#renewal !== undefined || this.#hooks !== undefined) this.#watch(connection)
    connection.listen(this)
  }

  #watch(connection: Session): void {
    if (this.#watched === connection) return
    this.#watched = connection
    connection.onSuspended((suspension) => {
      if (this.activities.size > 0) this.#suspectActivities(connection)
      for (const hook of [...(this.#hooks ?? [])]) hook(suspension)
    })
  }

  /** What was lost with the session's connection, or may have been, comes back with it. */
  #suspectActivities(connection: Session): void {
    this.activities.suspect()
    connection.states
      .pipe(first((phase) => phase === 'open', undefined))
      .subscribe(() => this.activities.wake())
  }

  /** The end of a session is not that of this one where another one takes its place. */
  #follow(connection: Session, phases: BehaviorSubject<SessionPhase>): void {
    connection.states.subscribe((phase) => {
      if (phase !== 'closed' && phase !== phases.value) phases.next(phase)
    })
  }

  #finish(end: SessionEnd): void {
    if (this.over) return
    this.#end = end
    this.#owner?.over(end)
    this.#lost(`the session is over: ${end.message}`)
    this.#phases?.next('closed')
    this.#phases?.complete()
    this.#tellClosed?.(end)
  }

  #lost(why: string): void {
    this.peer.lost(why)
    this.dialogues.lost(why)
    this.activities.lost(why)
  }
}

/** The states of a session that is over: the last one, and the end of them. */
const OVER: Observable<SessionPhase> = new Observable((subscriber) => {
  subscriber.next('closed')
  subscriber.complete()
})

/** The answer to a release when nobody says otherwise. */
function whenQuiet({ activeCalls }: { readonly activeCalls: number }): { notFinished: string } | undefined {
  return activeCalls === 0 ? undefined : { notFinished: inProgress(activeCalls) }
}

/** Why a session cannot end yet. */
export function inProgress(calls: number): string {
  return calls === 1 ? '1 call is in progress' : `${calls} calls are in progress`
}
