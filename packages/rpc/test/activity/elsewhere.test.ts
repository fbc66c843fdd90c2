// Activities that go on elsewhere: at another server, from another client, from another process's memory.
import { describe, expect, it } from 'vitest'
import { connect, newActivityId, rpcLimits, withOptions, type RemoteActivity } from '@parley/rpc'
import { Nodes, until, type Node } from '../durable/nodes.ts'
import { pair, rejection, settle } from '../peer/pair.ts'
import { Loader, LoaderService, newMarks, untilTold } from './loader.ts'

async function* rows(from: number, to: number): AsyncGenerator<number> {
  for (let n = from; n < to; n++) yield n
}

/** Puts an activity down when this item has come. */
async function putDownAt(work: RemoteActivity<number, string>, last: number): Promise<void> {
  for await (const item of work) {
    if (item !== last) continue
    await work.interrupt()
    return
  }
}

/** Works on 12 things, and then on nothing until it is told to stop. */
function until13(service: LoaderService): LoaderService {
  service.gate = (n) => (n === 13 ? untilTold() : undefined)
  return service
}

function gate(): { readonly wait: Promise<void>; open(): void } {
  let open = (): void => undefined
  return { wait: new Promise((resolve) => (open = resolve)), open: () => open() }
}

describe('an activity whose server is lost', () => {
  it('goes on at another one from its last checkpoint, for its caller without a gap', async () => {
    const marks = newMarks()
    await using nodes = new Nodes()
    await nodes.start([until13(new LoaderService(marks, 'A'))])
    const b = await nodes.start([new LoaderService(marks, 'B')])
    const client = await nodes.connect()
    const work = client.stub(Loader).count(20, 5)
    const items: number[] = []
    for await (const item of work) {
      items.push(item)
      if (item === 12) nodes.switchTo(b)
    }
    expect(items).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(await work.result).toBe('counted to 20')
    expect(marks.from).toEqual([undefined, 10])
  })

  it('is gone on with by somebody who had less than its first caller', async () => {
    const marks = newMarks()
    await using nodes = new Nodes()
    await nodes.start([until13(new LoaderService(marks, 'A'))])
    const service = new LoaderService(marks, 'B')
    const hold = gate()
    service.gate = (n) => (n === 11 ? hold.wait : undefined)
    const b = await nodes.start([service])
    const client = await nodes.connect()
    const first = client.stub(Loader).count(20, 5)
    const failed = rejection(first.run((item) => void (item === 12 && nodes.switchTo(b))))
    await until(() => marks.from.length === 2)
    await settle()
    const activity = { id: first.id, position: 10, resume: true }
    const items: number[] = []
    const second = withOptions(client.stub(Loader), { activity }).count(20, 5)
    const done = second.run((item) => items.push(item))
    expect(await failed).toMatchObject({ code: 'ABORTED' })
    hold.open()
    await done
    expect(items).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20])
  })

  it('has its input again from where the checkpoint is', async () => {
    const asked: number[] = []
    const seekable = (from: number): AsyncGenerator<number> => {
      asked.push(from)
      return rows(from, 30)
    }
    for (const source of [seekable, rows(0, 30)]) {
      const marks = newMarks()
      await using nodes = new Nodes()
      await nodes.start([until13(new LoaderService(marks, 'A'))])
      const b = await nodes.start([new LoaderService(marks, 'B')])
      const client = await nodes.connect()
      const work = client.stub(Loader).load(4, source)
      let seen = 0
      const total = await work.run(() => {
        if (++seen === 13) nodes.switchTo(b)
      })
      expect(total).toBe(435)
      expect(seen).toBe(30)
      expect(marks.from).toEqual([undefined, { rows: 12, sum: 66 }])
    }
    expect(asked).toEqual([0, 12])
  })

  it('shows what cannot be made again with its checkpoint only', async () => {
    const marks = newMarks()
    await using nodes = new Nodes()
    await nodes.start([until13(new LoaderService(marks, 'A'))])
    const b = await nodes.start([new LoaderService(marks, 'B')])
    const client = await nodes.connect()
    const work = client.stub(Loader).dice(20, 5)
    const items: string[] = []
    for await (const item of work) {
      items.push(item)
      if (items.length === 7) nodes.switchTo(b)
    }
    expect(items.map((item) => Number(item.slice(2)))).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    // Each block of five is of one server: none was begun by one and ended by the other.
    for (let block = 0; block < 20; block += 5)
      expect(new Set(items.slice(block, block + 5).map((item) => item[0])).size).toBe(1)
  })

  it('shows what cannot be made again with its recorded result only', async () => {
    await using nodes = new Nodes()
    const a = await nodes.start([new LoaderService(newMarks(), 'A')])
    const b = await nodes.start([new LoaderService(newMarks(), 'B')])
    const write = a.store.write.bind(a.store)
    const hold = gate()
    a.store.write = async (changes, now) => {
      if (changes.some(({ entries }) => entries?.some(({ state }) => state === 'done'))) {
        hold.open()
        await new Promise(() => undefined)
      }
      return write(changes, now)
    }
    const client = await nodes.connect()
    const items: string[] = []
    const done = client
      .stub(Loader)
      .dice(7, 5)
      .run((item) => items.push(item))
    await hold.wait
    await settle()
    a.transport.links.at(-1)?.cut()
    await settle(200)
    nodes.switchTo(b)
    expect(await done).toBe('B done')
    expect(items).toEqual(['A 1', 'A 2', 'A 3', 'A 4', 'A 5', 'B 6', 'B 7'])
  })

  it('is not answered by a server that was only paused', async () => {
    const marks = newMarks()
    await using nodes = new Nodes()
    const service = new LoaderService(marks, 'A')
    const hold = gate()
    service.gate = (n) => (n === 8 ? hold.wait : undefined)
    await nodes.start([service])
    const b = await nodes.start([new LoaderService(marks, 'B')])
    const client = await nodes.connect()
    const work = client.stub(Loader).count(20, 5)
    const items: number[] = []
    for await (const item of work) {
      items.push(item)
      if (item === 7) nodes.switchTo(b)
    }
    hold.open()
    await until(() => marks.stopped.length === 2)
    expect(items).toHaveLength(20)
    // It made no checkpoint: it was told at the next one, and the other one's stand.
    expect(marks.done.filter((mark) => mark.startsWith('A'))).not.toContain('A 11')
    expect(marks.stopped[1]).toMatchObject({ code: 'ABORTED' })
  })

  it('is poisoned when it takes each of its servers down without getting further', async () => {
    const marks = newMarks()
    await using nodes = new Nodes()
    for (const [place, name] of ['A', 'B'].entries()) {
      const service = new LoaderService(marks, name)
      service.gate = (n) => {
        if (n < 3) return undefined
        nodes.switchTo(nodes.nodes[1 - place] as Node)
        return untilTold()
      }
      await nodes.start([service])
    }
    const client = await nodes.connect()
    const work = client.stub(Loader).count(5, 10)
    expect(await rejection(work.run())).toMatchObject({ code: 'POISONED' })
    expect(marks.from).toHaveLength(rpcLimits.activityAttempts)
    expect(await rejection(work.result)).toMatchObject({ code: 'POISONED' })
    const activity = { id: work.id, resume: true }
    const again = withOptions(client.stub(Loader), { activity }).count(5, 10)
    expect(await rejection(again.run()), 'for good').toMatchObject({ code: 'POISONED' })
  })
})

describe('an activity that is put down', () => {
  it('is gone on with from its id by another client', async () => {
    const marks = newMarks()
    const service = until13(new LoaderService(marks))
    await using both = await pair([service])
    const first = both.client.stub(Loader).count(20, 5)
    const items: number[] = []
    let place = { id: '', position: 0 }
    for await (const item of first) {
      items.push(item)
      if (item === 12) {
        place = await first.interrupt('enough for today')
        break
      }
    }
    service.gate = () => undefined
    expect(place).toEqual({ id: first.id, position: 12 })
    expect(marks.stopped[0]).toMatchObject({ code: 'ABORTED', message: 'enough for today' })
    const again = withOptions(both.client.stub(Loader), { activity: { ...place, resume: true } }).count(20, 5)
    for await (const item of again) items.push(item)
    expect(items).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(await again.result).toBe('counted to 20')
  })

  it('tells its result again to whoever comes after it has ended', async () => {
    await using both = await pair([new LoaderService(newMarks())])
    const work = both.client.stub(Loader).count(4, 2)
    await work.run()
    await settle()
    const again = withOptions(both.client.stub(Loader), {
      activity: { id: work.id, position: 'oldest', resume: true },
    })
    expect(await again.count(4, 2).run()).toBe('counted to 4')
  })

  it('says which position is the oldest when an older one is asked for', async () => {
    await using both = await pair([new LoaderService(newMarks())])
    const place = { id: newActivityId() }
    const kept = withOptions(both.client.stub(Loader), { activity: place })
    const first = kept.count(20, 5)
    await putDownAt(first, 17)
    const lost = withOptions(both.client.stub(Loader), { activity: { ...place, position: 2 } }).count(20, 5)
    const error = (await rejection(lost.run())) as { details: { oldest: number } }
    expect(error).toMatchObject({ code: 'RESUME_LOST' })
    const oldest = error.details.oldest
    expect(oldest).toBeGreaterThan(2)
    const items: number[] = []
    const there = withOptions(both.client.stub(Loader), { activity: { ...place, position: oldest } })
    await there.count(20, 5).run((item) => items.push(item))
    expect(items[0]).toBe(oldest + 1)
    expect(items.at(-1)).toBe(20)
  })

  it('is lost when nobody knows it, and not begun instead', async () => {
    await using both = await pair([new LoaderService(newMarks())])
    const stub = withOptions(both.client.stub(Loader), { activity: { id: newActivityId(), resume: true } })
    expect(await rejection(stub.count(3, 1).run())).toMatchObject({ code: 'RESUME_LOST' })
  })

  it('is not to be had by another principal, nor with other arguments', async () => {
    await using both = await pair([new LoaderService(newMarks())], {
      serve: { authenticate: ({ credentials }) => credentials },
      connect: { credentials: 'ann' },
    })
    const work = both.client.stub(Loader).count(20, 5)
    const running = withOptions(both.client.stub(Loader), { activity: { id: work.id } }).count(21, 5)
    for await (const item of work) {
      if (item !== 12) continue
      expect(await rejection(running.run())).toMatchObject({ code: 'KEY_CONFLICT' })
      await work.interrupt()
      break
    }
    const activity = { id: work.id, position: 12, resume: true }
    const other = withOptions(both.client.stub(Loader), { activity }).count(21, 5)
    expect(await rejection(other.run())).toMatchObject({ code: 'KEY_CONFLICT' })
    await using bob = await connect(both.transport, { credentials: 'bob' })
    const stolen = withOptions(bob.stub(Loader), { activity }).count(20, 5)
    expect(await rejection(stolen.run())).toMatchObject({ code: 'RESUME_LOST' })
  })

  it('goes on elsewhere when its caller resumes it there, and ends here', async () => {
    await using both = await pair([new LoaderService(newMarks())])
    const first = both.client.stub(Loader).count(20, 5)
    let second
    const items: number[] = []
    const error = await rejection(
      first.run((item) => {
        if (item !== 5) return undefined
        second = withOptions(both.client.stub(Loader), {
          activity: { id: first.id, position: 'oldest' },
        }).count(20, 5)
        return second.run((one) => items.push(one))
      }),
    )
    expect(error).toMatchObject({ code: 'ABORTED' })
    expect(items.at(-1)).toBe(20)
  })
})
