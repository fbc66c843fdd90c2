// Segmenting and joining of SSDUs by the enclosure item (clause 6): the only place that cuts user data or
// puts it together again. What is kept of a series being received is bounded in octets and in segments.

import { connectDataOctets, enclosure, prepareType, versionBit } from './constants.ts'
import { lengthOctets, maxParameterOctets, parameterOctets, payloadOf } from './encode.ts'
import { SpduError } from './error.ts'
import { octets, PayloadCutter } from './payload.ts'
import { plan } from './plan.ts'
import type {
  DecodedSpdu,
  LaterSegment,
  Payload,
  ReceivedSpdu,
  SegmentedType,
  Spdu,
  SpduType,
} from './types.ts'

/** What segments must fit. */
export interface SegmentSizes {
  readonly version: 1 | 2
  /**
   * TSDU Maximum Size selected for this direction, in octets; 0 is unlimited, and then DT and TD are never
   * cut.
   */
  readonly maxTsduOctets: number
}

/**
 * The SPDUs that carry one SSDU, each for a TSDU of its own that has no more than an empty prefix beside it.
 * DT and TD have an enclosure item exactly when a TSDU size was selected, CDO always; other SPDUs are cut in
 * version 2 only, where they would not fit. User data becomes views. Throws SpduError `limit` when the TSDU
 * size leaves no room.
 */
export function segmentSsdu(spdu: Spdu, sizes: SegmentSizes): readonly (Spdu | LaterSegment)[] {
  switch (spdu.type) {
    case 'DT':
    case 'TD':
      return segmentData(spdu, sizes.maxTsduOctets)
    case 'CDO':
      return segmentOverflow(spdu, sizes.maxTsduOctets)
    default:
      return plan(spdu.type).later === undefined || sizes.version === 1 ? [spdu] : segmentOther(spdu, sizes)
  }
}

/** True where {@link segmentSsdu} gives the SPDU as it is: without a size, and with nothing to cut. */
export function isUncut(spdu: Spdu, maxTsduOctets: number): boolean {
  if (maxTsduOctets !== 0) return false
  if (spdu.type === 'DT' || spdu.type === 'TD') return spdu.enclosureItem === undefined
  return spdu.type !== 'CDO' && payloadOf(spdu) === undefined
}

/**
 * A CONNECT with `userData` of any length, made such as the standard has it: up to 512 octets in `userData`,
 * up to 10,240 in `extendedUserData`, and beyond that the `rest`, which goes into CDO once OA is there.
 */
export function cutConnect(cn: Spdu<'CN'>): {
  readonly connect: Spdu<'CN'>
  readonly rest: Payload | undefined
} {
  const data = new PayloadCutter(cn.userData ?? [])
  if (data.left <= connectDataOctets.userData) return { connect: cn, rest: undefined }
  const versions = cn.connectAcceptItem?.versionNumber ?? versionBit.version1
  if ((versions & versionBit.version1) !== 0) {
    throw new SpduError('value', `CN to send: ${data.left} octets of user data while version 1 is proposed`)
  }
  const connect = {
    ...cn,
    userData: undefined,
    extendedUserData: data.take(connectDataOctets.extendedUserData),
  }
  if (data.left === 0) return { connect, rest: undefined }
  return { connect: { ...connect, dataOverflow: 1 }, rest: data.take(data.left) }
}

/** The bounds of {@link SegmentJoiner}: octets of one SSDU, and segments of it. */
export interface JoinLimits {
  readonly ssduOctets: number
  readonly ssduSegments: number
}

/**
 * Joins what one session connection receives in segments. CDO is not joined: the tables have an event for
 * each.
 */
export class SegmentJoiner {
  readonly #limits: JoinLimits
  #series: Series | undefined
  /** A series that was cut, whose last segments may still be on their way. */
  #dropped: SpduType | undefined

  constructor(limits: JoinLimits) {
    this.#limits = limits
  }

  /** The SSDU of which a first segment came and the last did not. */
  get segmenting(): SpduType | undefined {
    return this.#series?.first.type ?? this.#dropped
  }

  /**
   * The SPDU itself if it is whole; the SPDU with all user data, in one piece and without an enclosure item,
   * if this was the last segment; else undefined. Throws SpduError `segment` or `limit`, and then has
   * forgotten the series.
   */
  accept(spdu: DecodedSpdu): ReceivedSpdu | undefined {
    const place = placeOf(spdu)
    if (this.#series !== undefined) {
      const series = this.#series
      const { type } = series.first
      if (spdu.type === type && (place === 'middle' || place === 'last')) return this.#append(series, spdu)
      if (!this.#interrupt(series, type, spdu)) return wholeOnly(spdu)
    }
    if (place === 'middle' || place === 'last') {
      if (spdu.type !== this.#dropped)
        throw new SpduError('segment', `a later segment of ${spdu.type} without a first`)
      if (place === 'last') this.#dropped = undefined
      return undefined
    }
    // Nothing on the normal flow comes amid a series, so the one that was cut is over.
    if (spdu.type !== 'EX' && spdu.type !== 'PR') this.#dropped = undefined
    const received = wholeOnly(spdu)
    if (place === 'whole') return received
    this.#series = new Series(received)
    return this.#append(this.#series, received)
  }

  /** To be told of what this side sends: some SPDUs cut what is being received. */
  sent(spdu: Spdu | LaterSegment): void {
    const series = this.#series
    if (series === undefined) return
    if (cuts(series.first.type, spdu)) this.#drop(series.first.type)
    else if (cutting.has(spdu.type)) series.fragile = true
  }

  /** Forgets everything. */
  clear(): void {
    this.#series = undefined
    this.#dropped = undefined
  }

  #append(series: Series, spdu: DecodedSpdu): ReceivedSpdu | undefined {
    const limits = this.#limits
    const data = receivedData(spdu)
    this.#series = undefined
    if (series.segments >= limits.ssduSegments) {
      throw new SpduError('limit', `${spdu.type}: more than ${limits.ssduSegments} segments`)
    }
    if (series.octets + data.length > limits.ssduOctets) {
      throw new SpduError('limit', `${spdu.type}: more than ${limits.ssduOctets} octets`)
    }
    series.append(data, limits.ssduOctets)
    if (placeOf(spdu) === 'last') return series.joined()
    this.#series = series
    return undefined
  }

  /**
   * An SPDU arrives in the middle of a series: true if it ends it, false if it passes by; else it is invalid.
   */
  #interrupt(series: Series, type: SpduType, spdu: DecodedSpdu): boolean {
    if (cuts(type, spdu)) {
      // What overtakes on the expedited flow leaves segments behind.
      if (spdu.type === 'PR') this.#drop(type)
      this.#series = undefined
      return true
    }
    if (type !== 'AB' && (spdu.type === 'EX' || spdu.type === 'PR')) {
      series.fragile ||= spdu.type === 'PR' && spdu.prepareType === prepareType.resynchronize
      return false
    }
    this.#series = undefined
    if (type !== 'AB' && (series.fragile || cutting.has(spdu.type))) return true
    throw new SpduError('segment', `${spdu.type} amid the segments of ${type}`)
  }

  #drop(type: SpduType): void {
    this.#series = undefined
    this.#dropped = type
  }
}

/** The segments so far of one SSDU. */
class Series {
  readonly first: ReceivedSpdu
  /** This side has sent what may have made the peer give it up. */
  fragile = false
  segments = 0
  octets = 0
  #data: Uint8Array = new Uint8Array(0)

  constructor(first: ReceivedSpdu) {
    this.first = first
  }

  /** Copies: a view of one octet would hold on to the TSDU around it. */
  append(data: Uint8Array, limit: number): void {
    const wanted = this.octets + data.length
    if (wanted > this.#data.length) {
      const grown = new Uint8Array(Math.min(Math.max(wanted, 2 * this.#data.length), limit))
      grown.set(this.#data.subarray(0, this.octets))
      this.#data = grown
    }
    this.#data.set(data, this.octets)
    this.octets = wanted
    this.segments += 1
  }

  joined(): ReceivedSpdu {
    const data = this.#data.subarray(0, this.octets)
    const { first } = this
    if ('userInformation' in first) return { type: first.type, userInformation: data }
    // What came in segments has both fields, which the compiler cannot know of the union.
    return { ...first, enclosureItem: undefined, userData: data } as ReceivedSpdu
  }
}

type Place = 'whole' | 'first' | 'middle' | 'last'

function placeOf(spdu: DecodedSpdu): Place {
  if (spdu.type === 'CDO' || !('enclosureItem' in spdu) || spdu.enclosureItem === undefined) return 'whole'
  return places[spdu.enclosureItem & enclosure.whole] ?? 'whole'
}

const places: readonly Place[] = ['middle', 'first', 'last', 'whole']

/** What is left when later segments are excluded by what the caller has looked at. */
function wholeOnly(spdu: DecodedSpdu): ReceivedSpdu {
  if (spdu.later === true) throw new SpduError('segment', `a later segment of ${spdu.type} without a first`)
  return spdu
}

function receivedData(spdu: DecodedSpdu): Uint8Array {
  if ('userInformation' in spdu) return spdu.userInformation
  return ('userData' in spdu ? spdu.userData : undefined) ?? NOTHING
}

const NOTHING = new Uint8Array(0)

/**
 * Clause 6: what cuts a series, whichever side sends it. For data: RS, ER, ED, AI, AD, AB and PR (RS). For
 * the others AB and PR (AB); its sender may give it up for any SPDU that would destroy it, read here as the
 * list for data, yet need not. Nothing cuts AB.
 */
function cuts(series: SpduType, spdu: Spdu | LaterSegment): boolean {
  if (series === 'AB') return false
  const data = series === 'DT' || series === 'TD'
  if (spdu.type !== 'PR') return data ? cutting.has(spdu.type) : spdu.type === 'AB'
  return spdu.prepareType === (data ? prepareType.resynchronize : prepareType.abort)
}

const cutting: ReadonlySet<SpduType> = new Set<SpduType>(['RS', 'ER', 'ED', 'AI', 'AD', 'AB'])

/** Octets of an empty prefix. */
const PREFIX = 2
/** Octets of SI, LI and enclosure item in a DT or TD. */
const DATA_HEADER = 5
/** SI and the long LI of an SPDU; code and long LI of its user data; the enclosure item. */
const SPDU_HEADER = 4
const UNIT_HEADER = 4
const ENCLOSURE = 3
/** The whole SPDU: SI, LI and what LI can count. */
const MAX_SPDU = SPDU_HEADER + maxParameterOctets
/** More than all parameters of any SPDU but its user data. */
const MOST_PARAMETERS = 4_096
/** User data of one CDO (clause 8). */
const MAX_OVERFLOW = 65_528

function segmentData(spdu: Spdu<'DT' | 'TD'>, maxTsduOctets: number): readonly Spdu[] {
  const { type, userInformation } = spdu
  if (maxTsduOctets === 0) return [{ type, userInformation }]
  const room = roomIn(spdu, maxTsduOctets - DATA_HEADER - (type === 'DT' ? PREFIX : 0))
  const data = new PayloadCutter(userInformation)
  const segments: Spdu[] = []
  do {
    const piece = data.take(room)
    const item = (segments.length === 0 ? enclosure.first : 0) | (data.left === 0 ? enclosure.last : 0)
    segments.push({ type, enclosureItem: item, userInformation: piece })
  } while (data.left > 0)
  return segments
}

function segmentOverflow(spdu: Spdu<'CDO'>, maxTsduOctets: number): readonly Spdu[] {
  const max = maxTsduOctets === 0 ? MAX_OVERFLOW : maxTsduOctets - SPDU_HEADER - ENCLOSURE - UNIT_HEADER
  const room = roomIn(spdu, max)
  const data = new PayloadCutter(spdu.userData ?? [])
  const segments: Spdu[] = []
  do {
    const userData = data.take(room)
    segments.push({
      type: 'CDO',
      enclosureItem: data.left === 0 ? enclosure.last : enclosure.middle,
      userData,
    })
  } while (data.left > 0)
  return segments
}

function segmentOther(spdu: Spdu, sizes: SegmentSizes): readonly (Spdu | LaterSegment)[] {
  const payload = payloadOf(spdu)
  if (payload === undefined || surelyFits(payload, sizes)) return [spdu]
  const prefix = plan(spdu.type).category === 2 ? PREFIX : 0
  const max = Math.min(sizes.maxTsduOctets === 0 ? Infinity : sizes.maxTsduOctets - prefix, MAX_SPDU)
  // What can be segmented has both fields, which the compiler cannot know of the union.
  const bare = { ...spdu, enclosureItem: undefined, userData: undefined } as Spdu
  const parameters = parameterOctets(bare, 2)
  if (spduOctets(spdu.type, parameters, octets(payload)) <= max) return [spdu]
  // Segments count the long forms throughout; short ones leave a few octets of a TSDU unused.
  const fixed = SPDU_HEADER + parameters + UNIT_HEADER
  const type = spdu.type as SegmentedType // the caller has asked the table
  const data = new PayloadCutter(payload)
  const first = data.take(roomIn(spdu, max - fixed - ENCLOSURE))
  const segments: (Spdu | LaterSegment)[] = [
    { ...bare, enclosureItem: enclosure.first, userData: first } as Spdu,
  ]
  const room = max - SPDU_HEADER - ENCLOSURE - UNIT_HEADER
  do {
    const userData = data.take(room)
    segments.push({
      type,
      later: true,
      enclosureItem: data.left === 0 ? enclosure.last : enclosure.middle,
      userData,
    })
  } while (data.left > 0)
  return segments
}

/** True where the size of an SPDU need not be reckoned to see that it is not cut. */
function surelyFits(payload: Payload, { maxTsduOctets }: SegmentSizes): boolean {
  return maxTsduOctets === 0 && octets(payload) <= MAX_SPDU - MOST_PARAMETERS
}

/**
 * Octets of an SPDU with `parameters` octets of all but its user data. In RF the data shares the unit of the
 * reason.
 */
function spduOctets(type: SpduType, parameters: number, data: number): number {
  const unit = type === 'RF' ? lengthOctets(data + 1) - 1 : 1 + lengthOctets(data)
  const total = parameters + unit + data
  return 1 + lengthOctets(total) + total
}

function roomIn(spdu: Spdu, room: number): number {
  if (room >= 1) return room
  throw new SpduError('limit', `${spdu.type} to send: the TSDU size leaves no room for user data`)
}
