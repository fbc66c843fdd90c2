// The short way for messages that are small and plain: numbers, strings, booleans, null, a few octets, and
// arrays and objects of these. What it writes is what the library would write; where it is not sure it gives
// up and leaves the message to the library. It must never write a value that would arrive changed.
import { rpcLimits } from '../limits.ts'
import { utf8Length, writeUtf8 } from './write-utf8.ts'

/** Encodes plain messages, one at a time: what is called while it encodes must use another. */
export class PlainEncoder {
  readonly #octets = new Uint8Array(rpcLimits.plainOctets)
  readonly #view = new DataView(this.#octets.buffer)
  /** Where the next octet goes. */
  #at = 0

  /**
   * The octets of a message, borrowed until the next one; undefined when it is not small and plain. Throws
   * what getters in it throw.
   */
  encode(message: readonly unknown[]): Uint8Array | undefined {
    this.#at = 0
    return this.#array(message, 0) ? this.#octets.subarray(0, this.#at) : undefined
  }

  /** False: not plain, or no room. The same goes for all below. */
  #value(value: unknown, depth: number): boolean {
    switch (typeof value) {
      case 'string':
        return this.#string(value)
      case 'number':
        return this.#number(value)
      case 'boolean':
        return this.#octet(value ? TRUE : FALSE)
      case 'object':
        return value === null ? this.#octet(NIL) : this.#object(value, depth)
      default:
        return false
    }
  }

  #object(value: object, depth: number): boolean {
    if (depth === MAX_DEPTH) return false
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === objectPrototype) return this.#record(value as Record<string, unknown>, depth)
    if (prototype === octetsPrototype) return this.#binary(value as Uint8Array)
    return prototype === arrayPrototype && this.#array(value as unknown[], depth)
  }

  #array(array: readonly unknown[], depth: number): boolean {
    const { length } = array
    if (!this.#count(length, FIXARRAY, ARRAY_16)) return false
    // A hole reads as undefined, which is not plain.
    for (let i = 0; i < length; i++) if (!this.#value(array[i], depth + 1)) return false
    return true
  }

  #record(record: Record<string, unknown>, depth: number): boolean {
    const keys = Object.keys(record)
    if (!this.#count(keys.length, FIXMAP, MAP_16)) return false
    for (let i = 0; i < keys.length; i++) {
      // Within bounds.
      const key = keys[i] as string
      if (key === '__proto__' || !this.#string(key) || !this.#value(record[key], depth + 1)) return false
    }
    return true
  }

  /** There can be no more values than there is room for octets. */
  #count(count: number, short: number, long: number): boolean {
    if (count < 16) return this.#octet(short + count)
    return (
      count <= rpcLimits.plainOctets && this.#octet(long) && this.#octet(count >> 8) && this.#octet(count)
    )
  }

  #string(text: string): boolean {
    const { length } = text
    const octets = this.#octets
    let at = this.#at
    if (at + length + 3 > octets.length) return false
    if (length < 32) octets[at++] = FIXSTR + length
    else at = writeTextHead(octets, at, length)
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit >= 0x80) return this.#wideString(text)
      octets[at++] = unit
    }
    this.#at = at
    return true
  }

  /** More than ASCII. Long ones the library writes faster, and there a byte order mark matters. */
  #wideString(text: string): boolean {
    const length = text.length <= MAX_WIDE_TEXT ? utf8Length(text) : -1
    const octets = this.#octets
    let at = this.#at
    if (length === -1 || at + length + 3 > octets.length) return false
    at = writeTextHead(octets, at, length)
    writeUtf8(text, octets, at)
    this.#at = at + length
    return true
  }

  #binary(value: Uint8Array): boolean {
    const { length } = value
    const at = this.#at + 2
    if (length >= 0x100 || at + length > this.#octets.length) return false
    this.#octets[at - 2] = BIN_8
    this.#octets[at - 1] = length
    this.#octets.set(value, at)
    this.#at = at + length
    return true
  }

  #number(value: number): boolean {
    if (this.#at + LONGEST_NUMBER > this.#octets.length) return false
    if (value >>> 0 === value) return (value !== 0 || 1 / value > 0) && this.#natural(value)
    if ((value | 0) === value) return this.#negative(value)
    const view = this.#view
    const at = this.#at
    if (!Number.isSafeInteger(value)) {
      view.setUint8(at, FLOAT_64)
      view.setFloat64(at + 1, value)
    } else if (value > 0) {
      view.setUint8(at, UINT_64)
      view.setUint32(at + 1, value / 2 ** 32)
      view.setUint32(at + 5, value)
    } else return false
    this.#at = at + 9
    return true
  }

  /** A whole number from 0 to 2^32 - 1. */
  #natural(value: number): true {
    const octets = this.#octets
    let at = this.#at
    if (value >= 0x10000) {
      octets[at++] = UINT_32
      octets[at++] = value >>> 24
      octets[at++] = value >>> 16
    } else if (value >= 0x100) octets[at++] = UINT_16
    else if (value >= 0x80) octets[at++] = UINT_8
    if (value >= 0x100) octets[at++] = value >>> 8
    octets[at++] = value
    this.#at = at
    return true
  }

  /** A whole number from -2^31 to -1. */
  #negative(value: number): true {
    const octets = this.#octets
    let at = this.#at
    if (value < -0x8000) {
      octets[at++] = INT_32
      octets[at++] = value >>> 24
      octets[at++] = value >>> 16
    } else if (value < -0x80) octets[at++] = INT_16
    else if (value < -0x20) octets[at++] = INT_8
    if (value < -0x80) octets[at++] = value >>> 8
    octets[at++] = value
    this.#at = at
    return true
  }

  #octet(octet: number): boolean {
    if (this.#at === this.#octets.length) return false
    this.#octets[this.#at++] = octet
    return true
  }
}

function writeTextHead(octets: Uint8Array, start: number, length: number): number {
  let at = start
  if (length >= 0x100) {
    octets[at++] = STR_16
    octets[at++] = length >>> 8
  } else if (length >= 32) octets[at++] = STR_8
  octets[at++] = length < 32 ? FIXSTR + length : length
  return at
}

/** What nests deeper is not small. */
const MAX_DEPTH = 16
const MAX_WIDE_TEXT = 64
const LONGEST_NUMBER = 9

const FIXMAP = 0x80
const FIXARRAY = 0x90
const FIXSTR = 0xa0
const NIL = 0xc0
const FALSE = 0xc2
const TRUE = 0xc3
const BIN_8 = 0xc4
const FLOAT_64 = 0xcb
const UINT_8 = 0xcc
const UINT_16 = 0xcd
const UINT_32 = 0xce
const UINT_64 = 0xcf
const INT_8 = 0xd0
const INT_16 = 0xd1
const INT_32 = 0xd2
const STR_8 = 0xd9
const STR_16 = 0xda
const ARRAY_16 = 0xdc
const MAP_16 = 0xde

// Looked up at every array and object, hence not by way of the global names.
const objectPrototype = Object.prototype
const arrayPrototype = Array.prototype
const octetsPrototype = Uint8Array.prototype
