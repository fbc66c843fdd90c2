// Keys that lead somewhere (threat T7): they are data and nothing else, on the way out and on the way in.
import { describe, expect, it } from 'vitest'
import { MalformedError } from '../../src/presentation/codec.ts'
import { msgpack } from '../../src/presentation/msgpack.ts'
import { temptingKeys } from './random-value.ts'
import { decodeAll, difference, extension, octets, roundTrip } from './support.ts'

const codec = msgpack()

function prototypes(): string {
  const watched = [Object, Array, Map, Set, Error, TypeError, Date, Function, Uint8Array, Promise]
  const described = watched.map(({ prototype }) => Object.getOwnPropertyDescriptors(prototype))
  return described.map((properties) => Reflect.ownKeys(properties).map(String).join()).join(';')
}

describe('a tempting key', () => {
  it.each(temptingKeys)('is an own property with its value: %s', (key) => {
    const before = prototypes()
    const value = {
      plain: { [key]: { polluted: true } },
      bare: Object.assign(Object.create(null) as object, { [key]: 1 }),
      map: new Map([[key, 1]]),
      odd: { [key]: undefined },
    }
    const arrived = roundTrip(codec, value) as typeof value
    expect(difference(arrived, value)).toBeUndefined()
    expect(Object.hasOwn(arrived.plain, key)).toBe(true)
    expect(prototypes()).toBe(before)
  })

  it('makes nothing thenable', async () => {
    const arrived = roundTrip(codec, { then: 'not a function', deeper: { then: { call: 1 } } })
    await expect(Promise.resolve(arrived)).resolves.toBe(arrived)
  })

  it.each([0xa9, 0xd9, 0xda, 0xdb])(
    'is refused when it is __proto__, whatever the length of its length: %i',
    (head) => {
      const length = { 0xa9: [], 0xd9: [9], 0xda: [0, 9], 0xdb: [0, 0, 0, 9] }[head] ?? []
      const pair = octets(head, ...length, '__proto__', 0x81, 0xa8, 'polluted', 0xc3)
      for (const holder of [
        octets(0x81, pair),
        extension(65, 0x81, pair),
        extension(68, 0x94, 0xa0, 0xa0, 0x81, pair, 0x80),
      ]) {
        expect(() => decodeAll(codec, octets(0x91, holder))).toThrow(MalformedError)
      }
      expect('polluted' in {}).toBe(false)
    },
  )

  it('is a key like any other in a Map', () => {
    const arrived = roundTrip(codec, new Map([['__proto__', { polluted: true }]]))
    expect(arrived).toEqual(new Map([['__proto__', { polluted: true }]]))
    expect('polluted' in {}).toBe(false)
  })

  it('cannot be what an Error hides', () => {
    const own = octets(0x83, 0xa5, 'stack', 0xa1, 's', 0xa7, 'message', 0xa1, 'm', 0xa4, 'code', 0xa1, 'c')
    const [[error]] = decodeAll(
      codec,
      octets(0x91, extension(68, 0x94, 0xa5, 'Error', 0xa2, 'no', own, 0x80)),
    ) as [[Error]]
    expect(Object.keys(error)).toEqual(['code'])
    expect(error.message).toBe('no')
    expect(error.stack).toBe('Error: no')
  })

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'Promise'])(
    'gives an Error no class when it is its name: %s',
    (name) => {
      const error = Object.assign(new Error('no'), { name })
      const arrived = roundTrip(codec, error) as Error
      expect(Object.getPrototypeOf(arrived)).toBe(Error.prototype)
      expect(arrived.name).toBe(name)
    },
  )

  it('that the process itself put on Object.prototype is not sent', () => {
    const polluted = Object.prototype as { canary?: unknown }
    polluted.canary = undefined
    try {
      expect(Buffer.from(codec.encode([{ a: 1 }, { a: undefined }])).includes('canary')).toBe(false)
    } finally {
      delete polluted.canary
    }
  })
})
