// What a handler can know of the call it answers.
import type { Checkpoint } from './activity.ts'
import type { Metadata, MetadataValue } from './call-options.ts'
import type { ServedDialogue } from './dialogue.ts'
import type { PlatformAbortSignal } from './platform/platform.ts'
import type { RpcSession } from './session.ts'

/** The call that a handler answers; `call()` gives it. */
export interface CallContext {
  readonly service: string
  readonly method: string
  /**
   * Aborts when the caller cancels, the deadline passes or the session is lost. Its reason is an RpcError.
   */
  readonly signal: PlatformAbortSignal
  /** Milliseconds left until the deadline, never below 0; undefined when the call has none. */
  readonly timeLeft: number | undefined
  /** What the caller sent beside its arguments. */
  readonly metadata: Metadata
  /** Goes back to the caller with the first value or the error; changes after that have no effect. */
  readonly responseMetadata: Map<string, MetadataValue>
  /** Who the authenticator said the peer is; undefined without one. */
  readonly principal: unknown
  /** The session the call came on; `call().session.stub(Contract)` calls the caller's own services. */
  readonly session: RpcSession
  /**
   * The key that the caller gave the call, for whatever must not happen twice. A method with `effect:
   * 'keyed'` on a durable store has one of its own where the caller gave none, the same whenever the call is
   * run again; so has an activity, wherever it goes on. Undefined otherwise.
   */
  readonly key: string | undefined
  /**
   * The transaction of the store in which a method with `effect: 'transactional'` does all it does; its
   * result commits with it. What it is the store says. Throws an RpcError FAILED_PRECONDITION in other
   * methods.
   */
  readonly transaction: unknown
  /** The dialogue that the handler takes part in. Throws an RpcError FAILED_PRECONDITION in other methods. */
  readonly dialogue: ServedDialogue
  /**
   * How far an activity has come; one for each run. Throws an RpcError FAILED_PRECONDITION in other methods.
   */
  checkpoint<State>(): Checkpoint<State>
}
