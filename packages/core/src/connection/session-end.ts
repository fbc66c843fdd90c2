// How a session connection ended, in English, made from what the machine indicates. Types and pure functions.

import type { ProviderAbort, ProviderAbortReason } from '../machine/index.ts'
import type { TransportLoss } from '../ports/transport.ts'

/** How a session connection ended. */
export interface SessionEnd {
  /**
   * `release`: both sides agreed. `us`, `peer`: that side's user aborted. `provider`: a session layer did,
   * this side's or the peer's. `transport`: the transport connection was lost.
   */
  readonly by: 'release' | 'us' | 'peer' | 'provider' | 'transport'
  readonly reason: SessionEndReason
  /** One line for people and logs. */
  readonly message: string
  /** What the peer's user gave with its abort or its answer to the release. */
  readonly userData?: Uint8Array | undefined
  /** What was thrown, with reason `internal-error` and `listener-error`. */
  readonly error?: unknown
}

/**
 * - `released` in good order
 * - `aborted` by one of the users
 * - `timeout`, `cancelled` opening took too long, or its signal aborted
 * - `protocol-error` the peer did what the protocol does not allow; `restriction` it went over a bound of
 *   this side
 * - `peer-protocol-error`, `peer-restriction`, `peer-unspecified` the same, as the peer's session layer says
 *   of us
 * - `transport-lost` by the network or by a peer that ended the transport connection without a word
 * - `internal-error` a fault of this program; `listener-error` a callback of the user's threw
 *
 * Only of a `Session`, which outlives its connections:
 *
 * - `expired` it was without a connection for longer than its time to live
 * - `unknown` the acceptor does not know it any more, or does not take us for its owner
 * - `refused` the acceptor's user did not let it be resumed; `userData` may say why
 * - `superseded` somebody else has resumed it; `ticket-reused` somebody used an old ticket of it
 * - `overflow` more was sent than is kept for a peer that confirms nothing
 */
export type SessionEndReason =
  | 'released'
  | 'aborted'
  | 'timeout'
  | 'cancelled'
  | 'protocol-error'
  | 'restriction'
  | 'peer-protocol-error'
  | 'peer-restriction'
  | 'peer-unspecified'
  | 'transport-lost'
  | 'internal-error'
  | 'listener-error'
  | 'expired'
  | 'unknown'
  | 'refused'
  | 'superseded'
  | 'ticket-reused'
  | 'overflow'

/** The end that an S-P-ABORT is. */
export function endOfProviderAbort(abort: ProviderAbort, loss: TransportLoss | undefined): SessionEnd {
  if (abort.reason === 'transport') {
    return { by: 'transport', reason: 'transport-lost', message: loss?.message ?? abort.message }
  }
  return { by: 'provider', reason: providerReasons[abort.reason], message: abort.message }
}

/** The end that an S-U-ABORT is. */
export function endOfPeerAbort(userData: Uint8Array | undefined): SessionEnd {
  return { by: 'peer', reason: 'aborted', message: 'the other side aborted the session', userData }
}

/** The end by our own abort. */
export function endByUs(
  reason: 'aborted' | 'timeout' | 'cancelled' | 'expired' | 'overflow' | 'ticket-reused',
  message: string,
  error?: unknown,
): SessionEnd {
  return { by: 'us', reason, message, error }
}

/** The end by a release that both sides agreed on. */
export function endByRelease(userData: Uint8Array | undefined): SessionEnd {
  return { by: 'release', reason: 'released', message: 'the session was released', userData }
}

/**
 * The end by something that was thrown where nothing may be: in this program, or in a callback of its user.
 */
export function endByError(reason: 'internal-error' | 'listener-error', error: unknown): SessionEnd {
  const where =
    reason === 'listener-error' ? 'a listener of the session threw' : 'a fault inside the session layer'
  return {
    by: reason === 'listener-error' ? 'us' : 'provider',
    reason,
    message: `${where}: ${textOf(error)}`,
    error,
  }
}

const providerReasons: { readonly [reason in Exclude<ProviderAbortReason, 'transport'>]: SessionEndReason } =
  {
    protocol: 'protocol-error',
    restriction: 'restriction',
    'peer-protocol': 'peer-protocol-error',
    'peer-restriction': 'peer-restriction',
    'peer-unspecified': 'peer-unspecified',
  }

/** The message of anything that can be thrown; reading it may throw again. */
function textOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error)
  } catch {
    return 'something that cannot be put in words'
  }
}
