// An RPC session as users hold it: what `connect` gives, and what a server sees of each of its clients.
import type { SessionConnection, SessionEnd } from '@parley/core'
import type { CallOptions } from './call-options.ts'
import type { Interceptor } from './interceptors.ts'
import { Peer, type PeerParts } from './peer/peer.ts'
import { remoteReflection, type ServiceListing } from './peer/reflection.ts'
import { StubFactory } from './peer/stub.ts'
import { describeService } from './service/describe.ts'
import type { Contract } from './service/contract.ts'
import type { Stub } from './service/stub-type.ts'

/** What `connect` and `serve` put into a session beside its connection. */
export interface SessionParts extends Omit<PeerParts, 'connection' | 'session'> {
  readonly interceptors: readonly Interceptor[]
  readonly callDefaults: CallOptions
}

/** One session with a peer. Both sides may call each other's services on it. */
export class RpcSession implements AsyncDisposable {
  readonly #connection: SessionConnection
  readonly #peer: Peer
  readonly #stubs: StubFactory
  readonly #callDefaults: CallOptions
  /** One for the session: each would be bound by its first call, and there may be only so many. */
  readonly #reflection = remoteReflection()
  #closing: Promise<void> | undefined

  /** Sessions are made by `connect` and `serve`. */
  constructor(connection: SessionConnection, parts: SessionParts) {
    this.#connection = connection
    this.#callDefaults = parts.callDefaults
    const peer = new Peer({ ...parts, connection, session: this })
    this.#peer = peer
    this.#stubs = new StubFactory(peer.caller, parts.interceptors, parts.callDefaults, parts.limits)
    connection.listen({
      data: (ssdu) => peer.data(ssdu),
      typedData: (ssdu) => peer.typedData(ssdu),
      drained: () => peer.drained(),
      closed: (end) => peer.lost(`the session is over: ${end.message}`),
    })
  }

  /** Who is at the other end, in words. */
  get remote(): string {
    return this.#connection.remote
  }

  /** Who the authenticator said the peer is; on the connecting side undefined. */
  get principal(): unknown {
    return this.#peer.principal
  }

  /** Resolves when the session has ended, however it did. Never rejects. */
  get closed(): Promise<SessionEnd> {
    return this.#connection.closed
  }

  /** Calls in progress on this session, made and answered. */
  get activeCalls(): number {
    return this.#peer.caller.size + this.#peer.dispatcher.size
  }

  /**
   * A typed stub for a contract: an object with one function per method. Cheap, and the same object each
   * time. The peer is not asked whether it serves the contract; calls answer NOT_FOUND when it does not.
   */
  stub<T>(contract: Contract<T>): Stub<T> {
    return this.#stubs.stub(describeService(contract)) as Stub<T>
  }

  /** The services the peer offers, with their methods and kinds. */
  async services(): Promise<readonly ServiceListing[]> {
    return (await this.#peer.caller.unary(
      this.#reflection,
      [],
      this.#callDefaults,
    )) as readonly ServiceListing[]
  }

  /**
   * Ends the session in order: what was sent leaves, calls in progress end with UNAVAILABLE, the peer is
   * asked to release. Resolves when the session has ended; a peer that does not answer within
   * `limits.closeTimeout` is cut off.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** Ends the session at once. What is under way may be lost. */
  abort(): void {
    this.#peer.lost('the session was aborted by this side')
    this.#connection.abort()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    const connection = this.#connection
    this.#peer.flush()
    this.#peer.lost('the session was closed by this side')
    const { clock, limits } = this.#peer
    const timer = clock.setTimer(limits.closeTimeout, () => connection.abort())
    // A session that has ended by itself has nothing to release; how it ended, `closed` says.
    if (connection.state !== 'closed') void connection.release()
    await connection.closed
    timer.cancel()
  }
}
