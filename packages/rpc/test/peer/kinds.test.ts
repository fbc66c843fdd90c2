// Two sides whose contracts do not agree about the kind of a method.
import { remote, service, stream, unary, type Stream } from '@parley/rpc'
import { expect, it } from 'vitest'
import { pair, rejection } from './pair.ts'
import { Shop, ShopService } from './shop.ts'

/** Another version of Shop, whose authors have changed their minds. */
@service('shop.v1')
abstract class OtherShop {
  @unary() count(to: number): Promise<number> {
    return remote(to)
  }
  @stream() buy(sku: string, n: number): Stream<string> {
    return remote(sku, n)
  }
}

it('costs the call, in words, and nothing else', async () => {
  await using both = await pair([new ShopService()])
  const other = both.client.stub(OtherShop)
  expect(await rejection(other.count(100_000))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    message: 'the method is a stream at the other side, and unary in the contract of this one',
  })
  expect(await rejection(other.buy('tea', 1)[Symbol.asyncIterator]().next())).toMatchObject({
    code: 'FAILED_PRECONDITION',
    message: 'the method is unary at the other side, and a stream in the contract of this one',
  })
  expect(await both.client.stub(Shop).echo('still there')).toBe('still there')
})
