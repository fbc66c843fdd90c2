// The specific actions of the state tables (Annex A), by their printed numbers. An
// action changes variables, the timer or the queue; it sends and indicates nothing, except
// [51], which the standard words so.

import { functionalUnit as unit, SpduError } from '../spdu/index.ts'
import type { Agreement } from './negotiate.ts'
import { sendConnectData } from './outgoing.ts'
import type { Resync } from './primitives.ts'
import { record, recordPrevailing } from './resync.ts'
import { NO_NUMBER, NO_SERIAL, type Incoming, type Spm } from './spm.ts'
import { initiatorTokens, tokensOf } from './units.ts'

/** One specific action. */
export type Action = (m: Spm, e: Incoming) => void

/** Vtca = true: we accepted the transport connection. */
export const a01: Action = (m) => {
  m.Vtca = true
}
/** Vtca = false: we asked for the transport connection. */
export const a02: Action = (m) => {
  m.Vtca = false
}
/** Stop TIM. */
export const a03: Action = (m) => {
  m.deadline = undefined
}
/** Start TIM. */
export const a04: Action = (m) => {
  m.deadline = m.now + m.config.limits.abortTimeout
}
/** Initial values from the ACCEPT sent or received. */
export const a05: Action = (m, e) => {
  const agreement = agreed(e)
  begin(m, agreement)
  if (agreement.serialNumber !== undefined) m.VA = m.VM = agreement.serialNumber
  m.VR = 0
  m.Vrsp = 'no'
  m.Vsc = false
}
/** After entering the state, replay the queued events in order. */
export const a06: Action = (m) => {
  m.replay = true
}
/** Vtrr = true: the transport connection will be reused. */
export const a07: Action = (m) => {
  m.Vtrr = true
}
/** Vtrr = false. */
export const a08: Action = (m) => {
  m.Vtrr = false
}
/**
 * Vtrr as the Transport Disconnect of the SPDU says; forced to false where we do
 * not reuse.
 */
export const a09: Action = (m, e) => {
  m.Vtrr = e.keepsTransport && m.config.reuseTransport
}
/** Queue the event. Throws SpduError when the peer has made too many wait. */
export const a10: Action = (m, e) => {
  m.queue ??= []
  if (m.queue.length >= m.config.limits.queuedEvents) {
    throw new SpduError('limit', 'too many events wait for one that is outstanding')
  }
  m.queue.push(e)
}
/** Update the token positions: as the ACCEPT or RESYNCHRONIZE ACK says, or given, or taken. */
export const a11: Action = (m, e) => {
  if (e.agreement !== undefined) m.owned = e.agreement.owned
  else if (e.event === 'RA') m.owned = initiatorTokens(m.available, m.resyncSettings, e.settings)
  else if (e.event === 'SRSYNrsp') {
    m.owned = m.available & ~initiatorTokens(m.available, m.resyncSettings, e.settings)
  } else if (e.request === undefined) m.owned |= e.tokens
  else m.owned &= ~e.tokens
}
/** Vact = true: an activity is in progress. */
export const a12: Action = (m) => {
  m.Vact = true
}
/** Vnextact: what a major point (true) or the end of an activity (false) makes of Vact once confirmed. */
export const a13: Action = (m, e) => {
  m.Vnextact = e.event === 'SSYNMreq' || e.event === 'MAP'
}
/** Vact = Vnextact. */
export const a14: Action = (m) => {
  m.Vact = m.Vnextact
}
/** Record the resynchronization in progress, and discard the flows it is about. */
export const a16: Action = (m, e) => {
  record(m, e)
}
/** Vcoll = true: two releases collided. */
export const a18: Action = (m) => {
  m.Vcoll = true
}
/**
 * V(M) becomes the received number, if that is higher. Deviation (Annex A [19]): with symmetric synchronize
 * in the flows that are abandoned only, as 7.24.3.2 and Table A.11 have it.
 */
export const a19: Action = (m, e) => {
  if (!isSymmetric(m)) m.VM = highest(m, m.VM, e.number)
  if (e.receivingType === 'a') m.VMr = highest(m, m.VMr, e.receivingNumber)
  if (e.sendingType === 'a') m.VMs = highest(m, m.VMs, e.sendingNumber)
}
/** A major point or the end of an activity is confirmed. */
export const a22: Action = (m) => {
  m.VR = m.VA = m.VM
}
/** A minor point is received. */
export const a23: Action = (m) => {
  if (!m.Vsc) m.VA = m.VM
  m.Vsc = true
  m.VM += 1
}
/** A point is sent. */
export const a24: Action = (m) => {
  if (m.Vsc) m.VA = m.VM
  m.Vsc = false
  m.VM += 1
}
/** Minor points are confirmed up to sn. */
export const a25: Action = (m, e) => {
  m.VA = e.number + 1
}
/** An activity starts. */
export const a26: Action = (m) => {
  m.VA = m.VM = m.VR = 1
}
/** An activity is resumed at sn. */
export const a27: Action = (m, e) => {
  m.VA = m.VM = e.number + 1
  m.VR = 1
}
/** Both flows are resynchronized. */
export const a28: Action = (m, e) => {
  m.VA = m.VM = e.number
  if (isFresh(m.Vrsp)) m.VR = 0
  m.Vrsp = 'no'
  m.VAdo = m.VAdi = NO_SERIAL
  m.discardSent = m.discardReceived = false
}
/** Our interrupt or discard is confirmed: every token is ours. */
export const a29: Action = (m) => {
  m.owned |= m.available
  leaveActivity(m)
}
/** We confirm an interrupt or discard: every token is the peer's. */
export const a30: Action = (m) => {
  m.owned &= ~m.available
  leaveActivity(m)
}
/** A major point or the end of an activity is received. */
export const a31: Action = (m) => {
  if (!m.Vsc) m.VA = m.VM
  m.VM += 1
}
/** Vdnr = true: the peer's DISCONNECT is here. */
export const a32: Action = (m) => {
  m.Vdnr = true
}
/** V(Ado) = V(M). */
export const a41: Action = (m) => {
  m.VAdo = m.VM
}
/** V(Ado) = V(Ms). */
export const a42: Action = (m) => {
  m.VAdo = m.VMs
}
/** No data separation point is outstanding. */
export const a43: Action = (m) => {
  m.VAdo = m.VAdi = NO_SERIAL
}
/** V(Adi) = V(M). */
export const a44: Action = (m) => {
  m.VAdi = m.VM
}
/** V(Adi) = V(Mr). */
export const a45: Action = (m) => {
  m.VAdi = m.VMr
}
/** Keep the connect user data for the S-CONNECT indication. */
export const a50: Action = (m, e) => {
  const { opening } = m
  if (opening === undefined || e.userData === undefined) return
  const end = opening.receivedOctets + e.userData.length
  opening.received = roomFor(end, opening.received, m.config.limits.connectOctets)
  opening.received.set(e.userData, opening.receivedOctets)
  opening.receivedOctets = end
}
/** While there is more connect user data, send CDO. */
export const a51: Action = (m) => {
  while (sendConnectData(m));
}
/** V(Mr) += 1. */
export const a62: Action = (m) => {
  m.VMr += 1
}
/** V(Ms) += 1. */
export const a63: Action = (m) => {
  m.VMs += 1
}
/** Everything up to here is confirmed, and out of reach of a restart, in both flows. */
export const a64: Action = (m) => {
  m.VRs = m.VAs = m.VMs
  m.VRr = m.VAr = m.VMr
}
/** Minor points of ours are confirmed up to sn. */
export const a65: Action = (m, e) => {
  m.VAs = e.number + 1
}
/** We confirm minor points up to sn. */
export const a66: Action = (m, e) => {
  m.VAr = e.number + 1
}
/** PREPARE: discard the flows it names; all, when it names none. */
export const a67: Action = (m, e) => {
  const all = e.sendingType === 'no' && e.receivingType === 'no'
  if (all || e.sendingType !== 'no') m.discardSent = true
  if (all || e.receivingType !== 'no') m.discardReceived = true
}
/**
 * The flows are resynchronized, each on its own. Deviation (Annex A [68]): so are V(Ado), which is about
 * points sent, and V(Adi), about points received.
 */
export const a68: Action = (m, e) => {
  if (e.sendingNumber !== NO_NUMBER) {
    m.VAs = m.VMs = e.sendingNumber
    m.VAdo = NO_SERIAL
  }
  if (isFresh(m.Vrsps)) m.VRs = 0
  if (e.receivingNumber !== NO_NUMBER) {
    m.VAr = m.VMr = e.receivingNumber
    m.VAdi = NO_SERIAL
  }
  if (isFresh(m.Vrspr)) m.VRr = 0
  m.Vrsps = m.Vrspr = 'no'
  m.discardSent = m.discardReceived = false
}
/** An activity is resumed, each flow at its sn. */
export const a69: Action = (m, e) => {
  m.VAs = m.VMs = e.sendingNumber + 1
  m.VAr = m.VMr = e.receivingNumber + 1
  m.VRs = m.VRr = 1
}
/** An activity starts, both flows. */
export const a70: Action = (m) => {
  m.VAs = m.VMs = m.VRs = 1
  m.VAr = m.VMr = m.VRr = 1
}
/**
 * Initial values with symmetric synchronize. Deviation (Annex A [71]): also does the part of [5] that the
 * printed [71] leaves out (FU, TEXP, Vact, Vdnr, Vrsp).
 */
export const a71: Action = (m, e) => {
  const agreement = agreed(e)
  begin(m, agreement)
  m.Vrsp = 'no'
  if (agreement.sendingSerialNumber !== undefined) m.VAs = m.VMs = agreement.sendingSerialNumber
  if (agreement.receivingSerialNumber !== undefined) m.VAr = m.VMr = agreement.receivingSerialNumber
  m.VRs = m.VRr = 0
  m.Vrsps = m.Vrspr = 'no'
}

/** Each flow takes the resynchronization that prevails in it. */
export const a72: Action = (m, e) => {
  recordPrevailing(m, e)
}

/** A buffer of at least `octets` with what is in this one. It doubles, so that many pieces cost little. */
function roomFor(octets: number, buffer: Uint8Array | undefined, most: number): Uint8Array {
  const room = buffer?.length ?? 0
  if (buffer !== undefined && octets <= room) return buffer
  const larger = new Uint8Array(Math.max(octets, Math.min(2 * room, most)))
  if (buffer !== undefined) larger.set(buffer)
  return larger
}

/**
 * What [5] and [71] have in common.
 * Deviation (Annex A [5]): the Discard flags, which p185 and p186 test, start false; [5] does not name them.
 */
function begin(m: Spm, agreement: Agreement): void {
  m.FU = agreement.units
  m.symmetric = isSymmetric(m)
  m.maxNumber = agreement.maxNumber
  m.available = tokensOf(agreement.units)
  m.version = agreement.version
  m.maxSend = agreement.maxSend
  m.maxReceive = agreement.maxReceive
  m.peerExtends = agreement.peerExtends
  m.opening = undefined
  m.Vcoll = false
  m.Vdnr = false
  m.VAdo = m.VAdi = NO_SERIAL
  m.discardSent = m.discardReceived = false
  if ((m.FU & unit.activityManagement) !== 0) m.Vact = false
}

function agreed(e: Incoming): Agreement {
  if (e.agreement === undefined) throw new Error('an ACCEPT reached the tables without an agreement')
  return e.agreement
}

/**
 * Deviation (Annex A [29], [30]): the Discard flags, Vrsps and Vrspr are cleared as well, which the printed
 * actions leave as they are.
 */
function leaveActivity(m: Spm): void {
  m.Vact = false
  m.Vrsp = m.Vrsps = m.Vrspr = 'no'
  m.discardSent = m.discardReceived = false
}

/**
 * After the last serial number V(M) is one that no SPDU can carry; what is abandoned goes on from the last.
 */
function highest(m: Spm, next: number, received: number): number {
  return Math.min(Math.max(next, received), m.maxNumber)
}

/** Abandon and set leave no point that a restart could reach. */
function isFresh(type: Resync): boolean {
  return type === 'a' || type === 's'
}

function isSymmetric(m: Spm): boolean {
  return (m.FU & unit.symmetricSynchronize) !== 0
}
