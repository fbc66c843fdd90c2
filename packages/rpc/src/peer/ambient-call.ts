// Which incoming call the running code belongs to, so that call() and nested calls find it.
import { RpcError } from '../errors.ts'
import { ambient, type Ambient } from '../platform/platform.ts'
import type { CallContext } from '../call-context.ts'
import type { CallParent } from './pending.ts'

/** An incoming call as the code inside its handler reaches it. */
export type AmbientCall = CallContext & CallParent

/** The incoming call whose handler is running. */
export const ambientCall: Ambient<AmbientCall> = ambient<AmbientCall>()

/** The incoming call whose handler is running, or undefined outside of handlers. */
export const currentCall: () => AmbientCall | undefined = ambientCall.get

/**
 * The call that the running handler answers: its signal, deadline, metadata, principal and session.
 * Throws an RpcError FAILED_PRECONDITION outside of a handler.
 */
export function call(): CallContext {
  const current = currentCall()
  if (current === undefined) {
    throw new RpcError('FAILED_PRECONDITION', 'call() was used outside of a handler', {
      outcome: 'not-started',
    })
  }
  return current
}
