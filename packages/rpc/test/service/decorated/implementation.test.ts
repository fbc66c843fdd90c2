// What is served: one function per method, looked up once and bound. Runs in both modes of the decorators.
import { describe, expect, it } from 'vitest'
import { service, stream, unary } from '../../../src/service/decorators.ts'
import { implementationOf, type Handler } from '../../../src/service/implementation.ts'
import { NotImplementedHere, remote } from '../../../src/service/remote.ts'
import type { Stream } from '../../../src/stream.ts'
import { problemOf } from '../problem-of.ts'

@service('shop.v1')
abstract class Shop {
  @unary() buy(sku: string, n: number): Promise<number> {
    return remote(sku, n)
  }
  @stream() prices(sku: string): Stream<number> {
    return remote(sku)
  }
  @unary() async refund(id: string): Promise<void> {
    return remote(id)
  }
}

class ShopService extends Shop {
  readonly #perPiece = 3
  discount = 1

  override async buy(_sku: string, n: number): Promise<number> {
    return n * this.#perPiece - this.discount
  }
  override async *prices(sku: string): AsyncGenerator<number> {
    yield sku.length
  }
}

function handlerOf(target: object, method: string): Handler {
  const handler = implementationOf(target).handlers.get(method)
  if (handler === undefined) throw new Error(`no handler for ${method}`)
  return handler
}

describe('the handlers of an instance', () => {
  it('are there for every method, under the description', () => {
    const { description, handlers } = implementationOf(new ShopService())
    expect(description.name).toBe('shop.v1')
    expect([...handlers.keys()]).toEqual(['buy', 'prices', 'refund'])
  })

  it('run on their instance, with its private fields', async () => {
    const shop = new ShopService()
    const buy = handlerOf(shop, 'buy')
    shop.discount = 2
    await expect(buy('a-1', 4)).resolves.toBe(10)
  })

  it('give the streams that the methods return', async () => {
    const prices: number[] = []
    for await (const price of handlerOf(new ShopService(), 'prices')('abc') as Stream<number>)
      prices.push(price)
    expect(prices).toEqual([3])
  })

  it('do not follow later changes of the object', async () => {
    const shop = new ShopService()
    const buy = handlerOf(shop, 'buy')
    shop.buy = async () => -1
    await expect(buy('a-1', 1)).resolves.toBe(2)
  })

  it('may be functions that stand on the instance itself', async () => {
    class Arrows extends Shop {}
    const shop = new Arrows()
    shop.buy = async (_sku, n) => n
    await expect(handlerOf(shop, 'buy')('a-1', 7)).resolves.toBe(7)
  })

  it('may come from a class between the contract and the instance', async () => {
    class Special extends ShopService {
      override discount = 0
    }
    await expect(handlerOf(new Special(), 'buy')('a-1', 1)).resolves.toBe(3)
  })
})

describe('a method that nobody implements', () => {
  it('throws NotImplementedHere out of the body of the contract', () => {
    class Half extends Shop {}
    expect(() => handlerOf(new Half(), 'buy')('a-1', 1)).toThrow(NotImplementedHere)
    expect(() => handlerOf(new Half(), 'prices')('a-1')).toThrow(NotImplementedHere)
  })

  it('rejects with NotImplementedHere when the body of the contract is async', async () => {
    await expect(handlerOf(new ShopService(), 'refund')('id')).rejects.toThrow(NotImplementedHere)
  })
})

describe('what cannot be served', () => {
  it('is a class, which must be made an instance of', () => {
    // @ts-expect-error: a class
    expect(problemOf(() => implementationOf(ShopService))).toBe(
      'ShopService is a class: serve an instance of it, new ShopService()',
    )
  })

  it('is an object that is no service', () => {
    class Plain {
      async buy(): Promise<void> {}
    }
    expect(problemOf(() => implementationOf(new Plain()))).toMatch(/^Plain is not a service/)
    expect(problemOf(() => implementationOf({}))).toMatch(/^an object without a class is not a service/)
  })

  it('is an instance whose member is no function', () => {
    const shop = new ShopService()
    Object.assign(shop, { buy: 5 })
    expect(problemOf(() => implementationOf(shop))).toBe('shop.v1.buy is no function but a number')
  })

  it('is an instance whose member is a function of the other kind', () => {
    const shop = new ShopService()
    Object.assign(shop, { prices: async () => 1 })
    expect(problemOf(() => implementationOf(shop))).toBe(
      'shop.v1.prices is marked @stream() and returns a Promise: mark it @unary()',
    )
  })
})
