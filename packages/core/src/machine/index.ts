// The sans-I/O machine for those who bring their own loop: one session protocol machine of
// X.225, in the standard's names.

// The machine, and what it is told when it is made
export { SessionMachine } from './machine.ts'
export { machineConfig, type MachineConfig, type MachineLimits, type MachineOptions } from './config.ts'

// What goes in and what comes out
export type {
  ActivityBreakIndication,
  ActivityResumeIndication,
  ActivityStartIndication,
  ConnectConfirm,
  ConnectIndication,
  Indication,
  ProviderAbort,
  ProviderAbortReason,
  RefuseConfirm,
  ResynchronizeIndication,
  SyncIndication,
  SyncMinorIndication,
} from './indications.ts'
export type {
  AcceptResponse,
  ActivityBreakRequest,
  ActivityEndRequest,
  ActivityLink,
  ActivityResumeRequest,
  ActivityStartRequest,
  CapabilityRequest,
  ConnectionIdentifier,
  ConnectRequest,
  DataRequest,
  ExceptionRequest,
  FlowResync,
  MaxTsdu,
  RefuseResponse,
  ReleaseRequest,
  Request,
  Resync,
  ResynchronizeRequest,
  ResynchronizeResponse,
  ResynchronizeType,
  SessionVariables,
  SyncMajorRequest,
  SyncMinorRequest,
  SyncMinorResponse,
  TokenRequest,
} from './primitives.ts'
export type { Output } from './output.ts'
export { SessionUsageError, type SessionUsageErrorCode } from './errors.ts'

// States, and the values of the standard that requests and indications hold
export { stateSentences, states, type StateName } from './state.ts'
export { supportedUnits } from './units.ts'
export {
  exceptionReason,
  functionalUnit,
  refuseReason,
  tokenBit,
  tokenSetting,
  versionBit,
} from '../spdu/index.ts'

// Where the tables read Annex A otherwise than it is printed
export { errata, type Erratum } from './tables/errata.ts'
