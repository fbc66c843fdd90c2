// The stream types of the public API. A contract writes Stream<T>; whoever receives one gets a
// RemoteStream<T>.
import type { Observable } from 'rxjs'

/**
 * Many values over time, in a contract: as a result or as an argument. An async generator, an AsyncIterable
 * and a Node or web readable stream are Streams as they are; `streamOf(observable)` makes one of an rxjs
 * Observable.
 */
export interface Stream<T> extends AsyncIterable<T> {
  /** The same values as an rxjs Observable; present on every stream that Parley hands out. */
  readonly observable?: Observable<T> | undefined
}

/** A stream that comes from the other side: iterate it or subscribe to it, once. */
export interface RemoteStream<T> extends AsyncIterable<T> {
  /**
   * The same values as an rxjs Observable. Subscribing consumes the stream; unsubscribing cancels it on the
   * wire.
   */
  readonly observable: Observable<T>
}
