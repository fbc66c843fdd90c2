// What only experimentalDecorators give: reflect-metadata, and the types the compiler wrote down about each
// method.
import 'reflect-metadata'
import { Observable, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { service, stream, unary } from '../../src/service/decorators.ts'
import { describeService } from '../../src/service/describe.ts'
import { remote } from '../../src/service/remote.ts'
import type { Stream } from '../../src/stream.ts'
import { problemOf } from './problem-of.ts'

@service('types.v1')
abstract class Types {
  @unary() primitives(a: number, b: string, c: boolean, d: bigint, e: Uint8Array): Promise<void> {
    return remote(a, b, c, d, e)
  }
  @unary() mixed(name: string, chunks: Stream<string>, options?: { n: number }): Promise<void> {
    return remote(name, chunks, options)
  }
  @unary() optional(n?: number, text: string | null = null): Promise<void> {
    return remote(n, text)
  }
  @unary() nothing(): Promise<void> {
    return remote()
  }
  @unary() unknowns(a: unknown, b: Date): Promise<void> {
    return remote(a, b)
  }
}

const checksOf = (target: unknown, method: string): unknown =>
  describeService(target).methods.get(method)?.argumentChecks

describe('argument checks', () => {
  it('are made of the primitive types of the parameters', () => {
    expect(checksOf(Types, 'primitives')).toEqual(['number', 'string', 'boolean', 'bigint', 'bytes'])
  })

  it('leave out what the compiler cannot say', () => {
    expect(checksOf(Types, 'mixed')).toEqual(['string', undefined, undefined])
    expect(checksOf(Types, 'optional')).toEqual(['number', undefined])
  })

  it('are not there when there is nothing to check', () => {
    expect(checksOf(Types, 'nothing')).toBeUndefined()
    expect(checksOf(Types, 'unknowns')).toBeUndefined()
  })

  it('are inherited with the method, and taken from the class that marks it last', () => {
    class Plain extends Types {}
    abstract class Wider extends Types {
      @unary() override mixed(name: string | number, chunks: Stream<string>): Promise<void> {
        return remote(name, chunks)
      }
    }
    expect(checksOf(Plain, 'primitives')).toEqual(['number', 'string', 'boolean', 'bigint', 'bytes'])
    expect(checksOf(Wider, 'mixed')).toBeUndefined()
  })
})

describe('return types that were written down', () => {
  it('tell @stream() on a contract method that returns a Promise', () => {
    @service('shop.v1')
    abstract class Shop {
      // @ts-expect-error: returns a Promise
      @stream() prices(): Promise<number> {
        return remote()
      }
    }
    expect(problemOf(() => describeService(Shop))).toBe(
      'Shop.prices is marked @stream() and returns a Promise: mark it @unary()',
    )
  })

  it('tell @unary() on a contract method that returns an Observable', () => {
    @service('shop.v1')
    abstract class Shop {
      // @ts-expect-error: returns a stream
      @unary() prices(): Observable<number> {
        return remote()
      }
    }
    expect(problemOf(() => describeService(Shop))).toBe(
      'Shop.prices is marked @unary() and returns a stream: mark it @stream()',
    )
  })

  it('take an Observable as a stream', () => {
    @service('shop.v1')
    class Shop {
      @stream() prices(): Observable<number> {
        return of(1, 2)
      }
    }
    expect(describeService(Shop).methods.get('prices')?.kind).toBe('stream')
  })
})

describe('where the description is kept', () => {
  it('is reflect-metadata, on the class itself', () => {
    class Unmarked extends Types {}
    expect(Reflect.getOwnMetadataKeys(Types)).toContain(Symbol.for('parley.service'))
    expect(Reflect.getOwnMetadataKeys(Unmarked)).toEqual([])
  })

  it('is not Symbol.metadata', () => {
    expect(Object.hasOwn(Types, Symbol.metadata)).toBe(false)
  })
})

describe('decorators called as functions', () => {
  it('mark a method of a class without any compiler', () => {
    class Shop {
      async buy(): Promise<void> {}
    }
    const descriptor = Object.getOwnPropertyDescriptor(Shop.prototype, 'buy')
    unary({ timeout: 9 })(Shop.prototype, 'buy', descriptor)
    service('shop.v1')(Shop)
    expect(describeService(Shop).methods.get('buy')?.timeout).toBe(9)
  })

  it('refuse a member that is no function', () => {
    class Shop {
      async buy(): Promise<void> {}
    }
    const mark = (member: object): unknown => unary()(Shop.prototype, 'buy', member)
    expect(problemOf(() => mark({ value: 1 }))).toMatch(/^@unary\(\) on Shop.buy: this is no function/)
    expect(problemOf(() => mark({ get: () => 1 }))).toMatch(
      /^@unary\(\) on Shop.buy: this is a getter or setter/,
    )
  })
})
