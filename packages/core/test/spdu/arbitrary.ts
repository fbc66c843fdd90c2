// Arbitrary SPDUs for properties, made from the table itself: whatever the rules of clause 8 allow, and
// nothing that they do not.
import * as fc from 'fast-check'
import { faultOf as ruleFaultOf } from '../../src/spdu/rules.ts'
import { octetRange, planOf, type Plan, type SpduPlan, type Unit } from '../../src/spdu/plan.ts'
import type { Spdu } from '../../src/spdu/index.ts'

/** An arbitrary value of one unit that conveys something. */
function valueOf(unit: Unit): fc.Arbitrary<unknown> {
  switch (unit.kind) {
    case 'group':
      return unit.group === undefined ? fc.constant(undefined) : levelOf(unit.group)
    case 'payload':
      return fc.uint8Array({ minLength: 1, maxLength: Math.min(unit.max2, 300) })
    case 'octets':
      return fc.uint8Array({ minLength: 1, maxLength: Math.min(unit.max2, 64) })
    case 'serial':
      return fc.integer({ min: 0, max: 10 ** unit.max2 - 1 })
    case 'binary':
      return fc.integer({ min: 0, max: 2 ** 32 - 1 })
    case 'requirements':
      return fc.integer({ min: 0, max: 0xffff })
    case 'sizes':
      return fc.record({
        fromInitiator: fc.integer({ min: 1, max: 0xffff }),
        fromResponder: fc.integer({ min: 0, max: 0xffff }),
      })
    case 'enclosure':
      return fc.constantFrom(0, 1, 2, 3)
    default: {
      const { mask, min, max } = octetRange[unit.kind]
      const least = unit.kind === 'tokens' || unit.kind === 'syncType' ? 1 : min
      return fc.integer({ min: least, max }).filter((value) => (value & ~mask) === 0)
    }
  }
}

/** The mandatory units of a level and any of the others. */
function levelOf(level: Plan): fc.Arbitrary<Record<string, unknown>> {
  const all = level.units.flatMap((unit) => (unit.rest === undefined ? [unit] : [unit, unit.rest]))
  const required = all.filter((unit) => unit.mandatory).map((unit) => unit.key)
  const model = Object.fromEntries(all.map((unit) => [unit.key, valueOf(unit)]))
  return fc.record(model, { requiredKeys: required }) as fc.Arbitrary<Record<string, unknown>>
}

/** An arbitrary SPDU of one type that the rules allow; what contradicts is left out or set right. */
export function spduOf(plan: SpduPlan): fc.Arbitrary<Spdu> {
  const information =
    plan.information === undefined
      ? fc.constant({})
      : fc.record({ userInformation: fc.uint8Array({ minLength: 1, maxLength: plan.information[1] ?? 300 }) })
  return fc
    .tuple(levelOf(plan), information)
    .map(([fields, more]) => settled({ type: plan.type, ...fields, ...more }, plan))
    .filter((spdu) => ruleFaultOf(spdu) === undefined)
}

function settled(fields: Record<string, unknown>, plan: SpduPlan): Spdu {
  const spdu = { ...fields }
  const item = spdu['connectAcceptItem'] as Record<string, unknown> | undefined
  const drop = (keys: readonly string[], from: Record<string, unknown> = spdu): void => {
    for (const key of keys) delete from[key]
  }
  if (item?.['upperLimitSerialNumber'] === undefined)
    drop(['largeInitialSerialNumber', 'largeSecondInitialSerialNumber'], item)
  else drop(['initialSerialNumber', 'secondInitialSerialNumber'], item)
  if (plan.later !== undefined) {
    if (spdu['userData'] === undefined) drop(['enclosureItem'])
    else if (spdu['enclosureItem'] !== undefined) spdu['enclosureItem'] = 1
  }
  if (plan.type === 'CN') {
    if (item === undefined || (Number(item['versionNumber']) & 1) === 1)
      drop(['extendedUserData', 'dataOverflow'])
    drop(spdu['extendedUserData'] === undefined ? ['dataOverflow'] : ['userData'])
  }
  if (plan.type === 'AC' && Number(item?.['versionNumber'] ?? 1) === 1) drop(['enclosureItem'])
  if (plan.type === 'OA') spdu['versionNumber'] = 2
  if (plan.type === 'CDO') spdu['enclosureItem'] = spdu['userData'] === undefined ? 2 : 0
  if (plan.type === 'MAP') spdu['syncTypeItem'] = 1
  if (plan.type === 'RF' && spdu['reasonCode'] !== 2) {
    if (spdu['userData'] === undefined) drop(['sessionUserRequirements'])
    else spdu['reasonCode'] = 2
  }
  if (plan.type === 'AB') spdu['transportDisconnect'] = Number(spdu['transportDisconnect']) | 6
  if (plan.type === 'GT' || plan.type === 'PT') spdu['tokenItem'] ??= 1
  if (plan.type === 'PR') spdu['prepareType'] = spdu['resyncType'] === undefined ? spdu['prepareType'] : 2
  return spdu as unknown as Spdu
}

/** The plans of all SPDUs. */
export const plans: readonly SpduPlan[] = [...planOf.values()]
/** Any SPDU. */
export const everySpdu: fc.Arbitrary<Spdu> = fc.oneof(...plans.map(spduOf))
