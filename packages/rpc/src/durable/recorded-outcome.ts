// What is recorded of a call, for whoever asks without making it. It reads and nothing else: no method runs,
// and no server is fenced by it.
import { StoreFailure, type CheckpointStore, type Ledger, type LedgerName } from '@parley/core'
import { isInstance, RpcError } from '../errors.ts'
import type { KeyedCalls } from './keyed-calls.ts'
import { readMadeKey } from './made-key.ts'

/** What is known of a call; the octets are the message that answered it. */
export type Known =
  | { readonly state: 'ended'; readonly octets: Uint8Array }
  | { readonly state: 'running' | 'unknown' | 'expired' | 'not-found' }

/** Where to look. */
export interface Records {
  readonly store: CheckpointStore
  readonly now: () => number
  readonly keyed: KeyedCalls
  readonly atWork: ReadonlySet<string>
}

/** Which call, and who asks. */
export interface Asked {
  readonly service: string
  readonly method: string
  readonly key: string
  readonly principalKey: string | undefined
  /** The head that ledgers of this principal's sessions have. */
  readonly head: Uint8Array
}

/**
 * A key that was chosen comes first, then one that was made. What another principal called is not found.
 * Rejects with an RpcError UNIMPLEMENTED where nothing outlives the process, for there the lack of a record
 * proves nothing; and UNAVAILABLE when the store fails.
 */
export async function recordedOutcome(records: Records, asked: Asked): Promise<Known> {
  const { store, keyed, atWork } = records
  if (!store.capabilities.durable) throw nothingKept()
  const { service, method, key, principalKey, head } = asked
  try {
    const id = await keyed.idOf(principalKey, service, method, key)
    const chosen = await look(records, { kind: 'key', id }, 0, () => keyed.isRunning(id))
    const made = chosen.state === 'not-found' ? readMadeKey(key) : undefined
    if (made === undefined) return chosen
    const name: LedgerName = { kind: 'session', id: made.ledgerId }
    return await look(records, name, made.serial, () => atWork.has(key), head)
  } catch (thrown) {
    if (!isInstance(thrown, StoreFailure)) throw thrown
    const text = `the store of this server failed: ${thrown.message}`
    throw new RpcError('UNAVAILABLE', text, { outcome: 'not-started', cause: thrown })
  }
}

async function look(
  { store, now }: Records,
  name: LedgerName,
  serial: number,
  isAtWork: () => boolean,
  head?: Uint8Array,
): Promise<Known> {
  // Before and after: it may begin or end while the store is read.
  const wasAtWork = isAtWork()
  const ledger = await store.read(name, { entries: { serials: [serial] } }, now())
  const isMine =
    ledger === undefined || head === undefined || ledger.gone || ledger.head.join() === head.join()
  if (!isMine) return { state: 'not-found' }
  const recorded = ledger === undefined ? undefined : recordedIn(ledger, serial, store)
  if (recorded !== undefined && recorded.state !== 'unfinished') return recorded
  if (wasAtWork || isAtWork()) return { state: 'running' }
  if (recorded === undefined) return { state: 'not-found' }
  return { state: recorded.mayRunElsewhere ? 'running' : 'unknown' }
}

/** Begun, with no outcome yet: at work at another server of the store, perhaps, or its server is gone. */
interface Unfinished {
  readonly state: 'unfinished'
  readonly mayRunElsewhere: boolean
}

function recordedIn(
  { gone, forgotten, epoch, entries }: Ledger,
  serial: number,
  { capabilities }: CheckpointStore,
): Known | Unfinished | undefined {
  if (gone || serial < forgotten) return { state: 'expired' }
  const [entry] = entries
  if (entry === undefined) return undefined
  if (entry.state === 'done') return { state: 'ended', octets: entry.octets }
  if (entry.state === 'unknown') return { state: 'unknown' }
  // A ledger with a higher epoch was taken from whoever began the call.
  return { state: 'unfinished', mayRunElsewhere: capabilities.shared && entry.epoch === epoch }
}

function nothingKept(): RpcError {
  const text = 'this server keeps no outcomes: it has no durable store (`serve({ store })`)'
  return new RpcError('UNIMPLEMENTED', text, { outcome: 'not-started' })
}
