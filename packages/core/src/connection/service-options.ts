// What the services of an open session connection are told, in English, and how that becomes the machine's
// words: serial numbers of flows, places of tokens, references of activities. Types and pure functions.

import {
  functionalUnit,
  tokenSetting,
  type ActivityLink,
  type ActivityResumeIndication,
  type FlowResync,
  type ResynchronizeIndication,
  type ResynchronizeResponse,
  type SessionVariables,
} from '../machine/index.ts'
import { tokenBits } from './glossary.ts'
import { ownOptions, type TokenPlaces } from './options.ts'
import type { ActivityLinking, FlowPoint } from './places.ts'
import type { Resync, ResyncAgreement, ResumedActivity } from './session-listener.ts'

/** How a minor sync point is set. */
export interface MinorOptions {
  /** Asks the peer's user to confirm it. Default true; nothing enforces it. */
  readonly explicit?: boolean | undefined
  /** What the peer sends before it confirms is safe from a resynchronize. Needs `data-separation`. */
  readonly dataSeparation?: boolean | undefined
  readonly userData?: Uint8Array | undefined
}

/** How to resynchronize: both flows, or with `symmetric-sync` also one of them, or each in its own way. */
export type ResyncOptions = (
  | (FlowPoint & { readonly sending?: undefined; readonly receiving?: undefined })
  | {
      readonly type?: undefined
      readonly serial?: undefined
      readonly sending?: FlowPoint | undefined
      readonly receiving?: FlowPoint | undefined
    }
) & {
  /** Where the tokens shall be afterwards. Default: where they are. */
  readonly turns?: TokenPlaces | undefined
  readonly userData?: Uint8Array | undefined
}

/** The flows of a resynchronize request. */
export function flowsOf(
  options: ResyncOptions,
  variables: SessionVariables,
): {
  readonly flow?: FlowResync | undefined
  readonly sending?: FlowResync | undefined
  readonly receiving?: FlowResync | undefined
} {
  if (options.type === undefined) {
    return { sending: flowResync(options.sending), receiving: flowResync(options.receiving) }
  }
  const flow = flowResync(options)
  return isSymmetric(variables) ? { sending: flow, receiving: flow } : { flow }
}

/** The Token Setting Item by which each token named goes there, and every other one stays. */
export function placed(
  places: TokenPlaces | undefined,
  variables: SessionVariables,
  requestor: boolean,
): number | undefined {
  if (places === undefined) return undefined
  const own = ownOptions(places)
  const ours = requestor ? tokenSetting.initiator : tokenSetting.responder
  const theirs = requestor ? tokenSetting.responder : tokenSetting.initiator
  let settings = 0
  for (const [token, bit] of tokenBits) {
    const place = own[token] ?? ((variables.owned & bit) !== 0 ? 'ours' : 'theirs')
    if (place === 'choice') settings |= tokenSetting.choice * bit
    else settings |= (place === 'ours' ? ours : theirs) * bit
  }
  return settings
}

/** The peer's resynchronize in English. */
export function resyncOf(primitive: ResynchronizeIndication, variables: SessionVariables): Resync {
  const turns: Record<string, 'ours' | 'theirs' | 'choice'> = {}
  for (const [token, bit] of tokenBits) {
    if ((variables.available & bit) === 0) continue
    const setting = Math.floor(primitive.tokens / bit) & 3
    if (setting === tokenSetting.choice) turns[token] = 'choice'
    else turns[token] = setting === tokenSetting.responder ? 'ours' : 'theirs'
  }
  return {
    flow: flowPoint(primitive.flow),
    sending: flowPoint(primitive.sending),
    receiving: flowPoint(primitive.receiving),
    turns,
    userData: primitive.userData,
  }
}

/** The response to the peer's resynchronize. */
export function resyncResponse(answer: ResyncAgreement, variables: SessionVariables): ResynchronizeResponse {
  const { serial, serialReceived, turns, userData } = answer
  const numbers = isSymmetric(variables)
    ? { sendingSerialNumber: serial, receivingSerialNumber: serialReceived }
    : { serialNumber: serial }
  return { name: 'SRSYNrsp', ...numbers, tokens: placed(turns, variables, false), userData }
}

/** The Linking Information of a request. */
export function linkOf(linking: ActivityLinking): ActivityLink {
  return {
    oldActivity: linking.oldIdentifier,
    serialNumber: linking.serial,
    secondSerialNumber: linking.serialReceived,
    callingReference: linking.session?.calling,
    calledReference: linking.session?.called,
    common: linking.session?.common,
    additional: linking.session?.additional,
  }
}

/** The peer's resume in English. Its second serial number is of what this side sends. */
export function resumedOf(primitive: ActivityResumeIndication): ResumedActivity {
  const { secondSerialNumber: second, serialNumber: first } = primitive
  const { callingReference: calling, calledReference: called, common, additional } = primitive
  const named = calling ?? called ?? common ?? additional
  return {
    identifier: primitive.activity,
    oldIdentifier: primitive.oldActivity,
    serial: second ?? first,
    serialReceived: second === undefined ? undefined : first,
    session: named === undefined ? undefined : { calling, called, common, additional },
    userData: primitive.userData,
  }
}

function flowResync(point: FlowPoint | undefined): FlowResync | undefined {
  return point === undefined ? undefined : { type: point.type, serialNumber: point.serial }
}

function flowPoint(flow: FlowResync | undefined): FlowPoint | undefined {
  return flow === undefined ? undefined : { type: flow.type, serial: flow.serialNumber }
}

function isSymmetric(variables: SessionVariables): boolean {
  return (variables.FU & functionalUnit.symmetricSynchronize) !== 0
}
