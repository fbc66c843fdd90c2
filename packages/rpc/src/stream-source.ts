// Anything that can be the source of a stream, as an iterator: AsyncIterables, iterables and rxjs
// Observables. An Observable cannot be told to wait, so what it emits beyond a bound ends the stream with an
// error.
import type { Subscription } from 'rxjs'
import { Observable } from './rx.ts'
import { RpcError } from './errors.ts'
import { rpcLimits } from './limits.ts'
import type { RemoteStream, Stream } from './stream.ts'

/** Makes a {@link Stream} of an rxjs Observable; it is subscribed to when the stream is first read. */
export function streamOf<T>(observable: Observable<T>): Stream<T> {
  return { observable, [Symbol.asyncIterator]: () => new ObservableIterator(observable) }
}

/**
 * The iterator over `value`, or undefined when it is no stream source. May throw what the source's own code
 * throws.
 */
export function iterateSource(value: unknown): AsyncIterator<unknown> | Iterator<unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const source = value as Partial<AsyncIterable<unknown> & Iterable<unknown>>
  if (typeof source[Symbol.asyncIterator] === 'function')
    return (value as AsyncIterable<unknown>)[Symbol.asyncIterator]()
  if (isObservable(value)) return new ObservableIterator(value)
  if (typeof source[Symbol.iterator] === 'function') return (value as Iterable<unknown>)[Symbol.iterator]()
  return undefined
}

/**
 * A stream handle over any source, or over the promise of one. What already is one is returned as it is.
 * `stop` ends what the source reads from: a generator that waits there does not hear of its own end.
 */
export function remoteStreamOf(source: unknown, stop: () => void): RemoteStream<unknown> {
  if (isStreamArgument(source) && (source as { observable?: unknown }).observable instanceof Observable) {
    return source as RemoteStream<unknown>
  }
  // What it rejects with is told to whoever reads the stream, and to nobody where nobody does.
  if (source instanceof Promise) source.catch(() => undefined)
  const iterate = (): AsyncIterator<unknown> => {
    const iterator = source instanceof Promise ? later(source) : iterateSource(source)
    if (iterator === undefined)
      throw new TypeError('an interceptor of a stream method did not return a stream')
    return iterator as AsyncIterator<unknown>
  }
  return { observable: observableOf(iterate, stop), [Symbol.asyncIterator]: iterate }
}

async function* later(source: Promise<unknown>): AsyncGenerator {
  yield* remoteStreamOf(await source, () => undefined)
}

function observableOf(iterate: () => AsyncIterator<unknown>, stop: () => void): Observable<unknown> {
  return new Observable((subscriber) => {
    const iterator = iterate()
    const pump = async (): Promise<void> => {
      for (;;) {
        const result = await iterator.next()
        if (subscriber.closed) return
        if (result.done === true) break
        subscriber.next(result.value)
      }
      subscriber.complete()
    }
    pump().catch((error: unknown) => subscriber.error(error))
    const leave = async (): Promise<void> => {
      stop()
      await iterator.return?.()
    }
    // Nobody is left to hear that the clean-up failed.
    return () => void leave().catch(() => undefined)
  })
}

/**
 * True for what travels as a stream when it stands among a call's arguments: arrays, Maps and Sets do not.
 */
export function isStreamArgument(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Symbol.asyncIterator in value || isObservable(value)
}

function isObservable(value: object): value is Observable<unknown> {
  const candidate = value as Partial<Observable<unknown>>
  return typeof candidate.subscribe === 'function' && typeof candidate.pipe === 'function'
}

/** Reads an Observable one value at a time; what comes faster waits in a bounded queue. */
class ObservableIterator<T> implements AsyncIterator<T> {
  readonly #subscription: Subscription
  readonly #queue: T[] = []
  #ended = false
  #error: unknown
  #failed = false
  #waiter: { resolve(result: IteratorResult<T>): void; reject(error: unknown): void } | undefined

  constructor(observable: Observable<T>) {
    this.#subscription = observable.subscribe({
      next: (value) => this.#onValue(value),
      error: (error: unknown) => this.#onEnd(true, error),
      complete: () => this.#onEnd(false, undefined),
    })
    if (this.#ended) this.#subscription.unsubscribe()
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#queue.length > 0) return Promise.resolve({ done: false, value: this.#queue.shift() as T })
    if (this.#failed) return Promise.reject(this.#error)
    if (this.#ended) return Promise.resolve({ done: true, value: undefined })
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject }
    })
  }

  return(): Promise<IteratorResult<T>> {
    this.#queue.length = 0
    this.#onEnd(false, undefined)
    this.#subscription.unsubscribe()
    return Promise.resolve({ done: true, value: undefined })
  }

  #onValue(value: T): void {
    if (this.#ended) return
    const waiter = this.#waiter
    if (waiter !== undefined) {
      this.#waiter = undefined
      waiter.resolve({ done: false, value })
    } else if (this.#queue.length < rpcLimits.observableBuffer) {
      this.#queue.push(value)
    } else {
      this.#onEnd(true, overrun())
    }
  }

  #onEnd(failed: boolean, error: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#failed = failed
    this.#error = error
    // Undefined while the source is still inside its own subscribe: the constructor sees to that case.
    ;(this.#subscription as Subscription | undefined)?.unsubscribe()
    const waiter = this.#waiter
    this.#waiter = undefined
    if (waiter === undefined) return
    if (failed) waiter.reject(error)
    else waiter.resolve({ done: true, value: undefined })
  }
}

function overrun(): RpcError {
  return new RpcError(
    'RESOURCE_EXHAUSTED',
    `an Observable emitted more than ${rpcLimits.observableBuffer} values ahead of its consumer; ` +
      'use an async generator, which waits, or sample the Observable',
  )
}
