// A stream of small objects over RSocket, from either end: the sender obeys request(n), the receiver grants
// it.
import type { Payload } from 'rsocket-core'
import { type Small, small } from '../../contender.ts'
import { credit, decode, encode } from './codec.ts'

interface Receiver {
  onNext(payload: Payload, isComplete: boolean): void
}

/** Sends items `from` to `count - 1` as the other side asks for them. */
export class ItemSender {
  readonly #count: number
  readonly #receiver: Receiver
  #next: number
  #granted = 0
  #sending = false
  cancelled = false

  constructor(from: number, count: number, receiver: Receiver) {
    this.#next = from
    this.#count = count
    this.#receiver = receiver
  }

  request(n: number): void {
    this.#granted += n
    if (this.#sending) return
    this.#sending = true
    while (this.#granted > 0 && this.#next < this.#count && !this.cancelled) {
      this.#granted--
      const item = encode(small(this.#next++))
      this.#receiver.onNext(item, this.#next === this.#count)
    }
    this.#sending = false
  }
}

/** Adds up the ids that come in, and asks for more when half of the credit is used. */
export class ItemSum {
  sum = 0
  #sinceRequest = 0

  add(payload: Payload, more: (n: number) => void): void {
    this.sum += (decode(payload) as Small).id
    if (++this.#sinceRequest === credit / 2) {
      this.#sinceRequest = 0
      more(credit / 2)
    }
  }
}
