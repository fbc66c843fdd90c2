// Interceptors: functions around calls, with one signature on both sides.
import type { Metadata } from './call-options.ts'
import type { CallScope } from './peer/call-scope.ts'
import type { MethodKind } from './service/description.ts'

/** A call as an interceptor sees it. */
export interface InterceptedCall {
  /** `caller`: the call is being made here. `callee`: it is being answered here. */
  readonly side: 'caller' | 'callee'
  readonly service: string
  readonly method: string
  readonly kind: MethodKind
  readonly args: readonly unknown[]
  /** What goes or came with the call. An interceptor on the caller's side may set names in it. */
  readonly metadata: Metadata & Pick<Map<string, string | Uint8Array>, 'set' | 'delete'>
}

/**
 * Wraps calls: does what it wants, calls `next()` at most once, and returns its result or another. For a
 * unary method `next()` gives a promise (on the callee's side possibly the value itself), for a stream method
 * a stream, or the promise of one; for a dialogue or an activity what the method gives, which is no promise:
 * there an async interceptor fails. Throwing ends the call with that error.
 */
export type Interceptor = (call: InterceptedCall, next: () => unknown) => unknown

/** Runs `last` inside the interceptors, the first one outermost. */
export function runIntercepted(
  interceptors: readonly Interceptor[],
  call: InterceptedCall,
  last: () => unknown,
): unknown {
  const run = (index: number): unknown => {
    const interceptor = interceptors[index]
    return interceptor === undefined ? last() : interceptor(call, () => run(index + 1))
  }
  return run(0)
}

/** A handler inside the interceptors of a server. */
export function intercept(
  interceptors: readonly Interceptor[],
  handler: (...args: unknown[]) => unknown,
): (call: CallScope) => unknown {
  return (call) => {
    const { kind } = call.served.description
    const { service, method, args } = call
    const metadata = new Map(call.metadata)
    const seen: InterceptedCall = { side: 'callee', service, method, kind, args, metadata }
    return runIntercepted(interceptors, seen, () => handler(...args))
  }
}
