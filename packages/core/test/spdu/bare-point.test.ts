// The hot path of sync points: MIP and MIA with nothing but a serial number, without the table and with the
// same results.
import { describe, expect, test } from 'vitest'
import { decodeBarePoint, encodeBarePoint } from '../../src/spdu/bare-point.ts'
import { encodeSpdus } from '../../src/spdu/encode.ts'
import { decodeTsdu, encodeTsdu, openingContext, type ReceivedSpdu, type Spdu } from '../../src/spdu/index.ts'
import { faultOf, goodVectors, hex, join, parse } from './support.ts'

type Point = ReceivedSpdu<'MIP' | 'MIA'>

const numbers = [0, 1, 9, 10, 99, 100, 4_711, 99_999, 100_000, 999_998, 999_999]
const types = ['MIP', 'MIA'] as const
const points = types.flatMap((type) => numbers.map((serialNumber): Point => ({ type, serialNumber })))

describe('bare points', () => {
  test.each(points)('$type $serialNumber is what the table makes of it, both ways', (point) => {
    const prefix: Spdu = { type: point.type === 'MIP' ? 'GT' : 'PT' }
    const tsdu = join(encodeSpdus([prefix, point], 2))
    expect(encodeBarePoint(point)).toEqual(tsdu)
    expect(join(encodeTsdu([point]))).toEqual(tsdu)
    expect(decodeBarePoint(tsdu)).toEqual(point)
    expect(decodeTsdu(tsdu, openingContext)).toEqual([point])
    expect(parse(tsdu).at(-1)).toEqual(point)
  })

  test('undefined as a value is no value', () => {
    const point = { type: 'MIP', serialNumber: 7, syncTypeItem: undefined, userData: undefined } as const
    expect(encodeBarePoint(point)).toEqual(hex('0100 3103 2A01 37'))
  })

  test.each<Spdu>([
    { type: 'MIP', serialNumber: 7, syncTypeItem: 1 },
    { type: 'MIP', serialNumber: 7, enclosureItem: 3 },
    { type: 'MIA', serialNumber: 7, userData: Uint8Array.of(1) },
    { type: 'MAP', serialNumber: 7, syncTypeItem: 0 },
    { type: 'GT', tokenItem: 1 },
  ])('%j has another form', (spdu) => {
    expect(encodeBarePoint(spdu)).toBeUndefined()
  })

  test.each([
    [-1, 'value'],
    [0.5, 'value'],
    [Number.NaN, 'value'],
    [1_000_000, 'length'],
  ])('serial number %d is for the table to refuse', (serialNumber, reason) => {
    expect(encodeBarePoint({ type: 'MIP', serialNumber })).toBeUndefined()
    expect(faultOf(() => encodeTsdu([{ type: 'MIP', serialNumber }])).reason).toBe(reason)
  })

  test.each([
    ['nothing', ''],
    ['no digit', '0100 3102 2A00'],
    ['seven digits', '0100 3109 2A07 31323334353637'],
    ['a letter', '0100 3103 2A01 41'],
    ['a sign', '0100 3103 2A01 2D'],
    ['another prefix', '0200 3103 2A01 37'],
    ['the other prefix', '0100 3203 2A01 37'],
    ['a token in the prefix', '0103 1001 01 3103 2A01 37'],
    ['a prefix of another length', '0101 3103 2A01 37'],
    ['another SPDU', '0100 2903 2A01 37'],
    ['a longer LI', '0100 3104 2A01 37'],
    ['a shorter LI', '0100 3102 2A01 37'],
    ['the long form of LI', '0100 31FF0003 2A01 37'],
    ['another parameter', '0100 3103 2B01 37'],
    ['a longer parameter', '0100 3103 2A02 37'],
    ['one octet more', '0100 3103 2A01 37 00'],
    ['a sync type', '0100 3106 0F0101 2A01 37'],
  ])('%s: not this form', (_, octets) => {
    expect(decodeBarePoint(hex(octets))).toBeUndefined()
  })

  test('no vector of another form is taken for one', () => {
    const taken = goodVectors.filter(([, tsdu]) => decodeBarePoint(tsdu) !== undefined)
    expect(taken.map(([name]) => name)).toEqual([])
  })
})
