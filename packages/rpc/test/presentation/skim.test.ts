// What is refused before anything is decoded (threats T1 and T6), and that nothing else is.
import { Decoder } from '@msgpack/msgpack'
import { seeded, type SeededRandom } from '@parley/core/testing'
import { describe, expect, it } from 'vitest'
import { rpcLimits } from '../../src/limits.ts'
import { MalformedError } from '../../src/presentation/codec.ts'
import { msgpack } from '../../src/presentation/msgpack.ts'
import { Skim } from '../../src/presentation/skim.ts'
import { holdsValue } from '../../src/presentation/values-tags.ts'
import { randomValue } from './random-value.ts'
import { decodeAll, extension, octets, thrownBy } from './support.ts'

const codec = msgpack()
const skim = new Skim(rpcLimits.decodeAllowance)

/** A message whose one element these octets are. */
function message(...parts: (number | string | Uint8Array)[]): Uint8Array {
  return octets(0x91, ...parts)
}

function repeated(octet: number, count: number): Uint8Array {
  return new Uint8Array(count).fill(octet)
}

const MAP = 66

const malformed: Record<string, [ssdu: Uint8Array, offset: number | undefined, reason: string]> = {
  'a message that is a number': [octets(7), 0, 'a message that is not an array'],
  'a message that is a map': [octets(0x80), 0, 'a message that is not an array'],
  'a message that is an extension': [extension(64, 0x90), 0, 'a message that is not an array'],
  'a second message that is none': [octets(0x90, 0xc0), 1, 'a message that is not an array'],
  'the octet that is never used': [message(0xc1), 1, 'an octet that msgpack does not use'],
  'an array of 4 G': [octets(0xdd, repeated(0xff, 4)), 0, 'an array of 4294967295 elements'],
  'a map of 4 G': [message(0xdf, repeated(0xff, 4)), 1, 'an object of 4294967295 keys'],
  'an array longer than the limit': [octets(0xdd, 2, 0, 0, 1), 0, 'an array of 33554433 elements'],
  'a map longer than the limit': [message(0xdf, 0, 0x10, 0, 1), 1, 'an object of 1048577 keys'],
  'an array of more than there is': [octets(0xdd, 0, 0, 0, 3, 1, 2), 0, 'a length beyond the end'],
  'a map of half of what there is': [message(0x82, 0xa1, 'a', 1), 1, 'a length beyond the end'],
  'an array in an array, both of all there is': [octets(0x93, 0x92, 1, 2), 4, 'a value that is cut off'],
  'a string of 4 G': [message(0xdb, repeated(0xff, 4)), 1, 'a length beyond the end'],
  'octets of 4 G': [message(0xc6, repeated(0xff, 4)), 1, 'a length beyond the end'],
  'an extension of 4 G': [message(0xc9, repeated(0xff, 5)), 1, 'a length beyond the end'],
  'an extension without a type': [message(0xc7, 0), 1, 'a length beyond the end'],
  'a length field cut off': [message(0xc6, 0, 0), 1, 'a value that is cut off'],
  'a key that is nil': [message(0x81, 0xc0, 1), 2, 'a map key that is neither a string nor a number'],
  'a key that is a boolean': [message(0x81, 0xc3, 1), 2, 'a map key that is neither a string nor a number'],
  'a key that is an array': [message(0x81, 0x91, 1, 1), 2, 'a map key that is neither a string nor a number'],
  'a key that is an empty map': [
    message(0x81, 0x80, 1),
    2,
    'a map key that is neither a string nor a number',
  ],
  'a key that is octets': [message(0x81, 0xc4, 0, 1), 2, 'a map key that is neither a string nor a number'],
  'a key that is an extension': [
    message(0x81, extension(72, 0), 1),
    2,
    'a map key that is neither a string nor a',
  ],
  'a second key that is nil': [
    message(0x82, 1, 0xc0, 0xc0, 1),
    4,
    'a map key that is neither a string nor a number',
  ],
  'the key __proto__': [message(0x81, 0xa9, '__proto__', 0x80), 2, 'the map key "__proto__"'],
  'the key __proto__, one octet of length': [
    message(0x81, 0xd9, 9, '__proto__', 0x80),
    2,
    'the map key "__proto__"',
  ],
  'the key __proto__, two octets of length': [
    message(0x81, 0xda, 0, 9, '__proto__', 0x80),
    2,
    'the map key "__proto__"',
  ],
  'the key __proto__, four octets of length': [
    message(0x81, 0xdb, 0, 0, 0, 9, '__proto__', 0x80),
    2,
    'the map key "__proto__"',
  ],
  'the key __proto__ in an extension': [
    message(extension(65, 0x81, 0xa9, '__proto__', 1)),
    5,
    'the map key "__proto',
  ],
  'the key __proto__ in overlong UTF-8': [message(0x81, 0xaa, 0xc1, 0x9f, '_proto__', 1), 3, 'not UTF-8'],
  'an extension that ends before its value': [
    message(extension(MAP, 0x92, 1), 2),
    4,
    'a length beyond the end',
  ],
  'an extension that ends after its value': [
    message(extension(MAP, 0x91, 1, 2)),
    6,
    'an extension longer than its',
  ],
  'an extension without its value': [octets(0x92, extension(MAP), 1), 4, 'a value that is cut off'],
  'an application type that ends after its value': [
    message(extension(5, 1, 2)),
    5,
    'an extension longer than its',
  ],
  'a Map of half a pair': [message(extension(MAP, 0x91, 1)), undefined, 'a Map that is not a list of pairs'],
  'a Map that is a number': [message(extension(MAP, 1)), undefined, 'a Map that is not a list of pairs'],
  'a Set that is a string': [message(extension(67, 0xa1, 'a')), undefined, 'a Set that is not a list'],
  'an Error of too little': [
    message(extension(68, 0x91, 0xa1, 'E')),
    undefined,
    'an Error that is not [name',
  ],
  'an Error that is a number': [message(extension(68, 7)), undefined, 'an Error that is not [name'],
  'no object, without prototype': [
    message(extension(65, 0x90)),
    undefined,
    'an object without prototype that is',
  ],
  'an unknown constant': [message(extension(72, 9)), undefined, 'a constant that is not known'],
  'two constants in one': [message(extension(72, 0, 0)), undefined, 'a constant that is not known'],
  'a bigint of nothing': [message(extension(73)), undefined, 'a bigint of 0 octets'],
  'a bigint beyond the limit': [
    message(0xc9, 0, 1, 0, 1, 73, repeated(1, rpcLimits.bigintOctets + 1)),
    undefined,
    'a bigint of 65537 octets',
  ],
  'a text of half a unit': [message(extension(74, 1)), undefined, 'a string of half a code unit'],
  'a typed array of half an element': [
    message(extension(87, 1, 2, 3, 4)),
    undefined,
    '4 octets for a Float64Array',
  ],
  'a time of three octets': [message(extension(-1, 1, 2, 3)), undefined, 'values that cannot be made'],
  'UTF-8 that continues nothing': [message(0xa2, 'a', 0x80), 3, 'a string that is not UTF-8'],
  'UTF-8 cut off': [message(0xa1, 0xc3), 2, 'a string that is not UTF-8'],
  'UTF-8 cut off, that the next value would complete': [
    octets(0x92, 0xa1, 0xc2, 0xa0),
    2,
    'a string that is not',
  ],
  'overlong UTF-8 of two octets': [message(0xa2, 0xc0, 0xaf), 2, 'a string that is not UTF-8'],
  'overlong UTF-8 of three octets': [message(0xa3, 0xe0, 0x9f, 0xbf), 2, 'a string that is not UTF-8'],
  'overlong UTF-8 of four octets': [message(0xa4, 0xf0, 0x8f, 0xbf, 0xbf), 2, 'a string that is not UTF-8'],
  'a surrogate in UTF-8': [message(0xa3, 0xed, 0xa0, 0x80), 2, 'a string that is not UTF-8'],
  'a character above U+10FFFF': [message(0xa4, 0xf4, 0x90, 0x80, 0x80), 2, 'a string that is not UTF-8'],
  'a long string with a bad octet': [
    message(0xda, 1, 0, repeated(0x61, 200), 0xff, repeated(0x61, 55)),
    204,
    'a string that is not UTF-8',
  ],
  'a key that is not UTF-8': [message(0x81, 0xa1, 0xff, 1), 3, 'a string that is not UTF-8'],
}

describe('octets that are no messages', () => {
  it.each(Object.entries(malformed))('are refused: %s', (_name, [ssdu, offset, reason]) => {
    const visits: unknown[] = []
    const error = thrownBy(() => codec.decode(ssdu, (...visit) => visits.push(visit))) as MalformedError
    expect(error).toBeInstanceOf(MalformedError)
    expect(error.message).toContain(reason)
    expect(error.offset).toBe(offset)
    expect(visits).toEqual([])
  })

  it('are refused before the messages ahead of them are visited', () => {
    const visits: unknown[] = []
    const ssdu = octets(codec.encode([1]).slice(), codec.encode([2]).slice(), 0x91)
    expect(() => codec.decode(ssdu, (...visit) => visits.push(visit))).toThrow(MalformedError)
    expect(visits).toEqual([])
  })

  it.each([0x91, 0x81])('are refused at the 64th level of a bomb of %i', (octet) => {
    const bomb = repeated(octet, 64 * 1024 * 1024)
    for (let at = 1; octet === 0x81 && at < 2000; at += 2) bomb[at] = 1
    const start = octet === 0x81 ? octets(0x91, bomb.subarray(0, 2000)) : bomb
    // The offset tells how far the walk went.
    expect((thrownBy(() => skim.message(start, 0)) as MalformedError).offset).toBeLessThanOrEqual(2 * 64)
  })

  it('are refused when they are too many messages', () => {
    const limit = rpcLimits.messagesPerSsdu
    expect(decodeAll(codec, repeated(0x90, limit))).toHaveLength(limit)
    const error = thrownBy(() => decodeAll(codec, repeated(0x90, limit + 1))) as MalformedError
    expect(error).toMatchObject({ offset: limit, name: 'MalformedError' })
    expect(error.message).toContain('more than 65536 messages in one SSDU')
  })

  it('are refused at the 64th level of extensions in extensions', () => {
    const bomb = new Uint8Array(60_000)
    const view = new DataView(bomb.buffer)
    for (let at = 0; at < bomb.length; at += 6) {
      view.setUint8(at, 0xc9)
      view.setUint32(at + 1, bomb.length - at - 6)
      view.setUint8(at + 5, MAP)
    }
    const error = thrownBy(() => skim.message(message(bomb), 0)) as MalformedError
    expect(error.message).toContain('more than 64 levels deep')
    expect(error.offset).toBeLessThanOrEqual(6 * 65)
  })

  it('are all beginnings of a message', { timeout: 30_000 }, () => {
    for (let seed = 0; seed < 40; seed++) {
      const ssdu = codec.encode([1, randomValue(seeded(seed), 3)]).slice()
      const limit = Math.min(ssdu.length, 600)
      for (let length = 1; length < limit; length++) {
        expect(() => decodeAll(codec, ssdu.subarray(0, length))).toThrow(MalformedError)
      }
    }
  })
})

describe('anything at all', () => {
  it('is decoded or refused with a MalformedError', { timeout: 30_000 }, () => {
    const before = Object.getOwnPropertyNames(Object.prototype).join()
    let refused = 0
    for (let seed = 0; seed < 50_000; seed++) {
      const ssdu = randomOctets(seeded(seed))
      try {
        codec.decode(ssdu, () => undefined)
      } catch (thrown) {
        if (!(thrown instanceof MalformedError)) expect.fail(`seed ${seed}: ${String(thrown)}`)
        refused++
      }
    }
    expect(refused).toBeGreaterThan(10_000)
    expect(refused).toBeLessThan(45_000)
    expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before)
  })

  it('is refused only if the library refuses it too, or by a rule of our own', { timeout: 30_000 }, () => {
    const ours = /not an array|not UTF-8|levels deep|octets of memory|__proto__|elements|keys/
    const differences: string[] = []
    for (let seed = 0; seed < 20_000; seed++) {
      const ssdu = randomOctets(seeded(seed))
      const ourReason = reasonOf(() => skimAll(ssdu))
      const theirReason = reasonOf(() => [...library().decodeMulti(ssdu)])
      if (ourReason === undefined && theirReason !== undefined)
        differences.push(`${seed}: they say ${theirReason}`)
      if (ourReason !== undefined && theirReason === undefined && !ours.test(ourReason)) {
        differences.push(`${seed}: we say ${ourReason}`)
      }
    }
    expect(differences).toEqual([])
  })
})

/**
 * Octets that are often almost messages: noise behind an array's head, or real messages with octets changed.
 */
function randomOctets(random: SeededRandom): Uint8Array {
  if (random.chance(0.4)) return octets(0x90 + random.below(16), random.bytes(random.below(64)))
  const ssdu = random.pick(realMessages).slice()
  for (let changes = random.below(3); changes > 0; changes--) {
    ssdu[random.below(ssdu.length)] = random.chance(0.5) ? random.below(256) : random.pick(heads)
  }
  return ssdu
}

const realMessages = Array.from({ length: 500 }, (_, seed) =>
  codec.encode([seed, randomValue(seeded(seed), 2)]).slice(0, 300),
)

const heads = [0x80, 0x81, 0x90, 0x91, 0xa1, 0xc0, 0xc1, 0xc4, 0xc7, 0xcb, 0xd4, 0xd9, 0xdc, 0xdd, 0xde, 0xdf]

function skimAll(ssdu: Uint8Array): void {
  for (let at = 0; at < ssdu.length;) at = skim.message(ssdu, at)
}

/** The library by itself, told only where values are nested. */
function library(): Decoder {
  return new Decoder({
    maxArrayLength: 10_000,
    maxMapLength: 10_000,
    extensionCodec: {
      tryToEncode: () => null,
      decode: (payload, tag) => {
        if (holdsValue(tag & 0xff)) library().decode(payload)
        return null
      },
    },
  })
}

function reasonOf(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (thrown) {
    return String(thrown)
  }
}

describe('what other implementations may send', () => {
  it.each([
    ['lengths longer than need be', octets(0xdd, 0, 0, 0, 1, 0xdb, 0, 0, 0, 1, 'a'), ['a']],
    ['numbers for keys', message(0x82, 1, 2, 0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 3), [{ 1: 2, 1.5: 3 }]],
    ['a key twice: the last one counts', message(0x82, 0xa1, 'a', 1, 0xa1, 'a', 2), [{ a: 2 }]],
    ['undefined without a wrapper', message(0x81, 0xa1, 'a', extension(72, 0)), [{ a: undefined }]],
    ['a float of 32 bits', message(0xca, 0x3f, 0xc0, 0, 0), [1.5]],
    ['an empty Map', message(extension(MAP, 0x90)), [new Map()]],
    ['a time of 12 octets', message(extension(-1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)), [new Date(1000)]],
    [
      'a time beyond what a Date holds',
      message(extension(-1, repeated(0, 4), 0x7f, repeated(0xff, 7))),
      [new Date(NaN)],
    ],
    ['a short bigint', message(extension(73, 0xff)), [-1n]],
  ])('is read: %s', (_name, ssdu, expected) => {
    expect(decodeAll(codec, ssdu)).toEqual([expected])
  })
})
