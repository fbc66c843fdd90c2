// The bridge between the two vocabularies: what is English above this line of the stack, and what it is
// called in the standard below it. It is the glossary of the docs too. Names and numbers only, no behaviour.

import {
  exceptionReason,
  functionalUnit,
  refuseReason,
  tokenBit,
  type Request,
  type StateName,
} from '../machine/index.ts'

/**
 * One service: the method that asks for it, the callback that tells of it, and
 * their names in X.215 and X.225.
 */
export interface Service {
  readonly service: string
  /** The method of ours, and its events in the tables. */
  readonly method: string
  readonly requests: readonly Request['name'][]
  /** What the peer's user sees, and its events in the tables. */
  readonly callback: string
  readonly indications: readonly string[]
  readonly spdus: readonly string[]
  /** One of these functional units must be selected; none for what is always there. */
  readonly units: readonly Unit[]
}

/** Every service there is. */
// oxfmt-ignore
export const services: readonly Service[] = [
  { service: 'S-CONNECT',            method: 'openSession',       requests: ['SCONreq'],  callback: 'onRequest',           indications: ['SCONind'],  spdus: ['CN', 'OA', 'CDO'], units: [] },
  { service: 'S-CONNECT',            method: 'accept',            requests: ['SCONrsp+'], callback: 'openSession',         indications: ['SCONcnf+'], spdus: ['AC'],              units: [] },
  { service: 'S-CONNECT',            method: 'refuse',            requests: ['SCONrsp-'], callback: 'SessionRefusedError', indications: ['SCONcnf-'], spdus: ['RF'],              units: [] },
  { service: 'S-DATA',               method: 'send',              requests: ['SDTreq'],   callback: 'data',                indications: ['SDTind'],   spdus: ['DT'],              units: [] },
  { service: 'S-TYPED-DATA',         method: 'sendTyped',         requests: ['STDreq'],   callback: 'typedData',           indications: ['STDind'],   spdus: ['TD'],              units: ['typed-data'] },
  { service: 'S-EXPEDITED-DATA',     method: 'sendExpedited',     requests: ['SEXreq'],   callback: 'expeditedData',       indications: ['SEXind'],   spdus: ['EX'],              units: ['expedited-data'] },
  { service: 'S-CAPABILITY-DATA',    method: 'sendCapability',    requests: ['SCDreq'],   callback: 'capabilityData',      indications: ['SCDind'],   spdus: ['CD'],              units: ['capability-data'] },
  { service: 'S-CAPABILITY-DATA',    method: 'question.accept',   requests: ['SCDrsp'],   callback: 'sendCapability',      indications: ['SCDcnf'],   spdus: ['CDA'],             units: ['capability-data'] },
  { service: 'S-TOKEN-GIVE',         method: 'giveTokens',        requests: ['SGTreq'],   callback: 'tokensGiven',         indications: ['SGTind'],   spdus: ['GT'],              units: [] },
  { service: 'S-TOKEN-PLEASE',       method: 'pleaseTokens',      requests: ['SPTreq'],   callback: 'tokensAsked',         indications: ['SPTind'],   spdus: ['PT'],              units: [] },
  { service: 'S-CONTROL-GIVE',       method: 'giveControl',       requests: ['SCGreq'],   callback: 'controlGiven',        indications: ['SCGind'],   spdus: ['GTC', 'GTA'],      units: ['activities'] },
  { service: 'S-SYNC-MINOR',         method: 'syncMinor',         requests: ['SSYNmreq'], callback: 'minorSync',           indications: ['SSYNmind'], spdus: ['MIP'],             units: ['minor-sync', 'symmetric-sync'] },
  { service: 'S-SYNC-MINOR',         method: 'confirmMinor',      requests: ['SSYNmrsp'], callback: 'minorConfirmed',      indications: ['SSYNmcnf'], spdus: ['MIA'],             units: ['minor-sync', 'symmetric-sync'] },
  { service: 'S-SYNC-MAJOR',         method: 'syncMajor',         requests: ['SSYNMreq'], callback: 'majorSync',           indications: ['SSYNMind'], spdus: ['MAP'],             units: ['major-sync'] },
  { service: 'S-SYNC-MAJOR',         method: 'question.accept',   requests: ['SSYNMrsp'], callback: 'syncMajor',           indications: ['SSYNMcnf'], spdus: ['MAA'],             units: ['major-sync'] },
  { service: 'S-RESYNCHRONIZE',      method: 'resynchronize',     requests: ['SRSYNreq'], callback: 'resynchronize',       indications: ['SRSYNind'], spdus: ['RS'],              units: ['resynchronize'] },
  { service: 'S-RESYNCHRONIZE',      method: 'question.accept',   requests: ['SRSYNrsp'], callback: 'resynchronize',       indications: ['SRSYNcnf'], spdus: ['RA'],              units: ['resynchronize'] },
  { service: 'S-U-EXCEPTION-REPORT', method: 'reportProblem',     requests: ['SUERreq'],  callback: 'problem',             indications: ['SUERind'],  spdus: ['ED'],              units: ['exceptions'] },
  { service: 'S-P-EXCEPTION-REPORT', method: '',                  requests: [],           callback: 'problem',             indications: ['SPERind'],  spdus: ['ER'],              units: ['exceptions'] },
  { service: 'S-ACTIVITY-START',     method: 'startActivity',     requests: ['SACTSreq'], callback: 'activityStarted',     indications: ['SACTSind'], spdus: ['AS'],              units: ['activities'] },
  { service: 'S-ACTIVITY-RESUME',    method: 'resumeActivity',    requests: ['SACTRreq'], callback: 'activityResumed',     indications: ['SACTRind'], spdus: ['AR'],              units: ['activities'] },
  { service: 'S-ACTIVITY-INTERRUPT', method: 'interruptActivity', requests: ['SACTIreq'], callback: 'activityInterrupted', indications: ['SACTIind'], spdus: ['AI'],              units: ['activities'] },
  { service: 'S-ACTIVITY-INTERRUPT', method: 'question.accept',   requests: ['SACTIrsp'], callback: 'interruptActivity',   indications: ['SACTIcnf'], spdus: ['AIA'],             units: ['activities'] },
  { service: 'S-ACTIVITY-DISCARD',   method: 'discardActivity',   requests: ['SACTDreq'], callback: 'activityDiscarded',   indications: ['SACTDind'], spdus: ['AD'],              units: ['activities'] },
  { service: 'S-ACTIVITY-DISCARD',   method: 'question.accept',   requests: ['SACTDrsp'], callback: 'discardActivity',     indications: ['SACTDcnf'], spdus: ['ADA'],             units: ['activities'] },
  { service: 'S-ACTIVITY-END',       method: 'endActivity',       requests: ['SACTEreq'], callback: 'activityEnded',       indications: ['SACTEind'], spdus: ['AE'],              units: ['activities'] },
  { service: 'S-ACTIVITY-END',       method: 'question.accept',   requests: ['SACTErsp'], callback: 'endActivity',         indications: ['SACTEcnf'], spdus: ['AEA'],             units: ['activities'] },
  { service: 'S-RELEASE',            method: 'release',           requests: ['SRELreq'],  callback: 'releaseRequested',    indications: ['SRELind'],  spdus: ['FN'],              units: [] },
  { service: 'S-RELEASE',            method: 'question.accept',   requests: ['SRELrsp+'], callback: 'release',             indications: ['SRELcnf+'], spdus: ['DN'],              units: [] },
  { service: 'S-RELEASE',            method: 'question.refuse',   requests: ['SRELrsp-'], callback: 'release',             indications: ['SRELcnf-'], spdus: ['NF'],              units: ['negotiated-release'] },
  { service: 'S-U-ABORT',            method: 'abort',             requests: ['SUABreq'],  callback: 'closed',              indications: ['SUABind'],  spdus: ['AB', 'AA'],        units: [] },
  { service: 'S-P-ABORT',            method: '',                  requests: [],           callback: 'closed',              indications: ['SPABind'],  spdus: ['AB'],              units: [] },
]

/** The functional units in English, with their bit in Session User Requirements. */
export const unitBits: ReadonlyMap<Unit, number> = new Map([
  ['half-duplex', functionalUnit.halfDuplex],
  ['duplex', functionalUnit.duplex],
  ['expedited-data', functionalUnit.expedited],
  ['minor-sync', functionalUnit.minorSynchronize],
  ['major-sync', functionalUnit.majorSynchronize],
  ['resynchronize', functionalUnit.resynchronize],
  ['activities', functionalUnit.activityManagement],
  ['negotiated-release', functionalUnit.negotiatedRelease],
  ['capability-data', functionalUnit.capabilityData],
  ['exceptions', functionalUnit.exceptions],
  ['typed-data', functionalUnit.typedData],
  ['symmetric-sync', functionalUnit.symmetricSynchronize],
  ['data-separation', functionalUnit.dataSeparation],
])

/** A functional unit. */
export type Unit =
  | 'half-duplex'
  | 'duplex'
  | 'expedited-data'
  | 'minor-sync'
  | 'major-sync'
  | 'resynchronize'
  | 'activities'
  | 'negotiated-release'
  | 'capability-data'
  | 'exceptions'
  | 'typed-data'
  | 'symmetric-sync'
  | 'data-separation'

/** The tokens in English, with their bit in a Token Item. */
export const tokenBits: ReadonlyMap<Token, number> = new Map([
  ['data', tokenBit.data],
  ['minor-sync', tokenBit.synchronizeMinor],
  ['major-activity', tokenBit.majorActivity],
  ['release', tokenBit.release],
])

/** The functional units that a token comes with: one of them is enough. */
export const tokenUnits: ReadonlyMap<Token, readonly Unit[]> = new Map([
  ['data', ['half-duplex']],
  ['minor-sync', ['minor-sync']],
  ['major-activity', ['major-sync', 'activities']],
  ['release', ['negotiated-release']],
])

/** A token: the right to use a service that only one side may use at a time. */
export type Token = 'data' | 'minor-sync' | 'major-activity' | 'release'

/** Why a session was refused, with the Reason Code of REFUSE and what the caller can do about it. */
export const refusals: ReadonlyMap<RefusalCode, { readonly reason: number; readonly advice: string }> =
  new Map([
    ['user', { reason: refuseReason.user, advice: 'the other side does not want this session' }],
    [
      'user-congestion',
      { reason: refuseReason.temporaryCongestion, advice: 'the other side is busy; try again later' },
    ],
    ['user-data', { reason: refuseReason.userData, advice: 'the other side says why in userData' }],
    [
      'selector-unknown',
      { reason: refuseReason.selectorUnknown, advice: 'nothing has this called selector; check the address' },
    ],
    [
      'not-attached',
      {
        reason: refuseReason.userNotAttached,
        advice: 'nobody serves this called selector now; try again later',
      },
    ],
    [
      'congestion',
      { reason: refuseReason.spmCongestion, advice: 'the other side is overloaded; try again later' },
    ],
    [
      'version',
      {
        reason: refuseReason.versionsNotSupported,
        advice: 'the other side has none of the protocol versions proposed',
      },
    ],
    [
      'provider',
      { reason: refuseReason.spmUnspecified, advice: 'the session layer of the other side gave no reason' },
    ],
    [
      'restriction',
      {
        reason: refuseReason.implementationRestriction,
        advice:
          'the other side cannot work with the proposal; propose other units or sizes, or less user data',
      },
    ],
  ])

/** Why a session was refused. The first three are the other user's, the rest its provider's. */
export type RefusalCode =
  | 'user'
  | 'user-congestion'
  | 'user-data'
  | 'selector-unknown'
  | 'not-attached'
  | 'congestion'
  | 'version'
  | 'provider'
  | 'restriction'

/** Why a problem is reported, or an activity stopped, with the reason code of ED, AI and AD. */
export const problemReasons: ReadonlyMap<ProblemReason, number> = new Map([
  ['none', exceptionReason.none],
  ['cannot-continue', exceptionReason.temporarilyUnable],
  ['sequence-error', exceptionReason.userSequenceError],
  ['user-error', exceptionReason.localUserError],
  ['unrecoverable', exceptionReason.unrecoverableProceduralError],
  ['demand-data-token', exceptionReason.demandDataToken],
])

/**
 * `cannot-continue`: for the moment. `sequence-error`: the other user did things in the wrong order.
 * `user-error`: this user's own fault. `unrecoverable`: the procedure of the two users is broken.
 * `demand-data-token`: this side must have the data token.
 */
export type ProblemReason =
  | 'none'
  | 'cannot-continue'
  | 'sequence-error'
  | 'user-error'
  | 'unrecoverable'
  | 'demand-data-token'

/** Where a session connection stands. */
export type SessionState =
  /** Being opened: CONNECT is on its way, or the answer is. */
  | 'opening'
  /** Data can flow both ways. */
  | 'open'
  /** We asked for the release and wait for the answer. */
  | 'releasing'
  /** The peer asked for the release and waits for ours. */
  | 'release-requested'
  /** Over. */
  | 'closed'

/** The state in English. */
export function englishState(state: StateName): SessionState {
  return englishStates.get(state) ?? 'open'
}

/** The bits of these units. */
export function bitsOfUnits(units: readonly Unit[]): number {
  return bitsOf(unitBits, units)
}

/** The units of these bits, in the order of the bits. */
export function unitsOfBits(bits: number): readonly Unit[] {
  let units = unitsKnown.get(bits)
  if (units === undefined) {
    units = Object.freeze(namesOf(unitBits, bits))
    unitsKnown.set(bits, units)
  }
  return units
}

/** By bits: connections have few different ones, and there are no more than subsets of the units. */
const unitsKnown = new Map<number, readonly Unit[]>()

/** The bits of these tokens. */
export function bitsOfTokens(tokens: readonly Token[]): number {
  return bitsOf(tokenBits, tokens)
}

/** The tokens of these bits. */
export function tokensOfBits(bits: number): readonly Token[] {
  return namesOf(tokenBits, bits)
}

/** The code of a Reason Code; one that the standard does not list counts as unspecified by the provider. */
export function refusalCode(reason: number): RefusalCode {
  for (const [code, refusal] of refusals) if (refusal.reason === reason) return code
  return 'provider'
}

/** The reason of a reason code; one that the standard does not list counts as none. */
export function problemReason(code: number | undefined): ProblemReason {
  for (const [reason, value] of problemReasons) if (value === code) return reason
  return 'none'
}

/** The reason code of a reason. */
export function problemCode(reason: ProblemReason): number {
  const code = problemReasons.get(reason)
  if (code === undefined)
    throw new RangeError(`'${reason}' is none of ${[...problemReasons.keys()].join(', ')}`)
  return code
}

/** The functional units of which one must be selected for this request; none when it is always there. */
export function unitsFor(request: string): readonly Unit[] {
  return needed.get(request) ?? []
}

/** The method of ours that asks for this. */
export function methodOf(request: string): string {
  return methods.get(request) ?? request
}

const englishStates: ReadonlyMap<StateName, SessionState> = new Map([
  ['STA01', 'closed'],
  ['STA01A', 'closed'],
  ['STA01B', 'opening'],
  ['STA01C', 'opening'],
  ['STA01D', 'opening'],
  ['STA02A', 'opening'],
  ['STA02B', 'opening'],
  ['STA03', 'releasing'],
  ['STA08', 'opening'],
  ['STA09', 'release-requested'],
  ['STA16', 'closed'],
])

const methods: ReadonlyMap<string, string> = new Map(
  services.flatMap(({ method, requests }) => requests.map((request) => [request, method] as const)),
)

const needed: ReadonlyMap<string, readonly Unit[]> = new Map(
  services.flatMap(({ requests, units }) => requests.map((request) => [request, units] as const)),
)

function bitsOf<Name extends string>(bits: ReadonlyMap<Name, number>, names: readonly Name[]): number {
  return names.reduce((sum, name) => {
    const bit = bits.get(name)
    if (bit === undefined) throw new RangeError(`'${name}' is none of ${[...bits.keys()].join(', ')}`)
    return sum | bit
  }, 0)
}

function namesOf<Name extends string>(bits: ReadonlyMap<Name, number>, set: number): readonly Name[] {
  return [...bits].filter(([, bit]) => (set & bit) !== 0).map(([name]) => name)
}
