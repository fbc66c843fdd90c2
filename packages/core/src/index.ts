// The public face of the session layer: a table of contents, nothing else.

// Session connections
export {
  acceptSessions,
  openSession,
  refusals,
  services,
  SessionAbortedError,
  SessionRefusedError,
  tokenBits,
  unitBits,
  type AcceptAnswer,
  type AcceptOptions,
  type OpenOptions,
  type RefusalCode,
  type RefuseAnswer,
  type ReleaseAnswer,
  type ReleaseQuestion,
  type Service,
  type SessionConnection,
  type SessionEnd,
  type SessionEndReason,
  type SessionEvent,
  type SessionIdentifier,
  type SessionLimits,
  type SessionListener,
  type SessionListening,
  type SessionOptions,
  type SessionRequest,
  type SessionState,
  type Token,
  type TokenPlaces,
  type Unit,
} from './connection/index.ts'
export { SessionUsageError, type SessionUsageErrorCode } from './machine/index.ts'
export { coreLimits, type CoreLimits } from './limits.ts'

// Ports: what the session layer needs from outside, and the clock it uses unless given one
export type { Clock, Timer } from './ports/clock.ts'
export type { Random } from './ports/random.ts'
export {
  type AbortSignalLike,
  type Transport,
  type TransportConnection,
  TransportError,
  type TransportErrorCode,
  type TransportListener,
  type TransportListening,
  type TransportLoss,
} from './ports/transport.ts'
export { systemClock } from './system-clock.ts'

// Watching what crosses a transport
export {
  tap,
  text,
  type TapConnected,
  type TapData,
  type TapEnded,
  type TapEvent,
  type TapSink,
} from './tap/index.ts'
