// What cannot travel: a ValueError that names the place and says what to do, and nothing is sent.
import { describe, expect, it } from 'vitest'
import { rpcLimits } from '../../src/limits.ts'
import { ValueError } from '../../src/presentation/codec.ts'
import { msgpack } from '../../src/presentation/msgpack.ts'
import { thrownBy } from './support.ts'

const codec = msgpack()

class User {
  readonly name = 'Ann'
}

function nested(levels: number): unknown {
  return Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 1)
}

function cycle(): unknown {
  const user: Record<string, unknown> = { name: 'Ann' }
  user['friends'] = [new Map([['best', { of: user }]])]
  return user
}

function throwing(): never {
  throw new Error('not now')
}

const revoked = Proxy.revocable({}, {})
revoked.revoke()

/** What is sent as args[0], the rest of the path to what is wrong with it, and a part of the sentence. */
const refused: Record<string, [value: unknown, path: (string | number)[], sentence: string]> = {
  'a function': [() => 1, [], 'a function cannot travel; offer it as a method'],
  'a function in an object': [{ user: { avatar: throwing } }, ['user', 'avatar'], 'a function cannot travel'],
  'a function beside undefined': [
    { no: undefined, list: [-0, throwing] },
    ['list', 1],
    'a function cannot travel',
  ],
  'a method': [{ toJSON: throwing }, ['toJSON'], 'a function cannot travel'],
  'a symbol': [['a', Symbol('s')], [1], 'a symbol cannot travel; send its description'],
  'a Promise': [{ user: Promise.resolve(1) }, ['user'], 'a Promise cannot travel; await it first'],
  'a value of a Map': [new Map([['a', { b: throwing }]]), ['a', 'b'], 'a function cannot travel'],
  'a value of a Map with object keys': [new Map([[{}, throwing]]), [0], 'a function cannot travel'],
  'a key of a Map': [
    new Map<unknown, unknown>([
      ['a', 1],
      [throwing, 1],
    ]),
    [1],
    'a function cannot travel',
  ],
  'an element of a Set': [new Set([1, { a: throwing }]), [1, 'a'], 'a function cannot travel'],
  'a cause': [new Error('no', { cause: { why: throwing } }), ['cause', 'why'], 'a function cannot travel'],
  'an error of many': [new AggregateError([1, throwing]), ['errors', 1], 'a function cannot travel'],
  'a property of an Error': [Object.assign(new Error('no'), { retry: throwing }), ['retry'], 'a function'],
  'the message of an Error': [Object.assign(new Error(), { message: 7 }), [], 'message is not a string'],
  'an instance of a class': [
    [new User()],
    [0],
    'an instance of User cannot travel; send a plain object, or give both',
  ],
  'an object made from another': [
    Object.create({ a: 1 }),
    [],
    'an object with a prototype of its own cannot travel',
  ],
  'an array of a class': [
    new (class Rows extends Array<number> {})(),
    [],
    'an instance of Rows cannot travel',
  ],
  'a Map of a class': [
    new (class Index extends Map<string, string> {})(),
    [],
    'an instance of Index cannot travel',
  ],
  'a WeakMap': [{ cache: new WeakMap() }, ['cache'], 'an instance of WeakMap cannot travel'],
  'a boxed number': [Object(1), [], 'an instance of Number cannot travel'],
  'a RegExp': [/a/, [], 'an instance of RegExp cannot travel'],
  'a SharedArrayBuffer': [new SharedArrayBuffer(1), [], 'an instance of SharedArrayBuffer cannot travel'],
  'a stream': [{ rows: (async function* () {})() }, ['rows'], 'a stream cannot travel inside another value'],
  'an iterator': [[1].values(), [], 'an iterator cannot travel; send an array'],
  'a cycle': [cycle(), ['friends', 0, 'best', 'of'], 'a value that contains itself cannot travel; send ids'],
  'a value too deep': [
    nested(62),
    Array.from({ length: 62 }, () => 0),
    `more than ${rpcLimits.valueDepth} levels deep`,
  ],
  'a getter that throws': [
    {
      a: [
        {
          get b() {
            return throwing()
          },
        },
      ],
    },
    ['a', 0, 'b'],
    'this cannot be read: not now',
  ],
  'a Proxy that throws': [[new Proxy({}, { ownKeys: throwing })], [0], 'this cannot be read: not now'],
  'a revoked Proxy': [[revoked.proxy], [0], 'this cannot be read: '],
  'the key __proto__': [
    { a: JSON.parse('{"__proto__":1}') as unknown },
    ['a', '__proto__'],
    'the key "__proto__" cannot travel',
  ],
  'the key __proto__ without prototype': [
    Object.assign(Object.create(null) as object, { ['__proto__']: 1 }),
    ['__proto__'],
    'the key "__proto__" cannot travel',
  ],
  'a key with half a surrogate pair': [
    { '\ud800': 1 },
    ['\ud800'],
    'a key with half a surrogate pair cannot',
  ],
  'a key with a byte order mark': [
    { [`\ufeff${'k'.repeat(300)}`]: 1 },
    [`\ufeff${'k'.repeat(300)}`],
    'a long key that starts with a byte order mark cannot travel',
  ],
  'a bigint too long': [
    [2n ** BigInt(8 * rpcLimits.bigintOctets)],
    [0],
    'a bigint of 65537 octets cannot travel',
  ],
  'an array too long': [
    { a: Object.assign([], { length: rpcLimits.arrayLength + 1 }) },
    ['a'],
    'an array of 33554433 elements cannot',
  ],
}

describe('a value that cannot travel', () => {
  it.each(Object.entries(refused))('is refused with its place: %s', (_name, [value, path, sentence]) => {
    const error = thrownBy(() => codec.encode([1, 17, 3, [value]])) as ValueError
    expect(error).toBeInstanceOf(ValueError)
    expect(error.path).toEqual([3, 0, ...path])
    expect(error.problem).toContain(sentence)
  })

  it('may stand in several places when it does not contain itself', () => {
    const shared = { a: 1 }
    expect(() => codec.encode([[shared, { shared }], new Map([[shared, shared]])])).not.toThrow()
  })

  it('is named with what was thrown as the cause', () => {
    const failure = new Error('not now')
    const value = {
      get bad(): never {
        throw failure
      },
    }
    expect(thrownBy(() => codec.encode([value]))).toMatchObject({ path: [0, 'bad'], cause: failure })
  })

  it('is refused without a place when it is gone at the second look', () => {
    let looks = 0
    const value = {
      get shy() {
        looks++
        return looks === 1 ? throwing() : 1
      },
    }
    const error = thrownBy(() => codec.encode([value])) as ValueError
    expect(error).toBeInstanceOf(ValueError)
    expect(error.path).toEqual([])
    expect(error.message).toBe('this cannot be encoded: not now')
  })

  it('is an object of more keys than the limit', { timeout: 30_000 }, () => {
    const value = Object.assign({}, new Uint8Array(rpcLimits.objectKeys + 1))
    expect(thrownBy(() => codec.encode([value]))).toMatchObject({
      path: [0],
      problem: 'an object of 1048577 keys cannot travel; send a Map or pieces',
    })
  })

  it('is one that takes far more memory than octets', () => {
    const value = Array.from({ length: 2000 }, () => ({}))
    expect(() => msgpack({ decodeAllowance: 200_000 }).encode([value])).not.toThrow()
    expect(() => msgpack({ decodeAllowance: 100_000 }).encode([value])).toThrow(
      /2\d+ octets whose values take about/,
    )
  })
})
