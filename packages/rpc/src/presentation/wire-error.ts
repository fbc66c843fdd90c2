// RpcErrors as they travel: [code, message, outcome, details?, stack?]. What is not sent: the cause, and the
// stack unless the server was told to.
import { isRpcErrorCode, RpcError, type Outcome } from '../errors.ts'
import { rpcLimits } from '../limits.ts'

/** The fields of an error message. Details that cannot travel make the codec throw. */
export function errorToWire(error: RpcError, stack?: string): unknown[] {
  const message = error.message.slice(0, rpcLimits.errorTextLength)
  const wire: unknown[] = [error.code, message, outcomes.indexOf(error.outcome)]
  if (error.details !== undefined || stack !== undefined) wire.push(error.details)
  if (stack !== undefined) wire.push(stack.slice(0, rpcLimits.errorTextLength))
  return wire
}

/** The error a peer sent. A code or outcome this side does not know reads as INTERNAL and `unknown`. */
export function errorFromWire(wire: readonly unknown[]): RpcError {
  const [code, message, outcome, details, stack] = wire
  const known = isRpcErrorCode(code)
  const text = typeof message === 'string' ? message : 'the peer gave no message'
  return new RpcError(known ? code : 'INTERNAL', text, {
    details,
    outcome: (typeof outcome === 'number' ? outcomes[outcome] : undefined) ?? 'unknown',
    ...(typeof stack === 'string' ? { remoteStack: stack } : {}),
  })
}

const outcomes: readonly Outcome[] = ['not-started', 'executed', 'unknown']
