// What clause 8 demands between the parameters of one SPDU (the conditions that need no state), the same for
// both directions. Conditions on functional units, tokens and serial numbers are the machine's and not here.

import {
  connectDataOctets,
  enclosure,
  prepareType,
  refuseReason,
  syncType,
  transportDisconnect,
  versionBit,
} from './constants.ts'
import type { SpduReason } from './error.ts'
import { isGiven, octets } from './payload.ts'
import type { LaterSegment, Payload, Spdu, SpduType } from './types.ts'

/** A condition that does not hold. */
export interface Fault {
  readonly reason: SpduReason
  readonly message: string
}

/** The first condition that an SPDU breaks, if any. */
export function faultOf(spdu: Spdu | LaterSegment): Fault | undefined {
  const parts: SegmentParts = spdu
  if (parts.userInformation === undefined && !isGiven(parts.userData)) {
    // Clause 6: the first segment brings user data, and only the last may do without.
    if (spdu.later === true && spdu.enclosureItem === enclosure.middle) return emptySegment
    if (parts.enclosureItem === enclosure.first) return emptySegment
  }
  if (spdu.later === true) return undefined
  const rule = rules[spdu.type] as Rule<SpduType> | undefined // the rule under a type takes that type
  return rule?.(spdu)
}

interface SegmentParts {
  readonly type: SpduType
  readonly enclosureItem?: number | undefined
  readonly userData?: Payload | undefined
  readonly userInformation?: Payload | undefined
}

type Rule<T extends SpduType> = (spdu: Spdu<T>) => Fault | undefined

const rules: { readonly [T in SpduType]?: Rule<T> } = {
  CN: connectFault,
  OA: (oa) => (oa.versionNumber === versionBit.version2 ? undefined : value('the version in OA is 2')),
  CDO: (cdo) => {
    if ((cdo.enclosureItem & enclosure.first) !== 0) return value('the enclosure item of CDO is 0 or 2')
    return cdo.enclosureItem === enclosure.middle && !isGiven(cdo.userData) ? emptySegment : undefined
  },
  AC: (ac) => largeSerialFault(ac.connectAcceptItem) ?? acceptVersionFault(ac),
  RF: (rf) => {
    if (rf.reasonCode === refuseReason.userData) return undefined
    if (isGiven(rf.userData)) return value('user data in RF needs reason 2')
    return rf.sessionUserRequirements === undefined ? undefined : value('requirements in RF need reason 2')
  },
  AB: (ab) => {
    const bits = ab.transportDisconnect
    if (isGiven(ab.userData) && (bits & transportDisconnect.userAbort) === 0) {
      return value('user data in AB needs the user abort bit')
    }
    if (isGiven(ab.reflectParameterValues) && (bits & transportDisconnect.protocolError) === 0) {
      return value('reflected values in AB need the protocol error bit')
    }
    return undefined
  },
  GT: tokenFault,
  PT: tokenFault,
  MAP: (map) =>
    (map.syncTypeItem & syncType.noConfirmation) !== 0
      ? undefined
      : value('bit 1 of the sync type of MAP is 1'),
  RS: (rs) => {
    if ((rs.resyncType === undefined) !== (rs.serialNumber === undefined)) {
      return missing('resync type and serial number go together')
    }
    if (rs.resyncType === undefined && rs.secondResyncType === undefined) return missing('a resync type')
    return secondFault(rs)
  },
  RA: (ra) => {
    if (ra.resyncType !== undefined && ra.serialNumber === undefined)
      return missing('resync type without serial number')
    if (ra.serialNumber === undefined && ra.secondSerialNumber === undefined)
      return missing('a serial number')
    return secondFault(ra)
  },
  PR: (pr) =>
    pr.prepareType !== prepareType.resynchronize && (pr.resyncType ?? pr.secondResyncType) !== undefined
      ? value('a resync type in PR needs prepare type 2')
      : undefined,
}

const emptySegment: Fault = { reason: 'missing', message: 'a segment that is not the last needs user data' }

function value(message: string): Fault {
  return { reason: 'value', message }
}

function missing(message: string): Fault {
  return { reason: 'missing', message }
}

/** Clause 8: which of the three ways a CONNECT may carry its user data. */
function connectFault(cn: Spdu<'CN'>): Fault | undefined {
  if (isGiven(cn.extendedUserData)) {
    const versions = cn.connectAcceptItem?.versionNumber ?? versionBit.version1
    if (isGiven(cn.userData)) return value('user data and extended user data exclude each other')
    if ((versions & versionBit.version1) !== 0) return value('extended user data forbids proposing version 1')
  } else if (cn.dataOverflow !== undefined) {
    return missing('data overflow without extended user data')
  }
  return largeSerialFault(cn.connectAcceptItem)
}

/** An ACCEPT of version 1 alone has version 1's limits, whatever is negotiated in the end. */
function acceptVersionFault(ac: Spdu<'AC'>): Fault | undefined {
  const versions = ac.connectAcceptItem?.versionNumber ?? versionBit.version1
  if (versions !== versionBit.version1) return undefined
  if (ac.enclosureItem !== undefined) return { reason: 'misplaced', message: 'version 1 does not segment AC' }
  if (ac.userData === undefined || octets(ac.userData) <= connectDataOctets.userData) return undefined
  return { reason: 'length', message: 'more user data than version 1 has room for' }
}

/** PI 57 and 58 replace PI 23 and 55 when PI 56 is there, and only then. */
function largeSerialFault(item: Spdu<'CN'>['connectAcceptItem']): Fault | undefined {
  if (item === undefined) return undefined
  const large = item.largeInitialSerialNumber ?? item.largeSecondInitialSerialNumber
  const plain = item.initialSerialNumber ?? item.secondInitialSerialNumber
  if (item.upperLimitSerialNumber === undefined) {
    return large === undefined ? undefined : value('large serial numbers need the upper limit')
  }
  return plain === undefined ? undefined : value('the upper limit wants large serial numbers')
}

/** Clause 8, GT and PT: at least one token; user data, and so segments, only with a token item. */
function tokenFault(spdu: Spdu<'GT' | 'PT'>): Fault | undefined {
  if (spdu.tokenItem === 0) return value('a token item without tokens')
  if (spdu.tokenItem !== undefined) return undefined
  return isGiven(spdu.userData) || spdu.enclosureItem !== undefined
    ? missing('user data needs a token item')
    : undefined
}

function secondFault(spdu: Spdu<'RS' | 'RA'>): Fault | undefined {
  return (spdu.secondResyncType === undefined) === (spdu.secondSerialNumber === undefined)
    ? undefined
    : missing('second resync type and second serial number go together')
}
