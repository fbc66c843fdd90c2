// Octets in words that can be keys. Pure.

/** Octets as hexadecimal digits: those of a name or a hash, of 64 at most. */
export function hexOf(octets: Uint8Array): string {
  const codes: number[] = []
  for (const octet of octets) codes.push(codeOf(octet >>> 4), codeOf(octet & 15))
  // One string: what is put together piece by piece stays in its pieces for as long as it is kept.
  return String.fromCharCode(...codes)
}

function codeOf(digit: number): number {
  return digit < 10 ? ZERO + digit : A - 10 + digit
}

const ZERO = 0x30
const A = 0x61
