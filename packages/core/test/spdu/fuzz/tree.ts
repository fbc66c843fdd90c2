// A TSDU as a tree of SPDUs and units that can be edited and written again with lengths that fit. It is
// lenient: what is no SPDU stays as octets. Made for the mutator and for inserting unknown parameters; knows
// no parameter.

export interface SpduNode {
  si: number
  units: UnitNode[]
  /** What follows the parameter field: user information, or octets that are no SPDU. */
  tail: Uint8Array
  /** Write FF hh ll even where one octet would do. */
  longLength?: boolean
}

export interface UnitNode {
  code: number
  value: Uint8Array | UnitNode[]
  longLength?: boolean
}

const groupCodes = new Set([1, 5, 33])

/** The SPDUs of a TSDU, as far as lengths allow. */
export function treeOf(tsdu: Uint8Array): SpduNode[] {
  const spdus: SpduNode[] = []
  let at = 0
  while (at < tsdu.length) {
    const si = tsdu[at] ?? 0
    const field = valueAt(tsdu, at + 1)
    if (field === undefined) {
      const last = spdus.at(-1)
      if (last === undefined) return [{ si, units: [], tail: tsdu.subarray(at + 1) }]
      last.tail = tsdu.subarray(at)
      return spdus
    }
    const hasInformation = si === 33 || si === 5 || (si === 1 && spdus.length > 0)
    const end = hasInformation ? tsdu.length : field.end
    spdus.push({ si, units: unitsOf(field.value, true), tail: tsdu.slice(field.end, end) })
    at = end
  }
  return spdus
}

/** The octets of a tree. */
export function octetsOf(spdus: readonly SpduNode[]): Uint8Array {
  const out: number[] = []
  for (const spdu of spdus) {
    const field: number[] = []
    writeUnits(field, spdu.units)
    out.push(spdu.si & 255, ...lengthOctets(field.length, spdu.longLength === true))
    append(out, field)
    append(out, spdu.tail)
  }
  return Uint8Array.from(out)
}

/** Every list of units in the tree: that of each SPDU and that of each group. */
export function levelsOf(spdus: readonly SpduNode[]): UnitNode[][] {
  const levels: UnitNode[][] = []
  for (const spdu of spdus) {
    levels.push(spdu.units)
    for (const unit of spdu.units) if (Array.isArray(unit.value)) levels.push(unit.value)
  }
  return levels
}

function unitsOf(field: Uint8Array, groups: boolean): UnitNode[] {
  const units: UnitNode[] = []
  let at = 0
  while (at < field.length) {
    const code = field[at] ?? 0
    const value = valueAt(field, at + 1)
    if (value === undefined) return units
    units.push({ code, value: groups && groupCodes.has(code) ? unitsOf(value.value, false) : value.value })
    at = value.end
  }
  return units
}

function valueAt(from: Uint8Array, at: number): { value: Uint8Array; end: number } | undefined {
  const first = from[at]
  if (first === undefined) return undefined
  const long = first === 255
  const length = long ? ((from[at + 1] ?? 0) << 8) | (from[at + 2] ?? 0) : first
  const start = at + (long ? 3 : 1)
  return start + length > from.length
    ? undefined
    : { value: from.slice(start, start + length), end: start + length }
}

function writeUnits(out: number[], units: readonly UnitNode[]): void {
  for (const unit of units) {
    const value: number[] = []
    if (Array.isArray(unit.value)) writeUnits(value, unit.value)
    else append(value, unit.value)
    out.push(unit.code & 255, ...lengthOctets(value.length, unit.longLength === true))
    append(out, value)
  }
}

function lengthOctets(length: number, long: boolean): number[] {
  return length < 255 && !long ? [length] : [255, (length >> 8) & 255, length & 255]
}

function append(out: number[], more: Iterable<number>): void {
  for (const octet of more) out.push(octet)
}
