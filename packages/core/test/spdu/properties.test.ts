// Whatever the table allows survives the trip: arbitrary SPDUs made from the table itself, in either
// direction, cut into segments, and spoiled.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { faultOf as ruleFaultOf } from '../../src/spdu/rules.ts'
import { octetRange, planOf, type Plan, type SpduPlan, type Unit } from '../../src/spdu/plan.ts'
import {
  decodeTsdu,
  encodeTsdu,
  openingContext,
  segmentSsdu,
  SegmentJoiner,
  SpduError,
  type DecodeContext,
  type ReceivedSpdu,
  type Spdu,
} from '../../src/spdu/index.ts'
import { canonical, join, parse, surrounded } from './support.ts'

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
function spduOf(plan: SpduPlan): fc.Arbitrary<Spdu> {
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

const plans = [...planOf.values()]
const everySpdu: fc.Arbitrary<Spdu> = fc.oneof(...plans.map(spduOf))

function contextFor(spdu: Spdu): DecodeContext {
  return { ...openingContext, outstanding: spdu.type === 'AEA' ? 'AE' : 'MAP' }
}

const runs = { seed: 225, numRuns: 100 }

describe('properties', () => {
  test.each(plans.map((plan) => [plan.type, plan] as const))(
    '%s: what is encoded decodes to the same',
    (_, plan) => {
      fc.assert(
        fc.property(spduOf(plan), (spdu) => {
          const tsdu = join(encodeTsdu([spdu]))
          const back = parse(surrounded(tsdu), contextFor(spdu)).at(-1)
          expect(canonical(back)).toBe(canonical(spdu))
          expect(join(encodeTsdu([back as ReceivedSpdu]))).toEqual(tsdu)
        }),
        runs,
      )
    },
  )

  test('segments of any size join to the same SSDU', () => {
    const segmentable = everySpdu.filter((spdu) => !('enclosureItem' in spdu))
    fc.assert(
      fc.property(
        segmentable,
        fc.uint8Array({ minLength: 1, maxLength: 2_000 }),
        fc.integer({ min: 300, max: 900 }),
        (spdu, data, size) => {
          const carriesData =
            planOf.get(spdu.type)?.later !== undefined && (spdu.type !== 'RF' || spdu.reasonCode === 2)
          fc.pre(carriesData && (spdu.type !== 'AC' || spdu.connectAcceptItem?.versionNumber === 2))
          const whole = { ...spdu, userData: data } as Spdu
          const joiner = new SegmentJoiner({ ssduOctets: 10_000, ssduSegments: 100 })
          const segments = segmentSsdu(whole, { version: 2, maxTsduOctets: size })
          const received = segments.flatMap((segment) => {
            const tsdu = join(encodeTsdu([segment]))
            expect(tsdu.length).toBeLessThanOrEqual(size)
            return decodeTsdu(tsdu, { ...contextFor(spdu), segmenting: joiner.segmenting }).map((one) =>
              joiner.accept(one),
            )
          })
          expect(canonical(received.at(-1))).toBe(canonical(whole))
        },
      ),
      { ...runs, numRuns: 300 },
    )
  })

  test('random octets give SPDUs or SpduError, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (octets) => {
        try {
          expect(parse(octets).length).toBeLessThanOrEqual(4)
        } catch (error) {
          expect(error).toBeInstanceOf(SpduError)
        }
      }),
      { ...runs, numRuns: 3_000 },
    )
  })

  test('a TSDU cut anywhere never gives what was not in it', () => {
    fc.assert(
      fc.property(everySpdu, fc.nat(), (spdu, cut) => {
        const tsdu = join(encodeTsdu([spdu]))
        const piece = tsdu.subarray(0, cut % tsdu.length)
        try {
          const [last] = parse(piece, contextFor(spdu)).slice(-1)
          // Only user information may be shorter, and only a prefix with tokens stands alone.
          expect(['DT', 'TD', 'EX']).toContain(last?.type)
        } catch (error) {
          expect(error).toBeInstanceOf(SpduError)
        }
      }),
      { ...runs, numRuns: 1_000 },
    )
  })
})
