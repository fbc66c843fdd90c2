// The short way of decoding: it makes what the library makes, or leaves the message alone.
import { Decoder, Encoder, ExtData } from '@msgpack/msgpack'
import { seeded } from '@parley/core/testing'
import { msgpack, rpcLimits } from '@parley/rpc'
import { describe, expect, it } from 'vitest'
import { KeyCache } from '../../src/presentation/key-cache.ts'
import { PlainDecoder } from '../../src/presentation/plain-decoder.ts'
import { randomValue } from './random-value.ts'
import { decodeAll, difference } from './support.ts'

const encoder = new Encoder()
const library = new Decoder()
const codec = msgpack()
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])
const text = (length: number, letter: string): string => letter.repeat(length)

describe('the short way', () => {
  it.each([
    ['numbers', [0, 1, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1]],
    ['negative numbers', [-1, -32, -33, -128, -129, -32_768, -32_769, -(2 ** 31)]],
    ['fractions and the like', [0.5, -0.5, 1e300, 5e-324, Number.NaN, Infinity, -Infinity]],
    ['constants', [true, false, null]],
    ['few octets', [new Uint8Array(), Uint8Array.of(1, 2), new Uint8Array(255).fill(7)]],
    [
      'ASCII',
      [
        '',
        'a',
        text(31, 'x'),
        text(32, 'x'),
        text(200, 'x'),
        text(255, 'x'),
        text(256, 'x'),
        text(3000, 'x'),
      ],
    ],
    [
      'other text',
      [
        'ä',
        'é€',
        '漢字',
        '🙂',
        'a🙂b',
        text(66, '漢'),
        text(100, '漢'),
        '\ufeff',
        '\ufeffa',
        text(22, 'a') + 'ä',
        '\u0000\u007f\u0080\u07ff\u0800\uffff',
      ],
    ],
    ['objects', [{}, { a: 1, b: { c: [] } }, { ä: 'x', '': 1, constructor: 1, '12': 0, [text(31, 'k')]: 2 }]],
    ['many elements', [Array.from({ length: 300 }, (_, i) => i)]],
    ['many keys', [Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, i]))]],
    ['nesting', [nested(14)]],
  ])('makes of %s what the library does', (_what, message) => {
    const octets = encoder.encode(message)
    const padded = Uint8Array.of(1, 2, 3, ...octets, 4)
    expect(difference(new PlainDecoder().message(padded, 3), message)).toBeUndefined()
  })

  it.each([
    ['many octets', new Uint8Array(256)],
    ['an extension', new ExtData(1, new Uint8Array(1))],
    ['a long string with a byte order mark', '\ufeff' + text(200, 'x')],
    ['a long key', { [text(32, 'k')]: 1 }],
    ['a large negative number', -(2 ** 40)],
    ['nesting', nested(20)],
  ])('leaves %s alone', (_what, value) => {
    const decoder = new PlainDecoder()
    expect(decoder.message(encoder.encode([1, value]), 0)).toBeUndefined()
    expect(decoder.message(encoder.encode([1, { inside: [value] }]), 0)).toBeUndefined()
    expect(decoder.message(encoder.encode([1, { inside: [2] }]), 0)).toEqual([1, { inside: [2] }])
  })

  it('makes of values of all kinds what the library does, or nothing', () => {
    const decoder = new PlainDecoder()
    let made = 0
    for (let seed = 0; seed < 2000; seed++) {
      const octets = codec.encode([1, randomValue(seeded(seed), 4)]).slice()
      const message = decoder.message(octets, 0)
      if (message === undefined) continue
      made += 1
      expect(difference(message, library.decode(octets))).toBeUndefined()
    }
    expect(made).toBeGreaterThan(300)
  })
})

describe('an SSDU', () => {
  it('may mix messages that are plain with others, and with such as are longer than plainOctets', () => {
    const date = new Date(5)
    const long = Array.from({ length: rpcLimits.plainOctets }, () => 1)
    const kinds = [{ a: 'x' }, date, long, new Uint8Array(5), 'ä']
    for (let seed = 0; seed < 200; seed++) {
      const random = seeded(seed)
      const messages = Array.from({ length: 1 + random.below(6) }, (_, i) => [i, random.pick(kinds)])
      const ssdu = Buffer.concat(messages.map((message) => codec.encode(message).slice()))
      expect(difference(decodeAll(codec, ssdu), messages)).toBeUndefined()
      const lengths: number[] = []
      codec.decode(ssdu, (_message, length) => void lengths.push(length))
      expect(lengths).toEqual(messages.map((message) => codec.encode(message).length))
    }
  })

  it('may be decoded while another is', () => {
    const outer = codec.encode([1, { a: 1 }]).slice()
    const inner = codec.encode([2, { b: 2 }]).slice()
    const seen: unknown[] = []
    codec.decode(Uint8Array.of(...outer, ...outer), (message) => {
      seen.push(message)
      codec.decode(inner, (nestedMessage) => void seen.push(nestedMessage))
    })
    const both = [
      [1, { a: 1 }],
      [2, { b: 2 }],
    ]
    expect(seen).toEqual([...both, ...both])
  })
})

describe('known keys', () => {
  it('are found again, and are right when more than keptKeys come', () => {
    const cache = new KeyCache()
    const names = Array.from({ length: 20 * rpcLimits.keptKeys }, (_, i) => `key ${i} ${'ä'.repeat(i % 5)}`)
    for (const name of [...names, ...names.toReversed(), '', 'a', 'a']) {
      const octets = new TextEncoder().encode(`..${name}`)
      expect(cache.get(octets, 2, octets.length - 2)).toBe(name)
    }
  })

  it('do not hold the octets they came in', () => {
    const cache = new KeyCache()
    const octets = new TextEncoder().encode('name')
    expect(cache.get(octets, 0, 4)).toBe('name')
    octets.fill(0x61)
    expect(cache.get(octets, 0, 4)).toBe('aaaa')
    expect(cache.get(new TextEncoder().encode('name'), 0, 4)).toBe('name')
  })
})
