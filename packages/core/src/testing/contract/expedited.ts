// The transport contract: expedited data, for transports that have it; the others must say so.
import type { ContractTests } from './rig.ts'
import { equal } from './data.ts'
import type { Recorder } from './recorder.ts'
import { seeded } from '../random.ts'
import { turns } from '../turns.ts'

export const expedited: ContractTests = {
  'is there on both sides or on neither': async (rig, expect) => {
    const { a, b } = await rig.pair()
    expect(a.connection.expedited).toBe(b.connection.expedited)
    for (const end of [a, b]) {
      const sent = end.during(
        'sendExpedited',
        () => end.connection.sendExpedited?.(Uint8Array.of(1)) ?? false,
      )
      expect(sent).toBe(end.connection.expedited)
    }
    a.connection.send([Uint8Array.of(2)])
    await b.count(1)
    await turns(5)
    expect(b.expedited.length).toBe(b.connection.expedited ? 1 : 0)
  },

  'carries 1 to 16 octets whole and in order, both ways': async (rig, expect) => {
    const { a, b } = await rig.pair()
    if (!a.connection.expedited) return
    const random = seeded(6)
    const sent = Array.from({ length: 16 }, (_, length) => random.bytes(length + 1))
    for (const data of sent) for (const end of [a, b]) end.connection.sendExpedited?.(data)
    for (const end of [a, b]) {
      await end.until(() => end.expedited.length === sent.length)
      expect(end.expedited.every((data, at) => equal(data, sent[at]))).toBe(true)
      expect(end.expedited.every((data) => Object.getPrototypeOf(data) === Uint8Array.prototype)).toBe(true)
    }
  },

  'sends neither an empty one nor one of 17 octets': async (rig, expect) => {
    const { a, b } = await rig.pair()
    if (!a.connection.expedited) return
    for (const length of [0, 17]) expect(a.connection.sendExpedited?.(new Uint8Array(length))).toBe(true)
    a.connection.sendExpedited?.(Uint8Array.of(3))
    await b.until(() => b.expedited.length > 0)
    await turns(5)
    expect(b.expedited).toEqual([Uint8Array.of(3)])
  },

  'arrives before all normal data sent after it': async (rig, expect) => {
    const { a, b } = await rig.pair()
    if (!a.connection.expedited) return
    const before: number[] = []
    for (let number = 0; number < 50; number++) {
      a.connection.send([new Uint8Array(number % 7 === 0 ? 100_000 : 50).fill(number)])
      before.push(number + 1)
      a.connection.sendExpedited?.(Uint8Array.of(number))
    }
    await b.count(50)
    await b.until(() => b.expedited.length === 50)
    expect(b.expedited.map(([number]) => number)).toEqual(Array.from({ length: 50 }, (_, at) => at))
    expect(b.expeditedAfter.every((count, at) => count <= (before[at] ?? 0))).toBe(true)
    expect(b.received.every((tsdu, at) => tsdu.every((octet) => octet === at))).toBe(true)
  },

  'is held back with the data while paused, and lost to nobody': async (rig, expect) => {
    const { a, b } = await rig.pair()
    if (!a.connection.expedited) return
    b.connection.pause()
    a.connection.send([Uint8Array.of(1)])
    a.connection.sendExpedited?.(Uint8Array.of(2))
    a.connection.close()
    await turns(20)
    expect(b.expedited.length + b.received.length + b.losses).toBe(0)
    b.connection.resume()
    expect((await b.ended())?.by).toBe('peer')
    expect([b.expedited.length, b.received.length]).toEqual([1, 1])
  },

  'tells the sender that too many wait, and when there is room again': async (rig, expect) => {
    const { a, b } = await rig.pair()
    if (!a.connection.expedited) return
    b.connection.pause()
    const sent = flood(a)
    expect(sent < MANY).toBe(true)
    b.connection.resume()
    await a.until(() => a.drains > 0)
    await b.until(() => b.expedited.length === sent)
    expect(a.connection.sendExpedited?.(Uint8Array.of(1))).toBe(true)
  },

  'does nothing after the end': async (rig, expect) => {
    const { a, b } = await rig.pair()
    if (!a.connection.expedited) return
    a.connection.close()
    expect(a.connection.sendExpedited?.(Uint8Array.of(1))).toBe(false)
    await b.ended()
    expect(b.connection.sendExpedited?.(Uint8Array.of(1))).toBe(false)
    expect(b.expedited.length).toBe(0)
  },
}

/** No transport may let so many wait without a word. */
const MANY = 10_000

/** Sends until told to stop; returns how many were sent. */
function flood(end: Recorder): number {
  for (let sent = 1; sent <= MANY; sent++) {
    if (end.connection.sendExpedited?.(new Uint8Array(16)) !== true) return sent
  }
  return MANY
}
