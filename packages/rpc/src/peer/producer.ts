// The sending end of a stream: pulls items from their source while the consumer has given credit and the
// connection has room, and never otherwise.
import { RpcError } from '../errors.ts'
import { ambientCall, type AmbientCall } from './ambient-call.ts'
import { ITEM_OVERHEAD } from './consumer.ts'

/** What a producer needs of the call it belongs to. */
export interface ProducerChannel {
  /** False while the connection's send buffer is full. */
  readonly writable: boolean
  /** Calls `producer.wake()` once there is room again. */
  whenWritable(producer: Producer): void
  /** Sends one item and returns its message's length in octets; throws when the item cannot travel. */
  item(value: unknown): number
  /** The source is exhausted. */
  end(): void
  /** The source failed, or an item could not travel. */
  fail(thrown: unknown): void
}

/** Sends the items of one source. */
export class Producer {
  readonly #channel: ProducerChannel
  readonly #iterator: SourceIterator
  /** The call whose handler the source's code belongs to, if any. */
  readonly #call: AmbientCall | undefined
  #credit: number
  #pulling = false
  /** Pulled while there was room, and now there is none: others of the session have used it up. */
  #held: IteratorResult<unknown> | undefined
  #closed = false

  /** `credit` is the consumer's window in octets. Call {@link start} to begin. */
  constructor(
    channel: ProducerChannel,
    iterator: SourceIterator,
    credit: number,
    call: AmbientCall | undefined,
  ) {
    this.#channel = channel
    this.#iterator = iterator
    this.#credit = credit
    this.#call = call
  }

  start(): void {
    this.#enter()
  }

  /** The consumer has taken items of that many octets. */
  grant(octets: number): void {
    this.#credit += octets
    this.#enter()
  }

  /** The connection has room again. */
  wake(): void {
    this.#enter()
  }

  /** Stops without a word to the consumer; resolves when the source has ended its own work. Never rejects. */
  async stop(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    const leave = async (): Promise<unknown> => this.#iterator.return?.()
    try {
      await (this.#call === undefined ? leave() : ambientCall.run(this.#call, leave, undefined))
    } catch {
      // The consumer is gone: nobody is left to hear that the clean-up failed.
    }
  }

  /** Pulls as the call's own code would. What the promises of the pulls lead to stays within the call. */
  #enter(): void {
    if (this.#call === undefined) this.#pull()
    else ambientCall.run(this.#call, pull, this)
  }

  /** For {@link pull}. */
  pull(): void {
    this.#pull()
  }

  #pull(): void {
    const held = this.#held
    if (held !== undefined) {
      this.#held = undefined
      return this.#onNext(held)
    }
    if (this.#pulling || this.#closed || this.#credit <= 0) return
    if (!this.#channel.writable) {
      this.#channel.whenWritable(this)
      return
    }
    this.#pulling = true
    try {
      const next =
        this.#call === undefined || ambientCall.follows
          ? advance(this.#iterator)
          : ambientCall.run(this.#call, advance, this.#iterator)
      Promise.resolve(next).then(this.#onNext, this.#onThrown)
    } catch (thrown) {
      this.#onThrown(thrown)
    }
  }

  readonly #onNext = (result: IteratorResult<unknown>): void => {
    this.#pulling = false
    if (this.#closed) return
    try {
      // In here: what an iterator of the application gives may be no result at all.
      if (result.done === true) {
        this.#closed = true
        this.#channel.end()
        return
      }
      if (!this.#channel.writable) {
        this.#pulling = true
        this.#held = result
        this.#channel.whenWritable(this)
        return
      }
      this.#credit -= this.#channel.item(result.value) + ITEM_OVERHEAD
    } catch (thrown) {
      void this.stop()
      this.#channel.fail(thrown)
      return
    }
    this.#pull()
  }

  readonly #onThrown = (thrown: unknown): void => {
    this.#pulling = false
    if (this.#closed) return
    this.#closed = true
    this.#channel.fail(thrown)
  }
}

/** What the items of a source are pulled from. */
export type SourceIterator = AsyncIterator<unknown> | Iterator<unknown>

function pull(producer: Producer): void {
  producer.pull()
}

function advance(iterator: SourceIterator): Promise<IteratorResult<unknown>> | IteratorResult<unknown> {
  return iterator.next()
}

/** The error of a stream method that returned something else. */
export function notAStream(value: unknown): RpcError {
  const what = value === null ? 'null' : typeof value
  return new RpcError('INTERNAL', `a stream method returned ${what}, not an AsyncIterable or an Observable`)
}
