// Every kind of value there and back, equal to the last bit.
import { runInNewContext } from 'node:vm'
import { seeded } from '@parley/core/testing'
import { describe, expect, it } from 'vitest'
import { msgpack } from '../../src/presentation/msgpack.ts'
import { swapped } from '../../src/presentation/values-binary.ts'
import { randomValue } from './random-value.ts'
import { decodeAll, difference, roundTrip } from './support.ts'

const codec = msgpack()

class CustomError extends TypeError {
  override readonly name = 'CustomError'
  readonly code = 7
}

const equal: Record<string, unknown> = {
  undefined,
  null: null,
  true: true,
  'minus zero': -0,
  NaN: Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  'a number beyond the safe integers': 2 ** 60,
  'the smallest number': 5e-324,
  'bigint zero': 0n,
  'bigint -1': -1n,
  'bigint 2^63 - 1': 2n ** 63n - 1n,
  'bigint 2^63': 2n ** 63n,
  'bigint -2^63': -(2n ** 63n),
  'bigint -2^63 - 1': -(2n ** 63n) - 1n,
  'bigint 2^64': 2n ** 64n,
  'a large bigint': 3n ** 10_000n,
  'a large negative bigint': -(7n ** 10_000n),
  'an empty string': '',
  'a string of 50': 'é'.repeat(50),
  'a string of 70,000': 'ж漢🙂 '.repeat(17_500),
  'half a surrogate pair': '\ud83d',
  'half a surrogate pair in a long string': `${'x'.repeat(500)}\udc00`,
  'a byte order mark': '\ufeff',
  'a byte order mark before a long string': `\ufeff${'x'.repeat(300)}`,
  octets: Uint8Array.of(1, 2, 3),
  'many octets': new Uint8Array(70_000).fill(7),
  'a typed array': Float32Array.of(1.5, -0, Number.NaN),
  'a view of a part': new Int16Array(Int16Array.of(1, 2, 3, 4).buffer, 2, 2),
  'a DataView': new DataView(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2),
  'an ArrayBuffer': Uint8Array.of(1, 2, 3).buffer,
  'a date': new Date('2026-02-28T12:34:56.789Z'),
  'a date before 1970': new Date(-1),
  'the first date': new Date(-8.64e15),
  'the last date': new Date(8.64e15),
  'an invalid date': new Date(Number.NaN),
  'a Map with keys of all kinds': new Map<unknown, unknown>([
    ['a', 1],
    [1, 'a'],
    [{ x: undefined }, -0],
    [undefined, [undefined]],
    [Number.NaN, new Map([[null, null]])],
  ]),
  'a Set': new Set<unknown>([1, 'a', undefined, new Set([[]])]),
  'undefined and -0 in an array': [undefined, 1, -0, null],
  'undefined and -0 in an object': { a: undefined, b: -0, c: { d: undefined } },
  'an object with integer keys': { 2: 'b', 1: 'a', '-1': 'c', '1.5': 'd' },
  'an object without prototype': Object.assign(Object.create(null) as object, { a: 1, b: undefined }),
  'an empty array and object': [[], {}],
  'a wide object': Object.fromEntries(Array.from({ length: 70_000 }, (_, i) => [`key ${i}`, i])),
  'a long array': Array.from({ length: 70_000 }, (_, i) => i * 1.5),
  'an Error': new Error('no'),
  'an Error without message': new Error(),
  'a TypeError with an undefined cause': new TypeError('no', { cause: undefined }),
  'a RangeError with a cause and properties': Object.assign(
    new RangeError('no', { cause: new Error('deeper', { cause: 7n }) }),
    { code: 'E_NO', at: new Date(0), none: undefined },
  ),
  'an AggregateError': new AggregateError([new Error('a'), 'b', undefined], 'many'),
}

describe('what arrives', { timeout: 30_000 }, () => {
  it.each(Object.entries(equal))('equals what was sent: %s', (_name, value) => {
    expect(difference(roundTrip(codec, value), value)).toBeUndefined()
    expect(difference(roundTrip(codec, { in: [value] }), { in: [value] })).toBeUndefined()
  })

  it('equals what was sent in a message whose own elements msgpack has no form for', () => {
    const message = [1, undefined, -0, '\ud800', [undefined]]
    expect(difference(decodeAll(codec, codec.encode(message)), [message])).toBeUndefined()
  })

  it('equals what was sent for any nesting of any values', () => {
    const failures = Array.from({ length: 600 }, (_, seed) => {
      const value = randomValue(seeded(seed), 4)
      const found = difference(roundTrip(codec, value), value)
      return found === undefined ? [] : [`seed ${seed}: ${found}`]
    })
    expect(failures.flat()).toEqual([])
  })

  it('is a Uint8Array for a Buffer, also when the SSDU is a Buffer', () => {
    const ssdu = Buffer.from(codec.encode([Buffer.from('abc'), new Map([[1, Buffer.from('d')]])]))
    const expected = [new Uint8Array([97, 98, 99]), new Map([[1, new Uint8Array([100])]])]
    expect(difference(decodeAll(codec, ssdu), [expected])).toBeUndefined()
  })

  it('has undefined where an array had a hole', () => {
    // The hole is what is tested.
    // oxlint-disable-next-line no-sparse-arrays
    expect(difference(roundTrip(codec, [1, , 2]), [1, undefined, 2])).toBeUndefined()
  })

  it('has the value of a getter', () => {
    const value = {
      get late() {
        return [undefined]
      },
    }
    expect(difference(roundTrip(codec, value), { late: [undefined] })).toBeUndefined()
  })

  it('is an Error with the name of its class for an Error of an own class', () => {
    const arrived = roundTrip(codec, new CustomError('no')) as Error
    expect(Object.getPrototypeOf(arrived)).toBe(Error.prototype)
    expect(arrived).toMatchObject({ name: 'CustomError', message: 'no', code: 7 })
    expect(Object.keys(arrived)).toEqual(['code'])
  })

  it('never has the stack of an Error', () => {
    const sent = Object.assign(new TypeError('no'), { note: 1 })
    Object.defineProperty(sent, 'stack', { value: 'canary', enumerable: true })
    const octets = codec.encode([sent]).slice()
    expect(Buffer.from(octets).includes('canary')).toBe(false)
    const [[arrived]] = decodeAll(codec, octets) as [[Error]]
    expect(arrived.stack).toBe('TypeError: no')
    expect(Object.keys(arrived)).toEqual(['note'])
  })

  it('is of this realm when it was of another', () => {
    const foreign: unknown = runInNewContext(`({
      list: [1, undefined], map: { a: undefined }, octets: new Uint8Array([1]), floats: new Float64Array([1]),
      error: new RangeError('no'),
    })`)
    const expected = {
      list: [1, undefined],
      map: { a: undefined },
      octets: Uint8Array.of(1),
      floats: Float64Array.of(1),
      error: new RangeError('no'),
    }
    expect(difference(roundTrip(codec, foreign), expected)).toBeUndefined()
  })

  it('nests 64 levels deep, the message counted', () => {
    let plain: unknown = 1
    let odd: unknown = 1
    let map: unknown = 1
    for (let level = 2; level < 64; level++) {
      plain = [plain]
      odd = { undefined, odd }
      map = new Map([[undefined, map]])
    }
    for (const value of [plain, odd, map]) {
      expect(difference(decodeAll(codec, codec.encode([value])), [[value]])).toBeUndefined()
      expect(() => codec.encode([[value]])).toThrow('more than 64 levels deep')
    }
  })
})

describe('encode', () => {
  it('changes nothing about what it is given', () => {
    const value = { a: undefined, list: [undefined, -0], map: new Map([[1, undefined]]) }
    const message = Object.freeze([1, Object.freeze(value)])
    codec.encode(message)
    expect(
      difference(message, [1, { a: undefined, list: [undefined, -0], map: new Map([[1, undefined]]) }]),
    ).toBeUndefined()
  })

  it('may be called by what it encodes', () => {
    const inner = { n: undefined }
    const outer = {
      before: 'x'.repeat(100),
      get called() {
        return codec.encode([inner, new Map([[1, inner]])]).slice()
      },
      after: new Map([[1, undefined]]),
    }
    const arrived = roundTrip(codec, outer) as { called: Uint8Array; after: unknown }
    expect(difference(decodeAll(codec, arrived.called), [[inner, new Map([[1, inner]])]])).toBeUndefined()
    expect(difference(arrived.after, outer.after)).toBeUndefined()
  })

  it('goes on after a failure as if nothing had been', () => {
    const other = msgpack()
    const failing = new Map([[1, new Map([[2, () => 1]])]])
    const value = { odd: [undefined, -0], map: new Map([[1, new Map([[2, undefined]])]]) }
    for (let i = 0; i < 3; i++) {
      expect(() => other.encode([failing])).toThrow('a function cannot travel')
      expect(difference(roundTrip(other, value), value)).toBeUndefined()
    }
  })

  it('takes little room', () => {
    const small = [1, 17, 3, [{ n: 1, s: '16 characters...', tags: ['a', 'b', 'c'], ok: true, f: 1.5 }]]
    expect(codec.encode(small).length).toBe(55)
    expect(codec.encode([undefined]).length).toBe(4)
    expect(codec.encode([new Date(1_700_000_000_000)]).length).toBe(7)
    expect(codec.encode([5n]).length).toBe(11)
  })
})

describe('a typed array', () => {
  it('is little-endian on the wire', () => {
    expect([...codec.encode([Int16Array.of(1)])]).toEqual([0x91, 0xd5, 82, 1, 0])
  })

  it('is turned around on machines that are not', () => {
    expect(swapped(Uint8Array.of(1, 2, 3, 4), 2)).toEqual(Uint8Array.of(2, 1, 4, 3))
    expect(swapped(Uint8Array.of(1, 2, 3, 4), 1)).toEqual(Uint8Array.of(1, 2, 3, 4))
  })
})

describe('decode', () => {
  it('visits the messages of an SSDU in order, each with its length', () => {
    const messages = [[1], [2, 'two', undefined], [3, new Map([[1, 2]])], [4, Uint8Array.of(1)]]
    const encoded = messages.map((message) => codec.encode(message).slice())
    const visits: [readonly unknown[], number][] = []
    codec.decode(Buffer.concat(encoded), (message, length) => visits.push([message, length]))
    expect(
      difference(
        visits,
        messages.map((message, i) => [message, encoded[i]?.length]),
      ),
    ).toBeUndefined()
  })

  it('visits nothing in an empty SSDU', () => {
    expect(decodeAll(codec, new Uint8Array(0))).toEqual([])
  })

  it('may be called by whom it calls', () => {
    const one = codec.encode([1, { a: 1 }]).slice()
    const three = Buffer.concat([one, one, one])
    const seen: unknown[] = []
    codec.decode(three, (message) => {
      seen.push(message)
      codec.decode(three, (inner) => seen.push(inner))
    })
    expect(seen).toEqual(Array.from({ length: 12 }, () => [1, { a: 1 }]))
  })

  it('throws what a visit throws and goes on with the next SSDU', () => {
    const ssdu = Buffer.concat([codec.encode([1]).slice(), codec.encode([2]).slice()])
    const failure = new Error('mine')
    expect(() => {
      codec.decode(ssdu, () => {
        throw failure
      })
    }).toThrow(failure)
    expect(decodeAll(codec, ssdu)).toEqual([[1], [2]])
  })
})
