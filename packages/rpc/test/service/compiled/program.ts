// A program as a user's compiler makes it: compiled.test.ts compiles it in each mode and runs it with node
// alone. Prints what the service became, as one line of JSON.
import { service, stream, unary } from '../../../src/service/decorators.ts'
import { describeService } from '../../../src/service/describe.ts'
import { implementationOf } from '../../../src/service/implementation.ts'
import { remote } from '../../../src/service/remote.ts'
import type { Stream } from '../../../src/stream.ts'

@service('shop.v1')
abstract class Shop {
  @unary({ idempotent: true }) buy(sku: string, n: number, note: string | null): Promise<number> {
    return remote(sku, n, note)
  }
  @stream() prices(sku: string): Stream<number> {
    return remote(sku)
  }
}

class ShopService extends Shop {
  readonly #price = 3
  override async buy(_sku: string, n: number): Promise<number> {
    return n * this.#price
  }
  override async *prices(): AsyncGenerator<number> {
    yield this.#price
  }
}

const { description, handlers } = implementationOf(new ShopService())
const bought: unknown = await handlers.get('buy')?.('a-1', 2)
const isSame = describeService(Shop).methods.size === description.methods.size
console.log(
  JSON.stringify({ name: description.name, methods: [...description.methods.values()], bought, isSame }),
)
