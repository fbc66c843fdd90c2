// Strings from UTF-8, which the walk (skim.ts) must have found it to be.
import { newTextDecoder } from '../platform/platform.ts'

/** The string that `length` octets make up. A byte order mark is part of it. */
export function readUtf8(octets: Uint8Array, from: number, length: number): string {
  const units = length < scratch.length ? scratch[length] : undefined
  if (units === undefined) return decoder.decode(octets.subarray(from, from + length))
  for (let i = 0; i < length; i++) {
    // Within bounds: the caller knows the length.
    const octet = octets[from + i] as number
    if (octet >= 0x80) return decoder.decode(octets.subarray(from, from + length))
    units[i] = octet
  }
  return String.fromCharCode(...units)
}

/** Room for the units of a short ASCII string, by length. Longer ones the platform reads faster. */
const scratch: readonly number[][] = Array.from({ length: 24 }, (_, length) =>
  Array.from({ length }, () => 0),
)

const decoder = newTextDecoder()
