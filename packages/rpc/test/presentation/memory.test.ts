// What messages may cost in memory (threat T6) and what they keep alive. Needs Node for its figures.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { rpcLimits } from '../../src/limits.ts'
import { MalformedError } from '../../src/presentation/codec.ts'
import { msgpack } from '../../src/presentation/msgpack.ts'
import { Skim } from '../../src/presentation/skim.ts'
import { decodeAll, extension, octets, thrownBy } from './support.ts'

const MiB = 1024 * 1024

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function inUse(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** A message that is one array of the same value many times. */
function many(value: Uint8Array, count: number): Uint8Array {
  const ssdu = new Uint8Array(5 + count * value.length)
  ssdu.set([0xdd, count >>> 24, (count >>> 16) & 255, (count >>> 8) & 255, count & 255])
  for (let at = 5; at < ssdu.length; at += value.length) ssdu.set(value, at)
  return ssdu
}

/** What the walk expects the values of a message to take, to the nearest 1,000 octets. */
function expectedCost(ssdu: Uint8Array): number {
  let [low, high] = [-8 * ssdu.length, 1000 * ssdu.length]
  while (high - low > 1000) {
    const middle = (low + high) / 2
    try {
      new Skim(middle).message(ssdu, 0)
      high = middle
    } catch {
      low = middle
    }
  }
  return high + 8 * ssdu.length
}

const heavy: Record<string, Uint8Array> = {
  'small numbers': octets(1),
  'large numbers': octets(0xce, 0xff, 0xff, 0xff, 0xff),
  fractions: octets(0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 1),
  'empty objects': octets(0x80),
  'empty arrays': octets(0x90),
  'small arrays': octets(0x91, 1),
  'small objects': octets(0x81, 0xa1, 'a', 1),
  'short strings': octets(0xa2, 'ab'),
  'no octets': octets(0xc4, 0),
  'few octets': octets(0xc4, 4, 1, 2, 3, 4),
  dates: extension(-1, 0, 0, 0, 1),
  'empty Maps': extension(66, 0x90),
  'small Maps': extension(66, 0x92, 1, 2),
  'empty Sets': extension(67, 0x90),
  errors: extension(68, 0x94, 0xa0, 0xa0, 0x80, 0x80),
  bigints: extension(73, 1),
  'empty typed arrays': extension(87),
  'empty buffers': extension(75),
  'objects without prototype': extension(65, 0x80),
  'values of unknown types': extension(100),
}

describe('the memory that values take', { timeout: 30_000 }, () => {
  it.each(Object.entries(heavy))(
    'is about what was expected before they were decoded: %s',
    (_name, value) => {
      const ssdu = many(value, 10_000)
      const codec = msgpack({ decodeAllowance: 1e9 })
      codec.decode(ssdu, () => undefined)
      let held: unknown
      collectGarbage()
      const before = inUse()
      codec.decode(ssdu, (message) => (held = message))
      collectGarbage()
      const taken = inUse() - before
      expect(held).toHaveLength(10_000)
      expect(taken).toBeLessThan(1.5 * expectedCost(ssdu) + MiB / 2)
    },
  )

  it('is bounded by 8 times the length and the allowance', () => {
    const ssdu = many(octets(0x80), 100_000)
    const cost = expectedCost(ssdu)
    expect(() => decodeAll(msgpack({ decodeAllowance: cost - 8 * ssdu.length + 1000 }), ssdu)).not.toThrow()
    const error = thrownBy(() => decodeAll(msgpack({ decodeAllowance: cost - 8 * ssdu.length - 1000 }), ssdu))
    expect(error).toBeInstanceOf(MalformedError)
    expect((error as Error).message).toMatch(
      /^100005 octets whose values take about 6\d{6} octets of memory at octet 0$/,
    )
  })

  it('is bounded by default: 8 MiB of empty objects are refused', () => {
    expect(() => decodeAll(msgpack(), many(octets(0x80), 8 * MiB))).toThrow(MalformedError)
  })

  it.each([
    ['arrays of 4 G', octets(0xdd, 0xff, 0xff, 0xff, 0xff), 1],
    ['arrays of all that is left, in one another', octets(0xdd, 0x00, 0x7f, 0xff, 0x00), 60],
    ['maps of all that is left', octets(0x91, 0xdf, 0x00, 0x0f, 0xff, 0x00), 1],
    ['a string of more than there is', octets(0x91, 0xdb, 0x7f, 0xff, 0xff, 0xff), 1],
  ])('is not taken at all by %s', (_name, head, times) => {
    const ssdu = new Uint8Array(8 * MiB + 1000).fill(0xc1)
    for (let i = 0; i < times; i++) ssdu.set(head, i * head.length)
    const codec = msgpack()
    expect(() => decodeAll(codec, ssdu)).toThrow(MalformedError)
    collectGarbage()
    const before = inUse()
    expect(() => decodeAll(codec, ssdu)).toThrow(MalformedError)
    expect(inUse() - before).toBeLessThan(MiB)
  })

  it('may not be more at the other side than this side would accept itself', () => {
    const codec = msgpack({ decodeAllowance: MiB })
    const objects = Array.from({ length: 20_000 }, () => ({}))
    expect(() => codec.encode([objects])).toThrow('octets of memory')
    expect(() => decodeAll(codec, codec.encode([objects.slice(0, 18_000)]))).not.toThrow()
  })
})

describe('the memory that is kept', () => {
  const codec = msgpack()

  it('is not that of a large message', () => {
    expect(codec.encode([new Uint8Array(4 * MiB)]).length).toBeGreaterThan(4 * MiB)
    expect(codec.encode([1]).buffer.byteLength).toBeLessThan(2 * rpcLimits.keptOctets)
    const failing = [new Uint8Array(4 * MiB), () => 1]
    expect(() => codec.encode(failing)).toThrow('a function cannot travel')
    expect(codec.encode([1]).buffer.byteLength).toBeLessThan(2 * rpcLimits.keptOctets)
  })

  it('is the encoder for messages up to the limit', () => {
    const first = codec.encode([1]).buffer
    expect(codec.encode([2]).buffer).toBe(first)
  })

  it('is the SSDU where a binary value makes up a good share of it', () => {
    const ssdu = codec.encode([new Uint8Array(MiB), new Uint8Array(MiB)]).slice()
    const [[first, second]] = decodeAll(codec, ssdu) as [Uint8Array[]]
    expect(first?.buffer).toBe(ssdu.buffer)
    expect(second?.buffer).toBe(ssdu.buffer)
  })

  it('is little where a binary value is small beside all that came with it', () => {
    const small = Uint8Array.of(1, 2, 3)
    const value = [
      small,
      'x'.repeat(MiB),
      new Map([[1, { small }]]),
      new Float64Array(2),
      new Uint8Array(MiB),
    ]
    const ssdu = codec.encode(value).slice()
    const [[alone, , map, floats, large]] = decodeAll(codec, ssdu) as unknown as [
      [Uint8Array, string, Map<number, { small: Uint8Array }>, Float64Array, Uint8Array],
    ]
    expect(alone).toEqual(small)
    expect(map.get(1)?.small).toEqual(small)
    expect(alone.buffer.byteLength).toBeLessThan(100)
    expect(map.get(1)?.small.buffer.byteLength).toBeLessThan(100)
    expect(floats.buffer.byteLength).toBe(16)
    expect(large.buffer).toBe(ssdu.buffer)
    expect(Object.getPrototypeOf(alone)).toBe(Uint8Array.prototype)
  })

  it('is little where many small messages came together', () => {
    const one = codec.encode([1, new Uint8Array(100)]).slice()
    const messages = decodeAll(codec, Buffer.concat(Array.from({ length: 1000 }, () => one)))
    expect(messages).toHaveLength(1000)
    for (const [, octets] of messages) expect((octets as Uint8Array).buffer.byteLength).toBe(100)
  })

  it('is little where the SSDU is itself a small part of something', () => {
    const slab = new Uint8Array(MiB)
    const one = codec.encode([new Uint8Array(100)]).slice()
    slab.set(one, 500)
    const [[octets]] = decodeAll(codec, slab.subarray(500, 500 + one.length)) as [[Uint8Array]]
    expect(octets.buffer.byteLength).toBe(100)
  })
})
