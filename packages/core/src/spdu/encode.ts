// One SPDU, object to octets, by the table: increasing order, minimal lengths, nothing that conveys nothing.
// Payloads are handed on as they are. What the standard forbids throws SpduError, since only a bug of ours
// can ask for it.

import { enclosure } from './constants.ts'
import { SpduError, type SpduReason } from './error.ts'
import { isGiven, octets } from './payload.ts'
import { octetRange, planOf, type OctetKind, type Plan, type SpduPlan, type Unit } from './plan.ts'
import { faultOf } from './rules.ts'
import type { LaterSegment, Payload, Spdu, TsduMaximumSize } from './types.ts'

/** The octets of one SPDU without any prefix, as a gather list. Version 2 where none is given. */
export function encodeSpdu(spdu: Spdu | LaterSegment, version: 1 | 2 = 2): readonly Uint8Array[] {
  return encodeSpdus([spdu], version)
}

/** The octets of several SPDUs that follow each other: one buffer for all that is not payload. */
export function encodeSpdus(spdus: readonly (Spdu | LaterSegment)[], version: 1 | 2): Uint8Array[] {
  const sizes = new Sizes(version)
  let total = 0
  for (const spdu of spdus) total += headerOctets(spdu, sizes)
  const header = new Uint8Array(total)
  const parts: Uint8Array[] = []
  let at = 0
  let from = 0
  for (const spdu of spdus) {
    at = writeSpdu(header, at, spdu, sizes)
    const payload = payloadOf(spdu)
    if (!isGiven(payload)) continue
    parts.push(header.subarray(from, at))
    from = at
    if (payload instanceof Uint8Array) parts.push(payload)
    else for (const part of payload) if (part.length > 0) parts.push(part)
  }
  if (from < at) parts.push(from === 0 ? header : header.subarray(from))
  return parts
}

/** Octets of the parameter field, user data in it included; throws for what the standard forbids. */
export function parameterOctets(spdu: Spdu | LaterSegment, version: 1 | 2): number {
  return measure(spdu, planFor(spdu), new Sizes(version))
}

/** Octets of a length indicator. */
export function lengthOctets(length: number): number {
  return length < 255 ? 1 : 3
}

/** Octets that a parameter field may have: what FF and two octets can say. */
export const maxParameterOctets = 65_535

/** The user data or information of any SPDU: always the last thing in it. */
export function payloadOf(spdu: Spdu | LaterSegment): Payload | undefined {
  const parts: PayloadParts = spdu
  if (parts.userInformation !== undefined) return parts.userInformation
  return isGiven(parts.userData) ? parts.userData : parts.extendedUserData
}

interface PayloadParts {
  readonly type: Spdu['type']
  readonly userInformation?: Payload | undefined
  readonly userData?: Payload | undefined
  readonly extendedUserData?: Payload | undefined
}

/** The octets of every value, measured once in the order in which they are then written. */
class Sizes {
  readonly version: 1 | 2
  readonly values: number[] = []
  next = 0

  constructor(version: 1 | 2) {
    this.version = version
  }

  read(): number {
    return this.values[this.next++] ?? 0
  }
}

/** An SPDU or group, by the keys of the table. */
type Fields = Readonly<Record<string, unknown>>

/** SI, LI and parameters without payload: what is written into the buffer. */
function headerOctets(spdu: Spdu | LaterSegment, sizes: Sizes): number {
  const plan = planFor(spdu)
  checkSegment(spdu, plan)
  const length = measure(spdu, plan, sizes)
  const fault = faultOf(spdu)
  if (fault !== undefined) fail(fault.reason, plan, fault.message)
  const payload = payloadOf(spdu)
  const size = payload === undefined ? 0 : octets(payload)
  if (plan.information === undefined) return 1 + lengthOctets(length) + length - size
  const [min, max = Infinity] = plan.information
  const enclosureItem = 'enclosureItem' in spdu ? spdu.enclosureItem : undefined
  if (size < min && enclosureItem !== enclosure.last) fail('missing', plan, 'no user information')
  if (size > max) fail('length', plan, `${size} octets of user information`)
  return 1 + lengthOctets(length) + length
}

/**
 * The enclosure item says the same as the shape: 0 and 2 are of later segments, except for CDO, DT and TD.
 */
function checkSegment(spdu: Spdu | LaterSegment, plan: SpduPlan): void {
  if (plan.later === undefined || !('enclosureItem' in spdu) || spdu.enclosureItem === undefined) return
  const isLater = (spdu.enclosureItem & enclosure.first) === 0
  if (isLater !== (spdu.later === true)) {
    fail('segment', plan, `enclosure item ${spdu.enclosureItem} of a ${isLater ? 'first' : 'later'} segment`)
  }
}

function planFor(spdu: Spdu | LaterSegment): SpduPlan {
  return planOf.get(spdu.type) ?? fail('unknown-si', undefined, `no SPDU is called ${String(spdu.type)}`)
}

function levelFor(spdu: Spdu | LaterSegment, plan: SpduPlan): Plan {
  if (spdu.later !== true) return plan
  return plan.later ?? fail('segment', plan, 'its SSDU has no later segments')
}

function measure(spdu: Spdu | LaterSegment, plan: SpduPlan, sizes: Sizes): number {
  const at = sizes.values.push(0) - 1
  const total = levelOctets(levelFor(spdu, plan), spdu as unknown as Fields, plan, sizes)
  if (total > maxParameterOctets) fail('length', plan, `${total} octets of parameters`)
  sizes.values[at] = total
  return total
}

function levelOctets(level: Plan, fields: Fields, plan: SpduPlan, sizes: Sizes): number {
  let total = 0
  let absent: Unit | undefined
  for (const unit of level.units) {
    const at = sizes.values.push(0) - 1
    const size = unitOctets(unit, fields, plan, sizes)
    sizes.values[at] = size
    if (size > 0) total += 1 + lengthOctets(size) + size
    else if (unit.mandatory) absent = unit
    // What is in a group that conveys nothing is not written either.
    if (size === 0 && unit.group !== undefined) sizes.values.length = at + 1
  }
  // In a group mandatory counts only when the group is there; a group that conveys nothing is not.
  if (absent !== undefined && (total > 0 || level === plan))
    fail('missing', plan, `${absent.key} is mandatory`)
  return total
}

/** Octets of a unit's value; 0 for what is not there or conveys nothing. Checks the value. */
function unitOctets(unit: Unit, fields: Fields, plan: SpduPlan, sizes: Sizes): number {
  const value = fields[unit.key]
  const size = value === undefined ? 0 : valueOctets(unit, value, plan, sizes)
  if (size > 0) checkSize(unit, size, plan, sizes.version)
  return unit.rest === undefined ? size : size + unitOctets(unit.rest, fields, plan, sizes)
}

function checkSize(unit: Unit, size: number, plan: SpduPlan, version: 1 | 2): void {
  const max = version === 1 ? unit.max1 : unit.max2
  if (max === 0) fail('misplaced', plan, `${unit.key} is not for version ${version}`)
  if (size > max) fail('length', plan, `${size} octets in ${unit.key}, which has at most ${max}`)
}

function valueOctets(unit: Unit, value: unknown, plan: SpduPlan, sizes: Sizes): number {
  switch (unit.kind) {
    case 'payload':
      return octets(value as Payload)
    case 'octets':
      return (value as Uint8Array).length
    case 'serial':
      return digitsOf(natural(unit, value, plan, Number.MAX_SAFE_INTEGER))
    case 'binary':
      return octetsOf(natural(unit, value, plan, Number.MAX_SAFE_INTEGER))
    case 'requirements':
      natural(unit, value, plan, 0xffff)
      return 2
    case 'sizes': {
      const { fromInitiator, fromResponder } = value as TsduMaximumSize
      // Both unlimited is what the absence of the parameter means.
      return natural(unit, fromInitiator, plan, 0xffff) + natural(unit, fromResponder, plan, 0xffff) === 0
        ? 0
        : 4
    }
    case 'group':
      return unit.group === undefined ? 0 : levelOctets(unit.group, value as Fields, plan, sizes)
    default:
      return octetOctets(unit, unit.kind, value, plan)
  }
}

function octetOctets(unit: Unit, kind: OctetKind, value: unknown, plan: SpduPlan): number {
  const { mask, min, max } = octetRange[kind]
  const number = natural(unit, value, plan, max)
  if (number < min || (number & ~mask) !== 0) fail('value', plan, `${number} in ${unit.key}`)
  if (kind === 'tokens' || kind === 'syncType') return number === 0 ? 0 : 1
  // Clause 8: other SPDUs than DT and TD carry an enclosure item only in segments.
  return kind === 'enclosure' && plan.later !== undefined && number === enclosure.whole ? 0 : 1
}

function natural(unit: Unit, value: unknown, plan: SpduPlan, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max) return value
  return fail('value', plan, `${String(value)} in ${unit.key}`)
}

function digitsOf(value: number): number {
  let digits = 1
  for (let bound = 10; value >= bound; bound *= 10) digits += 1
  return digits
}

function octetsOf(value: number): number {
  let size = 1
  for (let bound = 256; value >= bound; bound *= 256) size += 1
  return size
}

function writeSpdu(buffer: Uint8Array, start: number, spdu: Spdu | LaterSegment, sizes: Sizes): number {
  const plan = planFor(spdu)
  buffer[start] = plan.si
  const at = writeLength(buffer, start + 1, sizes.read())
  return writeLevel(buffer, at, levelFor(spdu, plan), spdu as unknown as Fields, sizes)
}

function writeLevel(buffer: Uint8Array, start: number, level: Plan, fields: Fields, sizes: Sizes): number {
  let at = start
  for (const unit of level.units) {
    const size = sizes.read()
    if (size === 0) continue
    buffer[at] = unit.code
    at = writeLength(buffer, at + 1, size)
    const value = fields[unit.key]
    if (unit.group !== undefined) at = writeLevel(buffer, at, unit.group, value as Fields, sizes)
    else if (value !== undefined) at = writeValue(buffer, at, unit, value, size)
  }
  return at
}

/** Writes a value other than a payload, which follows the buffer. */
function writeValue(buffer: Uint8Array, at: number, unit: Unit, value: unknown, size: number): number {
  switch (unit.kind) {
    case 'payload':
      return at
    case 'octets':
      buffer.set(value as Uint8Array, at)
      return at + size
    case 'serial':
      return writeNumber(buffer, at, value as number, size, 10, 0x30)
    case 'binary':
    case 'requirements':
      return writeNumber(buffer, at, value as number, size, 256, 0)
    case 'sizes': {
      const { fromInitiator, fromResponder } = value as TsduMaximumSize
      writeNumber(buffer, at, fromInitiator, 2, 256, 0)
      return writeNumber(buffer, at + 2, fromResponder, 2, 256, 0)
    }
    default:
      buffer[at] = value as number
      return at + 1
  }
}

function writeLength(buffer: Uint8Array, at: number, length: number): number {
  if (length < 255) {
    buffer[at] = length
    return at + 1
  }
  buffer[at] = 255
  return writeNumber(buffer, at + 1, length, 2, 256, 0)
}

/** Most significant digit or octet first. */
function writeNumber(
  buffer: Uint8Array,
  at: number,
  value: number,
  size: number,
  base: number,
  zero: number,
): number {
  let rest = value
  for (let index = at + size - 1; index >= at; index--) {
    buffer[index] = zero + (rest % base)
    rest = Math.floor(rest / base)
  }
  return at + size
}

function fail(reason: SpduReason, plan: SpduPlan | undefined, message: string): never {
  throw new SpduError(reason, `${plan?.type ?? 'SPDU'} to send: ${message}`)
}
