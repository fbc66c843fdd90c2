// Session connections in English.

export { acceptSessions, type AcceptOptions, type SessionListening } from './accept-sessions.ts'
export { openSession, type OpenOptions } from './open-session.ts'
export { SessionAbortedError, SessionRefusedError } from './errors.ts'
export {
  refusals,
  services,
  tokenBits,
  unitBits,
  type RefusalCode,
  type Service,
  type SessionState,
  type Token,
  type Unit,
} from './glossary.ts'
export type { SessionIdentifier, SessionLimits, SessionOptions, TokenPlaces } from './options.ts'
export type { SessionConnection } from './session-connection.ts'
export type { SessionEnd, SessionEndReason } from './session-end.ts'
export type { ReleaseAnswer, ReleaseQuestion, SessionEvent, SessionListener } from './session-listener.ts'
export type { AcceptAnswer, RefuseAnswer, SessionRequest } from './session-request.ts'
