// The predicates of the state tables (Annex A), by their printed numbers. A
// predicate looks and changes nothing.

import { functionalUnit as unit, tokenBit } from '../spdu/index.ts'
import { NO_SERIAL, type Incoming, type Spm } from './spm.ts'

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

// Symmetric synchronize and the flows being resynchronized

/** Symmetric synchronize selected. */
export const p178: Predicate = (m) => has(m, unit.symmetricSynchronize)
/** Symmetric synchronize, and our sending flow is not being resynchronized. */
export const p184: Predicate = (m) => has(m, unit.symmetricSynchronize) && m.Vrsps === 'no'
/** Our receiving flow is being discarded, and no data separation protects it (`!p81`). */
export const p185: Predicate = (m) => m.discardReceived && !p81(m)
/** Our sending flow is being discarded. */
export const p186: Predicate = (m) => m.discardSent

/**
 * p81, which the present tables name only inside p185: a data separation point of ours is still unconfirmed.
 */
function p81(m: Spm): boolean {
  return m.VAdo !== NO_SERIAL && m.VAdo >= (has(m, unit.symmetricSynchronize) ? m.VAs : m.VA)
}

/** FU(x): the functional unit is selected. */
function has(m: Spm, some: number): boolean {
  return (m.FU & some) !== 0
}
