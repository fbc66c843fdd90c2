// The outgoing events that structure a dialogue: synchronization points, resynchronize, activities,
// capability data, exceptions and control. Like outgoing.ts they put outputs on the list and change nothing.

import {
  functionalUnit as unit,
  resyncType,
  syncType,
  type ReceivedSpdu,
  type SpduType,
} from '../spdu/index.ts'
import type { OutgoingEvent } from './events.ts'
import type { ActivityLink, FlowResync, Request, Resync, ResynchronizeType } from './primitives.ts'
import { prevailing } from './resync.ts'
import { indicate, kept, requestedUserData as userData, send } from './sending.ts'
import { NO_NUMBER, type Incoming, type Spm } from './spm.ts'
import { settledTokens } from './units.ts'

type Outgoing = (m: Spm, e: Incoming) => void
type Named<N> = { readonly name: N }

type DialogueService =
  | 'CG'
  | 'CD'
  | 'SYNm'
  | 'SYNM'
  | 'RSYN'
  | 'UER'
  | 'PER'
  | 'ACTS'
  | 'ACTR'
  | 'ACTI'
  | 'ACTD'
  | 'ACTE'

/** The indications and confirms of a dialogue. */
export type DialogueIndication = Extract<OutgoingEvent, `S${DialogueService}${'ind' | 'cnf'}`>

/** The SPDUs of a dialogue on the normal flow. */
export type DialogueSpdu = Extract<
  OutgoingEvent,
  | (
      | 'GTC'
      | 'GTA'
      | 'MIP'
      | 'MIA'
      | 'MAP'
      | 'MAA'
      | 'RS'
      | 'RS-a'
      | 'RS-r'
      | 'RS-s'
      | 'RA'
      | 'CD'
      | 'CDA'
      | 'ED'
    )
  | ('AS' | 'AR' | 'AI' | 'AIA' | 'AD' | 'ADA' | 'AE' | 'AEA')
>

/** Indications and confirms. */
export const dialogueIndications: { readonly [event in DialogueIndication]: Outgoing } = {
  SCGind: (m, e) => indicate(m, { name: 'SCGind', userData: e.userData }),
  SCDind: (m, e) => indicate(m, { name: 'SCDind', userData: e.userData }),
  SCDcnf: (m, e) => indicate(m, { name: 'SCDcnf', userData: e.userData }),
  SSYNmind: minorIndication,
  SSYNmcnf: (m, e) => indicate(m, { name: 'SSYNmcnf', serialNumber: e.number, userData: e.userData }),
  SSYNMind: (m, e) => indicate(m, { name: 'SSYNMind', serialNumber: e.number, userData: e.userData }),
  SSYNMcnf: (m, e) => indicate(m, { name: 'SSYNMcnf', serialNumber: lastSent(m), userData: e.userData }),
  SRSYNind: resynchronizeIndication,
  SRSYNcnf: resynchronizeConfirm,
  SUERind: (m, e) => {
    const { reasonCode: reason } = received(e, 'ED')
    indicate(m, { name: 'SUERind', reason, userData: e.userData })
  },
  SPERind: (m, e) => {
    indicate(m, { name: 'SPERind', reflected: received(e, 'ER').reflectParameterValues.slice() })
  },
  SACTSind: (m, e) => {
    const activity = received(e, 'AS').activityIdentifier.slice()
    indicate(m, { name: 'SACTSind', activity, userData: e.userData })
  },
  SACTRind: resumeIndication,
  SACTIind: (m, e) => {
    const { reasonCode: reason } = received(e, 'AI')
    indicate(m, { name: 'SACTIind', reason, userData: e.userData })
  },
  SACTIcnf: (m, e) => indicate(m, { name: 'SACTIcnf', userData: e.userData }),
  SACTDind: (m, e) => {
    const { reasonCode: reason } = received(e, 'AD')
    indicate(m, { name: 'SACTDind', reason, userData: e.userData })
  },
  SACTDcnf: (m, e) => indicate(m, { name: 'SACTDcnf', userData: e.userData }),
  SACTEind: (m, e) => indicate(m, { name: 'SACTEind', serialNumber: e.number, userData: e.userData }),
  SACTEcnf: (m, e) => indicate(m, { name: 'SACTEcnf', serialNumber: lastSent(m), userData: e.userData }),
}

/** SPDUs of the normal flow. */
export const dialogueSpdus: { readonly [event in DialogueSpdu]: Outgoing } = {
  GTC: (m, e) => send(m, { type: 'GTC', userData: userData(e) }),
  GTA: (m) => send(m, { type: 'GTA' }),
  MIP: sendMinor,
  MIA: (m, e) => send(m, { type: 'MIA', serialNumber: e.number, userData: userData(e) }),
  MAP: (m, e) => {
    const syncTypeItem = syncType.noConfirmation
    send(m, { type: 'MAP', syncTypeItem, serialNumber: next(m), userData: userData(e) })
  },
  MAA: (m, e) => send(m, { type: 'MAA', ...acknowledged(m), userData: userData(e) }),
  RS: sendResynchronize,
  'RS-a': sendResynchronize,
  'RS-r': sendResynchronize,
  'RS-s': sendResynchronize,
  RA: sendResynchronizeAck,
  CD: (m, e) => send(m, { type: 'CD', userData: userData(e) }),
  CDA: (m, e) => send(m, { type: 'CDA', userData: userData(e) }),
  ED: (m, e) => {
    send(m, { type: 'ED', reasonCode: requested(e, 'SUERreq').reason, userData: userData(e) })
  },
  AS: (m, e) => {
    const { activity } = requested(e, 'SACTSreq')
    send(m, { type: 'AS', activityIdentifier: activity, userData: userData(e) })
  },
  AR: sendResume,
  AI: (m, e) => send(m, { type: 'AI', reasonCode: reasonOf(e), userData: userData(e) }),
  AIA: (m, e) => send(m, { type: 'AIA', userData: userData(e) }),
  AD: (m, e) => send(m, { type: 'AD', reasonCode: reasonOf(e), userData: userData(e) }),
  ADA: (m, e) => send(m, { type: 'ADA', userData: userData(e) }),
  AE: (m, e) => send(m, { type: 'AE', serialNumber: next(m), userData: userData(e) }),
  AEA: (m, e) => send(m, { type: 'AEA', ...acknowledged(m), userData: userData(e) }),
}

/** First and Second of our RS, and so of the PREPARE ahead of it: what we send, what we receive. */
export function firstAndSecond(
  m: Spm,
  e: Incoming,
): {
  readonly resyncType: number | undefined
  readonly serialNumber: number | undefined
  readonly secondResyncType: number | undefined
  readonly secondSerialNumber: number | undefined
} {
  if (!isSymmetric(m)) {
    const serialNumber = numberOrNothing(e.number)
    return {
      resyncType: codeOf(e.type),
      serialNumber,
      secondResyncType: undefined,
      secondSerialNumber: undefined,
    }
  }
  // 7.24.3.3: where ours met the peer's and each prevails in one flow, ours says what prevails.
  const { sending, receiving } = prevailing(m, e)
  return {
    resyncType: codeOf(sending.type),
    serialNumber: numberOrNothing(sending.type === 'a' ? Math.min(m.VMs, m.maxNumber) : sending.number),
    secondResyncType: codeOf(receiving.type),
    secondSerialNumber: numberOrNothing(
      receiving.type === 'a' ? Math.min(m.VMr, m.maxNumber) : receiving.number,
    ),
  }
}

function minorIndication(m: Spm, e: Incoming): void {
  const bits = received(e, 'MIP').syncTypeItem ?? 0
  indicate(m, {
    name: 'SSYNmind',
    serialNumber: e.number,
    confirm: (bits & syncType.noConfirmation) === 0,
    dataSeparation: (bits & syncType.dataSeparation) !== 0,
    userData: e.userData,
  })
}

/** (2): of an abandon our user is told V(M), which [19] has raised to the peer's. */
function resynchronizeIndication(m: Spm, e: Incoming): void {
  const flows = isSymmetric(m) ? prevailing(m, e) : undefined
  indicate(m, {
    name: 'SRSYNind',
    flow: flows === undefined ? flowOf(e.type, e.number, m.VM) : undefined,
    sending: flows && flowOf(flows.sending.type, flows.sending.number, m.VMs),
    receiving: flows && flowOf(flows.receiving.type, flows.receiving.number, m.VMr),
    tokens: e.settings,
    userData: e.userData,
  })
}

function resynchronizeConfirm(m: Spm, e: Incoming): void {
  indicate(m, {
    name: 'SRSYNcnf',
    flow: isSymmetric(m) ? undefined : flowOf(m.Vrsp, e.number, e.number),
    sending: isSymmetric(m) ? flowOf(m.Vrsps, e.sendingNumber, e.sendingNumber) : undefined,
    receiving: isSymmetric(m) ? flowOf(m.Vrspr, e.receivingNumber, e.receivingNumber) : undefined,
    tokens: settledTokens(m.available, e.settings, e.settings),
    userData: e.userData,
  })
}

function resumeIndication(m: Spm, e: Incoming): void {
  const resume = received(e, 'AR')
  const link = resume.linkingInformation
  const linked: ActivityLink = {
    oldActivity: link.oldActivityIdentifier.slice(),
    serialNumber: link.serialNumber,
    secondSerialNumber: link.secondSerialNumber,
    calledReference: kept(link.calledSsUserReference),
    callingReference: kept(link.callingSsUserReference),
    common: kept(link.commonReference),
    additional: kept(link.additionalReferenceInformation),
  }
  const activity = resume.newActivityIdentifier.slice()
  indicate(m, { name: 'SACTRind', activity, ...linked, userData: e.userData })
}

/** The Sync Type Item is left out where it conveys nothing (clause 8). */
function sendMinor(m: Spm, e: Incoming): void {
  const request = requested(e, 'SSYNmreq')
  const bits =
    (request.confirm === false ? syncType.noConfirmation : 0) |
    (request.dataSeparation === true ? syncType.dataSeparation : 0)
  send(m, { type: 'MIP', syncTypeItem: bits || undefined, serialNumber: next(m), userData: userData(e) })
}

function sendResynchronize(m: Spm, e: Incoming): void {
  const tokenSettingItem = m.available === 0 ? undefined : e.settings
  send(m, { type: 'RS', tokenSettingItem, ...firstAndSecond(m, e), userData: userData(e) })
}

/** First is what the side that asked sends, so what we receive (7.25.3.2, action [68]). */
function sendResynchronizeAck(m: Spm, e: Incoming): void {
  const symmetric = isSymmetric(m)
  send(m, {
    type: 'RA',
    tokenSettingItem: m.available === 0 ? undefined : e.settings,
    resyncType: symmetric ? codeOf(m.Vrspr) : undefined,
    serialNumber: numberOrNothing(symmetric ? e.receivingNumber : e.number),
    secondResyncType: symmetric ? codeOf(m.Vrsps) : undefined,
    secondSerialNumber: symmetric ? numberOrNothing(e.sendingNumber) : undefined,
    userData: userData(e),
  })
}

function sendResume(m: Spm, e: Incoming): void {
  const request = requested(e, 'SACTRreq')
  send(m, {
    type: 'AR',
    linkingInformation: {
      calledSsUserReference: request.calledReference,
      callingSsUserReference: request.callingReference,
      commonReference: request.common,
      additionalReferenceInformation: request.additional,
      oldActivityIdentifier: request.oldActivity,
      serialNumber: request.serialNumber,
      secondSerialNumber: isSymmetric(m) ? e.receivingNumber : undefined,
    },
    newActivityIdentifier: request.activity,
    userData: userData(e),
  })
}

/** The number of the next point we send. */
function next(m: Spm): number {
  return isSymmetric(m) ? m.VMs : m.VM
}

/** The number of the major point or end of activity of ours that was answered. */
function lastSent(m: Spm): number {
  return next(m) - 1
}

/** The one serial number of MAA and AEA: that of the point, with symmetric synchronize our own next. */
function acknowledged(m: Spm): {
  readonly serialNumber: number | undefined
  readonly secondSerialNumber: number | undefined
} {
  return isSymmetric(m)
    ? { serialNumber: undefined, secondSerialNumber: m.VMs }
    : { serialNumber: m.VM - 1, secondSerialNumber: undefined }
}

/** Reason 0 conveys nothing, so it is left out. */
function reasonOf(e: Incoming): number | undefined {
  const request = e.request
  const reason = request !== undefined && 'reason' in request ? request.reason : undefined
  return reason === 0 ? undefined : reason
}

function flowOf(type: Resync, number: number, abandoned: number): FlowResync | undefined {
  const word = words[type]
  if (word === undefined) return undefined
  const serialNumber = type === 'a' ? abandoned : number
  return { type: word, serialNumber: numberOrNothing(serialNumber) }
}

const words: { readonly [type in Resync]: ResynchronizeType | undefined } = {
  no: undefined,
  r: 'restart',
  a: 'abandon',
  s: 'set',
  int: undefined,
  dsc: undefined,
}

function codeOf(type: Resync): number | undefined {
  const word = words[type]
  return word === undefined ? undefined : resyncType[word]
}

function numberOrNothing(number: number): number | undefined {
  return number === NO_NUMBER ? undefined : number
}

function received<T extends SpduType>(e: Incoming, type: T): ReceivedSpdu<T> {
  if (e.spdu?.type !== type) throw new Error(`${e.event} is not ${type}`)
  return e.spdu as ReceivedSpdu<T>
}

function requested<N extends Request['name']>(e: Incoming, name: N): Request & Named<N> {
  if (e.request?.name !== name) throw new Error(`${e.event} is not ${name}`)
  return e.request as Request & Named<N>
}

function isSymmetric(m: Spm): boolean {
  return (m.FU & unit.symmetricSynchronize) !== 0
}
