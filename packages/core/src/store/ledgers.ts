// Ledgers in memory: what a store does, done at once. The memory store and the simulated store are made of
// it. Names come from peers, so everything is in Maps.
import type {
  Ledger,
  LedgerChange,
  LedgerEntry,
  LedgerKind,
  LedgerName,
  LedgerQuery,
  SweptLedger,
} from '../ports/checkpoint-store.ts'
import { ledgerKey } from './arguments.ts'
import { judge, type LedgerState, standing, type Verdict } from './rules.ts'

interface Kept {
  state: LedgerState
  /** What it costs in memory, roughly. */
  octets: number
  /** By serial, in no order. */
  readonly entries: Map<number, LedgerEntry>
}

const nothing = new Uint8Array(0)

/** A set of ledgers. */
export class Ledgers {
  readonly #ledgers = new Map<string, Kept>()
  #octets = 0

  /** What all of it costs in memory, roughly. */
  get octets(): number {
    return this.#octets
  }

  /** The same ledgers again; what becomes of one set does not show in the other. */
  copy(): Ledgers {
    const copy = new Ledgers()
    for (const [key, kept] of this.#ledgers) {
      copy.#ledgers.set(key, { ...kept, entries: new Map(kept.entries) })
    }
    copy.#octets = this.#octets
    return copy
  }

  /** Does all the changes, or throws what the first that is refused was refused for and does none. */
  write(changes: readonly LedgerChange[], now: number): void {
    const verdicts = changes.map((change): [string, Verdict] => {
      const key = ledgerKey(change.name)
      const kept = this.#ledgers.get(key)
      return [key, judge(change, now, kept?.state, (serial) => kept?.entries.get(serial))]
    })
    for (const [key, verdict] of verdicts) this.#apply(key, verdict)
  }

  /** What `read` of a store gives. */
  read(name: LedgerName, query: LedgerQuery, now: number): Ledger | undefined {
    const kept = this.#ledgers.get(ledgerKey(name))
    const stands = standing(kept?.state, now)
    if (kept === undefined || stands === 'none') return undefined
    const gone = stands === 'gone'
    const { epoch, forgotten, retention, head } = kept.state
    const all = gone ? [] : [...kept.entries.values()]
    return {
      epoch,
      gone,
      head: gone ? nothing : head.slice(),
      forgotten,
      retention,
      entries: chosen(all, query).map(copyOf),
      ...(query.usage === true && { usage: usageOf(all) }),
    }
  }

  /** What `sweep` of a store does. */
  sweep(now: number, limit: number): SweptLedger[] {
    const swept: SweptLedger[] = []
    for (const [key, kept] of this.#ledgers) {
      if (swept.length >= limit) break
      const stands = standing(kept.state, now)
      const holds = kept.entries.size > 0 || kept.state.head.length > 0 || !kept.state.ended
      if (stands === 'live' || (stands === 'gone' && !holds)) continue
      if (stands === 'none') {
        this.#octets -= kept.octets
        this.#ledgers.delete(key)
      } else
        this.#apply(key, { state: { ...kept.state, ended: true, head: nothing }, clear: true, entries: [] })
      swept.push({ name: nameOf(key), removed: stands === 'none' })
    }
    return swept
  }

  #apply(key: string, { state, clear, entries }: Verdict): void {
    const kept = this.#ledgers.get(key) ?? { state, octets: 0, entries: new Map<number, LedgerEntry>() }
    const forgets = !clear && state.forgotten > kept.state.forgotten
    this.#octets -= kept.octets
    if (clear || !this.#ledgers.has(key)) {
      kept.entries.clear()
      kept.octets = key.length * 2 + overhead
    } else kept.octets -= kept.state.head.length
    kept.octets += state.head.length
    kept.state = state
    for (const entry of entries) drop(kept, entry.serial).entries.set(entry.serial, entry)
    for (const entry of entries) kept.octets += costOf(entry)
    if (forgets) {
      for (const serial of [...kept.entries.keys()]) if (serial < state.forgotten) drop(kept, serial)
    }
    this.#ledgers.set(key, kept)
    this.#octets += kept.octets
  }
}

/** What a ledger or an entry costs besides its octets, roughly. */
const overhead = 256

function costOf({ hash, octets }: LedgerEntry): number {
  return overhead + hash.length + octets.length
}

function drop(kept: Kept, serial: number): Kept {
  const entry = kept.entries.get(serial)
  if (entry !== undefined) kept.octets -= costOf(entry)
  kept.entries.delete(serial)
  return kept
}

/** The entries that a query asks for, in the order of their serials. */
function chosen(all: readonly LedgerEntry[], { entries: wanted }: LedgerQuery): LedgerEntry[] {
  if (wanted === undefined) return []
  const sorted = all.toSorted((a, b) => a.serial - b.serial)
  if ('last' in wanted) return sorted.slice(-wanted.last)
  if ('from' in wanted) return sorted.filter(({ serial }) => serial >= wanted.from).slice(0, wanted.limit)
  const serials = new Set(wanted.serials)
  return sorted.filter(({ serial }) => serials.has(serial))
}

function usageOf(entries: readonly LedgerEntry[]): { entries: number; octets: number } {
  return { entries: entries.length, octets: entries.reduce((sum, { octets }) => sum + octets.length, 0) }
}

function copyOf(entry: LedgerEntry): LedgerEntry {
  return { ...entry, hash: entry.hash.slice(), octets: entry.octets.slice() }
}

function nameOf(key: string): LedgerName {
  const colon = key.indexOf(':')
  return { kind: key.slice(0, colon) as LedgerKind, id: key.slice(colon + 1) }
}
