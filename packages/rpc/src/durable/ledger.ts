// A ledger of the checkpoint store that this process owns: taken over by raising its epoch, written under
// that epoch, and given up for good when somebody else has raised it. It decides nothing about calls.
import {
  storeLimits,
  StoreFailure,
  StoreRefusal,
  type CheckpointStore,
  type EntryWrite,
  type LedgerChange,
  type LedgerEntry,
  type LedgerName,
  type TransactionWork,
} from '@parley/core'
import { RpcError } from '../errors.ts'

/** What all ledgers of a server are kept with. */
export interface LedgerKeeping {
  readonly store: CheckpointStore
  /** Milliseconds since 1970; decides about retention alone. */
  readonly now: () => number
  /** Milliseconds that what is recorded is kept. */
  readonly retention: number
}

/** What a ledger holds. */
export interface LedgerContents {
  readonly head: Uint8Array
  /** In the order of their serials. */
  readonly entries: readonly LedgerEntry[]
}

/** Somebody else owns the ledger now: whatever this process does with it counts for nothing. */
export class Fenced extends Error {
  override readonly name = 'Fenced'
}

/** One ledger. */
export class Ledger {
  readonly name: LedgerName
  /** Replaces the head along with the next entry, unless it is undefined. */
  headAlong: Uint8Array | undefined = undefined
  readonly #keeping: LedgerKeeping
  #lookups: Promise<void> = Promise.resolve()
  #epoch = 0
  #forget = 0
  #retainedUntil = 0
  /** A take of ours may have been done though nobody said so. */
  #mayBeOurs = false

  /** The ledger must be taken before it is written. */
  constructor(name: LedgerName, keeping: LedgerKeeping) {
    this.name = name
    this.#keeping = keeping
  }

  /** The epoch under which it is ours; 0 before it was taken. */
  get epoch(): number {
    return this.#epoch
  }

  /**
   * Makes the ledger, or takes it over from whoever had it; `accept` looks at the head of one that there is,
   * and throws if it is not to be had; `head` replaces it. Of one that is `contested`, by another server at
   * this moment, `leave` keeps off; `make` does so of any that is there already. Rejects with an RpcError
   * KEY_EXPIRED when what it held is past its retention, and with {@link StoreFailure}.
   */
  async take(
    head: Uint8Array | ((old: Uint8Array | undefined) => Uint8Array),
    accept: (head: Uint8Array) => void = () => undefined,
    contested: 'make' | 'leave' | 'insist' = 'insist',
  ): Promise<void> {
    for (let tries = 0; ; tries++) {
      const known = await this.#read()
      if (known?.gone === true) throw expired()
      if (known !== undefined) accept(known.head)
      if (known !== undefined && contested === 'make' && !this.#mayBeOurs) throw takenElsewhere()
      const epoch = known?.epoch ?? 0
      const next = typeof head === 'function' ? head(known?.head) : head
      try {
        await this.#write({ name: this.name, epoch, take: true, head: next, retention: this.#retention() })
        this.#epoch = epoch + 1
        return
      } catch (thrown) {
        // Somebody was faster, or nobody knows: the next look tells.
        this.#mayBeOurs ||= isUnknown(thrown)
        if (tries >= MOST_TRIES || !isRace(thrown)) throw thrown
        if (isFenced(thrown) && contested !== 'insist') throw takenElsewhere()
      }
    }
  }

  /** The entry of a call; undefined when there is none, and `forgotten` below what was forgotten. */
  async entry(serial: number): Promise<LedgerEntry | 'forgotten' | undefined> {
    return (await this.look(serial)).entry
  }

  /** The same, and the epoch in force: an entry of an older one has lost its owner. */
  async look(
    serial: number,
  ): Promise<{ readonly epoch: number; readonly entry: LedgerEntry | 'forgotten' | undefined }> {
    const ledger = await this.#keeping.store.read(
      this.name,
      { entries: { serials: [serial] } },
      this.#keeping.now(),
    )
    if (ledger === undefined) return { epoch: 0, entry: undefined }
    const isForgotten = ledger.gone || serial < ledger.forgotten
    return { epoch: ledger.epoch, entry: isForgotten ? 'forgotten' : ledger.entries[0] }
  }

  /**
   * Everything there is; undefined when there is no ledger, and `gone` for one that is past its retention.
   */
  async all(): Promise<LedgerContents | 'gone' | undefined> {
    const entries: LedgerEntry[] = []
    const limit = storeLimits.entries
    for (let from = 0; ; from = (entries.at(-1)?.serial ?? 0) + 1) {
      const query = { entries: { from, limit } }
      const ledger = await this.#keeping.store.read(this.name, query, this.#keeping.now())
      if (ledger === undefined) return undefined
      if (ledger.gone) return 'gone'
      entries.push(...ledger.entries)
      if (ledger.entries.length < limit) return { head: ledger.head, entries }
    }
  }

  /** Replaces the head. Rejects as {@link write} does. */
  async rewriteHead(head: Uint8Array): Promise<void> {
    const epoch = this.#epoch
    try {
      await this.#write({ name: this.name, epoch, head })
    } catch (thrown) {
      if (!(await this.#fencedByUs(epoch))) throw fencedOr(thrown)
    }
  }

  /**
   * Writes an entry, and waits until it is as durable as the store makes it. Rejects with {@link Fenced} when
   * the ledger is somebody else's, and with {@link StoreFailure} when it is not known to be written.
   */
  async write(entry: EntryWrite): Promise<void> {
    for (;;) {
      const epoch = this.#epoch
      try {
        return await this.#write(this.#change(entry))
      } catch (thrown) {
        if (isUnknown(thrown)) return this.#again(entry, epoch)
        if (!isFenced(thrown) || !(await this.#fencedByUs(epoch))) throw fencedOr(thrown)
      }
    }
  }

  /**
   * Writes an entry in a transaction of the user's, together with what `work` does in it; `work` returns the
   * entry. What it throws comes through, with nothing written.
   */
  async writeWith(work: (transaction: unknown) => Promise<EntryWrite>): Promise<void> {
    const { store, now } = this.#keeping
    if (store.transaction === undefined) throw new TypeError('the store has no transactions')
    const epoch = this.#epoch
    const inside: TransactionWork<unknown> = async (transaction) => [this.#change(await work(transaction))]
    try {
      await store.transaction(inside, now())
    } catch (thrown) {
      if (isFenced(thrown) && (await this.#fencedByUs(epoch)))
        throw new StoreFailure('aborted', 'not-written', 'the transaction was undone, try again')
      throw fencedOr(thrown)
    }
  }

  /** The client has had what was recorded below this serial. It goes with the next write. */
  forgetBelow(serial: number): void {
    this.#forget = Math.max(this.#forget, serial)
  }

  /** Renews the retention when it is time to. Rejects as {@link write} does. */
  async keep(): Promise<void> {
    if (this.#epoch === 0 || this.#keeping.now() < this.#retainedUntil) return
    const epoch = this.#epoch
    try {
      await this.#write({ name: this.name, epoch, retention: this.#retention() })
    } catch (thrown) {
      this.#retainedUntil = 0
      if (!(await this.#fencedByUs(epoch))) throw fencedOr(thrown)
    }
  }

  /** Drops what is recorded, if anything is. Rejects as {@link write} does. */
  async end(): Promise<void> {
    while (this.#epoch > 0) {
      const epoch = this.#epoch
      try {
        return await this.#write({ name: this.name, epoch, end: true })
      } catch (thrown) {
        if (!isFenced(thrown) || !(await this.#fencedByUs(epoch))) throw fencedOr(thrown)
      }
    }
  }

  /** True when it was this side that went on from `epoch`: another entry had to be looked up meanwhile. */
  async #fencedByUs(epoch: number): Promise<boolean> {
    await this.#lookups
    return epoch !== this.#epoch
  }

  /**
   * Once more, after a write under `epoch` of which nobody knows: whatever becomes of that one, taking the
   * ledger ends it. One at a time, for each changes the epoch.
   */
  #again(entry: EntryWrite, epoch: number): Promise<void> {
    const mine = this.#lookups.then(() => this.#lookUp(entry, epoch))
    this.#lookups = mine.catch(() => undefined)
    return mine
  }

  async #lookUp(entry: EntryWrite, epoch: number): Promise<void> {
    try {
      if (epoch === this.#epoch) await this.#retake()
      const written = await this.entry(entry.serial)
      if (written === 'forgotten' || !isSame(written, entry)) await this.#write(this.#change(entry))
    } catch (thrown) {
      throw fencedOr(thrown)
    }
  }

  /** Raises the epoch, if it is still ours. */
  async #retake(): Promise<void> {
    const known = await this.#read()
    if (known?.epoch !== this.#epoch) throw new Fenced('the ledger was taken over')
    await this.#write({ name: this.name, epoch: this.#epoch, take: true })
    this.#epoch += 1
  }

  #change(entry: EntryWrite): LedgerChange {
    const { name, headAlong } = this
    const change = { name, epoch: this.#epoch, entries: [entry], forget: this.#forget }
    const isRetained = this.#keeping.now() < this.#retainedUntil
    if (isRetained && headAlong === undefined) return change
    const head = headAlong === undefined ? {} : { head: headAlong }
    return isRetained ? { ...change, ...head } : { ...change, ...head, retention: this.#retention() }
  }

  /** Renewed from time to time, not with every write. */
  #retention(): NonNullable<LedgerChange['retention']> {
    const { now, retention } = this.#keeping
    this.#retainedUntil = now() + retention / RENEWALS
    const expires = now() + retention
    return { expires, removes: expires + retention }
  }

  #read(): ReturnType<CheckpointStore['read']> {
    return this.#keeping.store.read(this.name, {}, this.#keeping.now())
  }

  #write(change: LedgerChange): Promise<void> {
    return this.#keeping.store.write([change], this.#keeping.now())
  }
}

/** How often a ledger is looked at when others take it at the same time. */
const MOST_TRIES = 5
/** How often within a retention it is renewed. */
const RENEWALS = 24

/** The error of a call whose record is gone. */
export function expired(): RpcError {
  const text = 'what is known of this call is past its retention; it is not run again'
  return new RpcError('KEY_EXPIRED', text, { outcome: 'unknown' })
}

function takenElsewhere(): RpcError {
  const text = 'the session is taken over by another server at this moment'
  return new RpcError('UNAVAILABLE', text, { outcome: 'not-started' })
}

function isSame(written: LedgerEntry | undefined, { state, attempt = 1 }: EntryWrite): boolean {
  return written?.state === state && (state !== 'started' || written.attempt === attempt)
}

function isRace(thrown: unknown): boolean {
  if (thrown instanceof StoreRefusal) return isFenced(thrown)
  return isUnknown(thrown) || (thrown instanceof StoreFailure && thrown.code === 'aborted')
}

function isUnknown(thrown: unknown): boolean {
  return thrown instanceof StoreFailure && thrown.outcome === 'unknown'
}

function isFenced(thrown: unknown): boolean {
  return thrown instanceof StoreRefusal && (thrown.code === 'fenced' || thrown.code === 'gone')
}

function fencedOr(thrown: unknown): unknown {
  return isFenced(thrown) ? new Fenced('the ledger was taken over') : thrown
}
