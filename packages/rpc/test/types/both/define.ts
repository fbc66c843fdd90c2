// Contracts and implementations without decorators.
import { of, type Observable } from 'rxjs'
import type { DefinedContract } from '../../../src/service/contract.ts'
import { stream, unary } from '../../../src/service/decorators.ts'
import { defineService, implement } from '../../../src/service/define.ts'
import { implementationOf } from '../../../src/service/implementation.ts'
import type { Handlers, Stub } from '../../../src/service/stub-type.ts'
import type { RemoteStream, Stream } from '../../../src/stream.ts'
import type { Equal, Expect } from '../expect.ts'
import { client, Shop, type Order } from './shop.ts'

const Till = defineService('till.v1', {
  buy: unary<(sku: string, n: number) => Promise<Order>>({ timeout: 100 }),
  prices: stream<(sku: string) => Stream<number>>(),
  upload: unary<(name: string, chunks: Stream<Uint8Array>) => Promise<number>>(),
})

interface TillMethods {
  readonly buy: (sku: string, n: number) => Promise<Order>
  readonly prices: (sku: string) => Stream<number>
  readonly upload: (name: string, chunks: Stream<Uint8Array>) => Promise<number>
}

const till = client.stub(Till)

export type DefinedTypes = [
  Expect<typeof Till extends DefinedContract<TillMethods> ? true : false>,
  Expect<Equal<keyof typeof till, 'buy' | 'prices' | 'upload'>>,
  Expect<Equal<(typeof till)['buy'], (sku: string, n: number) => Promise<Order>>>,
  Expect<Equal<(typeof till)['prices'], (sku: string) => RemoteStream<number>>>,
  Expect<
    Equal<
      Parameters<Stub<typeof Till>['upload']>,
      [name: string, chunks: AsyncIterable<Uint8Array> | Observable<Uint8Array>]
    >
  >,
  Expect<
    Equal<Parameters<Handlers<TillMethods>['upload']>, [name: string, chunks: RemoteStream<Uint8Array>]>
  >,
]

implementationOf(
  implement(Till, {
    buy: async (sku, n) => ({ sku: sku.repeat(n) }),
    prices: async function* (sku) {
      yield sku.length
    },
    async upload(name, chunks) {
      let length = name.length
      for await (const chunk of chunks) length += chunk.byteLength
      chunks.observable.subscribe((chunk) => chunk.byteLength)
      return length
    },
  }),
)
implement(Till, { buy: (sku) => ({ sku }), prices: () => of(1, 2), upload: () => 1 })
implement(Till, { buy: (sku) => ({ sku }), prices: (sku) => [sku.length], upload: async () => 1 })

class TillOfClass {
  async buy(sku: string): Promise<Order> {
    return { sku }
  }
  async *prices(): AsyncGenerator<number> {
    yield 1
  }
  async upload(): Promise<number> {
    return 1
  }
}
implement(Till, new TillOfClass())

declare const shopHandlers: Handlers<Shop>
implement(Shop, shopHandlers)

const { buy, prices, upload } = new TillOfClass()
// @ts-expect-error: upload is missing
implement(Till, { buy, prices })
// @ts-expect-error: no such method
implement(Till, { buy, prices, upload, refund: async () => undefined })
// @ts-expect-error: buy gives an Order
implement(Till, { buy: async () => 1, prices, upload })
// @ts-expect-error: prices gives a stream
implement(Till, { buy, prices: async () => 1, upload })
// @ts-expect-error: prices gives numbers
implement(Till, { buy, prices: () => ['text'], upload })
// @ts-expect-error: the first argument is a string
implement(Till, { buy: async (sku: number) => ({ sku: String(sku) }), prices, upload })

// @ts-expect-error: one value, and no Promise of it
unary<() => number>()
// @ts-expect-error: a stream
unary<() => Stream<number>>()
// @ts-expect-error: a Promise
stream<() => Promise<number>>()
// @ts-expect-error: a mark without the method's type
defineService('till.v1', { buy: unary() })
// @ts-expect-error: a sentence instead of a mark, since a Promise cannot carry a stream
defineService('till.v1', { buy: unary<() => Promise<Stream<number>>>() })
// @ts-expect-error: a sentence instead of a mark, since what arrives is no Observable
defineService('till.v1', { buy: unary<(values: Observable<number>) => Promise<void>>() })
// @ts-expect-error: a stub would be a promise
defineService('till.v1', { then: unary<() => Promise<void>>() })
// @ts-expect-error: no such option
unary<() => Promise<void>>({ timout: 1 })
