// The keys of objects met last, since the same come again and again: one that is known costs neither a new
// string nor a look-up in the engine's table of names. Bounded; what a peer sends can only push out the rest.
import { rpcLimits } from '../limits.ts'
import { readUtf8 } from './read-utf8.ts'

interface Known {
  readonly octets: Uint8Array
  readonly text: string
}

/** Makes strings of keys. */
export class KeyCache {
  readonly #known: (Known | undefined)[] = Array.from({ length: PLACES }, () => undefined)

  /** The key of `length` octets, at most 31, that have been found to be UTF-8. */
  get(octets: Uint8Array, from: number, length: number): string {
    if (length === 0) return ''
    // Within bounds: the caller knows the length.
    const first = octets[from] as number
    const middle = octets[from + (length >> 1)] as number
    const last = octets[from + length - 1] as number
    const place = (first + middle * 7 + last * 31 + length * 131) % PLACES
    const known = this.#known[place]
    if (known !== undefined && isSame(known.octets, octets, from, length)) return known.text
    const text = readUtf8(octets, from, length)
    this.#known[place] = { octets: octets.slice(from, from + length), text }
    return text
  }
}

// Here, since an imported constant costs more at every key.
const PLACES = rpcLimits.keptKeys

function isSame(known: Uint8Array, octets: Uint8Array, from: number, length: number): boolean {
  if (known.length !== length) return false
  for (let i = 0; i < length; i++) if (known[i] !== octets[from + i]) return false
  return true
}
