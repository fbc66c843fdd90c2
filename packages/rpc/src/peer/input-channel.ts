// The sending end of one stream argument, between its producer and the session.
import { isInstance, isRpcError, messageOf, RpcError } from '../errors.ts'
import { ValueError } from '../presentation/codec.ts'
import { messageType } from '../presentation/messages.ts'
import { isStreamArgument } from '../stream-source.ts'
import type { RemoteMethod } from './caller.ts'
import type { ErrorPolicy } from './error-policy.ts'
import type { Peer } from './peer.ts'
import type { CallGuard } from './pending.ts'
import type { Producer, ProducerChannel } from './producer.ts'
import { describeValuePath } from './value-path.ts'

/** Carries the items of one stream argument. */
export class InputChannel implements ProducerChannel {
  readonly #peer: Peer
  readonly #guard: CallGuard
  readonly #channel: number
  readonly #told: SourceErrors

  constructor(peer: Peer, guard: CallGuard, channel: number, told: SourceErrors) {
    this.#peer = peer
    this.#guard = guard
    this.#channel = channel
    this.#told = told
  }

  get writable(): boolean {
    return this.#peer.writable
  }

  whenWritable(producer: Producer): void {
    this.#peer.whenWritable(producer)
  }

  item(value: unknown): number {
    return this.#peer.sendValues([messageType.input, this.#guard.id, this.#channel, value])
  }

  end(): void {
    this.#guard.inputs?.delete(this.#channel)
    this.#peer.sendFinal([messageType.inputEnd, this.#guard.id, this.#channel])
  }

  fail(thrown: unknown): void {
    this.#guard.inputs?.delete(this.#channel)
    this.#peer.sendFailure([messageType.inputEnd, this.#guard.id, this.#channel], this.#told(thrown))
  }
}

/** The streams among the arguments of a call. */
export type Inputs = readonly (readonly [channel: number, source: unknown])[]

/** Takes the streams out of the arguments, leaving null in their places; undefined when there are none. */
export function takeInputs(args: unknown[]): Inputs | undefined {
  let inputs: [number, unknown][] | undefined
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]
    if (typeof arg !== 'object' || !isStreamArgument(arg)) continue
    inputs ??= []
    inputs.push([i, arg])
    args[i] = null
  }
  return inputs
}

/** What the other side is told of a stream argument that failed. Reports what it is not told. */
export type SourceErrors = (thrown: unknown) => RpcError

/** For the streams among the arguments of a call of this method. */
export function sourceErrors(policy: ErrorPolicy, { service, description }: RemoteMethod): SourceErrors {
  return (thrown) => {
    if (isRpcError(thrown)) return thrown
    if (isInstance(thrown, ValueError)) {
      return new RpcError('INVALID_ARGUMENT', describeValuePath('item', thrown), { outcome: 'unknown' })
    }
    const id = policy.report(thrown, { service, method: description.name })
    const text =
      policy.exposes === 'nothing' ? `the source of a stream failed (error ${id})` : messageOf(thrown)
    return new RpcError('ABORTED', text, { outcome: 'unknown' })
  }
}
