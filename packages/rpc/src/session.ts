// An RPC session as users hold it: what `connect` gives, and what a server sees of each of its clients.
import type { Session, SessionEnd, SessionPhase, Suspension } from '@parley/core'
import { BehaviorSubject, first, of, type Observable } from 'rxjs'
import type { Activities } from './activity/activities.ts'
import { checkTimeout, type CallOptions } from './call-options.ts'
import type { Dialogues } from './dialogue/dialogues.ts'
import { RpcError } from './errors.ts'
import type { Interceptor } from './interceptors.ts'
import { drainSession, lateness } from './peer/draining.ts'
import { Farewell } from './peer/farewell.ts'
import type { RemoteMethod } from './peer/caller.ts'
import type { Agreed } from './peer/handshake.ts'
import { askOutcome, remoteOutcome, type CallOutcome, type OutcomeOptions } from './peer/outcomes.ts'
import { Peer, type PeerParts } from './peer/peer.ts'
import { remoteReflection, type ServiceListing } from './peer/reflection.ts'
import { StubFactory } from './peer/stub.ts'
import { ownOptions } from './own-options.ts'
import type {
  AskReleaseOptions,
  DrainOptions,
  ReleaseOptions,
  ReleaseOutcome,
  SessionDrained,
} from './release.ts'
import { describeService } from './service/describe.ts'
import type { Contract } from './service/contract.ts'
import type { Stub, UnaryMethodNames, UnaryResult } from './service/stub-type.ts'

/** What `connect` and `serve` put into a session beside the one of the session layer. */
export interface SessionParts extends PeerParts, ReleaseOptions {
  readonly interceptors: readonly Interceptor[]
  readonly callDefaults: CallOptions
  readonly dialogues: Dialogues
  readonly activities: Activities
  /** Told of the end before anybody else. */
  readonly onOver?: ((end: SessionEnd) => void) | undefined
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

/** One session with a peer. Both sides may call each other's services on it. */
export class RpcSession implements AsyncDisposable {
  #session: Session
  readonly #renewal: Renewal | undefined
  readonly #onOver: SessionParts['onOver']
  /** Made for whoever looks. */
  #phases: BehaviorSubject<SessionPhase> | undefined
  #hooks: Set<(suspension: Suspension) => void> | undefined
  #tellClosed: ((end: SessionEnd) => void) | undefined
  #closed: Promise<SessionEnd> | undefined
  #end: SessionEnd | undefined
  readonly #peer: Peer
  readonly #parts: SessionParts
  /** Made with the first stub. */
  #stubs: StubFactory | undefined
  readonly #farewell: Farewell
  readonly #dialogues: Dialogues
  readonly #activities: Activities
  readonly #callDefaults: CallOptions
  /** One for the session: each would be bound by its first call, and there may be only so many. */
  #reflection: RemoteMethod | undefined
  #outcome: RemoteMethod | undefined
  #closing: Promise<void> | undefined
  #draining: Promise<SessionDrained> | undefined
  /** The server has asked this side to go on elsewhere. */
  #moving = false
  /** How the last session ended, while another one is being opened in its place. */
  #between: SessionEnd | undefined

  /** Sessions are made by `connect` and `serve`. */
  constructor(session: Session, parts: SessionParts) {
    const { activities, callDefaults, dialogues, errorPolicy, onLeaving, onRelease } = parts
    this.#session = session
    this.#parts = parts
    this.#renewal = parts.renewal
    this.#onOver = parts.onOver
    this.#callDefaults = callDefaults
    this.#dialogues = dialogues
    this.#activities = activities
    const report = (thrown: unknown, method: string): void =>
      void errorPolicy.report(thrown, { service: 'session', method })
    const tellLeaving = async (reason: string): Promise<void> => onLeaving?.(this, reason)
    const peer = new Peer(parts, {
      connection: session,
      session: this,
      beside: [dialogues, activities],
      onLeaving: (reason) => void tellLeaving(reason).catch((thrown: unknown) => report(thrown, 'onLeaving')),
      onMove: parts.renewal === undefined ? undefined : () => void this.#move(),
    })
    this.#peer = peer
    const farewell = new Farewell(() => this.#session, {
      hold: () => peer.hold(),
      goesOn: () => peer.goesOn(),
      decide: (reason) => (onRelease ?? whenQuiet)({ session: this, reason, activeCalls: peer.activeCalls }),
      report: (thrown) => report(thrown, 'onRelease'),
    })
    this.#farewell = farewell
    this.#attach(session)
  }

  /** Who is at the other end, in words. */
  get remote(): string {
    return this.#session.remote
  }

  /** Where the session stands: it outlives its connections. */
  get phase(): SessionPhase {
    if (this.#over) return 'closed'
    return this.#between === undefined ? this.#session.state : 'resuming'
  }

  /**
   * The same as it changes, beginning with what it is now: `open`; `suspended` and `resuming` while there is
   * no connection, calls in progress wait then; `idle`; `closed`, and it completes.
   */
  get state(): Observable<SessionPhase> {
    if (this.#over) return of('closed')
    if (this.#phases !== undefined) return this.#phases
    const phases = new BehaviorSubject(this.phase)
    this.#phases = phases
    if (this.#between === undefined) this.#follow(this.#session, phases)
    return phases
  }

  /**
   * Calls `hook` each time the connection is lost. Nothing has to be done: the side that connected tries to
   * come back, at once and then ever less often. Returns what ends that.
   */
  onSuspended(hook: (suspension: Suspension) => void): () => void {
    const hooks = (this.#hooks ??= new Set()).add(hook)
    return () => void hooks.delete(hook)
  }

  /** Tries to come back now instead of waiting: the laptop woke up, say. Only the side that connected can. */
  resumeNow(): void {
    this.#session.resumeNow()
  }

  /** Who the authenticator said the peer is; on the connecting side undefined. */
  get principal(): unknown {
    return this.#peer.principal
  }

  get #over(): boolean {
    return this.#end !== undefined
  }

  /** Resolves when the session has ended, however it did. Never rejects. */
  get closed(): Promise<SessionEnd> {
    this.#closed ??= new Promise((resolve) => {
      if (this.#end === undefined) this.#tellClosed = resolve
      else resolve(this.#end)
    })
    return this.#closed
  }

  /** Calls, dialogues and activities in progress on this session, made and answered. */
  get activeCalls(): number {
    return this.#peer.activeCalls
  }

  /**
   * A typed stub for a contract: an object with one function per method. Cheap, and the same object each
   * time. The peer is not asked whether it serves the contract; calls answer NOT_FOUND when it does not.
   */
  stub<T>(contract: Contract<T>): Stub<T> {
    this.#stubs ??= new StubFactory({ ...this.#parts, caller: this.#peer.caller })
    return this.#stubs.stub(describeService(contract)) as Stub<T>
  }

  /** The services the peer offers, with their methods and kinds. */
  async services(): Promise<readonly ServiceListing[]> {
    return (await this.#peer.caller.unary(
      (this.#reflection ??= remoteReflection()),
      [],
      this.#callDefaults,
    )) as readonly ServiceListing[]
  }

  /**
   * What became of a call that had a key, or of one that ended with `error.details.key`, without making it:
   *
   *     const outcome = await client.outcome(Bank, 'pay', key)
   *     if (outcome.state === 'done') console.log(outcome.result)
   *
   * It is for the principal that made the call, from any session and any node of the store; for others there
   * is none. While there is no connection it waits, like a call. Rejects with an RpcError: UNIMPLEMENTED
   * where the other side has no durable store, UNAVAILABLE when that fails, and as calls do.
   */
  async outcome<T, Name extends UnaryMethodNames<T>>(
    contract: Contract<T>,
    method: Name,
    key: string,
    options: OutcomeOptions = {},
  ): Promise<CallOutcome<UnaryResult<T[Name]>>> {
    const call = [describeService(contract).name, method as string, key] as const
    const given = { ...this.#callDefaults, ...ownOptions(options) }
    this.#outcome ??= remoteOutcome()
    const outcome = await askOutcome(this.#peer.caller, this.#outcome, call, given)
    return outcome as CallOutcome<UnaryResult<T[Name]>>
  }

  /**
   * Asks the other side to end the session. Calls in progress, of both sides, are waited for first; then the
   * other side agrees, or declines with a reason and the session goes on as before. While it is being asked
   * nothing is sent. Rejects with an RpcError DEADLINE_EXCEEDED, the session aborted, when no answer comes in
   * time.
   */
  async release(given: AskReleaseOptions = {}): Promise<ReleaseOutcome> {
    const { reason, timeout = this.#peer.limits.releaseTimeout } = ownOptions(given)
    checkTimeout(timeout)
    const peer = this.#peer
    const late = lateness(peer.clock, timeout)
    try {
      await Promise.race([peer.whenQuiet(), late.passed])
      if (peer.activeCalls > 0) return { released: false, reason: inProgress(peer.activeCalls) }
      const reply = await Promise.race([this.#farewell.ask(false, reason), late.passed])
      if (reply === 'late') {
        this.abort()
        throw new RpcError('DEADLINE_EXCEEDED', `the release was not answered within ${timeout} ms`)
      }
      if (reply?.accepted === false) return { released: false, reason: reply.reason ?? 'no reason given' }
      if (reply === undefined && !this.#over)
        return { released: false, reason: 'the server was lost meanwhile' }
      await this.closed
      return { released: true }
    } finally {
      late.cancel()
    }
  }

  /**
   * Leaves: takes no new calls, and tells the other side so; lets those in progress end; then asks for the
   * release, again and again while it is declined; and cuts off what is left when the time is over. With
   * `handover` the other side goes on elsewhere when they have ended, without being asked. `timeout`
   * defaults to `limits.drainTimeout`. Never rejects; a second call gives the first one's promise.
   */
  drain(given: DrainOptions = {}): Promise<SessionDrained> {
    const draining = { peer: this.#peer, farewell: this.#farewell, activities: this.#activities }
    const over = { closed: this.closed, isOver: () => this.#over, abort: () => this.abort() }
    this.#draining ??= drainSession({ ...draining, ...over }, ownOptions(given))
    return this.#draining
  }

  /**
   * Ends the session in order: what was sent leaves, calls in progress end with UNAVAILABLE, the peer is told
   * to release and has no choice. Resolves when the session has ended; a peer that does not answer within
   * `limits.closeTimeout` is cut off.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** Ends the session at once. What is under way may be lost. */
  abort(): void {
    this.#renewal?.giveUp()
    this.#lost('the session was aborted by this side')
    if (this.#between === undefined) this.#session.abort()
    else this.#finish(this.#between)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.#renewal?.giveUp()
    const session = this.#session
    this.#peer.flush()
    this.#lost('the session was closed by this side')
    if (this.#between !== undefined) return this.#finish(this.#between)
    const { clock, limits } = this.#peer
    const timer = clock.setTimer(limits.closeTimeout, () => session.abort())
    // A session that has ended by itself has nothing to release; how it ended, `closed` says.
    const reply = session.state === 'closed' ? undefined : await this.#farewell.ask(true)
    if (reply?.accepted === false) session.abort()
    await this.closed
    timer.cancel()
  }

  /** Ends the session with this server when nothing is in progress there; its end brings another one. */
  async #move(): Promise<void> {
    this.#moving = true
    await this.#peer.whenQuiet()
    if (!this.#over && this.#closing === undefined && this.#moving) await this.#farewell.ask(true, 'moved')
  }

  #attach(session: Session): void {
    const peer = this.#peer
    const farewell = this.#farewell
    if (this.#phases !== undefined) this.#follow(session, this.#phases)
    session.onSuspended((suspension) => {
      if (this.#activities.size > 0) this.#suspectActivities(session)
      for (const hook of [...(this.#hooks ?? [])]) hook(suspension)
    })
    session.listen({
      data: (ssdu) => peer.data(ssdu),
      typedData: (ssdu) => peer.typedData(ssdu),
      drained: () => peer.drained(),
      releaseRequested: (userData, question) => farewell.releaseRequested(userData, question),
      closed: (end) => this.#ended(end),
    })
  }

  /** What was lost with the session's connection, or may have been, comes back with it. */
  #suspectActivities(session: Session): void {
    this.#activities.suspect()
    session.states
      .pipe(first((phase) => phase === 'open', undefined))
      .subscribe(() => this.#activities.wake())
  }

  /** The end of a session is not that of this one where another one takes its place. */
  #follow(session: Session, phases: BehaviorSubject<SessionPhase>): void {
    session.states.subscribe((phase) => {
      if (phase !== 'closed' && phase !== phases.value) phases.next(phase)
    })
  }

  /** A server that does not know the session any more may know its calls. */
  #ended(end: SessionEnd): void {
    const renewal = this.#renewal
    const moving = this.#moving && this.#closing === undefined
    this.#moving = false
    if (renewal === undefined || !renewal.helps(end, moving)) return this.#finish(end)
    this.#between = end
    this.#peer.away()
    if (this.#phases !== undefined && this.#phases.value !== 'resuming') this.#phases.next('resuming')
    renewal.renew().then(
      ({ session, agreed }) => {
        if (this.#over) return session.abort()
        this.#between = undefined
        this.#session = session
        this.#peer.renew(session, agreed)
        this.#attach(session)
        this.#activities.wake()
      },
      () => this.#finish(end),
    )
  }

  #finish(end: SessionEnd): void {
    if (this.#over) return
    this.#end = end
    this.#onOver?.(end)
    this.#lost(`the session is over: ${end.message}`)
    this.#phases?.next('closed')
    this.#phases?.complete()
    this.#tellClosed?.(end)
  }

  #lost(why: string): void {
    this.#peer.lost(why)
    this.#dialogues.lost(why)
    this.#activities.lost(why)
  }
}

/** The answer to a release when nobody says otherwise. */
function whenQuiet({ activeCalls }: { readonly activeCalls: number }): { notFinished: string } | undefined {
  return activeCalls === 0 ? undefined : { notFinished: inProgress(activeCalls) }
}

function inProgress(calls: number): string {
  return calls === 1 ? '1 call is in progress' : `${calls} calls are in progress`
}
