// A session as its user sees it: what can be asked of it, and what it tells. Types only.

import type { Observable } from 'rxjs'

import type { ReleaseAnswer, ReleaseQuestion, SessionEnd } from '../connection/index.ts'

/**
 * A session. Made by `connectSession` and by a `SessionAcceptor`. Nothing is delivered before {@link listen}
 * is called.
 *
 * What is sent is kept until the other side has confirmed it; when the connection is lost the initiator
 * opens another one and both sides send what the other has not had. A method that is called when it cannot
 * be throws `SessionUsageError` and changes nothing.
 */
export interface Session {
  readonly role: 'initiator' | 'acceptor'
  /** Names the session at the acceptor: 32 hexadecimal digits. No secret. */
  readonly id: string
  /** Who the acceptor's user said the initiator is; at the initiator undefined. */
  readonly principal: string | undefined
  /**
   * What the acceptor's user sent when it let the session in. At the acceptor empty: what the initiator's
   * user sent, credentials say, the applicant has, and it is not kept for longer than that.
   */
  readonly userData: Uint8Array
  /** Who is, or was last, at the other end, in words. */
  readonly remote: string
  /** Where it stands. */
  readonly state: SessionPhase
  /** The same as it changes, beginning with what it is now; completes when the session is over. */
  readonly states: Observable<SessionPhase>
  /** How it ended, once it has; never rejects. */
  readonly closed: Promise<SessionEnd>
  /** Octets kept for the other side, with `coreLimits.unitOctets` for each unit. */
  readonly retained: number
  /**
   * False when it is over, when more is kept than `limits.retainedOctets`, and while the transport of an open
   * session has no room. Being suspended does not make it false.
   */
  readonly writable: boolean
  /** Begins the delivery, to these callbacks. A second call replaces the first. */
  listen(callbacks: SessionCallbacks): void
  /**
   * Calls `hook` each time the connection is lost (not when it is dropped as idle). Returns what ends that.
   */
  onSuspended(hook: (suspension: Suspension) => void): () => void
  /**
   * S-DATA. The parts, together at least one octet, are one SSDU. They must never be changed afterwards: they
   * may have to wait, and those of more than `coreLimits.copiedOctets` are kept as they lie. Returns
   * {@link writable}: what was given is kept all the same, and `drained` follows; but a session that is given
   * more than `limits.retainedOctetsMost` is aborted (`overflow`).
   */
  send(parts: readonly Uint8Array[]): boolean
  /** S-TYPED-DATA: like {@link send}, and in one order with it. */
  sendTyped(parts: readonly Uint8Array[]): boolean
  /**
   * Stops the delivery, so that the peer's sends fill up. Meanwhile nothing is confirmed to either side, and
   * a silent link is not noticed.
   */
  pause(): void
  /** Goes on with the delivery; delivers nothing inside the call. */
  resume(): void
  /** Tries to come back now instead of waiting, or from being idle. Only the initiator can. */
  resumeNow(): void
  /**
   * Asks the peer to end the session, in good order: after what both sides have sent has arrived. Until the
   * peer agrees the session goes on, connections lost and found included; then nothing more should be sent.
   * Resolves with the peer's answer; rejects with `SessionAbortedError` when the session ends otherwise.
   * `foreseen`: the peer will say yes at once, and this side has nothing more to send. The initiator then
   * leaves the connection meanwhile, which saves a round trip or two. What is sent all the same waits for the
   * answer: it is sent if that is no, and may be lost if it is yes.
   */
  release(userData?: Uint8Array, foreseen?: boolean): Promise<ReleaseAnswer>
  /**
   * Ends the session at once; what the other side has not had is lost. Does nothing when it is over. Of user
   * data, here and with `release`, at most `coreLimits.userDataOctets` octets.
   */
  abort(userData?: Uint8Array): void
  /**
   * Ends it at once, as if this side had never known it: the other side hears `unknown`, also when it comes
   * back later.
   */
  forget(): void
}

/**
 * - `open` there is a connection
 * - `suspended` the connection is lost; the initiator waits before it tries again, the acceptor waits for it
 * - `resuming` the initiator tries to come back
 * - `idle` the connection was dropped because nobody used it; the next use brings it back
 * - `closed` it is over
 */
export type SessionPhase = 'open' | 'suspended' | 'resuming' | 'idle' | 'closed'

/** Why there is no connection. */
export interface Suspension {
  /** One line for people and logs. */
  readonly message: string
}

/**
 * Callbacks of one session, called one at a time. What the peer sends comes in the order in which it was
 * sent, data and typed data in one order, each unit once, however many connections that takes. One that
 * throws ends the session (`listener-error`) and nothing else.
 */
export interface SessionCallbacks {
  /** S-DATA: one SSDU, a view of memory that is not used again. */
  data?(ssdu: Uint8Array): void
  /** S-TYPED-DATA. */
  typedData?(ssdu: Uint8Array): void
  /** After `send` returned false, or `writable` was: there is room again. */
  drained?(): void
  /**
   * The peer wants to end the session. It goes on, both ways, until the question is answered. Without this
   * callback the answer is yes.
   */
  releaseRequested?(userData: Uint8Array, question: ReleaseQuestion): void
  /** It is over. Called once and last, possibly from within the call that ended it. */
  closed?(end: SessionEnd): void
}
