// What is to be done with a call of which a ledger may know something: run it, replay what was recorded, or
// refuse it. Pure; the one place where the kinds of methods differ after a crash.
import type { LedgerEntry } from '@parley/core'
import { RpcError } from '../errors.ts'
import { rpcLimits } from '../limits.ts'
import type { MethodEffect } from '../service/description.ts'
import { expired } from './ledger.ts'

/** What is to be done with a call. */
export type Verdict =
  /** Run it, as this attempt, once that is recorded. */
  | { readonly do: 'run'; readonly attempt: number }
  /** Answer with what was recorded. */
  | { readonly do: 'replay'; readonly octets: Uint8Array }
  /** Refuse it; `record` says what is recorded first, so that asking again gives the same answer. */
  | { readonly do: 'refuse'; readonly error: RpcError; readonly record?: 'unknown' | 'done' }

/**
 * By what the ledger knows of the call, and by the kind of its method:
 *
 * - nothing: it never ran, so it runs;
 * - an outcome: it is replayed, never run again, errors too;
 * - that it was started by an owner who is gone: a query or a keyed method runs again, a transactional one
 *   too, for its effects were rolled back; any other may have happened, which nobody can find out.
 *
 * Errors that leave the outcome open carry the key, by which it can be asked for later.
 */
export function verdictOf(
  entry: LedgerEntry | 'forgotten' | undefined,
  effect: MethodEffect,
  key: string,
): Verdict {
  if (entry === 'forgotten') return { do: 'refuse', error: expired() }
  if (entry === undefined) return { do: 'run', attempt: 1 }
  if (entry.state === 'done') return { do: 'replay', octets: entry.octets }
  if (entry.state === 'unknown') return { do: 'refuse', error: unknownOutcome(key) }
  if (effect === 'once') return { do: 'refuse', error: unknownOutcome(key), record: 'unknown' }
  if (entry.attempt < rpcLimits.attempts) return { do: 'run', attempt: entry.attempt + 1 }
  return { do: 'refuse', error: poisoned(entry.attempt, key), record: 'done' }
}

/** The error of a call that may have happened. Without a key where nothing is recorded of it. */
export function unknownOutcome(key: string | undefined): RpcError {
  const text = 'the server went down while it ran this call; nobody can say whether it took effect'
  const details = key === undefined ? undefined : { key }
  return new RpcError('UNKNOWN_OUTCOME', text, { outcome: 'unknown', details })
}

function poisoned(attempts: number, key: string): RpcError {
  const text = `the server went down each of the ${attempts} times it ran this call; it is not run again`
  return new RpcError('POISONED', text, { outcome: 'unknown', details: { key } })
}
