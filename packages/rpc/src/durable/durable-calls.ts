// The calls of one session whose outcomes outlive the process: each is recorded before it runs and before it
// is answered. Order: STARTED is durable, the method runs, its outcome is durable under the session's epoch,
// the answer leaves. Whoever has lost the ledger to somebody else answers nothing any more.
import { StoreFailure, type CheckpointStore } from '@parley/core'
import { isInstance, RpcError } from '../errors.ts'
import { utf8 } from '../platform/platform.ts'
import type { IncomingCall } from '../peer/incoming-call.ts'
import { Fenced, Ledger, type LedgerKeeping } from './ledger.ts'
import type { KeyedCalls } from './keyed-calls.ts'
import { madeKey } from './made-key.ts'
import { recordedOutcome, type Known } from './recorded-outcome.ts'
import { unknownOutcome, verdictOf, type Verdict } from './verdict.ts'

/** What a server's sessions share. */
export interface DurableParts extends LedgerKeeping {
  readonly store: CheckpointStore
  readonly keyed: KeyedCalls
  /** The keys of the calls of sessions that run here. */
  readonly atWork: Set<string>
}

/** Whose calls these are. */
export interface DurableOwner {
  /**
   * Names the session's ledger; undefined where the client gave nothing to name it by, and where nothing
   * outlives the process.
   */
  readonly ledgerId: string | undefined
  /** Who the client is, as far as it is told apart from others. */
  readonly principalKey: string | undefined
  /** The client comes back from a server that is gone, or that it cannot reach. */
  readonly returning: boolean
}

/** Runs a method's handler. */
export type Execute = (incoming: IncomingCall) => Promise<unknown>

/** The durable side of one session's unary calls. */
export class DurableCalls {
  /**
   * Told that somebody else owns the session now, as far as can be told: nothing of it is answered here any
   * more. A client that is still here is to come back and ask again.
   */
  listener: { superseded(): void } | undefined
  readonly #parts: DurableParts
  readonly #principalKey: string | undefined
  readonly #returning: boolean
  readonly #ledger: Ledger | undefined
  #taken: Promise<void> | undefined

  constructor(parts: DurableParts, { ledgerId, principalKey, returning }: DurableOwner) {
    this.#parts = parts
    this.#principalKey = principalKey
    this.#returning = returning
    if (ledgerId !== undefined) this.#ledger = new Ledger({ kind: 'session', id: ledgerId }, parts)
  }

  /**
   * Takes the session over from whoever had it, so that nobody else answers its calls. For a client that
   * comes back, and `waits`; rejects when it is somebody else's session.
   */
  async takeOver(waits: () => boolean): Promise<void> {
    if (this.#returning) await this.#take(waits)
  }

  /** True when something of this session is, or may be, in the store. */
  get records(): boolean {
    return this.#ledger !== undefined
  }

  /** The client has had the outcomes of all calls below this id. */
  forgetBelow(id: number): void {
    this.#ledger?.forgetBelow(id)
  }

  /** Sees to it that nothing is past its retention while the session is there. Never rejects. */
  async keep(): Promise<void> {
    try {
      await this.#ledger?.keep()
    } catch (thrown) {
      if (isInstance(thrown, Fenced)) this.listener?.superseded()
      // The store failed: there is time to try again, for it is done long before it has to be.
    }
  }

  /** Nobody will ask for what is recorded. Never rejects: what is not ended ends with its retention. */
  async end(): Promise<void> {
    await this.#ledger?.end().catch(() => undefined)
  }

  /**
   * True when nothing has to be recorded for this call, so that it can simply be run: a query for the first
   * time, or any call where nothing outlives the process.
   */
  isPlain(incoming: IncomingCall): boolean {
    if (incoming.key !== undefined) return false
    if (incoming.served.description.effect === 'query') return !incoming.retry || this.#ledger === undefined
    return this.#ledger === undefined && !incoming.retry
  }

  /** Runs a call, or answers it with what is known of it. Never rejects. */
  async run(incoming: IncomingCall, execute: Execute): Promise<void> {
    try {
      if (incoming.key !== undefined) {
        incoming.sendRecorded(await this.#parts.keyed.run(incoming, this.#principalKey, execute))
      } else if (this.#ledger === undefined) {
        // The process that may have run it is gone, and with it all that was known.
        incoming.fail(unknownOutcome(undefined))
      } else {
        await this.#take()
        await this.#runIn(this.#ledger, incoming, execute)
      }
    } catch (thrown) {
      this.#failed(incoming, thrown)
    }
  }

  async #runIn(ledger: Ledger, incoming: IncomingCall, execute: Execute): Promise<void> {
    const { id: serial, retry } = incoming
    const { effect } = incoming.served.description
    const key = madeKey(ledger.name.id, serial)
    if (effect === 'keyed') incoming.key = key
    const { atWork, keyed } = this.#parts
    atWork.add(key)
    try {
      const verdict: Verdict = retry ? verdictOf(await ledger.entry(serial), effect, key) : FIRST
      if (verdict.do === 'refuse' && verdict.record === 'unknown')
        await keyed.keepUnknown(incoming, this.#principalKey, key)
      incoming.sendRecorded(await carryOut(verdict, ledger, serial, incoming, execute))
    } finally {
      atWork.delete(key)
    }
  }

  /** What is recorded of a call of the same principal's, whichever session made it. It is not run. */
  outcomeOf(service: string, method: string, key: string): Promise<Known> {
    const principalKey = this.#principalKey
    const head = headOf(principalKey)
    return recordedOutcome(this.#parts, { service, method, key, principalKey, head })
  }

  #take(waits: () => boolean = () => true): Promise<void> {
    const own = headOf(this.#principalKey)
    const principal = own.join()
    const accept = (head: Uint8Array): void => {
      if (head.join() !== principal)
        throw new RpcError('PERMISSION_DENIED', 'this is the session of somebody else')
      if (!waits()) throw new RpcError('UNAVAILABLE', 'the client is gone', { outcome: 'not-started' })
    }
    // A new session's ledger is there only when the client has gone elsewhere meanwhile, and has it there.
    const contested = this.#returning ? 'leave' : 'make'
    this.#taken ??= this.#ledger?.take(own, accept, contested) ?? Promise.resolve()
    // One that failed may be tried again by the next call.
    this.#taken.catch(() => (this.#taken = undefined))
    return this.#taken
  }

  #failed(incoming: IncomingCall, thrown: unknown): void {
    if (isInstance(thrown, Fenced)) this.listener?.superseded()
    else if (isInstance(thrown, StoreFailure)) incoming.fail(storeError(thrown, incoming.retry))
    else incoming.fail(thrown)
  }
}

/** The head of the ledger of a session: whose it is. */
function headOf(principalKey: string | undefined): Uint8Array {
  return utf8(`principal ${principalKey ?? ''}`)
}

const FIRST: Verdict = { do: 'run', attempt: 1 }

/**
 * Does what the verdict says and resolves with the message that answers the call, recorded. Rejects with
 * {@link Fenced}, a StoreFailure, or the error of a call that is refused.
 */
export async function carryOut(
  verdict: Verdict,
  ledger: Ledger,
  serial: number,
  incoming: IncomingCall,
  execute: Execute,
  hash?: Uint8Array,
): Promise<Uint8Array> {
  const key = incoming.key ?? madeKey(ledger.name.id, serial)
  const base = hash === undefined ? { serial } : { serial, hash }
  if (verdict.do === 'replay') return verdict.octets
  if (verdict.do === 'refuse') {
    const octets = incoming.encodeError(verdict.error)
    if (verdict.record === 'unknown') await ledger.write({ ...base, state: 'unknown' })
    if (verdict.record === 'done') await ledger.write({ ...base, state: 'done', octets })
    return octets
  }
  if (incoming.abortReason !== undefined) throw givenUp(incoming, incoming.abortReason)
  await ledger.write({ ...base, state: 'started', attempt: verdict.attempt })
  let octets: Uint8Array = NOTHING
  let hasRun = false
  const run = async (): Promise<Uint8Array> => {
    const { abortReason } = incoming
    if (abortReason !== undefined) throw abortReason
    hasRun = true
    return incoming.encodeResult(await execute(incoming))
  }
  try {
    if (incoming.served.description.effect !== 'transactional') {
      octets = await run()
    } else {
      await ledger.writeWith(async (transaction) => {
        incoming.transaction = transaction
        octets = await run()
        return { ...base, state: 'done', octets }
      })
      return octets
    }
  } catch (thrown) {
    if (isInstance(thrown, Fenced)) throw thrown
    if (isInstance(thrown, StoreFailure))
      throw thrown.outcome === 'unknown' ? afterwards(thrown, key) : thrown
    // Given up between its record and its handler: what did not run has no outcome to record.
    if (!hasRun) throw thrown
    octets = incoming.encodeError(thrown)
  }
  await ledger.write({ ...base, state: 'done', octets }).catch((thrown: unknown) => {
    throw isInstance(thrown, StoreFailure) ? afterwards(thrown, key) : thrown
  })
  return octets
}

const NOTHING = new Uint8Array(0)

/** The store failed after the method ran: what it did may be lost, or found by whoever looks later. */
function afterwards(failure: StoreFailure, key: string): RpcError {
  const text = `the call ran, and its outcome could not be recorded: ${failure.message}`
  return new RpcError('UNKNOWN_OUTCOME', text, { outcome: 'unknown', details: { key }, cause: failure })
}

/** The store failed before the method ran here; a server before may have run it. */
function storeError(failure: StoreFailure, mayHaveRun: boolean): RpcError {
  const text = `the call was not run, for it could not be recorded: ${failure.message}`
  const outcome = mayHaveRun ? 'unknown' : 'not-started'
  return new RpcError('UNAVAILABLE', text, { outcome, cause: failure })
}

/** The error of a call that was given up before its record was made. */
function givenUp({ retry }: IncomingCall, { code, message }: RpcError): RpcError {
  return new RpcError(code, message, { outcome: retry ? 'unknown' : 'not-started' })
}
