// The extension types in use: 0 to 63 belong to applications, the rest is fixed here
// and is part of the wire format.

/** Types at least this high are not for applications. */
export const APPLICATION_TAGS = 64

/** msgpack's own timestamp: every valid Date. */
export const TIMESTAMP = -1

// The payload of these, and of every application type, is one msgpack value.
/** That value itself; wraps an array or object in which something stands that msgpack has no form for. */
export const PLAIN = 64
/** An object without a prototype: a map. */
export const BARE = 65
/** A Map: an array of key, value, key, value. */
export const MAP_TAG = 66
/** A Set: an array. */
export const SET_TAG = 67
/** An Error: [name, message, own enumerable properties, { cause?, errors? }]. */
export const ERROR = 68

// The payload of these is octets.
/** One octet: 0 undefined, 1 negative zero, 2 the invalid Date. */
export const CONSTANT_TAG = 72
/** A bigint in two's complement, most significant octet first. */
export const BIGINT = 73
/** A string in UTF-16, little-endian, any code unit allowed; for those that UTF-8 cannot hold. */
export const TEXT = 74
/** The octets of an ArrayBuffer. */
export const ARRAY_BUFFER = 75
/** The octets of a DataView. */
export const DATA_VIEW = 76
/**
 * The elements of a typed array, little-endian: this type and the ones that follow, in
 * the order of values-binary.ts.
 */
export const TYPED_ARRAYS = 80

/** Whether the payload of an extension is a msgpack value; `tag` as it stands on the wire, an octet. */
export function holdsValue(tag: number): boolean {
  return tag <= ERROR
}
