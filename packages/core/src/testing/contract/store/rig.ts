// What a test of the store contract works with: a store, and short words for the usual writes and for what
// becomes of them.
import type {
  CheckpointStore,
  EntryWrite,
  Ledger,
  LedgerChange,
  LedgerName,
  LedgerQuery,
  Retention,
} from '../../../ports/checkpoint-store.ts'
import { StoreRefusal, StoreUsageError } from '../../../ports/store-error.ts'
import type { Expect } from '../rig.ts'

/** One empty store to test, fresh for each test. */
export interface StoreFixture {
  readonly store: CheckpointStore
  /** Another handle on the same data, as another node has it. Must be there when the store is `shared`. */
  another?(): Promise<CheckpointStore>
  /**
   * Ends `store` as the end of its process would, as far as that can be had, and opens what is left. Must be
   * there when the store is `durable`.
   */
  reopen?(): Promise<CheckpointStore>
  /** Called at the end of each test, when `store` has been closed; throws when something is left. */
  end?(): void | Promise<void>
}

/** A part of the contract: what each test shows, and the test. */
export type StoreTests = Readonly<Record<string, (rig: StoreRig, expect: Expect) => Promise<void>>>

/** The time of tests that do not care, and a retention far beyond it. */
export const now = 1_000_000
export const retention: Retention = { expires: 2_000_000, removes: 3_000_000 }

export const session: LedgerName = { kind: 'session', id: 'a session' }
export const everything: LedgerQuery = { entries: { from: 0, limit: 1024 }, usage: true }

/** The store of one test. */
export class StoreRig {
  readonly fixture: StoreFixture
  store: CheckpointStore
  readonly #others: CheckpointStore[] = []

  constructor(fixture: StoreFixture) {
    this.fixture = fixture
    this.store = fixture.store
  }

  /** Another handle where there can be one, else the same. It is closed with the test. */
  async another(): Promise<CheckpointStore> {
    const other = await this.fixture.another?.()
    if (other !== undefined) this.#others.push(other)
    return other ?? this.store
  }

  async reopen(): Promise<void> {
    if (this.fixture.reopen === undefined) throw new Error('a durable store can be reopened')
    this.store = await this.fixture.reopen()
  }

  /** Makes a ledger, at epoch 1, with these entries. */
  make(name: LedgerName = session, entries: readonly EntryWrite[] = []): Promise<void> {
    return this.write({ name, epoch: 0, take: true, retention, entries })
  }

  write(...changes: readonly LedgerChange[]): Promise<void> {
    return this.store.write(changes, now)
  }

  read(name: LedgerName = session, query: LedgerQuery = everything): Promise<Ledger | undefined> {
    return this.store.read(name, query, now)
  }

  /** `serial state attempt epoch` of each entry, for short comparisons. */
  async entries(query: LedgerQuery = everything, name: LedgerName = session): Promise<string[]> {
    const ledger = await this.read(name, query)
    return (ledger?.entries ?? []).map(
      ({ serial, state, attempt, epoch }) => `${serial} ${state} ${attempt} ${epoch}`,
    )
  }

  async end(): Promise<void> {
    for (const store of [this.store, ...this.#others]) await store.close()
    await this.fixture.end?.()
  }
}

/** `done`, or why a write was refused: `fenced at 3`, `exists at 1, entry 5`. Other errors come through. */
export async function outcomeOf(write: Promise<void>): Promise<string> {
  try {
    await write
    return 'done'
  } catch (error) {
    if (!(error instanceof StoreRefusal)) throw error
    return `${error.code} at ${error.epoch}${error.serial === undefined ? '' : `, entry ${error.serial}`}`
  }
}

/** True when the call throws a {@link StoreUsageError}, at once. */
export function isMisuse(call: () => unknown): boolean {
  try {
    call()
  } catch (error) {
    if (error instanceof StoreUsageError) return true
    throw error
  }
  return false
}

/** Octets of a text of plain letters. */
export function octets(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}
