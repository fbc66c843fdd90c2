// The service that the tests of the peer call.
import { call, remote, service, stream, unary, type Stream } from '@parley/rpc'

export interface Order {
  sku: string
  n: number
}

@service('shop.v1')
export abstract class Shop {
  @unary() buy(sku: string, n: number): Promise<Order> {
    return remote(sku, n)
  }
  @unary() echo(value: unknown): Promise<unknown> {
    return remote(value)
  }
  @stream() count(to: number): Stream<number> {
    return remote(to)
  }
  @unary() sum(numbers: Stream<number>): Promise<number> {
    return remote(numbers)
  }
  @stream() double(numbers: Stream<number>): Stream<number> {
    return remote(numbers)
  }
  @unary() missing(): Promise<void> {
    return remote()
  }
}

/** Implements most of {@link Shop}; `missing` is left out on purpose. */
export class ShopService extends Shop {
  /** How many items `count` has made, over all calls. */
  counted = 0
  /** How often a stream's source was ended early. */
  stopped = 0

  override async buy(sku: string, n: number): Promise<Order> {
    return { sku, n }
  }

  override async echo(value: unknown): Promise<unknown> {
    const { metadata, responseMetadata } = call()
    for (const [name, text] of metadata) responseMetadata.set(`echo-${name}`, text)
    return value
  }

  override async *count(to: number): AsyncGenerator<number> {
    try {
      for (let i = 0; i < to; i++) {
        this.counted += 1
        yield i
      }
    } finally {
      this.stopped += 1
    }
  }

  override async sum(numbers: Stream<number>): Promise<number> {
    let sum = 0
    for await (const n of numbers) sum += n
    return sum
  }

  override async *double(numbers: Stream<number>): AsyncGenerator<number> {
    for await (const n of numbers) yield n * 2
  }
}
