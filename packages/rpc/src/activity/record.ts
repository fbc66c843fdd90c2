// What is kept of an activity: how it was begun, the state of its last checkpoint, the items that its caller
// may not have had, and at the end what came of it. Whoever has taken it over is the only one to write.
import { storeLimits } from '@parley/core'
import { isInstance, isRpcError, RpcError } from '../errors.ts'
import { Fenced, Ledger, type LedgerContents, type LedgerKeeping } from '../durable/ledger.ts'
import { rpcLimits } from '../limits.ts'
import { MalformedError, type Codec } from '../presentation/codec.ts'
import { succeed, type Asker } from './asker.ts'
import { Backlog, type InputPositions } from './backlog.ts'
import { resumeLost } from './resume-lost.ts'

/** A checkpoint as it is made. */
export interface CheckpointRecord {
  /** The method's state, encoded. */
  readonly state: Uint8Array
  readonly inputs: InputPositions
  /** What the caller may not have had of what was yielded before. */
  readonly backlog: Backlog
  /** What was yielded behind that, and has not been shown to anybody. */
  readonly held: readonly Uint8Array[]
}

/** What can be gone on from. */
export interface Kept {
  /** The state of the last checkpoint; undefined when there is none. */
  readonly state: Uint8Array | undefined
  readonly inputs: InputPositions
  readonly backlog: Backlog
  /** The message that it has ended with. */
  readonly outcome: Uint8Array | undefined
  /** How often it was begun from there, this time included. */
  readonly attempts: number
}

/** What is known of an activity before it is taken over. */
export type Known = 'nothing' | 'gone' | Kept

/** See the head of this file. */
export class ActivityRecord {
  readonly #ledger: Ledger
  readonly #isTransactional: boolean
  readonly #codec: Codec
  #asker: Asker
  /** The serial of the last entry. */
  #last = 0
  /** Of entries that are kept: what serial, and how many items came before it. */
  #kept: { readonly serial: number; readonly count: number }[] = []
  /** Items that are recorded, or were before. */
  #recorded = 0
  #attempts = 0

  constructor(id: string, asker: Asker, keeping: LedgerKeeping, codec: Codec) {
    this.#ledger = new Ledger({ kind: 'activity', id }, keeping)
    this.#isTransactional = keeping.store.capabilities.transactional
    this.#asker = asker
    this.#codec = codec
  }

  /** What is known of it. Rejects with what `succeed` throws, and with a StoreFailure. */
  async look(): Promise<Known> {
    const all = await this.#ledger.all()
    if (all === undefined) return 'nothing'
    return all === 'gone' ? 'gone' : this.#read(all)
  }

  /**
   * Takes it over, or begins it, and counts that. Resolves with what there is to go on from, which nobody
   * else changes any more. Rejects as {@link look} does, and with an RpcError UNAVAILABLE.
   */
  async take(known: Known): Promise<Kept> {
    const attempts = typeof known === 'string' ? 0 : known.attempts
    // Somebody may have begun another one with this id meanwhile, or given this one up.
    try {
      await this.#ledger.take(
        () => this.#head(attempts + 1),
        (head) => void this.#attemptsIn(head),
      )
    } catch (thrown) {
      if (isRpcError(thrown) && thrown.code === 'KEY_EXPIRED') throw resumeLost('it was given up meanwhile')
      throw thrown
    }
    this.#attempts = attempts + 1
    try {
      const kept = await this.look()
      if (typeof kept === 'string') throw new RpcError('UNAVAILABLE', 'the activity was given up meanwhile')
      return kept
    } catch (thrown) {
      // It is not gone on with here, and no server went down for it this time.
      await this.putDown(attempts)
      throw thrown
    }
  }

  /** Whoever asks for it now has it. Throws as `succeed` does. */
  passTo(asker: Asker): void {
    this.#asker = succeed(this.#asker, asker)
  }

  /**
   * Keeps who has it now, so that other servers know as well; false once one of them has taken it over.
   * Rejects with a StoreFailure.
   */
  async keepAsker(): Promise<boolean> {
    try {
      await this.#ledger.rewriteHead(this.#head(this.#attempts))
      return true
    } catch (thrown) {
      if (isInstance(thrown, Fenced)) return false
      throw thrown
    }
  }

  /**
   * Makes a checkpoint; with `work` in a transaction of the store. Rejects with {@link Fenced}, a
   * StoreFailure, or with what `work` throws.
   */
  async checkpoint(
    { state, inputs, backlog, held }: CheckpointRecord,
    work?: (transaction: unknown) => unknown,
  ): Promise<void> {
    if (work !== undefined && !this.#isTransactional)
      throw new RpcError('FAILED_PRECONDITION', 'the store of this server has no transactions')
    const count = backlog.count + held.length
    const octets = this.#encoded(state, backlog, held, [inputs])
    const serial = this.#last + 1
    this.#forget(serial, backlog.first)
    // It got further: that it was begun counts no more.
    this.#ledger.headAlong = this.#attempts === 0 ? undefined : this.#head(0)
    const entry = { serial, state: 'checkpoint', octets } as const
    if (work === undefined) await this.#ledger.write(entry)
    else
      await this.#ledger.writeWith(async (transaction) => {
        await work(transaction)
        return entry
      })
    this.#last = serial
    this.#recorded = count
    this.#kept.push({ serial, count })
    this.#ledger.headAlong = undefined
    this.#attempts = 0
  }

  /**
   * Records what came of it, and what was yielded since the last checkpoint: `held` is what nobody was shown.
   * Rejects with {@link Fenced} or a StoreFailure.
   */
  async finish(outcome: Uint8Array, backlog: Backlog, held: readonly Uint8Array[] = []): Promise<void> {
    const octets = this.#encoded(outcome, backlog, held, [])
    const serial = this.#last + 1
    this.#forget(serial, backlog.first)
    await this.#ledger.write({ serial, state: 'done', octets })
    this.#last = serial
  }

  /**
   * It was put down in good order: that it was begun counts no more, or only those `attempts` before. Never
   * rejects.
   */
  async putDown(attempts = 0): Promise<void> {
    if (this.#attempts === 0) return
    this.#attempts = 0
    await this.#ledger.rewriteHead(this.#head(attempts)).catch(() => undefined)
  }

  /** It was given up: nothing is kept but that it was. Rejects with {@link Fenced} or a StoreFailure. */
  discard(): Promise<void> {
    return this.#ledger.end()
  }

  /** Sees to it that it is kept for longer while it is worked on. Rejects with {@link Fenced}. */
  async keep(): Promise<void> {
    try {
      await this.#ledger.keep()
    } catch (thrown) {
      // The store failed: there is time to try again, for it is done long before it has to be.
      if (isInstance(thrown, Fenced)) throw thrown
    }
  }

  /** What nobody can ask for any more goes with the next write. The last checkpoint always stays. */
  #forget(serial: number, had: number): void {
    while (this.#kept.length > 1 && (this.#kept[0]?.count ?? 0) <= had) this.#kept.shift()
    this.#ledger.forgetBelow(this.#kept[0]?.serial ?? serial)
  }

  /** An entry: what it is, and the items that no entry before it has. */
  #encoded(
    what: Uint8Array,
    backlog: Backlog,
    held: readonly Uint8Array[],
    more: readonly unknown[],
  ): Uint8Array {
    const first = Math.max(backlog.first, this.#recorded)
    const items = [...backlog.items(first, backlog.count), ...held]
    const octets = this.#codec.encode([what, first, items, ...more]).slice()
    if (octets.length > storeLimits.entryOctets) throw tooLong(octets.length)
    return octets
  }

  #head(attempts: number): Uint8Array {
    const { request, caller, connection, before } = this.#asker
    return this.#codec.encode([request, attempts, caller, connection, before]).slice()
  }

  /** How often it was begun, and who had it until now. Throws as `succeed` does. */
  #attemptsIn(head: Uint8Array): number {
    const [request, attempts, caller, connection, before] = this.#fields(head)
    this.#asker = succeed({ request, caller, connection, before } as Asker, this.#asker)
    return attempts as number
  }

  #read({ head, entries }: LedgerContents): Kept {
    const attempts = this.#attemptsIn(head)
    let backlog = new Backlog()
    let state: Uint8Array | undefined
    let inputs: InputPositions = []
    let outcome: Uint8Array | undefined
    this.#kept = []
    for (const { serial, state: kind, octets } of entries) {
      const [what, first, items, positions] = this.#fields(octets) as [
        Uint8Array,
        number,
        readonly Uint8Array[],
        InputPositions?,
      ]
      if (first > backlog.count) backlog = new Backlog(first)
      for (const item of items.slice(backlog.count - first)) backlog.add(item)
      this.#last = serial
      if (kind === 'checkpoint') {
        state = what
        inputs = positions ?? []
        this.#kept.push({ serial, count: backlog.count })
        backlog.mark(backlog.count, inputs)
      } else outcome = what
    }
    this.#recorded = backlog.count
    return { state, inputs, backlog, outcome, attempts }
  }

  /** What this process, or another one of this version, has encoded. */
  #fields(octets: Uint8Array): readonly unknown[] {
    let found: readonly unknown[] | undefined
    try {
      this.#codec.decode(octets, (fields) => (found = fields))
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown
    }
    if (found !== undefined) return found
    throw new RpcError('DATA_LOSS', 'what is kept of the activity cannot be read here')
  }
}

/** True when an activity took its servers down again and again without getting any further. */
export function isPoisoned({ attempts }: Kept): boolean {
  return attempts > rpcLimits.activityAttempts
}

function tooLong(octets: number): RpcError {
  const what = `${octets} octets of state and items since the last checkpoint`
  const text = `${what}, ${storeLimits.entryOctets} can be kept`
  return new RpcError('RESOURCE_EXHAUSTED', text)
}
