// The tap: what it reports, what its text sink prints, and that the transport under it is unchanged.
import { describe, expect, it } from 'vitest'
import { describeTransport, memory, Recorder, turns, VirtualClock } from '../../src/testing/index.ts'
import { type TapEvent, type TapSink, tap, text } from '../../src/tap/index.ts'
import type { Transport, TransportConnection } from '../../src/ports/transport.ts'

describeTransport(
  'a tapped transport',
  () => {
    const inner = memory()
    return { transport: tap(inner, { event: () => {} }), expectNothingLeft: () => inner.expectNothingLeft() }
  },
  { describe, it, expect },
)

describe('tap', () => {
  it('reports connections, TSDUs and ends, with the time of its clock', async () => {
    const clock = new VirtualClock()
    const events: TapEvent[] = []
    const inner = memory({ clock })
    const { a, b } = await talk(inner, tap(inner, recordingSink(events), clock), async (a, b) => {
      await clock.advanceAsync(100)
      a.connection.send([Uint8Array.of(1, 2), Uint8Array.of(3)])
      await b.count(1)
      await clock.advanceAsync(50)
      b.connection.send([Uint8Array.of(9)])
      await a.count(1)
    })
    expect(a.connection.send([Uint8Array.of(4)])).toBe(false)
    expect(b.loss?.by).toBe('peer')
    expect(events).toEqual([
      { type: 'connected', connection: 1, at: 0, role: 'initiator', remote: 'memory acceptor 1' },
      {
        type: 'data',
        connection: 1,
        at: 100,
        direction: 'sent',
        tsdu: Uint8Array.of(1, 2, 3),
        expedited: false,
      },
      {
        type: 'data',
        connection: 1,
        at: 150,
        direction: 'received',
        tsdu: Uint8Array.of(9),
        expedited: false,
      },
      { type: 'ended', connection: 1, at: 150, loss: { by: 'local', message: 'closed by this side' } },
    ])
  })

  it('tells connections apart when it listens', async () => {
    const events: TapEvent[] = []
    const inner = memory()
    const listening = await tap(inner, recordingSink(events)).listen((connection) => {
      new Recorder(connection).start()
    })
    const ends = [new Recorder(await inner.connect()).start(), new Recorder(await inner.connect()).start()]
    for (const [at, end] of ends.entries()) end.connection.send([Uint8Array.of(at)])
    await turns()
    for (const end of ends) end.connection.close()
    for (const end of ends) await end.ended()
    await listening.close()
    const seen = events.map(
      (event) => `${event.connection} ${event.type === 'connected' ? event.role : event.type}`,
    )
    expect(seen).toEqual(['1 acceptor', '2 acceptor', '1 data', '2 data', '1 ended', '2 ended'])
  })

  it('prints one line per event', async () => {
    const clock = new VirtualClock()
    const lines: string[] = []
    const inner = memory({ clock })
    await clock.advanceAsync(5000)
    const sink = text((line) => lines.push(line))
    await talk(inner, tap(inner, sink, clock), async (a, b) => {
      await clock.advanceAsync(12.34)
      a.connection.send([Uint8Array.of(0x01, 0x00, 0x01, 0x00, 0x41)])
      await b.count(1)
      b.connection.send([Uint8Array.of(0x1b, 0x5b, 0x41)])
      await a.count(1)
    })
    expect(lines.length).toBe(4)
    expect(lines[0]).toBe('      0.0 ms  #1 connected to memory acceptor 1')
    expect(lines[1]).toMatch(/^ {5}12\.3 ms {2}#1 -> .*DT/)
    expect(lines[2]).toMatch(/^ {5}12\.3 ms {2}#1 <- ./)
    expect(lines[3]).toBe('     12.3 ms  #1 ended by local: closed by this side')
    expect(lines.join('')).not.toMatch(/\p{Cc}/u)
  })
})

/** A conversation of the tapped initiator `a` with `b`, which `a` ends. */
async function talk(
  inner: Transport,
  tapped: Transport,
  body: (a: Recorder, b: Recorder) => Promise<void>,
): Promise<{ a: Recorder; b: Recorder }> {
  let accepted: TransportConnection | undefined
  const listening = await inner.listen((connection) => {
    accepted = connection
  })
  const a = new Recorder(await tapped.connect()).start()
  if (accepted === undefined) throw new Error('nothing was accepted')
  const b = new Recorder(accepted).start()
  await body(a, b)
  a.connection.close()
  await a.ended()
  await b.ended()
  await listening.close()
  return { a, b }
}

/** Keeps the events; their octets are copied, since they are lent for the call only. */
function recordingSink(events: TapEvent[]): TapSink {
  return {
    event: (event) => events.push(event.type === 'data' ? { ...event, tsdu: event.tsdu.slice() } : event),
  }
}
