// What each outgoing event of the state tables is: the SPDU that leaves, the indication our user
// gets, the transport request. Each puts outputs at the end of the machine's list and changes
// nothing else but the opening.

import {
  cutConnect,
  encodeData,
  enclosure,
  octets,
  prepareType,
  refuseReason,
  segmentSsdu,
  transportDisconnect,
  type Spdu,
} from '../spdu/index.ts'
import type { OutgoingEvent } from './events.ts'
import {
  connectSpdu,
  overflowAcceptSpdu,
  proposedTokens,
  selectable,
  settle,
  type Opening,
} from './negotiate.ts'
import type { ProviderAbortReason } from './indications.ts'
import type { ConnectionIdentifier } from './primitives.ts'
import { refusalVersion, SHORT_ABORT } from './requests.ts'
import { dialogueIndications, dialogueSpdus, firstAndSecond } from './outgoing-dialogue.ts'
import { p81 } from './predicates.ts'
import { indicate, kept, requestedUserData, send, sendExpedited, sendSegment, sendWith } from './sending.ts'
import type { Incoming, Spm } from './spm.ts'

/** One outgoing event. */
export type Outgoing = (m: Spm, e: Incoming) => void

/** Every outgoing event of the tables. */
export const outgoing: { readonly [event in OutgoingEvent]: Outgoing } = {
  SCONind: connectIndication,
  'SCONcnf+': connectConfirm,
  'SCONcnf-': refuseConfirm,
  SDTind: (m, e) => indicate(m, { name: 'SDTind', data: dataOf(e) }),
  STDind: (m, e) => indicate(m, { name: 'STDind', data: dataOf(e) }),
  SEXind: (m, e) => indicate(m, { name: 'SEXind', data: dataOf(e) }),
  SGTind: (m, e) => indicate(m, { name: 'SGTind', tokens: e.tokens, userData: e.userData }),
  SPTind: (m, e) => indicate(m, { name: 'SPTind', tokens: e.tokens, userData: e.userData }),
  ...dialogueIndications,
  SRELind: (m, e) => indicate(m, { name: 'SRELind', userData: e.userData }),
  'SRELcnf+': (m, e) => indicate(m, { name: 'SRELcnf+', userData: e.userData }),
  'SRELcnf-': (m, e) => indicate(m, { name: 'SRELcnf-', userData: e.userData }),
  SxABind: abortIndication,
  SPABind: (m, e) =>
    e.event === 'TIM'
      ? providerAbort(m, 'peer-unspecified', 'the peer announced an abort that did not come')
      : providerAbort(m, 'transport', 'the transport connection is lost'),

  CN: sendConnect,
  OA: (m) => sendOverflowAccept(m),
  CDO: (m) => sendConnectData(m),
  AC: sendAccept,
  'RF-nr': (m, e) => sendRefuse(m, e, undefined),
  'RF-r': (m, e) => sendRefuse(m, e, KEEP),
  DT: (m, e) => sendData(m, e, 'DT'),
  TD: (m, e) => sendData(m, e, 'TD'),
  EX: (m, e) => sendExpedited(m, { type: 'EX', userInformation: requestedData(e) }),
  GT: (m, e) => send(m, { type: 'GT', tokenItem: e.tokens, userData: requestedUserData(e) }),
  PT: (m, e) => send(m, { type: 'PT', tokenItem: e.tokens, userData: requestedUserData(e) }),
  ...dialogueSpdus,
  'FN-nr': (m, e) => send(m, { type: 'FN', userData: requestedUserData(e) }),
  'FN-r': (m, e) => send(m, { type: 'FN', transportDisconnect: KEEP, userData: requestedUserData(e) }),
  DN: (m, e) => send(m, { type: 'DN', userData: requestedUserData(e) }),
  NF: (m, e) => send(m, { type: 'NF', userData: requestedUserData(e) }),
  'AB-nr': (m, e) => sendUserAbort(m, e, transportDisconnect.release),
  'AB-r': (m, e) => sendUserAbort(m, e, KEEP),
  AA: (m) => send(m, { type: 'AA' }),
  'PR-MAA': (m) => sendPrepare(m, { type: 'PR', prepareType: prepareType.majorSyncAck }),
  'PR-RS': sendPrepareResynchronize,
  'PR-RA': (m) => sendPrepare(m, { type: 'PR', prepareType: prepareType.resynchronizeAck }),
  'PR-AB': sendPrepareAbort,

  TCONreq: (m) => m.outputs.push({ do: 'connect' }),
  TCONrsp: (m) => m.outputs.push({ do: 'accept' }),
  TDISreq: (m) => m.outputs.push({ do: 'disconnect' }),
}

/** Tells our user of an abort by the provider, this side's or the peer's. */
export function providerAbort(
  m: Spm,
  reason: ProviderAbortReason,
  message: string,
  reflected?: Uint8Array,
): void {
  indicate(m, { name: 'SPABind', reason, message, reflected })
}

/** The ABORT of the provider: protocol error with the octets at fault, restriction, or no reason (7.9). */
export function sendProviderAbort(m: Spm, reason: number, reflected: Uint8Array | undefined): void {
  const values = reason === transportDisconnect.protocolError ? reflected : undefined
  sendAbort(m, {
    type: 'AB',
    transportDisconnect: transportDisconnect.release | reason,
    reflectParameterValues: values?.length === 0 ? undefined : values,
  })
}

/** Sends the next CONNECT DATA OVERFLOW; true while there is more to send. */
export function sendConnectData(m: Spm): boolean {
  const opening = m.opening
  if (opening?.rest !== undefined) {
    // The OVERFLOW ACCEPT has settled the TSDU size, so only now can the rest be cut.
    const rest: Spdu<'CDO'> = { type: 'CDO', enclosureItem: enclosure.last, userData: opening.rest }
    opening.segments = [...segmentSsdu(rest, { version: 2, maxTsduOctets: m.maxSend })]
    opening.rest = undefined
  }
  const next = opening?.segments?.shift()
  if (next !== undefined) sendSegment(m, next, 2)
  return next !== undefined
}

/** Transport Disconnect that asks to keep the transport connection. */
const KEEP = 0

function connectIndication(m: Spm, e: Incoming): void {
  const opening = m.opening
  const connect = opening?.connect
  if (opening === undefined || connect === undefined) throw new Error('S-CONNECT without a CONNECT')
  const item = connect.connectAcceptItem
  const { version } = opening.settled ?? settle(connect, m.own)
  const identifier = connect.connectionIdentifier
  indicate(m, {
    name: 'SCONind',
    units: selectable(connect, m.own),
    version,
    callingSelector: kept(connect.callingSessionSelector),
    calledSelector: kept(connect.calledSessionSelector),
    identifier: identifier && identifierOf(identifier, identifier.callingSsUserReference),
    tokens: proposedTokens(connect),
    serialNumber: item?.initialSerialNumber,
    secondSerialNumber: item?.secondInitialSerialNumber,
    userData: connectData(opening, e.userData),
  })
  opening.received = undefined
}

function connectConfirm(m: Spm, e: Incoming): void {
  const accept = e.spdu
  if (accept?.type !== 'AC' || e.agreement === undefined)
    throw new Error('S-CONNECT confirm without an ACCEPT')
  const identifier = accept.connectionIdentifier
  const { version, units, serialNumber, sendingSerialNumber, receivingSerialNumber } = e.agreement
  indicate(m, {
    name: 'SCONcnf+',
    units,
    version,
    respondingSelector: kept(accept.respondingSessionSelector),
    identifier: identifier && identifierOf(identifier, identifier.calledSsUserReference),
    serialNumber: serialNumber ?? sendingSerialNumber,
    secondSerialNumber: receivingSerialNumber,
    userData: kept(e.userData),
  })
}

function refuseConfirm(m: Spm, e: Incoming): void {
  const refuse = e.spdu
  if (refuse?.type !== 'RF') throw new Error('S-CONNECT confirm without a REFUSE')
  const identifier = refuse.connectionIdentifier
  indicate(m, {
    name: 'SCONcnf-',
    reason: refuse.reasonCode ?? refuseReason.user,
    identifier: identifier && identifierOf(identifier, identifier.calledSsUserReference),
    userData: e.userData,
  })
  m.opening = undefined
}

function identifierOf(
  group: {
    readonly commonReference?: Uint8Array | undefined
    readonly additionalReferenceInformation?: Uint8Array | undefined
  },
  reference: Uint8Array | undefined,
): ConnectionIdentifier {
  return {
    reference: kept(reference),
    common: kept(group.commonReference),
    additional: kept(group.additionalReferenceInformation),
  }
}

/** (3): S-U-ABORT when bit 2 says so, else S-P-ABORT. */
function abortIndication(m: Spm, e: Incoming): void {
  const abort = e.spdu
  if (abort?.type !== 'AB') throw new Error('an abort indication without an ABORT')
  const bits = abort.transportDisconnect
  if ((bits & transportDisconnect.userAbort) !== 0) {
    indicate(m, { name: 'SUABind', userData: e.userData })
  } else if ((bits & transportDisconnect.protocolError) !== 0) {
    const message = 'the peer found a protocol error in what this side sent'
    providerAbort(m, 'peer-protocol', message, abort.reflectParameterValues)
  } else if ((bits & transportDisconnect.implementationRestriction) !== 0) {
    providerAbort(m, 'peer-restriction', 'the peer met a restriction of its implementation')
  } else {
    providerAbort(m, 'peer-unspecified', 'the peer gave no reason')
  }
}

function sendConnect(m: Spm): void {
  const opening = m.opening
  if (opening?.request === undefined) throw new Error('a CONNECT without a request')
  const { connect, rest } = cutConnect(connectSpdu(opening.request, m.own))
  opening.rest = rest
  opening.connect = { ...connect, userData: undefined, extendedUserData: undefined }
  send(m, connect)
}

function sendOverflowAccept(m: Spm): void {
  const settled = m.opening?.settled
  if (settled === undefined) throw new Error('an OVERFLOW ACCEPT before anything is settled')
  send(m, overflowAcceptSpdu(settled))
}

function sendAccept(m: Spm, e: Incoming): void {
  if (e.accept === undefined || e.agreement === undefined) throw new Error('an ACCEPT without an agreement')
  sendWith(m, e.accept, e.agreement.version, e.agreement.maxSend)
}

function sendRefuse(m: Spm, e: Incoming, disconnect: number | undefined): void {
  const request = e.request?.name === 'SCONrsp-' ? e.request : undefined
  const reason = request?.reason ?? e.refusal ?? refuseReason.spmUnspecified
  const connect = m.opening?.connect
  const identifier = request?.identifier
  sendWith(
    m,
    {
      type: 'RF',
      connectionIdentifier: identifier && {
        calledSsUserReference: identifier.reference,
        commonReference: identifier.common,
        additionalReferenceInformation: identifier.additional,
      },
      transportDisconnect: disconnect,
      sessionUserRequirements:
        reason === refuseReason.userData && connect !== undefined ? selectable(connect, m.own) : undefined,
      versionNumber: reason === refuseReason.versionsNotSupported ? m.config.versions : undefined,
      reasonCode: reason,
      userData: request?.userData,
    },
    refusalVersion(m),
    m.opening?.settled?.sizes.fromResponder ?? 0,
  )
  m.opening = undefined
}

function sendData(m: Spm, e: Incoming, type: 'DT' | 'TD'): void {
  const data = requestedData(e)
  if (type === 'DT' && m.maxSend === 0)
    m.outputs.push({ do: 'send', tsdu: encodeData(data), expedited: false })
  else send(m, { type, userInformation: data })
}

/** (4): PREPARE goes ahead only when the ABORT itself must take the normal flow. */
function sendPrepareAbort(m: Spm, e: Incoming): void {
  if (!m.TEXP || octets(requestedUserData(e) ?? NOTHING) <= SHORT_ABORT) return
  sendExpedited(m, { type: 'PR', prepareType: prepareType.abort })
}

function sendUserAbort(m: Spm, e: Incoming, disconnect: number): void {
  sendAbort(m, {
    type: 'AB',
    transportDisconnect: disconnect | transportDisconnect.userAbort,
    userData: requestedUserData(e),
  })
}

/** (1): no PREPARE without a transport expedited flow. */
function sendPrepare(m: Spm, prepare: Spdu<'PR'>): void {
  if (m.TEXP) sendExpedited(m, prepare)
}

/**
 * (5): ahead of RS none while a data separation point of ours is unconfirmed; where data separation would
 * leave the choice, it is sent. It says of each flow what RS says; ahead of AI and AD nothing.
 */
function sendPrepareResynchronize(m: Spm, e: Incoming): void {
  const ahead = e.request?.name !== 'SRSYNreq'
  if (!ahead && p81(m, e)) return
  const flows = ahead ? undefined : firstAndSecond(m, e)
  sendPrepare(m, {
    type: 'PR',
    prepareType: prepareType.resynchronize,
    resyncType: flows?.resyncType,
    secondResyncType: flows?.secondResyncType,
  })
}

/** An ABORT takes the expedited flow where there is one and its user data allows (7.9). */
function sendAbort(m: Spm, abort: Spdu<'AB'>): void {
  if (m.TEXP && octets(abort.userData ?? NOTHING) <= SHORT_ABORT) sendExpedited(m, abort)
  else send(m, abort)
}

function dataOf(e: Incoming): Uint8Array {
  return e.userData ?? NOTHING
}

function requestedData(e: Incoming): readonly Uint8Array[] {
  const request = e.request
  if (request?.name === 'SDTreq' || request?.name === 'STDreq' || request?.name === 'SEXreq')
    return request.data
  throw new Error(`${e.event} has no data to send`)
}

/** The connect user data of all its SPDUs, in memory of its own. */
function connectData(opening: Opening, last: Uint8Array | undefined): Uint8Array | undefined {
  const { received, receivedOctets } = opening
  if (received === undefined) return kept(last)
  const whole = new Uint8Array(receivedOctets + (last?.length ?? 0))
  whole.set(received.subarray(0, receivedOctets))
  if (last !== undefined) whole.set(last, receivedOctets)
  return whole
}

const NOTHING = new Uint8Array(0)
