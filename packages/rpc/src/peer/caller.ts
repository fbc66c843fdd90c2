// The calls this side makes: gives each its id, sends it, and settles it exactly once, whatever happens.
import { metadataFromWire, metadataToWire, type CallOptions, type Metadata } from '../call-options.ts'
import { RpcError } from '../errors.ts'
import { rpcLimits } from '../limits.ts'
import { messageType, type Message } from '../presentation/messages.ts'
import { errorFromWire } from '../presentation/wire-error.ts'
import type { MethodDescription } from '../service/description.ts'
import { iterateSource } from '../stream-source.ts'
import { currentCall } from './ambient-call.ts'
import { CallTable } from './call-table.ts'
import type { Consumer } from './consumer.ts'
import type { Peer } from './peer.ts'
import {
  beginGuard,
  cancelled,
  deadlineExceeded,
  REASON_CANCELLED,
  type CallGuard,
  type CallRequest,
  type Pending,
} from './pending.ts'
import { InputChannel, sourceErrors, takeInputs, type Inputs } from './input-channel.ts'
import { ofCallHere } from './nested.ts'
import { ABANDONED, PendingStream, PendingUnary } from './pending-calls.ts'
import { Producer } from './producer.ts'

/** A method of the peer's, as one session knows it. */
export interface RemoteMethod {
  readonly service: string
  readonly description: MethodDescription
  /** Its number in this session; undefined until it is bound by the first call. */
  ref: number | undefined
}

/** The calling half of a {@link Peer}. */
export class Caller {
  readonly #peer: Peer
  readonly #pending = new CallTable<Pending>()
  /** Calls beyond the peer's limit, encoded, in order. */
  readonly #queue: QueuedCall[] = []
  /** The methods that have a number, by it. */
  readonly #bound: RemoteMethod[] = []
  #nextId = 1
  /** Calls with a lower id were handed to the connection. */
  #sentBelow = 1
  /** Calls that have ended since the peer was told which it can forget. */
  #untold = 0

  constructor(peer: Peer) {
    this.#peer = peer
  }

  /** Calls that have not ended, waiting ones included. */
  get size(): number {
    return this.#pending.size + this.#queue.length
  }

  /** Those of them that wait. */
  get queued(): number {
    return this.#queue.length
  }

  /** Makes a unary call. The promise settles on every path; it rejects with an RpcError only. */
  unary(method: RemoteMethod, args: unknown[], options: CallOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
      try {
        this.start(
          new PendingUnary(beginGuard(this.#peer.clock, method.description, options), resolve, reject),
          method,
          args,
          options,
        )
      } catch (thrown) {
        reject(ofCallHere(thrown))
      }
    })
  }

  /** Makes a call whose result is a stream. It is sent when the stream is first read. */
  stream(method: RemoteMethod, args: unknown[], options: CallOptions): Consumer<unknown> {
    return new PendingStream(this, this.#peer, method, args, options).consumer
  }

  /**
   * Sends a call. Throws an RpcError when it cannot even begin; then nothing was
   * sent and `pending` is not called.
   */
  start(pending: Pending, method: RemoteMethod, args: unknown[], options: CallOptions): void {
    const { guard } = pending
    const peer = this.#peer
    peer.assertOpen()
    const inputs = takeInputs(args)
    const message = this.#message(method, args, inputs, guard, options)
    const waits = this.#queue.length > 0 || this.#full || !peer.writable
    if (inputs === undefined && method.description.kind === 'unary') guard.request = { method, message }
    if (waits) this.#enqueue({ pending, octets: peer.encode(message), inputs, method, ref: method.ref })
    else this.#send(pending, message)
    // The session may have ended while the call was encoded or handed to the connection.
    if (!waits && this.#pending.get(guard.id) === undefined) return
    const parent = currentCall()
    if (guard.deadline !== undefined || options.signal !== undefined || parent !== undefined) {
      guard.watch(peer.clock, options, parent, (error, reason) => this.cancel(pending, error, reason))
    }
    if (!waits && inputs !== undefined) this.#startInputs(guard, inputs, method)
  }

  #message(
    method: RemoteMethod,
    args: unknown[],
    inputs: Inputs | undefined,
    guard: CallGuard,
    options: CallOptions,
  ): unknown[] {
    const { signal, metadata, key } = options
    if (signal?.aborted === true || currentCall()?.aborted === true)
      throw cancelled(signal?.reason, 'not-started')
    if (key !== undefined && (inputs !== undefined || method.description.kind !== 'unary'))
      throw keyOfStream()
    let left: number | null = null
    if (guard.deadline !== undefined) {
      left = guard.deadline - this.#peer.clock.now()
      if (left <= 0) throw deadlineExceeded('not-started')
    }
    const ref = method.ref ?? this.#bind(method)
    guard.id = this.#newId()
    const message: unknown[] = [messageType.call, guard.id, ref, args]
    if (left !== null || metadata !== undefined || inputs !== undefined || key !== undefined) {
      const { metadataLength } = this.#peer.limits
      const names = metadata === undefined ? null : metadataToWire(metadata, metadataLength)
      message.push([left, names, inputs === undefined ? null : inputs.map(([channel]) => channel)])
      if (key !== undefined) (message[4] as unknown[]).push(key)
    }
    return message
  }

  #send(pending: Pending, message: Message): void {
    const { id } = pending.guard
    // On the books first: the connection may end while the call is being handed to it.
    this.#pending.set(id, pending)
    try {
      this.#peer.sendCall(message)
    } catch (thrown) {
      this.#pending.delete(id)
      // Getters among the arguments may have made calls, which wait for this one.
      this.#startQueued()
      throw thrown
    }
  }

  #newId(): number {
    // Ids are never used twice; a session that ran out of them (after 2^53 calls) must end.
    if (this.#nextId >= Number.MAX_SAFE_INTEGER) this.#peer.violation('this session has no call ids left')
    return this.#nextId++
  }

  #bind(method: RemoteMethod): number {
    const ref = this.#bound.length
    this.#peer.sendValues([messageType.bind, ref, method.service, method.description.name])
    this.#bound.push(method)
    method.ref = ref
    return ref
  }

  #enqueue(call: QueuedCall): void {
    const { queuedCalls } = this.#peer.limits
    if (this.#queue.length >= queuedCalls) {
      const text = `${queuedCalls} calls already wait for the peer to take them`
      throw new RpcError('RESOURCE_EXHAUSTED', text, { outcome: 'not-started' })
    }
    this.#queue.push(call)
  }

  #startInputs(guard: CallGuard, inputs: Inputs, method: RemoteMethod): void {
    guard.inputs = new Map()
    const told = sourceErrors(this.#peer.errorPolicy, method)
    for (const [channel, source] of inputs) {
      const sink = new InputChannel(this.#peer, guard, channel, told)
      try {
        const iterator = iterateSource(source)
        if (iterator === undefined) throw new TypeError('not a stream')
        const producer = new Producer(sink, iterator, this.#peer.agreed.peerWindow, currentCall())
        guard.inputs.set(channel, producer)
        producer.start()
      } catch (thrown) {
        sink.fail(thrown)
      }
    }
  }

  /** Gives up a call from this side: it ends with `error` now, the callee is told. */
  cancel(pending: Pending, error: RpcError, reason: number): void {
    const { id } = pending.guard
    const queued = this.#queue.findIndex((entry) => entry.pending === pending)
    if (queued >= 0) {
      this.#queue.splice(queued, 1)
      this.#settle(
        pending,
        new RpcError(error.code, error.message, { outcome: 'not-started', cause: error.cause }),
      )
      return
    }
    if (this.#pending.get(id) !== pending) return
    // The callee's slot is taken until it says the call has ended, so the id stays.
    this.#pending.set(id, ABANDONED)
    this.#peer.sendControl([messageType.cancel, id, reason])
    this.#settle(pending, error)
  }

  #settle(pending: Pending, error: RpcError): void {
    pending.guard.release()
    pending.fail(error)
  }

  /** The connection has room again. */
  drained(): void {
    this.#startQueued()
  }

  /** The outbox has been handed to the connection. */
  flushed(): void {
    this.#sentBelow = this.#nextId
  }

  result(id: number, value: unknown, problem: string | undefined): void {
    const pending = this.#final(id)
    if (pending === undefined) return
    if (problem === undefined) pending.result(value)
    else pending.fail(unreadable(problem))
  }

  error(id: number, wire: readonly unknown[]): void {
    this.#final(id)?.fail(errorFromWire(wire))
  }

  end(id: number): void {
    this.#final(id)?.end()
  }

  item(id: number, value: unknown, length: number, problem: string | undefined): void {
    const pending = this.#pending.get(id)
    if (pending === undefined) {
      this.#assertIssued(id)
      return
    }
    const taken = problem === undefined ? pending.item(value, length) : unreadable(problem)
    if (taken === false) this.#peer.violation('the peer sent stream items without credit')
    else if (taken !== true) this.cancel(pending, taken, REASON_CANCELLED)
  }

  head(id: number, record: object): void {
    const metadata = metadataFromWire(record, this.#peer.limits.metadataLength)
    if (metadata === undefined) this.#peer.violation('the peer sent metadata that is none')
    else this.#tellMetadata(this.#pending.get(id), metadata)
  }

  /** What the application's callback throws ends its call, not the session. */
  #tellMetadata(pending: Pending | undefined, metadata: Metadata): void {
    try {
      pending?.guard.onMetadata?.(metadata)
    } catch (thrown) {
      if (pending !== undefined)
        this.cancel(pending, RpcError.from(thrown, 'ABORTED', 'unknown'), REASON_CANCELLED)
    }
  }

  inputCredit(id: number, channel: number, octets: number): void {
    this.#pending.get(id)?.guard.inputs?.get(channel)?.grant(octets)
  }

  inputCancel(id: number, channel: number): void {
    const inputs = this.#pending.get(id)?.guard.inputs
    void inputs?.get(channel)?.stop()
    inputs?.delete(channel)
  }

  /** The session is over: every call ends. Those never handed to the connection cannot have started. */
  lost(why: string): void {
    for (const [id, pending] of this.#pending.entries()) {
      this.#pending.delete(id)
      const outcome = id < this.#sentBelow ? 'unknown' : 'not-started'
      this.#settle(pending, new RpcError('UNAVAILABLE', why, { outcome }))
    }
    for (const { pending } of this.#queue.splice(0)) {
      this.#settle(pending, new RpcError('UNAVAILABLE', why, { outcome: 'not-started' }))
    }
  }

  /** Takes a call off the books because its last message has come. */
  #final(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    if (pending === undefined) {
      this.#assertIssued(id)
      return undefined
    }
    this.#pending.delete(id)
    pending.guard.release()
    this.#startQueued()
    if (this.#pending.size === 0) this.#peer.quieter()
    if (this.#peer.agreed.peerIsDurable && ++this.#untold >= rpcLimits.settledCalls) this.#tellSettled()
    return pending
  }

  /** True when a call has to wait until another one has ended, or the session has moved. */
  get #full(): boolean {
    return this.#pending.size >= this.#peer.agreed.peerMaxConcurrentCalls || this.#peer.moving
  }

  #startQueued(): void {
    while (this.#queue.length > 0 && !this.#full && this.#peer.writable) {
      const { pending, method, octets, ref, inputs } = this.#queue.shift() as QueuedCall
      const { guard } = pending
      this.#pending.set(guard.id, pending)
      const bound = method.ref ?? this.#bind(method)
      this.#peer.sendQueued(octets, bound === ref ? undefined : bound, guard.timeLeft(this.#peer.clock))
      if (inputs !== undefined && this.#pending.get(guard.id) !== undefined)
        this.#startInputs(guard, inputs, method)
    }
  }

  /** Outcomes that this side has had need not be kept any longer. */
  #tellSettled(): void {
    this.#untold = 0
    // Of streams nothing is recorded, and they may go on for ever.
    const lowest = this.#pending.lowest((pending) => pending === ABANDONED || pending instanceof PendingUnary)
    const waiting = this.#queue[0]?.pending.guard.id
    this.#peer.sendControl([messageType.settled, lowest ?? waiting ?? this.#nextId])
  }

  /**
   * Another server, or the same one after a restart, has the session now, and knows of no call but by what
   * was recorded. Unary calls are asked again, and it decides by that whether they run; streams cannot go on.
   */
  renewed(): void {
    for (const method of this.#bound.splice(0)) method.ref = undefined
    const lost: [id: number, pending: Pending][] = []
    for (const [id, pending] of this.#pending.entries()) {
      const { request } = pending.guard
      if (pending !== ABANDONED && request !== undefined) {
        this.#askAgain(pending, request)
        continue
      }
      this.#pending.delete(id)
      if (pending !== ABANDONED) lost.push([id, pending])
    }
    // What these lead to comes after what was asked before.
    for (const [id, pending] of lost) {
      const outcome = id < this.#sentBelow ? 'unknown' : 'not-started'
      this.#settle(pending, new RpcError('UNAVAILABLE', STREAM_LOST, { outcome }))
    }
    this.#startQueued()
  }

  #askAgain(pending: Pending, { method, message }: CallRequest): void {
    const [type, id, , args, options] = message
    const [, metadata, , key] = (options ?? []) as unknown[]
    const ref = method.ref ?? this.#bind(method)
    const left = pending.guard.timeLeft(this.#peer.clock) ?? null
    try {
      this.#peer.sendCall([
        type,
        id,
        ref,
        args,
        [left, metadata, null, key, pending.guard.id < this.#sentBelow],
      ])
    } catch (thrown) {
      this.#pending.delete(pending.guard.id)
      const { code, message } = RpcError.from(thrown, 'INVALID_ARGUMENT', 'unknown')
      this.#settle(pending, new RpcError(code, message, { outcome: 'unknown', cause: thrown }))
    }
  }

  /** A message about a call that has ended is late and harmless; one about a call never made is a fault. */
  #assertIssued(id: number): void {
    if (id >= this.#nextId) this.#peer.violation('the peer answered a call that was never made')
  }
}

/** A call beyond the peer's limit, encoded. */
interface QueuedCall {
  readonly pending: Pending
  readonly octets: Uint8Array
  readonly inputs: Inputs | undefined
  readonly method: RemoteMethod
  /** The number of the method when the call was encoded. */
  readonly ref: number | undefined
}

const STREAM_LOST = 'the server that answered the stream is gone'

function keyOfStream(): RpcError {
  return new RpcError('INVALID_ARGUMENT', 'a key is for calls without streams', { outcome: 'not-started' })
}

function unreadable(problem: string): RpcError {
  return new RpcError('INTERNAL', `the answer cannot be read here: ${problem}`, { outcome: 'unknown' })
}
