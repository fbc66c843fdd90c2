// What the compiler tells only with standard decorators.
import { service, stream, unary } from '../../../src/service/decorators.ts'
import type { Stream } from '../../../src/stream.ts'
import { client } from '../both/shop.ts'

export class PrivateNames {
  // @ts-expect-error: a private name
  @unary() async #count(): Promise<number> {
    return 1
  }
  // @ts-expect-error: an auto-accessor
  @unary() accessor buy = async (): Promise<void> => {}

  count(): Promise<number> {
    return this.#count()
  }
}

const Clock =
  @service('clock')
  class {
    @stream() async *ticks(): AsyncGenerator<number> {
      yield 1
    }
  }

export const ticks: Stream<number> = client.stub(Clock).ticks()
