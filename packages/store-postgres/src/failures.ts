// What goes wrong with a server or on the way to it, as the codes of a store. What is known of the outcome is
// for the caller to say: only it knows whether COMMIT had been sent.
import { StoreFailure, type StoreFailureCode, StoreRefusal, StoreUsageError } from '@parley/core'

/** By SQLSTATE, or the first two characters of it (its class). Anything else is `unavailable`. */
const codes: ReadonlyMap<string, StoreFailureCode> = new Map([
  ['25006', 'read-only'],
  ['40', 'aborted'],
  ['55P03', 'aborted'],
  ['53100', 'full'],
  ['XX001', 'corrupt'],
  ['XX002', 'corrupt'],
])

/** A failure for whatever was thrown; what is one already, or is not the server's doing, comes through. */
export function failureFor(error: unknown, outcome: 'not-written' | 'unknown'): Error {
  if (error instanceof StoreFailure || error instanceof StoreRefusal || error instanceof StoreUsageError)
    return error
  const message = error instanceof Error ? error.message : String(error)
  return new StoreFailure(codeFor(error), outcome, `PostgreSQL: ${message}`, { cause: error })
}

/** True when the server has said, and is still there to say, that the statement was not done. */
export function isDefinite(error: unknown): boolean {
  return (error as { severity?: unknown }).severity === 'ERROR'
}

function codeFor(error: unknown): StoreFailureCode {
  const { code } = error as { code?: unknown }
  if (typeof code !== 'string') return 'unavailable'
  return codes.get(code) ?? codes.get(code.slice(0, 2)) ?? 'unavailable'
}
