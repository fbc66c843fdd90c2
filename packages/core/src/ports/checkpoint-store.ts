// What durable calls need from a place that outlives the process: the port that every store fills, and the
// rules all of them keep. Types only. A store never looks at a clock: whoever asks says what time it is.
//
// What is kept is a *ledger*, one per session, per keyed call and per activity. A ledger has an epoch, a head
// and numbered entries. The epoch says who owns it: taking a ledger over raises its epoch by compare-and-set,
// and every write names the epoch it believes in and is refused when another one is in force. So the owner is
// the only writer, an owner that was only paused is fenced at its next write, and nothing here rests on a
// lease or a clock.
//
// How the calls of a session use it:
//
// - take the session's ledger (`take`, epoch 0 makes it); its head holds what a takeover by another node
//   needs: the hashed ticket, the principal, the receive position;
// - write `started` with the call's serial, the hash of the request and the attempt, and wait: only then run;
// - write `done` with the octets of the result (or of the error), or `unknown`, and wait: only then reply;
// - `forget` below the serial that the client has confirmed. A serial below `forgotten` is KEY_EXPIRED.
//
// A call with a key chosen by the client has a ledger of its own (kind `key`, id made of scope and key), with
// serial 0 as its entry, so that it is found from any session, and two that run it fence each other. A
// `conflict` is KEY_CONFLICT; a ledger that is `gone` is KEY_EXPIRED until it is removed.
//
// An activity is a ledger whose entries are `checkpoint`s: the serial is the position, the octets the state.
// Ids of activities and tickets are secrets: hash them before they come here.

/** What a ledger is kept for. The kinds share no ids. */
export type LedgerKind = 'session' | 'key' | 'activity'

/** Which ledger. */
export interface LedgerName {
  readonly kind: LedgerKind
  /** 0 to 512 octets of UTF-8; any text but one with half a surrogate pair. */
  readonly id: string
}

/** A place that keeps ledgers. `memoryStore()` makes one; packages named `store-*` make the others. */
export interface CheckpointStore<Transaction = unknown> {
  /** What it promises; `serve` refuses a method that needs more. */
  readonly capabilities: StoreCapabilities
  /**
   * Does all the changes or none, and resolves when they are as durable as the store can make them. At most
   * 64 changes, of different ledgers. The octets given belong to the store from here on and must not be
   * changed. Writes of one caller may be done in any order unless it waits between them; many that are in
   * progress at once share one flush.
   *
   * Rejects with a {@link StoreRefusal} when the rules forbid it (nothing is written then), and with a
   * {@link StoreFailure} when the store could not; its `outcome` says whether it may be written all the same.
   * Throws {@link StoreUsageError} at once for arguments that can never be right.
   *
   * @param now milliseconds since 1970, for retention alone.
   */
  write(changes: readonly LedgerChange[], now: number): Promise<void>
  /**
   * What is known of a ledger, or undefined when there is none. The octets are the caller's to keep, each a
   * plain Uint8Array. Rejects with a {@link StoreFailure}.
   *
   * After a write whose outcome is unknown, take the ledger over first: when that has succeeded the unknown
   * write has either been done or never will be. When it was itself a takeover, the refusal says which epoch
   * is in force: take over from there.
   */
  read(name: LedgerName, query: LedgerQuery, now: number): Promise<Ledger | undefined>
  /**
   * Frees the room of ledgers that are past their retention, at most `limit` (1 to 1,000) of them, and says
   * which. Nothing else can tell the difference: it may be called whenever, by any node, or never. Call it
   * again while it returns as many as `limit`. Rejects with a {@link StoreFailure}.
   */
  sweep(now: number, limit: number): Promise<SweptLedger[]>
  /**
   * Runs `work` in a transaction of the user's own database and commits what it returns together with what it
   * did there, all or nothing. Only where `capabilities.transactional`. What `work` throws comes through,
   * with nothing written; the rest is as for `write`.
   */
  transaction?(work: TransactionWork<Transaction>, now: number): Promise<void>
  /**
   * Waits for the writes in progress, then lets go of everything. Idempotent; other methods reject with code
   * `closed` from here on.
   */
  close(): Promise<void>
}

/** The user's part of a transaction: works through the handle, which is void afterwards. */
export type TransactionWork<Transaction> = (transaction: Transaction) => Promise<readonly LedgerChange[]>

/** What a store promises. */
export interface StoreCapabilities {
  /** A write that has resolved survives the end of the process, and of the machine's power. */
  readonly durable: boolean
  /** Several processes, on several machines, may use it at once. */
  readonly shared: boolean
  /** It has `transaction`: a result can commit together with the user's own writes. */
  readonly transactional: boolean
  /** The same in a sentence, for logs and errors: `memory: everything is lost with the process`. */
  readonly statement: string
}

/** One ledger's part of a write, done in this order: epoch, entries, forget, head, retention, end. */
export interface LedgerChange {
  readonly name: LedgerName
  /** The epoch that must be in force. With `take`, 0 says that the ledger must not exist yet. */
  readonly epoch: number
  /** Raises the epoch by one, so that whoever wrote before is fenced. Its entries have the new one. */
  readonly take?: boolean
  /** At most 1,024. */
  readonly entries?: readonly EntryWrite[]
  /** Drops the entries with a serial below this, for good. A lower number than before changes nothing. */
  readonly forget?: number
  /** Replaces the head: 0 to 65,536 octets that the store does not look into. */
  readonly head?: Uint8Array
  /** Replaces the retention. Must be given when the ledger is made. */
  readonly retention?: Retention
  /** Drops head and entries. What stays until `removes` is that the ledger is gone. */
  readonly end?: boolean
}

/** How long a ledger is kept, in milliseconds since 1970; 0 to 2^53 - 1. */
export interface Retention {
  /** From here on the ledger is gone: it cannot be written, head and entries cannot be read. */
  readonly expires: number
  /**
   * From here on there is no ledger, and one of the same name may be made anew. At least `expires`, and later
   * than any writer of it can still be running.
   */
  readonly removes: number
}

/**
 * - `started` a call is about to run. Written again for another attempt, with a higher number
 * - `done` it has an outcome, a result or an error; final
 * - `unknown` nobody can say what became of it; final
 * - `checkpoint` a position of an activity and the state there; final
 */
export type EntryState = 'started' | 'done' | 'unknown' | 'checkpoint'

/** An entry to be written. */
export interface EntryWrite {
  /** The call's serial or the checkpoint's position: 0 to 2^53 - 1. */
  readonly serial: number
  readonly state: EntryState
  /** What the request hashes to, 0 to 64 octets. An entry keeps the hash it had first. Default: none. */
  readonly hash?: Uint8Array
  /** Which attempt this is, from 1. Only with `started`. Default: 1. */
  readonly attempt?: number
  /** The result, the error or the state: 0 to 16 MiB. Not with `started`. Default: none. */
  readonly octets?: Uint8Array
}

/** An entry as it is kept. */
export interface LedgerEntry {
  readonly serial: number
  readonly state: EntryState
  readonly hash: Uint8Array
  /** The highest attempt that was started; 0 when none was. */
  readonly attempt: number
  /** The epoch it was written under: `started` under an older one than the ledger's has lost its owner. */
  readonly epoch: number
  readonly octets: Uint8Array
}

/** What to read of a ledger besides what every read gives. */
export interface LedgerQuery {
  /**
   * Which entries, in the order of their serials: those with these serials (at most 1,024), or `limit` (1 to
   * 1,024) of them upwards from a serial, or downwards from the last. Default: none.
   */
  readonly entries?:
    | { readonly serials: readonly number[] }
    | { readonly from: number; readonly limit: number }
    | { readonly last: number }
  /** Count the entries and their octets. */
  readonly usage?: boolean
}

/** What is known of a ledger. */
export interface Ledger {
  readonly epoch: number
  /** It was ended or is past `expires`: the head is empty and there are no entries. */
  readonly gone: boolean
  readonly head: Uint8Array
  /** Entries with a serial below this were forgotten. */
  readonly forgotten: number
  readonly retention: Retention
  readonly entries: readonly LedgerEntry[]
  /** Only when it was asked for. */
  readonly usage?: LedgerUsage
}

/** What the entries of a ledger amount to. */
export interface LedgerUsage {
  readonly entries: number
  /** Of results, errors and states. */
  readonly octets: number
}

/** What a sweep did. */
export interface SweptLedger {
  readonly name: LedgerName
  /** False: it is gone and its contents were freed. True: it was removed altogether. */
  readonly removed: boolean
}
