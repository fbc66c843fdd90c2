// Decorators in places and with words they do not take. The compiler refuses most of it too, hence the
// expected errors: this is what a program sees that was compiled without looking at types. In both modes.
import { describe, expect, it } from 'vitest'
import { rpcLimits } from '../../../src/limits.ts'
import { service, stream, unary } from '../../../src/service/decorators.ts'
import { describeService } from '../../../src/service/describe.ts'
import { remote } from '../../../src/service/remote.ts'
import type { Stream } from '../../../src/stream.ts'
import { problemOf } from '../problem-of.ts'

const symbol = Symbol('a symbol')

describe('where a method decorator stands', () => {
  it('refuses a static method', () => {
    const define = (): unknown => {
      class Shop {
        // @ts-expect-error: static
        @unary() static async buy(): Promise<void> {}
        async sell(): Promise<void> {}
      }
      return Shop
    }
    expect(problemOf(define)).toMatch(
      /^@unary\(\) on .*buy: this is a static method; only a public method can be called/,
    )
  })

  it('refuses a method named by a symbol', () => {
    const define = (): unknown => {
      class Shop {
        // @ts-expect-error: a symbol for a name
        @unary() async [symbol](): Promise<void> {}
      }
      return Shop
    }
    expect(problemOf(define)).toMatch(
      /^@unary\(\) on .*Symbol\(a symbol\): this is a method named by a symbol/,
    )
  })

  it('refuses a getter', () => {
    const define = (): unknown => {
      class Shop {
        // @ts-expect-error: a getter
        @stream() get prices(): Stream<number> {
          return remote()
        }
      }
      return Shop
    }
    expect(problemOf(define)).toMatch(/^@stream\(\) on .*prices: this is a getter/)
  })

  it('refuses a setter', () => {
    const define = (): unknown => {
      class Shop {
        // @ts-expect-error: a setter
        @unary() set price(_value: number) {}
      }
      return Shop
    }
    expect(problemOf(define)).toMatch(/^@unary\(\) on .*price: this is a .*setter/)
  })

  it('refuses a field', () => {
    const define = (): unknown => {
      class Shop {
        // @ts-expect-error: a field
        @unary() buy = async (): Promise<void> => {}
      }
      return Shop
    }
    expect(problemOf(define)).toMatch(/^@unary\(\) on .*buy: this is a field/)
  })

  it('refuses a class', () => {
    const define = (): unknown => {
      // @ts-expect-error: a class
      @unary()
      class Shop {
        async buy(): Promise<void> {}
      }
      return Shop
    }
    expect(problemOf(define)).toMatch(
      /^@unary\(\).* (on a method|this is a class)|does not stand on a method/,
    )
  })

  it('refuses two marks on one method', () => {
    const define = (): unknown => {
      class Shop {
        @unary() @unary() async buy(): Promise<void> {}
      }
      return Shop
    }
    expect(problemOf(define)).toMatch(/^@unary\(\) on .*buy: the method is marked twice/)
  })
})

describe('where @service stands', () => {
  it('refuses a method', () => {
    const define = (): unknown => {
      class Shop {
        // @ts-expect-error: a method
        @service('shop.v1') async buy(): Promise<void> {}
      }
      return Shop
    }
    expect(problemOf(define)).toBe('@service("shop.v1") stands on a member; put it on the class')
  })

  it('refuses to stand twice on one class', () => {
    const define = (): unknown => {
      @service('shop.v2')
      @service('shop.v1')
      class Shop {
        @unary() async buy(): Promise<void> {}
      }
      return Shop
    }
    expect(problemOf(define)).toBe('Shop has two @service(): "shop.v1" and "shop.v2"')
  })
})

describe('kinds', () => {
  it('refuses @stream() on an async method', () => {
    @service('shop.v1')
    class Shop {
      // @ts-expect-error: returns a Promise
      @stream() async prices(): Promise<number> {
        return 1
      }
    }
    const problem = 'Shop.prices is marked @stream() and returns a Promise: mark it @unary()'
    expect(problemOf(() => describeService(Shop))).toBe(problem)
    expect(problemOf(() => describeService(new Shop()))).toBe(problem)
  })

  it('refuses @unary() on a generator', () => {
    @service('shop.v1')
    class Shop {
      // @ts-expect-error: returns a stream
      @unary() async *prices(): AsyncGenerator<number> {
        yield 1
      }
    }
    expect(problemOf(() => describeService(Shop))).toBe(
      'Shop.prices is marked @unary() and returns a stream: mark it @stream()',
    )
  })

  it('takes an async generator whose return type is not written down', () => {
    @service('shop.v1')
    class Shop {
      @stream() async *prices() {
        yield 1
      }
    }
    expect(describeService(Shop).methods.get('prices')?.kind).toBe('stream')
  })

  it('refuses an implementation of the other kind', () => {
    @service('shop.v1')
    abstract class Shop {
      @stream() prices(): Stream<number> {
        return remote()
      }
    }
    class ShopService extends Shop {
      // @ts-expect-error: a Promise is no Stream
      override async prices(): Promise<number> {
        return 1
      }
    }
    expect(problemOf(() => describeService(ShopService))).toBe(
      'ShopService.prices is marked @stream() and returns a Promise: mark it @unary()',
    )
  })

  it('refuses a subclass that marks a method otherwise', () => {
    @service('shop.v1')
    abstract class Shop {
      @stream() prices(): Stream<number> {
        return remote()
      }
    }
    abstract class Other extends Shop {
      // @ts-expect-error: the override returns a stream, as it must
      @unary() override prices(): Stream<number> {
        return remote()
      }
    }
    expect(problemOf(() => describeService(Other))).toBe(
      'Other.prices is marked @unary(), the class it extends says @stream()',
    )
  })
})

describe('method names', () => {
  it.each([
    'then',
    'constructor',
    'prototype',
    'toString',
    'toJSON',
    'valueOf',
    'hasOwnProperty',
    '__proto__',
  ])('refuses %s', (name) => {
    const problem = problemOf(() => defineMethodNamed(name))
    expect(problem).toMatch(
      /^@unary\(\) on .*: the method's name is one that every object has or that `await` looks/,
    )
    expect(problem).toContain(name)
  })

  it.each([
    ['', 'is empty'],
    ['two words', 'holds a space or a character that does not print'],
    ['line\nfeed', 'holds a space or a character that does not print'],
    ['nul\0', 'holds a space or a character that does not print'],
    ['zero\u200bwidth', 'holds a space or a character that does not print'],
    ['\ud800', 'holds a space or a character that does not print'],
    ['x'.repeat(rpcLimits.nameLength + 1), 'is 129 characters long, at most 128 fit'],
  ])('refuses %j', (name, problem) => {
    expect(problemOf(() => defineMethodNamed(name))).toContain(`the method's name ${problem}`)
  })

  it.each(['x'.repeat(128), 'größe', 'catch', 'a.b', '価格'])('takes %s', (name) => {
    expect([...describeService(defineMethodNamed(name)).methods.keys()]).toEqual(['buy', name])
  })
})

describe('service names', () => {
  it.each([
    ['', 'is empty'],
    [' ', 'holds a space or a character that does not print'],
    ['shop\tv1', 'holds a space or a character that does not print'],
    ['x'.repeat(rpcLimits.nameLength + 1), 'is 129 characters long, at most 128 fit'],
    [undefined, 'must be a string, not undefined'],
    [null, 'must be a string, not null'],
    [1, 'must be a string, not number'],
  ])('refuses %j', (name, problem) => {
    expect(problemOf(() => service(name as string))).toBe(`@service(): the service's name ${problem}`)
  })
})

describe('options', () => {
  it.each([
    [{ timout: 1 }, 'there is no option "timout"'],
    [{ timeout: 0 }, 'the option "timeout" is a number of milliseconds from 1 to 2147483647, not 0'],
    [
      { timeout: 2 ** 31 },
      'the option "timeout" is a number of milliseconds from 1 to 2147483647, not 2147483648',
    ],
    [
      { timeout: Number.NaN },
      'the option "timeout" is a number of milliseconds from 1 to 2147483647, not NaN',
    ],
    [{ timeout: '5' }, 'the option "timeout" is a number of milliseconds from 1 to 2147483647, not string'],
    [{ idempotent: 1 }, 'the option "idempotent" is a boolean, not 1'],
    [null, 'options are an object, not null'],
    ['fast', 'options are an object, not string'],
  ])('refuses %o', (options, problem) => {
    expect(problemOf(() => unary(options as object))).toBe(`@unary(): ${problem}`)
    expect(problemOf(() => stream(options as object))).toBe(`@stream(): ${problem}`)
  })

  it('takes the ends of the range of timeout', () => {
    expect(() => [unary({ timeout: 1 }), unary({ timeout: 2 ** 31 - 1 })]).not.toThrow()
  })
})

/** A service with one more method, of this name. */
function defineMethodNamed(name: string): unknown {
  @service('shop.v1')
  class Shop {
    @unary() async buy(): Promise<void> {}
    @unary() async [name](): Promise<void> {}
  }
  return Shop
}
