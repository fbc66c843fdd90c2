// What our user asks, made into an event for the tables. Everything that is wrong with a request whatever the
// state is found here, before anything has changed; what is wrong with its moment is the tables' matter.

import {
  connectDataOctets,
  functionalUnit as unit,
  maxSerialNumber,
  octets,
  refuseReason,
  tokenSetting,
  versionBit,
} from '../spdu/index.ts'
import { checkLength, checkNumber, checkUserData, wrong } from './checks.ts'
import type { IncomingEvent } from './events.ts'
import { accept as acceptance, proposedVersions, selectable, type Opening } from './negotiate.ts'
import type {
  AcceptResponse,
  ConnectionIdentifier,
  ConnectRequest,
  DataRequest,
  RefuseResponse,
  Request,
  TokenRequest,
} from './primitives.ts'
import { prepareRequest } from './requests-dialogue.ts'
import { Incoming, NO_NUMBER, type Spm } from './spm.ts'
import { STATE } from './state.ts'
import { allTokens, hasSetting, proposalFault, tokensOf } from './units.ts'

/**
 * The event of a request. Throws SessionUsageError and changes nothing
 * when the request itself is wrong.
 */
export function fromUser(m: Spm, request: Request): Incoming {
  const e = new Incoming(eventOf(m, request))
  e.request = request
  switch (request.name) {
    case 'SCONreq':
      checkConnect(m, request)
      if (m.state === STATE.STA01 || (m.state === STATE.STA01C && !m.Vtca)) open(m, newOpening(request))
      break
    case 'SCONrsp+':
      if (m.state === STATE.STA08) accept(m, e, request)
      break
    case 'SCONrsp-':
      checkRefusal(m, request)
      break
    case 'SDTreq':
    case 'STDreq':
    case 'SEXreq':
      checkData(m, request)
      break
    case 'SGTreq':
    case 'SPTreq':
      checkTokens(m, request)
      e.tokens = request.tokens
      break
    case 'SRELreq':
    case 'SRELrsp+':
    case 'SRELrsp-':
      checkUserData(m, request.name, request.userData, m.version, connectDataOctets.userData)
      break
    case 'SUABreq':
      checkUserData(m, request.name, request.userData, abortVersion(m), SHORT_ABORT)
      break
    default:
      prepareRequest(m, e, request)
  }
  return e
}

/** The name a request has in the tables. */
function eventOf(m: Spm, request: Request): IncomingEvent {
  if (request.name === 'SSYNmreq') return request.dataSeparation === true ? 'SSYNmdreq' : 'SSYNmreq'
  if (request.name !== 'SRSYNreq' || m.symmetric) return request.name
  const type = request.flow?.type
  if (type === 'restart') return 'SRSYNreq(r)'
  return type === 'abandon' ? 'SRSYNreq(a)' : 'SRSYNreq(s)'
}

/** Starts an opening and forgets what an earlier session connection on this transport connection left. */
export function open(m: Spm, opening: Opening): void {
  m.opening = opening
  m.version = undefined
  m.FU = m.available = m.owned = 0
  m.maxSend = m.maxReceive = 0
  m.peerExtends = false
  m.joiner = undefined
  m.queue = undefined
  m.symmetric = false
  m.Vact = m.Vnextact = false
  m.maxNumber = maxSerialNumber
  m.VA = m.VM = m.VAs = m.VMs = m.VAr = m.VMr = 0
  m.Vrspnb = m.Vrspnbs = m.Vrspnbr = 0
  m.resyncNumber = m.resyncNumbers = m.resyncNumberr = NO_NUMBER
  m.resyncSettings = 0
}

/** The user data of an ABORT that any version and the expedited flow can carry. */
export const SHORT_ABORT = 9

function newOpening(request: ConnectRequest): Opening {
  const overflow = (request.userData?.length ?? 0) > connectDataOctets.extendedUserData
  return { overflow, request, receivedOctets: 0 }
}

function checkConnect(m: Spm, request: ConnectRequest): void {
  const unknown = request.units & ~m.config.units
  if (unknown !== 0) {
    wrong(m, request.name, `functional units 0x${unknown.toString(16)} are not among those of this side`)
  }
  const fault = proposalFault(request.units)
  if (fault !== undefined) wrong(m, request.name, fault)
  if (proposedVersions(request, m.own) === 0) {
    wrong(m, request.name, 'more than 512 octets of user data need version 2')
  }
  const length = request.userData?.length ?? 0
  if (length > m.config.limits.connectOctets) {
    wrong(
      m,
      request.name,
      `${length} octets of user data are more than the limit of ${m.config.limits.connectOctets}`,
    )
  }
  checkLength(m, request.name, 'a session selector', request.callingSelector, 16)
  checkLength(m, request.name, 'a session selector', request.calledSelector, 16)
  checkIdentifier(m, request.name, request.identifier)
  checkSerialNumbers(m, request)
  const tokens = request.tokens ?? 0
  if (tokens < 0 || tokens > 0xff || hasSetting(tokens, tokensOf(request.units), RESERVED)) {
    wrong(m, request.name, `${tokens} is no token setting`)
  }
}

/** The reserved value of a pair in a Token Setting Item. */
const RESERVED = tokenSetting.responder + tokenSetting.choice

/** Six digits at most: this side proposes no other limit, and follows only lower ones. */
function checkSerialNumbers(m: Spm, request: ConnectRequest | AcceptResponse): void {
  for (const number of [request.serialNumber, request.secondSerialNumber]) {
    if (number !== undefined) checkNumber(m, request.name, number)
  }
}

function accept(m: Spm, e: Incoming, request: AcceptResponse): void {
  const opening = m.opening
  if (opening?.connect === undefined) throw new Error('STA08 without a CONNECT')
  checkLength(m, request.name, 'a session selector', request.respondingSelector, 16)
  checkIdentifier(m, request.name, request.identifier)
  checkSerialNumbers(m, request)
  const unknown = request.units & ~selectable(opening.connect, m.own)
  if (unknown !== 0) {
    wrong(m, request.name, `functional units 0x${unknown.toString(16)} were not proposed`)
  }
  const answer = acceptance(request, opening, m.own)
  if (typeof answer === 'string') wrong(m, request.name, answer)
  checkUserData(m, request.name, request.userData, answer.agreement.version, connectDataOctets.userData)
  e.accept = answer.accept
  e.agreement = answer.agreement
  // The tables choose between [5] and [71] by the units that are being selected.
  m.FU = answer.agreement.units
  m.symmetric = (m.FU & unit.symmetricSynchronize) !== 0
}

function checkRefusal(m: Spm, request: RefuseResponse): void {
  const { reason, userData } = request
  if (!refuseReasons.has(reason)) wrong(m, request.name, `${reason} is no reason of a REFUSE`)
  if (userData !== undefined && reason !== refuseReason.userData) {
    wrong(m, request.name, 'only reason 2 has user data')
  }
  checkIdentifier(m, request.name, request.identifier)
  checkUserData(m, request.name, userData, refusalVersion(m), connectDataOctets.userData)
}

/** The version a REFUSE is written in: the one that would have been selected. */
export function refusalVersion(m: Spm): 1 | 2 {
  const proposed = m.opening?.connect?.connectAcceptItem?.versionNumber ?? versionBit.version1
  return (proposed & m.config.versions & versionBit.version2) !== 0 ? 2 : 1
}

/** The version an ABORT is written in: before the ACCEPT, 2 only if nothing else was proposed. */
function abortVersion(m: Spm): 1 | 2 {
  if (m.version !== undefined) return m.version
  const proposed = m.opening?.connect?.connectAcceptItem?.versionNumber ?? versionBit.version1
  return proposed === versionBit.version2 ? 2 : 1
}

function checkData(m: Spm, request: DataRequest): void {
  const length = octets(request.data)
  if (length === 0) wrong(m, request.name, 'an SSDU has at least one octet')
  if (request.name === 'SEXreq' && length > 14) wrong(m, request.name, 'expedited data has at most 14 octets')
}

function checkTokens(m: Spm, request: Exclude<TokenRequest, { readonly name: 'SCGreq' }>): void {
  if (request.tokens === 0 || (request.tokens & ~allTokens) !== 0) {
    wrong(m, request.name, 'at least one token, and only tokens, must be named')
  }
  const most = request.name === 'SGTreq' ? 0 : connectDataOctets.userData
  checkUserData(m, request.name, request.userData, m.version, most)
}

function checkIdentifier(m: Spm, name: Request['name'], identifier: ConnectionIdentifier | undefined): void {
  checkLength(m, name, 'a reference', identifier?.reference, 64)
  checkLength(m, name, 'the common reference', identifier?.common, 64)
  checkLength(m, name, 'the additional reference information', identifier?.additional, 4)
}

const refuseReasons: ReadonlySet<number> = new Set(Object.values(refuseReason))
