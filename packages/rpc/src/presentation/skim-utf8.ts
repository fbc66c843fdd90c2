// Tells UTF-8 from what is not (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).

/** The offset of the first octet that cannot be UTF-8, or -1 when all `length` octets from `from` are. */
export function badUtf8(octets: Uint8Array, from: number, length: number): number {
  const end = from + length
  let at = asciiUntil(octets, from, length)
  while (at < end) {
    // All the indices of this file lie below `end`.
    if ((octets[at] as number) < 0x80) at++
    else {
      const length = sequenceLength(octets, at, end)
      if (length === 0) return at
      at += length
    }
  }
  return -1
}

/** An offset before which all is ASCII; the end when all is. */
function asciiUntil(octets: Uint8Array, from: number, length: number): number {
  const view = new DataView(octets.buffer, octets.byteOffset + from, length)
  const blocks = length - (length % 16)
  let at = 0
  while (at < blocks) {
    const word = view.getInt32(at) | view.getInt32(at + 4) | view.getInt32(at + 8) | view.getInt32(at + 12)
    if ((word & 0x80808080) !== 0) return from + at
    at += 16
  }
  return from + at
}

/** Octets of the character of two octets or more that starts at `at`; 0 when it is none. */
function sequenceLength(octets: Uint8Array, at: number, end: number): number {
  const lead = octets[at] as number
  // Behind the end nothing counts as a continuation.
  const second = at + 1 < end ? (octets[at + 1] as number) : 0
  if (lead < 0xe0) return lead >= 0xc2 && continues(second) ? 2 : 0
  if (!continues(second) || at + 2 >= end || !continues(octets[at + 2] as number)) return 0
  if (lead < 0xf0) {
    const overlong = lead === 0xe0 && second < 0xa0
    const surrogate = lead === 0xed && second > 0x9f
    return overlong || surrogate ? 0 : 3
  }
  if (lead > 0xf4 || at + 3 >= end || !continues(octets[at + 3] as number)) return 0
  const overlong = lead === 0xf0 && second < 0x90
  const tooHigh = lead === 0xf4 && second > 0x8f
  return overlong || tooHigh ? 0 : 4
}

function continues(octet: number): boolean {
  return (octet & 0xc0) === 0x80
}
