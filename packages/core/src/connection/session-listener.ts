// What a session connection tells its user: as callbacks for the hot path, and
// as events for rxjs. Types only.

import type { ProblemReason, Token } from './glossary.ts'
import type { TokenPlaces } from './options.ts'
import type { ActivityLinking, FlowPoint } from './places.ts'
import type { SessionEnd } from './session-end.ts'

/**
 * Callbacks of one session connection, called one at a time and in the order of the wire. One that throws
 * ends the session connection (`listener-error`) and nothing else.
 *
 * A callback with a question is for a service that the peer waits to have confirmed. Without the callback,
 * and with nobody subscribed to the events, the answer is yes at once.
 */
export interface SessionListener {
  /** S-DATA: one SSDU, a view of memory that is not used again. */
  data?(ssdu: Uint8Array): void
  /** S-TYPED-DATA. */
  typedData?(ssdu: Uint8Array): void
  /** S-EXPEDITED-DATA: 1 to 14 octets. */
  expeditedData?(ssdu: Uint8Array): void
  /** S-CAPABILITY-DATA. */
  capabilityData?(userData: Uint8Array | undefined, question: Question): void
  /** After `send` returned false: there is room again. */
  drained?(): void
  /** S-TOKEN-GIVE: these are ours now. */
  tokensGiven?(tokens: readonly Token[], userData: Uint8Array | undefined): void
  /** S-TOKEN-PLEASE. */
  tokensAsked?(tokens: readonly Token[], userData: Uint8Array | undefined): void
  /** S-CONTROL-GIVE: all tokens are ours now. */
  controlGiven?(userData: Uint8Array | undefined): void
  /** S-SYNC-MINOR: the peer has set this point; `confirmMinor` confirms it. */
  minorSync?(point: MinorPoint): void
  /** S-SYNC-MINOR: the peer has confirmed this point and every one before it. */
  minorConfirmed?(point: SyncPoint): void
  /** S-SYNC-MAJOR. */
  majorSync?(point: SyncPoint, question: Question): void
  /** S-RESYNCHRONIZE: what is on its way is thrown away, and numbering goes on as it says. */
  resynchronize?(resync: Resync, question: ResyncQuestion): void
  /** S-ACTIVITY-START. */
  activityStarted?(activity: StartedActivity): void
  /** S-ACTIVITY-RESUME. */
  activityResumed?(activity: ResumedActivity): void
  /** S-ACTIVITY-INTERRUPT: the activity may be resumed later, here or elsewhere. */
  activityInterrupted?(stopped: StoppedActivity, question: Question): void
  /** S-ACTIVITY-DISCARD: what was done in the activity counts for nothing. */
  activityDiscarded?(stopped: StoppedActivity, question: Question): void
  /** S-ACTIVITY-END, which is a major sync point too. */
  activityEnded?(point: SyncPoint, question: Question): void
  /**
   * S-U-EXCEPTION-REPORT and S-P-EXCEPTION-REPORT. Where the data token is ours it is for us to recover: give
   * it, resynchronize, interrupt or discard the activity, or abort. Until then what arrives is thrown away.
   */
  problem?(problem: Problem): void
  /**
   * S-RELEASE: the peer wants to end the session in good order. Data may be sent until it is answered.
   */
  releaseRequested?(userData: Uint8Array | undefined, question: ReleaseQuestion): void
  /** It is over. Called once and last, possibly from within the call that ended it. */
  closed?(end: SessionEnd): void
}

/** The same as {@link SessionListener}, as values. */
export type SessionEvent =
  | { readonly type: 'data' | 'typed-data' | 'expedited-data'; readonly data: Uint8Array }
  | { readonly type: 'drained' }
  | {
      readonly type: 'capability-data'
      readonly userData: Uint8Array | undefined
      readonly question: Question
    }
  | {
      readonly type: 'tokens-given' | 'tokens-asked'
      readonly tokens: readonly Token[]
      readonly userData: Uint8Array | undefined
    }
  | { readonly type: 'control-given'; readonly userData: Uint8Array | undefined }
  | { readonly type: 'minor-sync'; readonly point: MinorPoint }
  | { readonly type: 'minor-confirmed'; readonly point: SyncPoint }
  | { readonly type: 'major-sync'; readonly point: SyncPoint; readonly question: Question }
  | { readonly type: 'resynchronize'; readonly resync: Resync; readonly question: ResyncQuestion }
  | { readonly type: 'activity-started'; readonly activity: StartedActivity }
  | { readonly type: 'activity-resumed'; readonly activity: ResumedActivity }
  | {
      readonly type: 'activity-interrupted' | 'activity-discarded'
      readonly stopped: StoppedActivity
      readonly question: Question
    }
  | { readonly type: 'activity-ended'; readonly point: SyncPoint; readonly question: Question }
  | { readonly type: 'problem'; readonly problem: Problem }
  | {
      readonly type: 'release-requested'
      readonly userData: Uint8Array | undefined
      readonly question: ReleaseQuestion
    }
  | { readonly type: 'closed'; readonly end: SessionEnd }

/** What the peer waits for us to confirm: answered once, now or later. */
export interface Question {
  /** False once it is answered, or was overtaken. */
  readonly open: boolean
  /**
   * Confirms; the peer gets the user data. Does nothing when it was overtaken, throws SessionUsageError when
   * it was answered before.
   */
  accept(userData?: Uint8Array): void
}

/** The peer's resynchronize. */
export interface ResyncQuestion {
  /** False once it is answered, or was overtaken. */
  readonly open: boolean
  /** Confirms, as {@link Question.accept} does. */
  accept(answer?: ResyncAgreement): void
}

/** What goes with confirming a resynchronize. */
export interface ResyncAgreement {
  /** Another number, only with `set`; with `symmetric-sync` for what we send. Default: the one proposed. */
  readonly serial?: number | undefined
  /** With `symmetric-sync` for what we receive. */
  readonly serialReceived?: number | undefined
  /** Places the tokens whose place the peer left to us. Default: where they are. */
  readonly turns?: TokenPlaces | undefined
  readonly userData?: Uint8Array | undefined
}

/** The peer's wish to release. */
export interface ReleaseQuestion extends Question {
  /** Goes on. Throws SessionUsageError without `negotiated-release`: the peer counts on a yes then. */
  refuse(userData?: Uint8Array): void
}

/** The peer's confirm of a service. */
export interface Answer {
  readonly userData: Uint8Array | undefined
}

/** The peer's answer to our wish to release. */
export interface ReleaseAnswer extends Answer {
  /** True: the session is over. False: it goes on. */
  readonly accepted: boolean
}

/** The peer's confirm of a major sync point, or of the end of an activity. */
export interface SyncAnswer extends Answer {
  /** The number of the point. */
  readonly serial: number
}

/** The peer's confirm of a resynchronize: the number of the next point, for each flow it was about. */
export interface ResyncAnswer extends Answer {
  /** With `symmetric-sync` of what we send. */
  readonly serial: number | undefined
  /** With `symmetric-sync` of what we receive; without it the same. */
  readonly serialReceived: number | undefined
}

/** A sync point. */
export interface SyncPoint {
  readonly serial: number
  readonly userData: Uint8Array | undefined
}

/** A minor sync point of the peer's. */
export interface MinorPoint extends SyncPoint {
  /** The peer wants it confirmed. */
  readonly explicit: boolean
  /** What we send before we confirm it is safe from a resynchronize. */
  readonly dataSeparation: boolean
}

/** A resynchronize of the peer's. */
export interface Resync {
  /** Both flows. With `symmetric-sync` undefined: then one or both of the next two are there. */
  readonly flow: FlowPoint | undefined
  /** What this side sends, and what it receives. */
  readonly sending: FlowPoint | undefined
  readonly receiving: FlowPoint | undefined
  /** Where the tokens shall be; `choice` leaves it to us. */
  readonly turns: TokenPlaces
  readonly userData: Uint8Array | undefined
}

/** An activity of the peer's that begins. */
export interface StartedActivity {
  readonly identifier: Uint8Array
  readonly userData: Uint8Array | undefined
}

/** An activity that goes on. */
export interface ResumedActivity extends StartedActivity, ActivityLinking {}

/** An activity that is interrupted or discarded, and why. */
export interface StoppedActivity {
  readonly reason: ProblemReason
  readonly userData: Uint8Array | undefined
}

/** Something is wrong, as the peer's user or its session layer says. */
export interface Problem {
  readonly by: 'user' | 'provider'
  /** The user's; `none` from a session layer. */
  readonly reason: ProblemReason
  readonly userData: Uint8Array | undefined
  /** What the peer's session layer did not like, if it says. */
  readonly reflected: Uint8Array | undefined
}
