// What a caller can say about its calls, and metadata as both sides see it.
import type { AbortSignalLike } from '@parley/core'
import type { ActivityOptions } from './activity.ts'

/** Options of calls, given through {@link withOptions} or as a client's defaults. */
export interface CallOptions {
  /**
   * Milliseconds until the call fails with DEADLINE_EXCEEDED, 1 to 2^31-1. Streams: for the whole stream.
   * Default: none.
   */
  readonly timeout?: number | undefined
  /** Cancels the call when it aborts. */
  readonly signal?: AbortSignalLike | undefined
  /**
   * Names the call for good: the same request with the same key gives the same answer, whichever session it
   * comes on, and does not run again while its outcome is kept. 1 to 256 characters. Unary methods only.
   */
  readonly key?: string | undefined
  /**
   * Activities only: which one to begin or to go on with. Default: a new one with an id of its own.
   */
  readonly activity?: ActivityOptions | undefined
  /** Sent with the call; the handler reads it as `call().metadata`. */
  readonly metadata?: MetadataInit | undefined
  /** Told the handler's metadata, before the first value or the error of the call. */
  readonly onMetadata?: ((metadata: Metadata) => void) | undefined
}

/** Names and values that travel beside a call. */
export type Metadata = ReadonlyMap<string, MetadataValue>
/** One metadata value. */
export type MetadataValue = string | Uint8Array
/** Metadata as it is given: an object or a Map. */
export type MetadataInit = Readonly<Record<string, MetadataValue>> | Metadata

/** The longest timeout a timer can hold, in milliseconds. */
export const MAX_TIMEOUT: number = 2 ** 31 - 1

/** Throws a TypeError when `timeout` is not a number of milliseconds that can be waited for. */
export function checkTimeout(timeout: number): void {
  if (!(timeout > 0 && timeout <= MAX_TIMEOUT)) {
    throw new TypeError(`timeout: ${timeout} is not a number of milliseconds from above 0 to ${MAX_TIMEOUT}`)
  }
}

/** Metadata as a plain object for the wire, checked. Throws a TypeError that names what is wrong. */
export function metadataToWire(init: MetadataInit, maxLength: number): Record<string, MetadataValue> {
  const entries = init instanceof Map ? init.entries() : Object.entries(init)
  const record = Object.create(null) as Record<string, MetadataValue>
  let length = 0
  for (const [name, value] of entries as Iterable<[string, MetadataValue]>) {
    if (typeof value !== 'string' && !(value instanceof Uint8Array)) {
      throw new TypeError(`metadata "${name}": the value must be a string or a Uint8Array`)
    }
    record[name] = value
    length += name.length + value.length
  }
  if (length > maxLength)
    throw new TypeError(`metadata: ${length} characters, at most ${maxLength} are allowed`)
  return record
}

/** Metadata that came from the peer; undefined when it is not what metadata can be. */
export function metadataFromWire(record: object, maxLength: number): Map<string, MetadataValue> | undefined {
  // Listing the entries of these takes many times the memory they take themselves.
  if (Array.isArray(record) || ArrayBuffer.isView(record)) return undefined
  const metadata = new Map<string, MetadataValue>()
  let length = 0
  for (const [name, value] of Object.entries(record)) {
    if (typeof value !== 'string' && !(value instanceof Uint8Array)) return undefined
    metadata.set(name, value)
    length += name.length + value.length
  }
  return length > maxLength ? undefined : metadata
}
