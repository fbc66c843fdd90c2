// The short way of encoding: it writes what the library writes, or leaves the message alone.
import { Encoder } from '@msgpack/msgpack'
import { seeded } from '@parley/core/testing'
import { rpcLimits } from '@parley/rpc'
import { describe, expect, it } from 'vitest'
import { PlainEncoder } from '../../src/presentation/plain-encoder.ts'
import { randomValue } from './random-value.ts'

const library = new Encoder()
const plain = new PlainEncoder()
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])

describe('the short way', () => {
  it.each([
    ['numbers', [0, 1, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1]],
    ['negative numbers', [-1, -32, -33, -128, -129, -32_768, -32_769, -(2 ** 31)]],
    ['fractions and the like', [0.5, -0.5, 1e300, 2 ** 53, -(2 ** 53), Number.NaN, Infinity, -Infinity]],
    ['constants', [true, false, null]],
    ['few octets', [new Uint8Array(), Uint8Array.of(1, 2), new Uint8Array(255).fill(7)]],
    ['ASCII', ['', 'a', 'x'.repeat(31), 'x'.repeat(32), 'x'.repeat(255), 'x'.repeat(256), 'x'.repeat(1000)]],
    ['other text', ['ä', 'é€', '漢字', '🙂', 'a🙂b', 'ä'.repeat(15), 'ä'.repeat(16), '漢'.repeat(64)]],
    ['objects', [{}, { a: 1, b: { c: [] } }, { ä: 'x', constructor: 1 }]],
    ['nesting', [nested(14)]],
    ['many elements', [Array.from({ length: 15 }, () => 0), Array.from({ length: 300 }, () => 0)]],
    ['many keys', [Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, i]))]],
  ])('writes %s as the library does', (_what, message) => {
    expect(plain.encode(message)?.slice()).toEqual(library.encode(message))
  })

  it.each([
    ['undefined', undefined],
    ['a hole', [1, , 2]], // oxlint-disable-line no-sparse-arrays -- the hole is what this is about
    ['minus zero', -0],
    ['a large negative number', -(2 ** 40)],
    ['half a surrogate pair', 'a\ud800'],
    ['the other half', '\udc00b'],
    ['two first halves', '\ud800\ud800'],
    ['half a pair in a key', { '\ud800': 1 }],
    ['a string longer than there is room', 'x'.repeat(rpcLimits.plainOctets)],
    ['a long string that is not ASCII', 'ä'.repeat(65)],
    ['more elements than there is room', Array.from({ length: 70_000 }, () => 0)],
    ['the key "__proto__"', JSON.parse('{"__proto__":1}')],
    ['an object without prototype', Object.create(null)],
    [
      'an instance',
      new (class Point {
        x = 1
      })(),
    ],
    ['a subclass of Array', new (class List extends Array {})()],
    ['many octets', new Uint8Array(256)],
    ['a date', new Date(0)],
    ['a bigint', 1n],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['nesting', nested(20)],
  ])('leaves %s alone', (_what, value) => {
    expect(plain.encode([1, value])).toBeUndefined()
    expect(plain.encode([1, { inside: [value] }])).toBeUndefined()
  })

  it('ends at plainOctets, wherever that falls', () => {
    const fill = 'x'.repeat(250)
    const parts = Array.from({ length: 15 }, () => fill)
    let cut = 0
    for (let rest = 280; rest < 340; rest++) {
      for (const last of [0, 1000, -1000, 2 ** 40, 0.5, true, 'ä', 'abcdefgh', [1], { a: 1 }]) {
        const message = [parts, 'y'.repeat(250), 'y'.repeat(rest - 250), last]
        const octets = library.encode(message)
        const written = plain.encode(message)
        if (octets.length > rpcLimits.plainOctets) cut += 1
        if (octets.length > rpcLimits.plainOctets) expect(written).toBeUndefined()
        else if (written !== undefined) expect(Buffer.compare(written, octets)).toBe(0)
        else expect(octets.length).toBeGreaterThan(rpcLimits.plainOctets - 9)
      }
    }
    expect(cut).toBeGreaterThan(0)
  })

  it('writes values of all kinds as the library does, or not at all', () => {
    let written = 0
    for (let seed = 0; seed < 3000; seed++) {
      const message = [1, randomValue(seeded(seed), 4)]
      const octets = plain.encode(message)?.slice()
      if (octets === undefined) continue
      written += 1
      expect(Buffer.compare(octets, library.encode(message))).toBe(0)
    }
    expect(written).toBeGreaterThan(300)
  })

  it('throws what a getter throws, and goes on', () => {
    const broken = {
      get value(): never {
        throw new RangeError('no')
      },
    }
    expect(() => plain.encode([broken])).toThrow(RangeError)
    expect(plain.encode([1])?.slice()).toEqual(library.encode([1]))
  })
})
