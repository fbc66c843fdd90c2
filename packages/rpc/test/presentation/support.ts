// What the tests of the codec share: a round trip, a comparison that nothing escapes, and msgpack by hand.
import type { Codec } from '../../src/presentation/codec.ts'

/** The value as the other side gets it. Throws when the codec reports a problem. */
export function roundTrip(codec: Codec, value: unknown): unknown {
  const [message] = decodeAll(codec, codec.encode([1, value]).slice())
  return message?.[1]
}

/** The messages of an SSDU. Throws when the codec reports a problem with one. */
export function decodeAll(codec: Codec, ssdu: Uint8Array): (readonly unknown[])[] {
  const messages: (readonly unknown[])[] = []
  codec.decode(ssdu, (message, _length, problem) => {
    if (problem !== undefined) throw new Error(problem)
    messages.push(message)
  })
  return messages
}

/** What `run` throws. */
export function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (thrown) {
    return thrown
  }
  throw new Error('nothing was thrown')
}

/** Octets from numbers, ASCII text and other octets. */
export function octets(...parts: readonly (number | string | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => {
      if (typeof part === 'number') return [part]
      return typeof part === 'string' ? [...new TextEncoder().encode(part)] : [...part]
    }),
  )
}

/** An extension in the form with a length of one octet. */
export function extension(tag: number, ...payload: readonly (number | string | Uint8Array)[]): Uint8Array {
  const body = octets(...payload)
  return octets(0xc7, body.length, tag & 0xff, body)
}

/**
 * The first place where two values differ, or undefined. Tells -0 from 0, undefined from a hole or a missing
 * property, and prototypes from one another. The stacks of errors do not count.
 */
export function difference(actual: unknown, expected: unknown, path = 'value'): string | undefined {
  if (Object.is(actual, expected)) return undefined
  if (typeof actual !== 'object' || typeof expected !== 'object' || actual === null || expected === null) {
    return `${path}: ${show(actual)} in place of ${show(expected)}`
  }
  if (Object.getPrototypeOf(actual) !== Object.getPrototypeOf(expected)) return `${path}: another prototype`
  return differenceInside(actual, expected, path)
}

function differenceInside(actual: object, expected: object, path: string): string | undefined {
  if (ArrayBuffer.isView(expected))
    return octetDifference(viewed(actual as ArrayBufferView), viewed(expected), path)
  if (expected instanceof ArrayBuffer) {
    return octetDifference(new Uint8Array(actual as ArrayBuffer), new Uint8Array(expected), path)
  }
  if (expected instanceof Date)
    return difference((actual as Date).getTime(), expected.getTime(), `${path} (time)`)
  if (expected instanceof Map)
    return difference([...(actual as typeof expected)], [...expected], `${path} (entries)`)
  if (expected instanceof Set)
    return difference([...(actual as typeof expected)], [...expected], `${path} (elements)`)
  const keys = keysOf(expected)
  const text = keysOf(actual).join()
  if (text !== keys.join()) return `${path}: the keys ${text} in place of ${keys.join()}`
  for (const key of keys) {
    if (Object.is(read(actual, key), read(expected, key))) continue
    const found = difference(read(actual, key), read(expected, key), `${path}.${key}`)
    if (found !== undefined) return found
  }
  return undefined
}

function keysOf(object: object): string[] {
  const keys = Object.keys(object)
  if (Array.isArray(object)) keys.push('length')
  if (object instanceof Error) {
    keys.push('name', 'message')
    if (Object.hasOwn(object, 'cause')) keys.push('cause')
    if (object instanceof AggregateError) keys.push('errors')
  }
  return keys
}

function read(object: object, key: string): unknown {
  return (object as Record<string, unknown>)[key]
}

function viewed(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}

function octetDifference(actual: Uint8Array, expected: Uint8Array, path: string): string | undefined {
  const same = actual.length === expected.length && actual.every((octet, i) => octet === expected[i])
  return same ? undefined : `${path}: other octets`
}

function show(value: unknown): string {
  return typeof value === 'bigint' ? `${value}n` : Object.is(value, -0) ? '-0' : String(value)
}
