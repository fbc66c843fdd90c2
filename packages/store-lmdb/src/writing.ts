// Does the writes of a group, and sweeps, inside one transaction of the environment. The rules are core's;
// here is what they mean for records. Throws whatever must undo the whole transaction.
import {
  type LedgerChange,
  type LedgerEntry,
  StoreFailure,
  StoreRefusal,
  type SweptLedger,
} from '@parley/core'
import { grows, judge, type LedgerState, type QueuedWrite, standing, type Verdict } from '@parley/core/store'
import type { WriteResult } from '@parley/core/store'
import type { Environment } from './environment.ts'
import { dueKey, entriesEnd, entryKey, ledgerKey, ledgerOfDue, nameOf, rootKey, serialOf } from './keys.ts'
import {
  decodeEntry,
  decodeLedger,
  decodeRoot,
  duePayload,
  encodeEntry,
  encodeLedger,
  encodeRoot,
  entryOctets,
  type LedgerRecord,
  noSum,
  plus,
  type Root,
  seal,
  unseal,
} from './records.ts'

/** What a transaction has to know besides the environment. */
export interface WritingOptions {
  /** Whose the file must be still. */
  readonly holder: string
  /** The most that ledgers may cost. */
  readonly maxOctets: number
  /** False when the disk has no room: nothing may be added. */
  readonly room: boolean
}

/** When a sweep has something to do for a ledger. */
export function dueTime({ ended, retention }: LedgerState): number {
  return ended ? retention.removes : retention.expires
}

/** Does each write of a group or says why not. */
export function writeGroup(
  environment: Environment,
  group: readonly QueuedWrite[],
  options: WritingOptions,
): WriteResult[] {
  const writing = new Writing(environment, options)
  const results = group.map((write) => writing.write(write))
  writing.end()
  return results
}

/** Frees what is past its retention. */
export function sweepDue(
  environment: Environment,
  now: number,
  limit: number,
  options: WritingOptions,
): SweptLedger[] {
  const writing = new Writing(environment, options)
  const swept = writing.sweep(now, limit)
  writing.end()
  return swept
}

/** A ledger that this transaction has touched. */
interface Touched {
  readonly key: Uint8Array
  /** As it was before the transaction; undefined when it was not there. */
  readonly before: { record: LedgerRecord; sum: { high: number; low: number } } | undefined
  now: LedgerRecord | undefined
  changed: boolean
}

class Writing {
  readonly #environment: Environment
  readonly #options: WritingOptions
  readonly #touched = new Map<string, Touched>()
  #root: Root

  constructor(environment: Environment, options: WritingOptions) {
    this.#environment = environment
    this.#options = options
    this.#root = readRoot(environment, options.holder)
  }

  write({ changes, now }: QueuedWrite): WriteResult {
    try {
      const verdicts = changes.map((change) => this.#judge(change, now))
      this.#requireRoom(changes, verdicts)
      for (const [touched, verdict] of verdicts) this.#apply(touched, verdict)
      return undefined
    } catch (error) {
      if (error instanceof StoreRefusal || (error instanceof StoreFailure && error.code === 'full'))
        return error
      throw error
    }
  }

  sweep(now: number, limit: number): SweptLedger[] {
    const due: Uint8Array[] = []
    for (const { key } of this.#environment.range(
      dueKey(0, new Uint8Array(0)),
      dueKey(now + 1, new Uint8Array(0)),
    )) {
      if (due.length >= limit) break
      due.push(new Uint8Array(ledgerOfDue(key)))
    }
    return due.map((key) => {
      const touched = this.#touch(key)
      const removed = standing(touched.now?.state, now) === 'none'
      if (removed) this.#remove(touched)
      else if (touched.now !== undefined) {
        const state = { ...touched.now.state, ended: true, head: new Uint8Array(0) }
        this.#apply(touched, { state, clear: true, entries: [] })
      }
      return { name: nameOf(key), removed }
    })
  }

  /** Writes the ledgers that have changed, and the root. */
  end(): void {
    for (const touched of this.#touched.values()) if (touched.changed) this.#put(touched)
    this.#environment.put(rootKey, seal(rootKey, encodeRoot(this.#root)).record)
  }

  #judge(change: LedgerChange, now: number): [Touched, Verdict] {
    const touched = this.#touch(ledgerKey(change.name))
    const verdict = judge(change, now, touched.now?.state, (serial) => {
      const key = entryKey(touched.key, serial)
      const record = this.#environment.get(key)
      return record && decodeEntry(serial, unseal(key, record).payload)
    })
    return [touched, verdict]
  }

  #requireRoom(changes: readonly LedgerChange[], verdicts: readonly [Touched, Verdict][]): void {
    if (!grows(changes)) return
    const { maxOctets, room } = this.#options
    if (!room) throw new StoreFailure('full', 'not-written', 'the disk has no room for more')
    const brings = verdicts.reduce(
      (sum, [{ now }, { state, entries, clear }]) =>
        sum +
        (now === undefined ? ledgerCost : 0) +
        state.head.length -
        (clear ? costOf(now) - ledgerCost : (now?.state.head.length ?? 0)) +
        entries.reduce((sum, { octets }) => sum + entryCost + octets.length, 0),
      0,
    )
    if (brings > 0 && this.#root.octets + brings > maxOctets)
      throw new StoreFailure('full', 'not-written', `the store holds its ${maxOctets} octets`)
  }

  #touch(key: Uint8Array): Touched {
    const name = Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1')
    const known = this.#touched.get(name)
    if (known !== undefined) return known
    const sealed = this.#environment.get(key)
    const opened = sealed && unseal(key, sealed)
    const before = opened && { record: decodeLedger(opened.payload), sum: opened.sum }
    const touched = { key, before, now: before?.record, changed: false }
    this.#touched.set(name, touched)
    return touched
  }

  #apply(touched: Touched, { state, clear, entries }: Verdict): void {
    const old = touched.now
    const forgets = state.forgotten > (old?.state.forgotten ?? 0)
    let record: LedgerRecord = { ...(old ?? emptyRecord(state)), state }
    if (clear) {
      this.#dropEntries(touched.key, undefined)
      record = emptyRecord(state)
    } else if (forgets) record = this.#forget(touched.key, record)
    for (const entry of entries) record = this.#putEntry(touched.key, record, entry)
    touched.now = record
    touched.changed = true
    this.#root = { ...this.#root, octets: this.#root.octets + costOf(record) - costOf(old) }
  }

  #forget(ledger: Uint8Array, record: LedgerRecord): LedgerRecord {
    const dropped = this.#dropEntries(ledger, record.state.forgotten)
    return {
      ...record,
      entries: record.entries - dropped.entries,
      entryOctets: record.entryOctets - dropped.octets,
      sum: plus(record.sum, dropped.sum),
    }
  }

  /** Removes the entries below a serial, or all of them. */
  #dropEntries(
    ledger: Uint8Array,
    below: number | undefined,
  ): { entries: number; octets: number; sum: typeof noSum } {
    const end = below === undefined ? entriesEnd(ledger) : entryKey(ledger, below)
    const dropped = { entries: 0, octets: 0, sum: noSum }
    const keys: Uint8Array[] = []
    for (const { key, value } of this.#environment.range(entryKey(ledger, 0), end)) {
      const { payload, sum } = unseal(key, value)
      dropped.entries++
      dropped.octets += entryOctets(payload)
      dropped.sum = plus(dropped.sum, sum)
      keys.push(entryKey(ledger, serialOf(key)))
    }
    for (const key of keys) this.#environment.remove(key)
    return dropped
  }

  #putEntry(ledger: Uint8Array, record: LedgerRecord, entry: LedgerEntry): LedgerRecord {
    const key = entryKey(ledger, entry.serial)
    const sealed = this.#environment.get(key)
    const old = sealed && unseal(key, sealed)
    const fresh = seal(key, encodeEntry(entry))
    this.#environment.put(key, fresh.record)
    return {
      ...record,
      entries: record.entries + (old === undefined ? 1 : 0),
      entryOctets:
        record.entryOctets + entry.octets.length - (old === undefined ? 0 : entryOctets(old.payload)),
      sum: plus(plus(record.sum, fresh.sum), old?.sum ?? noSum),
    }
  }

  #remove(touched: Touched): void {
    this.#dropEntries(touched.key, undefined)
    this.#root = { ...this.#root, octets: this.#root.octets - costOf(touched.now) }
    touched.now = undefined
    touched.changed = true
  }

  #put({ key, before, now }: Touched): void {
    let { ledgers, sum } = this.#root
    if (before !== undefined) {
      ledgers--
      sum = plus(sum, before.sum)
    }
    if (now === undefined) this.#environment.remove(key)
    else {
      const sealed = seal(key, encodeLedger(now))
      this.#environment.put(key, sealed.record)
      ledgers++
      sum = plus(sum, sealed.sum)
    }
    this.#root = { ...this.#root, ledgers, sum }
    const [was, is] = [before?.record.state, now?.state].map((state) => state && dueTime(state))
    if (was === is) return
    if (was !== undefined) this.#environment.remove(dueKey(was, key))
    if (is === undefined) return
    const due = dueKey(is, key)
    this.#environment.put(due, seal(due, duePayload).record)
  }
}

/** The root record, which must name the holder. Throws StoreFailure when another process has the file now. */
function readRoot(environment: Environment, holder: string): Root {
  const sealed = environment.get(rootKey)
  const root = sealed && decodeRoot(unseal(rootKey, sealed).payload)
  if (root === undefined || root.holder !== holder)
    throw new StoreFailure('stopped', 'not-written', 'another process has taken the file over')
  return root
}

/** Makes a holder the one the file names, and the root record when there is none. */
export function takeRoot(environment: Environment, holder: string): void {
  const sealed = environment.get(rootKey)
  const old = sealed && decodeRoot(unseal(rootKey, sealed).payload)
  const root = { ...(old ?? { ledgers: 0, octets: 0, sum: noSum }), holder }
  environment.put(rootKey, seal(rootKey, encodeRoot(root)).record)
}

/** What a ledger and an entry cost in the file besides their octets, roughly. */
const ledgerCost = 512
const entryCost = 128

function costOf(record: LedgerRecord | undefined): number {
  if (record === undefined) return 0
  return ledgerCost + record.state.head.length + record.entries * entryCost + record.entryOctets
}

function emptyRecord(state: LedgerState): LedgerRecord {
  return { state, entries: 0, entryOctets: 0, sum: noSum }
}
