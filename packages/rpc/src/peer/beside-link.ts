// What a dialogue and an activity have in common on the session connections that they have beside the
// session: how a message is taken, how one side ends it all at once, and what is said of the end.
import type { SessionConnection, SessionEnd } from '@parley/core'
import { RpcError } from '../errors.ts'
import { rpcLimits } from '../limits.ts'
import type { Flow, Message } from '../presentation/messages.ts'
import type { Words } from '../presentation/words.ts'

/** What is carried. */
export interface Carried {
  readonly name: 'dialogue' | 'activity'
  /** What is wrong with a message of this flow. */
  readonly problemOf: (message: Message, flow: Flow) => string | undefined
  /** The type of the message that says why it is about to be interrupted. */
  readonly interrupting: number
}

/** See the head of this file. */
export class BesideLink {
  /** Why the other side is about to interrupt it. */
  interruptReason: string | undefined
  readonly #connection: SessionConnection
  readonly #words: Words
  readonly #carried: Carried
  /** Why this side aborted. */
  #why: RpcError | undefined

  constructor(connection: SessionConnection, words: Words, carried: Carried) {
    this.#connection = connection
    this.#words = words
    this.#carried = carried
  }

  /** The message, when it is one for whoever listens; what breaks the protocol ends the connection. */
  received(ssdu: Uint8Array, flow: Flow): Message | undefined {
    const { problemOf, interrupting } = this.#carried
    const message = this.#words.decode(ssdu)
    const wrong = typeof message === 'string' ? message : problemOf(message, flow)
    if (typeof message === 'string' || wrong !== undefined) this.violation(wrong ?? '')
    else if (message[0] === interrupting)
      this.interruptReason = (message[1] as string).slice(0, rpcLimits.reasonLength)
    else return message
    return undefined
  }

  /** Ends the session connection at once, telling the other side why. Does nothing when it is over. */
  abort(error: RpcError): void {
    this.#why ??= error
    try {
      this.#connection.abort(this.#words.farewell(error))
    } catch {
      // Its details cannot travel; or it is version 1 of the session protocol, which has room for 9 octets.
      this.#connection.abort()
    }
  }

  /** Ends the session connection because the other side broke the protocol. */
  violation(what: string): void {
    const text = `the ${this.#carried.name} protocol was broken: ${what}`
    this.abort(new RpcError('ABORTED', text, { outcome: 'unknown' }))
  }

  /** Undefined for a release in good order. */
  errorOf(end: SessionEnd): RpcError | undefined {
    if (end.by === 'release') return undefined
    const stated = end.by === 'peer' ? this.#words.readFarewell(end.userData) : undefined
    const text = `the session of the ${this.#carried.name} is over: ${end.message}`
    return this.#why ?? stated ?? new RpcError('UNAVAILABLE', text, { outcome: 'unknown' })
  }
}
