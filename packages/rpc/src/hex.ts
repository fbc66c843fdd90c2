// Octets in words that can be keys. Pure.

/** Octets as hexadecimal digits. */
export function hexOf(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets) text += twoDigits[octet] ?? ''
  return text
}

const twoDigits = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'))
