// The bridge between the two vocabularies: what is English above this line of the stack, and what it is
// called in the standard below it. It is the glossary of the docs too. Names and numbers only, no behaviour.

import { functionalUnit, refuseReason, tokenBit, type Request, type StateName } from '../machine/index.ts'

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
}

/** Every service there is a method for. */
// oxfmt-ignore
export const services: readonly Service[] = [
  { service: 'S-CONNECT',        method: 'openSession',    requests: ['SCONreq'],    callback: 'onRequest',        indications: ['SCONind'],              spdus: ['CN', 'OA', 'CDO'] },
  { service: 'S-CONNECT',        method: 'accept',         requests: ['SCONrsp+'],   callback: 'openSession',      indications: ['SCONcnf+'],             spdus: ['AC'] },
  { service: 'S-CONNECT',        method: 'refuse',         requests: ['SCONrsp-'],   callback: 'SessionRefusedError', indications: ['SCONcnf-'],          spdus: ['RF'] },
  { service: 'S-DATA',           method: 'send',           requests: ['SDTreq'],     callback: 'data',             indications: ['SDTind'],               spdus: ['DT'] },
  { service: 'S-TYPED-DATA',     method: 'sendTyped',      requests: ['STDreq'],     callback: 'typedData',        indications: ['STDind'],               spdus: ['TD'] },
  { service: 'S-EXPEDITED-DATA', method: 'sendExpedited',  requests: ['SEXreq'],     callback: 'expeditedData',    indications: ['SEXind'],               spdus: ['EX'] },
  { service: 'S-TOKEN-GIVE',     method: 'giveTokens',     requests: ['SGTreq'],     callback: 'tokensGiven',      indications: ['SGTind'],               spdus: ['GT'] },
  { service: 'S-TOKEN-PLEASE',   method: 'pleaseTokens',   requests: ['SPTreq'],     callback: 'tokensAsked',      indications: ['SPTind'],               spdus: ['PT'] },
  { service: 'S-RELEASE',        method: 'release',        requests: ['SRELreq'],    callback: 'releaseRequested', indications: ['SRELind'],              spdus: ['FN'] },
  { service: 'S-RELEASE',        method: 'answer.accept',  requests: ['SRELrsp+'],   callback: 'release',          indications: ['SRELcnf+'],             spdus: ['DN'] },
  { service: 'S-RELEASE',        method: 'answer.refuse',  requests: ['SRELrsp-'],   callback: 'release',          indications: ['SRELcnf-'],             spdus: ['NF'] },
  { service: 'S-U-ABORT',        method: 'abort',          requests: ['SUABreq'],    callback: 'closed',           indications: ['SUABind'],              spdus: ['AB', 'AA'] },
  { service: 'S-P-ABORT',        method: '',               requests: [],             callback: 'closed',           indications: ['SPABind'],              spdus: ['AB'] },
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
  return namesOf(unitBits, bits)
}

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
