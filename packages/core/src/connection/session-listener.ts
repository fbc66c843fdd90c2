// What a session connection tells its user: as callbacks for the hot path, and
// as events for rxjs. Types only.

import type { Token } from './glossary.ts'
import type { SessionEnd } from './session-end.ts'

/**
 * Callbacks of one session connection, called one at a time and in the order of the wire. One that throws
 * ends the session connection (`listener-error`) and nothing else.
 */
export interface SessionListener {
  /** S-DATA: one SSDU, a view of memory that is not used again. */
  data?(ssdu: Uint8Array): void
  /** S-TYPED-DATA. */
  typedData?(ssdu: Uint8Array): void
  /** S-EXPEDITED-DATA: 1 to 14 octets. */
  expeditedData?(ssdu: Uint8Array): void
  /** After `send` returned false: there is room again. */
  drained?(): void
  /** S-TOKEN-GIVE: these are ours now. */
  tokensGiven?(tokens: readonly Token[], userData: Uint8Array | undefined): void
  /** S-TOKEN-PLEASE. */
  tokensAsked?(tokens: readonly Token[], userData: Uint8Array | undefined): void
  /**
   * S-RELEASE: the peer wants to end the session in good order. Data may be sent until it is answered.
   * Without this callback, and with nobody subscribed to the events, the answer is yes at once.
   */
  releaseRequested?(userData: Uint8Array | undefined, question: ReleaseQuestion): void
  /** It is over. Called once and last, possibly from within the call that ended it. */
  closed?(end: SessionEnd): void
}

/** The peer's wish to release, to be answered once, now or later. */
export interface ReleaseQuestion {
  /** Ends the session; the peer gets the user data. */
  accept(userData?: Uint8Array): void
  /** Goes on. Throws SessionUsageError without `negotiated-release`: the peer counts on a yes then. */
  refuse(userData?: Uint8Array): void
}

/** The peer's answer to our wish to release. */
export interface ReleaseAnswer {
  /** True: the session is over. False: it goes on. */
  readonly accepted: boolean
  readonly userData: Uint8Array | undefined
}

/** The same as {@link SessionListener}, as values. */
export type SessionEvent =
  | { readonly type: 'data' | 'typed-data' | 'expedited-data'; readonly data: Uint8Array }
  | { readonly type: 'drained' }
  | {
      readonly type: 'tokens-given' | 'tokens-asked'
      readonly tokens: readonly Token[]
      readonly userData: Uint8Array | undefined
    }
  | {
      readonly type: 'release-requested'
      readonly userData: Uint8Array | undefined
      readonly question: ReleaseQuestion
    }
  | { readonly type: 'closed'; readonly end: SessionEnd }
