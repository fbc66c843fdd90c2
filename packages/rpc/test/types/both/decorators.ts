// What the decorators take, and what they refuse with a sentence.
import type { Readable } from 'node:stream'
import type { Observable } from 'rxjs'
import { service, stream, unary } from '../../../src/service/decorators.ts'
import type { MethodProblem, ServiceProblem } from '../../../src/service/method-check.ts'
import { remote } from '../../../src/service/remote.ts'
import type { Stream } from '../../../src/stream.ts'
import type { Equal, Expect } from '../expect.ts'

const symbol = Symbol('a symbol')

@service('good')
export abstract class Good {
  @unary() nothing(): Promise<void> {
    return remote()
  }
  @unary() unknowns(a: unknown, ...rest: unknown[]): Promise<unknown> {
    return remote(a, rest)
  }
  @unary({ idempotent: true, timeout: 100 }) async inferred(n: number) {
    return n
  }
  @unary() typed<T>(value: T): Promise<T> {
    return remote(value)
  }
  @unary() takesStreams(a: Stream<number>, b?: AsyncIterable<string>): Promise<void> {
    return remote(a, b)
  }
  @unary() union(): Promise<number> | Promise<string> {
    return remote()
  }
  @stream() typedStream<T>(value: T): Stream<T> {
    return remote(value)
  }
  @stream({ timeout: 100 }) async *generator() {
    yield 1
  }
  @stream() observable(): Observable<number> {
    return remote()
  }
}

export abstract class WrongKinds {
  // @ts-expect-error: a Stream
  @unary() stream(): Stream<number> {
    return remote()
  }
  // @ts-expect-error: an AsyncIterable
  @unary() iterable(): AsyncIterable<number> {
    return remote()
  }
  // @ts-expect-error: an Observable
  @unary() observable(): Observable<number> {
    return remote()
  }
  // @ts-expect-error: an async generator
  @unary() async *generator() {
    yield 1
  }
  // @ts-expect-error: no Promise
  @unary() number(): number {
    return remote()
  }
  // @ts-expect-error: a stream within a Promise
  @unary() promisedStream(): Promise<Stream<number>> {
    return remote()
  }
  // @ts-expect-error: now a Promise, now a stream
  @unary() either(): Promise<number> | Stream<number> {
    return remote()
  }
  // @ts-expect-error: no return type, and remote() tells none
  @unary() untyped() {
    return remote()
  }
  // @ts-expect-error: a Promise
  @stream() promise(): Promise<number> {
    return remote()
  }
  // @ts-expect-error: async
  @stream() async inferred() {
    return 1
  }
  // @ts-expect-error: an array is no stream
  @stream() array(): number[] {
    return remote()
  }
  // @ts-expect-error: nothing
  @stream() nothing(): void {}
}

export abstract class WrongParameters {
  // @ts-expect-error: what arrives is no Observable
  @unary() observable(values: Observable<number>): Promise<void> {
    return remote(values)
  }
  // @ts-expect-error: what arrives is no Readable
  @unary() readable(values: Readable): Promise<void> {
    return remote(values)
  }
  // @ts-expect-error: what arrives cannot be written to
  @stream() generator(values: AsyncGenerator<number>): Stream<number> {
    return remote(values)
  }
}

export abstract class WrongPlaces {
  // @ts-expect-error: static
  @unary() static static(): Promise<void> {
    return remote()
  }
  // @ts-expect-error: private
  @unary() private private(): Promise<void> {
    return remote(this.private)
  }
  // @ts-expect-error: protected
  @unary() protected protected(): Promise<void> {
    return remote()
  }
  // @ts-expect-error: a symbol
  @unary() [symbol](): Promise<void> {
    return remote()
  }
  // @ts-expect-error: a getter
  @stream() get getter(): Stream<number> {
    return remote()
  }
  // @ts-expect-error: a setter
  @unary() set setter(_value: number) {}
  // @ts-expect-error: a field
  @unary() field = 1
  // @ts-expect-error: a field that holds a function
  @unary() arrow = async (): Promise<void> => {}
  // @ts-expect-error: for classes
  @service('shop') method(): Promise<void> {
    return remote()
  }
  // @ts-expect-error: not called
  @unary notCalled(): Promise<void> {
    return remote()
  }
  // @ts-expect-error: a mark for defineService
  @unary<() => Promise<void>>() marked(): Promise<void> {
    return remote()
  }
}

export abstract class WrongNames {
  // @ts-expect-error: a stub would be a promise
  @unary() then(): Promise<void> {
    return remote()
  }
  // @ts-expect-error: every object has one
  @unary() valueOf(): Promise<void> {
    return remote()
  }
}

export abstract class WrongOptions {
  // @ts-expect-error: no such option
  @unary({ timout: 1 }) misspelt(): Promise<void> {
    return remote()
  }
  // @ts-expect-error: a number of milliseconds
  @stream({ timeout: '1s' }) text(): Stream<number> {
    return remote()
  }
  // @ts-expect-error: options are an object
  @unary('buy') named(): Promise<void> {
    return remote()
  }
}

// @ts-expect-error: nothing to call
@service('empty')
export class Empty {
  count(): number {
    return 0
  }
}

// @ts-expect-error: not called
@service
export class NotCalled {
  @unary() async buy(): Promise<void> {}
}

// @ts-expect-error: without a name
@service()
export class Nameless {
  @unary() async buy(): Promise<void> {}
}

// @ts-expect-error: for methods
@unary()
export class NotAMethod {
  async buy(): Promise<void> {}
}

/** The sentences themselves, which stand in the compile errors. */
export type Sentences = [
  Expect<
    Equal<MethodProblem<'unary', () => Stream<number>>, 'This method returns a stream: mark it @stream().'>
  >,
  Expect<
    Equal<MethodProblem<'stream', () => Promise<number>>, 'This method returns a Promise: mark it @unary().'>
  >,
  Expect<
    Equal<
      MethodProblem<'unary', (values: Observable<number>) => Promise<number>>,
      'A parameter that takes a stream is written Stream<T>.'
    >
  >,
  Expect<
    Equal<
      ServiceProblem<typeof Empty>,
      'A service has at least one method that returns a Promise, a Stream, a Dialogue or an Activity.'
    >
  >,
  Expect<Equal<MethodProblem<'unary', (sku: string) => Promise<number>>, never>>,
  Expect<Equal<MethodProblem<'stream', (values: Stream<string>) => Stream<number>>, never>>,
]
