// A service with standard decorators, served and called over a session.
import { expect, it } from 'vitest'
import { pair } from '../peer/pair.ts'
import { Market, MarketService } from '../dialogue/haggle.ts'
import { Shop, ShopService } from '../peer/shop.ts'

it('is called as one with experimentalDecorators is', async () => {
  await using both = await pair([new ShopService()])
  const shop = both.client.stub(Shop)
  await expect(shop.buy('a-1', 2)).resolves.toEqual({ sku: 'a-1', n: 2 })
  const items: number[] = []
  for await (const item of shop.count(3)) items.push(item)
  expect(items).toEqual([0, 1, 2])
  await expect(shop.sum(shop.double(shop.count(4)))).resolves.toBe(12)
  await expect(shop.missing()).rejects.toMatchObject({ code: 'UNIMPLEMENTED', outcome: 'not-started' })
})

it('takes turns as one with experimentalDecorators does', async () => {
  await using both = await pair([new MarketService()])
  const talk = both.client.stub(Market).haggle(100)
  await expect(talk.next()).resolves.toEqual({ done: false, value: 100 })
  await expect(talk.next(50)).resolves.toEqual({ done: false, value: 90 })
  await expect(talk.rewind(0)).resolves.toEqual({ done: false, value: 100 })
  await expect(talk.next(100)).resolves.toMatchObject({ done: true, value: { price: 100 } })
})
