// Joining what comes in segments: what is delivered and when, what cuts a series short, and what is too much.
import { describe, expect, test } from 'vitest'
import { coreLimits } from '../../src/limits.ts'
import {
  decodeTsdu,
  openingContext,
  SegmentJoiner,
  type DecodedSpdu,
  type LaterSegment,
  type ReceivedSpdu,
} from '../../src/spdu/index.ts'
import { ascii, faultOf, hex } from './support.ts'

const limits = { ssduOctets: 1_000_000, ssduSegments: 1_000 }

const data = (type: 'DT' | 'TD', enclosureItem: number, text = 'x'): DecodedSpdu => ({
  type,
  enclosureItem,
  userInformation: ascii(text),
})
const later = (type: LaterSegment['type'], enclosureItem: 0 | 2, text = 'x'): DecodedSpdu => ({
  type,
  later: true,
  enclosureItem,
  userData: ascii(text),
})
const first = (type: 'MIP' | 'FN'): DecodedSpdu =>
  type === 'FN'
    ? { type, enclosureItem: 1, userData: ascii('x') }
    : { type, enclosureItem: 1, serialNumber: 1, userData: ascii('x') }
const abortSegment: DecodedSpdu = {
  type: 'AB',
  transportDisconnect: 3,
  enclosureItem: 1,
  userData: ascii('x'),
}
const RS: ReceivedSpdu = { type: 'RS', resyncType: 0, serialNumber: 1 }
const AB: ReceivedSpdu = { type: 'AB', transportDisconnect: 3 }
const EX: ReceivedSpdu = { type: 'EX', userInformation: ascii('e') }
const PR = (prepareType: number): ReceivedSpdu => ({ type: 'PR', prepareType })

describe('joining', () => {
  test('whole SPDUs pass through untouched', () => {
    const joiner = new SegmentJoiner(limits)
    const whole: readonly ReceivedSpdu[] = [
      { type: 'DT', userInformation: ascii('a') },
      { type: 'DT', enclosureItem: 3, userInformation: ascii('a') },
      { type: 'CDO', enclosureItem: 0, userData: ascii('c') },
      RS,
      EX,
    ]
    for (const spdu of whole) expect(joiner.accept(spdu)).toBe(spdu)
    expect(joiner.segmenting).toBeUndefined()
  })

  test('the joined SPDU has the parameters of the first segment and one piece of data', () => {
    const joiner = new SegmentJoiner(limits)
    expect(joiner.accept(first('MIP'))).toBeUndefined()
    expect(joiner.segmenting).toBe('MIP')
    expect(joiner.accept(later('MIP', 0, 'yy'))).toBeUndefined()
    expect(joiner.accept(later('MIP', 2, 'z'))).toEqual({
      type: 'MIP',
      enclosureItem: undefined,
      serialNumber: 1,
      userData: ascii('xyyz'),
    })
    expect(joiner.segmenting).toBeUndefined()
  })

  test('an empty last segment', () => {
    const joiner = new SegmentJoiner(limits)
    joiner.accept(data('DT', 1, 'abc'))
    expect(joiner.accept(data('DT', 2, ''))).toEqual({ type: 'DT', userInformation: ascii('abc') })
    joiner.accept(first('FN'))
    expect(joiner.accept({ type: 'FN', later: true, enclosureItem: 2 })).toMatchObject({
      type: 'FN',
      userData: ascii('x'),
    })
  })

  test('segments are copied, so that no TSDU is held on to', () => {
    const joiner = new SegmentJoiner(limits)
    const tsdu = hex('0100 0103190101 616263')
    for (const spdu of decodeTsdu(tsdu, openingContext)) joiner.accept(spdu)
    tsdu.fill(0)
    expect(joiner.accept(data('DT', 2, 'd'))).toEqual({ type: 'DT', userInformation: ascii('abcd') })
  })

  test.each([
    ['a middle without a first', [data('DT', 0)]],
    ['a last without a first', [later('FN', 2)]],
    ['a first after a first', [data('DT', 1), data('DT', 1)]],
    ['a whole amid a series', [data('DT', 1), data('DT', 3)]],
    ['typed data amid data', [data('DT', 1), data('TD', 3)]],
    ['a segment of another SPDU', [data('DT', 1), data('TD', 0)]],
    ['MIP amid data', [data('DT', 1), { type: 'MIP', serialNumber: 1 }]],
    ['data amid MIP', [first('MIP'), data('DT', 3)]],
    ['PR (RA) amid data', [data('DT', 1), PR(3)]],
    ['anything amid an ABORT', [abortSegment, RS]],
    ['an ABORT amid an ABORT', [abortSegment, AB]],
    ['EX amid an ABORT', [abortSegment, EX]],
  ] as readonly (readonly [string, readonly DecodedSpdu[]])[])('refused: %s', (name, spdus) => {
    const joiner = new SegmentJoiner(limits)
    const before = spdus.slice(0, -1)
    for (const spdu of before) expect(joiner.accept(spdu)).toBeUndefined()
    const last = spdus.at(-1)
    if (last === undefined) throw new Error('no last')
    if (name === 'PR (RA) amid data') {
      // It passes by: what it announces is what is wrong.
      expect(joiner.accept(last)).toBe(last)
      expect(faultOf(() => joiner.accept({ type: 'RA', serialNumber: 1 })).reason).toBe('segment')
      return
    }
    expect(faultOf(() => joiner.accept(last)).reason).toBe('segment')
    expect(joiner.segmenting).toBeUndefined()
  })

  test('EX and PR (MAA) pass by a series', () => {
    const joiner = new SegmentJoiner(limits)
    joiner.accept(data('DT', 1, 'a'))
    expect(joiner.accept(EX)).toBe(EX)
    expect(joiner.accept(PR(1))).toEqual(PR(1))
    expect(joiner.accept(data('DT', 2, 'b'))).toMatchObject({ userInformation: ascii('ab') })
  })

  const cutters: readonly ReceivedSpdu[] = [
    RS,
    AB,
    { type: 'ER', reflectParameterValues: ascii('r') },
    { type: 'ED', reasonCode: 0 },
    { type: 'AI' },
    { type: 'AD' },
    PR(2),
  ]

  test.each(cutters.map((spdu) => [spdu.type, spdu] as const))(
    '%s from the peer cuts a series and is itself delivered',
    (_, spdu) => {
      for (const start of [data('DT', 1), data('TD', 1), first('MIP'), first('FN')]) {
        const joiner = new SegmentJoiner(limits)
        joiner.accept(start)
        expect(joiner.accept(spdu)).toBe(spdu)
        expect(joiner.accept({ type: 'DT', userInformation: ascii('n') })).toMatchObject({
          userInformation: ascii('n'),
        })
        expect(faultOf(() => joiner.accept(data('DT', 2))).reason).toBe('segment')
      }
    },
  )

  test('PR (AB) cuts other series than data', () => {
    const joiner = new SegmentJoiner(limits)
    joiner.accept(data('DT', 1))
    joiner.accept(PR(4))
    expect(joiner.segmenting).toBe('DT')
    expect(joiner.accept(data('DT', 2))).toMatchObject({ type: 'DT' })
    joiner.accept(first('MIP'))
    joiner.accept(PR(4))
    expect(joiner.accept(later('MIP', 2))).toBeUndefined()
  })

  test('what this side sends cuts too, and the segments still on their way are dropped', () => {
    const joiner = new SegmentJoiner(limits)
    joiner.accept(data('DT', 1))
    joiner.sent({ type: 'DT', userInformation: ascii('d') })
    expect(joiner.segmenting).toBe('DT')
    joiner.sent(RS)
    expect(joiner.segmenting).toBe('DT')
    expect(joiner.accept(data('DT', 0))).toBeUndefined()
    expect(joiner.accept(data('DT', 2))).toBeUndefined()
    expect(joiner.segmenting).toBeUndefined()
    expect(faultOf(() => joiner.accept(data('DT', 2))).reason).toBe('segment')
  })

  test('what is not data goes on through what this side sends, unless its sender gives it up', () => {
    const joiner = new SegmentJoiner(limits)
    joiner.accept(first('MIP'))
    joiner.sent(RS)
    expect(joiner.accept(later('MIP', 2))).toMatchObject({ type: 'MIP' })
    joiner.accept(first('MIP'))
    joiner.sent(RS)
    expect(joiner.accept({ type: 'RA', serialNumber: 1 })).toMatchObject({ type: 'RA' })
    expect(joiner.segmenting).toBeUndefined()
    joiner.accept(first('MIP'))
    expect(faultOf(() => joiner.accept({ type: 'RA', serialNumber: 1 })).reason).toBe('segment')
  })

  test('the rest of a series that was cut ends with the next SPDU of the normal flow', () => {
    const joiner = new SegmentJoiner(limits)
    joiner.accept(data('DT', 1))
    joiner.sent(RS)
    joiner.accept(EX)
    expect(joiner.segmenting).toBe('DT')
    joiner.accept({ type: 'RA', serialNumber: 1 })
    expect(joiner.segmenting).toBeUndefined()
    expect(faultOf(() => joiner.accept(data('DT', 0))).reason).toBe('segment')
  })

  test('clear forgets everything', () => {
    const joiner = new SegmentJoiner(limits)
    joiner.accept(data('DT', 1))
    joiner.clear()
    expect(joiner.segmenting).toBeUndefined()
    expect(joiner.accept(data('DT', 3))).toMatchObject({ type: 'DT' })
  })
})

describe('limits of a series', () => {
  test('octets', () => {
    const joiner = new SegmentJoiner({ ssduOctets: 4, ssduSegments: 100 })
    joiner.accept(data('DT', 1, 'ab'))
    expect(joiner.accept(data('DT', 2, 'cd'))).toMatchObject({ userInformation: ascii('abcd') })
    joiner.accept(data('DT', 1, 'ab'))
    expect(faultOf(() => joiner.accept(data('DT', 0, 'cde'))).reason).toBe('limit')
    expect(joiner.segmenting).toBeUndefined()
    expect(faultOf(() => joiner.accept(data('DT', 1, 'abcde'))).reason).toBe('limit')
  })

  test('segments', () => {
    const joiner = new SegmentJoiner({ ssduOctets: 100, ssduSegments: 3 })
    const run = (count: number): unknown => {
      let last: unknown
      for (let number = 1; number <= count; number++) {
        last = joiner.accept(data('DT', number === 1 ? 1 : number === count ? 2 : 0))
      }
      return last
    }
    expect(run(3)).toMatchObject({ userInformation: ascii('xxx') })
    expect(faultOf(() => run(4)).reason).toBe('limit')
    expect(joiner.segmenting).toBeUndefined()
  })

  test('a series that never ends keeps what it keeps in one buffer of its own', () => {
    const joiner = new SegmentJoiner({ ssduOctets: 50_000, ssduSegments: 1_000_000 })
    const one = ascii('x')
    let accepted = 0
    const fault = faultOf(() => {
      joiner.accept({ type: 'TD', enclosureItem: 1, userInformation: one })
      for (;;) {
        joiner.accept({ type: 'TD', enclosureItem: 0, userInformation: one })
        accepted += 1
      }
    })
    expect(fault.reason).toBe('limit')
    expect(accepted).toBe(49_999)
  })

  test('the defaults', () => {
    expect(coreLimits.ssduOctets).toBe(65 * 1024 * 1024)
    expect(coreLimits.ssduSegments).toBe(65_536)
    const joiner = new SegmentJoiner(coreLimits)
    const fault = faultOf(() => {
      for (let number = 1; number <= coreLimits.ssduSegments + 1; number++) {
        joiner.accept(data('TD', number === 1 ? 1 : 0))
      }
    })
    expect(fault.message).toBe('TD: more than 65536 segments')
  })
})
