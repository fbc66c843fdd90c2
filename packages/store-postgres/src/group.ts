// Does a group of writes inside a transaction that is open: locks its ledgers in one order, judges each write
// by core's rules, and writes what they come to, in a few statements however many writes there are. It
// neither begins nor ends the transaction.
import { type LedgerEntry, type LedgerName, StoreRefusal } from '@parley/core'
import {
  judge,
  ledgerKey,
  type LedgerState,
  type QueuedWrite,
  type Verdict,
  type WriteResult,
} from '@parley/core/store'
import {
  dueTime,
  type EntryRow,
  entryOf,
  idOctets,
  kindNumber,
  type LedgerRow,
  stateNumber,
  stateOf,
} from './rows.ts'
import type { Session } from './session.ts'
import type { Statements } from './statements.ts'

/** Something was made or removed between two statements: the group has to be done again. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken'
}

/** Does each write of a group or says why not. Rejects with {@link Overtaken} or what the server says. */
export async function writeGroup(
  session: Session,
  statements: Statements,
  group: readonly QueuedWrite[],
): Promise<WriteResult[]> {
  const work = new Group(session, statements)
  await work.load(group)
  const results = group.map((write) => work.judge(write))
  await work.store()
  return results
}

/** A ledger that the group touches. */
interface Touched {
  /** The number of its row. */
  readonly no: string
  state: LedgerState | undefined
  /** Entries as they were, or are to be, by serial. */
  readonly entries: Map<number, LedgerEntry>
  readonly written: Set<number>
  changed: boolean
  cleared: boolean
  forgets: boolean
}

class Group {
  readonly #session: Session
  readonly #statements: Statements
  readonly #ledgers = new Map<string, Touched>()
  /** Rows that were made to have something to lock, and that no write has made a ledger of yet. */
  readonly #placeholders = new Set<Touched>()

  constructor(session: Session, statements: Statements) {
    this.#session = session
    this.#statements = statements
  }

  /** Locks the ledgers until the transaction ends, and reads what the rules need to know. */
  async load(group: readonly QueuedWrite[]): Promise<void> {
    const changes = group.flatMap(({ changes }) => changes)
    const names = new Map(changes.map(({ name }): [string, LedgerName] => [ledgerKey(name), name]))
    const made = new Set(changes.filter(({ epoch }) => epoch === 0).map(({ name }) => ledgerKey(name)))
    if (made.size > 0)
      await this.#makeRows([...made].map((key) => names.get(key)).filter((name) => name !== undefined))
    // Who only adds entries shares the lock, so that calls of one session commit side by side.
    const shares = changes.every(({ take, forget, head, retention, end }) =>
      [take, forget, head, retention, end].every((each) => each === undefined),
    )
    const ordered = [...names.values()]
    const { rows } = await this.#session.query<LedgerRow & { at: number }>(
      shares ? this.#statements.share : this.#statements.lock,
      [ordered.map(kindNumber), ordered.map(idOctets)],
      shares ? 'parley-share' : 'parley-lock',
    )
    for (const row of rows) {
      const name = ordered[row.at - 1]
      if (name === undefined) continue
      const state = stateOf(row)
      const touched: Touched = {
        no: row.no,
        state: state.epoch === 0 ? undefined : state,
        entries: new Map(),
        written: new Set(),
        changed: false,
        cleared: false,
        forgets: false,
      }
      this.#ledgers.set(ledgerKey(name), touched)
      if (state.epoch === 0) this.#placeholders.add(touched)
    }
    if ([...made].some((key) => !this.#ledgers.has(key)))
      throw new Overtaken('a ledger was removed meanwhile')
    await this.#loadEntries(group)
  }

  /** What becomes of one write, after those before it. */
  judge({ changes, now }: QueuedWrite): WriteResult {
    try {
      const verdicts = changes.map((change): [Touched | undefined, Verdict] => {
        const touched = this.#ledgers.get(ledgerKey(change.name))
        return [touched, judge(change, now, touched?.state, (serial) => touched?.entries.get(serial))]
      })
      for (const [touched, verdict] of verdicts) if (touched !== undefined) this.#apply(touched, verdict)
      return undefined
    } catch (error) {
      if (error instanceof StoreRefusal) return error
      throw error
    }
  }

  /** Writes what has changed. */
  async store(): Promise<void> {
    const touched = [...this.#ledgers.values()]
    const { dropEntries, forgetEntries, putEntries, putLedgers, dropRows } = this.#statements
    const cleared = touched.filter(({ cleared }) => cleared)
    if (cleared.length > 0) await this.#session.query(dropEntries, [cleared.map(({ no }) => no)])
    const written = touched.flatMap((ledger) =>
      [...ledger.written].map((serial): [string, LedgerEntry | undefined] => [
        ledger.no,
        ledger.entries.get(serial),
      ]),
    )
    const entries = written.filter((each): each is [string, LedgerEntry] => each[1] !== undefined)
    if (entries.length > 0) {
      const { rowCount } = await this.#session.query(putEntries, entryColumns(entries), 'parley-put-entries')
      if (rowCount !== entries.length) throw new Overtaken('an entry was written meanwhile')
    }
    const forgetting = touched.filter(({ forgets }) => forgets)
    if (forgetting.length > 0)
      await this.#session.query(
        forgetEntries,
        [forgetting.map(({ no }) => no), forgetting.map(({ state }) => state?.forgotten ?? 0)],
        'parley-forget',
      )
    const changed = touched.filter(({ changed }) => changed)
    if (changed.length > 0)
      await this.#session.query(putLedgers, ledgerColumns(changed), 'parley-put-ledgers')
    const unused = [...this.#placeholders].map(({ no }) => no)
    if (unused.length > 0) await this.#session.query(dropRows, [unused])
  }

  async #makeRows(names: readonly LedgerName[]): Promise<void> {
    const values = [names.map(kindNumber), names.map(idOctets)]
    await this.#session.query(this.#statements.makeRows, values, 'parley-make')
  }

  /** The entries that are to be written, as they are: without their octets, which no rule asks for. */
  async #loadEntries(group: readonly QueuedWrite[]): Promise<void> {
    const byNo = new Map([...this.#ledgers.values()].map((touched) => [touched.no, touched]))
    const wanted = group.flatMap(({ changes }) =>
      changes.flatMap(({ name, entries = [] }) => {
        const touched = this.#ledgers.get(ledgerKey(name))
        return touched?.state === undefined
          ? []
          : entries.map(({ serial }): [string, number] => [touched.no, serial])
      }),
    )
    if (wanted.length === 0) return
    const { rows } = await this.#session.query<EntryRow>(
      this.#statements.readEntries,
      [wanted.map(([no]) => no), wanted.map(([, serial]) => serial)],
      'parley-read-entries',
    )
    for (const row of rows) byNo.get(row.ledger)?.entries.set(Number(row.serial), entryOf(row))
  }

  #apply(touched: Touched, { state, clear, entries }: Verdict): void {
    const before = touched.state
    if (clear) {
      touched.entries.clear()
      touched.written.clear()
      touched.cleared ||= before !== undefined
      touched.forgets = false
    }
    for (const entry of entries) {
      touched.entries.set(entry.serial, entry)
      touched.written.add(entry.serial)
    }
    if (before !== undefined && !clear && state.forgotten > before.forgotten) {
      touched.forgets = true
      for (const serial of [...touched.entries.keys()])
        if (serial < state.forgotten) touched.entries.delete(serial)
    }
    touched.changed ||= before === undefined || !sameState(before, state)
    touched.state = state
    this.#placeholders.delete(touched)
  }
}

function sameState(a: LedgerState, b: LedgerState): boolean {
  return (
    a.epoch === b.epoch &&
    a.ended === b.ended &&
    a.head === b.head &&
    a.forgotten === b.forgotten &&
    a.retention === b.retention
  )
}

function entryColumns(entries: readonly [string, LedgerEntry][]): unknown[] {
  return [
    entries.map(([no]) => no),
    entries.map(([, { serial }]) => serial),
    entries.map(([, entry]) => stateNumber(entry)),
    entries.map(([, { hash }]) => hash),
    entries.map(([, { attempt }]) => attempt),
    entries.map(([, { epoch }]) => epoch),
    entries.map(([, { octets }]) => octets),
  ]
}

function ledgerColumns(touched: readonly Touched[]): unknown[] {
  const states = touched.flatMap(({ no, state }) => (state === undefined ? [] : [{ no, state }]))
  return [
    states.map(({ no }) => no),
    states.map(({ state }) => state.epoch),
    states.map(({ state }) => state.ended),
    states.map(({ state }) => state.head),
    states.map(({ state }) => state.forgotten),
    states.map(({ state }) => state.retention.expires),
    states.map(({ state }) => state.retention.removes),
    states.map(({ state }) => dueTime(state)),
  ]
}
