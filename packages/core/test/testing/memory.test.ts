// The transport in memory: the contract of transports, and the faults it can be told to have.
import { describe, expect, it } from 'vitest'
import {
  describeTransport,
  type MemoryLink,
  type MemoryOptions,
  type MemoryTransport,
  memory,
  Recorder,
  seeded,
  turns,
  VirtualClock,
} from '../../src/testing/index.ts'
import type { TransportConnection } from '../../src/ports/transport.ts'

const api = { describe, it, expect }

function fixture(options: MemoryOptions) {
  const transport = memory(options)
  return { transport, expectNothingLeft: () => transport.expectNothingLeft() }
}

describeTransport('memory', () => fixture({}), api)
describeTransport('memory, one TSDU a turn', () => fixture({ split: 1 }), api)
describeTransport('memory under a virtual clock', () => fixture({ clock: new VirtualClock() }), api)
describeTransport('memory with expedited data', () => fixture({ expedited: true }), api)
describeTransport(
  'memory with expedited data that overtakes by chance, under delays by chance',
  () => {
    const random = seeded(8)
    return fixture({
      expedited: true,
      overtakes: () => random.chance(0.5),
      delay: () => random.below(2) / 10,
      split: 3,
    })
  },
  api,
)
describeTransport('memory with a delay', () => fixture({ delay: 0.1 }), api)

describe('memory', () => {
  it('cuts at any octet: what lies across the cut is lost, and both sides hear it', async () => {
    for (let cut = 0; cut <= 30; cut++) {
      const { transport, a, b, link } = await pair()
      link.cutAfter(cut, 'to-acceptor')
      for (let number = 0; number < 3; number++) a.connection.send([new Uint8Array(10).fill(number)])
      b.connection.send([Uint8Array.of(1)])
      expect((await a.ended())?.by).toBe('network')
      expect((await b.ended())?.by).toBe('network')
      expect(b.received.length).toBe(Math.floor(cut / 10))
      expect(a.connection.send([Uint8Array.of(1)])).toBe(false)
      await finish(transport, a, b)
    }
  })

  it('cuts in the middle of a batch that the receiver answers', async () => {
    const { transport, a, b, link } = await pair()
    b.onData = () => b.connection.send([new Uint8Array(1000)])
    link.cutAfter(20, 'to-acceptor')
    for (let number = 0; number < 5; number++) a.connection.send([new Uint8Array(10)])
    await b.ended()
    expect(b.received.length).toBe(2)
    expect(a.received.length).toBe(0)
    await finish(transport, a, b)
  })

  it('stalls one way without anybody being told, and lets everything through afterwards', async () => {
    const clock = new VirtualClock()
    const { transport, a, b, link } = await pair({ clock, highWaterMark: 100 })
    link.stall('to-acceptor')
    expect(a.connection.send([new Uint8Array(100)])).toBe(true)
    expect(a.connection.send([new Uint8Array(100)])).toBe(false)
    b.connection.send([Uint8Array.of(1)])
    await clock.advanceAsync(3_600_000)
    expect([b.received.length, a.received.length]).toEqual([0, 1])
    expect(link.waiting('to-acceptor')).toBe(200)
    link.flow()
    await b.count(2)
    await turns()
    expect(a.drains).toBe(1)
    await finish(transport, a, b)
  })

  it('delays by the clock and keeps the order whatever the delays are', async () => {
    const clock = new VirtualClock()
    const random = seeded(5)
    const { transport, a, b, link } = await pair({ clock })
    link.delay(() => random.below(100))
    for (let number = 0; number < 200; number++) a.connection.send([Uint8Array.of(number)])
    await clock.advanceAsync(50)
    expect(b.received.length).toBeLessThan(200)
    await clock.advanceAsync(50)
    expect(b.received.map((tsdu) => tsdu[0])).toEqual(Array.from({ length: 200 }, (_, number) => number))
    link.delay(40)
    a.connection.send([Uint8Array.of(1)])
    await clock.advanceAsync(39)
    expect(b.received.length).toBe(200)
    await clock.advanceAsync(1)
    expect(b.received.length).toBe(201)
    await finish(transport, a, b)
    clock.expectNothingLeft()
  })

  it('loses what is under way when a delayed link is cut, leaving no timer', async () => {
    const clock = new VirtualClock()
    const { transport, a, b, link } = await pair({ clock })
    link.delay(1000)
    a.connection.send([Uint8Array.of(1)])
    await clock.advanceAsync(1)
    link.cut('struck by lightning')
    clock.expectNothingLeft()
    expect(await b.ended()).toEqual({ by: 'network', message: 'struck by lightning' })
    expect(b.received).toEqual([])
    await finish(transport, a, b)
  })

  it('hands each new link to onLink before its ends are used', async () => {
    const cuts: MemoryLink[] = []
    const onLink = (link: MemoryLink): void => {
      cuts.push(link)
      if (link.number === 1) link.cutAfter(0, 'to-initiator')
    }
    const first = await pair({ onLink })
    expect((await first.a.ended())?.by).toBe('network')
    expect(cuts.map((link) => link.number)).toEqual([1])
    await finish(first.transport, first.a, first.b)
  })

  it('lets expedited data overtake what waits, or not, and never fall behind', async () => {
    for (const overtakes of [true, false]) {
      const clock = new VirtualClock()
      const random = seeded(9)
      const { transport, a, b, link } = await pair({ clock, expedited: true, overtakes })
      link.delay(() => random.below(50))
      for (let number = 0; number < 100; number++) {
        a.connection.send([Uint8Array.of(number)])
        a.connection.sendExpedited?.(Uint8Array.of(number))
      }
      await clock.advanceAsync(1000)
      expect([b.received.length, b.expedited.length]).toEqual([100, 100])
      expect(b.expeditedAfter.every((count, at) => count <= at + 1)).toBe(true)
      expect(b.expeditedAfter.some((count, at) => count < at + 1)).toBe(overtakes)
      await finish(transport, a, b)
      clock.expectNothingLeft()
    }
  })

  it('refuses, or leaves hanging, those who connect', async () => {
    const transport = memory()
    await expect(transport.connect()).rejects.toMatchObject({ name: 'TransportError', code: 'refused' })
    const listening = await transport.listen(() => {})
    transport.onConnect = 'refuse'
    await expect(transport.connect()).rejects.toMatchObject({ code: 'refused' })
    transport.onConnect = 'hang'
    const controller = new AbortController()
    const attempt = transport.connect(controller.signal)
    await turns()
    expect(() => transport.expectNothingLeft()).toThrow('1 connecting')
    controller.abort(new Error('enough'))
    await expect(attempt).rejects.toMatchObject({ code: 'aborted', cause: new Error('enough') })
    await listening.close()
    transport.expectNothingLeft()
  })

  it('names what is left', async () => {
    const { transport, a, b, link } = await pair()
    link.stall()
    a.connection.send([new Uint8Array(12)])
    expect(() => transport.expectNothingLeft()).toThrow(
      'link 1 (not ended: initiator and acceptor; 12 octets waiting); an address being offered',
    )
    a.connection.close()
    await a.ended()
    expect(() => transport.expectNothingLeft()).toThrow('link 1 (not ended: acceptor; 12 octets waiting)')
    b.connection.close()
    await b.ended()
    expect(transport.links).toEqual([])
  })

  it('lets timers run while two sides talk without a pause', async () => {
    const { transport, a, b } = await pair()
    a.onData = b.onData = undefined
    let talking = true
    for (const end of [a, b]) {
      end.onData = (tsdu) => {
        end.received.length = 0
        if (talking) end.connection.send([tsdu])
      }
    }
    a.connection.send([Uint8Array.of(1)])
    await new Promise((resolve) => setTimeout(resolve, 5))
    talking = false
    expect(transport.links[0]?.carried('to-acceptor')).toBeGreaterThan(100)
    await finish(transport, a, b)
  })

  it('refuses to hand a connection over twice', async () => {
    const { transport, a, b } = await pair()
    expect(() => a.connection.listen(a)).toThrow('has been handed over already')
    await finish(transport, a, b)
  })
})

interface Pair {
  readonly transport: MemoryTransport
  readonly a: Recorder
  readonly b: Recorder
  readonly link: MemoryLink
}

async function pair(options: MemoryOptions = {}): Promise<Pair> {
  const transport = memory(options)
  let accepted: TransportConnection | undefined
  const listening = await transport.listen((connection) => (accepted = connection))
  const a = new Recorder(await transport.connect()).start()
  const [link] = transport.links
  if (accepted === undefined || link === undefined) throw new Error('nothing was opened')
  const b = new Recorder(accepted).start()
  open.set(transport, () => listening.close())
  return { transport, a, b, link }
}

const open = new WeakMap<MemoryTransport, () => Promise<void>>()

async function finish(transport: MemoryTransport, ...ends: Recorder[]): Promise<void> {
  await open.get(transport)?.()
  for (const end of ends) end.connection.close()
  for (const end of ends) await end.ended()
  for (const end of ends) expect(end.faults).toEqual([])
  transport.expectNothingLeft()
}
