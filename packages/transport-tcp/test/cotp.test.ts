// TPDUs to octets and back, and every way in which they can be wrong.
import { describe, expect, it } from 'vitest'
import {
  decodeTpdu,
  disconnectWords,
  encodeConnect,
  encodeDisconnect,
  encodeError,
  encodeExpedited,
  errorWords,
  type TpduFault,
} from '../src/cotp.ts'
import { hex, toHex } from './raw.ts'

describe('encoding', () => {
  it('writes a CR and a CC', () => {
    const selector = Uint8Array.of(0x61, 0x62)
    expect(
      toHex(
        encodeConnect('CR', 0, 1, [
          [0xc0, Uint8Array.of(0x0d)],
          [0xc2, selector],
        ]),
      ),
    ).toBe('0de00000000100c0010dc2026162')
    expect(toHex(encodeConnect('CC', 0x1234, 0x5678, []))).toBe('06d01234567800')
  })

  it('writes an ED with EOT, as RFC 1006 says', () => {
    expect(toHex(encodeExpedited(hex('0102')))).toBe('0210800102')
  })

  it('writes a DR with source 0', () => {
    expect(toHex(encodeDisconnect(0x1234, 3))).toBe('06801234000003')
  })

  it('writes an ER with the octets up to the fault, and no more than fit', () => {
    const fault: TpduFault = { type: 'fault', cause: 2, upTo: 2, message: '' }
    expect(toHex(encodeError(0, fault, hex('02f08061')))).toBe('0870000002c10202f0')
    const long = encodeError(0, { ...fault, upTo: 1000 }, new Uint8Array(500))
    expect(long.length).toBe(255)
    expect(long[0]).toBe(254)
    expect(decodeTpdu(long)).toEqual({ type: 'ER', destination: 0, cause: 2 })
  })
})

describe('an ED', () => {
  it.each<[octets: string, data: string]>([
    ['02 10 80 01', '01'],
    ['02 10 00 01', '01'],
    ['02 10 80 000102030405060708090a0b0c0d0e0f', '000102030405060708090a0b0c0d0e0f'],
  ])('%s is read where there are any', (octets, data) => {
    expect(decodeTpdu(hex(octets), true)).toEqual({ type: 'ED', data: hex(data) })
    expect(decodeTpdu(hex(octets))).toMatchObject({ type: 'fault', cause: 2, upTo: 2 })
  })

  it.each<[octets: string, cause: number, upTo: number, message: string]>([
    ['02 10 80', 0, 3, 'an ED with 0 octets of data'],
    ['02 10', 0, 1, 'a TPDU with a header of 2 octets in 1'],
    ['02 10 00 000102030405060708090a0b0c0d0e0f10', 0, 3, 'an ED with 17 octets of data'],
    ['02 10 81 01', 3, 3, 'an ED that ends with 0x81'],
    ['02 10 40 01', 3, 3, 'an ED that ends with 0x40'],
    ['04 10 0001 80 01', 0, 1, 'an ED with a header of 4 octets'],
  ])('%s is wrong', (octets, cause, upTo, message) => {
    expect(decodeTpdu(hex(octets), true)).toEqual({ type: 'fault', cause, upTo, message })
  })
})

describe('decoding', () => {
  it('reads what others send', () => {
    const typical = decodeTpdu(hex('11 e0 0000 0001 00 c0010d c2020001 c1020001'))
    expect(typical).toEqual({
      type: 'CR',
      destination: 0,
      source: 1,
      class: 0,
      parameters: new Map([
        [0xc0, hex('0d')],
        [0xc2, hex('0001')],
        [0xc1, hex('0001')],
      ]),
    })
    expect(decodeTpdu(hex('06 d0 0001 0077 00'))).toMatchObject({ type: 'CC', destination: 1, source: 0x77 })
    expect(decodeTpdu(hex('06 80 0001 0000 80'))).toEqual({
      type: 'DR',
      destination: 1,
      source: 0,
      reason: 0x80,
    })
    expect(decodeTpdu(hex('09 80 0001 0000 80 e00141'))).toMatchObject({ type: 'DR', reason: 0x80 })
    expect(decodeTpdu(hex('04 70 0001 02'))).toEqual({ type: 'ER', destination: 1, cause: 2 })
  })

  it('takes the credit, user data and the class options for what they mean in class 0: nothing', () => {
    expect(decodeTpdu(hex('06 ef 0000 0001 02 aabbcc'))).toMatchObject({ type: 'CR', class: 0 })
    expect(decodeTpdu(hex('06 e0 0000 0001 42'))).toMatchObject({ class: 4 })
  })

  it('lets the last of duplicates count and ignores unknown parameters in a CR', () => {
    const cr = decodeTpdu(hex('11 e0 0000 0001 00 c0010a 990100 7f00 c00107'))
    expect(cr).toMatchObject({ type: 'CR' })
    expect('parameters' in cr ? cr.parameters.get(0xc0) : undefined).toEqual(hex('07'))
  })

  it.each<[octets: string, cause: number, upTo: number, message: string]>([
    ['ff f0 80', 0, 1, 'a TPDU with a header of 255 octets in 2'],
    ['03 f0 80', 0, 1, 'a TPDU with a header of 3 octets in 2'],
    ['06 e0 0000 0001', 0, 1, 'a TPDU with a header of 6 octets in 5'],
    ['05 e0 0000 0001', 0, 1, 'a CR of 5 octets'],
    ['05 d0 0000 0001', 0, 1, 'a CC of 5 octets'],
    ['05 80 0000 0001', 0, 1, 'a DR of 5 octets'],
    ['03 70 0000', 0, 1, 'an ER of 3 octets'],
    ['02 f0 80', 2, 2, 'a DT with a header of 2 octets'],
    ['04 f0 0001 80', 2, 2, 'a DT with a header of 4 octets'],
    ['02 10 80 61', 2, 2, 'an ED with a header of 2 octets'],
    ['04 20 0001 00', 2, 2, 'an EA with a header of 4 octets'],
    ['04 60 0001 00', 2, 2, 'an AK with a header of 4 octets'],
    ['04 50 0001 00', 2, 2, 'an RJ with a header of 4 octets'],
    ['05 c0 0001 0001', 2, 2, 'a DC with a header of 5 octets'],
    ['02 00 00', 2, 2, 'a TPDU of type 0x00 with a header of 2 octets'],
    ['06 8f 0000 0001 00', 2, 2, 'a TPDU of type 0x8f with a header of 6 octets'],
    ['07 e0 0000 0001 00 c0', 3, 8, 'a CR whose parameter 0xc0 does not fit'],
    ['08 e0 0000 0001 00 c001', 3, 8, 'a CR whose parameter 0xc0 does not fit'],
    ['08 e0 0000 0001 00 c0ff', 3, 8, 'a CR whose parameter 0xc0 does not fit'],
    ['0b d0 0001 0001 00 c0010d 9900', 1, 11, 'a CC with the unknown parameter 0x99'],
    ['08 80 0001 0001 00 9900', 1, 8, 'a DR with the unknown parameter 0x99'],
    ['06 70 0001 00 9900', 1, 6, 'an ER with the unknown parameter 0x99'],
  ])('finds the fault in %s', (octets, cause, upTo, message) => {
    expect(decodeTpdu(hex(octets))).toEqual({ type: 'fault', cause, upTo, message })
  })

  it('never reads past the end, wherever a TPDU is cut off', () => {
    const whole = hex('11 e0 0000 0001 00 c0010d c2020001 c1020001')
    for (let length = 0; length < whole.length; length++) {
      expect(decodeTpdu(whole.subarray(0, length)).type).toBe('fault')
    }
  })

  it('has words for every reason and cause, known or not', () => {
    for (let octet = 0; octet < 256; octet++) {
      expect(disconnectWords(octet)).toMatch(/^[a-z0-9 ]+$/)
      expect(errorWords(octet)).toMatch(/^[a-zA-Z0-9 ]+$/)
    }
    expect(disconnectWords(3)).toBe('address unknown')
  })
})
