// One call that this side answers, and its one answer.
import type { Clock } from '@parley/core'
import { metadataToWire } from '../call-options.ts'
import type { Known } from '../durable/recorded-outcome.ts'
import { isRpcError, RpcError } from '../errors.ts'
import { rpcLimits } from '../limits.ts'
import { messageType, type Message } from '../presentation/messages.ts'
import { CallScope } from './call-scope.ts'
import type { Consumer } from './consumer.ts'
import type { Dispatcher } from './dispatcher.ts'
import type { Peer } from './peer.ts'
import { cancelled } from './pending.ts'
import type { Producer, ProducerChannel } from './producer.ts'
import type { ServedMethod } from './registry.ts'

/** A call in progress on the answering side. Ends exactly once, with a result, an end or an error. */
export class IncomingCall extends CallScope implements ProducerChannel {
  readonly id: number
  /** The client sends it once more, after it lost the server that it had sent it to. */
  retry = false
  /** The streams among the arguments, by channel. */
  inputs: Map<number, Consumer<unknown>> | undefined
  /** What sends the result stream. */
  producer: Producer | undefined
  readonly #peer: Peer
  readonly #dispatcher: Dispatcher
  #transaction: { readonly handle: unknown } | undefined
  #headSent = false
  #ended = false

  constructor(peer: Peer, id: number, served: ServedMethod, args: readonly unknown[]) {
    super(peer, served, args)
    this.#peer = peer
    this.#dispatcher = peer.dispatcher
    this.id = id
  }

  override get transaction(): unknown {
    return this.#transaction === undefined ? super.transaction : this.#transaction.handle
  }

  override set transaction(handle: unknown) {
    this.#transaction = { handle }
  }

  override setOptions(options: readonly unknown[], clock: Clock): string | undefined {
    const [, , , key, retry] = options
    if (key !== null && key !== undefined) {
      if (typeof key !== 'string' || key === '' || key.length > rpcLimits.keyLength)
        return `the key is not a string of 1 to ${rpcLimits.keyLength} characters`
      this.key = key
    }
    this.retry = retry === true
    return super.setOptions(options, clock)
  }

  /** The call is refused before its handler runs. */
  discard(): void {
    this.#ended = true
    this.disarm()
  }

  protected get over(): boolean {
    return this.#ended
  }

  protected stop(reason: RpcError): void {
    if (this.inputs !== undefined) for (const input of this.inputs.values()) input.end(reason)
    const { producer } = this
    if (producer !== undefined) void producer.stop().then(() => this.fail(reason))
  }

  // The answer

  /** Whoever asked is gone, and what would be sent would answer somebody else's call. */
  get #unheard(): boolean {
    if (this.#peer.dispatcher === this.#dispatcher) return false
    if (!this.#ended) this.#end()
    return true
  }

  /** The value of a unary call. */
  succeed(value: unknown): void {
    if (this.#unheard || this.#ended) return
    if (this.abortReason !== undefined) {
      this.fail(this.abortReason)
      return
    }
    if (!this.#peer.writable) return this.#peer.whenRoom(() => this.succeed(value))
    this.#sendHead()
    try {
      this.#peer.sendResult([messageType.result, this.id, value])
    } catch (thrown) {
      this.fail(asExecuted(thrown))
      return
    }
    this.#end()
  }

  /** The message that answers the call with a value. Throws what cannot travel. */
  encodeResult(value: unknown): Uint8Array {
    return this.#peer.answers.result(this.id, value)
  }

  /** The message that answers the call with an error made of whatever was thrown. Never throws. */
  encodeError(thrown: unknown): Uint8Array {
    return this.#peer.answers.error(this, this.id, thrown)
  }

  /** A recorded answer as the answer to this call. */
  readdressed(octets: Uint8Array): Uint8Array {
    return this.#peer.answers.readdressed(octets, this.id)
  }

  /** What is recorded of another call of the same principal's; undefined where nothing is recorded. */
  async outcomeOf(service: string, method: string, key: string): Promise<KnownAnswer | undefined> {
    const { durable, answers } = this.#peer
    const known = await durable?.outcomeOf(service, method, key)
    return known?.state === 'ended' ? { state: 'ended', message: answers.read(known.octets) } : known
  }

  /** Answers with a message that was recorded. */
  sendRecorded(octets: Uint8Array): void {
    if (this.#unheard || this.#ended) return
    if (!this.#peer.writable) return this.#peer.whenRoom(() => this.sendRecorded(octets))
    this.#sendHead()
    this.#end()
    this.#peer.sendRecorded(octets)
  }

  /** The call ends with an error made of whatever was thrown. */
  fail(thrown: unknown): void {
    if (this.#unheard || this.#ended) return
    this.#sendHead()
    this.#end()
    this.#peer.sendError(this, thrown)
  }

  // The result stream, as its producer sees it

  get writable(): boolean {
    return this.#peer.writable
  }

  whenWritable(producer: Producer): void {
    this.#peer.whenWritable(producer)
  }

  item(value: unknown): number {
    if (this.#unheard) return 0
    this.#sendHead()
    return this.#peer.sendValues([messageType.item, this.id, value])
  }

  end(): void {
    if (this.#unheard || this.#ended) return
    this.#sendHead()
    this.#end()
    this.#peer.sendFinal([messageType.end, this.id])
  }

  #sendHead(): void {
    if (this.#headSent) return
    this.#headSent = true
    const metadata = this.givenMetadata
    if (metadata === undefined || metadata.size === 0) return
    try {
      const record = metadataToWire(metadata, this.#peer.limits.metadataLength)
      this.#peer.sendValues([messageType.head, this.id, record])
    } catch (thrown) {
      this.#peer.report(thrown, this)
    }
  }

  #end(): void {
    this.#ended = true
    this.disarm()
    if (this.inputs !== undefined) for (const input of this.inputs.values()) input.end(cancelled(undefined))
    this.#dispatcher.ended(this.id)
  }
}

/** What is known of a call, with its answer as it was recorded. */
export type KnownAnswer =
  | { readonly state: 'ended'; readonly message: Message }
  | Exclude<Known, { readonly state: 'ended' }>

/** The result cannot travel, but the handler has run. */
function asExecuted(thrown: unknown): unknown {
  if (!isRpcError(thrown)) return thrown
  return new RpcError(thrown.code, thrown.message, { outcome: 'executed' })
}
