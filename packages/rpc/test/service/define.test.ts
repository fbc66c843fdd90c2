// Services without decorators: contracts and implementations as tables.
import { describe, expect, it } from 'vitest'
import { service, stream, unary } from '../../src/service/decorators.ts'
import { defineService, implement } from '../../src/service/define.ts'
import { describeService } from '../../src/service/describe.ts'
import { implementationOf } from '../../src/service/implementation.ts'
import { isNotImplementedHere, NotImplementedHere, remote } from '../../src/service/remote.ts'
import type { Stream } from '../../src/stream.ts'
import { problemOf } from './problem-of.ts'

const Shop = defineService('shop.v1', {
  buy: unary<(sku: string, n: number) => Promise<number>>({ timeout: 100 }),
  prices: stream<(sku: string) => Stream<number>>(),
})

describe('defineService', () => {
  it('makes a contract with the methods of the table, in order', () => {
    const { name, methods } = describeService(Shop)
    expect(name).toBe('shop.v1')
    expect([...methods.values()]).toEqual([
      {
        name: 'buy',
        kind: 'unary',
        idempotent: false,
        effect: 'once',
        timeout: 100,
        argumentChecks: undefined,
      },
      {
        name: 'prices',
        kind: 'stream',
        idempotent: false,
        effect: 'once',
        timeout: undefined,
        argumentChecks: undefined,
      },
    ])
  })

  it('refuses names that cannot be used', () => {
    expect(problemOf(() => defineService('', {}))).toBe("defineService(): the service's name is empty")
    const then = unary<() => Promise<void>>()
    // @ts-expect-error: a stub must not look like a promise
    expect(problemOf(() => defineService('shop.v1', { then }))).toMatch(
      /^defineService\(\) of shop.v1.then: the method's/,
    )
    const table = { ['__proto__']: then } as object
    expect(problemOf(() => defineService('shop.v1', table as never))).toMatch(
      /^defineService\(\) of shop.v1.__proto__/,
    )
  })

  it('refuses a table without methods', () => {
    expect(problemOf(() => defineService('shop.v1', {}))).toBe(
      'defineService() of shop.v1: the service has no methods',
    )
  })

  it.each([[undefined], [() => undefined], [{ kind: 'unary', options: {} }], [unary]])(
    'refuses an entry that no mark made: %o',
    (entry) => {
      expect(problemOf(() => defineService('shop.v1', { buy: entry as never }))).toBe(
        'defineService() of shop.v1.buy: an entry is made by ' +
          'unary<...>(), stream<...>(), dialogue<...>() or activity<...>()',
      )
    },
  )
})

describe('implement', () => {
  const perPiece = {
    price: 3,
    async buy(_sku: string, n: number) {
      return n * this.price
    },
    async *prices(sku: string) {
      yield sku.length
    },
  }

  it('serves a table of functions', async () => {
    const { description, handlers } = implementationOf(implement(Shop, perPiece))
    expect(description).toBe(describeService(Shop))
    await expect(handlers.get('buy')?.('a-1', 2)).resolves.toBe(6)
    const prices: number[] = []
    const stream = handlers.get('prices')?.('abc') as Stream<number>
    for await (const price of stream) prices.push(price)
    expect(prices).toEqual([3])
  })

  it('serves an object whose functions stand on its class', async () => {
    class Till {
      readonly #price = 4
      async buy(_sku: string, n: number): Promise<number> {
        return n * this.#price
      }
      prices(): number[] {
        return []
      }
    }
    const { handlers } = implementationOf(implement(Shop, new Till()))
    await expect(handlers.get('buy')?.('a-1', 2)).resolves.toBe(8)
  })

  it('serves a contract class', async () => {
    @service('clock')
    abstract class Clock {
      @unary() now(): Promise<number> {
        return remote()
      }
    }
    const { description, handlers } = implementationOf(implement(Clock, { now: () => 12 }))
    expect(description.name).toBe('clock')
    expect(handlers.get('now')?.()).toBe(12)
  })

  it('answers with NotImplementedHere where a function is missing', () => {
    const { handlers } = implementationOf(implement(Shop, { buy: perPiece.buy } as typeof perPiece))
    expect(() => handlers.get('prices')?.()).toThrow(
      new NotImplementedHere('shop.v1.prices is not implemented here'),
    )
  })

  it('refuses a function under a name the contract does not have', () => {
    const slip = { ...perPiece, price: async () => 1 }
    expect(problemOf(() => implementationOf(implement(Shop, slip)))).toBe(
      'implement(): shop.v1 has no method "price"; it has buy, prices',
    )
  })

  it('refuses what is no function or a function of the other kind', () => {
    const broken = (handlers: object): string =>
      problemOf(() => implementationOf(implement(Shop, handlers as never)))
    expect(broken({ buy: 1 })).toBe('shop.v1.buy is no function but a number')
    expect(broken({ prices: async () => 1 })).toMatch(
      /^shop.v1.prices is marked @stream\(\) and returns a Promise/,
    )
    expect(broken({ async *buy() {} })).toMatch(/^shop.v1.buy is marked @unary\(\) and returns a stream/)
  })

  it('refuses a contract that is none, and a contract without functions', () => {
    expect(problemOf(() => implementationOf(implement({} as never, {} as never)))).toMatch(/is not a service/)
    expect(problemOf(() => implementationOf(Shop))).toBe(
      '"shop.v1" is a contract: serve implement(contract, { ... })',
    )
  })
})

describe('isNotImplementedHere', () => {
  it('knows what remote() throws, and nothing else', () => {
    let thrown: unknown
    try {
      remote('a', 1)
    } catch (error) {
      thrown = error
    }
    expect(isNotImplementedHere(thrown)).toBe(true)
    const trap = new Proxy({}, { getPrototypeOf: () => remote('a trap') })
    for (const other of [undefined, null, 'NotImplementedHere', new Error('no'), trap]) {
      expect(isNotImplementedHere(other)).toBe(false)
    }
  })
})
