// The transport contract: whole TSDUs, in order, once.
import type { ContractTests } from './rig.ts'
import { seeded } from '../random.ts'
import { turns } from '../turns.ts'

/** Around every boundary that framing, TPDUs and buffers have. */
const LENGTHS = [
  1, 2, 3, 7, 125, 126, 128, 1024, 2045, 2046, 8189, 8192, 65405, 65406, 65528, 65529, 65536, 200_000,
]

export const data: ContractTests = {
  'carries TSDUs of any length, both ways, whole and in order': async (rig, expect) => {
    const { a, b } = await rig.pair()
    const random = seeded(1)
    const sent = LENGTHS.map((length) => random.bytes(length))
    for (const tsdu of sent) {
      a.during('send', () => a.connection.send([tsdu]))
      b.during('send', () => b.connection.send([tsdu]))
    }
    for (const end of [a, b]) {
      await end.count(sent.length)
      expect(end.received.map((tsdu) => tsdu.length)).toEqual(LENGTHS)
      for (const [at, tsdu] of end.received.entries()) expect(equal(tsdu, sent[at])).toBe(true)
    }
  },

  'joins the parts of a TSDU': async (rig, expect) => {
    const { a, b } = await rig.pair()
    const random = seeded(2)
    const sent = [100, 9000, 70_000, 200_000].map((length) => random.bytes(length))
    for (const tsdu of sent) {
      const cuts = [0, 1, 1, 50, tsdu.length >> 1, tsdu.length]
      a.connection.send(cuts.slice(1).map((end, at) => tsdu.subarray(cuts[at], end)))
    }
    await b.count(sent.length)
    for (const [at, tsdu] of b.received.entries()) expect(equal(tsdu, sent[at])).toBe(true)
  },

  'delivers plain Uint8Arrays whose memory it does not use again': async (rig, expect) => {
    const { a, b } = await rig.pair()
    for (let number = 0; number < 2000; number++)
      a.connection.send([new Uint8Array(1 + (number % 97)).fill(number)])
    await b.count(2000)
    for (const [number, tsdu] of b.received.entries()) {
      expect(Object.getPrototypeOf(tsdu) === Uint8Array.prototype).toBe(true)
      expect(tsdu.length).toBe(1 + (number % 97))
      expect(tsdu.every((octet) => octet === number % 256)).toBe(true)
    }
  },

  'sends no empty TSDU': async (rig, expect) => {
    const { a, b } = await rig.pair()
    for (const parts of [[], [new Uint8Array(0)]]) expect(a.connection.send(parts)).toBe(true)
    a.connection.send([Uint8Array.of(9)])
    await b.count(1)
    await turns(5)
    expect(b.received).toEqual([Uint8Array.of(9)])
  },

  'delivers nothing before it is listened to, and then everything': async (rig, expect) => {
    const { a, b } = await rig.pair({ listen: false })
    a.start()
    for (let number = 0; number < 100; number++) a.connection.send([Uint8Array.of(number)])
    await turns(20)
    expect(b.received.length).toBe(0)
    b.start()
    await b.count(100)
    expect(b.received.map((tsdu) => tsdu[0])).toEqual(Array.from({ length: 100 }, (_, number) => number))
  },

  'carries an answer sent from within data': async (rig, expect) => {
    const { a, b } = await rig.pair()
    b.onData = (tsdu) => b.connection.send([tsdu])
    a.onData = ([count = 0]) => {
      if (count < 200) a.during('send', () => a.connection.send([Uint8Array.of(count + 1)]))
    }
    a.connection.send([Uint8Array.of(0)])
    await a.until(() => a.received.at(-1)?.[0] === 200)
    expect(a.received.length).toBe(201)
  },
}

/** Faster than `toEqual` on large arrays. */
export function equal(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined || a.length !== b.length) return false
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}
