// Whole numbers of up to 53 bits as 8 octets, big end first, so that they sort as they count.

/** Writes a number at a place. */
export function putNumber(octets: Uint8Array, at: number, value: number): void {
  const high = Math.floor(value / 2 ** 32)
  for (let octet = 0; octet < 4; octet++) {
    octets[at + octet] = (high >>> (24 - 8 * octet)) & 255
    octets[at + 4 + octet] = (value >>> (24 - 8 * octet)) & 255
  }
}

/** Reads the number at a place. */
export function getNumber(octets: Uint8Array, at: number): number {
  let value = 0
  for (let octet = 0; octet < 8; octet++) value = value * 256 + (octets[at + octet] ?? 0)
  return value
}
