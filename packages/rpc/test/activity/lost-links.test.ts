// Activities whose connections are lost in ways that nobody says anything of, or at a bad moment.
import { describe, expect, it } from 'vitest'
import { Nodes, until } from '../durable/nodes.ts'
import { settle } from '../peer/pair.ts'
import { Loader, LoaderService, newMarks, untilTold } from './loader.ts'

describe('an activity', () => {
  it('has its input again from its checkpoint, though its connection was lost before its server', async () => {
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
})
