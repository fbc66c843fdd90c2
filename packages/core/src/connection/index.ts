// Session connections in English.

export { SessionUsageError } from '../machine/index.ts'
export { acceptSessions, type AcceptOptions, type SessionListening } from './accept-sessions.ts'
export { Cancellation } from './cancellation.ts'
export { openSession, type OpenOptions } from './open-session.ts'
export {
  SessionAbortedError,
  SessionInterruptedError,
  SessionRefusedError,
  type Interruption,
} from './errors.ts'
export {
  problemReasons,
  refusals,
  services,
  tokenBits,
  unitBits,
  type ProblemReason,
  type RefusalCode,
  type Service,
  type SessionState,
  type Token,
  type Unit,
} from './glossary.ts'
export type { SyncLine, SyncPoints, Turn, Turns } from './progress.ts'
export type { ActivityLinking, FlowPoint, OldSession } from './places.ts'
export type { MinorOptions, ResyncOptions } from './service-options.ts'
export { limitsOf, ownOptions } from './options.ts'
export type {
  FirstSerials,
  SessionIdentifier,
  SessionLimits,
  SessionOptions,
  TokenPlaces,
} from './options.ts'
export type { SessionConnection } from './session-connection.ts'
export { endByError, endByRelease, endByUs, type SessionEnd, type SessionEndReason } from './session-end.ts'
export type {
  Answer,
  MinorPoint,
  Problem,
  Question,
  ReleaseAnswer,
  ReleaseQuestion,
  ResumedActivity,
  Resync,
  ResyncAgreement,
  ResyncAnswer,
  ResyncQuestion,
  SessionEvent,
  SessionListener,
  StartedActivity,
  StoppedActivity,
  SyncAnswer,
  SyncPoint,
} from './session-listener.ts'
export type { AcceptAnswer, RefuseAnswer, SessionRequest } from './session-request.ts'
