// Whatever the table allows survives the trip: arbitrary SPDUs made from the table itself, in either
// direction, cut into segments, and spoiled.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planOf } from '../../src/spdu/plan.ts'
import {
  decodeTsdu,
  encodeTsdu,
  isUncut,
  openingContext,
  segmentSsdu,
  SegmentJoiner,
  SpduError,
  type DecodeContext,
  type ReceivedSpdu,
  type Spdu,
} from '../../src/spdu/index.ts'
import { everySpdu, plans, spduOf } from './arbitrary.ts'
import { canonical, join, parse, surrounded } from './support.ts'

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

  test('what is sent uncut is what cutting would leave whole', () => {
    const sizes = fc.constantFrom(0, 300)
    fc.assert(
      fc.property(everySpdu, sizes, (spdu, maxTsduOctets) => {
        if (!isUncut(spdu, maxTsduOctets)) return
        expect(segmentSsdu(spdu, { version: 2, maxTsduOctets })).toEqual([spdu])
        expect(segmentSsdu(spdu, { version: 1, maxTsduOctets })).toEqual([spdu])
      }),
      { ...runs, numRuns: 1_000 },
    )
    const data = Uint8Array.of(1)
    for (const spdu of [
      { type: 'DT', userInformation: data },
      { type: 'TD', userInformation: data },
      { type: 'MIP', serialNumber: 1 },
    ] as const) {
      expect(isUncut(spdu, 0)).toBe(true)
      expect(isUncut(spdu, 300)).toBe(false)
    }
  })

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
