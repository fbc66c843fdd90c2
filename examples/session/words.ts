// What the two sides share: the functional units they agree on, text as octets, and how they print.
import type { Unit } from '@parley/core'

export const units: readonly Unit[] = ['half-duplex', 'minor-sync', 'resynchronize', 'activities']

export const asOctets = (words: string): Uint8Array => new TextEncoder().encode(words)
export const asText = (octets: Uint8Array): string => new TextDecoder().decode(octets)
export const say = (who: string, what: string): void => console.log(`${who.padEnd(8)}  ${what}`)
