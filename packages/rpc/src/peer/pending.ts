// A call that was made and has not ended, as the caller's side keeps it.
import type { Clock, Timer } from '@parley/core'
import { checkTimeout, type CallOptions, type Metadata } from '../call-options.ts'
import { RpcError, type Outcome } from '../errors.ts'
import type { MethodDescription } from '../service/description.ts'
import type { Message } from '../presentation/messages.ts'
import { onAbort } from './abort-listeners.ts'
import { currentCall } from './ambient-call.ts'
import type { RemoteMethod } from './caller.ts'
import type { Producer } from './producer.ts'

/** How a pending call hears of what comes back. Each is called by {@link Caller} only. */
export interface Pending {
  readonly guard: CallGuard
  /** A unary call's value. */
  result(value: unknown): void
  /**
   * An item of a stream. False when the callee had no credit for it; an error when the call is to be given up
   * with that, for it is not one that has items.
   */
  item(value: unknown, length: number): boolean | RpcError
  /** A stream's end. */
  end(): void
  /** The call ended with an error. */
  fail(error: RpcError): void
}

/**
 * What can end a call from this side, and what it has running: its deadline, its
 * signal and its stream arguments.
 */
export class CallGuard {
  /** The call's id once it was given one; 0 before. */
  id = 0
  /** What was asked, as long as it can be asked again: of calls without stream arguments. */
  request: CallRequest | undefined
  /** The producers of stream arguments, by channel. */
  inputs: Map<number, Producer> | undefined
  readonly onMetadata: ((metadata: Metadata) => void) | undefined
  /** When the call must end, on the clock; undefined: no deadline. */
  readonly deadline: number | undefined
  #timer: Timer | undefined
  #unlisten: (() => void) | undefined
  #leaveParent: (() => void) | undefined

  constructor(deadline: number | undefined, onMetadata: CallOptions['onMetadata']) {
    this.deadline = deadline
    this.onMetadata = onMetadata
  }

  /** Milliseconds until the deadline, 1 at least; undefined without one. */
  timeLeft(clock: Clock): number | undefined {
    return this.deadline === undefined ? undefined : Math.max(1, this.deadline - clock.now())
  }

  /** Arms deadline, signal and parent; `cancel` is called at most once, with the error the call ends with. */
  watch(
    clock: Clock,
    options: CallOptions,
    parent: CallParent | undefined,
    cancel: (error: RpcError, reason: number) => void,
  ): void {
    const { signal } = options
    if (this.deadline !== undefined) {
      const left = Math.max(0, this.deadline - clock.now())
      this.#timer = clock.setTimer(left, () => cancel(deadlineExceeded(), REASON_DEADLINE))
    }
    if (signal !== undefined) {
      this.#unlisten = onAbort(signal, () => cancel(cancelled(signal.reason), REASON_CANCELLED))
    }
    if (parent !== undefined) {
      this.#leaveParent = parent.addChild((reason) => cancel(cancelled(reason), REASON_CANCELLED))
    }
  }

  /** Disarms everything and stops the stream arguments; the call has ended. */
  release(): void {
    this.#timer?.cancel()
    this.#unlisten?.()
    this.#leaveParent?.()
    if (this.inputs !== undefined) for (const producer of this.inputs.values()) void producer.stop()
    this.inputs = undefined
  }
}

/**
 * The guard of a call that begins now; it ends at the nearest of its own timeout and its outer call's
 * deadline.
 */
export function beginGuard(clock: Clock, method: MethodDescription, options: CallOptions): CallGuard {
  const timeout = options.timeout ?? method.timeout
  const outer = currentCall()?.deadline
  if (timeout === undefined) return new CallGuard(outer, options.onMetadata)
  checkTimeout(timeout)
  const own = clock.now() + timeout
  return new CallGuard(outer === undefined ? own : Math.min(own, outer), options.onMetadata)
}

/** A call as it was sent. */
export interface CallRequest {
  readonly method: RemoteMethod
  readonly message: Message
}

/** The call inside which another call is made: its end takes the inner one along. */
export interface CallParent {
  readonly deadline: number | undefined
  readonly aborted: boolean
  addChild(cancel: (reason: unknown) => void): () => void
}

/** Reasons on the wire of a cancel message. */
export const REASON_CANCELLED = 0
export const REASON_DEADLINE = 1

/** The error of a call that its own side gave up. */
export function cancelled(reason: unknown, outcome: Outcome = 'unknown'): RpcError {
  return new RpcError('CANCELLED', 'the call was cancelled', { outcome, cause: reason })
}

/** The error of a call whose time is over. */
export function deadlineExceeded(outcome: Outcome = 'unknown'): RpcError {
  return new RpcError('DEADLINE_EXCEEDED', 'the call did not end within its deadline', { outcome })
}
