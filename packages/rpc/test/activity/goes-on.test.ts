// Activities that run to their end, and those whose connection is cut again and again meanwhile.
import { describe, expect, it } from 'vitest'
import { activity, call, service, withOptions, type Activity } from '@parley/rpc'
import type { MemoryLink } from '@parley/core/testing'
import { until } from '../durable/nodes.ts'
import { pair, rejection, settle } from '../peer/pair.ts'
import { Loader, LoaderService, newMarks } from './loader.ts'

function* numbers(from: number, to: number): Generator<number> {
  for (let n = from; n < to; n++) yield n
}

async function* rows(from: number, to: number): AsyncGenerator<number> {
  yield* numbers(from, to)
}

@service('heads.v1')
class Heads {
  @activity() async *tell(length: number): Activity<number, string> {
    call().responseMetadata.set('what', 'x'.repeat(length))
    yield 1
    return 'done'
  }

  @activity() async *named(what: { name: string }): Activity<number, string> {
    for (let n = 0; n < 10; n++) yield n
    return what.name
  }
}

describe('the metadata of an activity', () => {
  it('comes ahead of the first item', async () => {
    await using both = await pair([new Heads()])
    const heard: unknown[] = []
    const onMetadata = (metadata: ReadonlyMap<string, unknown>) => void heard.push(metadata.get('what'))
    const work = withOptions(both.client.stub(Heads), { onMetadata }).tell(3)
    await work.run((item) => heard.push(item))
    expect(heard).toEqual(['xxx', 1])
  })

  it('is told once, over however many connections it goes on', async () => {
    await using both = await pair([new Heads()], { serve: { limits: { streamWindow: 10 } } })
    const heard: unknown[] = []
    const onMetadata = (metadata: ReadonlyMap<string, unknown>) => void heard.push(metadata.get('what'))
    const stub = withOptions(both.client.stub(Heads), { onMetadata })
    await stub.tell(3).run(() => both.transport.links.at(-1)?.cut())
    expect(heard).toEqual(['xxx'])
  })

  it('is reported when it cannot travel, and ends nothing', async () => {
    const errors: unknown[] = []
    const onError = (error: unknown) => void errors.push(error)
    await using both = await pair([new Heads()], { serve: { onError } })
    expect(await both.client.stub(Heads).tell(10_000).run()).toBe('done')
    expect(errors).toHaveLength(1)
  })
})

describe('an activity', () => {
  it('yields its items and gives its result', async () => {
    await using both = await pair([new LoaderService(newMarks())])
    const work = both.client.stub(Loader).count(5, 2)
    const items: number[] = []
    for await (const item of work) items.push(item)
    expect(items).toEqual([1, 2, 3, 4, 5])
    expect(await work.result).toBe('counted to 5')
    expect(work.position).toBe(5)
  })

  it('takes streams, and functions that give streams', async () => {
    await using both = await pair([new LoaderService(newMarks())])
    const stub = both.client.stub(Loader)
    expect(await stub.load(2, rows(0, 10)).run()).toBe(45)
    expect(await stub.load(2, (from) => rows(from, 10)).run()).toBe(45)
  })

  it('goes on when its connection is cut, item by item, with nothing lost and nothing twice', async () => {
    const marks = newMarks()
    await using both = await pair([new LoaderService(marks)])
    const work = both.client.stub(Loader).count(30, 7)
    const items: number[] = []
    for await (const item of work) {
      items.push(item)
      if (item % 5 === 0) both.transport.links.at(-1)?.cut()
    }
    expect(items).toEqual([...numbers(1, 31)])
    expect(await work.result).toBe('counted to 30')
    expect(marks.from, 'it ran once').toEqual([undefined])
  })

  it('goes on with its input when its connection is cut', async () => {
    const marks = newMarks()
    await using both = await pair([new LoaderService(marks)])
    for (const source of [rows(0, 40), (from: number) => rows(from, 40)]) {
      const work = both.client.stub(Loader).load(3, source)
      let seen = 0
      expect(
        await work.run(() => {
          if (++seen % 6 === 0) both.transport.links.at(-1)?.cut()
        }),
      ).toBe(780)
      expect(seen).toBe(40)
    }
    expect(marks.from).toEqual([undefined, undefined])
  })

  it('goes on though its caller has been given all that it can hold', async () => {
    await using both = await pair([new LoaderService(newMarks())], {
      connect: { limits: { streamWindow: 1000 } },
    })
    const work = both.client.stub(Loader).count(60, 5)
    const result = work.run(async (item) => {
      if (item !== 20) return
      await settle()
      both.transport.links.at(-1)?.cut()
      await settle(50)
    })
    expect(await result).toBe('counted to 60')
  })

  it.each(['fails', 'waits'])('has its input again though the source that it had %s', async (how) => {
    await using both = await pair([new LoaderService(newMarks())])
    let sources = 0
    const source = async function* (from: number): AsyncGenerator<number> {
      const isFirst = ++sources === 1
      try {
        for (let n = from; n < 30; n++) {
          if (isFirst && n === 15 && how === 'waits') await new Promise(() => undefined)
          yield n
        }
      } finally {
        if (isFirst && how === 'fails') await Promise.reject(new Error('clean-up'))
      }
    }
    const cutAt = how === 'fails' ? 5 : 15
    let seen = 0
    const work = both.client.stub(Loader).load(4, (from) => source(from))
    const total = await work.run(() => {
      if (++seen === cutAt) both.transport.links.at(-1)?.cut()
    })
    expect(total).toBe(435)
  })

  it('goes on though its method has been given all of its input that it can hold', async () => {
    const service = new LoaderService(newMarks())
    let cut = (): void => undefined
    service.gate = async (n) => {
      if (n !== 20) return
      await settle()
      cut()
      await settle(50)
    }
    await using both = await pair([service], { serve: { limits: { streamWindow: 1000 } } })
    cut = () => both.transport.links.at(-1)?.cut()
    for (const source of [rows(0, 60), (from: number) => rows(from, 60)])
      expect(await both.client.stub(Loader).load(5, source).run()).toBe(1770)
  })

  it('goes on with the arguments that it was begun with', async () => {
    await using both = await pair([new Heads()])
    const what = { name: 'a' }
    const result = both.client
      .stub(Heads)
      .named(what)
      .run((item) => {
        if (item !== 3) return
        what.name = 'b'
        both.transport.links.at(-1)?.cut()
      })
    expect(await result).toBe('a')
  })

  it('is begun though its beginning was lost on the way', async () => {
    await using both = await pair([new LoaderService(newMarks())])
    const { transport } = both
    const connect = transport.connect.bind(transport)
    let first: MemoryLink | undefined
    transport.connect = async (signal) => {
      const connection = await connect(signal)
      if (first === undefined) (first = transport.links.at(-1))?.delay(20, 'to-acceptor')
      return connection
    }
    const result = both.client.stub(Loader).count(5, 5).run()
    await until(() => (first?.carried('to-initiator') ?? 0) > 0)
    await settle(2)
    expect(first?.waiting('to-acceptor'), 'it is under way').toBeGreaterThan(0)
    first?.cut()
    expect(await result).toBe('counted to 5')
  })

  it('goes on though its server counts the connection that was lost', async () => {
    await using both = await pair([new LoaderService(newMarks())], {
      serve: { limits: { activities: 1 } },
      connect: { limits: { silenceTimeout: 250 } },
    })
    const result = both.client
      .stub(Loader)
      .count(20, 5)
      .run(async (item) => {
        if (item !== 5) return
        for (const link of both.transport.links) link.stall()
        await new Promise((resolve) => setTimeout(resolve, 600))
      })
    expect(await result).toBe('counted to 20')
  })

  it('ends with the error of its method', async () => {
    const service = new LoaderService(newMarks())
    service.gate = (n) => {
      if (n === 3) throw new Error('broken')
    }
    await using both = await pair([service])
    const work = both.client.stub(Loader).count(5, 2)
    expect(await rejection(work.run())).toMatchObject({ code: 'INTERNAL' })
    expect(await rejection(work.result)).toMatchObject({ code: 'INTERNAL' })
    expect(work.position).toBe(2)
  })
})
