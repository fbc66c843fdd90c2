// What the compiler tells only with experimentalDecorators, where a decorator is shown the method as callers
// see it.
import { service, unary } from '../../../src/service/decorators.ts'
import { remote } from '../../../src/service/remote.ts'

export abstract class Overloaded {
  buy(sku: string): Promise<string>
  buy(id: number): Promise<number>
  // @ts-expect-error: overloads
  @unary() buy(what: string | number): Promise<string | number> {
    return remote(what)
  }
}

const Shop =
  // @ts-expect-error: with experimentalDecorators a class expression cannot be decorated
  @service('shop.v1')
  class {
    async buy(): Promise<void> {}
  }
export const shop: unknown = new Shop()
