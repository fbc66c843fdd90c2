// Turns one message at a time into msgpack. It looks at each array and object just before the
// library writes it, so that nothing is lost or changed in silence; it never says where a bad
// value stands (explain.ts does).
import { Encoder, ExtData } from '@msgpack/msgpack'
import { rpcLimits } from '../limits.ts'
import { MalformedError, type Splice, ValueError } from './codec.ts'
import { refusal, TOO_DEEP } from './explain-refusal.ts'
import { PlainEncoder } from './plain-encoder.ts'
import type { Skim } from './skim.ts'
import {
  bareObjectToExtension,
  type Carrier,
  errorToExtension,
  oddArrayToExtension,
  oddObjectToExtension,
} from './values.ts'
import { PLAIN } from './values-tags.ts'
import { isOctets, viewToExtension } from './values-binary.ts'
import { isArrayPrototype, isError, isPlainPrototype } from './values-foreign.ts'
import { isOddArray, isOddObject, withStandIns } from './values-odd.ts'

/**
 * Encodes messages, one at a time: what is called while it encodes must use
 * another. Not usable after a throw.
 */
export class MessageEncoder {
  readonly #carriers: ReadonlyMap<unknown, Carrier>
  readonly #skim: Skim
  readonly #extensionCodec = {
    tryToEncode: (value: unknown): ExtData | null => this.#inspect(value as object),
    decode: (): never => {
      throw new TypeError('an encoder does not decode')
    },
  }
  readonly #plain = new PlainEncoder()
  readonly #encoder: Encoder = this.#newEncoder(0)
  /** For the payloads of extensions, by how many extensions are around them. */
  readonly #inner: Encoder[] = []
  #level = 0
  #nested = false
  #root: unknown
  #splices: Splice[] | undefined

  /** `carriers`: by prototype, how values travel that are more than msgpack has. */
  constructor(carriers: ReadonlyMap<unknown, Carrier>, skim: Skim) {
    this.#carriers = carriers
    this.#skim = skim
  }

  /** The octets of a message, borrowed until the next one. Throws whatever is thrown on the way. */
  encode(message: readonly unknown[], splices?: Splice[]): Uint8Array {
    const plain = this.#plain.encode(message)
    if (plain === undefined) return this.#encodeAny(message, splices)
    if (plain.length > this.#skim.harmless) this.#check(plain)
    return plain
  }

  #encodeAny(message: readonly unknown[], splices: Splice[] | undefined): Uint8Array {
    this.#nested = false
    this.#splices = splices
    const root = isOddArray(message) ? withStandIns(message) : message
    this.#root = root
    const octets = this.#encoder.encodeSharedRef(root)
    this.#root = undefined
    if (splices !== undefined && splices.length > 0) writeHeads(octets, splices)
    // What the library does not watch: depth across extensions, memory at the other side, and, as
    // far as this goes, arrays that a getter changes while they are written. Small messages
    // without extensions need none of it.
    if (this.#nested || octets.length > this.#skim.harmless) this.#check(octets)
    return octets
  }

  /**
   * Called by the library for all but undefined, null, booleans, numbers and
   * strings. Null: plain msgpack will do.
   */
  #inspect(value: object): ExtData | null {
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === objectPrototype)
      return isOddObject(value) ? oddObjectToExtension(value, this.#nest) : null
    if (prototype === arrayPrototype) {
      if (value === this.#root || !isOddArray(value as unknown[])) return null
      return oddArrayToExtension(value as unknown[], this.#nest)
    }
    if (prototype === octetsPrototype) return this.#inspectOctets(value as Uint8Array)
    return this.#inspectOther(value, prototype as object | null)
  }

  /** Null: the library is to copy them. */
  #inspectOctets(value: Uint8Array): ExtData | null {
    const splices = this.#splices
    if (splices === undefined || this.#level > 0 || value.length < rpcLimits.splicedOctets) return null
    // The library calls `data` with the position of the payload and writes an empty extension, whose six
    // octets writeHeads turns into the five of a bin 32 and one to drop.
    const data = (position: number): Uint8Array => {
      splices.push({ from: position - 1, to: position, octets: value })
      return NO_OCTETS
    }
    return new ExtData(PLAIN, data)
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

/**
 * The heads of the binary values that were left out, in place of the empty extensions that stand for them.
 */
function writeHeads(octets: Uint8Array, splices: readonly Splice[]): void {
  for (const { from, octets: value } of splices) {
    const at = from - 5
    octets[at] = BIN_32
    octets[at + 1] = value.length >>> 24
    octets[at + 2] = value.length >>> 16
    octets[at + 3] = value.length >>> 8
    octets[at + 4] = value.length
  }
}

const BIN_32 = 0xc6
const NO_OCTETS = new Uint8Array(0)

// Looked up at every array and object, hence not by way of the global names.
const objectPrototype = Object.prototype
const arrayPrototype = Array.prototype
const octetsPrototype = Uint8Array.prototype
