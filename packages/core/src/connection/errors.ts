// What goes wrong with a session connection for reasons that are not our caller's, as errors
// with stable codes. Callers' mistakes are SessionUsageError, a transport connection that
// cannot be had is TransportError.

import { refusals, type RefusalCode } from './glossary.ts'
import type { SessionEnd, SessionEndReason } from './session-end.ts'

/** The other side refused the session. */
export class SessionRefusedError extends Error {
  override readonly name = 'SessionRefusedError'
  readonly code: RefusalCode
  /** The Reason Code as received, for codes the standard does not list. */
  readonly reason: number
  /** What the other user said; only with code `user-data`. */
  readonly userData: Uint8Array | undefined

  constructor(code: RefusalCode, reason: number, userData: Uint8Array | undefined) {
    super(`the session was refused (${code}): ${refusals.get(code)?.advice ?? `reason ${reason}`}`)
    this.code = code
    this.reason = reason
    this.userData = userData
  }
}

/** The session connection ended before what was asked of it was done. */
export class SessionAbortedError extends Error {
  override readonly name = 'SessionAbortedError'
  readonly code: SessionEndReason
  readonly end: SessionEnd

  constructor(end: SessionEnd) {
    super(
      `the session connection ended: ${end.message}`,
      end.error === undefined ? undefined : { cause: end.error },
    )
    this.code = end.reason
    this.end = end
  }
}

/**
 * What overtook a service that waited for its confirm: a resynchronize, the interruption or the discarding of
 * the activity it was part of, or a problem that one of the sides reported.
 */
export type Interruption = 'resynchronize' | 'activity-interrupt' | 'activity-discard' | 'problem'

/** What was asked will not be answered any more. The session connection goes on. */
export class SessionInterruptedError extends Error {
  override readonly name = 'SessionInterruptedError'
  readonly code: Interruption
  /** Who caused it. */
  readonly by: 'us' | 'peer'

  constructor(method: string, code: Interruption, by: 'us' | 'peer') {
    super(`${method}: overtaken by ${whats[code]} of ${by === 'us' ? 'this side' : 'the other side'}`)
    this.code = code
    this.by = by
  }
}

const whats: { readonly [code in Interruption]: string } = {
  resynchronize: 'a resynchronize',
  'activity-interrupt': 'an activity interrupt',
  'activity-discard': 'an activity discard',
  problem: 'a problem report',
}
