// The specific actions of the state tables (Annex A), by their printed numbers. An
// action changes variables, the timer or the queue; it sends and indicates nothing, except
// [51], which the standard words so.

import { functionalUnit as unit } from '../spdu/index.ts'
import type { Agreement } from './negotiate.ts'
import { sendConnectData } from './outgoing.ts'
import { NO_SERIAL, type Incoming, type Spm } from './spm.ts'
import { tokensOf } from './units.ts'

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
  m.VA = m.VM = agreement.serialNumber ?? 0
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
/** Queue the event. */
export const a10: Action = (m, e) => {
  ;(m.queue ??= []).push(e)
}
/** Update the token positions: as the ACCEPT says, or given, or taken. */
export const a11: Action = (m, e) => {
  if (e.agreement !== undefined) m.owned = e.agreement.owned
  else if (e.request === undefined) m.owned |= e.tokens
  else m.owned &= ~e.tokens
}
/** Vcoll = true: two releases collided. */
export const a18: Action = (m) => {
  m.Vcoll = true
}
/** Vdnr = true: the peer's DISCONNECT is here. */
export const a32: Action = (m) => {
  m.Vdnr = true
}
/** Keep the connect user data for the S-CONNECT indication. */
export const a50: Action = (m, e) => {
  if (m.opening === undefined || e.userData === undefined) return
  m.opening.received.push(e.userData)
  m.opening.receivedOctets += e.userData.length
}
/** While there is more connect user data, send CDO. */
export const a51: Action = (m) => {
  while (sendConnectData(m));
}
/**
 * Initial values with symmetric synchronize. Deviation (Annex A [71]): also does the part of [5] that the
 * printed [71] leaves out (FU, TEXP, Vact, Vdnr, Vrsp).
 */
export const a71: Action = (m, e) => {
  const agreement = agreed(e)
  begin(m, agreement)
  m.Vrsp = 'no'
  m.VAs = m.VMs = agreement.sendingSerialNumber ?? 0
  m.VAr = m.VMr = agreement.receivingSerialNumber ?? 0
  m.VRs = m.VRr = 0
  m.Vrsps = m.Vrspr = 'no'
}

/**
 * What [5] and [71] have in common.
 * Deviation (Annex A [5]): the Discard flags, which p185 and p186 test, start false; [5] does not name them.
 */
function begin(m: Spm, agreement: Agreement): void {
  m.FU = agreement.units
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
