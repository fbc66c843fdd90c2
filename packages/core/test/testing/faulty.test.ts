// The faulty transport: a transport like any other until it is told to fail, and then it fails as told.

import { describe, expect, it } from 'vitest'

import { describeTransport, faulty, memory, Recorder, turns, VirtualClock } from '../../src/testing/index.ts'
import type { FaultyLink } from '../../src/testing/index.ts'

describeTransport(
  'a faulty transport that works',
  () => {
    const inner = memory({ expedited: true })
    return { transport: faulty(inner), expectNothingLeft: () => inner.expectNothingLeft() }
  },
  { describe, it, expect },
)

/** A pair of ends, the first of them through a link that fails. */
async function pair(): Promise<{
  clock: VirtualClock
  a: Recorder
  b: Recorder
  link: FaultyLink
  end: () => Promise<void>
}> {
  const clock = new VirtualClock()
  const inner = memory({ clock })
  const transport = faulty(inner, { clock, highWaterMark: 100 })
  let accepted: Recorder | undefined
  const listening = await transport.listen((connection) => (accepted = new Recorder(connection)))
  const a = new Recorder(await transport.connect())
  const [link] = transport.links
  if (accepted === undefined || link === undefined) throw new Error('nobody was connected')
  const b = accepted
  for (const end of [a, b]) end.start()
  const end = async (): Promise<void> => {
    transport.end()
    await listening.close()
    await clock.advanceAsync(1)
    expect([a.losses, b.losses, a.faults, b.faults, transport.links]).toEqual([1, 1, [], [], []])
    inner.expectNothingLeft()
    clock.expectNothingLeft()
  }
  return { clock, a, b, link, end }
}

describe('a faulty transport', () => {
  it('delays, and keeps the order', async () => {
    const { clock, a, b, link, end } = await pair()
    const delays = [50, 10]
    link.delay(() => delays.shift() ?? 0, 'to-acceptor')
    a.connection.send([Uint8Array.of(1)])
    a.connection.send([Uint8Array.of(2)])
    await clock.advanceAsync(49)
    expect(b.received).toEqual([])
    await clock.advanceAsync(1)
    expect(b.received).toEqual([Uint8Array.of(1), Uint8Array.of(2)])
    await end()
  })

  it('is as narrow as it is told, and says when there is room', async () => {
    const { clock, a, b, link, end } = await pair()
    link.throttle(1_000)
    const room = [1, 2, 3].map((octet) => a.connection.send([new Uint8Array(100).fill(octet)]))
    expect(room).toEqual([true, false, false])
    await clock.advanceAsync(200)
    expect([b.received.length, a.drains]).toEqual([2, 0])
    await clock.advanceAsync(100)
    expect([b.received.length, a.drains]).toEqual([3, 1])
    await end()
  })

  it('stands still in one direction, the end included, and then goes on', async () => {
    const { clock, a, b, link, end } = await pair()
    link.stall('to-acceptor')
    a.connection.send([Uint8Array.of(1)])
    b.connection.send([Uint8Array.of(2)])
    await turns(2)
    a.connection.close()
    await clock.advanceAsync(10_000)
    expect([a.received, a.loss?.by, b.received, b.losses]).toEqual([[Uint8Array.of(2)], 'local', [], 0])
    link.flow()
    await clock.advanceAsync(0)
    expect([b.received, b.loss?.by]).toEqual([[Uint8Array.of(1)], 'peer'])
    await end()
  })

  it('is cut, at once or after so many TSDUs', async () => {
    const { clock, a, b, link, end } = await pair()
    link.cutAfter(2, 'to-initiator')
    for (const octet of [1, 2, 3]) b.connection.send([Uint8Array.of(octet)])
    await clock.advanceAsync(0)
    expect([a.received.length, a.loss?.by, b.losses]).toEqual([2, 'network', 1])
    expect(a.connection.send([Uint8Array.of(4)])).toBe(false)
    await end()
  })
})
