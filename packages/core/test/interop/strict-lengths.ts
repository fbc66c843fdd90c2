// A reader that knows nothing of SPDUs but how they are nested, and takes a length of three octets below 255
// for a fault, as old peers do. It never looks at a value.

/** Throws where an SPDU, group or parameter of this TSDU has three octets of length and one would do. */
export function expectShortLengths(tsdu: Uint8Array): void {
  let at = 0
  while (at < tsdu.length) {
    const [si, first] = [octet(tsdu, at), at === 0]
    const { length, next } = lengthAt(tsdu, at + 1)
    expectShortUnits(tsdu.subarray(next, next + length))
    at = next + length
    // Behind DT (the first with its SI is GT), TD and EX is user information, to the end.
    if ((si === DT && !first) || si === TD || si === EX) return
  }
}

const DT = 1
const EX = 5
const TD = 33
/** Connection Identifier, Connect/Accept Item, Linking Information: parameters inside. */
const GROUPS: ReadonlySet<number> = new Set([1, 5, 33])

function expectShortUnits(units: Uint8Array): void {
  let at = 0
  while (at < units.length) {
    const code = octet(units, at)
    const { length, next } = lengthAt(units, at + 1)
    if (GROUPS.has(code)) expectShortUnits(units.subarray(next, next + length))
    at = next + length
  }
}

function lengthAt(octets: Uint8Array, at: number): { readonly length: number; readonly next: number } {
  const first = octet(octets, at)
  if (first !== 0xff) return { length: first, next: at + 1 }
  const length = (octet(octets, at + 1) << 8) | octet(octets, at + 2)
  if (length < 0xff) throw new Error(`a 3-octet length of ${length}`)
  return { length, next: at + 3 }
}

function octet(octets: Uint8Array, at: number): number {
  const value = octets[at]
  if (value === undefined) throw new Error(`the octets end before ${at}`)
  return value
}
