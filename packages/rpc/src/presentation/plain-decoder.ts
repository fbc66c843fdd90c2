// The short way for messages that are small and plain, as PlainEncoder writes them: it makes what the library
// would make, or gives up and leaves the message to the library. It must see only octets that the walk over
// them (skim.ts) has found sound, and never keeps a value.
import { KeyCache } from './key-cache.ts'
import { readUtf8 } from './read-utf8.ts'

/** Decodes plain messages, one at a time. */
export class PlainDecoder {
  readonly #keys = new KeyCache()
  #octets: Uint8Array = NOTHING
  #at = 0

  /** The message that starts at `start`; undefined when it is not plain. */
  message(ssdu: Uint8Array, start: number): unknown[] | undefined {
    this.#octets = ssdu
    this.#at = start
    // The walk has seen that every message is an array.
    const message = this.#value(0) as unknown[] | undefined
    this.#octets = NOTHING
    return message
  }

  /** Undefined, which no plain value is: not plain. The same goes for all below. */
  #value(depth: number): unknown {
    // Offsets are within bounds here and below: the walk has been over all of it.
    const head = this.#octets[this.#at++] as number
    if (head < FIXMAP) return head
    if (head < FIXARRAY) return this.#record(head - FIXMAP, depth)
    if (head < FIXSTR) return this.#array(head - FIXARRAY, depth)
    if (head < NIL) return this.#string(head - FIXSTR)
    if (head >= NEGATIVE_FIXINT) return head - 0x100
    return this.#other(head, depth)
  }

  #other(head: number, depth: number): unknown {
    switch (head) {
      case NIL:
        return null
      case FALSE:
        return false
      case TRUE:
        return true
      case BIN_8:
        return this.#binary(this.#natural(1))
      case FLOAT_64:
        return this.#float()
      case UINT_8:
        return this.#natural(1)
      case UINT_16:
        return this.#natural(2)
      case UINT_32:
        return this.#natural(4)
      case UINT_64:
        return this.#natural(4) * 2 ** 32 + this.#natural(4)
      case INT_8:
        return (this.#natural(1) << 24) >> 24
      case INT_16:
        return (this.#natural(2) << 16) >> 16
      case INT_32:
        return this.#natural(4) | 0
      case STR_8:
        return this.#string(this.#natural(1))
      case STR_16:
        return this.#string(this.#natural(2))
      case ARRAY_16:
        return this.#array(this.#natural(2), depth)
      case MAP_16:
        return this.#record(this.#natural(2), depth)
      default:
        return undefined
    }
  }

  #array(length: number, depth: number): unknown[] | undefined {
    if (depth === MAX_DEPTH) return undefined
    const array: unknown[] = []
    for (let i = 0; i < length; i++) {
      const value = this.#value(depth + 1)
      if (value === undefined) return undefined
      array.push(value)
    }
    return array
  }

  /** The walk has refused the key `__proto__`. */
  #record(size: number, depth: number): Record<string, unknown> | undefined {
    if (depth === MAX_DEPTH) return undefined
    const record: Record<string, unknown> = {}
    for (let i = 0; i < size; i++) {
      const key = this.#key()
      const value = key === undefined ? undefined : this.#value(depth + 1)
      if (value === undefined) return undefined
      record[key as string] = value
    }
    return record
  }

  /** Keys that are numbers, or long, are not plain. */
  #key(): string | undefined {
    const length = (this.#octets[this.#at++] as number) - FIXSTR
    if (length < 0 || length >= 32) return undefined
    const from = this.#at
    this.#at += length
    return this.#keys.get(this.#octets, from, length)
  }

  #string(length: number): string | undefined {
    const from = this.#at
    if (length > MARKED_TEXT && this.#octets[from] === BYTE_ORDER_MARK) return undefined
    this.#at += length
    return readUtf8(this.#octets, from, length)
  }

  /** So few are copied: a view of them would keep all that came with them. */
  #binary(length: number): Uint8Array {
    const from = this.#at
    this.#at += length
    const octets = new Uint8Array(length)
    octets.set(this.#octets.subarray(from, this.#at))
    return octets
  }

  #natural(width: number): number {
    let value = 0
    for (let i = 0; i < width; i++) value = value * 0x100 + (this.#octets[this.#at++] as number)
    return value
  }

  #float(): number {
    for (let i = 0; i < 8; i++) float.setUint8(i, this.#octets[this.#at++] as number)
    return float.getFloat64(0)
  }
}

/** A view of every SSDU would cost more than copying. */
const float = new DataView(new ArrayBuffer(8))
const NOTHING = new Uint8Array(0)
/** What nests deeper is not plain. */
const MAX_DEPTH = 16
/** The library drops a byte order mark in front of more octets than this. */
const MARKED_TEXT = 200
/** Its first octet in UTF-8. */
const BYTE_ORDER_MARK = 0xef

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
const NEGATIVE_FIXINT = 0xe0
