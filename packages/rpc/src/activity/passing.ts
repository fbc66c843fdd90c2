// Errors of an activity on the calling side: which of them pass, and what they tell.
import type { ActivityPlace } from '../activity.ts'
import { isRpcError, RpcError } from '../errors.ts'

/** True for what may be otherwise the next time. */
export function isPassing(error: unknown): boolean {
  return isRpcError(error) && (error.code === 'UNAVAILABLE' || error.code === 'DEADLINE_EXCEEDED')
}

export function withDetails({ code, message, cause }: RpcError, details: ActivityPlace): RpcError {
  return new RpcError(code, message, { outcome: 'unknown', details, cause })
}
