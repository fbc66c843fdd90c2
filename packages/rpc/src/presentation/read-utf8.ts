// Short strings from UTF-8, faster than the platform's decoder, which is made for long ones. The octets must
// have been found to be UTF-8.

/** Octets of the longest string that is read here. */
export const LONGEST_TEXT = 200

/** The string that `length` octets, at most {@link LONGEST_TEXT}, make up. */
export function readUtf8(octets: Uint8Array, from: number, length: number): string {
  const units = scratch[length] as number[]
  for (let i = 0; i < length; i++) {
    // Within bounds here and below: the caller knows the length, and a sequence of UTF-8 is whole.
    const octet = octets[from + i] as number
    if (octet >= 0x80) return readWide(octets, from, from + length)
    units[i] = octet
  }
  return String.fromCharCode(...units)
}

/** Room for the units of an ASCII string, by length: a list that grows anew for each costs more. */
const scratch: readonly number[][] = Array.from({ length: LONGEST_TEXT + 1 }, (_, length) =>
  Array.from({ length }, () => 0),
)

function readWide(octets: Uint8Array, from: number, to: number): string {
  const units: number[] = []
  let at = from
  const more = (): number => (octets[at++] as number) & 0x3f
  while (at < to) {
    const octet = octets[at++] as number
    if (octet < 0x80) units.push(octet)
    else if (octet < 0xe0) units.push(((octet & 0x1f) << 6) | more())
    else if (octet < 0xf0) units.push(((octet & 0x0f) << 12) | (more() << 6) | more())
    else {
      const point = (((octet & 0x07) << 18) | (more() << 12) | (more() << 6) | more()) - 0x10000
      units.push(0xd800 | (point >> 10), 0xdc00 | (point & 0x3ff))
    }
  }
  return String.fromCharCode(...units)
}
