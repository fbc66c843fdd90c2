// The service primitives of X.215 as the machine takes and gives them, and what else it tells its driver to
// do. Types only. Everything here is in the standard's names; connection/ is where they become English.

/** What the session user asks of the machine. Octets given here belong to the machine from then on. */
export type Request =
  | ConnectRequest
  | AcceptResponse
  | RefuseResponse
  | DataRequest
  | TokenRequest
  | ReleaseRequest
  | { readonly name: 'SUABreq'; readonly userData?: Uint8Array | undefined }

/** S-CONNECT request. */
export interface ConnectRequest {
  readonly name: 'SCONreq'
  /** Functional units proposed, bits of Session User Requirements. */
  readonly units: number
  readonly callingSelector?: Uint8Array | undefined
  readonly calledSelector?: Uint8Array | undefined
  readonly identifier?: ConnectionIdentifier | undefined
  /** Token Setting Item: a pair of bits for each token. Default 0, all at the requestor. */
  readonly tokens?: number | undefined
  /**
   * Initial serial number where the units count synchronization points; with symmetric synchronize of what
   * the requestor sends, and the second one of what the acceptor sends. Default 0 where one is needed.
   */
  readonly serialNumber?: number | undefined
  readonly secondSerialNumber?: number | undefined
  /** Up to 512 octets with version 1; above 10,240 it takes OVERFLOW ACCEPT and CONNECT DATA OVERFLOW. */
  readonly userData?: Uint8Array | undefined
}

/** S-CONNECT response, positive. */
export interface AcceptResponse {
  readonly name: 'SCONrsp+'
  /** Functional units accepted; the selected ones are those of them that were proposed. */
  readonly units: number
  readonly respondingSelector?: Uint8Array | undefined
  readonly identifier?: ConnectionIdentifier | undefined
  /** Token Setting Item for the tokens whose place was left to us. Default 0, at the requestor. */
  readonly tokens?: number | undefined
  /** Tokens asked for at once (Token Item). */
  readonly pleaseTokens?: number | undefined
  /** As in the request; default what the peer proposed, or 0. The acceptor's counts. */
  readonly serialNumber?: number | undefined
  readonly secondSerialNumber?: number | undefined
  readonly userData?: Uint8Array | undefined
}

/** S-CONNECT response, negative. */
export interface RefuseResponse {
  readonly name: 'SCONrsp-'
  /**
   * Refuse Reason Code: 0 or 1 from a user, 2 with user data; 129 to 134 from a user
   * that is part of the provider.
   */
  readonly reason: number
  readonly identifier?: ConnectionIdentifier | undefined
  /** Only with reason 2. */
  readonly userData?: Uint8Array | undefined
}

/** S-DATA, S-TYPED-DATA, S-EXPEDITED-DATA request. */
export interface DataRequest {
  readonly name: 'SDTreq' | 'STDreq' | 'SEXreq'
  /** The SSDU: the parts in order, together at least one octet; for expedited data at most 14. */
  readonly data: readonly Uint8Array[]
}

/** S-TOKEN-GIVE and S-TOKEN-PLEASE request. */
export interface TokenRequest {
  readonly name: 'SGTreq' | 'SPTreq'
  /** Bits of the Token Item. */
  readonly tokens: number
  readonly userData?: Uint8Array | undefined
}

/** S-RELEASE request and response. */
export interface ReleaseRequest {
  readonly name: 'SRELreq' | 'SRELrsp+' | 'SRELrsp-'
  readonly userData?: Uint8Array | undefined
}

/** What the machine tells the session user. */
export type Indication =
  | ConnectIndication
  | ConnectConfirm
  | RefuseConfirm
  | { readonly name: 'SDTind' | 'STDind' | 'SEXind'; readonly data: Uint8Array }
  | { readonly name: 'SGTind' | 'SPTind'; readonly tokens: number; readonly userData: Uint8Array | undefined }
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

/**
 * The Connection Identifier group: opaque octets by which the two users name the
 * session; the machine only carries it.
 */
export interface ConnectionIdentifier {
  /** Calling SS-user Reference in CONNECT, Called in the answers; at most 64 octets. */
  readonly reference?: Uint8Array | undefined
  /** At most 64 octets. */
  readonly common?: Uint8Array | undefined
  /** At most 4 octets. */
  readonly additional?: Uint8Array | undefined
}

/** TSDU Maximum Size in octets for what we send and what we receive; 0 is unlimited (the default). */
export interface MaxTsdu {
  readonly send: number
  readonly receive: number
}

/** What is to be done now, in the order of the list. */
export type Output =
  /** T-DATA or T-EXPEDITED-DATA request: the parts in order are one TSDU. */
  | { readonly do: 'send'; readonly tsdu: readonly Uint8Array[]; readonly expedited: boolean }
  | { readonly do: 'indicate'; readonly primitive: Indication }
  /** T-CONNECT request. */
  | { readonly do: 'connect' }
  /** T-CONNECT response: the transport connection is taken. */
  | { readonly do: 'accept' }
  /** T-DISCONNECT request. */
  | { readonly do: 'disconnect' }
