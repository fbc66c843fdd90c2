// Short strings as UTF-8, faster than the platform's encoder, which is made for long ones. Half a surrogate
// pair has no form in UTF-8: it must never be replaced in silence.

/** How many octets a string takes; -1 when there is half a surrogate pair in it. */
export function utf8Length(text: string): number {
  let length = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) length += 1
    else if (unit < 0x800) length += 2
    else if (!isSurrogate(unit)) length += 3
    else if (unit < LOW && isLow(text.charCodeAt(++i))) length += 4
    else return -1
  }
  return length
}

/** Writes a string that {@link utf8Length} has measured; there must be room. */
export function writeUtf8(text: string, octets: Uint8Array, start: number): void {
  let at = start
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) {
      octets[at++] = unit
    } else if (unit < 0x800) {
      octets[at++] = 0xc0 | (unit >> 6)
      octets[at++] = 0x80 | (unit & 0x3f)
    } else if (isSurrogate(unit)) {
      const point = 0x10000 + ((unit & 0x3ff) << 10) + (text.charCodeAt(++i) & 0x3ff)
      octets[at++] = 0xf0 | (point >> 18)
      octets[at++] = 0x80 | ((point >> 12) & 0x3f)
      octets[at++] = 0x80 | ((point >> 6) & 0x3f)
      octets[at++] = 0x80 | (point & 0x3f)
    } else {
      octets[at++] = 0xe0 | (unit >> 12)
      octets[at++] = 0x80 | ((unit >> 6) & 0x3f)
      octets[at++] = 0x80 | (unit & 0x3f)
    }
  }
}

/** Where the second halves of surrogate pairs begin. */
const LOW = 0xdc00

function isSurrogate(unit: number): boolean {
  return (unit & 0xf800) === 0xd800
}

/** NaN, behind the end, is none. */
function isLow(unit: number): boolean {
  return (unit & 0xfc00) === LOW
}
