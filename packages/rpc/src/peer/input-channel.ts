// The sending end of one stream argument, between its producer and the session.
import { isInstance, isRpcError, messageOf, RpcError } from '../errors.ts'
import { ValueError } from '../presentation/codec.ts'
import { messageType, type Message } from '../presentation/messages.ts'
import { errorToWire } from '../presentation/wire-error.ts'
import type { Peer } from './peer.ts'
import type { CallGuard } from './pending.ts'
import type { Producer, ProducerChannel } from './producer.ts'
import { describeValuePath } from './value-path.ts'

/** Carries the items of one stream argument. */
export class InputChannel implements ProducerChannel {
  readonly #peer: Peer
  readonly #guard: CallGuard
  readonly #channel: number

  constructor(peer: Peer, guard: CallGuard, channel: number) {
    this.#peer = peer
    this.#guard = guard
    this.#channel = channel
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
    this.#send([messageType.inputEnd, this.#guard.id, this.#channel])
  }

  fail(thrown: unknown): void {
    const error = inputError(thrown)
    this.#send([messageType.inputEnd, this.#guard.id, this.#channel, errorToWire(error)])
  }

  #send(message: Message): void {
    this.#guard.inputs?.delete(this.#channel)
    this.#peer.sendValues(message)
  }
}

function inputError(thrown: unknown): RpcError {
  if (isInstance(thrown, ValueError)) {
    return new RpcError('INVALID_ARGUMENT', describeValuePath('item', thrown), { outcome: 'unknown' })
  }
  return isRpcError(thrown) ? thrown : new RpcError('ABORTED', messageOf(thrown), { outcome: 'unknown' })
}
