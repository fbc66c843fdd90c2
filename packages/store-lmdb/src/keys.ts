// How the tree is ordered: the root record, then each ledger followed by its entries, then what falls due
// when. Keys are octets; ids come from peers and are only ever compared whole.
import type { LedgerKind, LedgerName } from '@parley/core'
import { getNumber, putNumber } from './numbers.ts'

const kinds: readonly LedgerKind[] = ['session', 'key', 'activity']
const [ledgerArea, dueArea] = [1, 2]
const text = new TextEncoder()

/** The key of the one record that says what the file holds. */
export const rootKey: Uint8Array = Uint8Array.of(0)

/** `ledger`: the area, the kind, the length of the id, the id, and 0; its entries come next. */
export function ledgerKey({ kind, id }: LedgerName): Uint8Array {
  const octets = text.encode(id)
  const key = new Uint8Array(octets.length + 5)
  key.set([ledgerArea, kinds.indexOf(kind), octets.length >> 8, octets.length & 255])
  key.set(octets, 4)
  return key
}

/** The key of a ledger's entry: the ledger's, with 1 at its end, and the serial. */
export function entryKey(ledger: Uint8Array, serial: number): Uint8Array {
  const key = new Uint8Array(ledger.length + 8)
  key.set(ledger)
  key[ledger.length - 1] = 1
  putNumber(key, ledger.length, serial)
  return key
}

/** Above every entry of a ledger, and below the next ledger. */
export function entriesEnd(ledger: Uint8Array): Uint8Array {
  const key = ledger.slice()
  key[key.length - 1] = 2
  return key
}

/** The key of a mark that a ledger falls due at a time. */
export function dueKey(time: number, ledger: Uint8Array): Uint8Array {
  const key = new Uint8Array(9 + ledger.length)
  key[0] = dueArea
  putNumber(key, 1, time)
  key.set(ledger, 9)
  return key
}

/** What a key is the key of, or undefined for one that this store never makes. */
export function areaOf(key: Uint8Array): 'root' | 'ledger' | 'entry' | 'due' | undefined {
  if (key.length === 1 && key[0] === 0) return 'root'
  if (key[0] === dueArea) return key.length > 9 ? 'due' : undefined
  if (key[0] !== ledgerArea) return undefined
  const end = 4 + (key[2] ?? 0) * 256 + (key[3] ?? 0)
  if (key[end] === 0 && key.length === end + 1) return 'ledger'
  return key[end] === 1 && key.length === end + 9 ? 'entry' : undefined
}

/** The serial in an entry's key. */
export function serialOf(key: Uint8Array): number {
  return getNumber(key, key.length - 8)
}

/** The ledger's key in the key of its mark. */
export function ledgerOfDue(key: Uint8Array): Uint8Array {
  return key.subarray(9)
}

/** The name in a ledger's key. */
export function nameOf(ledger: Uint8Array): LedgerName {
  const id = new TextDecoder('utf-8', { ignoreBOM: true }).decode(ledger.subarray(4, -1))
  return { kind: kinds[ledger[1] ?? 0] ?? 'session', id }
}
