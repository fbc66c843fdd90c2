// Activities and what befalls their servers and stores, beside what elsewhere.test.ts has.
import { memoryStore } from '@parley/core'
import { describe, expect, it, vi } from 'vitest'
import { call, connect, rpcLimits, withOptions } from '@parley/rpc'
import { Nodes, until, type Node } from '../durable/nodes.ts'
import { pair, rejection, settle } from '../peer/pair.ts'
import { Loader, LoaderService, newMarks, untilTold } from './loader.ts'

describe('a server that keeps nothing', () => {
  it('takes its activities along: they are lost, and not begun anew', async () => {
    await using nodes = new Nodes()
    const service = new LoaderService(newMarks(), 'A')
    service.gate = (n) => (n === 13 ? untilTold() : undefined)
    await nodes.start([service], { store: memoryStore() })
    const marks = newMarks()
    const b = await nodes.start([new LoaderService(marks, 'B')], { store: memoryStore() })
    const client = await nodes.connect()
    const work = client.stub(Loader).count(20, 5)
    const error = await rejection(work.run((item) => item === 12 && nodes.switchTo(b)))
    expect(error).toMatchObject({ code: 'RESUME_LOST', outcome: 'unknown' })
    expect(marks.from).toEqual([])
  })
})

describe('a server that keeps nothing and hands over', () => {
  it('lets its activities end, for they could not go on elsewhere', async () => {
    await using nodes = new Nodes()
    const marks = newMarks()
    const a = await nodes.start([new LoaderService(marks, 'A')], { store: memoryStore() })
    const b = await nodes.start([new LoaderService(marks, 'B')], { store: memoryStore() })
    const client = await nodes.connect()
    let drained: Promise<unknown> = Promise.resolve()
    const result = await client
      .stub(Loader)
      .count(40, 5)
      .run((item) => {
        if (item !== 12) return
        nodes.switchTo(b, false)
        drained = a.server.drain({ handover: true })
      })
    expect(result).toBe('counted to 40')
    expect(marks.from).toHaveLength(1)
    expect(await drained).toMatchObject({ sessions: { released: 1 }, calls: { cutOff: 0 } })
  })
})

describe('a store that fails', () => {
  it.each(['refused', 'lost', 'done-unseen'] as const)(
    'at a checkpoint has the activity put down, and gone on with (%s)',
    async (fault) => {
      const marks = newMarks()
      await using nodes = new Nodes()
      await nodes.start([new LoaderService(marks)])
      const client = await nodes.connect()
      let failures = 0
      const work = client.stub(Loader).count(20, 5)
      const items: number[] = []
      const result = work.run((item) => {
        items.push(item)
        if (item !== 3) return
        nodes.fault = (operation) => {
          if (operation !== 'write' || failures === 2) return 'none'
          failures += 1
          return fault
        }
      })
      expect(await result).toBe('counted to 20')
      expect(items).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    },
  )

  it('when an activity begins lets it begin later', async () => {
    const marks = newMarks()
    await using nodes = new Nodes()
    await nodes.start([new LoaderService(marks)])
    const client = await nodes.connect()
    let failures = 0
    nodes.fault = () => (failures++ < 2 ? 'refused' : 'none')
    expect(await client.stub(Loader).count(6, 5).run()).toBe('counted to 6')
    expect(failures).toBeGreaterThan(2)
    expect(marks.from).toEqual([undefined])
  })
})

describe('an activity that has ended', () => {
  it('is known to be gone once it is no longer kept', async () => {
    const resultRetention = 300_000
    await using nodes = new Nodes()
    await nodes.start([new LoaderService(newMarks())], { limits: { resultRetention } })
    const client = await nodes.connect()
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      const work = client.stub(Loader).count(5, 2)
      await work.run()
      vi.setSystemTime(Date.now() + resultRetention + 1)
      const again = withOptions(client.stub(Loader), { activity: { id: work.id } }).count(5, 2)
      expect(await rejection(again.run())).toMatchObject({ code: 'RESUME_LOST' })
    } finally {
      vi.useRealTimers()
    }
  })

  it('fails again in the same way for whoever asks again', async () => {
    const service = new LoaderService(newMarks())
    service.gate = (n) => {
      if (n === 3) throw new Error('broken')
    }
    await using both = await pair([service])
    const work = both.client.stub(Loader).count(5, 2)
    const error = (await rejection(work.run())) as Error
    const again = withOptions(both.client.stub(Loader), { activity: { id: work.id, position: 2 } })
    expect(await rejection(again.count(5, 2).run())).toMatchObject({ message: error.message })
    expect(service.marks.from).toHaveLength(1)
  })
})

describe('a server that leaves', () => {
  it('lets an activity end that is being worked on', async () => {
    const marks = newMarks()
    await using both = await pair([new LoaderService(marks)])
    const work = both.client.stub(Loader).count(40, 5)
    let drained: Promise<unknown> = Promise.resolve()
    const result = await work.run((item) => {
      if (item === 12) drained = both.server.drain({ reason: 'going down' })
    })
    expect(result).toBe('counted to 40')
    expect(await drained).toMatchObject({ sessions: { released: 1 }, calls: { cutOff: 0 } })
  })

  it('stops what does not end in time at its last checkpoint', async () => {
    const marks = newMarks()
    const service = new LoaderService(marks)
    service.gate = (n) => (n === 13 ? untilTold() : undefined)
    await using both = await pair([service])
    const work = both.client.stub(Loader).count(40, 5)
    const failed = rejection(work.run())
    await until(() => marks.done.length === 12)
    expect(await both.server.drain({ timeout: 50 })).toMatchObject({ calls: { found: 1, cutOff: 1 } })
    expect(await failed).toMatchObject({ code: 'UNAVAILABLE', details: { id: work.id } })
  })

  it('does not count as gone down, however often an activity has to move', async () => {
    const marks = newMarks()
    await using nodes = new Nodes()
    const count = rpcLimits.activityAttempts + 2
    for (let place = 0; place <= count; place++) {
      const service = new LoaderService(marks, `${place}`)
      service.gate = (n) =>
        place === count || n < 3
          ? undefined
          : new Promise((resolve) =>
              call().signal.addEventListener('abort', () => setTimeout(resolve, 2), { once: true }),
            )
      await nodes.start([service])
    }
    const client = await nodes.connect()
    const done = client.stub(Loader).count(5, 10).run()
    for (const [place, { server }] of nodes.nodes.slice(0, count).entries()) {
      await until(() => marks.done.includes(`${place} 2`))
      await settle()
      nodes.switchTo(nodes.nodes[place + 1] as Node, false)
      await server.drain({ handover: true, timeout: 20 })
    }
    expect(await done).toBe('counted to 5')
  })
})

describe('callers that come and go', () => {
  it('leave no more than limits.detachedActivities behind that are worked on', async () => {
    const marks = newMarks()
    await using both = await pair([new LoaderService(marks)])
    for (let n = 0; n < rpcLimits.detachedActivities + 5; n++) {
      await using client = await connect(both.transport, { limits: { streamWindow: 200 } })
      const work = client.stub(Loader).count(1e9, 5)
      for await (const _ of work) {
        client.abort()
        break
      }
    }
    await settle()
    expect(marks.stopped).toHaveLength(5)
    expect(marks.stopped[0]).toMatchObject({ code: 'RESOURCE_EXHAUSTED' })
  }, 60_000)
})
