// What only standard (TC39) decorators give: context.metadata, private names, decorated class expressions.
import { describe, expect, it } from 'vitest'
import { service, stream, unary } from '../../src/service/decorators.ts'
import { describeService } from '../../src/service/describe.ts'
import { remote } from '../../src/service/remote.ts'
import type { Stream } from '../../src/stream.ts'
import { problemOf } from '../service/problem-of.ts'

@service('shop.v1')
abstract class Shop {
  @unary() buy(sku: string): Promise<void> {
    return remote(sku)
  }
  @stream() prices(): Stream<number> {
    return remote()
  }
}

describe('where the description is kept', () => {
  it('is the metadata of the class itself', () => {
    class ShopService extends Shop {}
    const key = Symbol.for('parley.service')
    expect(Object.getOwnPropertySymbols(Reflect.get(Shop, Symbol.metadata))).toContain(key)
    expect(Object.hasOwn(ShopService, Symbol.metadata)).toBe(false)
    expect(Reflect.getOwnMetadataKeys(Shop)).toEqual([])
  })

  it('is a metadata that a subclass inherits from and does not write to', () => {
    abstract class More extends Shop {
      @unary() refund(): Promise<void> {
        return remote()
      }
    }
    expect([...describeService(More).methods.keys()]).toEqual(['buy', 'prices', 'refund'])
    expect([...describeService(Shop).methods.keys()]).toEqual(['buy', 'prices'])
  })

  it('has no types to check arguments with', () => {
    expect(describeService(Shop).methods.get('buy')?.argumentChecks).toBeUndefined()
  })
})

describe('the context', () => {
  it('tells a private name', () => {
    const define = (): unknown => {
      class Till {
        // @ts-expect-error: private
        @unary() async #count(): Promise<void> {}
        count(): Promise<void> {
          return this.#count()
        }
      }
      return Till
    }
    expect(problemOf(define)).toMatch(/^@unary\(\) on #count: this is a private method/)
  })

  it('tells an auto-accessor', () => {
    const define = (): unknown => {
      class Till {
        // @ts-expect-error: an accessor
        @unary() accessor count = async (): Promise<void> => {}
      }
      return Till
    }
    expect(problemOf(define)).toMatch(/^@unary\(\) on count: this is a accessor/)
  })

  it('without metadata is told with the line of tsconfig.json', () => {
    const old = { kind: 'method', name: 'buy', static: false, private: false } as ClassMethodDecoratorContext
    const problem = problemOf(() => unary()((async () => {}) as never, old))
    expect(problem).toMatch(/^@unary\(\) on buy: the compiler passed no context.metadata/)
    expect(problem).toContain('"experimentalDecorators": true')
    expect(problem).toContain('tsconfig.json')
  })
})

describe('a decorated class expression', () => {
  it('is a service', () => {
    const Clock =
      @service('clock')
      class {
        @unary() async now(): Promise<number> {
          return 0
        }
      }
    expect(describeService(new Clock()).name).toBe('clock')
  })
})

describe('Symbol.metadata', () => {
  it('is provided where the platform has none, as other libraries provide it', () => {
    expect(Symbol.metadata).toBe(Symbol.for('Symbol.metadata'))
    expect(Object.keys(Symbol)).toEqual([])
  })
})
