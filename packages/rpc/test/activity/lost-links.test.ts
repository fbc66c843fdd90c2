// Activities whose connections are lost in ways that nobody says anything of, or at a bad moment.
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '@parley/core/testing'
import { RpcError } from '@parley/rpc'
import { Nodes, until } from '../durable/nodes.ts'
import { pair, rejection, settle } from '../peer/pair.ts'
import { Loader, LoaderService, newMarks, untilTold } from './loader.ts'

/** What comes of it; a second passes as often as it takes. */
async function within<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let isSettled = false
  const settled = promise.finally(() => (isSettled = true))
  for (let second = 0; !isSettled && second < 60; second++) await clock.advanceAsync(1_000)
  return settled
}

describe('an activity', () => {
  it('has its input again from its checkpoint, though its connection was lost first', async () => {
    const marks = newMarks()
    await using nodes = new Nodes()
    const service = new LoaderService(marks, 'A')
    service.gate = (n) => (n === 13 ? untilTold() : undefined)
    const a = await nodes.start([service])
    const b = await nodes.start([new LoaderService(marks, 'B')])
    const client = await nodes.connect()
    let goOn = (): void => undefined
    const moved = new Promise<void>((resolve) => (goOn = resolve))
    const rows = async function* (): AsyncGenerator<number> {
      for (let n = 0; n < 30; n++) {
        if (n === 20) await moved
        yield n
      }
    }
    let seen = 0
    const total = await client
      .stub(Loader)
      .load(4, rows())
      .run(async () => {
        seen += 1
        if (seen !== 13) return
        const lost = a.transport.links.at(-1)
        lost?.cut()
        await until(() => a.transport.links.at(-1) !== lost)
        await settle(20)
        nodes.switchTo(b)
        goOn()
      })
    expect(total).toBe(435)
    expect(seen).toBe(30)
    expect(marks.from).toEqual([undefined, { rows: 12, sum: 66 }])
  })

  it('does not wait for its session to look, which is idle, when their server is lost', async () => {
    const marks = newMarks()
    const clock = new VirtualClock()
    await using nodes = new Nodes(clock)
    const service = new LoaderService(marks, 'A')
    service.gate = (n) => (n === 7 ? untilTold() : undefined)
    await nodes.start([service])
    const b = await nodes.start([new LoaderService(marks, 'B')])
    const client = await within(clock, nodes.connect({ limits: { idleTimeout: 1_000 } }))
    const items: number[] = []
    const done = client
      .stub(Loader)
      .count(20, 5)
      .run((item) => void items.push(item))
    await clock.advanceAsync(5_000)
    expect([items.length, client.phase]).toEqual([6, 'idle'])
    nodes.switchTo(b)
    // An idle session looks every 30 s.
    await clock.advanceAsync(5_000)
    expect(await done).toBe('counted to 20')
    expect(items).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    await within(clock, client.close())
  })

  it('is not said not to have started when its server lets nobody in any more', async () => {
    const denied = new RpcError('PERMISSION_DENIED', 'not any more', { outcome: 'not-started' })
    let isDenied = false
    await using both = await pair([new LoaderService(newMarks())], {
      serve: {
        authenticate: () => {
          if (isDenied) throw denied
          return 'ann'
        },
      },
    })
    const work = both.client.stub(Loader).count(20, 5)
    const done = work.run((item) => {
      if (item !== 7) return
      isDenied = true
      both.transport.links.at(-1)?.cut()
    })
    expect(await rejection(done)).toMatchObject({ code: 'PERMISSION_DENIED', outcome: 'unknown' })
  })

  it('goes on though its connection alone is silent, and that of its session is not', async () => {
    await using both = await pair([new LoaderService(newMarks())], {
      connect: { limits: { silenceTimeout: 250 } },
    })
    const items: number[] = []
    const result = await both.client
      .stub(Loader)
      .count(20, 5)
      .run((item) => {
        items.push(item)
        if (item === 5) both.transport.links.at(-1)?.stall()
      })
    expect(result).toBe('counted to 20')
    expect(items).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
  })

  it('keeps the connection of a method that has nothing to say for long', async () => {
    const service = new LoaderService(newMarks())
    service.gate = (n) => (n === 3 ? new Promise((resolve) => setTimeout(resolve, 1000)) : undefined)
    await using both = await pair([service], { connect: { limits: { silenceTimeout: 250 } } })
    const result = await both.client.stub(Loader).count(5, 5).run()
    expect(result).toBe('counted to 5')
    expect(both.transport.links.length).toBe(2)
  })
})
