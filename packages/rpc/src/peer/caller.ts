// The calls this side makes: gives each its id, sends it, and settles it exactly once, whatever happens.
import { metadataFromWire, metadataToWire, type CallOptions, type Metadata } from '../call-options.ts'
import { RpcError } from '../errors.ts'
import { messageType, type Message } from '../presentation/messages.ts'
import { errorFromWire } from '../presentation/wire-error.ts'
import type { MethodDescription } from '../service/description.ts'
import { iterateSource } from '../stream-source.ts'
import { currentCall } from './ambient-call.ts'
import { CallTable } from './call-table.ts'
import { Consumer } from './consumer.ts'
import type { Peer } from './peer.ts'
import {
  beginGuard,
  cancelled,
  CallGuard,
  deadlineExceeded,
  REASON_CANCELLED,
  type Pending,
} from './pending.ts'
import { InputChannel, takeInputs, type Inputs } from './input-channel.ts'
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
  readonly #queue: {
    readonly pending: Pending
    readonly octets: Uint8Array
    readonly inputs: Inputs | undefined
  }[] = []
  #nextRef = 0
  #nextId = 1
  /** Calls with a lower id were handed to the connection. */
  #sentBelow = 1

  constructor(peer: Peer) {
    this.#peer = peer
  }

  /** Calls that have not ended, waiting ones included. */
  get size(): number {
    return this.#pending.size + this.#queue.length
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
        reject(thrown)
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
    const waits = this.#pending.size >= peer.agreed.peerMaxConcurrentCalls
    if (waits) this.#enqueue(pending, peer.encode(message), inputs)
    else this.#send(pending, message)
    // The session may have ended while the call was encoded or handed to the connection.
    if (!waits && this.#pending.get(guard.id) === undefined) return
    const parent = currentCall()
    if (guard.deadline !== undefined || options.signal !== undefined || parent !== undefined) {
      guard.watch(peer.clock, options, parent, (error, reason) => this.cancel(pending, error, reason))
    }
    if (!waits && inputs !== undefined) this.#startInputs(guard, inputs)
  }

  #message(
    method: RemoteMethod,
    args: unknown[],
    inputs: Inputs | undefined,
    guard: CallGuard,
    options: CallOptions,
  ): unknown[] {
    const { signal, metadata } = options
    if (signal?.aborted === true || currentCall()?.aborted === true)
      throw cancelled(signal?.reason, 'not-started')
    let left: number | null = null
    if (guard.deadline !== undefined) {
      left = guard.deadline - this.#peer.clock.now()
      if (left <= 0) throw deadlineExceeded('not-started')
    }
    const ref = method.ref ?? this.#bind(method)
    guard.id = this.#newId()
    const message: unknown[] = [messageType.call, guard.id, ref, args]
    if (left !== null || metadata !== undefined || inputs !== undefined) {
      const { metadataLength } = this.#peer.limits
      const names = metadata === undefined ? null : metadataToWire(metadata, metadataLength)
      message.push([left, names, inputs === undefined ? null : inputs.map(([channel]) => channel)])
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
    const ref = this.#nextRef
    this.#peer.sendValues([messageType.bind, ref, method.service, method.description.name])
    this.#nextRef += 1
    method.ref = ref
    return ref
  }

  #enqueue(pending: Pending, octets: Uint8Array, inputs: Inputs | undefined): void {
    const { queuedCalls } = this.#peer.limits
    if (this.#queue.length >= queuedCalls) {
      throw new RpcError(
        'RESOURCE_EXHAUSTED',
        `${queuedCalls} calls already wait for the peer to take them`,
        {
          outcome: 'not-started',
        },
      )
    }
    this.#queue.push({ pending, octets, inputs })
  }

  #startInputs(guard: CallGuard, inputs: Inputs): void {
    guard.inputs = new Map()
    for (const [channel, source] of inputs) {
      const sink = new InputChannel(this.#peer, guard, channel)
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
    if (problem !== undefined) this.cancel(pending, unreadable(problem), REASON_CANCELLED)
    else if (!pending.item(value, length)) this.#peer.violation('the peer sent stream items without credit')
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
    if (this.#queue.length > 0) this.#startQueued()
    else if (this.#pending.size === 0) this.#peer.quieter()
    return pending
  }

  #startQueued(): void {
    const next = this.#queue.shift()
    if (next === undefined) return
    const { guard } = next.pending
    this.#pending.set(guard.id, next.pending)
    this.#peer.sendQueued(next.octets, guard.timeLeft(this.#peer.clock))
    if (next.inputs !== undefined && this.#pending.get(guard.id) !== undefined)
      this.#startInputs(guard, next.inputs)
  }

  /** A message about a call that has ended is late and harmless; one about a call never made is a fault. */
  #assertIssued(id: number): void {
    if (id >= this.#nextId) this.#peer.violation('the peer answered a call that was never made')
  }
}

function unreadable(problem: string): RpcError {
  return new RpcError('INTERNAL', `the answer cannot be read here: ${problem}`, { outcome: 'unknown' })
}

class PendingUnary implements Pending {
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
    this.#reject(error)
  }

  item(): boolean {
    return false
  }

  end(): void {
    this.fail(
      new RpcError('INTERNAL', 'the peer answered a unary call with a stream', { outcome: 'unknown' }),
    )
  }
}

class PendingStream implements Pending {
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
    this.fail(
      new RpcError('INTERNAL', 'the peer answered a stream call with one value', { outcome: 'unknown' }),
    )
  }

  item(value: unknown, length: number): boolean {
    return this.consumer.receive(value, length)
  }

  end(): void {
    this.consumer.end()
  }

  fail(error: RpcError): void {
    this.consumer.end(error)
  }
}

const NOT_BEGUN = new CallGuard(undefined, undefined)

/** Stands for a call that its caller has given up and whose callee has not yet said that it is over. */
const ABANDONED: Pending = {
  guard: NOT_BEGUN,
  result: () => undefined,
  item: () => true,
  end: () => undefined,
  fail: () => undefined,
}
