// What becomes of streams and dialogues at a server that leaves. The cells of docs/guarantees.md that no
// other test shows.
import { service, stream } from '@parley/rpc'
import { describe, expect, it } from 'vitest'
import { Market, MarketService } from '../dialogue/haggle.ts'
import { rejection, settle } from '../peer/pair.ts'
import { Nodes, until } from './nodes.ts'

@service('ten.v1')
class Ten {
  @stream() async *count(): AsyncGenerator<number> {
    for (let n = 0; n < 10; n++) {
      await settle(1)
      yield n
    }
  }
}

describe('a server that leaves', () => {
  it.each(['drain', 'handover'])('lets a stream go on to its end (%s)', async (how) => {
    await using nodes = new Nodes()
    const first = await nodes.start([new Ten()])
    const second = await nodes.start([new Ten()])
    const client = await nodes.connect()
    const items: number[] = []
    let drained: Promise<unknown> | undefined
    for await (const item of client.stub(Ten).count()) {
      items.push(item)
      if (drained !== undefined) continue
      nodes.switchTo(second, false)
      drained = first.server.drain({ handover: how === 'handover' })
    }
    expect(items).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(await drained).toMatchObject({ calls: { found: 1, cutOff: 0 } })
  })

  it('begins no stream', async () => {
    await using nodes = new Nodes()
    const { server } = await nodes.start([new Ten()])
    const client = await nodes.connect()
    const drained = server.drain()
    const begun = client.stub(Ten).count()[Symbol.asyncIterator]().next()
    expect(await rejection(begun)).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-started' })
    await drained
  })

  it('begins no dialogue while its clients move', async () => {
    await using nodes = new Nodes()
    const { server } = await nodes.start([new MarketService()])
    const second = await nodes.start([new MarketService()])
    let asked = false
    const client = await nodes.connect({ onLeaving: () => (asked = true) })
    const held = client.stub(Market).haggle(10)
    await held.next()
    const drained = server.drain({ handover: true })
    await until(() => asked)
    const begun = client.stub(Market).haggle(1).next()
    expect(await rejection(begun)).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-started' })
    nodes.switchTo(second, false)
    await expect(held.next(10)).resolves.toMatchObject({ done: true })
    await drained
  })
})
