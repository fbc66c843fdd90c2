// What our user asks of synchronization points, resynchronize, activities, capability data, exceptions and
// control: checked, and given the serial numbers that the machine fills in. Changes the event only.

import { connectDataOctets, exceptionReason, functionalUnit as unit, tokenSetting } from '../spdu/index.ts'
import { unconfirmed } from './budget.ts'
import { checkLength, checkNumber, checkRoom, checkUserData, wrong } from './checks.ts'
import { SessionUsageError } from './errors.ts'
import type {
  ActivityResumeRequest,
  FlowResync,
  Request,
  Resync,
  ResynchronizeRequest,
  ResynchronizeResponse,
} from './primitives.ts'
import { NO_NUMBER, type Incoming, type Spm } from './spm.ts'
import { states } from './state.ts'
import { hasSetting, responderSettings, settledTokens } from './units.ts'

/** Fills in the event of a request, or throws SessionUsageError. */
export function prepareRequest(m: Spm, e: Incoming, request: Request): void {
  const shy = withoutDataInVersion1.has(request.name)
  const userData = 'userData' in request ? request.userData : undefined
  checkUserData(m, request.name, userData, m.version, shy ? 0 : connectDataOctets.userData)
  switch (request.name) {
    case 'SCGreq':
      e.tokens = m.available
      break
    case 'SSYNmreq':
      checkUnconfirmed(m, request.name)
      checkNumber(m, request.name, isSymmetric(m) ? m.VMs : m.VM)
      break
    case 'SSYNMreq':
    case 'SACTEreq':
      checkNumber(m, request.name, isSymmetric(m) ? m.VMs : m.VM)
      break
    case 'SSYNMrsp':
    case 'SACTErsp':
      if (isSymmetric(m)) checkNumber(m, request.name, m.VMs)
      break
    case 'SSYNmrsp':
      checkNumber(m, request.name, request.serialNumber)
      e.number = request.serialNumber
      break
    case 'SRSYNreq':
      resynchronize(m, e, request)
      break
    case 'SRSYNrsp':
      answerResynchronize(m, e, request)
      break
    case 'SACTSreq':
      checkActivity(m, request.name, request.activity)
      break
    case 'SACTRreq':
      resume(m, e, request)
      break
    case 'SACTIreq':
    case 'SACTDreq':
      if (request.reason !== undefined) checkReason(m, request.name, request.reason)
      e.type = request.name === 'SACTIreq' ? 'int' : 'dsc'
      break
    case 'SUERreq':
      checkReason(m, request.name, request.reason)
      break
    default:
  }
}

/** Clause 8: GTC, AI, AIA, AD and ADA have user data in version 2 only. */
const withoutDataInVersion1: ReadonlySet<Request['name']> = new Set<Request['name']>([
  'SCGreq',
  'SACTIreq',
  'SACTIrsp',
  'SACTDreq',
  'SACTDrsp',
])

function resynchronize(m: Spm, e: Incoming, request: ResynchronizeRequest): void {
  const { flow, sending, receiving } = request
  if (isSymmetric(m)) {
    if (flow !== undefined || (sending === undefined && receiving === undefined)) {
      wrong(m, request.name, 'with symmetric synchronize what is sent or what is received is named')
    }
    e.sendingType = letterOf(sending)
    e.sendingNumber = numberOf(m, request.name, sending, m.VMs)
    e.receivingType = letterOf(receiving)
    e.receivingNumber = numberOf(m, request.name, receiving, m.VMr)
  } else {
    if (flow === undefined || sending !== undefined || receiving !== undefined) {
      wrong(m, request.name, 'without symmetric synchronize both flows are named as one')
    }
    e.type = letterOf(flow)
    e.number = numberOf(m, request.name, flow, m.VM)
  }
  const settings = request.tokens ?? responderSettings(m.available & ~m.owned)
  checkSettings(m, request.name, settings)
  e.settings = settledTokens(m.available, settings, settings)
}

/** The numbers of an answer are settled but for set, where the answer may differ. */
function answerResynchronize(m: Spm, e: Incoming, request: ResynchronizeResponse): void {
  e.number = answeredNumber(m.Vrsp, m.Vrspnb, upTo(m, m.VM), request.serialNumber ?? m.resyncNumber)
  e.sendingType = m.Vrsps
  e.sendingNumber = answeredNumber(
    m.Vrsps,
    m.Vrspnbs,
    upTo(m, m.VMs),
    request.sendingSerialNumber ?? m.resyncNumbers,
  )
  e.receivingType = m.Vrspr
  e.receivingNumber = answeredNumber(
    m.Vrspr,
    m.Vrspnbr,
    upTo(m, m.VMr),
    request.receivingSerialNumber ?? m.resyncNumberr,
  )
  for (const number of [e.number, e.sendingNumber, e.receivingNumber]) {
    if (number !== NO_NUMBER) checkNumber(m, request.name, number)
  }
  const settings = request.tokens ?? responderSettings(m.available & m.owned)
  checkSettings(m, request.name, settings)
  if (hasSetting(settledTokens(m.available, m.resyncSettings, settings), m.available, tokenSetting.choice)) {
    wrong(m, request.name, 'the place of a token that is left to this side must be named')
  }
  e.settings = settledTokens(m.available, m.resyncSettings, settings)
}

function answeredNumber(type: Resync, restart: number, next: number, set: number): number {
  if (type === 'r') return restart
  if (type === 'a') return next
  return type === 's' ? set : NO_NUMBER
}

/** After the last serial number V(M) is one that no SPDU can carry. */
function upTo(m: Spm, next: number): number {
  return Math.min(next, m.maxNumber)
}

function resume(m: Spm, e: Incoming, request: ActivityResumeRequest): void {
  const { name } = request
  checkActivity(m, name, request.activity)
  checkActivity(m, name, request.oldActivity)
  checkLength(m, name, 'a reference', request.calledReference, 64)
  checkLength(m, name, 'a reference', request.callingReference, 64)
  checkLength(m, name, 'the common reference', request.common, 64)
  checkLength(m, name, 'the additional reference information', request.additional, 4)
  // All parameters stand in the first segment, and a code and a length with each reference.
  let length = m.version === 1 ? (request.userData?.length ?? 0) : 0
  for (const one of [request.calledReference, request.callingReference, request.common, request.additional]) {
    if (one !== undefined) length += 4 + one.length
  }
  checkRoom(m, name, length === 0 ? 0 : 8 + length)
  e.number = e.sendingNumber = request.serialNumber
  e.receivingNumber = request.secondSerialNumber ?? request.serialNumber
  checkNumber(m, name, e.sendingNumber)
  checkNumber(m, name, e.receivingNumber)
}

function checkUnconfirmed(m: Spm, name: Request['name']): void {
  const most = m.config.limits.unconfirmedMinors
  if (unconfirmed(m, true) < most) return
  const message = `${name}: ${most} minor points wait for a confirmation`
  throw new SessionUsageError('WRONG_STATE', name, states[m.state] ?? '', message)
}

function letterOf(flow: FlowResync | undefined): Resync {
  if (flow === undefined) return 'no'
  if (flow.type === 'restart') return 'r'
  return flow.type === 'abandon' ? 'a' : 's'
}

function numberOf(m: Spm, name: Request['name'], flow: FlowResync | undefined, next: number): number {
  if (flow === undefined) return NO_NUMBER
  if (flow.type === 'abandon') {
    if (flow.serialNumber !== undefined) wrong(m, name, 'abandon has no serial number of the user')
    return upTo(m, next)
  }
  if (flow.serialNumber === undefined) wrong(m, name, `${flow.type} needs a serial number`)
  checkNumber(m, name, flow.serialNumber)
  return flow.serialNumber
}

function checkSettings(m: Spm, name: Request['name'], settings: number): void {
  const reserved = tokenSetting.responder + tokenSetting.choice
  if (settings < 0 || settings > 0xff || hasSetting(settings, m.available, reserved)) {
    wrong(m, name, `${settings} is no token setting`)
  }
}

function checkActivity(m: Spm, name: Request['name'], activity: Uint8Array): void {
  checkLength(m, name, 'an activity identifier', activity, 6)
  if (activity.length === 0) wrong(m, name, 'an activity identifier has at least one octet')
}

function checkReason(m: Spm, name: Request['name'], reason: number): void {
  if (!reasons.has(reason)) wrong(m, name, `${reason} is no reason of ${name}`)
}

function isSymmetric(m: Spm): boolean {
  return (m.FU & unit.symmetricSynchronize) !== 0
}

const reasons: ReadonlySet<number> = new Set(Object.values(exceptionReason))
