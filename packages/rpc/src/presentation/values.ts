// How values beyond plain msgpack travel: each kind as an extension, in both directions.
import {
  decodeTimestampToTimeSpec,
  encodeDateToTimeSpec,
  encodeTimeSpecToTimestamp,
  ExtData,
} from '@msgpack/msgpack'
import { MalformedError } from './codec.ts'
import { bigintFromOctets, bigintToOctets } from './values-bigint.ts'
import type { ValueType } from './types.ts'
import { binaryRevivers, bufferToExtension, elements, wireOctets } from './values-binary.ts'
import { errorFromParts, errorToParts } from './values-error.ts'
import { Constant, INVALID_DATE, recordWithStandIns, standIn, Text, withStandIns } from './values-odd.ts'
import { BARE, BIGINT, CONSTANT_TAG, ERROR, MAP_TAG, PLAIN, SET_TAG, TEXT, TIMESTAMP } from './values-tags.ts'

/**
 * Encodes a value for the payload of an extension. The octets are borrowed until
 * the extension has been written.
 */
export type Nest = (value: unknown) => Uint8Array
/** Decodes the payload of an extension. */
export type Unnest = (octets: Uint8Array) => unknown
/** Makes the extension for a value. */
export type Carrier = (value: never, nest: Nest) => ExtData
/**
 * Makes the value from an extension's payload, which belongs to somebody else. Throws {@link MalformedError}.
 */
export type Reviver = (octets: Uint8Array, unnest: Unnest) => unknown

/** How instances travel, by prototype; primitives have one, too. */
export const carriers: ReadonlyMap<object, Carrier> = new Map<object, Carrier>([
  [BigInt.prototype, (value: bigint) => new ExtData(BIGINT, bigintToOctets(value))],
  [Date.prototype, dateToExtension],
  [Map.prototype, (map: Map<unknown, unknown>, nest) => new ExtData(MAP_TAG, nest(entries(map)))],
  [Set.prototype, (set: Set<unknown>, nest) => new ExtData(SET_TAG, nest(withStandIns([...set])))],
  [ArrayBuffer.prototype, bufferToExtension],
  [Constant.prototype, ({ extension }: Constant) => extension],
  [Text.prototype, ({ text }: Text) => new ExtData(TEXT, textToOctets(text))],
])

/** The extension for an array with odd elements. */
export function oddArrayToExtension(array: readonly unknown[], nest: Nest): ExtData {
  return new ExtData(PLAIN, nest(withStandIns(array)))
}

/** The extension for a plain object with odd properties. */
export function oddObjectToExtension(object: object, nest: Nest): ExtData {
  return new ExtData(PLAIN, nest(recordWithStandIns(object)))
}

/** The extension for an object without a prototype. */
export function bareObjectToExtension(object: object, nest: Nest): ExtData {
  return new ExtData(BARE, nest(recordWithStandIns(object)))
}

/** The extension for an Error of any class. */
export function errorToExtension(error: Error, nest: Nest): ExtData {
  return new ExtData(ERROR, nest(withStandIns(errorToParts(error))))
}

/** How instances of a class of the application travel. */
export function applicationCarrier(type: ValueType): Carrier {
  return (value, nest) => new ExtData(type.tag, nest(standIn(type.encode(value))))
}

/** How extensions are read, by type. */
export const revivers: ReadonlyMap<number, Reviver> = new Map<number, Reviver>([
  ...binaryRevivers,
  [TIMESTAMP, dateFromOctets],
  [PLAIN, (octets, unnest) => unnest(octets)],
  [BARE, (octets, unnest) => bareObject(unnest(octets))],
  [MAP_TAG, (octets, unnest) => mapFrom(unnest(octets))],
  [SET_TAG, (octets, unnest) => setFrom(unnest(octets))],
  [ERROR, (octets, unnest) => errorFromParts(unnest(octets))],
  [CONSTANT_TAG, constantFromOctets],
  [BIGINT, bigintFromOctets],
  [TEXT, textFromOctets],
])

function entries(map: Map<unknown, unknown>): unknown[] {
  const flat: unknown[] = []
  for (const [key, value] of map) flat.push(standIn(key), standIn(value))
  return flat
}

function mapFrom(flat: unknown): Map<unknown, unknown> {
  if (!Array.isArray(flat) || flat.length % 2 !== 0)
    throw new MalformedError('a Map that is not a list of pairs')
  const map = new Map<unknown, unknown>()
  for (let i = 0; i < flat.length; i += 2) map.set(flat[i], flat[i + 1])
  return map
}

function setFrom(list: unknown): Set<unknown> {
  if (!Array.isArray(list)) throw new MalformedError('a Set that is not a list')
  return new Set<unknown>(list)
}

function bareObject(object: unknown): object {
  if (typeof object !== 'object' || object === null || Object.getPrototypeOf(object) !== Object.prototype) {
    throw new MalformedError('an object without prototype that is not a map')
  }
  return Object.setPrototypeOf(object, null) as object
}

function dateToExtension(date: Date): ExtData {
  if (Number.isNaN(date.getTime())) return INVALID_DATE.extension
  return new ExtData(TIMESTAMP, encodeTimeSpecToTimestamp(encodeDateToTimeSpec(date)))
}

/** A time beyond what a Date holds becomes the invalid Date; fractions of a millisecond are dropped. */
function dateFromOctets(octets: Uint8Array): Date {
  const { sec, nsec } = decodeTimestampToTimeSpec(octets)
  return new Date(sec * 1e3 + nsec / 1e6)
}

function constantFromOctets(octets: Uint8Array): undefined | number | Date {
  if (octets.length === 1) {
    // The codes of values-odd.ts.
    if (octets[0] === 0) return undefined
    if (octets[0] === 1) return -0
    if (octets[0] === 2) return new Date(NaN)
  }
  throw new MalformedError('a constant that is not known')
}

function textToOctets(text: string): Uint8Array {
  const units = new Uint16Array(text.length)
  for (let i = 0; i < units.length; i++) units[i] = text.charCodeAt(i)
  return wireOctets(units, units.BYTES_PER_ELEMENT)
}

function textFromOctets(octets: Uint8Array): string {
  if (octets.length % 2 !== 0) throw new MalformedError('a string of half a code unit')
  const units = new Uint16Array(elements(octets, 2))
  let text = ''
  // In pieces: a call takes only so many arguments.
  for (let at = 0; at < units.length; at += 4096)
    text += String.fromCharCode(...units.subarray(at, at + 4096))
  return text
}
