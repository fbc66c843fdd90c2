// The negotiation of the TPDU size: every value of C0, the forms of F0, and their absence.
import { describe, expect, it } from 'vitest'
import { acceptsClass0, answerSize, hasExpedited, proposeSize, settleSize } from '../src/negotiation.ts'
import { tcpLimits } from '../src/index.ts'
import { hex, toHex } from './raw.ts'

const FULL = tcpLimits.tpduOctets

/** `{ c0: '0d' }` */
function parameters(given: Record<string, string>): Map<number, Uint8Array> {
  return new Map(Object.entries(given).map(([code, value]) => [Number.parseInt(code, 16), hex(value)]))
}

describe('a CC answers the size of a CR', () => {
  it.each<[cr: Record<string, string>, own: number, size: number, cc: string]>([
    // C0, each value
    [{ c0: '07' }, FULL, 128, 'c0 07'],
    [{ c0: '08' }, FULL, 256, 'c0 08'],
    [{ c0: '09' }, FULL, 512, 'c0 09'],
    [{ c0: '0a' }, FULL, 1024, 'c0 0a'],
    [{ c0: '0b' }, FULL, 2048, 'c0 0b'],
    [{ c0: '0c' }, FULL, 4096, 'c0 0c'],
    [{ c0: '0d' }, FULL, 8192, 'c0 0d'],
    // C0, lowered by our own maximum
    [{ c0: '0d' }, 2048, 2048, 'c0 0b'],
    [{ c0: '0d' }, 3000, 2048, 'c0 0b'],
    [{ c0: '0a' }, 128, 128, 'c0 07'],
    // Absent: 65,531 would be RFC 1006's, yet the CC states a size and C0 ends at 8,192
    [{}, FULL, 8192, 'c0 0d'],
    [{}, 1024, 1024, 'c0 0a'],
    // No size at all: ignored
    [{ c0: '06' }, FULL, 8192, 'c0 0d'],
    [{ c0: '0e' }, FULL, 8192, 'c0 0d'],
    [{ c0: '0007' }, FULL, 8192, 'c0 0d'],
    [{ c0: '' }, FULL, 8192, 'c0 0d'],
    // F0, in one to four octets, alone and beside C0
    [{ f0: '01' }, FULL, 128, 'f0 01'],
    [{ f0: '10' }, FULL, 2048, 'f0 10'],
    [{ f0: 'ff' }, FULL, 32_640, 'f0 ff'],
    [{ f0: '0100' }, FULL, 32_768, 'f0 0100'],
    [{ f0: '01ff' }, FULL, 65_408, 'f0 01ff'],
    [{ f0: '0001ff' }, FULL, 65_408, 'f0 01ff'],
    [{ f0: '000001ff' }, FULL, 65_408, 'f0 01ff'],
    [{ f0: '00000010', c0: '07' }, FULL, 2048, 'f0 10'],
    // F0 above what a TPKT holds, or above our own maximum
    [{ f0: '0200' }, FULL, 65_408, 'f0 01ff'],
    [{ f0: 'ffffffff' }, FULL, 65_408, 'f0 01ff'],
    [{ f0: '01ff' }, 3000, 2944, 'f0 17'],
    [{ f0: '01ff' }, 128, 128, 'f0 01'],
    // F0 that is none: C0 counts
    [{ f0: '00', c0: '0a' }, FULL, 1024, 'c0 0a'],
    [{ f0: '', c0: '0a' }, FULL, 1024, 'c0 0a'],
    [{ f0: '0000000001', c0: '0a' }, FULL, 1024, 'c0 0a'],
  ])('%j, we take up to %i: %i', (cr, own, size, cc) => {
    const { size: agreed, parameter } = answerSize(parameters(cr), own)
    expect(agreed).toBe(size)
    expect(`${parameter[0].toString(16)} ${toHex(parameter[1])}`).toBe(cc)
  })
})

describe('a CR proposes', () => {
  it.each<[own: number, proposed: string[]]>([
    [FULL, ['f0 01ff', 'c0 0d']],
    [8192, ['c0 0d']],
    [8191, ['f0 3f', 'c0 0c']],
    [3000, ['f0 17', 'c0 0b']],
    [2048, ['c0 0b']],
    [2100, ['c0 0b']],
    [200, ['c0 07']],
    [128, ['c0 07']],
  ])('%i', (own, proposed) => {
    expect(proposeSize(own).map(([code, value]) => `${code.toString(16)} ${toHex(value)}`)).toEqual(proposed)
  })
})

describe('a CC settles the size', () => {
  it.each<[cc: Record<string, string>, own: number, size: number | string]>([
    [{ c0: '07' }, FULL, 128],
    [{ c0: '08' }, FULL, 256],
    [{ c0: '09' }, FULL, 512],
    [{ c0: '0a' }, FULL, 1024],
    [{ c0: '0b' }, FULL, 2048],
    [{ c0: '0c' }, FULL, 4096],
    [{ c0: '0d' }, FULL, 8192],
    [{ f0: '01' }, FULL, 128],
    [{ f0: '01ff' }, FULL, 65_408],
    [{ f0: '000001ff', c0: '07' }, FULL, 65_408],
    [{}, FULL, 8192],
    [{}, 1024, 1024],
    [{ c0: '0b' }, 1024, 'a CC with a TPDU size that was not proposed'],
    [{ c0: '0e' }, FULL, 'a CC with a TPDU size that was not proposed'],
    [{ c0: '06' }, FULL, 'a CC with a TPDU size that was not proposed'],
    [{ c0: '' }, FULL, 'a CC with a TPDU size that was not proposed'],
    [{ f0: '0200' }, FULL, 'a CC with a preferred TPDU size that was not proposed'],
    [{ f0: '00' }, FULL, 'a CC with a preferred TPDU size that was not proposed'],
    [{ f0: '01' }, 2048, 'a CC with a preferred TPDU size that was not proposed'],
  ])('%j, we proposed up to %i: %s', (cc, own, size) => {
    expect(settleSize(parameters(cc), own)).toBe(size)
  })
})

describe('the additional options', () => {
  it.each<[options: string | undefined, expedited: boolean]>([
    [undefined, false],
    ['00', false],
    ['01', true],
    ['ff', true],
    ['fe', false],
    ['', false],
    ['0101', false],
  ])('%s have expedited data: %s', (options, expedited) => {
    expect(hasExpedited(parameters(options === undefined ? {} : { c6: options }))).toBe(expedited)
  })
})

describe('class 0', () => {
  it.each<[preferred: number, alternatives: string | undefined, accepted: boolean]>([
    [0, undefined, true],
    [2, undefined, false],
    [2, '00', true],
    [4, '30 20 00', true],
    [4, '30 20', false],
    [2, '', false],
  ])('answers preferred class %i with alternatives %s: %s', (preferred, alternatives, accepted) => {
    const given = alternatives === undefined ? {} : { c7: alternatives }
    expect(acceptsClass0(preferred, parameters(given))).toBe(accepted)
  })
})
