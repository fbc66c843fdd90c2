// Values that msgpack, or the library, has no exact form for: undefined, -0, strings that UTF-8 or
// the library's text decoder would change. They are found among the children of an array or object,
// and stand-ins take their place.
import { ExtData } from '@msgpack/msgpack'
import { rpcLimits } from '../limits.ts'
import { ValueError } from './codec.ts'
import { CONSTANT_TAG } from './values-tags.ts'

/**
 * Whether one of the elements is odd. A hole reads as undefined. Throws
 * {@link ValueError} when there are too many.
 */
export function isOddArray(array: readonly unknown[]): boolean {
  const { length } = array
  if (length > MAX_LENGTH) throw new ValueError([], arrayProblem(length) ?? '')
  for (let i = 0; i < length; i++) if (isOdd(array[i])) return true
  return false
}

/** Whether one of the properties is odd. Throws {@link ValueError} for a key that cannot travel. */
export function isOddObject(object: object): boolean {
  const record = object as Record<string, unknown>
  let odd = false
  let count = 0
  for (const key in record) {
    count++
    // Only own properties are sent; what a polluted prototype adds is of no interest.
    if ((key === '__proto__' || isOddText(key)) && Object.hasOwn(record, key)) {
      throw new ValueError([], keyProblem(key) ?? '')
    }
    if (isOdd(record[key]) && Object.hasOwn(record, key)) odd = true
  }
  if (count > MAX_KEYS) throw new ValueError([], keysProblem(count) ?? '')
  return odd
}

/** The value itself, or what stands in for it. */
export function standIn(value: unknown): unknown {
  if (!isOdd(value)) return value
  if (typeof value === 'string') return new Text(value)
  return value === undefined ? UNDEFINED : NEGATIVE_ZERO
}

/** An array with its odd elements replaced. */
export function withStandIns(array: readonly unknown[]): unknown[] {
  const copy: unknown[] = []
  for (let i = 0; i < array.length; i++) copy.push(standIn(array[i]))
  return copy
}

/** An object of the same own properties with the odd ones replaced. */
export function recordWithStandIns(object: object): Record<string, unknown> {
  // Spreading defines properties where assigning could meet a setter or a frozen prototype.
  const copy: Record<string, unknown> = { ...object }
  for (const key of Object.keys(copy)) if (isOdd(copy[key])) copy[key] = standIn(copy[key])
  return copy
}

/** A string for which UTF-8 will not do. */
export class Text {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** A value that has no form of its own in msgpack; travels as the extension. */
export class Constant {
  readonly extension: ExtData
  constructor(code: number) {
    this.extension = new ExtData(CONSTANT_TAG, Uint8Array.of(code))
  }
}

/** The codes are part of the wire format. */
const UNDEFINED: Constant = new Constant(0)
const NEGATIVE_ZERO: Constant = new Constant(1)
export const INVALID_DATE: Constant = new Constant(2)

/** What is wrong with a property key. */
export function keyProblem(key: string): string | undefined {
  if (key === '__proto__') return 'the key "__proto__" cannot travel; rename it'
  if (!isWellFormed(key)) return 'a key with half a surrogate pair cannot travel; send a Map'
  return isOddText(key)
    ? 'a long key that starts with a byte order mark cannot travel; send a Map'
    : undefined
}

/** What is wrong with an array of so many elements. */
export function arrayProblem(length: number): string | undefined {
  return length > MAX_LENGTH ? `an array of ${length} elements cannot travel; send it in pieces` : undefined
}

/** What is wrong with an object of so many keys. */
export function keysProblem(count: number): string | undefined {
  return count > MAX_KEYS ? `an object of ${count} keys cannot travel; send a Map or pieces` : undefined
}

// Constants of the hot path stand in this file, since imported ones are slower.
const MAX_LENGTH = rpcLimits.arrayLength
const MAX_KEYS = rpcLimits.objectKeys
// The library's decoder drops a byte order mark at the start of a string of more than 200 octets.
const BYTE_ORDER_MARK = 0xfeff
const SHORT_TEXT = 66

function isOdd(value: unknown): boolean {
  if (typeof value === 'string') return isOddText(value)
  if (typeof value === 'number') return value === 0 && 1 / value < 0
  return value === undefined
}

function isOddText(text: string): boolean {
  return !isWellFormed(text) || (text.length > SHORT_TEXT && text.charCodeAt(0) === BYTE_ORDER_MARK)
}

/** ES2024, present on every platform Parley runs on. */
interface WellFormed {
  isWellFormed(): boolean
}

function isWellFormed(text: string): boolean {
  return (text as string & WellFormed).isWellFormed()
}
