// Errors of calls that were made here. A handler that lets one pass has run, whatever became of that call.
import { RpcError } from '../errors.ts'

/** What a call that was made here has ended with. Returns it. */
export function ofCallHere<Thrown>(error: Thrown): Thrown {
  if (error instanceof RpcError) errors.add(error)
  return error
}

/** The same error, thrown by a handler: what it says of the outcome is about another call. */
export function ofHandler(error: RpcError): RpcError {
  // First: one that was made elsewhere may have getters that throw.
  if (!errors.has(error)) return error
  const { code, message, details, outcome } = error
  if (outcome === 'executed') return error
  return new RpcError(code, message, { details, cause: error })
}

const errors = new WeakSet<RpcError>()
