// The codec in use: MessagePack by @msgpack/msgpack, with extensions for the values
// that msgpack has no form for.
import { rpcLimits } from '../limits.ts'
import type { Codec, Splice } from './codec.ts'
import { explain } from './explain.ts'
import { MessageDecoder } from './msgpack-decoder.ts'
import { MessageEncoder } from './msgpack-encoder.ts'
import { Skim } from './skim.ts'
import type { ValueType } from './types.ts'
import { applicationCarrier, type Carrier, carriers } from './values.ts'
import { typedArrays } from './values-binary.ts'
import { errorClasses } from './values-error.ts'

/** What {@link msgpack} can be told. */
export interface MsgpackOptions {
  /** How instances of the application's classes travel. Both sides must list the same. Default: none do. */
  readonly types?: readonly ValueType[]
  /**
   * Octets of memory that the values of one message may take beyond 8 times the message's length, 0 or more.
   * A message beyond it is refused where it would be encoded, with a ValueError, and again where it arrives,
   * so both sides should say the same. Default: 64 MiB (`rpcLimits.decodeAllowance`).
   */
  readonly decodeAllowance?: number
}

/**
 * A codec for MessagePack. One may serve every session of a process.
 *
 * These arrive equal to what was sent: undefined (also in arrays and as the value of a property), null,
 * booleans, every number (NaN, infinities and -0 too), bigint, every string, Date (also invalid), Map and
 * Set with any keys, arrays, plain objects, objects without prototype, Uint8Array and the other typed
 * arrays, ArrayBuffer, DataView, Error with its name, message, cause and own enumerable properties, and
 * instances of the classes in `types`.
 *
 * Some come close: holes in arrays become undefined; a Buffer becomes a Uint8Array; an Error keeps the class
 * the language gave it (TypeError, say) but no other, and never its stack; a getter becomes the value it had;
 * objects that stood in two places arrive as two. Not sent: properties with symbols for keys, and properties
 * set on an array, a Map, a Set or a typed array.
 *
 * All else is a ValueError that names the place. A Uint8Array that arrives is a view of the received octets
 * where it makes up at least a quarter of the memory behind them, and a copy elsewhere; most short ones are
 * copies.
 *
 * Throws TypeError when two of the types share a tag or a class, or a class travels already.
 */
export function msgpack(options: MsgpackOptions = {}): Codec {
  return new MsgpackCodec(options.types ?? [], options.decodeAllowance ?? rpcLimits.decodeAllowance)
}

class MsgpackCodec implements Codec {
  readonly name = 'msgpack'
  readonly #byTag: ReadonlyMap<number, ValueType>
  readonly #byPrototype: ReadonlyMap<unknown, ValueType>
  readonly #carriers: ReadonlyMap<unknown, Carrier>
  readonly #skim: Skim
  // The spare ones; undefined while in use, so that whoever calls back into the codec gets another.
  #encoder: MessageEncoder | undefined
  #decoder: MessageDecoder | undefined

  constructor(types: readonly ValueType[], decodeAllowance: number) {
    if (!(decodeAllowance >= 0))
      throw new RangeError(`decodeAllowance must be 0 or more, not ${decodeAllowance}`)
    this.#byTag = new Map(types.map((type) => [type.tag, type]))
    this.#byPrototype = new Map(types.map((type) => [type.class.prototype, type]))
    checkTypes(types, this.#byTag, this.#byPrototype)
    const own = types.map((type) => [type.class.prototype, applicationCarrier(type)] as const)
    this.#carriers = new Map<unknown, Carrier>([...carriers, ...own])
    this.#skim = new Skim(decodeAllowance)
  }

  encode(message: readonly unknown[], splices?: Splice[]): Uint8Array {
    const encoder = this.#encoder ?? new MessageEncoder(this.#carriers, this.#skim)
    this.#encoder = undefined
    let octets: Uint8Array
    try {
      octets = encoder.encode(message, splices)
    } catch (thrown) {
      throw explain(message, this.#byPrototype, thrown)
    }
    // An encoder keeps the largest buffer it ever needed, so one that has grown goes.
    if (octets.length <= KEPT) this.#encoder = encoder
    return octets
  }

  decode(ssdu: Uint8Array, visit: Parameters<Codec['decode']>[1]): void {
    const decoder = this.#decoder ?? new MessageDecoder(this.#byTag, this.#skim)
    this.#decoder = undefined
    try {
      decoder.decode(ssdu, visit)
    } finally {
      // A decoder holds what it decoded last.
      if (ssdu.length <= KEPT) this.#decoder = decoder
    }
  }
}

const KEPT = rpcLimits.keptOctets

function checkTypes(
  types: readonly ValueType[],
  byTag: ReadonlyMap<number, ValueType>,
  byPrototype: ReadonlyMap<unknown, ValueType>,
): void {
  for (const type of types) {
    const { tag, name } = type
    const other = [byTag.get(tag), byPrototype.get(type.class.prototype)].find((found) => found !== type)
    if (other !== undefined) {
      throw new TypeError(`the value types "${name}" and "${other.name}" share a tag or a class`)
    }
    if (carriers.has(type.class.prototype) || ownForms.has(type.class.prototype)) {
      throw new TypeError(`the class of the value type "${name}" travels already`)
    }
  }
}

const ownForms: ReadonlySet<object> = new Set(
  [Object, Array, DataView, Uint8Array, AggregateError, ...typedArrays, ...errorClasses].map(prototypeOf),
)

function prototypeOf(type: { readonly prototype: object }): object {
  return type.prototype
}
