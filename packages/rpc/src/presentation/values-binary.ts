// Typed arrays other than Uint8Array, ArrayBuffers and DataViews: as little-endian octets
// in an extension of their own.
import { ExtData } from '@msgpack/msgpack'
import { MalformedError } from './codec.ts'
import { ARRAY_BUFFER, DATA_VIEW, TYPED_ARRAYS } from './values-tags.ts'

/**
 * The extension for a view of any kind but Uint8Array, of this realm or another;
 * undefined for a kind not known.
 */
export function viewToExtension(view: ArrayBufferView): ExtData | undefined {
  const name = typedArrayName(view)
  if (name === undefined) return new ExtData(DATA_VIEW, wireOctets(view, 1))
  const index = typedArrays.findIndex((type) => type.name === name)
  const type = typedArrays[index]
  if (type === undefined) return undefined
  return new ExtData(TYPED_ARRAYS + index, wireOctets(view, type.BYTES_PER_ELEMENT))
}

/** Whether a view is a Uint8Array, whatever its realm and subclass. */
export function isOctets(view: ArrayBufferView): view is Uint8Array {
  return typedArrayName(view) === 'Uint8Array'
}

export function bufferToExtension(buffer: ArrayBuffer): ExtData {
  return new ExtData(ARRAY_BUFFER, new Uint8Array(buffer))
}

/** The elements of a view as they travel: little-endian. The view's own memory where it is so already. */
export function wireOctets(view: ArrayBufferView, elementLength: number): Uint8Array {
  const octets = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  return littleEndian ? octets : swapped(octets.slice(), elementLength)
}

/**
 * Elements that have travelled, as this machine has them. Always a copy: they must be aligned, and a small
 * array must not hold in memory all that came with it.
 */
export function elements(octets: Uint8Array, elementLength: number): ArrayBuffer {
  const copy = new Uint8Array(octets.length)
  copy.set(octets)
  if (!littleEndian) swapped(copy, elementLength)
  return copy.buffer
}

/** Turns the octets of each element around, in place. */
export function swapped(octets: Uint8Array, elementLength: number): Uint8Array {
  for (let at = 0; at < octets.length; at += elementLength) octets.subarray(at, at + elementLength).reverse()
  return octets
}

/** The constructor of a kind of typed arrays. */
export interface TypedArrayType {
  readonly name: string
  readonly prototype: object
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBuffer): ArrayBufferView
}

/** All kinds but Uint8Array. The order is part of the wire format. */
export const typedArrays: readonly TypedArrayType[] = [
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
]

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** How the extensions of this file are read: by type, from octets that belong to somebody else. */
export const binaryRevivers: ReadonlyMap<number, (octets: Uint8Array) => unknown> = revivers()

// What has the name of a typed array's kind, which neither a subclass nor another realm changes.
const kind = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)

/** Undefined for a DataView. */
function typedArrayName(view: ArrayBufferView): string | undefined {
  return kind?.get?.call(view) as string | undefined
}

function revivers(): Map<number, (octets: Uint8Array) => unknown> {
  const byTag = new Map<number, (octets: Uint8Array) => unknown>([
    [ARRAY_BUFFER, (octets) => elements(octets, 1)],
    [DATA_VIEW, (octets) => new DataView(elements(octets, 1))],
  ])
  for (const [index, type] of typedArrays.entries()) {
    byTag.set(TYPED_ARRAYS + index, (octets) => {
      const size = type.BYTES_PER_ELEMENT
      if (octets.length % size !== 0) throw new MalformedError(`${octets.length} octets for a ${type.name}`)
      return new type(elements(octets, size))
    })
  }
  return byTag
}

/** A binary value keeps no more memory alive than this many times its length. */
export const HOLDS_AT_MOST = 4

/**
 * Octets whose parts are views only where a part is a good share of the memory behind them, and
 * copies elsewhere: a small value must not keep all that came with it in memory. The library
 * takes binary values by `subarray`.
 */
export class CopyingOctets extends Uint8Array<ArrayBufferLike> {
  static get [Symbol.species](): Uint8ArrayConstructor {
    return Uint8Array
  }

  override subarray(start: number, end: number): Uint8Array<ArrayBuffer> {
    const part = super.subarray(start, end) as Uint8Array<ArrayBuffer>
    return part.length * HOLDS_AT_MOST < this.buffer.byteLength ? part.slice() : part
  }
}
