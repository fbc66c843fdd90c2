// The calls this side answers: finds the method, checks what was sent, runs the handler, and keeps the peer
// within its limits. The guard in front of every handler denies by default: what is not found is not run.
import { RpcError, type Outcome, type RpcErrorCode } from '../errors.ts'
import { rpcLimits } from '../limits.ts'
import { messageType } from '../presentation/messages.ts'
import { errorFromWire } from '../presentation/wire-error.ts'
import { iterateSource } from '../stream-source.ts'
import { ambientCall } from './ambient-call.ts'
import { argumentProblem } from './argument-check.ts'
import { CallTable } from './call-table.ts'
import { Consumer } from './consumer.ts'
import { IncomingCall } from './incoming-call.ts'
import type { Peer } from './peer.ts'
import { cancelled } from './pending.ts'
import { notAStream, Producer } from './producer.ts'
import type { Registry, ServedMethod } from './registry.ts'

/** The answering half of a {@link Peer}. */
export class Dispatcher {
  readonly #peer: Peer
  readonly #registry: Registry
  /** The peer's numbers for methods, and the error for those there are not. */
  #bound: (ServedMethod | RpcError)[] = []
  readonly #calls = new CallTable<IncomingCall>()
  /**
   * Calls that run when what was sent has left: their answers would only wait behind it. Made for the first.
   */
  #held: Set<IncomingCall> | undefined
  #lastId = 0

  constructor(peer: Peer, registry: Registry) {
    this.#peer = peer
    this.#registry = registry
  }

  /** Calls whose handlers have not ended. */
  get size(): number {
    return this.#calls.size
  }

  bind(ref: number, service: string, method: string): void {
    if (ref !== this.#bound.length || ref >= this.#peer.limits.boundMethods) {
      this.#peer.violation(`method number ${ref} is out of turn or above ${this.#peer.limits.boundMethods}`)
      return
    }
    const found = this.#registry.find(service, method) ?? this.#notFound(service, method)
    const kind = found instanceof RpcError ? undefined : found.description.kind
    const isOwn = kind === 'dialogue' || kind === 'activity'
    const bound = isOwn ? needsConnection(method, kind) : found
    // A list that grows by itself begins with room for many, in each idle session.
    if (ref < FEW_METHODS) this.#bound = this.#bound.concat(bound)
    else this.#bound.push(bound)
  }

  call(
    id: number,
    ref: number,
    args: unknown[],
    options: readonly unknown[] | undefined,
    problem?: string,
  ): void {
    if (id <= this.#lastId) {
      this.#peer.violation('a call id was used twice or out of turn')
      return
    }
    this.#lastId = id
    const served = this.#bound[ref]
    if (served === undefined) {
      this.#peer.violation(`a call of method number ${ref}, which was never bound`)
    } else if (served instanceof RpcError) {
      this.#reject(id, options, served.code, served.message)
    } else if (this.#peer.leavingWhy !== undefined) {
      this.#reject(id, options, 'UNAVAILABLE', `the other side is leaving: ${this.#peer.leavingWhy}`)
    } else if (this.#calls.size >= this.#peer.limits.concurrentCalls) {
      const text = `more than ${this.#peer.limits.concurrentCalls} calls at once`
      this.#reject(id, options, 'RESOURCE_EXHAUSTED', text)
    } else if (problem !== undefined) {
      this.#reject(id, options, 'INVALID_ARGUMENT', `the arguments cannot be read here: ${problem}`)
    } else {
      this.#admit(new IncomingCall(this.#peer, id, served, args), args, options)
    }
  }

  cancel(id: number, byDeadline: boolean): void {
    const incoming = this.#calls.get(id)
    incoming?.cancel(byDeadline)
    if (incoming !== undefined && this.#held?.delete(incoming) === true) incoming.fail(notStarted(incoming))
  }

  credit(id: number, octets: number): void {
    this.#calls.get(id)?.producer?.grant(octets)
  }

  input(id: number, channel: number, value: unknown, length: number, problem: string | undefined): void {
    const consumer = this.#calls.get(id)?.inputs?.get(channel)
    if (consumer === undefined) this.#assertSeen(id)
    else if (problem !== undefined)
      consumer.end(new RpcError('INVALID_ARGUMENT', `an item cannot be read: ${problem}`))
    else if (!consumer.receive(value, length))
      this.#peer.violation('the peer sent stream items without credit')
  }

  inputEnd(id: number, channel: number, error: readonly unknown[] | undefined): void {
    const consumer = this.#calls.get(id)?.inputs?.get(channel)
    if (consumer === undefined) this.#assertSeen(id)
    else consumer.end(error === undefined ? undefined : errorFromWire(error))
  }

  /** A call has been answered. */
  ended(id: number): void {
    this.#calls.delete(id)
    if (this.#calls.size === 0) this.#peer.quieter()
  }

  /** The session is over: every handler is told to stop. */
  lost(why: string): void {
    if (this.#calls.size === 0) return
    const reason = new RpcError('UNAVAILABLE', why, { outcome: 'unknown' })
    for (const [, incoming] of this.#calls.entries()) incoming.abort(reason)
  }

  #admit(incoming: IncomingCall, args: unknown[], options: readonly unknown[] | undefined): void {
    const wrong =
      (options === undefined ? undefined : this.#readOptions(incoming, args, options)) ??
      argumentProblem(incoming.served.description, args)
    if (wrong !== undefined) {
      incoming.discard()
      this.#reject(incoming.id, options, 'INVALID_ARGUMENT', wrong)
      return
    }
    this.#calls.set(incoming.id, incoming)
    if (this.#peer.writable) this.#run(incoming)
    else this.#held = (this.#held ?? new Set<IncomingCall>()).add(incoming)
  }

  /** There is room for answers again. */
  startHeld(): void {
    for (const incoming of this.#held ?? []) {
      if (!this.#peer.writable) return
      this.#held?.delete(incoming)
      if (incoming.aborted) incoming.fail(notStarted(incoming))
      else this.#run(incoming)
    }
  }

  #run(incoming: IncomingCall): void {
    const isUnary = incoming.served.description.kind === 'unary'
    const { durable } = this.#peer
    if (isUnary && durable !== undefined && !durable.isPlain(incoming)) {
      void durable.run(incoming, execute)
      return
    }
    let promise: Promise<unknown>
    try {
      const returned = ambientCall.run(incoming, run, incoming)
      // In here: a Proxy may throw on being asked what it is.
      promise = returned instanceof Promise ? returned : Promise.resolve(returned)
    } catch (thrown) {
      incoming.fail(thrown)
      return
    }
    if (isUnary) {
      promise.then(
        (value) => incoming.succeed(value),
        (thrown: unknown) => incoming.fail(thrown),
      )
    } else {
      promise.then(
        (source) => this.#produce(incoming, source),
        (thrown: unknown) => incoming.fail(thrown),
      )
    }
  }

  #readOptions(incoming: IncomingCall, args: unknown[], options: readonly unknown[]): string | undefined {
    const channels = options[2]
    if (channels !== null && channels !== undefined) {
      if (!Array.isArray(channels)) return 'the list of streams is not an array'
      if (channels.length > rpcLimits.streamArguments)
        return `more than ${rpcLimits.streamArguments} of them are streams`
      for (const channel of channels as unknown[]) {
        if (!isIndex(channel, args)) return 'a stream stands at no argument'
        if (incoming.inputs?.has(channel) === true) return 'two streams stand at one argument'
        args[channel] = this.#newInput(incoming, channel)
      }
    }
    return incoming.setOptions(options, this.#peer.clock)
  }

  #newInput(incoming: IncomingCall, channel: number): Consumer<unknown> {
    const peer = this.#peer
    const { id } = incoming
    const consumer = new Consumer<unknown>(
      {
        open: () => undefined,
        grant: (octets) => peer.sendControl([messageType.inputCredit, id, channel, octets]),
        cancel: () => peer.sendControl([messageType.inputCancel, id, channel]),
      },
      peer.agreed.window,
    )
    incoming.inputs ??= new Map()
    incoming.inputs.set(channel, consumer)
    return consumer
  }

  #produce(incoming: IncomingCall, source: unknown): void {
    let iterator: ReturnType<typeof iterateSource>
    try {
      iterator = ambientCall.run(incoming, iterateSource, source)
    } catch (thrown) {
      incoming.fail(thrown)
      return
    }
    if (iterator === undefined) {
      incoming.fail(notAStream(source))
      return
    }
    incoming.producer = new Producer(incoming, iterator, this.#peer.agreed.peerWindow, incoming)
    const { abortReason } = incoming
    if (abortReason === undefined) incoming.producer.start()
    else void incoming.producer.stop().then(() => incoming.fail(abortReason))
  }

  #reject(id: number, options: readonly unknown[] | undefined, code: RpcErrorCode, message: string): void {
    const outcome = outcomeUnstarted(options?.[4] === true)
    this.#peer.sendRejection(id, new RpcError(code, message, { outcome }))
  }

  #notFound(service: string, method: string): RpcError {
    const text = this.#registry.has(service)
      ? `the service "${printable(service)}" has no method "${printable(method)}"`
      : `there is no service "${printable(service)}" here`
    return new RpcError('NOT_FOUND', text, { outcome: 'not-started' })
  }

  /** Input for a call that has ended is late and harmless; for one that never began it is a fault. */
  #assertSeen(id: number): void {
    if (id > this.#lastId) this.#peer.violation('stream items came for a call that was never made')
  }
}

/** The error of a call that was given up before it ran. */
function notStarted({ abortReason, retry }: IncomingCall): RpcError {
  const { code, message } = abortReason ?? cancelled(undefined)
  return new RpcError(code, message, { outcome: outcomeUnstarted(retry) })
}

/** What is known of a call that is not run here: nothing, where another server may have run it. */
function outcomeUnstarted(retry: boolean): Outcome {
  return retry ? 'unknown' : 'not-started'
}

function needsConnection(method: string, kind: 'dialogue' | 'activity'): RpcError {
  const text = `"${printable(method)}" is called as ${kind}, on a session connection of its own`
  return new RpcError('FAILED_PRECONDITION', text, { outcome: 'not-started' })
}

async function execute(incoming: IncomingCall): Promise<unknown> {
  return ambientCall.run(incoming, run, incoming)
}

function run(incoming: IncomingCall): unknown {
  return incoming.served.run(incoming)
}

function isIndex(channel: unknown, args: readonly unknown[]): channel is number {
  return Number.isInteger(channel) && (channel as number) >= 0 && (channel as number) < args.length
}

/**
 * A name that the peer chose, fit for an error text: short and without control characters. A copy: a slice
 * would keep all of a long name in memory, as long as the session.
 */
function printable(name: string): string {
  return Array.from(name.slice(0, MAX_SHOWN_NAME))
    .join('')
    .replace(/[^\x20-\x7e]/g, '?')
}

const MAX_SHOWN_NAME = 64

/** Methods of which a session may well use fewer. */
const FEW_METHODS = 8
