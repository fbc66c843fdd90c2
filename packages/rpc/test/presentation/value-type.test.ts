// Instances of the application's own classes, and what becomes of those the other side does not know.
import { describe, expect, expectTypeOf, it } from 'vitest'
import { ValueError } from '../../src/presentation/codec.ts'
import { msgpack } from '../../src/presentation/msgpack.ts'
import { Undecodable, valueType, type ValueType } from '../../src/presentation/types.ts'
import { difference, extension, octets, roundTrip, thrownBy } from './support.ts'

class Money {
  readonly amount: bigint
  readonly currency: string
  private constructor(amount: bigint, currency: string) {
    this.amount = amount
    this.currency = currency
  }

  static of(amount: bigint, currency: string): Money {
    if (typeof amount !== 'bigint') throw new TypeError('an amount is a bigint')
    return new Money(amount, currency)
  }
}

class Order {
  readonly price: Money | undefined
  readonly notes: Map<string, unknown>
  constructor(price: Money | undefined, notes: Map<string, unknown>) {
    this.price = price
    this.notes = notes
  }
}

class HttpError extends Error {
  readonly status: number
  constructor(status: number) {
    super(`status ${status}`)
    this.status = status
  }
}

class Box {
  readonly content: unknown
  constructor(content: unknown) {
    this.content = content
  }
}

const money = valueType({
  tag: 0,
  class: Money,
  encode: ({ amount, currency }) => [amount, currency] as const,
  decode: ([amount, currency]) => Money.of(amount, currency),
})
const order = valueType({
  tag: 63,
  class: Order,
  encode: ({ price, notes }) => ({ price, notes }),
  decode: ({ price, notes }) => new Order(price, notes),
})
const httpError = valueType({
  tag: 1,
  class: HttpError,
  encode: (e) => e.status,
  decode: (s) => new HttpError(s),
})
const box = valueType({ tag: 2, class: Box, encode: (b) => b.content, decode: (content) => new Box(content) })
const codec = msgpack({ types: [money, order, httpError, box] })

describe('a value type', () => {
  it('carries instances, nested in one another and in all else', () => {
    const value = {
      order: new Order(Money.of(7n, 'EUR'), new Map<string, unknown>([['tip', Money.of(1n, 'EUR')]])),
      free: [new Order(undefined, new Map())],
      errors: new Set([new HttpError(404)]),
    }
    expect(difference(roundTrip(codec, value), value)).toBeUndefined()
  })

  it.each([undefined, -0, '\ud800', 1n, new Date(0), [undefined], { a: -0 }, new Box(new Box(null))])(
    'may encode to anything that can travel: %o',
    (content) => {
      expect(difference(roundTrip(codec, new Box(content)), new Box(content))).toBeUndefined()
    },
  )

  it('gives its decode the type its encode returns', () => {
    valueType({
      tag: 5,
      class: Order,
      encode: () => ({ a: 1 }),
      decode: (carried) => {
        expectTypeOf(carried).toEqualTypeOf<{ a: number }>()
        return new Order(undefined, new Map())
      },
    })
    expectTypeOf(money).toEqualTypeOf<ValueType>()
  })

  it('does not carry instances of subclasses', () => {
    class Gift extends Order {}
    const error = thrownBy(() => codec.encode([new Gift(undefined, new Map())])) as ValueError
    expect(error.message).toMatch(/^0: an instance of Gift cannot travel/)
  })

  it('names the place of what cannot travel inside an instance', () => {
    const notes = new Map<string, unknown>([['sign', () => 1]])
    expect(thrownBy(() => codec.encode([{ order: new Order(undefined, notes) }]))).toMatchObject({
      path: [0, 'order', 'notes', 'sign'],
      problem: expect.stringContaining('a function cannot travel') as string,
    })
  })

  it('names the place where its encode throws', () => {
    const fails = valueType({
      tag: 7,
      name: 'Fickle',
      class: Box,
      encode: () => {
        throw new Error('not today')
      },
      decode: () => new Box(1),
    })
    expect(thrownBy(() => msgpack({ types: [fails] }).encode([1, [new Box(1)]]))).toMatchObject({
      path: [1, 0],
      problem: 'the value type "Fickle" could not encode it (not today)',
    })
  })

  it('does not hang on an instance that encodes to another without end', () => {
    const endless = valueType({ tag: 7, class: Box, encode: () => new Box(1), decode: () => new Box(1) })
    const itself = valueType({ tag: 7, class: Box, encode: (b) => b, decode: (b) => b })
    expect(() => msgpack({ types: [endless] }).encode([new Box(1)])).toThrow('more than 64 levels deep')
    expect(() => msgpack({ types: [itself] }).encode([new Box(1)])).toThrow('a value that contains itself')
  })
})

describe('a value that this side cannot make', () => {
  function decodeOne(ssdu: Uint8Array): [unknown, string | undefined] {
    const seen: [unknown, string | undefined][] = []
    codec.decode(ssdu, (message, _length, problem) => seen.push([message[0], problem]))
    return seen[0] ?? [undefined, 'nothing']
  }

  it.each([
    [
      'of a type not listed',
      extension(9, 0x91, 0x01),
      9,
      'a value of type 9, which is not among the value types of this side',
    ],
    ['of a type that is nobody’s', extension(100, 0xff), 100, 'an extension of the unknown type 100'],
    ['of a reserved type', extension(-2, 0xff), -2, 'an extension of the unknown type -2'],
    [
      'that its decode refuses',
      extension(0, 0x92, 0x01, 0xa3, 'EUR'),
      0,
      'a value that the value type "Money" refused: an amount is a bigint',
    ],
  ])('becomes a placeholder, and the message has a problem: %s', (_name, value, tag, sentence) => {
    const [made, problem] = decodeOne(octets(0x91, value))
    expect(made).toBeInstanceOf(Undecodable)
    expect(made).toMatchObject({ tag, problem: sentence })
    expect(problem).toBe(sentence)
  })

  it('does not disturb the messages around it', () => {
    const good = codec.encode([Money.of(1n, 'EUR')]).slice()
    const problems: (string | undefined)[] = []
    const ssdu = octets(good, 0x91, extension(9, 0xc0), good)
    codec.decode(ssdu, (_message, _length, problem) => problems.push(problem))
    expect(problems).toEqual([undefined, expect.stringContaining('type 9'), undefined])
  })

  it('cannot be sent on', () => {
    const [made] = decodeOne(octets(0x91, extension(9, 0xc0)))
    expect(() => codec.encode([made])).toThrow('an instance of Undecodable cannot travel')
  })
})

describe('what is not a list of value types', () => {
  it.each([-1, 64, 1.5, Number.NaN])('a tag of %s', (tag) => {
    expect(() => valueType({ tag, class: Box, encode: () => 1, decode: () => new Box(1) })).toThrow(
      RangeError,
    )
  })

  it.each([
    [
      'two types of one tag',
      [
        box,
        valueType({ tag: 2, class: Order, encode: () => 1, decode: () => new Order(undefined, new Map()) }),
      ],
    ],
    [
      'two types of one class',
      [box, valueType({ tag: 3, class: Box, encode: () => 1, decode: () => new Box(1) })],
    ],
  ])('%s', (_name, types) => {
    expect(() => msgpack({ types })).toThrow(/^the value types ".*" and ".*" share a tag or a class$/)
  })

  it.each([Map, Date, Array, Object, Uint8Array, Float64Array, Error])(
    '%o, which travels already',
    (type) => {
      const taken = valueType({
        tag: 0,
        class: type as { prototype: object },
        encode: () => 1,
        decode: () => ({}),
      })
      expect(() => msgpack({ types: [taken] })).toThrow('travels already')
    },
  )

  it('an allowance below 0', () => {
    expect(() => msgpack({ decodeAllowance: -1 })).toThrow(RangeError)
    expect(() => msgpack({ decodeAllowance: Number.NaN })).toThrow(RangeError)
  })
})
