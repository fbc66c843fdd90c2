// An RPC session as users hold it: what `connect` gives, and what a server sees of each of its clients.
import type { Session, SessionEnd, SessionPhase, Suspension } from '@parley/core'
import type { Observable } from 'rxjs'
import { checkTimeout } from './call-options.ts'
import { RpcError } from './errors.ts'
import { drainSession, lateness } from './peer/draining.ts'
import type { RemoteMethod } from './peer/caller.ts'
import { askOutcome, remoteOutcome, type CallOutcome, type OutcomeOptions } from './peer/outcomes.ts'
import { remoteReflection, type ServiceListing } from './peer/reflection.ts'
import { inProgress, SessionLife, type SessionParts } from './peer/session-life.ts'
import type { SessionSetting } from './peer/session-setting.ts'
import { StubFactory } from './peer/stub.ts'
import { ownOptions } from './own-options.ts'
import type { AskReleaseOptions, DrainOptions, ReleaseOutcome, SessionDrained } from './release.ts'
import { describeService } from './service/describe.ts'
import type { Contract } from './service/contract.ts'
import type { Stub, UnaryMethodNames, UnaryResult } from './service/stub-type.ts'

/** One session with a peer. Both sides may call each other's services on it. */
export class RpcSession implements AsyncDisposable {
  readonly #life: SessionLife
  /** Made with the first stub. */
  #stubs: StubFactory | undefined
  /** One for the session: each would be bound by its first call, and there may be only so many. */
  #reflection: RemoteMethod | undefined
  #outcome: RemoteMethod | undefined
  #closing: Promise<void> | undefined
  #draining: Promise<SessionDrained> | undefined

  /** Sessions are made by `connect` and `serve`. */
  constructor(session: Session, setting: SessionSetting, parts: SessionParts) {
    this.#life = new SessionLife(this, session, setting, parts)
    this.#life.begin()
  }

  /** Who is at the other end, in words. */
  get remote(): string {
    return this.#life.connection.remote
  }

  /** Where the session stands: it outlives its connections. */
  get phase(): SessionPhase {
    return this.#life.phase
  }

  /**
   * The same as it changes, beginning with what it is now: `open`; `suspended` and `resuming` while there is
   * no connection, calls in progress wait then; `idle`; `closed`, and it completes.
   */
  get state(): Observable<SessionPhase> {
    return this.#life.phases
  }

  /**
   * Calls `hook` each time the connection is lost. Nothing has to be done: the side that connected tries to
   * come back, at once and then ever less often. Returns what ends that.
   */
  onSuspended(hook: (suspension: Suspension) => void): () => void {
    return this.#life.onSuspended(hook)
  }

  /** Tries to come back now instead of waiting: the laptop woke up, say. Only the side that connected can. */
  resumeNow(): void {
    this.#life.connection.resumeNow()
  }

  /** Who the authenticator said the peer is; on the connecting side undefined. */
  get principal(): unknown {
    return this.#life.peer.principal
  }

  /** Resolves when the session has ended, however it did. Never rejects. */
  get closed(): Promise<SessionEnd> {
    return this.#life.ended
  }

  /** Calls, dialogues and activities in progress on this session, made and answered. */
  get activeCalls(): number {
    return this.#life.peer.activeCalls
  }

  /**
   * A typed stub for a contract: an object with one function per method. Cheap, and the same object each
   * time. The peer is not asked whether it serves the contract; calls answer NOT_FOUND when it does not.
   */
  stub<T>(contract: Contract<T>): Stub<T> {
    const { setting, peer, dialogues, activities } = this.#life
    this.#stubs ??= new StubFactory({ ...setting, caller: peer.caller, dialogues, activities })
    return this.#stubs.stub(describeService(contract)) as Stub<T>
  }

  /** The services the peer offers, with their methods and kinds. */
  async services(): Promise<readonly ServiceListing[]> {
    const { peer, setting } = this.#life
    this.#reflection ??= remoteReflection()
    const listing = await peer.caller.unary(this.#reflection, [], setting.callDefaults)
    return listing as readonly ServiceListing[]
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
    const { peer, setting } = this.#life
    const given = { ...setting.callDefaults, ...ownOptions(options) }
    this.#outcome ??= remoteOutcome()
    const outcome = await askOutcome(peer.caller, this.#outcome, call, given)
    return outcome as CallOutcome<UnaryResult<T[Name]>>
  }

  /**
   * Asks the other side to end the session. Calls in progress, of both sides, are waited for first; then the
   * other side agrees, or declines with a reason and the session goes on as before. While it is being asked
   * nothing is sent. Rejects with an RpcError DEADLINE_EXCEEDED, the session aborted, when no answer comes in
   * time.
   */
  async release(given: AskReleaseOptions = {}): Promise<ReleaseOutcome> {
    const life = this.#life
    const { peer } = life
    const { reason, timeout = peer.limits.releaseTimeout } = ownOptions(given)
    checkTimeout(timeout)
    const late = lateness(peer.clock, timeout)
    try {
      await Promise.race([peer.whenQuiet(), late.passed])
      if (peer.activeCalls > 0) return { released: false, reason: inProgress(peer.activeCalls) }
      const reply = await Promise.race([life.farewell.ask(false, reason), late.passed])
      if (reply === 'late') {
        this.abort()
        throw new RpcError('DEADLINE_EXCEEDED', `the release was not answered within ${timeout} ms`)
      }
      if (reply?.accepted === false) return { released: false, reason: reply.reason ?? 'no reason given' }
      if (reply === undefined && !life.over)
        return { released: false, reason: 'the server was lost meanwhile' }
      await life.ended
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
    this.#draining ??= drainSession(this.#life, ownOptions(given))
    return this.#draining
  }

  /**
   * Ends the session in order: what was sent leaves, calls in progress end with UNAVAILABLE, the peer is told
   * to release and has no choice. Resolves when the session has ended; a peer that does not answer within
   * `limits.closeTimeout` is cut off.
   */
  close(): Promise<void> {
    this.#closing ??= this.#life.close()
    return this.#closing
  }

  /** Ends the session at once. What is under way may be lost. */
  abort(): void {
    this.#life.abort()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
