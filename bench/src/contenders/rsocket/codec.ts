// RSocket carries octets and leaves the values to its user: here msgpack, as in the yardstick.
import { Decoder, Encoder } from '@msgpack/msgpack'
import type { Payload } from 'rsocket-core'

const encoder = new Encoder()
const decoder = new Decoder()

/** A payload of its own: RSocket frames it into another buffer before this process encodes again. */
export function encode(value: unknown): Payload {
  const octets = encoder.encodeSharedRef(value)
  return { data: Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength) }
}

export function decode(payload: Payload): unknown {
  return decoder.decode(octetsOf(payload))
}

export function octetsOf(payload: Payload): Buffer {
  if (!payload.data) throw new Error('a payload without data')
  return payload.data
}

/** Marks a payload that is raw octets, so that binaries are spared the codec altogether. */
export const rawMark: Buffer = Buffer.from([1])

/** Items a stream may have on the way; half of them are granted anew when half have come. */
export const credit = 1024
