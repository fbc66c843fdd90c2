// The receiving end of a stream: a bounded queue that is an AsyncIterable and an rxjs
// Observable, for one consumer. Credit goes back to the producer as the consumer takes items, so
// an idle consumer stops the producer.
import type { Subscriber } from 'rxjs'
import { Observable } from '../rx.ts'
import { RpcError } from '../errors.ts'
import type { RemoteStream } from '../stream.ts'

/** What a consumer needs of the call it belongs to. */
export interface ConsumerChannel {
  /** The consumer has begun; called once, before the first item is wanted. */
  open(): void
  /** The consumer has taken items of that many octets since it last said so. */
  grant(octets: number): void
  /** The consumer wants no more; called at most once, and not after the stream's own end. */
  cancel(): void
}

/**
 * Counted for each item beside its own octets, so that a flood of tiny items is
 * bounded too. Both sides count so.
 */
export const ITEM_OVERHEAD = 64

/** One stream as its receiver sees it. */
export class Consumer<T> implements RemoteStream<T>, AsyncIterableIterator<T> {
  readonly #channel: ConsumerChannel
  readonly #window: number
  #allowance: number
  #owed = 0
  #taken = 0
  #claimed = false
  #opened = false
  #ended = false
  #error: RpcError | undefined
  #queue: T[] = []
  #costs: number[] = []
  #head = 0
  readonly #waiters: Waiter<T>[] = []
  #subscriber: Subscriber<T> | undefined

  /** `window` is the credit the producer starts with, in octets. */
  constructor(channel: ConsumerChannel, window: number) {
    this.#channel = channel
    this.#window = window
    this.#allowance = window
  }

  /** Items that the consumer has taken. */
  get taken(): number {
    return this.#taken
  }

  /** Items that have come. */
  get received(): number {
    return this.#taken + this.#queue.length - this.#head
  }

  /** Octets of items that the producer may still send; below 0 when the last one was more than that. */
  get allowance(): number {
    return this.#allowance
  }

  /** True once the stream is over, or the consumer wants no more of it. */
  get ended(): boolean {
    return this.#ended
  }

  get observable(): Observable<T> {
    return new Observable<T>((subscriber) => this.#subscribe(subscriber))
  }

  [Symbol.asyncIterator](): this {
    this.#claim()
    return this
  }

  next(): Promise<IteratorResult<T, undefined>> {
    this.#open()
    if (this.#head < this.#queue.length) return Promise.resolve({ done: false, value: this.#take() })
    if (this.#ended) return this.#finish()
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }))
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#stop()
    return Promise.resolve(DONE)
  }

  throw(error: unknown): Promise<never> {
    this.#stop()
    return Promise.reject(error)
  }

  /** Takes an item from the wire. False when the producer had no credit for it. */
  receive(value: T, length: number): boolean {
    if (this.#ended) return true
    if (this.#allowance <= 0) return false
    const cost = length + ITEM_OVERHEAD
    this.#allowance -= cost
    if (this.#subscriber !== undefined) {
      this.#consumed(cost)
      this.#subscriber.next(value)
      return true
    }
    const waiter = this.#waiters.shift()
    if (waiter === undefined) {
      this.#queue.push(value)
      this.#costs.push(cost)
    } else {
      this.#consumed(cost)
      waiter.resolve({ done: false, value })
    }
    return true
  }

  /** The stream is over; with an error when it failed. What is queued is delivered first. Idempotent. */
  end(error?: RpcError): void {
    if (this.#ended) return
    this.#ended = true
    this.#error = error
    if (this.#subscriber !== undefined) this.#endSubscriber(this.#subscriber)
    for (const waiter of this.#waiters.splice(0)) this.#finish().then(waiter.resolve, waiter.reject)
  }

  #claim(): void {
    if (this.#claimed) throw secondConsumer()
    this.#claimed = true
  }

  #open(): void {
    if (this.#opened) return
    this.#opened = true
    this.#claimed = true
    if (!this.#ended) this.#channel.open()
  }

  #take(): T {
    const value = this.#queue[this.#head] as T
    const cost = this.#costs[this.#head] ?? 0
    this.#head += 1
    if (this.#head === this.#queue.length) {
      this.#queue = []
      this.#costs = []
      this.#head = 0
    } else if (this.#head >= COMPACT_AT) {
      this.#queue = this.#queue.slice(this.#head)
      this.#costs = this.#costs.slice(this.#head)
      this.#head = 0
    }
    this.#consumed(cost)
    return value
  }

  #consumed(cost: number): void {
    this.#taken += 1
    this.#owed += cost
    if (this.#owed < this.#window / 4 || this.#ended) return
    this.#allowance += this.#owed
    this.#channel.grant(this.#owed)
    this.#owed = 0
  }

  #finish(): Promise<IteratorResult<T, undefined>> {
    const error = this.#error
    if (error === undefined) return Promise.resolve(DONE)
    this.#error = undefined
    return Promise.reject(error)
  }

  #stop(): void {
    this.#queue = []
    this.#costs = []
    this.#head = 0
    if (this.#ended) return
    this.end()
    if (this.#opened) this.#channel.cancel()
    this.#opened = true
  }

  #subscribe(subscriber: Subscriber<T>): (() => void) | undefined {
    if (this.#claimed) {
      subscriber.error(secondConsumer())
      return undefined
    }
    this.#claim()
    this.#open()
    while (this.#head < this.#queue.length && !subscriber.closed) subscriber.next(this.#take())
    this.#subscriber = subscriber
    if (this.#ended) this.#endSubscriber(subscriber)
    return () => this.#stop()
  }

  #endSubscriber(subscriber: Subscriber<T>): void {
    if (this.#error === undefined) subscriber.complete()
    else subscriber.error(this.#error)
  }
}

interface Waiter<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void
  readonly reject: (error: unknown) => void
}

const DONE: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined })
/** Taken items are dropped from the queue's front in runs of this many. */
const COMPACT_AT = 1024

function secondConsumer(): RpcError {
  return new RpcError(
    'FAILED_PRECONDITION',
    'this stream already has a consumer; a stream can be read once',
    {
      outcome: 'unknown',
    },
  )
}
