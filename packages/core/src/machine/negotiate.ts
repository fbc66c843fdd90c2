// What the two sides agree on when a session connection is opened (X.225 7.1 to 7.4): the
// CONNECT that proposes, the ACCEPT that answers, and what follows from both. Pure functions;
// they neither send nor remember.

import {
  defaultRequirements,
  functionalUnit,
  protocolOption,
  refuseReason,
  tokenSetting,
  versionBit,
  type LaterSegment,
  type Payload,
  type Spdu,
  type TsduMaximumSize,
} from '../spdu/index.ts'
import type { AcceptResponse, ConnectRequest, ConnectionIdentifier, MaxTsdu } from './primitives.ts'
import {
  hasSetting,
  initiatorTokens,
  numbered,
  proposalFault,
  responderSettings,
  selectionFault,
  synchronizing,
  tokensOf,
} from './units.ts'

/** A session connection that is being opened. */
export interface Opening {
  /** p204: more than 10,240 octets of connect user data. */
  readonly overflow: boolean
  /** Initiator: the request the CONNECT is made from. */
  readonly request?: ConnectRequest
  /** The CONNECT sent or received. */
  connect?: Spdu<'CN'> | undefined
  /** The version and sizes that an OVERFLOW ACCEPT has settled already. */
  settled?: Settled | undefined
  /** Initiator: the connect user data that is still to be sent. */
  rest?: Payload | undefined
  /** Initiator: the same cut into CONNECT DATA OVERFLOWs, once their size is settled. */
  segments?: (Spdu | LaterSegment)[] | undefined
  /** Acceptor: the connect user data so far, at the beginning of a buffer that grows with it. */
  received?: Uint8Array | undefined
  receivedOctets: number
}

/** What one side can do, before it is asked. */
export interface Capabilities {
  /** Functional units, bits of Session User Requirements. */
  readonly units: number
  /** Protocol versions, bits of Version Number. */
  readonly versions: number
  readonly maxTsdu: MaxTsdu
  /** Extended concatenation is accepted on receipt. */
  readonly extended: boolean
  /** The smallest TSDU Maximum Size that can be worked with. */
  readonly minTsdu: number
  /** The transport connection has an expedited flow. */
  readonly expedited: boolean
}

/** Version and TSDU sizes, which an OVERFLOW ACCEPT settles before the ACCEPT. */
export interface Settled {
  readonly version: 1 | 2
  /** In octets, 0 for unlimited. */
  readonly sizes: TsduMaximumSize
}

/** What both sides agreed on, seen from one of them. */
export interface Agreement {
  readonly version: 1 | 2
  readonly units: number
  /** Tokens that are ours. */
  readonly owned: number
  readonly maxSend: number
  readonly maxReceive: number
  /** The peer takes extended concatenation. */
  readonly peerExtends: boolean
  readonly serialNumber: number | undefined
  /** With symmetric synchronize: of what we send and of what we receive. */
  readonly sendingSerialNumber: number | undefined
  readonly receivingSerialNumber: number | undefined
  /** The highest serial number there is: 10 to the power of the Upper Limit Serial Number, less 1. */
  readonly maxNumber: number
}

/** The CONNECT for a request, its user data not yet cut. */
export function connectSpdu(request: ConnectRequest, own: Capabilities): Spdu<'CN'> {
  const units = request.units & available(own)
  const tokens = tokensOf(units)
  const first = synchronizing(units) ? (request.serialNumber ?? (numbered(units) ? 0 : undefined)) : undefined
  const symmetric = first !== undefined && (units & functionalUnit.symmetricSynchronize) !== 0
  return {
    type: 'CN',
    connectionIdentifier: present(request.identifier) && {
      callingSsUserReference: request.identifier?.reference,
      commonReference: request.identifier?.common,
      additionalReferenceInformation: request.identifier?.additional,
    },
    connectAcceptItem: {
      protocolOptions: own.extended ? protocolOption.extendedConcatenation : 0,
      tsduMaximumSize: sizesOrNothing({
        fromInitiator: own.maxTsdu.send,
        fromResponder: own.maxTsdu.receive,
      }),
      versionNumber: proposedVersions(request, own),
      initialSerialNumber: first,
      tokenSettingItem: tokens === 0 || request.tokens === undefined ? undefined : request.tokens,
      secondInitialSerialNumber: symmetric ? (request.secondSerialNumber ?? first) : undefined,
    },
    sessionUserRequirements: units,
    callingSessionSelector: request.callingSelector,
    calledSessionSelector: request.calledSelector,
    userData: request.userData,
  }
}

/** The versions a request leads to: version 1 must not be proposed with more than 512 octets of user data. */
export function proposedVersions(request: ConnectRequest, own: Capabilities): number {
  const long = (request.userData?.length ?? 0) > 512
  return long ? own.versions & versionBit.version2 : own.versions
}

/** p76: the reason for which the SPM refuses this CONNECT, or undefined. */
export function refusalOf(connect: Spdu<'CN'>, own: Capabilities): number | undefined {
  if ((proposalOf(connect).versions & own.versions) === 0) return refuseReason.versionsNotSupported
  const units = requirementsOf(connect)
  if (proposalFault(units) !== undefined) return refuseReason.implementationRestriction
  if (proposalFault(units & available(own)) !== undefined) return refuseReason.implementationRestriction
  if (hasSetting(proposalOf(connect).tokens, tokensOf(units), RESERVED)) return refuseReason.spmUnspecified
  if (tooSmall(settle(connect, own).sizes, own)) return refuseReason.implementationRestriction
  return undefined
}

/** True when the CONNECT says that more user data follows. */
export function overflows(connect: Spdu<'CN'>): boolean {
  return connect.dataOverflow === 1
}

/**
 * What the acceptor settles: the highest common version, and per direction the smaller size, if both set one.
 */
export function settle(connect: Spdu<'CN'>, own: Capabilities): Settled {
  const proposal = proposalOf(connect)
  return {
    version: highest(proposal.versions & own.versions),
    sizes: smaller(proposal.sizes, { fromInitiator: own.maxTsdu.receive, fromResponder: own.maxTsdu.send }),
  }
}

/** The units of a CONNECT that the acceptor's user may choose from. */
export function selectable(connect: Spdu<'CN'>, own: Capabilities): number {
  return requirementsOf(connect) & available(own)
}

/** The Token Setting Item of a CONNECT, or its default. */
export function proposedTokens(connect: Spdu<'CN'>): number {
  return proposalOf(connect).tokens
}

/** The ACCEPT for a response, with what it makes both agree on; or why the response is not possible. */
export function accept(
  response: AcceptResponse,
  opening: Opening,
  own: Capabilities,
): { readonly accept: Spdu<'AC'>; readonly agreement: Agreement } | string {
  const connect = connectOf(opening)
  const choice = selectable(connect, own)
  const units = response.units & choice
  const fault = selectionFault(units, choice)
  if (fault !== undefined) return fault
  const asked = proposalOf(connect)
  const { version, sizes } = opening.settled ?? settle(connect, own)
  const first = numbered(units) ? (response.serialNumber ?? asked.serialNumber ?? 0) : undefined
  const symmetric = first !== undefined && (units & functionalUnit.symmetricSynchronize) !== 0
  const second = symmetric ? (response.secondSerialNumber ?? asked.secondSerialNumber ?? 0) : undefined
  const maxNumber = highestNumber(askedDigits(asked.digits))
  if (Math.max(first ?? 0, second ?? 0) > maxNumber) return `a serial number is at most ${maxNumber}`
  const agreement: Agreement = {
    version,
    units,
    maxNumber,
    owned: tokensOf(units) & ~initiatorTokens(tokensOf(units), asked.tokens, response.tokens ?? 0),
    maxSend: sizes.fromResponder,
    maxReceive: sizes.fromInitiator,
    peerExtends: asked.extended,
    serialNumber: symmetric ? undefined : first,
    sendingSerialNumber: second,
    receivingSerialNumber: symmetric ? first : undefined,
  }
  const digits = first === undefined ? undefined : askedDigits(asked.digits)
  return { accept: acceptSpdu(response, agreement, sizes, own, digits), agreement }
}

/** What a received ACCEPT makes both agree on; or why it is no answer to the CONNECT sent. */
export function agree(accept: Spdu<'AC'>, opening: Opening, own: Capabilities): Agreement | string {
  const connect = connectOf(opening)
  const asked = proposalOf(connect)
  const answer = proposalOf(accept)
  const versions = answer.versions & asked.versions
  if (versions === 0) return 'the ACCEPT has no version that was proposed'
  const sizes = smaller(asked.sizes, answer.sizes)
  const settled = opening.settled ?? { version: highest(versions), sizes }
  if (!sameSizes(settled.sizes, sizes) || settled.version !== highest(versions)) {
    return 'the ACCEPT changes what the OVERFLOW ACCEPT has settled'
  }
  if (tooSmall(sizes, own)) return 'the TSDU maximum size is too small to work with'
  const fault = selectionFault(requirementsOf(accept), requirementsOf(connect))
  if (fault !== undefined) return fault
  const units = requirementsOf(accept) & requirementsOf(connect)
  if (numbered(units) && answer.serialNumber === undefined) return 'the ACCEPT has no initial serial number'
  const symmetric = numbered(units) && (units & functionalUnit.symmetricSynchronize) !== 0
  if (symmetric && answer.secondSerialNumber === undefined) {
    return 'the ACCEPT has no second initial serial number'
  }
  return {
    version: settled.version,
    units,
    maxNumber: highestNumber(answer.digits),
    owned: initiatorTokens(tokensOf(units), asked.tokens, answer.tokens),
    maxSend: sizes.fromInitiator,
    maxReceive: sizes.fromResponder,
    peerExtends: answer.extended,
    serialNumber: numbered(units) && !symmetric ? answer.serialNumber : undefined,
    sendingSerialNumber: symmetric ? answer.serialNumber : undefined,
    receivingSerialNumber: symmetric ? answer.secondSerialNumber : undefined,
  }
}

/** What an OVERFLOW ACCEPT settles; or why it is no answer to the CONNECT sent (its version is 2 exactly). */
export function settledBy(overflow: Spdu<'OA'>, opening: Opening, own: Capabilities): Settled | string {
  if (overflow.versionNumber !== versionBit.version2) return 'an OVERFLOW ACCEPT must say version 2'
  const sizes = smaller(proposalOf(connectOf(opening)).sizes, overflow.tsduMaximumSize ?? UNLIMITED)
  if (tooSmall(sizes, own)) return 'the TSDU maximum size is too small to work with'
  return { version: 2, sizes }
}

/** The OVERFLOW ACCEPT that settles this. */
export function overflowAcceptSpdu(settled: Settled): Spdu<'OA'> {
  return { type: 'OA', tsduMaximumSize: sizesOrNothing(settled.sizes), versionNumber: versionBit.version2 }
}

/** The bits of Version Number for one version. */
function versionBitOf(version: 1 | 2): number {
  return version === 2 ? versionBit.version2 : versionBit.version1
}

/** The ACCEPT that says what was agreed on, seen from the side that sends it. */
function acceptSpdu(
  response: AcceptResponse,
  agreed: Agreement,
  sizes: TsduMaximumSize,
  own: Capabilities,
  digits: number | undefined,
): Spdu<'AC'> {
  const tokens = tokensOf(agreed.units)
  const first = agreed.serialNumber ?? agreed.receivingSerialNumber
  const second = agreed.sendingSerialNumber
  return {
    type: 'AC',
    connectionIdentifier: present(response.identifier) && {
      calledSsUserReference: response.identifier?.reference,
      commonReference: response.identifier?.common,
      additionalReferenceInformation: response.identifier?.additional,
    },
    connectAcceptItem: {
      protocolOptions: own.extended ? protocolOption.extendedConcatenation : 0,
      tsduMaximumSize: sizesOrNothing(sizes),
      versionNumber: versionBitOf(agreed.version),
      initialSerialNumber: digits === undefined ? first : undefined,
      tokenSettingItem: tokens === 0 ? undefined : responderSettings(agreed.owned),
      secondInitialSerialNumber: digits === undefined ? second : undefined,
      upperLimitSerialNumber: digits,
      largeInitialSerialNumber: digits === undefined ? undefined : first,
      largeSecondInitialSerialNumber: digits === undefined ? undefined : second,
    },
    tokenItem: (response.pleaseTokens ?? 0) & tokens || undefined,
    sessionUserRequirements: agreed.units,
    respondingSessionSelector: response.respondingSelector,
    userData: response.userData,
  }
}

/** The reserved value of a pair in a Token Setting Item. */
const RESERVED = tokenSetting.responder + tokenSetting.choice

const UNLIMITED: TsduMaximumSize = { fromInitiator: 0, fromResponder: 0 }

/**
 * The Connect/Accept Item of a CONNECT or ACCEPT with its defaults: no options, version 1,
 * unlimited, tokens at the initiator.
 */
function proposalOf(spdu: Spdu<'CN' | 'AC'>): {
  readonly extended: boolean
  readonly versions: number
  readonly sizes: TsduMaximumSize
  readonly tokens: number
  readonly serialNumber: number | undefined
  readonly secondSerialNumber: number | undefined
  readonly digits: number | undefined
} {
  const item = spdu.connectAcceptItem
  return {
    extended: ((item?.protocolOptions ?? 0) & protocolOption.extendedConcatenation) !== 0,
    versions: (item?.versionNumber ?? versionBit.version1) & (versionBit.version1 | versionBit.version2),
    sizes: item?.tsduMaximumSize ?? UNLIMITED,
    tokens: item?.tokenSettingItem ?? 0,
    serialNumber: item?.initialSerialNumber ?? item?.largeInitialSerialNumber,
    secondSerialNumber: item?.secondInitialSerialNumber ?? item?.largeSecondInitialSerialNumber,
    digits: item?.upperLimitSerialNumber,
  }
}

/**
 * The Upper Limit Serial Number an ACCEPT must have: a CONNECT with fewer digits than the six of the default
 * is followed, more of them are not taken up.
 */
function askedDigits(proposed: number | undefined): number | undefined {
  return proposed === undefined || proposed === 0 || proposed >= SERIAL_DIGITS ? undefined : proposed
}

/** 0 digits are as many as one likes; this side keeps to six. */
function highestNumber(digits: number | undefined): number {
  return 10 ** (askedDigits(digits) ?? SERIAL_DIGITS) - 1
}

const SERIAL_DIGITS = 6

function requirementsOf(spdu: Spdu<'CN' | 'AC'>): number {
  return spdu.sessionUserRequirements ?? defaultRequirements
}

/**
 * The units this side can have on this transport connection: expedited data needs an
 * expedited flow (7.1).
 */
function available(own: Capabilities): number {
  return own.expedited ? own.units : own.units & ~functionalUnit.expedited
}

function highest(versions: number): 1 | 2 {
  return (versions & versionBit.version2) !== 0 ? 2 : 1
}

/** 0 from either side is unlimited. */
function smaller(a: TsduMaximumSize, b: TsduMaximumSize): TsduMaximumSize {
  return {
    fromInitiator: a.fromInitiator === 0 ? 0 : Math.min(a.fromInitiator, b.fromInitiator),
    fromResponder: a.fromResponder === 0 ? 0 : Math.min(a.fromResponder, b.fromResponder),
  }
}

function sameSizes(a: TsduMaximumSize, b: TsduMaximumSize): boolean {
  return a.fromInitiator === b.fromInitiator && a.fromResponder === b.fromResponder
}

function sizesOrNothing(sizes: TsduMaximumSize): TsduMaximumSize | undefined {
  return sizes.fromInitiator === 0 && sizes.fromResponder === 0 ? undefined : sizes
}

function tooSmall(sizes: TsduMaximumSize, own: Capabilities): boolean {
  return isBelow(sizes.fromInitiator, own.minTsdu) || isBelow(sizes.fromResponder, own.minTsdu)
}

function isBelow(size: number, least: number): boolean {
  return size !== 0 && size < least
}

function present(identifier: ConnectionIdentifier | undefined): true | undefined {
  const { reference, common, additional } = identifier ?? {}
  return reference === undefined && common === undefined && additional === undefined ? undefined : true
}

function connectOf(opening: Opening): Spdu<'CN'> {
  if (opening.connect === undefined) throw new Error('an answer before the CONNECT')
  return opening.connect
}
