// Whom an acceptor lets in: what its user is asked and answers, and what is told to whoever watches. Types
// only.

/** Who wants a session, or wants one back. */
export interface Applicant {
  /** What the initiator's user gave: credentials, say. Empty when it gave none. */
  readonly userData: Uint8Array
  /** Where it comes from, in words. */
  readonly remote: string
  /** The certificate (X.509, DER) that it has shown, if its transport has verified one. */
  readonly certificate: Uint8Array | undefined
  readonly calledSelector: Uint8Array | undefined
  readonly callingSelector: Uint8Array | undefined
  /** True when a session is to be resumed; whether it may be is looked at afterwards. */
  readonly resumes: boolean
  /** False when it has gone meanwhile, as far as the network has said so: there is nobody to let in. */
  readonly waits: () => boolean
}

/** Let in. */
export interface Admitted {
  readonly admit: true
  /**
   * Who it is: sessions are counted by it, and can be resumed by the same one only. Undefined for anybody:
   * then the ticket alone says whose a session is.
   */
  readonly principal?: string | undefined
  /** For the initiator's user; it sees what came with the first connection of the session. */
  readonly userData?: Uint8Array | undefined
  /** For `onSession`, with the first connection of a session; not looked at. */
  readonly context?: unknown
}

/** Not let in. */
export interface Denied {
  readonly admit: false
  /** For the initiator's user. */
  readonly userData?: Uint8Array | undefined
}

/**
 * Decides about an applicant, at every connection: a new session and every resume. Throwing, or rejecting,
 * denies it without a word.
 */
export type Admit = (applicant: Applicant) => Admitted | Denied | Promise<Admitted | Denied>

/** Something that those who guard a server may want to know. Holds no secret. */
export interface SessionAudit {
  readonly code: AuditCode
  /** The session it was about, as far as there is one of this name. */
  readonly session: string | undefined
  readonly principal: string | undefined
  readonly remote: string
}

/**
 * - `denied` the acceptor's user did not let it in, `failed` could not say in time or threw
 * - `full` a cap on sessions was reached
 * - `unknown-session` a resume named none, `wrong-ticket`, `wrong-principal` had no right to the one named
 * - `stale` a CONNECT came late, or was repeated
 * - `ticket-reused` an old ticket was used: the session was ended
 * - `resumed` and `opened` all is well
 */
export type AuditCode =
  | 'opened'
  | 'resumed'
  | 'denied'
  | 'failed'
  | 'full'
  | 'unknown-session'
  | 'wrong-ticket'
  | 'wrong-principal'
  | 'stale'
  | 'ticket-reused'
