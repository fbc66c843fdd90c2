// The transport contract: the end of a connection, heard exactly once by each side.
import type { ContractTests } from './rig.ts'
import { turns } from '../turns.ts'

export const ending: ContractTests = {
  'delivers what was sent before close, then tells both sides': async (rig, expect) => {
    const { a, b } = await rig.pair()
    for (let number = 0; number < 50; number++) a.connection.send([new Uint8Array(3000).fill(number)])
    a.during('close', () => a.connection.close())
    expect(a.connection.send([Uint8Array.of(1)])).toBe(false)
    expect((await b.ended())?.by).toBe('peer')
    expect(b.received.length).toBe(50)
    expect((await a.ended())?.by).toBe('local')
    expect(b.connection.send([Uint8Array.of(1)])).toBe(false)
  },

  'delivers nothing more after our own close': async (rig, expect) => {
    const { a, b } = await rig.pair()
    b.onData = () => b.during('close', () => b.connection.close())
    for (let number = 0; number < 10; number++) a.connection.send([Uint8Array.of(number)])
    expect((await b.ended())?.by).toBe('local')
    expect(b.received.length).toBe(1)
    await a.ended()
  },

  'bears being closed by both sides at once, and twice': async (rig, expect) => {
    const { a, b } = await rig.pair()
    for (const end of [a, b, a, b]) end.during('close', () => end.connection.close())
    for (const end of [a, b]) expect((await end.ended())?.by).toBe('local')
    for (const end of [a, b]) end.connection.close()
    await turns(5)
  },

  'ends a connection that nobody listens to yet, and says so then': async (rig, expect) => {
    const { a, b } = await rig.pair({ listen: false })
    a.start()
    a.connection.send([Uint8Array.of(3)])
    a.connection.close()
    await turns(20)
    b.start()
    expect((await b.ended())?.by).toBe('peer')
    expect(b.received).toEqual([Uint8Array.of(3)])
  },

  'lets an orderly end wait behind the data a paused receiver has not had': async (rig, expect) => {
    const { a, b } = await rig.pair()
    b.connection.pause()
    a.connection.send([Uint8Array.of(1)])
    a.connection.send([Uint8Array.of(2)])
    a.connection.close()
    await turns(20)
    expect(b.losses).toBe(0)
    b.connection.resume()
    expect((await b.ended())?.by).toBe('peer')
    expect(b.received.length).toBe(2)
  },

  'lets an orderly end wait though it has arrived, when paused from within data': async (rig, expect) => {
    const { a, b } = await rig.pair()
    b.connection.pause()
    for (const octet of [1, 2, 3]) a.connection.send([Uint8Array.of(octet)])
    a.connection.close()
    await turns(20)
    b.onData = () => b.connection.pause()
    for (const octet of [1, 2, 3]) {
      expect(b.losses).toBe(0)
      b.connection.resume()
      await b.count(octet)
      await turns(20)
      expect(b.received.length).toBe(octet)
    }
    b.connection.resume()
    expect((await b.ended())?.by).toBe('peer')
  },

  'can be closed while paused': async (rig, expect) => {
    const { a, b } = await rig.pair()
    b.connection.pause()
    a.connection.send([Uint8Array.of(1)])
    await turns(20)
    b.connection.close()
    expect((await b.ended())?.by).toBe('local')
    expect(b.received.length).toBe(0)
    await a.ended()
  },

  'accepts a TSDU of maxTsduLength and ends at a longer one': async (rig, expect) => {
    const { a, b } = await rig.pair()
    b.connection.maxTsduLength = 100
    a.connection.send([new Uint8Array(100)])
    await b.count(1)
    b.connection.maxTsduLength = 100_000
    a.connection.send([new Uint8Array(100_000)])
    await b.count(2)
    a.connection.send([new Uint8Array(100_001)])
    expect((await b.ended())?.by).toBe('protocol')
    expect(b.received.length).toBe(2)
    await a.ended()
  },

  'holds to maxTsduLength as it is set from within data': async (rig, expect) => {
    const { a, b } = await rig.pair()
    b.connection.maxTsduLength = 10
    b.onData = () => (b.connection.maxTsduLength = 1000)
    a.connection.send([new Uint8Array(10)])
    a.connection.send([new Uint8Array(1000)])
    await b.count(2)
    expect(b.received.map((tsdu) => tsdu.length)).toEqual([10, 1000])
  },
}
