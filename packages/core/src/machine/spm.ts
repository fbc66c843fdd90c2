// What one session protocol machine remembers: the variables of Annex A in the standard's names,
// what was negotiated, and the outputs of the event being handled. It decides nothing: predicates
// look at it, actions change it.

import { maxSerialNumber, type ReceivedSpdu, type SegmentJoiner, type Spdu } from '../spdu/index.ts'
import type { MachineConfig } from './config.ts'
import type { IncomingEvent } from './events.ts'
import type { Agreement, Capabilities, Opening } from './negotiate.ts'
import type { Output } from './output.ts'
import type { Request, Resync, SessionVariables } from './primitives.ts'

/** V(Ado) and V(Adi) when no data separation point was sent or received. */
export const NO_SERIAL = -1

/** The serial number of an event that has none: below anything that is compared with it. */
export const NO_NUMBER = -2

/**
 * One event on its way through the tables, with what its predicates, actions and
 * outgoing events need from it.
 */
export class Incoming {
  readonly event: IncomingEvent
  /** From the peer, its segments joined. */
  spdu: ReceivedSpdu | undefined = undefined
  /** From our user. */
  request: Request | undefined = undefined
  /** From the peer: the SSDU. */
  userData: Uint8Array | undefined = undefined
  /** RT or GT: tokens asked for or given. */
  tokens = 0
  /** sn: the serial number; of RS, RA and SRSYNreq without symmetric synchronize, of AR then too. */
  number: number = NO_NUMBER
  /** Resync type of both flows at once; with AI and AD what they do to the activity. */
  type: Resync = 'no'
  /** With symmetric synchronize: the same for what we send, and for what we receive. */
  sendingType: Resync = 'no'
  sendingNumber: number = NO_NUMBER
  receivingType: Resync = 'no'
  receivingNumber: number = NO_NUMBER
  /** RS and RA: Token Setting Item, `initiator` being the requestor; 0 where no token exists. */
  settings = 0
  /** CN: why the SPM refuses it. */
  refusal: number | undefined = undefined
  /** AC and SCONrsp+: what both sides agreed on. */
  agreement: Agreement | undefined = undefined
  /** SCONrsp+: the SPDU that answers. */
  accept: Spdu<'AC'> | undefined = undefined
  /** CDO: this was the last. */
  endOfData = false
  /** FN, RF and AB: Transport Disconnect says keep. */
  keepsTransport = false

  constructor(event: IncomingEvent) {
    this.event = event
  }
}

/** The memory of one machine. */
export class Spm implements SessionVariables {
  readonly config: MachineConfig
  /** What we can do on this transport connection: the config's, and TEXP. */
  own: Capabilities

  /** Number of the state, see state.ts. */
  state = 0
  /** Time of the event being handled, in milliseconds. */
  now = 0
  /** When TIM expires; undefined while it is stopped. */
  deadline: number | undefined = undefined

  Vtca = false
  Vtrr = false
  TEXP = false
  Vcoll = false
  Vdnr = false
  /** FU: the functional units selected. */
  FU = 0
  /** AV: the tokens that exist. */
  available = 0
  /** OWNED: the tokens that are ours, among those that exist. */
  owned = 0

  Vact = false
  Vnextact = false
  Vrsp: Resync = 'no'
  Vrspnb = 0
  Vrsps: Resync = 'no'
  Vrspr: Resync = 'no'
  Vrspnbs = 0
  Vrspnbr = 0
  /** Discard-snd-flow and Discard-rcv-flow. */
  discardSent = false
  discardReceived = false
  VA = 0
  VM = 0
  VR = 0
  Vsc = false
  VAdo: number = NO_SERIAL
  VAdi: number = NO_SERIAL
  /** The serial numbers that go with Vrsp, Vrsps and Vrspr, whatever the type. */
  resyncNumber: number = NO_NUMBER
  resyncNumbers: number = NO_NUMBER
  resyncNumberr: number = NO_NUMBER
  /** Token Setting Item of the resynchronization in progress. */
  resyncSettings = 0
  VAs = 0
  VAr = 0
  VMs = 0
  VMr = 0
  VRs = 0
  VRr = 0

  /** The tables with symmetric synchronize hold. */
  symmetric = false
  /** The highest serial number there is. */
  maxNumber: number = maxSerialNumber
  /** Protocol version selected; undefined before. */
  version: 1 | 2 | undefined = undefined
  /** TSDU Maximum Size selected for what we send, and for what we receive; 0 is unlimited and unsegmented. */
  maxSend = 0
  maxReceive = 0
  /** The peer takes extended concatenation. */
  peerExtends = false

  /** What is known of the session connection while it is being opened. */
  opening: Opening | undefined = undefined
  /** Segments of the SSDU being received; made when the first one comes. */
  joiner: SegmentJoiner | undefined = undefined
  /** Events waiting for [6], and whether [6] was among the actions. */
  queue: Incoming[] | undefined = undefined
  replay = false
  /** SPDUs that have come for nothing and are not paid back, and when that was reckoned; see budget.ts. */
  spent = 0
  spentAt = 0
  outputs: Output[] = []

  constructor(config: MachineConfig) {
    this.config = config
    this.own = config
  }
}
