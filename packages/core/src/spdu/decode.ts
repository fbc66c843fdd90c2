// One SPDU, octets to object, by the table. Reads nothing beyond the SPDU, allocates nothing by a length
// field (values are views), and throws nothing but SpduError. The depth of its one self-call is the table's:
// two.

import { enclosure } from './constants.ts'
import { SpduError, type SpduReason } from './error.ts'
import { isDefinedCode, octetRange, type OctetKind, type Plan, type SpduPlan, type Unit } from './plan.ts'
import { faultOf } from './rules.ts'
import type { DecodedSpdu, TsduMaximumSize } from './types.ts'

/** Reads the SPDU at the reader's position, user information included, by the limits of `version`. */
export function decodeSpdu(reader: Reader, plan: SpduPlan, version: 1 | 2): DecodedSpdu {
  const end = reader.begin(plan.type)
  const spdu: Fields = { type: plan.type }
  readUnits(reader, plan, plan.later, end, spdu, version)
  if (plan.information !== undefined) readInformation(reader, plan.information, spdu)
  // Every unit was read as the kind that the type of the SPDU is derived from.
  const decoded = spdu as unknown as DecodedSpdu
  const fault = faultOf(decoded)
  if (fault !== undefined) reader.fail(fault.reason, fault.message, end - 1)
  return decoded
}

/** A position in a TSDU. */
export class Reader {
  readonly tsdu: Uint8Array
  at = 0
  /** Where the SPDU being read begins, and what messages call it. */
  private spduAt = 0
  private name = 'SPDU'

  constructor(tsdu: Uint8Array) {
    this.tsdu = tsdu
  }

  /** An SPDU begins here: what is wrong from now on is wrong with it. */
  mark(name: string): void {
    this.spduAt = this.at
    this.name = name
  }

  /** Passes SI and LI; returns where the parameter field ends. */
  begin(name: string): number {
    this.mark(name)
    this.at += 1
    const length = this.length(this.tsdu.length, this.spduAt, 'truncated')
    const end = this.at + length
    if (end <= this.tsdu.length) return end
    return this.fail('truncated', `${end - this.tsdu.length} octets are missing`, this.spduAt + 1)
  }

  /**
   * A length indicator before `end`: one octet, or FF and two.
   * Deviation (clause 8): the long form of a length below 255 is taken, though no sender should use it.
   */
  length(end: number, unitAt: number, reason: SpduReason): number {
    if (this.at >= end) this.fail(reason, 'the length indicator is missing', unitAt)
    const first = this.octet(this.at++)
    if (first !== 255) return first
    if (this.at + 2 > end) this.fail(reason, 'the length indicator is cut short', unitAt)
    this.at += 2
    return (this.octet(this.at - 2) << 8) | this.octet(this.at - 1)
  }

  /**
   * The octet at an index that was compared with the end before: 0 never stands for one that is not there.
   */
  octet(index: number): number {
    return this.tsdu[index] ?? 0
  }

  fail(reason: SpduReason, message: string, at: number): never {
    const end = Math.min(at + 1, this.spduAt + maxReflected, this.tsdu.length)
    throw new SpduError(
      reason,
      `${this.name}: ${message} (octet ${at})`,
      at,
      this.tsdu.slice(this.spduAt, end),
    )
  }
}

/** Octets that Reflect Parameter Values of an ABORT may hold. */
export const maxReflected = 9

/** An SPDU or group while it is being read. */
type Fields = Record<string, unknown>

/** Reads the units up to `end`; returns the bits of those that have a value. */
function readUnits(
  reader: Reader,
  level: Plan,
  later: Plan | undefined,
  end: number,
  into: Fields,
  version: 1 | 2,
): number {
  let plan = level
  let last = -1
  let known = 0
  let seen = 0
  while (reader.at < end) {
    const unitAt = reader.at
    const code = reader.octet(reader.at++)
    const length = reader.length(end, unitAt, 'overrun')
    const valueEnd = reader.at + length
    if (valueEnd > end) reader.fail('overrun', `parameter ${code} is longer than what encloses it`, unitAt)
    const unit = plan.byCode[code]
    if (unit === undefined) passUnknown(reader, code, unitAt)
    else {
      if (code === last) reader.fail('duplicate', `parameter ${code} again`, unitAt)
      if (code < last) reader.fail('order', `parameter ${code} after ${last}`, unitAt)
      last = code
      known += 1
    }
    if (unit !== undefined && length > 0) {
      readUnit(reader, unit, unitAt, valueEnd, into, version)
      if (unit.kind === 'enclosure' && later !== undefined && isLater(into)) {
        if (known > 1) reader.fail('misplaced', 'parameters of the first segment in a later one', unitAt)
        plan = later
      } else seen |= unit.bit
    }
    reader.at = valueEnd
  }
  if ((plan.mandatory & ~seen) === 0) return seen
  const missing = plan.units.find((unit) => (plan.mandatory & ~seen & unit.bit) !== 0)
  return reader.fail('missing', `parameter ${missing?.code} is mandatory`, Math.max(end - 1, 0))
}

/**
 * Clause 8: unknown units and those T.62 reserves are as though they were not there; others have a place of
 * their own.
 */
function passUnknown(reader: Reader, code: number, unitAt: number): void {
  if (isDefinedCode[code] === true) reader.fail('misplaced', `parameter ${code} does not belong here`, unitAt)
}

/**
 * What an enclosure item says of an SPDU other than CDO and the data SPDUs: true for a later segment.
 * Deviation (clause 8): `whole` is taken as though the item were absent, though no sender should use it.
 */
function isLater(spdu: Fields): boolean {
  const item = spdu['enclosureItem']
  if (item === enclosure.whole) spdu['enclosureItem'] = undefined
  if (item === enclosure.whole || item === enclosure.first) return false
  spdu['later'] = true
  return true
}

function readUnit(
  reader: Reader,
  unit: Unit,
  unitAt: number,
  end: number,
  into: Fields,
  version: 1 | 2,
): void {
  const from = reader.at
  if (unit.group !== undefined) {
    const group: Fields = {}
    if (readUnits(reader, unit.group, undefined, end, group, version) !== 0) into[unit.key] = group
    return
  }
  checkLength(reader, unit, unitAt, unit.rest === undefined ? end - from : 1, version)
  const valueEnd = unit.rest === undefined ? end : from + 1
  into[unit.key] = readValue(reader, unit, unitAt, from, valueEnd)
  if (unit.rest === undefined || valueEnd === end) return
  checkLength(reader, unit.rest, unitAt, end - valueEnd, version)
  into[unit.rest.key] = reader.tsdu.subarray(valueEnd, end)
}

function checkLength(reader: Reader, unit: Unit, unitAt: number, length: number, version: 1 | 2): void {
  const max = version === 1 ? unit.max1 : unit.max2
  if (max === 0) reader.fail('misplaced', `parameter ${unit.code} is not for version ${version}`, unitAt)
  const fixed = unit.kind === 'requirements' || unit.kind === 'sizes'
  if (length > max || (fixed && length < max)) {
    reader.fail(
      'length',
      `${length} octets in parameter ${unit.code}, which has ${fixed ? '' : 'at most '}${max}`,
      unitAt,
    )
  }
}

/** The value of a PI unit whose length is right. */
function readValue(
  reader: Reader,
  unit: Unit,
  unitAt: number,
  from: number,
  end: number,
): number | Uint8Array | TsduMaximumSize {
  switch (unit.kind) {
    case 'payload':
    case 'octets':
      return reader.tsdu.subarray(from, end)
    case 'serial':
      return readSerial(reader, unit, unitAt, from, end)
    case 'requirements':
      return readNumber(reader, from, end)
    case 'sizes':
      return {
        fromInitiator: readNumber(reader, from, from + 2),
        fromResponder: readNumber(reader, from + 2, end),
      }
    case 'binary':
      return readNumber(reader, from, end)
    case 'group':
      return reader.fail('misplaced', 'a group has no value of its own', unitAt)
    default:
      return readOctet(reader, unit, unit.kind, unitAt, from)
  }
}

function readOctet(reader: Reader, unit: Unit, kind: OctetKind, unitAt: number, from: number): number {
  const { mask, min, max } = octetRange[kind]
  const value = reader.octet(from) & mask
  if (value < min || value > max) reader.fail('value', `${value} in parameter ${unit.code}`, unitAt)
  return value
}

/** Clause 8: decimal digits, most significant first. */
function readSerial(reader: Reader, unit: Unit, unitAt: number, from: number, end: number): number {
  let value = 0
  for (let at = from; at < end; at++) {
    const digit = reader.octet(at) - 0x30
    if (digit < 0 || digit > 9)
      reader.fail('value', `parameter ${unit.code} has something else than digits`, unitAt)
    value = value * 10 + digit
  }
  return value
}

/** Big-endian, at most four octets. */
function readNumber(reader: Reader, from: number, end: number): number {
  let value = 0
  for (let at = from; at < end; at++) value = value * 256 + reader.octet(at)
  return value
}

/** The user information field: all that follows the parameters up to the end of the TSDU (clause 8). */
function readInformation(reader: Reader, bounds: readonly [number, number?], into: Fields): void {
  const { tsdu, at } = reader
  const [min, max = Infinity] = bounds
  const length = tsdu.length - at
  // Clause 6: only the last segment of a segmented SSDU may be empty.
  if (length < min && into['enclosureItem'] !== enclosure.last) {
    reader.fail('missing', 'no user information', Math.max(at - 1, 0))
  }
  if (length > max)
    reader.fail('length', `${length} octets of user information, which has at most ${max}`, at)
  into['userInformation'] = tsdu.subarray(at)
  reader.at = tsdu.length
}
