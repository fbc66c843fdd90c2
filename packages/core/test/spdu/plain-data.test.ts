// The hot path: whole data, `01 00 01 00` and typed `21 00`, without the table and with the same results.
import { describe, expect, test } from 'vitest'
import { decodeTsdu, encodeData, encodeTsdu, openingContext, plainData } from '../../src/spdu/index.ts'
import { ascii, faultOf, goodVectors, hex, parse } from './support.ts'

describe('plain data', () => {
  test('01 00 01 00 and nothing else is the fast form', () => {
    expect(plainData(hex('01000100 6162'))).toEqual(ascii('ab'))
    for (const other of [
      '',
      '01',
      '010001',
      '01000100',
      '0100010319010361',
      '2100 61',
      '0103100101 0100 61',
      '02000100 61',
    ]) {
      expect(plainData(hex(other))).toBeUndefined()
    }
  })

  test('payloads are handed on, never copied, and empty parts are no harm', () => {
    const one = ascii('one')
    const two = ascii('two')
    expect(encodeData(one)[1]).toBe(one)
    expect(encodeData([one, two]).slice(1)).toEqual([one, two])
    expect(encodeTsdu([{ type: 'DT', userInformation: one }])).toEqual([hex('01000100'), one])
    expect(encodeTsdu([{ type: 'TD', userInformation: [one, two] }])).toEqual([hex('2100'), one, two])
    const [header, payload] = encodeTsdu([{ type: 'FN', userData: one }])
    expect([header, payload]).toEqual([hex('0905c103'), one])
    expect(payload).toBe(one)
    expect(encodeTsdu([{ type: 'FN', userData: [new Uint8Array(0), one] }])).toEqual([hex('0905c103'), one])
    expect(faultOf(() => encodeData(new Uint8Array(0))).reason).toBe('missing')
    expect(faultOf(() => encodeData([])).reason).toBe('missing')
    expect(faultOf(() => encodeTsdu([{ type: 'TD', userInformation: [] }])).reason).toBe('missing')
  })

  test('the fast paths give what the table gives', () => {
    for (const [, tsdu] of goodVectors) {
      const long = parse(tsdu).filter((spdu) => spdu.type === 'DT' || spdu.type === 'TD')
      if (long.length === 1 && (plainData(tsdu) !== undefined || tsdu[0] === 33)) {
        expect(decodeTsdu(tsdu, openingContext)).toEqual(long)
      }
    }
  })
})
