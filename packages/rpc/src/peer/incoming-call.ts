// One call that this side answers: what its handler can know of it, and its one answer.
import type { Clock, Timer } from '@parley/core'
import { metadataFromWire, metadataToWire, type Metadata, type MetadataValue } from '../call-options.ts'
import type { RpcError } from '../errors.ts'
import { newAbortController, type PlatformAbortSignal } from '../platform/platform.ts'
import { messageType } from '../presentation/messages.ts'
import type { RpcSession } from '../session.ts'
import type { AmbientCall } from './ambient-call.ts'
import type { Consumer } from './consumer.ts'
import type { Peer } from './peer.ts'
import { cancelled, deadlineExceeded } from './pending.ts'
import type { Producer, ProducerChannel } from './producer.ts'
import type { ServedMethod } from './registry.ts'

/** A call in progress on the answering side. Ends exactly once, with a result, an end or an error. */
export class IncomingCall implements AmbientCall, ProducerChannel {
  readonly id: number
  readonly served: ServedMethod
  readonly args: readonly unknown[]
  /** The streams among the arguments, by channel. */
  inputs: Map<number, Consumer<unknown>> | undefined
  /** What sends the result stream. */
  producer: Producer | undefined
  readonly #peer: Peer
  /** Set when the caller gave up, the deadline passed or the session was lost. */
  #abortReason: RpcError | undefined
  #controller: ReturnType<typeof newAbortController> | undefined
  #children: Set<(reason: unknown) => void> | undefined
  #deadline: number | undefined
  #timer: Timer | undefined
  #metadata: Metadata | undefined
  #responseMetadata: Map<string, MetadataValue> | undefined
  #headSent = false
  #ended = false

  constructor(peer: Peer, id: number, served: ServedMethod, args: readonly unknown[]) {
    this.#peer = peer
    this.id = id
    this.served = served
    this.args = args
  }

  get service(): string {
    return this.served.service
  }

  get method(): string {
    return this.served.description.name
  }

  get deadline(): number | undefined {
    return this.#deadline
  }

  get timeLeft(): number | undefined {
    return this.#deadline === undefined ? undefined : Math.max(0, this.#deadline - this.#peer.clock.now())
  }

  get signal(): PlatformAbortSignal {
    if (this.#controller === undefined) {
      this.#controller = newAbortController()
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason)
    }
    return this.#controller.signal
  }

  get aborted(): boolean {
    return this.#abortReason !== undefined
  }

  get metadata(): Metadata {
    this.#metadata ??= new Map()
    return this.#metadata
  }

  get responseMetadata(): Map<string, MetadataValue> {
    this.#responseMetadata ??= new Map()
    return this.#responseMetadata
  }

  get principal(): unknown {
    return this.#peer.principal
  }

  get session(): RpcSession {
    return this.#peer.session
  }

  /** What the handler was stopped for, if it was. */
  get abortReason(): RpcError | undefined {
    return this.#abortReason
  }

  /** Takes the options of the call message; undefined when they are sound, else what is wrong with them. */
  setOptions(options: readonly unknown[], clock: Clock): string | undefined {
    const [timeout, metadata] = options
    if (timeout !== null && timeout !== undefined) {
      if (typeof timeout !== 'number' || !(timeout > 0)) return 'the timeout is not a number above 0'
      this.#deadline = clock.now() + timeout
      this.#timer = clock.setTimer(timeout, () => this.abort(deadlineExceeded()))
    }
    if (metadata !== null && metadata !== undefined) {
      if (typeof metadata !== 'object') return 'the metadata is not an object'
      this.#metadata = metadataFromWire(metadata, this.#peer.limits.metadataLength)
      if (this.#metadata === undefined)
        return 'the metadata has values that are not strings or octets, or is too long'
    }
    return undefined
  }

  addChild(cancel: (reason: unknown) => void): () => void {
    const children = (this.#children ??= new Set())
    children.add(cancel)
    return () => children.delete(cancel)
  }

  /** The caller gave up. */
  cancel(byDeadline: boolean): void {
    this.abort(byDeadline ? deadlineExceeded() : cancelled(undefined))
  }

  /**
   * Tells the handler to stop: its signal aborts, the calls it made are cancelled, its streams end. The call
   * itself ends when the handler has.
   */
  abort(reason: RpcError): void {
    if (this.#ended || this.#abortReason !== undefined) return
    this.#abortReason = reason
    this.#controller?.abort(reason)
    if (this.#children !== undefined) for (const cancelChild of [...this.#children]) cancelChild(reason)
    if (this.inputs !== undefined) for (const input of this.inputs.values()) input.end(reason)
    // The handler may take its time, or never end.
    this.#timer?.cancel()
    const { producer } = this
    if (producer !== undefined) void producer.stop().then(() => this.fail(reason))
  }

  /** The call is refused before its handler runs. */
  discard(): void {
    this.#ended = true
    this.#timer?.cancel()
  }

  // The answer

  /** The value of a unary call. */
  succeed(value: unknown): void {
    if (this.#ended) return
    if (this.#abortReason !== undefined) {
      this.fail(this.#abortReason)
      return
    }
    this.#sendHead()
    try {
      this.#peer.sendResult([messageType.result, this.id, value])
    } catch (thrown) {
      this.fail(thrown)
      return
    }
    this.#end()
  }

  /** The call ends with an error made of whatever was thrown. */
  fail(thrown: unknown): void {
    if (this.#ended) return
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
    this.#sendHead()
    return this.#peer.sendValues([messageType.item, this.id, value])
  }

  end(): void {
    if (this.#ended) return
    this.#sendHead()
    this.#end()
    this.#peer.sendFinal([messageType.end, this.id])
  }

  #sendHead(): void {
    if (this.#headSent) return
    this.#headSent = true
    const metadata = this.#responseMetadata
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
    this.#timer?.cancel()
    if (this.inputs !== undefined) for (const input of this.inputs.values()) input.end(cancelled(undefined))
    this.#peer.dispatcher.ended(this.id)
  }
}
