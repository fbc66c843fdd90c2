// What somebody speaks who does not speak RFC 1006, told from the first octets. Pure; shows no octet
// unescaped.

/** `an HTTP request`, `a TLS client hello`, or the octets in hexadecimal. `octets` holds at least one. */
export function foreignWords(octets: Uint8Array): string {
  const start = String.fromCharCode(...octets.subarray(0, LONGEST))
  for (const [opening, words] of OPENINGS) if (start.startsWith(opening)) return words
  const hex = Array.from(octets.subarray(0, SHOWN), (octet) => octet.toString(16).padStart(2, '0'))
  return `no TPKT but 0x${hex.join('')}`
}

const OPENINGS: readonly (readonly [opening: string, words: string])[] = [
  ['GET', 'an HTTP request'],
  ['POST', 'an HTTP request'],
  ['PUT', 'an HTTP request'],
  ['HEAD', 'an HTTP request'],
  ['DELETE', 'an HTTP request'],
  ['OPTIONS', 'an HTTP request'],
  ['PATCH', 'an HTTP request'],
  ['CONNECT', 'an HTTP request'],
  ['PRI *', 'an HTTP/2 preface'],
  ['HTT', 'an HTTP response'],
  ['\x16\x03', 'a TLS handshake'],
  ['\x15\x03', 'a TLS alert'],
  ['SSH-', 'an SSH greeting'],
]

const LONGEST = 8
const SHOWN = 4
