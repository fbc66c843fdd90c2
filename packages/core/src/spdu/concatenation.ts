// What a TSDU may hold (clause 6): which SPDU an SI stands for at its place, which may stand together, and in
// which order they are processed. The only place that tells apart SPDUs sharing an SI. It looks at no more of
// a TSDU than the rules allow SPDUs in it, however long it is.

import { coreLimits } from '../limits.ts'
import { decodeBarePoint, encodeBarePoint } from './bare-point.ts'
import { enclosure } from './constants.ts'
import { decodeSpdu, maxReflected, Reader } from './decode.ts'
import { encodeSpdus } from './encode.ts'
import { SpduError } from './error.ts'
import { octets } from './payload.ts'
import { plan, planOf, type SpduPlan } from './plan.ts'
import type { DecodedSpdu, LaterSegment, Payload, ReceivedSpdu, Spdu, SpduType } from './types.ts'

/**
 * What decoding needs to know of the session connection. It is only read: one object may be kept and changed.
 */
export interface DecodeContext {
  /** The protocol version selected; before that undefined, which has the limits of version 2. */
  readonly version: 1 | 2 | undefined
  /** Which of ours waits for an answer: SI 42 is MAA or AEA accordingly (MAA when nothing waits). */
  readonly outstanding: 'MAP' | 'AE' | undefined
  /**
   * The SSDU being received in segments: later segments of MAP look like AE. See `SegmentJoiner.segmenting`.
   */
  readonly segmenting: SpduType | undefined
  /** We announced that we take extended concatenation (Protocol Options, bit 1). */
  readonly extended: boolean
}

/** What is known before anything is negotiated. */
export const openingContext: DecodeContext = Object.freeze({
  version: undefined,
  outstanding: undefined,
  segmenting: undefined,
  extended: false,
})

/**
 * What encoding needs to know: the version selected (2), and whether the peer takes extended concatenation
 * (false).
 */
export interface EncodeContext {
  readonly version?: 1 | 2 | undefined
  readonly extended?: boolean | undefined
}

/** The user data of a TSDU that is `01 00 01 00 <data>`, as a view; undefined for any other. */
export function plainData(tsdu: Uint8Array): Uint8Array | undefined {
  return tsdu.length > 4 && tsdu[0] === 1 && tsdu[1] === 0 && tsdu[2] === 1 && tsdu[3] === 0
    ? tsdu.subarray(4)
    : undefined
}

/**
 * The SPDUs of a TSDU of the normal flow, in the order in which they are processed: AS or AR, DT, the sync
 * point or other SPDU, then GT or PT. A prefix without parameters is no event and not in the list. Throws
 * SpduError only.
 */
export function decodeTsdu(tsdu: Uint8Array, context: DecodeContext): readonly DecodedSpdu[] {
  if (tsdu.length > 4 && tsdu[0] === 1 && tsdu[1] === 0 && tsdu[2] === 1 && tsdu[3] === 0) {
    return [{ type: 'DT', userInformation: tsdu.subarray(4) }]
  }
  if (tsdu.length > 2 && tsdu[0] === TD_SI && tsdu[1] === 0) {
    return [{ type: 'TD', userInformation: tsdu.subarray(2) }]
  }
  const point = decodeBarePoint(tsdu)
  if (point !== undefined) return [point]
  const spdus = parseTsdu(tsdu, context, 'normal')
  const [prefix, ...rest] = spdus
  if (prefix === undefined || rest.length === 0) return spdus
  if (rest.length > 1) rest.sort((a, b) => processingRank(a.type) - processingRank(b.type))
  if (hasToken(prefix)) rest.push(prefix)
  return rest
}

/** The SPDU of a TSDU of the expedited flow. Throws SpduError only. */
export function decodeExpedited(tsdu: Uint8Array, context: DecodeContext): ReceivedSpdu<'AB' | 'EX' | 'PR'> {
  const reader = new Reader(tsdu)
  if (tsdu.length > maxExpeditedOctets) reader.fail('length', `${tsdu.length} octets of expedited data`, 0)
  const [spdu] = parseTsdu(tsdu, context, 'expedited')
  if (spdu?.later !== true && (spdu?.type === 'AB' || spdu?.type === 'EX' || spdu?.type === 'PR')) return spdu
  return reader.fail('category', 'a segment on the expedited flow', 0)
}

/** The SPDUs of a TSDU as they stand in it, prefix included. `either` flow is for people who only look. */
export function parseTsdu(
  tsdu: Uint8Array,
  context: DecodeContext,
  flow: 'normal' | 'expedited' | 'either',
): DecodedSpdu[] {
  const reader = new Reader(tsdu)
  if (tsdu.length === 0) reader.fail('truncated', 'an empty TSDU', 0)
  const spdus: DecodedSpdu[] = []
  while (reader.at < tsdu.length) {
    const at = reader.at
    const first = spdus[0]
    reader.mark('SPDU')
    const plan = first === undefined ? firstPlan(reader) : laterPlan(reader, first, context)
    if (spdus.length === coreLimits.spdusPerTsdu) reader.fail('limit', 'more SPDUs than any TSDU has', at)
    if (flow !== 'either' && plan.flow !== 'either' && plan.flow !== flow) {
      reader.fail('category', `${plan.type} on the ${flow} flow`, at)
    }
    spdus.push(decodeSpdu(reader, plan, context.version ?? 2))
  }
  const fault = groupFault(spdus, context.extended)
  if (fault !== undefined) reader.fail(fault.reason, fault.message, tsdu.length - 1)
  return spdus
}

/**
 * At most 9 octets of the first SPDU of a TSDU (an empty prefix aside), for Reflect Parameter Values of an
 * ABORT that answers SPDUs which are valid but must not come now. A copy.
 */
export function reflect(tsdu: Uint8Array): Uint8Array {
  const from = tsdu.length > 2 && (tsdu[0] === 1 || tsdu[0] === 2) && tsdu[1] === 0 ? 2 : 0
  return tsdu.slice(from, from + maxReflected)
}

/** The TSDU of whole plain data: `01 00 01 00` and the payload. Throws SpduError when there is no payload. */
export function encodeData(payload: Payload): readonly Uint8Array[] {
  return withHeader(DATA_HEADER, payload)
}

/**
 * The TSDU of SPDUs in the order of the wire. One of category 2 gets its empty prefix where none is given.
 * Also for what goes on the expedited flow. Throws SpduError for what the standard does not allow.
 */
export function encodeTsdu(
  spdus: readonly (Spdu | LaterSegment)[],
  context: EncodeContext = versionTwo,
): readonly Uint8Array[] {
  const [first] = spdus
  if (first === undefined) throw new SpduError('missing', 'a TSDU without SPDUs')
  if (spdus.length === 1 && first.type === 'DT' && first.enclosureItem === undefined) {
    return withHeader(DATA_HEADER, first.userInformation)
  }
  if (spdus.length === 1 && first.type === 'TD' && first.enclosureItem === undefined) {
    return withHeader(TYPED_HEADER, first.userInformation)
  }
  const point = spdus.length === 1 ? encodeBarePoint(first) : undefined
  if (point !== undefined) return [point]
  const { prefix } = plan(first.type)
  const whole = prefix === undefined ? spdus : [prefix === 'PT' ? emptyPT : emptyGT, ...spdus]
  const fault = sequenceFault(whole) ?? groupFault(whole, context.extended === true)
  if (fault !== undefined) throw new SpduError(fault.reason, `TSDU to send: ${fault.message}`)
  return encodeSpdus(whole, context.version ?? 2)
}

/** 16 octets: the largest TSDU of the expedited flow. */
const maxExpeditedOctets = 16
const TD_SI = 33
/** Shared by all TSDUs of whole data: nobody may change a TSDU on its way out. */
const DATA_HEADER: Uint8Array = Uint8Array.of(1, 0, 1, 0)
const TYPED_HEADER: Uint8Array = Uint8Array.of(TD_SI, 0)
const emptyGT: Spdu<'GT'> = { type: 'GT' }
const emptyPT: Spdu<'PT'> = { type: 'PT' }
const versionTwo: EncodeContext = {}

function withHeader(header: Uint8Array, payload: Payload): readonly Uint8Array[] {
  if (payload instanceof Uint8Array && payload.length > 0) return [header, payload]
  if (octets(payload) === 0) throw new SpduError('missing', 'data to send: no user information')
  return payload instanceof Uint8Array ? [header, payload] : [header, ...payload]
}

/** SIs of a TSDU's first SPDU; those of category 2 are here too, to say what is wrong with them. */
const firstBySi: readonly (SpduPlan | undefined)[] = plansBySi((plan) => plan.category !== 2)
/** SIs of any later SPDU of a TSDU. */
const laterBySi: readonly (SpduPlan | undefined)[] = plansBySi((plan) => plan.category === 2)

function plansBySi(preferred: (plan: SpduPlan) => boolean): (SpduPlan | undefined)[] {
  const bySi: (SpduPlan | undefined)[] = Array.from({ length: 256 }, () => undefined)
  for (const plan of planOf.values()) {
    if (bySi[plan.si] === undefined || preferred(plan)) bySi[plan.si] = plan
  }
  return bySi
}

function firstPlan(reader: Reader): SpduPlan {
  const si = reader.octet(reader.at)
  const found = firstBySi[si]
  if (found === undefined) return reader.fail('unknown-si', `no SPDU has SI ${si}`, reader.at)
  if (found.category === 2) reader.fail('category', `${found.type} without a prefix`, reader.at)
  return found
}

function laterPlan(reader: Reader, first: DecodedSpdu, context: DecodeContext): SpduPlan {
  if (plan(first.type).category !== 0) reader.fail('category', `an SPDU after ${first.type}`, reader.at)
  const si = reader.octet(reader.at)
  const found = laterBySi[si]
  if (found === undefined) return reader.fail('unknown-si', `no SPDU has SI ${si}`, reader.at)
  if (found.category !== 2) reader.fail('category', `${found.type} after ${first.type}`, reader.at)
  if (si === MAP.si) return hasSyncType(reader) || isLaterMap(reader, context) ? MAP : AE
  if (si === MAA.si) {
    // What is outstanding may change between two segments; what they are does not.
    const { segmenting } = context
    const ends = segmenting === 'AEA' || (segmenting !== 'MAA' && context.outstanding === 'AE')
    return ends ? AEA : MAA
  }
  return found
}

const MAP: SpduPlan = plan('MAP')
const AE: SpduPlan = plan('AE')
const MAA: SpduPlan = plan('MAA')
const AEA: SpduPlan = plan('AEA')
const syncTypeCode = 15
const enclosureCode = 25

/** Clause 8: MAP is told from AE by its Sync Type Item. */
function hasSyncType(reader: Reader): boolean {
  return valueOf(reader, syncTypeCode) !== undefined
}

/** The later segments of a MAP have none: the series says what they are. */
function isLaterMap(reader: Reader, context: DecodeContext): boolean {
  if (context.segmenting !== 'MAP') return false
  const item = valueOf(reader, enclosureCode)
  return item !== undefined && (item & enclosure.first) === 0
}

/**
 * First octet of a parameter of the SPDU at the reader, which stays where it is; faults are the decoder's to
 * find.
 */
function valueOf(reader: Reader, wanted: number): number | undefined {
  const ahead = new Reader(reader.tsdu)
  ahead.at = reader.at
  const end = ahead.begin('SPDU')
  while (ahead.at < end) {
    const unitAt = ahead.at++
    const length = ahead.length(end, unitAt, 'overrun')
    if (length > end - ahead.at) return undefined
    if (ahead.octet(unitAt) === wanted && length > 0) return ahead.octet(ahead.at)
    ahead.at += length
  }
  return undefined
}

interface GroupFault {
  readonly reason: 'category' | 'missing'
  readonly message: string
}

/** Categories (clause 6): one of 0, then only 2; or one of 1 alone. On receipt this is checked on the way. */
function sequenceFault(spdus: readonly (Spdu | LaterSegment)[]): GroupFault | undefined {
  const alone = spdus.length === 1
  let place = 0
  for (const spdu of spdus) {
    const { category } = plan(spdu.type)
    place += 1
    if (place === 1 ? category === 0 || (category === 1 && alone) : category === 2) continue
    return { reason: 'category', message: `${spdu.type} at place ${place} of ${spdus.length}` }
  }
  return undefined
}

/** The groups of basic and extended concatenation (Tables 7 and 8), for SPDUs whose categories are right. */
function groupFault(spdus: readonly (Spdu | LaterSegment)[], extended: boolean): GroupFault | undefined {
  const [prefix, second] = spdus
  if (prefix === undefined || plan(prefix.type).category !== 0) return undefined
  if (second === undefined) {
    return prefix.later === true || hasToken(prefix)
      ? undefined
      : { reason: 'missing', message: `${prefix.type} alone needs a token item` }
  }
  if (!isPlainPrefix(prefix))
    return { reason: 'category', message: `${prefix.type} with user data is no prefix` }
  if (spdus.length === 2 && isBasic(prefix, second)) return undefined
  if (extended && prefix.type === 'GT' && isExtended(prefix, spdus)) return undefined
  const names = spdus.map((spdu) => spdu.type).join(', ')
  return {
    reason: 'category',
    message: `${names} do not stand together${hasToken(prefix) ? ' with a token item' : ''}`,
  }
}

/** A prefix never carries user data, so it is no segment either. */
function isPlainPrefix(prefix: Spdu | LaterSegment): boolean {
  return (
    prefix.later !== true &&
    (prefix.type === 'GT' || prefix.type === 'PT') &&
    prefix.enclosureItem === undefined &&
    (prefix.userData === undefined || octets(prefix.userData) === 0)
  )
}

function hasToken(spdu: Spdu | LaterSegment): boolean {
  return spdu.later !== true && 'tokenItem' in spdu && spdu.tokenItem !== undefined
}

function isBasic(prefix: Spdu | LaterSegment, spdu: Spdu | LaterSegment): boolean {
  // Tokens move only with the last or only segment. (Clause 6 says so of all but data; its Table 8 of data
  // after AS.)
  if (hasToken(prefix) && !endsSsdu(spdu)) return false
  const wanted = plan(spdu.type).prefix
  // Table 7 of 1995 prints PT for AR, Table 7 of 1988 and Table 8 GT.
  if (spdu.type === 'AR') return true
  return wanted === 'GT*' ? prefix.type === 'GT' && !hasToken(prefix) : prefix.type === wanted
}

function endsSsdu(spdu: Spdu | LaterSegment): boolean {
  const item = enclosureOf(spdu)
  return (item & enclosure.last) !== 0
}

function enclosureOf(spdu: Spdu | LaterSegment): number {
  return 'enclosureItem' in spdu ? (spdu.enclosureItem ?? enclosure.whole) : enclosure.whole
}

/**
 * One line of Table 8: what follows GT, which enclosure the DT at its end may have, and whether GT may give
 * tokens.
 */
interface ExtendedGroup {
  readonly after: readonly (readonly SpduType[])[]
  readonly data: readonly number[]
  readonly token: 'yes' | 'no' | 'with whole data'
}

const begin: readonly SpduType[] = ['AS', 'AR']
const majorPoint: readonly SpduType[] = ['AE', 'MAP']
const anyPoint: readonly SpduType[] = ['MIP', 'MIA', 'MAP', 'MAA', 'AE', 'AEA']

// oxfmt-ignore
const extendedGroups: readonly ExtendedGroup[] = [
  { after: [['MIA', 'MAA', 'AEA']],    data: [],                                token: 'yes' },
  { after: [begin, ['MIP']],           data: [],                                token: 'yes' },
  { after: [begin, majorPoint],        data: [],                                token: 'no' },
  { after: [anyPoint, ['DT']],         data: [enclosure.whole, enclosure.last], token: 'yes' },
  { after: [begin, ['DT']],            data: [enclosure.whole, enclosure.first], token: 'with whole data' },
  { after: [begin, ['MIP'], ['DT']],   data: [enclosure.whole],                 token: 'yes' },
  { after: [begin, majorPoint, ['DT']], data: [enclosure.whole],                token: 'no' },
]

function isExtended(prefix: Spdu | LaterSegment, spdus: readonly (Spdu | LaterSegment)[]): boolean {
  const token = hasToken(prefix)
  return extendedGroups.some((group) => {
    if (group.after.length !== spdus.length - 1) return false
    if (token && group.token === 'no') return false
    return group.after.every((types, index) => {
      const spdu = spdus[index + 1]
      if (spdu === undefined || !types.includes(spdu.type)) return false
      const item = enclosureOf(spdu)
      // Clause 6: a segment of anything but data has a TSDU of its own.
      if (spdu.type !== 'DT') return item === enclosure.whole
      return (
        group.data.includes(item) && !(token && group.token === 'with whole data' && item !== enclosure.whole)
      )
    })
  })
}

/** Clause 6: the order of processing on receipt, prefix aside. */
function processingRank(type: SpduType): number {
  if (type === 'AS' || type === 'AR') return 0
  return type === 'DT' ? 1 : 2
}
