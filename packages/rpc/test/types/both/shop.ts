// The contract that the type tests look at, and what a client is as far as they need it.
import type { Observable } from 'rxjs'
import { service, stream, unary } from '../../../src/service/decorators.ts'
import { remote } from '../../../src/service/remote.ts'
import type { Contract } from '../../../src/service/contract.ts'
import type { Stub } from '../../../src/service/stub-type.ts'
import type { Stream } from '../../../src/stream.ts'

export interface Order {
  readonly sku: string
}

@service('shop.v1')
export abstract class Shop {
  static readonly currency = 'EUR'
  readonly opened: number = 0
  readonly #sold: number = 0
  protected readonly shelf: string[] = []

  @unary() buy(sku: string, n?: number): Promise<Order> {
    return remote(sku, n)
  }
  @unary() upload(name: string, chunks: Stream<Uint8Array>, ...marks: number[]): Promise<number> {
    return remote(name, chunks, marks)
  }
  @unary() maybe(chunks: Stream<string> | undefined, also?: Stream<string>): Promise<void> {
    return remote(chunks, also)
  }
  @unary() pick<T extends object, K extends keyof T>(from: T, key: K): Promise<T[K]> {
    return remote(from, key)
  }
  @stream() prices(sku: string): Stream<number> {
    return remote(sku)
  }
  @stream() iterable(): AsyncIterable<Order> {
    return remote()
  }
  @stream() observable(): Observable<Order> {
    return remote()
  }
  @stream() double(numbers: Stream<number>): Stream<number> {
    return remote(numbers)
  }
  count(): number {
    return this.#sold
  }
  protected async restock(): Promise<void> {}
}

/** The part of a client the tests use. */
export declare const client: { stub<T>(contract: Contract<T>): Stub<T> }
