// What a caller sees of a contract.
import type { Observable } from 'rxjs'
import type { RpcMethodNames, ServiceOf, Stub } from '../../../src/service/stub-type.ts'
import type { RemoteStream, Stream } from '../../../src/stream.ts'
import type { Equal, Expect } from '../expect.ts'
import { client, Shop, type Order } from './shop.ts'

type ShopStub = Stub<Shop>
const shop = client.stub(Shop)

type RpcNames = 'buy' | 'upload' | 'maybe' | 'pick' | 'prices' | 'iterable' | 'observable' | 'double'

export type StubTypes = [
  Expect<Equal<typeof shop, Stub<Shop>>>,
  Expect<Equal<Stub<typeof Shop>[RpcNames], ShopStub[RpcNames]>>,
  Expect<Equal<ServiceOf<typeof Shop>, Shop>>,
  // Properties, other methods and what is not public vanish.
  Expect<Equal<keyof ShopStub, RpcNames>>,
  Expect<Equal<RpcMethodNames<Shop>, RpcNames>>,
  // A Promise stays a Promise, a stream of any make becomes a RemoteStream.
  Expect<Equal<ShopStub['buy'], (sku: string, n?: number) => Promise<Order>>>,
  Expect<Equal<ShopStub['prices'], (sku: string) => RemoteStream<number>>>,
  Expect<Equal<ShopStub['iterable'], () => RemoteStream<Order>>>,
  Expect<Equal<ShopStub['observable'], () => RemoteStream<Order>>>,
  // Where the contract takes a Stream, the caller gives what has its values.
  Expect<Equal<Parameters<ShopStub['double']>, [numbers: AsyncIterable<number> | Observable<number>]>>,
  Expect<
    Equal<
      Parameters<ShopStub['upload']>,
      [name: string, chunks: AsyncIterable<Uint8Array> | Observable<Uint8Array>, ...marks: number[]]
    >
  >,
  Expect<
    Equal<
      Parameters<ShopStub['maybe']>,
      [
        chunks: AsyncIterable<string> | Observable<string> | undefined,
        also?: AsyncIterable<string> | Observable<string> | undefined,
      ]
    >
  >,
  // A method with type parameters keeps them.
  Expect<Equal<ShopStub['pick'], Shop['pick']>>,
]

declare const numbers: Observable<number>
declare const octets: AsyncGenerator<Uint8Array>
declare const words: AsyncGenerator<string>

export async function calls(): Promise<void> {
  const order = await shop.buy('a-1')
  order.sku.toUpperCase()
  const picked: number = await shop.pick({ n: 1 }, 'n')
  for await (const price of shop.prices('a-1')) price.toFixed(picked)
  shop.prices('a-1').observable.subscribe((price) => price.toFixed())
  await shop.upload('name', octets, 1, 2)
  for await (const price of shop.double(numbers)) price.toFixed()
  for await (const price of shop.double(shop.prices('a-1'))) price.toFixed()

  // @ts-expect-error: the first argument is a string
  await shop.buy(1)
  // @ts-expect-error: an argument too many
  await shop.buy('a-1', 1, 2)
  // @ts-expect-error: a stream of strings is none of numbers
  shop.double(words)
  // @ts-expect-error: an array is not a stream
  shop.double([1, 2])
  // @ts-expect-error: a stream's items are numbers
  for await (const price of shop.prices('a-1')) void price.toUpperCase
  // @ts-expect-error: a stream is no promise
  void shop.prices('a-1').then
  // @ts-expect-error: not a method that is called over the wire
  void shop.count
  // @ts-expect-error: a property
  void shop.opened
  // @ts-expect-error: protected
  void shop.restock
  // @ts-expect-error: a stub is not changed
  shop.buy = async () => order
}

// A stub is what a caller needs: a test double is an object of the same type.
export const double: Pick<Stub<Shop>, 'buy'> = { buy: async (sku) => ({ sku }) }

// What receives a stream may pass it on as one.
export function passOn(stream: RemoteStream<number>): Stream<number> {
  return stream
}
