// What a decorated class becomes. Runs twice: with experimentalDecorators and with standard decorators.
import { describe, expect, it } from 'vitest'
import { service, stream, unary } from '../../../src/service/decorators.ts'
import { describeService } from '../../../src/service/describe.ts'
import { remote } from '../../../src/service/remote.ts'
import type { Stream } from '../../../src/stream.ts'
import { problemOf } from '../problem-of.ts'

@service('shop.v1')
abstract class Shop {
  @unary() buy(sku: string, n: number): Promise<number> {
    return remote(sku, n)
  }
  @stream({ timeout: 5_000 }) prices(sku: string): Stream<number> {
    return remote(sku)
  }
  @unary({ idempotent: true }) stock(): Promise<number> {
    return remote()
  }
  async notOffered(): Promise<void> {}
}

class ShopService extends Shop {
  override async buy(sku: string, n: number): Promise<number> {
    return sku.length * n
  }
  override async *prices(): AsyncGenerator<number> {
    yield 1
  }
}

/** The names, kinds and options of a described service. */
function summary(target: unknown): unknown {
  const { name, methods } = describeService(target)
  return [
    name,
    ...[...methods.values()].map(({ name, kind, idempotent, timeout }) => [name, kind, idempotent, timeout]),
  ]
}

describe('a contract', () => {
  it('has its name and the marked methods, in order, with kind and options', () => {
    expect(summary(Shop)).toEqual([
      'shop.v1',
      ['buy', 'unary', false, undefined],
      ['prices', 'stream', false, 5_000],
      ['stock', 'unary', true, undefined],
    ])
  })

  it('is keyed by the methods names', () => {
    expect([...describeService(Shop).methods.keys()]).toEqual(['buy', 'prices', 'stock'])
  })

  it('gives the same description every time', () => {
    expect(describeService(Shop)).toBe(describeService(Shop))
    expect(describeService(new ShopService())).toBe(describeService(ShopService))
  })
})

describe('inheritance', () => {
  it('describes a class that implements the contract, without decorators of its own', () => {
    expect(summary(ShopService)).toEqual(summary(Shop))
    expect(summary(new ShopService())).toEqual(summary(Shop))
  })

  it('describes an instance of a class far down', () => {
    class Cheaper extends ShopService {}
    const Mixed = class extends Cheaper {}
    expect(summary(new Mixed())).toEqual(summary(Shop))
  })

  it('lets a subclass add methods and take another name', () => {
    @service('shop.v2')
    abstract class Shop2 extends Shop {
      @unary() refund(id: string): Promise<void> {
        return remote(id)
      }
    }
    expect(summary(Shop2)).toEqual([
      'shop.v2',
      ['buy', 'unary', false, undefined],
      ['prices', 'stream', false, 5_000],
      ['stock', 'unary', true, undefined],
      ['refund', 'unary', false, undefined],
    ])
    expect(describeService(Shop).methods.has('refund')).toBe(false)
  })

  it('lets a subclass mark more without a name of its own', () => {
    abstract class More extends Shop {
      @unary() refund(id: string): Promise<void> {
        return remote(id)
      }
    }
    expect(describeService(More).name).toBe('shop.v1')
    expect(describeService(More).methods.has('refund')).toBe(true)
  })

  it('lets a subclass change the options of a method, in its place', () => {
    abstract class Faster extends Shop {
      @stream({ timeout: 10 }) override prices(sku: string): Stream<number> {
        return remote(sku)
      }
    }
    expect(summary(Faster)).toEqual([
      'shop.v1',
      ['buy', 'unary', false, undefined],
      ['prices', 'stream', false, 10],
      ['stock', 'unary', true, undefined],
    ])
    expect(describeService(Shop).methods.get('prices')?.timeout).toBe(5_000)
  })

  it('keeps siblings apart', () => {
    abstract class Left extends Shop {
      @unary() left(): Promise<void> {
        return remote()
      }
    }
    abstract class Right extends Shop {
      @unary() right(): Promise<void> {
        return remote()
      }
    }
    expect(describeService(Left).methods.has('right')).toBe(false)
    expect(describeService(Right).methods.has('left')).toBe(false)
  })
})

describe('a class that implements its own methods', () => {
  it('is a service', () => {
    @service('clock')
    class ClockService {
      @unary() async now(): Promise<number> {
        return 0
      }
      @stream() async *ticks(): AsyncGenerator<number> {
        yield 0
      }
    }
    const described = ['clock', ['now', 'unary', false, undefined], ['ticks', 'stream', false, undefined]]
    expect(summary(ClockService)).toEqual(described)
    expect(summary(new ClockService())).toEqual(described)
  })
})

describe('what is no service', () => {
  it('is told with the name of the class and the line of tsconfig.json', () => {
    class Plain {
      async buy(): Promise<void> {}
    }
    for (const target of [Plain, new Plain()]) {
      const problem = problemOf(() => describeService(target))
      expect(problem).toContain(
        "Plain is not a service: it has no @service('name') on the class and no method marked",
      )
      expect(problem).toContain('"experimentalDecorators": true')
      expect(problem).toContain('tsconfig.json')
    }
  })

  it('is told when no method is marked', () => {
    @service('empty')
    class Empty {
      async buy(): Promise<void> {}
    }
    expect(problemOf(() => describeService(Empty))).toContain(
      'it is called "empty" and has no method marked @unary(), @stream(), @dialogue() or @activity()',
    )
  })

  it('is told when the class has no name on the wire', () => {
    class Nameless {
      @unary() async buy(): Promise<void> {}
    }
    expect(problemOf(() => describeService(Nameless))).toContain(
      "Nameless is not a service: it has marked methods and no @service('name') on the class",
    )
  })

  const [nameless] = [
    class {
      buy(): void {}
    },
  ]

  it.each([
    [nameless, 'a class without a name'],
    [undefined, 'undefined'],
    [null, 'null'],
    [1, 'a number'],
    ['shop.v1', 'a string'],
    [{}, 'an object without a class'],
    [Object.create(null), 'an object without a class'],
    [() => undefined, 'a function'],
    [[], 'Array'],
  ])('%o is none', (target, name) => {
    expect(problemOf(() => describeService(target))).toMatch(new RegExp(`^${name} is not a service`))
  })
})
