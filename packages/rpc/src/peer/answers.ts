// Answers to calls as octets, for when they are recorded before they leave.
import { storeLimits } from '@parley/core'
import type { RpcError } from '../errors.ts'
import type { Codec } from '../presentation/codec.ts'
import { messageType, type Message } from '../presentation/messages.ts'
import { errorToWire } from '../presentation/wire-error.ts'
import type { CallScope } from './call-scope.ts'
import type { ErrorPolicy } from './error-policy.ts'
import { handlerError, stackOf, withoutDetails } from './outgoing-error.ts'
import { tooLong } from './outbox.ts'

/** Encodes answers for one session. */
export class Answers {
  readonly #codec: Codec
  readonly #maxLength: number
  readonly #errorPolicy: ErrorPolicy

  /**
   * `maxLength` is the longest message that the peer takes, in octets; a store takes no longer ones either.
   */
  constructor(codec: Codec, maxLength: number, errorPolicy: ErrorPolicy) {
    this.#codec = codec
    this.#maxLength = Math.min(maxLength, storeLimits.entryOctets)
    this.#errorPolicy = errorPolicy
  }

  /** The message that answers a call with a value. Throws the codec's ValueError and RESOURCE_EXHAUSTED. */
  result(id: number, value: unknown): Uint8Array {
    return this.#encode([messageType.result, id, value])
  }

  /**
   * The message that answers a call with an error made of whatever was thrown, with less in it where all of
   * it cannot travel. Reports what it does not say. Never throws.
   */
  error(call: CallScope, id: number, thrown: unknown): Uint8Array {
    const error = handlerError(this.#errorPolicy, call, thrown)
    const stack = this.#errorPolicy.exposes === 'stack' ? stackOf(thrown) : undefined
    try {
      return this.#encode([messageType.error, id, errorToWire(error, stack)])
    } catch (unsendable) {
      this.#errorPolicy.report(unsendable, call)
      return this.#short(id, error)
    }
  }

  /** A recorded answer as the answer to another call. */
  readdressed(octets: Uint8Array, id: number): Uint8Array {
    const [type, , content] = this.read(octets)
    return this.#codec.encode([type, id, content]).slice()
  }

  /** The message of a recorded answer. */
  read(octets: Uint8Array): Message {
    const found: { message?: Message } = {}
    this.#codec.decode(octets, (message) => (found.message = message))
    return found.message ?? []
  }

  #short(id: number, error: RpcError): Uint8Array {
    return this.#codec.encode([messageType.error, id, errorToWire(withoutDetails(error))]).slice()
  }

  #encode(message: Message): Uint8Array {
    const octets = this.#codec.encode(message)
    if (octets.length > this.#maxLength) throw tooLong(octets.length, this.#maxLength, 'executed')
    return octets.slice()
  }
}
