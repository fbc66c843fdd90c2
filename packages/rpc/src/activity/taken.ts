// How many items of an activity its consumer has been given, and how many it is done with: it is done with
// one when it asks for the next. So whoever keeps the position while it works on an item loses none.
import { Observable } from '../rx.ts'
import { rpcLimits } from '../limits.ts'
import type { Consumer } from '../peer/consumer.ts'

/** See the head of this file. */
export class Taken {
  /** Items that were given, the one that is worked on included. */
  given = 0
  /** Items that are done with. */
  done = 0
  /** Octets of items that the other side does not know to be done with, and of the last one. */
  #untold = 0
  #last = 0
  readonly #consumer: Consumer<unknown>
  readonly #onDone: () => void

  constructor(consumer: Consumer<unknown>, onDone: () => void) {
    this.#consumer = consumer
    this.#onDone = onDone
  }

  /** An item has come, of that many octets. */
  came(length: number): void {
    this.#last = length
    this.#untold += length
  }

  /** The other side is told what is done with: all there is, or the last item may be worked on still. */
  told(isAll: boolean): void {
    this.#untold = isAll ? 0 : this.#last
  }

  /** True when the consumer waits for more, and the other side keeps much that is done with. */
  get isUntold(): boolean {
    return this.#untold > rpcLimits.batchLength && this.given === this.#consumer.received
  }

  iterate(): AsyncIterator<unknown> {
    const iterator = this.#consumer[Symbol.asyncIterator]()
    return {
      next: async () => {
        this.#allDone()
        const result = await iterator.next()
        if (result.done !== true) this.given += 1
        return result
      },
      return: () => iterator.return(),
      throw: (error) => iterator.throw(error),
    }
  }

  get observable(): Observable<unknown> {
    return new Observable((subscriber) =>
      this.#consumer.observable.subscribe({
        next: (value) => {
          this.given += 1
          subscriber.next(value)
          this.#allDone()
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    )
  }

  #allDone(): void {
    if (this.done === this.given) return
    this.done = this.given
    this.#onDone()
  }
}
