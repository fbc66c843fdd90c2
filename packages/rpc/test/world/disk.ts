// A process's handle on the simulated database, and what has been recorded in it, seen from outside: written
// down again by other means than the code under test, so that a write that should have been refused shows.
import type { CheckpointStore, LedgerChange } from '@parley/core'
import type { SimulatedStore } from '@parley/core/testing'
import type { SimulatedProcess } from './process.ts'

/** The store as the process has it: dead with it, and on hold with it. */
export function stored(process: SimulatedProcess, handle: SimulatedStore): CheckpointStore {
  process.onCrash(() => handle.crash())
  const store: CheckpointStore = {
    capabilities: handle.capabilities,
    write: (changes, now) =>
      process.ask(`writes ${changes.map(wordsOf).join()}`, () => handle.write(changes, now)),
    read: (name, query, now) =>
      process.ask(`reads ${name.id.slice(0, 4)}`, () => handle.read(name, query, now)),
    sweep: (now, limit) => process.ask('sweeps', () => handle.sweep(now, limit)),
    close: () => handle.close(),
  }
  const { transaction } = handle
  if (transaction === undefined) return store
  return { ...store, transaction: (work, now) => process.ask('transacts', () => transaction(work, now)) }
}

function wordsOf({ name, epoch, take, entries = [], forget, end }: LedgerChange): string {
  const did = entries.map(({ serial, state }) => ` ${serial} ${state}`).join()
  const marks = `${take === true ? ' take' : ''}${end === true ? ' end' : ''}`
  const forgets = forget === undefined ? '' : `, forgets ${forget}`
  return `${name.id.slice(0, 4)} at ${epoch}${marks}${did}${forgets}`
}

/** What was recorded, and whether it may have been. */
export class Records {
  /** The answers that are on record, by the tag in their octets. */
  readonly answers = new Set<string>()
  readonly #wrong: (what: string) => void
  readonly #ledgers = new Map<string, { epoch: number; forgotten: number; ended: boolean }>()
  /** Entries by ledger and serial, in their last state. */
  readonly #entries = new Map<string, string>()

  constructor(wrong: (what: string) => void) {
    this.#wrong = wrong
  }

  /** Ledgers of sessions that nobody has ended. */
  get openSessions(): number {
    return [...this.#ledgers].filter(([key, { ended }]) => key.startsWith('session') && !ended).length
  }

  /** The most calls of one session that were forgotten. */
  get forgotten(): number {
    const sessions = [...this.#ledgers].filter(([key]) => key.startsWith('session'))
    return Math.max(0, ...sessions.map(([, { forgotten }]) => forgotten))
  }

  /** For the database: these changes are in force. */
  written(changes: readonly LedgerChange[]): void {
    for (const change of changes) this.#change(change)
  }

  #change({ name, epoch, take, entries = [], forget = 0, end }: LedgerChange): void {
    const key = `${name.kind} ${name.id}`
    const ledger = this.#ledgers.get(key) ?? { epoch: 0, forgotten: 0, ended: false }
    this.#ledgers.set(key, ledger)
    if (epoch !== ledger.epoch) this.#wrong(`a write under epoch ${epoch} was done at epoch ${ledger.epoch}`)
    if (ledger.ended) this.#wrong('a ledger was written after its end')
    if (take === true) ledger.epoch += 1
    for (const { serial, state, octets, attempt = 1 } of entries) {
      const place = `${key} ${serial}`
      const before = this.#entries.get(place)
      if (serial < ledger.forgotten) this.#wrong(`entry ${serial} was written after it was forgotten`)
      if (before !== undefined && !before.startsWith('started'))
        this.#wrong(`an entry that is final, ${before}, became ${state}`)
      this.#entries.set(place, state === 'started' ? `started ${attempt}` : state)
      if (state === 'done' && octets !== undefined) this.#answered(octets)
    }
    ledger.forgotten = Math.max(ledger.forgotten, forget)
    ledger.ended ||= end === true
  }

  #answered(octets: Uint8Array): void {
    const tag = /[a-z]\d+#\d+/.exec(Buffer.from(octets).toString('latin1'))?.[0]
    if (tag !== undefined) this.answers.add(tag)
  }
}
