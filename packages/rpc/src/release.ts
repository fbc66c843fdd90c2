// The types of ending a session in agreement: what is asked, what can be answered, what came of it.
import type { RpcSession } from './session.ts'

/** The other side wants to end the session. */
export interface ReleaseRequest {
  readonly session: RpcSession
  /** Why, if it says. */
  readonly reason: string | undefined
  /** Calls and dialogues in progress on the session, made and answered. */
  readonly activeCalls: number
}

/** What to answer: nothing agrees; `notFinished` says why the session has to go on. */
export type ReleaseVerdict = { readonly notFinished: string } | undefined

/** The options of `serve` and `connect` about ending sessions. */
export interface ReleaseOptions {
  /**
   * Asked when the other side wants to end the session in agreement. Default: agrees when no call is in
   * progress. What it throws is reported, and declines. Not asked for a `close`, which gives no choice.
   */
  readonly onRelease?:
    | ((request: ReleaseRequest) => ReleaseVerdict | void | Promise<ReleaseVerdict | void>)
    | undefined
  /**
   * Told when the other side takes no new calls because it wants to leave; a release is asked for when those
   * in progress have ended. What it throws is reported.
   */
  readonly onLeaving?: ((session: RpcSession, reason: string) => void) | undefined
}

/** How to ask for a release. */
export interface AskReleaseOptions {
  /** Told to the other side; of a long one the first 256 characters. */
  readonly reason?: string | undefined
  /** Milliseconds for all of it, 1 to 2^31-1. Default: `limits.releaseTimeout`. */
  readonly timeout?: number | undefined
}

/** How to drain. */
export interface DrainOptions extends AskReleaseOptions {
  /**
   * Asks each client to go on elsewhere: at another address of `anyOf`, or at the one that is started in this
   * one's place. Its calls in progress end here, those it makes meanwhile wait and run there; for the caller
   * nothing fails. Streams and dialogues are let end as well; activities are put down at their next
   * checkpoint and go on there, or are let end where the store keeps nothing. Nobody is asked for the release
   * then, and nothing can be declined. Default: false.
   */
  readonly handover?: boolean | undefined
}

/** What came of asking for a release. */
export type ReleaseOutcome =
  | { readonly released: true }
  /** The session goes on. */
  | { readonly released: false; readonly reason: string }

/** What came of draining one session. */
export interface SessionDrained {
  /**
   * `released`: both sides agreed, the client has moved, or the session had ended. `aborted`: it was cut off
   * when the time was over.
   */
  readonly end: 'released' | 'aborted'
  /** Calls and dialogues that were in progress when it began, and those that were cut off. */
  readonly calls: { readonly found: number; readonly cutOff: number }
  /** What the other side gave last as a reason to go on; undefined when it never declined. */
  readonly declined: string | undefined
}

/** What `server.drain()` did. */
export interface DrainReport {
  readonly sessions: { readonly found: number; readonly released: number; readonly aborted: number }
  /** Calls and dialogues that were in progress when it began, and those that were cut off. */
  readonly calls: { readonly found: number; readonly cutOff: number }
  /** The reasons that clients gave last, of those who declined. */
  readonly declined: readonly string[]
}
