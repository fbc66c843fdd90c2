// The one error a call ends with. Its code is one of a closed set, and it says what is known of the call's
// outcome.

/** Every code an {@link RpcError} can have. */
export const rpcErrorCodes = [
  'CANCELLED',
  'DEADLINE_EXCEEDED',
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'UNAUTHENTICATED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNKNOWN_OUTCOME',
  'KEY_CONFLICT',
  'KEY_EXPIRED',
  'POISONED',
  'RESUME_LOST',
] as const

/**
 * Why a call failed. `UNAVAILABLE`: no session to carry it. `INTERNAL`: the handler threw something else than
 * an RpcError. `UNKNOWN_OUTCOME`: the server went down while it ran the call; asking again says the same,
 * and `details.key` is what to ask by.
 * `KEY_CONFLICT`: the key stands for another request. `KEY_EXPIRED`: what was known of the call is past its
 * retention. `POISONED`: the call took the server down each time. `RESUME_LOST`: an activity
 * cannot go on from there: nothing is kept of it, or only what is behind `details.oldest`.
 */
export type RpcErrorCode = (typeof rpcErrorCodes)[number]

/**
 * What is known of the call: `not-started`: the method did not run and will not. `executed`: it ran and ended
 * with this error. `unknown`: it may have run, be running or never run.
 */
export type Outcome = 'not-started' | 'executed' | 'unknown'

/** What an {@link RpcError} can carry beside code and message. */
export interface RpcErrorOptions<Details = unknown> {
  /** Any value that can travel; the other side sees it as `details`. */
  readonly details?: Details
  /** Defaults to `executed` when a handler throws it and is set by Parley otherwise. */
  readonly outcome?: Outcome
  /** The local reason. Never sent to the peer. */
  readonly cause?: unknown
}

/** The error of a call, on both sides: throw it in a handler, catch it at the caller. */
export class RpcError<Details = unknown> extends Error {
  override readonly name: string = 'RpcError'
  readonly code: RpcErrorCode
  /** What the other side attached; undefined when nothing was. */
  readonly details: Details | undefined
  readonly outcome: Outcome
  /** The handler's stack, when the server was told to expose it. */
  readonly remoteStack: string | undefined

  constructor(
    code: RpcErrorCode,
    message: string,
    options: RpcErrorOptions<Details> & { remoteStack?: string } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.details = options.details
    this.outcome = options.outcome ?? 'executed'
    this.remoteStack = options.remoteStack
  }

  /** Makes an RpcError of anything that was thrown; an RpcError is returned as it is. Never throws. */
  static from(thrown: unknown, code: RpcErrorCode = 'INTERNAL', outcome: Outcome = 'executed'): RpcError {
    if (isRpcError(thrown)) return thrown
    return new RpcError(code, messageOf(thrown), { outcome, cause: thrown })
  }
}

/** True for an RpcError; false, never throwing, for anything else that was thrown. */
export function isRpcError(thrown: unknown): thrown is RpcError {
  return isInstance(thrown, RpcError)
}

/** `instanceof` for things that were thrown: they may be traps that throw on being looked at. */
export function isInstance<T>(thrown: unknown, type: abstract new (...args: never[]) => T): thrown is T {
  try {
    return thrown instanceof type
  } catch {
    return false
  }
}

/** True for one of {@link rpcErrorCodes}. */
export function isRpcErrorCode(value: unknown): value is RpcErrorCode {
  return knownCodes.has(value)
}

/** The message of anything that was thrown, never throwing itself: getters and toString may be traps. */
export function messageOf(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return String(thrown.message)
    return typeof thrown === 'string' ? thrown : `a value that is not an Error was thrown: ${String(thrown)}`
  } catch {
    return 'something was thrown that cannot be described'
  }
}

const knownCodes: ReadonlySet<unknown> = new Set(rpcErrorCodes)
