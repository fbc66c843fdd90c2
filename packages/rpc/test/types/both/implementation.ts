// What implements a contract, as a class.
import { of, type Observable } from 'rxjs'
import { service, stream, unary } from '../../../src/service/decorators.ts'
import { implementationOf } from '../../../src/service/implementation.ts'
import type { Stream } from '../../../src/stream.ts'
import { client, Shop, type Order } from './shop.ts'

export class ShopService extends Shop {
  override async buy(sku: string): Promise<Order> {
    return { sku }
  }
  override async upload(name: string, chunks: Stream<Uint8Array>): Promise<number> {
    let length = name.length
    for await (const chunk of chunks) length += chunk.byteLength
    chunks.observable?.subscribe((chunk) => chunk.byteLength)
    return length
  }
  override async *prices(sku: string) {
    yield sku.length
  }
  override async *iterable(): AsyncGenerator<Order> {
    yield { sku: 'a-1' }
  }
  override double(numbers: Stream<number>): Stream<number> {
    return numbers
  }
}

export class WrongShop extends Shop {
  // @ts-expect-error: the contract says Order
  override async buy(): Promise<number> {
    return 1
  }
  // @ts-expect-error: the contract says a stream of numbers
  override async *prices(): AsyncGenerator<string> {
    yield 'text'
  }
  // @ts-expect-error: the contract says a stream
  override async double(): Promise<number> {
    return 1
  }
}

@service('clock')
export class ClockService {
  @unary() async now(): Promise<number> {
    return 0
  }
  @stream() async *ticks(every: number) {
    yield every
  }
  @stream() observe(): Observable<number> {
    return of(1, 2)
  }
}

implementationOf(new ShopService())
implementationOf(new ClockService())
// @ts-expect-error: a class, not an instance
implementationOf(ShopService)
// @ts-expect-error: not an object
implementationOf('shop.v1')

// A single class is a contract too.
export async function useClock(): Promise<void> {
  for await (const tick of client.stub(ClockService).ticks(5)) tick.toFixed()
  // @ts-expect-error: nothing that is a contract
  client.stub({})
  // @ts-expect-error: an instance is no contract
  client.stub(new ClockService())
}
