// What the other side is told of whatever was thrown here. Reports what it is not told.
import { isInstance, isRpcError, isRpcErrorCode, messageOf, RpcError } from '../errors.ts'
import { ValueError } from '../presentation/codec.ts'
import { isNotImplementedHere } from '../service/remote.ts'
import type { CallScope } from './call-scope.ts'
import type { ErrorPolicy } from './error-policy.ts'
import { ofHandler } from './nested.ts'
import { describeValuePath } from './value-path.ts'

/** What the code of a method makes for the other side, by the kind of its method. */
const products = { unary: 'result', stream: 'item', dialogue: 'said', activity: 'item' } as const

/** The error for the caller of a method that threw this. Never throws. */
export function handlerError(policy: ErrorPolicy, call: CallScope, thrown: unknown): RpcError {
  if (isInstance(thrown, ValueError)) {
    const root = products[call.served.description.kind]
    const error = new RpcError('INTERNAL', describeValuePath(root, thrown), { cause: thrown })
    policy.report(error, call)
    return error
  }
  if (isNotImplementedHere(thrown)) {
    return new RpcError('UNIMPLEMENTED', `"${call.method}" is not implemented here`, {
      outcome: 'not-started',
    })
  }
  if (isRpcError(thrown)) return ofHandler(thrown)
  const id = policy.report(thrown, call)
  if (policy.exposes === 'nothing') return new RpcError('INTERNAL', `internal error ${id}`)
  return new RpcError('INTERNAL', messageOf(thrown))
}

/** The error of a call that cannot be sent: of what stands at `root` in it. */
export function callError(thrown: unknown, root = 'args'): unknown {
  if (!isInstance(thrown, ValueError)) return thrown
  const text = describeValuePath(root, thrown)
  return new RpcError('INVALID_ARGUMENT', text, { outcome: 'not-started', cause: thrown })
}

/** Code, outcome and the beginning of the text. */
export function withoutDetails(error: RpcError): RpcError {
  const text = messageOf(error).slice(0, SHORT_TEXT)
  try {
    const { code, outcome } = error
    if (isRpcErrorCode(code)) return new RpcError(code, text, { outcome })
  } catch {
    // Its getters throw.
  }
  return new RpcError('INTERNAL', text)
}

const SHORT_TEXT = 200

/** The stack of what was thrown, if it has one. */
export function stackOf(thrown: unknown): string | undefined {
  try {
    return thrown instanceof Error && typeof thrown.stack === 'string' ? thrown.stack : undefined
  } catch {
    return undefined
  }
}
