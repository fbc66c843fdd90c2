// T43: something else in the process has already put names on Object.prototype. Runs in both modes.
import { describe, expect, it } from 'vitest'
import { service, stream, unary } from '../../../src/service/decorators.ts'
import { defineService, implement } from '../../../src/service/define.ts'
import { describeService } from '../../../src/service/describe.ts'
import { implementationOf } from '../../../src/service/implementation.ts'
import { NotImplementedHere, remote } from '../../../src/service/remote.ts'
import type { Stream } from '../../../src/stream.ts'

/** Runs `body` while every object inherits these members. */
function polluted<T>(members: object, body: () => T): T {
  const names = Reflect.ownKeys(members)
  for (const name of names) {
    const value: unknown = Reflect.get(members, name)
    Object.defineProperty(Object.prototype, name, {
      value,
      configurable: true,
      writable: true,
      enumerable: true,
    })
  }
  try {
    return body()
  } finally {
    for (const name of names) Reflect.deleteProperty(Object.prototype, name)
  }
}

const OPTIONS = {
  idempotent: true,
  timeout: 1,
  kind: 'stream',
  options: { timeout: 1 },
  static: true,
  private: true,
}
const MARKS = {
  metadata: {},
  service: 'evil',
  methods: new Map([['evil', {}]]),
  description: { name: 'evil' },
}
const PARTS = {
  contract: {},
  handlers: {},
  subscribe: () => undefined,
  [Symbol.asyncIterator]: () => undefined,
}

describe('with a polluted Object.prototype', () => {
  it('a class is described as it is written', () => {
    const { name, methods } = polluted({ ...OPTIONS, ...MARKS, ...PARTS }, () => {
      @service('shop.v1')
      abstract class Shop {
        @unary({}) buy(): Promise<void> {
          return remote()
        }
        @stream({ timeout: 7 }) prices(): Stream<number> {
          return remote()
        }
      }
      class ShopService extends Shop {
        override async buy(): Promise<void> {}
      }
      const { description } = implementationOf(new ShopService())
      expect(description).toEqual(describeService(Shop))
      return description
    })
    expect(name).toBe('shop.v1')
    expect([...methods.values()]).toEqual([
      {
        name: 'buy',
        kind: 'unary',
        idempotent: false,
        effect: 'once',
        timeout: undefined,
        argumentChecks: undefined,
      },
      {
        name: 'prices',
        kind: 'stream',
        idempotent: false,
        effect: 'once',
        timeout: 7,
        argumentChecks: undefined,
      },
    ])
  })

  it('a table is described as it is written, and its missing functions stay missing', () => {
    const handler = polluted({ ...OPTIONS, ...MARKS, buy: () => 'evil' }, () => {
      const Shop = defineService('shop.v1', { buy: unary<() => Promise<string>>() })
      const { description, handlers } = implementationOf(implement(Shop, {} as { buy: () => string }))
      expect(description.methods.get('buy')?.idempotent).toBe(false)
      return handlers.get('buy')
    })
    expect(handler).toThrow(NotImplementedHere)
  })

  it('an object that is no service does not become one', () => {
    class Plain {
      async buy(): Promise<void> {}
    }
    const serve = (): unknown => implementationOf(new Plain())
    expect(() => polluted({ ...MARKS, ...PARTS }, serve)).toThrow(/^Plain is not a service/)
  })
})
