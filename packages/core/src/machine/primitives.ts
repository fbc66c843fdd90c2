// The requests and responses of X.215 as the machine takes them, and its variables. Types only. Everything
// here is in the standard's names; connection/ is where they become English.

/** What the session user asks of the machine. Octets given here belong to the machine from then on. */
export type Request =
  | ConnectRequest
  | AcceptResponse
  | RefuseResponse
  | DataRequest
  | TokenRequest
  | CapabilityRequest
  | SyncMinorRequest
  | SyncMinorResponse
  | SyncMajorRequest
  | ResynchronizeRequest
  | ResynchronizeResponse
  | ActivityStartRequest
  | ActivityResumeRequest
  | ActivityEndRequest
  | ActivityBreakRequest
  | ExceptionRequest
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

/**
 * S-TOKEN-GIVE and S-TOKEN-PLEASE request, and S-CONTROL-GIVE request, which gives every token there is and
 * so names none.
 */
export type TokenRequest =
  | {
      readonly name: 'SGTreq' | 'SPTreq'
      /** Bits of the Token Item. */
      readonly tokens: number
      /** S-TOKEN-GIVE: version 2 only. */
      readonly userData?: Uint8Array | undefined
    }
  | {
      readonly name: 'SCGreq'
      /** Version 2 only. */
      readonly userData?: Uint8Array | undefined
    }

/** S-CAPABILITY-DATA request and response. */
export interface CapabilityRequest {
  readonly name: 'SCDreq' | 'SCDrsp'
  readonly userData?: Uint8Array | undefined
}

/** S-SYNC-MINOR request. The point gets the serial number V(M), with symmetric synchronize V(Ms). */
export interface SyncMinorRequest {
  readonly name: 'SSYNmreq'
  /** An explicit confirmation is asked for. The machine enforces nothing. Default true. */
  readonly confirm?: boolean | undefined
  /** What the peer sent before its confirmation is safe from a later resynchronize. Default false. */
  readonly dataSeparation?: boolean | undefined
  readonly userData?: Uint8Array | undefined
}

/** S-SYNC-MINOR response. */
export interface SyncMinorResponse {
  readonly name: 'SSYNmrsp'
  /** The point confirmed, and with it every earlier one. */
  readonly serialNumber: number
  readonly userData?: Uint8Array | undefined
}

/** S-SYNC-MAJOR request and response. The request's point gets the serial number V(M) or V(Ms). */
export interface SyncMajorRequest {
  readonly name: 'SSYNMreq' | 'SSYNMrsp'
  readonly userData?: Uint8Array | undefined
}

/** How a flow is resynchronized. */
export type ResynchronizeType = 'restart' | 'abandon' | 'set'

/** What becomes of one flow of data in a resynchronize. */
export interface FlowResync {
  readonly type: ResynchronizeType
  /**
   * The point to go on from: for restart one between V(R) and V(M), for set any. In a request for abandon it
   * must be left out: the machine fills it in.
   */
  readonly serialNumber?: number | undefined
}

/** S-RESYNCHRONIZE request. */
export interface ResynchronizeRequest {
  readonly name: 'SRSYNreq'
  /** Without symmetric synchronize: both flows at once. */
  readonly flow?: FlowResync | undefined
  /** With symmetric synchronize: what we send, what we receive; at least one of them. */
  readonly sending?: FlowResync | undefined
  readonly receiving?: FlowResync | undefined
  /**
   * Token Setting Item: `initiator` is the requestor, `responder` the acceptor, `choice` leaves it to the
   * acceptor. Default: every token stays where it is.
   */
  readonly tokens?: number | undefined
  readonly userData?: Uint8Array | undefined
}

/** S-RESYNCHRONIZE response. */
export interface ResynchronizeResponse {
  readonly name: 'SRSYNrsp'
  /**
   * Another serial number than that of the indication, for set only: without symmetric synchronize, or with
   * it of what we send and of what we receive. Default: that of the indication.
   */
  readonly serialNumber?: number | undefined
  readonly sendingSerialNumber?: number | undefined
  readonly receivingSerialNumber?: number | undefined
  /**
   * Token Setting Item for the tokens whose place was left to us, as in the request. Default: they stay where
   * they are.
   */
  readonly tokens?: number | undefined
  readonly userData?: Uint8Array | undefined
}

/** S-ACTIVITY-START request. */
export interface ActivityStartRequest {
  readonly name: 'SACTSreq'
  /** 1 to 6 octets that mean something to the two users only. */
  readonly activity: Uint8Array
  readonly userData?: Uint8Array | undefined
}

/** S-ACTIVITY-RESUME request. */
export interface ActivityResumeRequest extends ActivityLink {
  readonly name: 'SACTRreq'
  /** The activity's identifier from now on, 1 to 6 octets. */
  readonly activity: Uint8Array
  readonly userData?: Uint8Array | undefined
}

/** The Linking Information of an activity that is resumed. */
export interface ActivityLink {
  /** The activity's identifier when it was interrupted, 1 to 6 octets. */
  readonly oldActivity: Uint8Array
  /**
   * The point the activity is resumed at; numbering goes on behind it. With symmetric synchronize that of
   * what the requestor sends, and the second of what it receives (default the first).
   */
  readonly serialNumber: number
  readonly secondSerialNumber?: number | undefined
  /** The session connection it was on, when that was another one. At most 64, 64, 64 and 4 octets. */
  readonly calledReference?: Uint8Array | undefined
  readonly callingReference?: Uint8Array | undefined
  readonly common?: Uint8Array | undefined
  readonly additional?: Uint8Array | undefined
}

/** S-ACTIVITY-END request and response. The request's point gets the serial number V(M) or V(Ms). */
export interface ActivityEndRequest {
  readonly name: 'SACTEreq' | 'SACTErsp'
  readonly userData?: Uint8Array | undefined
}

/** S-ACTIVITY-INTERRUPT and S-ACTIVITY-DISCARD request and response. */
export interface ActivityBreakRequest {
  readonly name: 'SACTIreq' | 'SACTIrsp' | 'SACTDreq' | 'SACTDrsp'
  /** A reason code of `exceptionReason`; requests only, default none. */
  readonly reason?: number | undefined
  /** Version 2 only. */
  readonly userData?: Uint8Array | undefined
}

/** S-U-EXCEPTION-REPORT request. */
export interface ExceptionRequest {
  readonly name: 'SUERreq'
  /** A reason code of `exceptionReason`. */
  readonly reason: number
  readonly userData?: Uint8Array | undefined
}

/** S-RELEASE request and response. */
export interface ReleaseRequest {
  readonly name: 'SRELreq' | 'SRELrsp+' | 'SRELrsp-'
  readonly userData?: Uint8Array | undefined
}

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

/** A resynchronization in progress: none, abandon, restart, set, discard or interrupt an activity. */
export type Resync = 'no' | 'a' | 'r' | 's' | 'dsc' | 'int'

/**
 * The variables of Annex A in the standard's names, as they are now: a view that changes with the machine.
 * `s` at the end is for what we send, `r` for what we receive, which are told apart with symmetric
 * synchronize only; without it VA, VM, VR and Vsc are used instead.
 */
export interface SessionVariables {
  /** Functional units selected. */
  readonly FU: number
  readonly version: 1 | 2 | undefined
  /** Tokens that exist, and those that are ours: `available & owned`; bits of a Token Item. */
  readonly available: number
  readonly owned: number
  /** The lowest serial number that waits for a confirmation; V(M) when none does. */
  readonly VA: number
  readonly VAs: number
  readonly VAr: number
  /** The next serial number. */
  readonly VM: number
  readonly VMs: number
  readonly VMr: number
  /** The lowest serial number a restart may name. */
  readonly VR: number
  readonly VRs: number
  readonly VRr: number
  /** Our user may confirm minor points. */
  readonly Vsc: boolean
  /** Highest data separation point sent, and received; -1 for none. */
  readonly VAdo: number
  readonly VAdi: number
  readonly Vact: boolean
  readonly Vnextact: boolean
  readonly Vrsp: Resync
  readonly Vrsps: Resync
  readonly Vrspr: Resync
  readonly Vrspnb: number
  readonly Vrspnbs: number
  readonly Vrspnbr: number
  /** Discard-snd-flow and Discard-rcv-flow. */
  readonly discardSent: boolean
  readonly discardReceived: boolean
  readonly Vcoll: boolean
  readonly Vdnr: boolean
  readonly Vtca: boolean
  readonly Vtrr: boolean
  readonly TEXP: boolean
}
