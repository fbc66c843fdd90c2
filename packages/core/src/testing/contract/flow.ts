// The transport contract: a receiver that stops, a sender that hears of it, and bounded buffers.
import type { ContractTests } from './rig.ts'
import { turns } from '../turns.ts'
import type { Recorder } from './recorder.ts'

/** Far beyond any high-water mark and the buffers of an operating system: 64 MiB in all. */
const BLOCK = new Uint8Array(65_536).fill(5)
const BLOCKS = 1024

export const flow: ContractTests = {
  'holds back while paused and goes on when resumed': async (rig, expect) => {
    const { a, b } = await rig.pair()
    b.connection.pause()
    b.connection.pause()
    for (let number = 0; number < 10; number++) a.connection.send([Uint8Array.of(number)])
    await turns(20)
    expect(b.received.length).toBe(0)
    b.during('resume', () => b.connection.resume())
    b.connection.resume()
    await b.count(10)
    expect(b.received.map((tsdu) => tsdu[0])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  },

  'stops at once when paused from within data': async (rig, expect) => {
    const { a, b } = await rig.pair()
    b.onData = () => b.connection.pause()
    for (let number = 0; number < 10; number++) a.connection.send([Uint8Array.of(number)])
    for (let number = 1; number <= 10; number++) {
      await b.count(number)
      await turns(5)
      expect(b.received.length).toBe(number)
      b.during('resume', () => b.connection.resume())
    }
  },

  'may be paused before it is listened to': async (rig, expect) => {
    const { a, b } = await rig.pair({ listen: false })
    a.start()
    b.connection.pause()
    b.start()
    a.connection.send([Uint8Array.of(1)])
    await turns(20)
    expect(b.received.length).toBe(0)
    b.connection.resume()
    await b.count(1)
  },

  'tells the sender of a paused receiver, and when there is room again': async (rig, expect) => {
    const { a, b } = await rig.pair()
    b.connection.pause()
    const sent = await fill(a)
    expect(sent < BLOCKS).toBe(true)
    b.connection.resume()
    await a.until(() => a.drains > 0)
    await b.count(sent)
    expect(b.octets).toBe(sent * BLOCK.length)
    expect(a.connection.send([Uint8Array.of(1)])).toBe(true)
  },

  'carries much more than its buffers to a sender that waits for room': async (rig, expect) => {
    const { a, b } = await rig.pair()
    let octets = 0
    let whole = true
    b.onData = (tsdu) => {
      octets += tsdu.length
      whole &&= tsdu.length === BLOCK.length && tsdu[0] === 5
      b.received.length = 0
    }
    for (let sent = 0; sent < 512; sent++) {
      const drains = a.drains
      if (!a.connection.send([BLOCK])) await a.until(() => a.drains > drains)
    }
    await b.until(() => octets === 512 * BLOCK.length)
    expect(whole).toBe(true)
  },
}

/** Sends until nothing more goes, and says how many blocks that took. */
async function fill(sender: Recorder): Promise<number> {
  for (let sent = 0; ;) {
    const { drains } = sender
    let room = true
    while (room && sent < BLOCKS) {
      room = sender.connection.send([BLOCK])
      sent++
    }
    await turns(20)
    if (sender.drains === drains || sent === BLOCKS) return sent
  }
}
