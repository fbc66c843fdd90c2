// Ledgers and entries as columns. Ids are octets: text of the server's cannot hold every text of ours.
import type { EntryState, LedgerEntry, LedgerKind, LedgerName } from '@parley/core'
import type { LedgerState } from '@parley/core/store'

const kinds: readonly LedgerKind[] = ['session', 'key', 'activity']
const states: readonly EntryState[] = ['started', 'done', 'unknown', 'checkpoint']

export function kindNumber({ kind }: LedgerName): number {
  return kinds.indexOf(kind)
}

export function idOctets({ id }: LedgerName): Buffer {
  return Buffer.from(id, 'utf8')
}

export function nameOf(kind: number, id: Buffer): LedgerName {
  return { kind: kinds[kind] ?? 'session', id: id.toString('utf8') }
}

/** A row of `ledgers`. Numbers of 64 bits come as text. */
export interface LedgerRow {
  readonly no: string
  readonly epoch: string
  readonly ended: boolean
  readonly head: Buffer
  readonly forgotten: string
  readonly expires: string
  readonly removes: string
}

/** A row of `entries`; without `octets` where nobody needs them. */
export interface EntryRow {
  readonly ledger: string
  readonly serial: string
  readonly state: number
  readonly hash: Buffer
  readonly attempt: number
  readonly epoch: string
  readonly octets?: Buffer
}

export function stateOf(row: LedgerRow): LedgerState {
  return {
    epoch: Number(row.epoch),
    ended: row.ended,
    head: plain(row.head),
    forgotten: Number(row.forgotten),
    retention: { expires: Number(row.expires), removes: Number(row.removes) },
  }
}

export function entryOf(row: EntryRow): LedgerEntry {
  return {
    serial: Number(row.serial),
    state: states[row.state] ?? 'unknown',
    hash: plain(row.hash),
    attempt: row.attempt,
    epoch: Number(row.epoch),
    octets: row.octets === undefined ? new Uint8Array(0) : plain(row.octets),
  }
}

export function stateNumber({ state }: LedgerEntry): number {
  return states.indexOf(state)
}

/** When a sweep has something to do for a ledger. */
export function dueTime({ ended, retention }: LedgerState): number {
  return ended ? retention.removes : retention.expires
}

/** Octets that are nobody else's. */
function plain(octets: Buffer): Uint8Array {
  return new Uint8Array(octets)
}
