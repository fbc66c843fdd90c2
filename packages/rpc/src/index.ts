// Parley RPC: everything an application imports.

// Contracts and services
export { activity, dialogue, service, unary, stream } from './service/decorators.ts'
export { defineService, implement } from './service/define.ts'
export { remote } from './service/remote.ts'
export { ServiceDefinitionError } from './service/definition-error.ts'
export type { Contract, DefinedContract, ImplementedService } from './service/contract.ts'
export type { Handlers, SeekableSource, ServiceOf, StreamSource, Stub } from './service/stub-type.ts'
export type {
  ActivityMethodOptions,
  ActivityReplay,
  MethodDescription,
  MethodKind,
  ManyOptions,
  MethodOptions,
  ServiceDescription,
} from './service/description.ts'
export type { ServiceImplementation } from './service/implementation.ts'

// Both ends of a session
export { connect, type Client, type ConnectOptions } from './connect.ts'
export { serve, Server, type ServeOptions } from './serve.ts'
export type { DoorOptions, SessionApplicant } from './door.ts'
export type { SessionPhase, Suspension } from '@parley/core'
export { RpcSession } from './session.ts'
export type { CallOutcome, OutcomeOptions } from './peer/outcomes.ts'
export type { MethodListing, ServiceListing } from './peer/reflection.ts'

// Ending a session in agreement
export type {
  AskReleaseOptions,
  DrainOptions,
  DrainReport,
  ReleaseOptions,
  ReleaseOutcome,
  ReleaseRequest,
  ReleaseVerdict,
  SessionDrained,
} from './release.ts'

// Calls
export { call } from './peer/ambient-call.ts'
export { withOptions } from './peer/stub.ts'
export type { CallContext } from './call-context.ts'
export type { CallOptions, Metadata, MetadataInit, MetadataValue } from './call-options.ts'
export type { InterceptedCall, Interceptor } from './interceptors.ts'

// Streams
export { streamOf } from './stream-source.ts'
export type { RemoteStream, Stream } from './stream.ts'

// Dialogues
export { DialogueProblem, Rewound } from './dialogue.ts'
export type {
  Dialogue,
  DialogueControls,
  DialogueEvent,
  DialoguePoint,
  RemoteDialogue,
  ServedDialogue,
} from './dialogue.ts'

// Activities
export { newActivityId } from './activity/activities.ts'
export type {
  Activity,
  ActivityOptions,
  ActivityPlace,
  ActivityState,
  Checkpoint,
  RemoteActivity,
} from './activity.ts'

// Errors and limits
export { isRpcError, RpcError, rpcErrorCodes } from './errors.ts'
export type { Outcome, RpcErrorCode, RpcErrorOptions } from './errors.ts'
export type { ErrorOptions, ErrorOrigin } from './peer/error-policy.ts'
export { rpcLimits, sessionLimits, type RpcLimits, type SessionLimits } from './limits.ts'

// Values
export { msgpack, type MsgpackOptions } from './presentation/msgpack.ts'
export { Undecodable, valueType, type ValueType, type ValueTypeOptions } from './presentation/types.ts'
export { MalformedError, ValueError, type Codec } from './presentation/codec.ts'
