// Turns one message at a time into msgpack. It looks at each array and object just before the library writes it, so
// that nothing is lost or changed in silence; it never says where a bad value stands (explain.ts does).
import { Encoder, type ExtData } from '@msgpack/msgpack'
import { rpcLimits } from '../limits.ts'
import { MalformedError, ValueError } from './codec.ts'
import { refusal, TOO_DEEP } from './explain-refusal.ts'
import type { Skim } from './skim.ts'
import {
  bareObjectToExtension,
  type Carrier,
  errorToExtension,
  oddArrayToExtension,
  oddObjectToExtension,
} from './values.ts'
import { isOctets, viewToExtension } from './values-binary.ts'
import { isArrayPrototype, isError, isPlainPrototype } from './values-foreign.ts'
import { isOddArray, isOddObject, withStandIns } from './values-odd.ts'

/** Encodes messages, one at a time: what is called while it encodes must use another. Not usable after a throw. */
export class MessageEncoder {
  readonly #carriers: ReadonlyMap<unknown, Carrier>
  readonly #skim: Skim
  readonly #extensionCodec = {
    tryToEncode: (value: unknown): ExtData | null => this.#inspect(value as object),
    decode: (): never => {
      throw new TypeError('an encoder does not decode')
    },
  }
  readonly #encoder: Encoder = this.#newEncoder(0)
  /** For the payloads of extensions, by how many extensions are around them. */
  readonly #inner: Encoder[] = []
  #level = 0
  #nested = false
  #root: unknown

  /** `carriers`: by prototype, how values travel that are more than msgpack has. */
  constructor(carriers: ReadonlyMap<unknown, Carrier>, skim: Skim) {
    this.#carriers = carriers
    this.#skim = skim
  }

  /** The octets of a message, borrowed until the next one. Throws whatever is thrown on the way. */
  encode(message: readonly unknown[]): Uint8Array {
    this.#nested = false
    const root = isOddArray(message) ? withStandIns(message) : message
    this.#root = root
    const octets = this.#encoder.encodeSharedRef(root)
    this.#root = undefined
    // What the library does not watch: depth across extensions, memory at the other side, and, as far as this goes,
    // arrays that a getter changes while they are written. Small messages without extensions need none of it.
    if (this.#nested || octets.length > this.#skim.harmless) this.#check(octets)
    return octets
  }

  /** Called by the library for all but undefined, null, booleans, numbers and strings. Null: plain msgpack will do. */
  #inspect(value: object): ExtData | null {
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === objectPrototype)
      return isOddObject(value) ? oddObjectToExtension(value, this.#nest) : null
    if (prototype === arrayPrototype) {
      if (value === this.#root || !isOddArray(value as unknown[])) return null
      return oddArrayToExtension(value as unknown[], this.#nest)
    }
    return prototype === octetsPrototype ? null : this.#inspectOther(value, prototype as object | null)
  }

  #inspectOther(value: object, prototype: object | null): ExtData | null {
    const carrier = this.#carriers.get(prototype)
    if (carrier !== undefined) return carrier(value as never, this.#nest)
    if (typeof value !== 'object') throw new ValueError([], refusal(value))
    if (prototype === null) {
      isOddObject(value) // for the keys
      return bareObjectToExtension(value, this.#nest)
    }
    if (ArrayBuffer.isView(value)) {
      const extension = isOctets(value) ? null : viewToExtension(value)
      if (extension !== undefined) return extension
    }
    if (isError(value)) return errorToExtension(value, this.#nest)
    if (Array.isArray(value)) {
      if (isArrayPrototype(prototype))
        return isOddArray(value) ? oddArrayToExtension(value, this.#nest) : null
    } else if (isPlainPrototype(prototype)) {
      return isOddObject(value) ? oddObjectToExtension(value, this.#nest) : null
    }
    throw new ValueError([], refusal(value))
  }

  /** Encodes the payload of an extension; the result is borrowed until the next one on the same level. */
  readonly #nest = (value: unknown): Uint8Array => {
    this.#nested = true
    const level = this.#level
    // An extension takes a level at least, so this many inside one another are too deep for certain.
    if (level + 1 >= rpcLimits.valueDepth) throw new ValueError([], TOO_DEEP)
    const encoder = (this.#inner[level] ??= this.#newEncoder(level + 1))
    this.#level = level + 1
    const octets = encoder.encodeSharedRef(value)
    this.#level = level
    return octets
  }

  #newEncoder(level: number): Encoder {
    const { valueDepth } = rpcLimits
    return new Encoder({ extensionCodec: this.#extensionCodec, maxDepth: valueDepth - level })
  }

  #check(octets: Uint8Array): void {
    if (this.#skim.message(octets, 0) !== octets.length)
      throw new MalformedError('an array that changed meanwhile')
  }
}

// Looked up at every array and object, hence not by way of the global names.
const objectPrototype = Object.prototype
const arrayPrototype = Array.prototype
const octetsPrototype = Uint8Array.prototype
