// The predicates of the state tables (Annex A), by their printed numbers. A
// predicate looks and changes nothing.

import { functionalUnit as unit, tokenBit } from '../spdu/index.ts'
import { recordedPrevails } from './resync.ts'
import type { Incoming, Spm } from './spm.ts'

/** One predicate over the machine's variables and the event at hand. */
export type Predicate = (m: Spm, e: Incoming) => boolean

// Transport

/** We asked for the transport connection (`!Vtca`), so it is ours to send CONNECT and to reuse it. */
export const p01: Predicate = (m) => !m.Vtca
/**
 * Local choice: the transport connection may be kept for a further session
 * connection; never where it has an expedited flow.
 */
export const p02: Predicate = (m) => m.config.reuseTransport && !m.TEXP
/** No transport expedited flow. */
export const p16: Predicate = (m) => !m.TEXP
/** Local choice in SRELreq: offer to keep the transport connection; only its initiator may. */
export const p64: Predicate = (m) => m.config.reuseTransport && !m.Vtca && !m.TEXP
/** The transport connection will be reused after this release. */
export const p66: Predicate = (m) => m.Vtrr

// Connection establishment

/** The CONNECT is not acceptable to the SPM; the reason is in the event. */
export const p76: Predicate = (_m, e) => e.refusal !== undefined
/** That was the last of the connect user data. */
export const p202: Predicate = (_m, e) => e.endOfData
/** More than 10,240 octets of connect user data. */
export const p204: Predicate = (m) => m.opening !== undefined && m.opening.overflow

// Data

/** I(dk): the data token does not exist or is ours. */
export const p03: Predicate = (m) => (m.available & ~m.owned & tokenBit.data) === 0
/** Duplex, and no collision of releases. */
export const p04: Predicate = (m) => has(m, unit.duplex) && !m.Vcoll
/** A(dk): the data token does not exist or is the peer's. */
export const p05: Predicate = (m) => (m.available & m.owned & tokenBit.data) === 0
/** Typed data selected. */
export const p06: Predicate = (m) => has(m, unit.typedData)
/** Typed data selected, and no collision of releases. */
export const p07: Predicate = (m) => has(m, unit.typedData) && !m.Vcoll
/** Expedited data selected. */
export const p08: Predicate = (m) => has(m, unit.expedited)
/** Expedited data selected, and no collision of releases. */
export const p09: Predicate = (m) => has(m, unit.expedited) && !m.Vcoll
/** No collision of releases. */
export const p10: Predicate = (m) => !m.Vcoll
/** Duplex selected. */
export const p70: Predicate = (m) => has(m, unit.duplex)

// Tokens (RT: tokens asked for, GT: tokens given in the event)

/** ALL(AV,RT): every token asked for exists. */
export const p53: Predicate = (m, e) => (e.tokens & ~m.available) === 0
/** ALL(II,GT): every token given exists and is ours. */
export const p54: Predicate = (m, e) => (e.tokens & ~(m.available & m.owned)) === 0
/** p54, and the data token is not among them. */
export const p57: Predicate = (m, e) => p54(m, e) && (e.tokens & tokenBit.data) === 0
/** p54, and the data token is among them. */
export const p58: Predicate = (m, e) => p54(m, e) && (e.tokens & tokenBit.data) !== 0
/** ALL(AA,GT): every token given exists and is the peer's. */
export const p59: Predicate = (m, e) => (e.tokens & ~(m.available & ~m.owned)) === 0
/** p59, and the data token is not among them. */
export const p60: Predicate = (m, e) => p59(m, e) && (e.tokens & tokenBit.data) === 0
/** p59, and the data token is among them. */
export const p61: Predicate = (m, e) => p59(m, e) && (e.tokens & tokenBit.data) !== 0

// Release

/** ALL(I,tk-dom) and no activity in progress: we may ask for release. */
export const p63: Predicate = (m) =>
  (m.available & ~m.owned) === 0 && !(has(m, unit.activityManagement) && m.Vact)
/** ANY(AV,tk-dom): some token exists, so releases cannot collide. */
export const p65: Predicate = (m) => m.available !== 0
/** Negotiated release selected. */
export const p67: Predicate = (m) => has(m, unit.negotiatedRelease)
/** ALL(A,tk-dom) and no activity in progress: the peer may ask for release. */
export const p68: Predicate = (m) =>
  (m.available & m.owned) === 0 && !(has(m, unit.activityManagement) && m.Vact)
/** The two releases collided. */
export const p69: Predicate = (m) => m.Vcoll
/** No collision, or one in which the peer's DISCONNECT is here already. */
export const p75: Predicate = (m) => !m.Vcoll || m.Vdnr

// Synchronization points (sn: the serial number in the event)

/** We may end an activity or set a major point: both flows are ours to speak on, and so is the ma token. */
export const p13: Predicate = (m) => has(m, unit.majorSynchronize) && working(m) && speaks(m) && II(m, MA)
/** The same of the peer. */
export const p12: Predicate = (m) => has(m, unit.majorSynchronize) && working(m) && hears(m) && AA(m, MA)
/** The peer may set a minor point. */
export const p14: Predicate = (m, e) => working(m) && p05(m, e) && AA(m, MI)
/** We may set a minor point. */
export const p15: Predicate = (m, e) => working(m) && p03(m, e) && II(m, MI)
/** Minor points are counted, and those that may be confirmed to us are ours. */
export const p17: Predicate = (m) => minor(m) && (symmetric(m) || !m.Vsc)
/** Minor points are counted, and those that we may confirm are the peer's. */
export const p18: Predicate = (m) => minor(m) && (symmetric(m) || m.Vsc)
/** sn is the next number. */
export const p19: Predicate = (m, e) => !symmetric(m) && e.number === m.VM
/** sn is the last number. */
export const p20: Predicate = (m, e) => !symmetric(m) && e.number === m.VM - 1
/** sn waits for a confirmation. */
export const p21: Predicate = (m, e) => !symmetric(m) && m.VM > e.number && e.number >= m.VA
/** What waits for a confirmation is the end of an activity, not a major point. */
export const p23: Predicate = (m) => has(m, unit.activityManagement) && !m.Vnextact
/** No activity ends with what waits for a confirmation. */
export const p30: Predicate = (m) => !has(m, unit.activityManagement) || m.Vnextact
/**
 * The answer to our major point or end of activity is the one expected. It carries the number of the peer's
 * flow only, so that is what can be compared.
 */
export const p173: Predicate = (m, e) => symmetric(m) && e.number === m.VMr
/** sn is the last number of what we receive. */
export const p175: Predicate = (m, e) => symmetric(m) && e.number === m.VMr - 1
/** sn of what we send waits for a confirmation. */
export const p176: Predicate = (m, e) => symmetric(m) && m.VMs > e.number && e.number >= m.VAs
/** sn is the next number of what we receive. */
export const p177: Predicate = (m, e) => symmetric(m) && e.number === m.VMr
/** sn of what we receive waits for a confirmation. */
export const p179: Predicate = (m, e) => symmetric(m) && m.VMr > e.number && e.number >= m.VAr

// Resynchronize

/** The newcomer prevails over the resynchronization that is recorded (`!SPMwinner`). */
export const p24: Predicate = (m, e) => !recordedPrevails(m, e)
/** Resynchronize selected, and something that counts points. */
export const p25: Predicate = (m, e) =>
  has(m, unit.minorSynchronize | unit.symmetricSynchronize | unit.majorSynchronize) && p28(m, e)
/**
 * No resynchronization is in progress. Deviation (p27): with symmetric synchronize none of the two flows
 * either, which the printed predicate does not look at.
 */
export const p27: Predicate = (m) =>
  m.Vrsp === 'no' && (!symmetric(m) || (m.Vrsps === 'no' && m.Vrspr === 'no'))
/** Resynchronize selected. */
export const p28: Predicate = (m) => has(m, unit.resynchronize)
/** Resynchronize selected, and an activity in progress where there are activities. */
export const p29: Predicate = (m, e) => working(m) && p28(m, e)
/**
 * A restart names a point that can still be reached. Deviation (p32): our own request has the upper bound of
 * Table A.5 as well.
 */
export const p32: Predicate = (m, e) => {
  const own = e.request !== undefined
  if (!symmetric(m)) return e.type !== 'r' || reaches(e.number, m.VR, own ? m.VM : e.number)
  return (
    (e.receivingType !== 'r' || reaches(e.receivingNumber, m.VRr, own ? m.VMr : e.receivingNumber)) &&
    (e.sendingType !== 'r' || reaches(e.sendingNumber, m.VRs, own ? m.VMs : e.sendingNumber))
  )
}
/** Our restart names a point between V(R) and V(M). */
export const p33: Predicate = (m, e) => reaches(e.number, m.VR, m.VM)
/** RS may come without PREPARE ahead of it. */
export const p35: Predicate = (m, e) => p28(m, e) && (!m.TEXP || p82(m, e))
/** RA comes with PREPARE ahead of it. */
export const p36: Predicate = (m, e) => p28(m, e) && m.TEXP
/** The response to a resynchronize has the number it must have. */
export const p43: Predicate = (m, e) =>
  !symmetric(m) &&
  ((m.Vrsp === 'r' && e.number === m.Vrspnb) || (m.Vrsp === 'a' && e.number === m.VM) || m.Vrsp === 's')
/**
 * RA has the number it must have. Deviation (p49): not with symmetric synchronize, where p187 decides; and
 * the answer to abandon may have a number below V(M), since peers are known to send that.
 */
export const p49: Predicate = (m, e) =>
  !symmetric(m) && ((m.Vrsp === 'r' && e.number === m.Vrspnb) || m.Vrsp === 'a' || m.Vrsp === 's')
/** No restart. With symmetric synchronize: abandon or set, and that of both flows. */
export const p180: Predicate = (m, e) =>
  symmetric(m)
    ? (e.receivingType === 'a' || e.receivingType === 's') && (e.sendingType === 'a' || e.sendingType === 's')
    : e.type !== 'r'
/** Symmetric synchronize, and a restart is answered with the numbers it was asked for. */
export const p187: Predicate = (m, e) =>
  symmetric(m) &&
  (m.Vrspr !== 'r' || e.receivingNumber === m.Vrspnbr) &&
  (m.Vrsps !== 'r' || e.sendingNumber === m.Vrspnbs)

// Activities

/** II(ma): the major/activity token exists and is ours. */
export const p11: Predicate = (m) => II(m, MA)
/** No activities, or one in progress. */
export const p26: Predicate = (m) => working(m)
/** Activity management selected. */
export const p34: Predicate = (m) => has(m, unit.activityManagement)
/** Activity management selected, and a transport expedited flow. */
export const p37: Predicate = (m, e) => p34(m, e) && m.TEXP
/** Activity management selected, and no transport expedited flow. */
export const p38: Predicate = (m, e) => p34(m, e) && !m.TEXP
/** An activity in progress, and the major/activity token ours. */
export const p39: Predicate = (m) => m.Vact && II(m, MA)
/** AA(ma): the major/activity token exists and is the peer's. */
export const p40: Predicate = (m) => AA(m, MA)
/** The activity is being discarded. */
export const p41: Predicate = (m) => m.Vrsp === 'dsc'
/** The activity is being interrupted. */
export const p42: Predicate = (m) => m.Vrsp === 'int'
/** The peer may start an activity. */
export const p44: Predicate = (m) => idle(m) && hears(m) && A(m, MA)
/** We may start an activity. */
export const p45: Predicate = (m) => idle(m) && speaks(m) && I(m, MA)
/** The peer may send capability data. */
export const p46: Predicate = (m) =>
  has(m, unit.capabilityData) && idle(m) && hears(m) && (m.owned & MA) === 0
/** We may send capability data. */
export const p47: Predicate = (m) =>
  has(m, unit.capabilityData) && idle(m) && speaks(m) && (m.owned & MA) !== 0
/** We may give control: no activity, and every token that exists ours. */
export const p55: Predicate = (m) => idle(m) && (m.available & ~m.owned) === 0
/** The peer may give control. */
export const p62: Predicate = (m) => idle(m) && (m.available & m.owned) === 0
/** We may end the activity. */
export const p71: Predicate = (m, e) => p34(m, e) && m.Vact && speaks(m) && II(m, MA)
/** The peer may end the activity. */
export const p72: Predicate = (m, e) => p34(m, e) && m.Vact && hears(m) && AA(m, MA)

// Exceptions

/** Exceptions and half-duplex selected. */
export const p48: Predicate = (m) => has(m, unit.exceptions) && has(m, unit.halfDuplex)
/** Exceptions selected, and the data token the peer's. */
export const p50: Predicate = (m) => has(m, unit.exceptions) && working(m) && AA(m, tokenBit.data)
/** Exceptions selected, and the data token ours. */
export const p51: Predicate = (m) => has(m, unit.exceptions) && working(m) && II(m, tokenBit.data)
/** Exceptions selected, no activities, and the data token ours. */
export const p52: Predicate = (m, e) => has(m, unit.exceptions) && !p34(m, e) && II(m, tokenBit.data)

// Symmetric synchronize, data separation, and the flows being resynchronized

/** No data separation point of the peer's is unconfirmed. */
export const p80: Predicate = (m, e) => !p82(m, e) || m.VAdi < (symmetric(m) ? m.VAr : m.VA)
/** A data separation point of ours is unconfirmed: what we receive must not be discarded. */
export const p81: Predicate = (m) => m.VAdo >= (symmetric(m) ? m.VAs : m.VA)
/** Data separation selected. */
export const p82: Predicate = (m) => has(m, unit.dataSeparation)
/** Symmetric synchronize selected. */
export const p178: Predicate = (m) => symmetric(m)
/** Symmetric synchronize, and our sending flow is not being resynchronized. */
export const p184: Predicate = (m) => symmetric(m) && m.Vrsps === 'no'
/** Our receiving flow is being discarded, and no data separation protects it (`!p81`). */
export const p185: Predicate = (m, e) => m.discardReceived && !p81(m, e)
/** Our sending flow is being discarded. */
export const p186: Predicate = (m) => m.discardSent

const MA = tokenBit.majorActivity
const MI = tokenBit.synchronizeMinor

/** FU(x): the functional unit is selected. */
function has(m: Spm, some: number): boolean {
  return (m.FU & some) !== 0
}

function symmetric(m: Spm): boolean {
  return has(m, unit.symmetricSynchronize)
}

/** No activities, or one in progress. */
function working(m: Spm): boolean {
  return !has(m, unit.activityManagement) || m.Vact
}

/** Activities, and none in progress. */
function idle(m: Spm): boolean {
  return has(m, unit.activityManagement) && !m.Vact
}

function minor(m: Spm): boolean {
  return working(m) && has(m, unit.minorSynchronize | unit.symmetricSynchronize)
}

/** I(dk) and I(mi). */
function speaks(m: Spm): boolean {
  return I(m, tokenBit.data) && I(m, MI)
}

/** A(dk) and A(mi). */
function hears(m: Spm): boolean {
  return A(m, tokenBit.data) && A(m, MI)
}

/** The token does not exist or is ours. */
function I(m: Spm, token: number): boolean {
  return (m.available & ~m.owned & token) === 0
}

/** The token does not exist or is the peer's. */
function A(m: Spm, token: number): boolean {
  return (m.available & m.owned & token) === 0
}

/** The token exists and is ours. */
function II(m: Spm, token: number): boolean {
  return (m.available & m.owned & token) !== 0
}

/** The token exists and is the peer's. */
function AA(m: Spm, token: number): boolean {
  return (m.available & ~m.owned & token) !== 0
}

function reaches(number: number, lowest: number, highest: number): boolean {
  return number >= lowest && number <= highest
}
