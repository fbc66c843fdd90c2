// The indications and confirms of X.215 as the machine gives them. Types only, in the standard's names; what
// they share with requests is in primitives.ts.

import type { ActivityLink, ConnectionIdentifier, FlowResync } from './primitives.ts'

/** What the machine tells the session user. */
export type Indication =
  | ConnectIndication
  | ConnectConfirm
  | RefuseConfirm
  | { readonly name: 'SDTind' | 'STDind' | 'SEXind'; readonly data: Uint8Array }
  | { readonly name: 'SGTind' | 'SPTind'; readonly tokens: number; readonly userData: Uint8Array | undefined }
  | { readonly name: 'SCGind' | 'SCDind' | 'SCDcnf'; readonly userData: Uint8Array | undefined }
  | SyncMinorIndication
  | SyncIndication
  | ResynchronizeIndication
  | ActivityStartIndication
  | ActivityResumeIndication
  | ActivityBreakIndication
  | { readonly name: 'SACTIcnf' | 'SACTDcnf'; readonly userData: Uint8Array | undefined }
  | { readonly name: 'SUERind'; readonly reason: number; readonly userData: Uint8Array | undefined }
  /** S-P-EXCEPTION-REPORT: the octets that the peer's machine found wrong. */
  | { readonly name: 'SPERind'; readonly reflected: Uint8Array }
  | { readonly name: 'SRELind' | 'SRELcnf+' | 'SRELcnf-'; readonly userData: Uint8Array | undefined }
  | { readonly name: 'SUABind'; readonly userData: Uint8Array | undefined }
  | ProviderAbort

/** S-CONNECT indication. */
export interface ConnectIndication {
  readonly name: 'SCONind'
  /** Functional units proposed that this machine has as well. */
  readonly units: number
  readonly version: 1 | 2
  readonly callingSelector: Uint8Array | undefined
  readonly calledSelector: Uint8Array | undefined
  readonly identifier: ConnectionIdentifier | undefined
  /** Token Setting Item as proposed. */
  readonly tokens: number
  readonly serialNumber: number | undefined
  readonly secondSerialNumber: number | undefined
  readonly userData: Uint8Array | undefined
}

/** S-CONNECT confirm, positive. */
export interface ConnectConfirm {
  readonly name: 'SCONcnf+'
  /** Functional units selected. */
  readonly units: number
  readonly version: 1 | 2
  readonly respondingSelector: Uint8Array | undefined
  readonly identifier: ConnectionIdentifier | undefined
  readonly serialNumber: number | undefined
  readonly secondSerialNumber: number | undefined
  readonly userData: Uint8Array | undefined
}

/** S-CONNECT confirm, negative. */
export interface RefuseConfirm {
  readonly name: 'SCONcnf-'
  readonly reason: number
  readonly identifier: ConnectionIdentifier | undefined
  readonly userData: Uint8Array | undefined
}

/** S-SYNC-MINOR indication. */
export interface SyncMinorIndication {
  readonly name: 'SSYNmind'
  readonly serialNumber: number
  /** The peer's user asks for an explicit confirmation. */
  readonly confirm: boolean
  readonly dataSeparation: boolean
  readonly userData: Uint8Array | undefined
}

/** S-SYNC-MINOR confirm, S-SYNC-MAJOR and S-ACTIVITY-END indication and confirm. */
export interface SyncIndication {
  readonly name: 'SSYNmcnf' | 'SSYNMind' | 'SSYNMcnf' | 'SACTEind' | 'SACTEcnf'
  /** The point; in a confirm the one of ours that is confirmed. */
  readonly serialNumber: number
  readonly userData: Uint8Array | undefined
}

/** S-RESYNCHRONIZE indication and confirm. */
export interface ResynchronizeIndication {
  readonly name: 'SRSYNind' | 'SRSYNcnf'
  /** As in the request, seen from the side that is told: `sending` is what this side sends. */
  readonly flow: FlowResync | undefined
  readonly sending: FlowResync | undefined
  readonly receiving: FlowResync | undefined
  /** Token Setting Item; in the confirm the places the tokens have now. `initiator` is the requestor. */
  readonly tokens: number
  readonly userData: Uint8Array | undefined
}

/** S-ACTIVITY-START indication. */
export interface ActivityStartIndication {
  readonly name: 'SACTSind'
  readonly activity: Uint8Array
  readonly userData: Uint8Array | undefined
}

/** S-ACTIVITY-RESUME indication. The second serial number is that of what the side that is told sends. */
export interface ActivityResumeIndication extends ActivityLink {
  readonly name: 'SACTRind'
  readonly activity: Uint8Array
  readonly userData: Uint8Array | undefined
}

/** S-ACTIVITY-INTERRUPT and S-ACTIVITY-DISCARD indication. */
export interface ActivityBreakIndication {
  readonly name: 'SACTIind' | 'SACTDind'
  /** A reason code of `exceptionReason`; undefined for none. */
  readonly reason: number | undefined
  readonly userData: Uint8Array | undefined
}

/** S-P-ABORT indication. */
export interface ProviderAbort {
  readonly name: 'SPABind'
  readonly reason: ProviderAbortReason
  /** One line for people and logs. */
  readonly message: string
  /** The octets that a peer which found our SPDU faulty sent back. */
  readonly reflected: Uint8Array | undefined
}

/**
 * Why the provider aborted. `transport`: the transport connection is lost. `protocol`: the peer did what the
 * protocol does not allow. The other three are what the peer's provider said of its own abort.
 */
export type ProviderAbortReason =
  | 'transport'
  | 'protocol'
  | 'restriction'
  | 'peer-protocol'
  | 'peer-restriction'
  | 'peer-unspecified'
