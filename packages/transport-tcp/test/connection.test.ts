// An open connection over real sockets: what it puts on the wire, what ends it, and how it holds back.
import { Recorder, seeded, turns, VirtualClock } from '@parley/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tcp, tcpLimits } from '../src/index.ts'
import { cr, dt, hex, Listening, toHex, tpkt } from './raw.ts'

let listening: Listening

beforeEach(async () => {
  listening = await Listening.open()
})

afterEach(() => listening.close())

/** Both ends, with this transport on both sides. */
async function pair(): Promise<{ a: Recorder; b: Recorder }> {
  const count = listening.accepted.length
  const connection = await tcp({ host: '127.0.0.1', port: listening.port }).connect()
  const a = new Recorder(connection).start()
  while (listening.accepted[count] === undefined) await turns()
  return { a, b: listening.accepted[count] }
}

describe('sending', () => {
  it('cuts a TSDU at the negotiated size, with EOT on the last TPDU only', async () => {
    const { peer, end } = await listening.connected(cr('c00107'))
    const tsdu = seeded(3).bytes(300)
    end.connection.send([tsdu.subarray(0, 10), tsdu.subarray(10, 280), tsdu.subarray(280)])
    end.connection.send([tsdu.subarray(0, 125)])
    end.connection.send([tsdu.subarray(0, 126)])
    await peer.until(() => peer.tpdus.length === 6)
    expect(peer.tpdus).toEqual([
      `02f000${toHex(tsdu.subarray(0, 125))}`,
      `02f000${toHex(tsdu.subarray(125, 250))}`,
      `02f080${toHex(tsdu.subarray(250))}`,
      `02f080${toHex(tsdu.subarray(0, 125))}`,
      `02f000${toHex(tsdu.subarray(0, 125))}`,
      `02f080${toHex(tsdu.subarray(125, 126))}`,
    ])
  })

  it.each(['c0010b', 'c0010d', 'f00201ff'])('never exceeds the size agreed by %s', async (parameters) => {
    const size = { c0010b: 2048, c0010d: 8192, f00201ff: 65_408 }[parameters] ?? 0
    const { peer, end } = await listening.connected(cr(parameters))
    const { blockOctets, copiedOctets } = tcpLimits
    const random = seeded(4)
    const tsdus = [1, copiedOctets, copiedOctets + 1, size - 3, size - 2, blockOctets * 3 + 1].map(
      random.bytes,
    )
    for (const tsdu of tsdus) end.connection.send([tsdu.subarray(0, 4), tsdu.subarray(4)])
    const total = tsdus.reduce((sum, { length }) => sum + length + 7 * Math.ceil(length / (size - 3)), 0)
    await peer.until(() => peer.received.length === total)
    const { tpdus } = peer
    expect(Math.max(...tpdus.map((tpdu) => tpdu.length / 2))).toBe(size)
    expect(tpdus.map((tpdu) => tpdu.slice(6)).join('')).toBe(tsdus.map(toHex).join(''))
    expect(tpdus.filter((tpdu) => tpdu.startsWith('02f080')).length).toBe(tsdus.length)
  })
})

describe('receiving', () => {
  it('carries a TSDU of 64 MiB', async () => {
    const { a, b } = await pair()
    const tsdu = seeded(5).bytes(tcpLimits.tsduOctets)
    a.connection.send([tsdu.subarray(0, 100), tsdu.subarray(100)])
    await b.count(1)
    expect(Buffer.compare(tsdu, b.received[0] ?? Buffer.alloc(0))).toBe(0)
  }, 30_000)

  it('refuses one octet more than that unless told otherwise', async () => {
    const { a, b } = await pair()
    expect(b.connection.maxTsduLength).toBe(tcpLimits.tsduOctets)
    a.connection.send([new Uint8Array(tcpLimits.tsduOctets + 1)])
    expect(await b.ended()).toMatchObject({ by: 'protocol' })
    expect(b.received).toEqual([])
    await a.ended()
  }, 30_000)

  it.each<[octets: Uint8Array, by: string, message: string, error: string[]]>([
    [tpkt('06800001000080'), 'peer', 'the peer disconnected: normal disconnect', []],
    [tpkt('068000010000802a'), 'peer', 'the peer disconnected: normal disconnect', []],
    [tpkt('0470000102'), 'protocol', 'the peer found us wrong: invalid TPDU type', []],
    [tpkt('021080616263'), 'protocol', 'sent an ED with a header of 2 octets', ['0870000002c1020210']],
    [tpkt('04f0000180'), 'protocol', 'sent a DT with a header of 4 octets', ['0870000002c10204f0']],
    [tpkt('05c000010001'), 'protocol', 'sent a DC with a header of 5 octets', ['0870000002c10205c0']],
    [cr(), 'protocol', 'sent a CR on an open connection', ['0870000002c10209e0']],
    [tpkt('fff080'), 'protocol', 'sent a TPDU with a header of 255 octets in 2', ['0770000000c101ff']],
    [hex('04000007'), 'protocol', 'sent no TPKT but 0x04000007', []],
    [Buffer.from('GET / HTTP/1.1'), 'protocol', 'sent an HTTP request', []],
    [hex('03000006'), 'protocol', 'sent a TPKT of length 6', []],
  ])('ends at what must not come (%#), after what came before it', async (octets, by, message, error) => {
    const other = await listening.connected()
    const { peer, end } = await listening.connected()
    peer.send(dt('before'), octets, dt('after'))
    expect((await end.ended())?.by).toBe(by)
    expect(end.loss?.message).toContain(message)
    expect(end.received).toEqual([new TextEncoder().encode('before')])
    await peer.closed()
    expect(peer.tpdus).toEqual(error)
    other.peer.send(dt('unmoved'))
    await other.end.count(1)
  })

  it('tells an orderly end from one inside a TSDU and from a reset', async () => {
    const orderly = await listening.connected()
    orderly.peer.send(dt('all')).socket.end()
    expect(await orderly.end.ended()).toEqual({ by: 'peer', message: 'the peer closed the connection' })
    expect(orderly.end.received.length).toBe(1)
    const inside = await listening.connected()
    inside.peer.send(dt('not', false)).socket.end()
    expect(await inside.end.ended()).toEqual({ by: 'network', message: 'the connection broke off' })
    const reset = await listening.connected()
    reset.peer.socket.resetAndDestroy()
    expect(await reset.end.ended()).toEqual({
      by: 'network',
      message: 'the connection was reset (ECONNRESET)',
    })
    for (const { end } of [orderly, inside, reset])
      expect(end.connection.send([Uint8Array.of(1)])).toBe(false)
  })
})

describe('holding back', () => {
  it('keeps memory bounded on both sides while the receiver is paused', async () => {
    const { a, b } = await pair()
    b.connection.pause()
    const block = new Uint8Array(64 * 1024)
    const before = process.memoryUsage().arrayBuffers
    let sent = 0
    for (let drains = -1; drains < a.drains;) {
      drains = a.drains
      do sent++
      while (a.connection.send([block]))
      await turns(20)
    }
    const { highWaterMark } = tcpLimits
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * highWaterMark)
    expect(sent).toBeLessThan(1024)
    b.connection.resume()
    await b.count(sent)
    expect(a.drains).toBeGreaterThan(0)
  })

  it('returns false above its own high-water mark', async () => {
    const small = tcp({ host: '127.0.0.1', port: listening.port, highWaterMark: 100_000 })
    const a = new Recorder(await small.connect()).start()
    expect(a.connection.send([new Uint8Array(90_000)])).toBe(true)
    expect(a.connection.send([new Uint8Array(20_000)])).toBe(false)
    await a.until(() => a.drains === 1)
    a.connection.close()
    await a.ended()
  })

  it('delivers the rest of a chunk only after resume, though more arrives', async () => {
    const { peer, end } = await listening.connected()
    end.onData = () => end.connection.pause()
    peer.send(dt('1'), dt('2'), dt('3'))
    await end.count(1)
    peer.send(dt('4')).socket.end()
    await turns(20)
    for (const text of ['1', '2', '3']) {
      expect(end.received.map((tsdu) => Buffer.from(tsdu).toString()).at(-1)).toBe(text)
      expect(end.losses).toBe(0)
      end.connection.resume()
      await turns(20)
    }
    expect(end.received.length).toBe(4)
    end.connection.resume()
    expect((await end.ended())?.by).toBe('peer')
    expect(end.faults).toEqual([])
  })
})

describe('closing', () => {
  it('waits no longer than lingerTimeout for a peer that does not read', async () => {
    const clock = new VirtualClock()
    const slow = await Listening.open({ clock })
    const { peer, end } = await slow.connected()
    peer.socket.pause()
    for (let block = 0; block < 512; block++) end.connection.send([new Uint8Array(64 * 1024)])
    end.connection.close()
    await turns(20)
    await clock.advanceAsync(tcpLimits.lingerTimeout - 1)
    expect(end.losses).toBe(0)
    await clock.advanceAsync(1)
    expect((await end.ended())?.by).toBe('local')
    clock.expectNothingLeft()
    await slow.close()
  })

  it('leaves no timer behind when the peer closes as well', async () => {
    const clock = new VirtualClock()
    const timed = await Listening.open({ clock })
    for (const paused of [false, true]) {
      const { peer, end } = await timed.connected()
      if (paused) end.connection.pause()
      peer.send(dt('unheard'))
      await turns(20)
      end.connection.close()
      await end.ended()
      await peer.closed()
      expect(clock.pending).toBe(0)
    }
    await timed.close()
  })

  it('drops what the peer still sends', async () => {
    const { peer, end } = await listening.connected()
    end.connection.close()
    peer.send(dt('too late'))
    expect((await end.ended())?.by).toBe('local')
    expect(end.received).toEqual([])
  })
})
