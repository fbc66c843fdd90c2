// The PPDUs around RPC octets: exact octets, there and back, and nothing else taken for one.
import { describe, expect, it } from 'vitest'
import {
  DATA_HEADER_LENGTH,
  dataContent,
  decodeControl,
  encodeControl,
  writeDataHeader,
} from '../../src/presentation/ppdu.ts'

const hex = (octets: Uint8Array | undefined) => octets && Buffer.from(octets).toString('hex')
const octets = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'))

describe('a data PPDU', () => {
  it('is an octet string [APPLICATION 0] with its length in four octets', () => {
    const bytes = new Uint8Array(DATA_HEADER_LENGTH + 3).fill(7)
    writeDataHeader(bytes, 0, 3)
    expect(hex(bytes)).toBe('408400000003070707')
    expect(hex(dataContent(bytes))).toBe('070707')
  })

  it.each(['4003 616263', '4081 03 616263', '4082 0003 616263', '4084 00000003 616263'])(
    'is read with every definite form of the length: %s',
    (text) => expect(hex(dataContent(octets(text)))).toBe('616263'),
  )

  it.each([
    '',
    '40',
    '4080 616263 0000',
    '4004 616263',
    '4002 616263',
    '4184 00000003 616263',
    '4085 0000000003 616263',
    '4084 0000',
  ])('is not %j', (text) => expect(dataContent(octets(text))).toBeUndefined())
})

describe('a control PPDU', () => {
  it('is what X.226 has for the service', () => {
    const content = octets('616263')
    const data = '408400000003616263'
    expect(hex(encodeControl('connect', content))).toBe(
      `318400000014a003800101a284000000 09${data}`.replace(' ', ''),
    )
    expect(hex(encodeControl('refuse', content))).toBe(`308400000009${data}`)
    expect(hex(encodeControl('abort', content))).toBe(`a08400000009${data}`)
  })

  it.each(['connect', 'refuse', 'abort'] as const)('%s comes back, and cut anywhere does not', (ppdu) => {
    const whole = encodeControl(ppdu, octets('616263'))
    expect(hex(decodeControl(ppdu, whole))).toBe('616263')
    for (let length = 0; length < whole.length; length++) {
      expect(decodeControl(ppdu, whole.subarray(0, length))).toBeUndefined()
    }
  })
})
