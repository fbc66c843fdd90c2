// The rules of a ledger, as one pure function that every store uses, so that none has rules of its own:
// what a change makes of a ledger, or why it is refused. Never changes what it is given.
import type {
  EntryWrite,
  LedgerChange,
  LedgerEntry,
  LedgerName,
  Retention,
} from '../ports/checkpoint-store.ts'
import { StoreRefusal } from '../ports/store-error.ts'

/** What a store keeps of a ledger besides its entries. */
export interface LedgerState {
  readonly epoch: number
  readonly ended: boolean
  readonly head: Uint8Array
  readonly forgotten: number
  readonly retention: Retention
}

/** What a store has to do for a change. */
export interface Verdict {
  /** The ledger as it is afterwards. */
  readonly state: LedgerState
  /** Drop every entry there is before writing these: the ledger is new, or at its end. */
  readonly clear: boolean
  /** Entries to put, each instead of the one with its serial. */
  readonly entries: readonly LedgerEntry[]
}

const nothing = new Uint8Array(0)

/** How a ledger stands at a time: `none` and `gone` do not wait for a sweep. */
export function standing(state: LedgerState | undefined, now: number): 'none' | 'gone' | 'live' {
  if (state === undefined || now >= state.retention.removes) return 'none'
  return state.ended || now >= state.retention.expires ? 'gone' : 'live'
}

/**
 * Judges one change. `kept` is the ledger as the store has it, `entryAt` finds its entries. Throws
 * {@link StoreRefusal}. The change has been checked by `checkWrite`.
 */
export function judge(
  change: LedgerChange,
  now: number,
  kept: LedgerState | undefined,
  entryAt: (serial: number) => LedgerEntry | undefined,
): Verdict {
  const stands = standing(kept, now)
  const old = stands === 'none' ? undefined : kept
  const inForce = old?.epoch ?? 0
  if (change.epoch !== inForce) throw new StoreRefusal('fenced', change.name, inForce)
  if (stands === 'gone') throw new StoreRefusal('gone', change.name, inForce)
  const retention = change.retention ?? old?.retention
  if (retention === undefined) throw new StoreRefusal('fenced', change.name, 0)

  const epoch = change.take === true ? inForce + 1 : inForce
  const forgotten = Math.max(old?.forgotten ?? 0, change.forget ?? 0)
  const entries = (change.entries ?? []).map((entry) => {
    if (entry.serial < (old?.forgotten ?? 0))
      throw new StoreRefusal('forgotten', change.name, inForce, entry.serial)
    return next(change.name, entry, epoch, old === undefined ? undefined : entryAt(entry.serial), inForce)
  })
  const ended = change.end === true
  return {
    state: {
      epoch,
      ended,
      head: ended ? nothing : (change.head ?? old?.head ?? nothing),
      forgotten,
      retention,
    },
    clear: old === undefined || ended,
    entries: ended ? [] : entries.filter(({ serial }) => serial >= forgotten),
  }
}

/** The entry that a write makes of the one that is there. */
function next(
  name: LedgerName,
  write: EntryWrite,
  epoch: number,
  old: LedgerEntry | undefined,
  inForce: number,
): LedgerEntry {
  const { serial, state, octets = nothing } = write
  const hash = write.hash ?? nothing
  const attempt = state === 'started' ? (write.attempt ?? 1) : 0
  if (old === undefined) return { serial, state, hash, attempt, epoch, octets }
  if (!sameOctets(old.hash, hash)) throw new StoreRefusal('conflict', name, inForce, serial)
  const goesOn = state === 'started' ? attempt > old.attempt : state !== 'checkpoint'
  if (old.state !== 'started' || !goesOn) throw new StoreRefusal('exists', name, inForce, serial)
  return { serial, state, hash, attempt: Math.max(attempt, old.attempt), epoch, octets }
}

function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, at) => octet === b[at])
}
