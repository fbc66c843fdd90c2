// The table made ready for the codec: every SPDU's parameters in increasing order of their codes, and by
// code. Built once at load; it adds nothing to what the table says, and the encoder and decoder read nothing
// else.

import { spduTable } from './table.ts'
import type { SpduType } from './types.ts'

/** What the value of a parameter looks like; see `octetRange` for those of one octet. */
export type Kind = OctetKind | 'requirements' | 'sizes' | 'octets' | 'serial' | 'binary' | 'payload' | 'group'

/** Kinds of exactly one octet. */
export type OctetKind = keyof typeof octetRange

/**
 * For the kinds of one octet: bits that mean something (others are reserved: sent 0, ignored), least and
 * most.
 */
export const octetRange = {
  octet: { mask: 0xff, min: 0, max: 255 },
  enclosure: { mask: 0x03, min: 0, max: 3 },
  tokens: { mask: 0x55, min: 0, max: 0x55 },
  syncType: { mask: 0x03, min: 0, max: 3 },
  disconnect: { mask: 0x1f, min: 0, max: 0x1f },
  resync: { mask: 0xff, min: 0, max: 2 },
  prepare: { mask: 0xff, min: 1, max: 4 },
  one: { mask: 0xff, min: 1, max: 1 },
} as const

/** One PI unit or PGI unit. */
export interface Unit {
  readonly code: number
  readonly key: string
  readonly kind: Kind
  readonly mandatory: boolean
  /** Most octets of the value in version 1 and in version 2; 0 = must not be there. */
  readonly max1: number
  readonly max2: number
  /** One bit per unit of a plan, to note what was there. */
  readonly bit: number
  /** Inside of a PGI unit. */
  readonly group: Plan | undefined
  /** User data that shares the unit: the first octet is this unit's value, the rest is the other's (RF). */
  readonly rest: Unit | undefined
}

/** The units of one nesting level. */
export interface Plan {
  readonly units: readonly Unit[]
  readonly byCode: readonly (Unit | undefined)[]
  /** Bits of the mandatory units. */
  readonly mandatory: number
}

/** All that the codec knows of one SPDU. */
export interface SpduPlan extends Plan {
  readonly type: SpduType
  readonly si: number
  readonly category: 0 | 1 | 2
  readonly flow: 'normal' | 'expedited' | 'either'
  readonly prefix: 'GT' | 'GT*' | 'PT' | undefined
  /** Least octets of the user information field, and most where that is limited. */
  readonly information: readonly [number, number?] | undefined
  /** What later segments of this SPDU's SSDU carry; none where the enclosure item does not mean that. */
  readonly later: Plan | undefined
}

/** The plan of each SPDU, by type. */
export const planOf: ReadonlyMap<SpduType, SpduPlan> = buildPlans()

/** True for the codes that X.225 gives a meaning anywhere: at another place they make the SPDU invalid. */
export const isDefinedCode: readonly boolean[] = definedCodes()

/** The same lookup where the type is known to be one of ours. */
export function plan(type: SpduType): SpduPlan {
  const found = planOf.get(type)
  if (found === undefined) throw new TypeError(`no SPDU is called ${String(type)}`)
  return found
}

type Parameter = readonly [
  code: number,
  presence: 'o' | 'm',
  kind: Kind,
  max: number | readonly [number, number],
]
interface Group {
  readonly group: number
  readonly presence: 'o' | 'm'
  readonly fields: Readonly<Record<string, Parameter>>
}
interface Entry {
  readonly si: number
  readonly category: 0 | 1 | 2
  readonly flow: 'normal' | 'expedited' | 'either'
  readonly prefix?: 'GT' | 'GT*' | 'PT'
  readonly information?: readonly [number, number?]
  readonly fields: Readonly<Record<string, Parameter | Group>>
}

function buildPlans(): Map<SpduType, SpduPlan> {
  const entries: Readonly<Record<SpduType, Entry>> = spduTable
  const plans = new Map<SpduType, SpduPlan>()
  for (const [name, entry] of Object.entries(entries)) {
    const type = name as SpduType // the keys of the table are the SPDU types
    const top = levelOf(entry.fields)
    plans.set(type, {
      ...top,
      type,
      si: entry.si,
      category: entry.category,
      flow: entry.flow,
      prefix: entry.prefix,
      information: entry.information,
      later: laterOf(entry.fields),
    })
  }
  return plans
}

/**
 * Later segments carry the enclosure item and the user data; their user data takes the whole of a shared
 * unit.
 */
function laterOf(fields: Entry['fields']): Plan | undefined {
  const { enclosureItem, userData } = fields
  if (enclosureItem === undefined || userData === undefined || isMandatory(enclosureItem)) return undefined
  return levelOf({ enclosureItem, userData })
}

function levelOf(fields: Entry['fields']): Plan {
  const units: Unit[] = []
  for (const [key, field] of Object.entries(fields)) {
    const unit = 'group' in field ? groupUnit(key, field) : parameterUnit(key, field)
    const shared = units.findIndex((other) => other.code === unit.code)
    const head = units[shared]
    if (head === undefined) units.push({ ...unit, bit: 1 << units.length })
    else units[shared] = { ...head, rest: unit }
  }
  units.sort((a, b) => a.code - b.code)
  const byCode: (Unit | undefined)[] = Array.from({ length: 256 }, () => undefined)
  let mandatory = 0
  for (const unit of units) {
    byCode[unit.code] = unit
    if (unit.mandatory) mandatory |= unit.bit
  }
  return { units, byCode, mandatory }
}

function parameterUnit(key: string, parameter: Parameter): Unit {
  const [code, , kind, max] = parameter
  const [max1, max2] = typeof max === 'number' ? [max, max] : max
  return {
    code,
    key,
    kind,
    mandatory: isMandatory(parameter),
    max1,
    max2,
    bit: 0,
    group: undefined,
    rest: undefined,
  }
}

function groupUnit(key: string, group: Group): Unit {
  const inside = levelOf(group.fields)
  const mandatory = isMandatory(group)
  const code = group.group
  return {
    code,
    key,
    kind: 'group',
    mandatory,
    max1: 65535,
    max2: 65535,
    bit: 0,
    group: inside,
    rest: undefined,
  }
}

function isMandatory(field: Parameter | Group): boolean {
  return ('group' in field ? field.presence : field[1]) === 'm'
}

function definedCodes(): boolean[] {
  const defined: boolean[] = Array.from({ length: 256 }, () => false)
  for (const { units } of planOf.values()) {
    for (const unit of units) {
      defined[unit.code] = true
      for (const inner of unit.group?.units ?? []) defined[inner.code] = true
    }
  }
  return defined
}
