// The calls of this side that have not ended: what each kind makes of what comes back.
import type { CallOptions } from '../call-options.ts'
import { RpcError } from '../errors.ts'
import { messageType } from '../presentation/messages.ts'
import type { Caller, RemoteMethod } from './caller.ts'
import { Consumer } from './consumer.ts'
import { ofCallHere } from './nested.ts'
import type { Peer } from './peer.ts'
import { beginGuard, cancelled, CallGuard, REASON_CANCELLED, type Pending } from './pending.ts'

/** A call with one answer. */
export class PendingUnary implements Pending {
  readonly guard: CallGuard
  readonly #resolve: (value: unknown) => void
  readonly #reject: (error: RpcError) => void

  constructor(guard: CallGuard, resolve: (value: unknown) => void, reject: (error: RpcError) => void) {
    this.guard = guard
    this.#resolve = resolve
    this.#reject = reject
  }

  result(value: unknown): void {
    this.#resolve(value)
  }

  fail(error: RpcError): void {
    this.#reject(ofCallHere(error))
  }

  item(): RpcError {
    return wrongKind('a stream', 'unary')
  }

  end(): void {
    this.fail(wrongKind('a stream', 'unary'))
  }
}

/** A call with many answers. */
export class PendingStream implements Pending {
  readonly consumer: Consumer<unknown>
  guard: CallGuard = NOT_BEGUN

  constructor(caller: Caller, peer: Peer, method: RemoteMethod, args: unknown[], options: CallOptions) {
    const open = (): void => {
      try {
        this.guard = beginGuard(peer.clock, method.description, options)
        caller.start(this, method, args, options)
      } catch (thrown) {
        this.fail(RpcError.from(thrown, 'INVALID_ARGUMENT', 'not-started'))
      }
    }
    const grant = (octets: number): void => peer.sendControl([messageType.credit, this.guard.id, octets])
    const cancel = (): void => caller.cancel(this, cancelled(undefined), REASON_CANCELLED)
    this.consumer = new Consumer({ open, grant, cancel }, peer.agreed.window)
  }

  result(): void {
    this.fail(wrongKind('unary', 'a stream'))
  }

  item(value: unknown, length: number): boolean {
    return this.consumer.receive(value, length)
  }

  end(): void {
    this.consumer.end()
  }

  fail(error: RpcError): void {
    this.consumer.end(ofCallHere(error))
  }
}

/** The two sides have different contracts. */
function wrongKind(there: string, here: string): RpcError {
  const text = `the method is ${there} at the other side, and ${here} in the contract of this one`
  return new RpcError('FAILED_PRECONDITION', text, { outcome: 'unknown' })
}

const NOT_BEGUN = new CallGuard(undefined, undefined)

/** Stands for a call that its caller has given up and whose callee has not yet said that it is over. */
export const ABANDONED: Pending = {
  guard: NOT_BEGUN,
  result: () => undefined,
  item: () => true,
  end: () => undefined,
  fail: () => undefined,
}
