// The public face of the session layer: a table of contents, nothing else.

// Session connections
export {
  acceptSessions,
  openSession,
  problemReasons,
  refusals,
  services,
  SessionAbortedError,
  SessionInterruptedError,
  SessionRefusedError,
  tokenBits,
  unitBits,
  type AcceptAnswer,
  type AcceptOptions,
  type ActivityLinking,
  type Answer,
  type FirstSerials,
  type FlowPoint,
  type Interruption,
  type MinorOptions,
  type MinorPoint,
  type OldSession,
  type OpenOptions,
  type Problem,
  type ProblemReason,
  type Question,
  type RefusalCode,
  type RefuseAnswer,
  type ReleaseAnswer,
  type ReleaseQuestion,
  type ResumedActivity,
  type Resync,
  type ResyncAgreement,
  type ResyncAnswer,
  type ResyncOptions,
  type ResyncQuestion,
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
  type StartedActivity,
  type StoppedActivity,
  type SyncAnswer,
  type SyncLine,
  type SyncPoint,
  type SyncPoints,
  type Token,
  type TokenPlaces,
  type Turn,
  type Turns,
  type Unit,
} from './connection/index.ts'

// Sessions that outlive their connections
export {
  connectSession,
  lifeUnits,
  SessionAcceptor,
  type Admit,
  type Admitted,
  type Applicant,
  type AuditCode,
  type ConnectSessionOptions,
  type Denied,
  type LifeLimits,
  type LifeOptions,
  type Session,
  type SealedService,
  type Sealing,
  type SessionAcceptorOptions,
  type SessionAudit,
  type SessionCallbacks,
  type SessionPhase,
  type Suspension,
} from './session/index.ts'
export { SessionUsageError, type SessionUsageErrorCode } from './machine/index.ts'
export { coreLimits, type CoreLimits, storeLimits, type StoreLimits } from './limits.ts'

// Ports: what the session layer needs from outside, and the clock it uses unless given one
export type { Clock, Timer } from './ports/clock.ts'
export type { Digest } from './ports/digest.ts'
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
export { anyOf, anyOfWith, type AnyOfOptions } from './any-of.ts'
export { hexOf } from './hex.ts'
export { systemClock } from './system-clock.ts'
export { systemDigest, systemRandom } from './system-crypto.ts'

// Stores: what outlives the process, and the one in memory for development
export type {
  CheckpointStore,
  EntryState,
  EntryWrite,
  Ledger,
  LedgerChange,
  LedgerEntry,
  LedgerKind,
  LedgerName,
  LedgerQuery,
  LedgerUsage,
  Retention,
  StoreCapabilities,
  SweptLedger,
  TransactionWork,
} from './ports/checkpoint-store.ts'
export {
  StoreFailure,
  type StoreFailureCode,
  StoreRefusal,
  type StoreRefusalCode,
  StoreUsageError,
} from './ports/store-error.ts'
export { memoryStore, type MemoryStoreOptions } from './store/memory-store.ts'

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
