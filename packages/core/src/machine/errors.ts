// The one error the machine throws: its user asked for what cannot be. Nothing has changed then.

/**
 * - `WRONG_STATE` the session connection is not at a point where this can be asked
 * - `BAD_ARGUMENT` what was asked is not possible at any point, or not with what was negotiated
 * - `NOT_NEGOTIATED` the service belongs to a functional unit that was not selected; the message names it
 */
export type SessionUsageErrorCode = 'WRONG_STATE' | 'BAD_ARGUMENT' | 'NOT_NEGOTIATED'

/** The caller's mistake. The session connection is as it was before the call. */
export class SessionUsageError extends Error {
  override readonly name = 'SessionUsageError'
  readonly code: SessionUsageErrorCode
  /** What was asked, in the standard's name: `SDTreq`. */
  readonly request: string
  /** The state it was asked in: `STA03`. */
  readonly state: string

  constructor(code: SessionUsageErrorCode, request: string, state: string, message: string) {
    super(message)
    this.code = code
    this.request = request
    this.state = state
  }
}
