// Streams in every direction: order, credit, and every way either side can end them.
import {
  call,
  remote,
  RpcError,
  service,
  stream,
  streamOf,
  unary,
  withOptions,
  type Stream,
} from '@parley/rpc'
import { interval, lastValueFrom, map, of, Subject, Observable, take, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { pair, rejection, settle } from './pair.ts'
import { Shop, ShopService } from './shop.ts'

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of source) items.push(item)
  return items
}

async function* range(to: number): AsyncGenerator<number> {
  for (let i = 0; i < to; i++) yield i
}

@service('sources.v1')
class Sources {
  source: unknown
  seen: unknown[] = []

  @stream() give(): AsyncIterable<unknown> {
    return this.source as AsyncIterable<unknown>
  }

  @unary() async take(items: Stream<unknown>, count: number): Promise<number> {
    for await (const item of items) {
      this.seen.push(item)
      if (this.seen.length === count) break
    }
    return this.seen.length
  }

  @unary() async takeTwice(items: Stream<unknown>): Promise<string> {
    for await (const _ of items) break
    try {
      for await (const _ of items) break
    } catch (thrown) {
      return (thrown as RpcError).code
    }
    return 'no error'
  }
}

describe('a server stream', () => {
  it('delivers its items in order and ends', async () => {
    await using both = await pair([new ShopService()])
    expect(await all(both.client.stub(Shop).count(5000))).toEqual([...Array(5000).keys()])
  })

  it('is an Observable as well', async () => {
    await using both = await pair([new ShopService()])
    const values = both.client
      .stub(Shop)
      .count(10)
      .observable.pipe(
        map((n) => n * n),
        toArray(),
      )
    expect(await lastValueFrom(values)).toEqual([0, 1, 4, 9, 16, 25, 36, 49, 64, 81])
  })

  it('is cancelled on the wire by break, and its generator cleans up', async () => {
    const shop = new ShopService()
    await using both = await pair([shop])
    for await (const n of both.client.stub(Shop).count(1_000_000)) if (n === 3) break
    await settle()
    expect(shop.stopped).toBe(1)
    expect(shop.counted).toBeLessThan(10_000)
    expect(both.session.activeCalls + both.client.activeCalls).toBe(0)
  })

  it('is cancelled by throwing out of the loop, and by unsubscribing', async () => {
    const shop = new ShopService()
    await using both = await pair([shop])
    const loop = async () => {
      for await (const _ of both.client.stub(Shop).count(1_000_000)) throw new Error('mine')
    }
    await expect(loop()).rejects.toThrow('mine')
    await lastValueFrom(both.client.stub(Shop).count(1_000_000).observable.pipe(take(3)))
    await settle()
    expect(shop.stopped).toBe(2)
    expect(both.session.activeCalls + both.client.activeCalls).toBe(0)
  })

  it('sends nothing until it is read', async () => {
    const shop = new ShopService()
    await using both = await pair([shop])
    both.client.stub(Shop).count(10)
    await settle()
    expect(shop.counted).toBe(0)
    expect(both.client.activeCalls).toBe(0)
  })

  it('refuses a second consumer', async () => {
    await using both = await pair([new ShopService()])
    const items = both.client.stub(Shop).count(3)
    await all(items)
    await expect(all(items)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' })
    expect(await rejection(lastValueFrom(items.observable))).toMatchObject({ code: 'FAILED_PRECONDITION' })
  })

  it('delivers what came before an error, then the error, once', async () => {
    const sources = new Sources()
    sources.source = (async function* () {
      yield 1
      yield 2
      throw new RpcError('DATA_LOSS', 'the disk is gone')
    })()
    await using both = await pair([sources])
    const seen: unknown[] = []
    const loop = async () => {
      for await (const item of both.client.stub(Sources).give()) seen.push(item)
    }
    await expect(loop()).rejects.toMatchObject({ code: 'DATA_LOSS', outcome: 'executed' })
    expect(seen).toEqual([1, 2])
  })

  it('fails cleanly when its iterator gives no result', async () => {
    @service('odd.v1')
    class Odd {
      @stream() items(): AsyncIterable<number> {
        return { [Symbol.asyncIterator]: () => ({ next: async () => undefined as never }) }
      }
    }
    await using both = await pair([new Odd()])
    expect(await rejection(all(both.client.stub(Odd).items()))).toMatchObject({ code: 'INTERNAL' })
  })

  it('tells its metadata once, ahead of the first item', async () => {
    @service('heads.v1')
    class Heads {
      @stream() async *items(): AsyncGenerator<number> {
        call().responseMetadata.set('a', '1')
        yield 1
        call().responseMetadata.set('b', '2')
        yield 2
      }
    }
    await using both = await pair([new Heads()])
    const heads: unknown[] = []
    const onMetadata = (metadata: unknown) => heads.push(metadata)
    await all(withOptions(both.client.stub(Heads), { onMetadata }).items())
    expect(heads).toEqual([new Map([['a', '1']])])
  })

  it('fails cleanly when the method gives no stream', async () => {
    const sources = new Sources()
    sources.source = 5
    await using both = await pair([sources])
    await expect(all(both.client.stub(Sources).give())).rejects.toMatchObject({ code: 'INTERNAL' })
  })

  it('names the place of an item that cannot travel, and ends the source', async () => {
    const sources = new Sources()
    let ended = false
    sources.source = (async function* () {
      try {
        yield { deep: { symbol: Symbol('no') } }
      } finally {
        ended = true
      }
    })()
    await using both = await pair([sources])
    const error = await rejection(all(both.client.stub(Sources).give()))
    expect((error as Error).message).toMatch(/^item\.deep\.symbol: /)
    expect(ended).toBe(true)
  })

  it.each<[string, () => unknown]>([
    ['an Observable', () => of(1, 2, 3)],
    ['a plain iterable', () => [1, 2, 3]],
    ['a stream made of an Observable', () => streamOf(of(1, 2, 3))],
    ['a promise of a stream', () => Promise.resolve(range(3)).then(() => of(1, 2, 3))],
  ])('may come from %s', async (_, source) => {
    const sources = new Sources()
    sources.source = source()
    await using both = await pair([sources])
    expect(await all(both.client.stub(Sources).give())).toEqual([1, 2, 3])
  })

  it('unsubscribes from the Observable it comes from', async () => {
    let unsubscribed = 0
    const sources = new Sources()
    sources.source = new Observable<number>((subscriber) => {
      subscriber.next(1)
      return () => (unsubscribed += 1)
    })
    await using both = await pair([sources])
    for await (const _ of both.client.stub(Sources).give()) break
    await settle()
    expect(unsubscribed).toBe(1)
  })

  it('ends with RESOURCE_EXHAUSTED when an Observable outruns its consumer without bound', async () => {
    const sources = new Sources()
    sources.source = interval(0).pipe(take(0))
    const flood = new Subject<Uint8Array>()
    sources.source = flood.asObservable()
    await using both = await pair([sources])
    const iterator = both.client.stub(Sources).give()[Symbol.asyncIterator]()
    const first = iterator.next()
    await settle()
    for (let i = 0; i < 5000; i++) flood.next(new Uint8Array(1024))
    await expect(first).resolves.toMatchObject({ done: false })
    const error = await rejection(
      (async () => {
        while ((await iterator.next()).done !== true) continue
      })(),
    )
    expect(error).toMatchObject({ code: 'RESOURCE_EXHAUSTED' })
  })
})

describe('a client stream', () => {
  it('carries its items to the handler', async () => {
    await using both = await pair([new ShopService()])
    await expect(both.client.stub(Shop).sum(range(1000))).resolves.toBe(499_500)
    await expect(both.client.stub(Shop).sum(of(1, 2, 3))).resolves.toBe(6)
  })

  it('is stopped at its source when the handler reads no more', async () => {
    const sources = new Sources()
    let made = 0
    let ended = false
    const source = async function* () {
      try {
        for (;;) yield (made += 1)
      } finally {
        ended = true
      }
    }
    await using both = await pair([sources])
    await expect(both.client.stub(Sources).take(source(), 3)).resolves.toBe(3)
    await settle()
    expect(ended).toBe(true)
    expect(made).toBeLessThan(10_000)
  })

  it('gives the error of its source to the handler, and that of the handler to the caller', async () => {
    await using both = await pair([new ShopService()])
    const source = async function* () {
      yield 1
      throw new RpcError('OUT_OF_RANGE', 'no more paper')
    }
    const error = await rejection(both.client.stub(Shop).sum(source()))
    expect(error).toMatchObject({ code: 'OUT_OF_RANGE', message: 'no more paper' })
  })

  it('gives the error of its source to the handler without details that cannot travel', async () => {
    await using both = await pair([new ShopService()])
    const source = async function* () {
      yield 1
      throw new RpcError('OUT_OF_RANGE', 'no more paper', { details: () => 1 })
    }
    const error = await rejection(both.client.stub(Shop).sum(source()))
    expect(error).toMatchObject({ code: 'OUT_OF_RANGE', message: 'no more paper', details: undefined })
  })

  it('refuses a second consumer', async () => {
    await using both = await pair([new Sources()])
    await expect(both.client.stub(Sources).takeTwice(range(3))).resolves.toBe('FAILED_PRECONDITION')
  })
})

describe('streams both ways at once', () => {
  it('answer each item as it comes', async () => {
    await using both = await pair([new ShopService()])
    const questions = new Subject<number>()
    const answers = both.client.stub(Shop).double(questions)[Symbol.asyncIterator]()
    const first = answers.next()
    await settle()
    questions.next(4)
    await expect(first).resolves.toEqual({ done: false, value: 8 })
    const second = answers.next()
    questions.next(5)
    await expect(second).resolves.toEqual({ done: false, value: 10 })
    questions.complete()
    await expect(answers.next()).resolves.toEqual({ done: true, value: undefined })
  })

  it('end together when the consumer leaves', async () => {
    await using both = await pair([new ShopService()])
    let ended = false
    const source = async function* () {
      try {
        for (let i = 0; ; i++) yield i
      } finally {
        ended = true
      }
    }
    for await (const n of both.client.stub(Shop).double(source())) if (n === 20) break
    await settle()
    expect(ended).toBe(true)
    expect(both.session.activeCalls + both.client.activeCalls).toBe(0)
  })
})

describe('credit', () => {
  const KIB64 = 64 * 1024

  @service('big.v1')
  class Big {
    made = 0
    pending = 0

    @stream() async *items(count: number): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < count; i++) {
        this.made += 1
        yield new Uint8Array(KIB64)
      }
    }

    @unary() async never(items: Stream<Uint8Array>): Promise<void> {
      await new Promise((resolve) => setTimeout(resolve, 60_000).unref())
      await all(items)
    }
  }

  it('stops the producer of a stream whose consumer takes one item and then nothing', async () => {
    const big = new Big()
    await using both = await pair([big])
    const iterator = both.client.stub(Big).items(6000)[Symbol.asyncIterator]()
    await iterator.next()
    await settle(200)
    expect(big.made).toBeGreaterThan(1)
    expect(big.made).toBeLessThan(64)
  })

  it('lets all 6,000 items through once they are taken', async () => {
    const big = new Big()
    await using both = await pair([big])
    let octets = 0
    for await (const item of both.client.stub(Big).items(6000)) octets += item.length
    expect(octets).toBe(6000 * KIB64)
  })

  it('stops the producer of a stream argument that the handler does not read', async () => {
    let made = 0
    const source = async function* () {
      for (let i = 0; i < 6000; i++) {
        made += 1
        yield new Uint8Array(KIB64)
      }
    }
    await using both = await pair([new Big()])
    const call = rejection(both.client.stub(Big).never(source()))
    await settle(200)
    expect(made).toBeGreaterThan(1)
    expect(made).toBeLessThan(64)
    both.client.abort()
    expect(await call).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
  })

  it('holds for one slow stream without slowing another', async () => {
    const big = new Big()
    const shop = new ShopService()
    await using both = await pair([big, shop])
    const stalled = both.client.stub(Big).items(6000)[Symbol.asyncIterator]()
    await stalled.next()
    expect(await all(both.client.stub(Shop).count(20_000))).toHaveLength(20_000)
    expect(big.made).toBeLessThan(64)
  })
})

it('a stream keeps its options', async () => {
  await using both = await pair([new ShopService()])
  const stub = withOptions(both.client.stub(Shop), { metadata: { a: 'b' } })
  expect(await all(stub.count(3))).toEqual([0, 1, 2])
  expect(() => remote()).toThrow()
})
