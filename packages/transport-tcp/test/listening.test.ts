// The listening role against peers without manners: who is answered, who is turned away, and that others go
// on.
import { Recorder, turns, VirtualClock } from '@parley/core/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { tcp, type TcpOptions, tcpLimits } from '../src/index.ts'
import { cc, cr, dt, hex, Listening, RawPeer, toHex, tpkt } from './raw.ts'

let listening: Listening

async function open(options: Partial<TcpOptions> = {}): Promise<Listening> {
  listening = await Listening.open(options)
  return listening
}

afterEach(() => listening.close())

describe('a CR', () => {
  it.each<[request: Uint8Array, options: Partial<TcpOptions>, confirm: string]>([
    [cr('c0010d'), {}, '09d00001000100c0010d'],
    [cr('c0010a'), {}, '09d00001000100c0010a'],
    [cr(''), {}, '09d00001000100c0010d'],
    [cr('c0010d f00201ff'), {}, '0ad00001000100f00201ff'],
    [cr('c0010d'), { maxTpduSize: 1024 }, '09d00001000100c0010a'],
    [cr('c1020001 c2020002'), {}, '09d00001000100c0010d'],
    [cr('990101 c0010a'), {}, '09d00001000100c0010a'],
    [cr('c20474657374'), { selector: 'test' }, '09d00001000100c0010d'],
    [cr('c70100', '20'), {}, '09d00001000100c0010d'],
  ])('is confirmed (%#)', async (request, options, confirm) => {
    const { accepted } = await open(options)
    const peer = await listening.raw()
    peer.send(request, dt('at once'))
    await peer.until(() => peer.tpdus.length === 1)
    expect(peer.tpdus).toEqual([confirm])
    await accepted[0]?.count(1)
    expect(accepted[0]?.received).toEqual([new TextEncoder().encode('at once')])
  })

  it.each<[request: Uint8Array, options: Partial<TcpOptions>, refusal: string, message: string]>([
    [
      cr('c20474657375'),
      { selector: 'test' },
      '06800001000003',
      'address unknown: another T-selector was called',
    ],
    [cr(''), { selector: 'test' }, '06800001000003', 'address unknown: another T-selector was called'],
    [cr('', '20'), {}, '06800001000082', 'negotiation failed: class 2 was asked for'],
    [cr('c70130', '40'), {}, '06800001000082', 'negotiation failed: class 4 was asked for'],
  ])('is refused with a DR (%#)', async (request, options, refusal, message) => {
    const { rejections, accepted } = await open(options)
    const peer = await listening.raw()
    peer.send(request)
    await peer.closed()
    expect(peer.tpdus).toEqual([refusal])
    expect(rejections).toEqual([{ remote: rejections[0]?.remote, code: 'refused', message }])
    expect(rejections[0]?.remote).toMatch(/^tcp 127\.0\.0\.1:\d+$/)
    expect(accepted).toEqual([])
  })

  it('may come octet by octet', async () => {
    const { accepted } = await open()
    const peer = await listening.raw()
    for (const octet of [...cr(), ...dt('slow'), ...dt('ly')]) {
      peer.send(Uint8Array.of(octet))
      await turns(2)
    }
    await peer.until(() => peer.tpdus.length === 1)
    await accepted[0]?.count(2)
    expect(accepted[0]?.received.map((tsdu) => Buffer.from(tsdu).toString())).toEqual(['slow', 'ly'])
  })
})

describe('whoever speaks something else', () => {
  it.each<[octets: Uint8Array, error: string[], what: string]>([
    [Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), [], 'an HTTP request'],
    [hex('16030100c4010000c00303'), [], 'a TLS handshake'],
    [hex('00000018000000000a'), [], 'no TPKT but 0x00000018'],
    [hex('03000004'), [], 'a TPKT of length 4, 7 to 65535 are accepted'],
    [hex('0300ffff 06e00000000100'), [], 'a TPKT of 65535 octets that holds no data'],
    [dt('data'), ['0870000002c10202f0'], 'a DT with a header of 2 octets'],
    [cc(), ['0870000002c10209d0'], 'a CC instead of a CR'],
    [tpkt('06800001000080'), ['0870000002c1020680'], 'a DR instead of a CR'],
    [tpkt('ffe00000000100'), ['0770000000c101ff'], 'a TPDU with a header of 255 octets in 6'],
    [
      tpkt('08e00000000100c0ff'),
      ['0e70000003c10808e00000000100c0'],
      'a CR whose parameter 0xc0 does not fit',
    ],
  ])('is turned away, in words (%#)', async (octets, error, what) => {
    const { rejections } = await open()
    const peer = await listening.raw()
    peer.send(octets)
    await peer.closed()
    await listening.rejected(1)
    expect(peer.tpdus).toEqual(error)
    const [rejection] = rejections
    expect(rejection?.code).toBe('protocol')
    expect(rejection?.message).toBe(
      `this side speaks RFC 1006 (TPKT), the peer at ${rejection?.remote ?? ''} sent ${what}`,
    )
  })

  it('does not disturb the others', async () => {
    const { end, peer } = await open().then(() => listening.connected())
    for (let number = 0; number < 20; number++) {
      const stranger = await listening.raw()
      stranger.send(Buffer.from(`GET /${number} HTTP/1.1\r\n\r\n`))
      await stranger.closed()
    }
    peer.send(dt('still here'))
    await end.count(1)
    end.connection.send([new TextEncoder().encode('so am I')])
    await peer.until(() => peer.tpdus.length === 1)
    expect(peer.tpdus).toEqual([`02f080${toHex(new TextEncoder().encode('so am I'))}`])
    await listening.rejected(20)
  })
})

describe('whoever is slow', () => {
  it('is turned away after handshakeTimeout, whether silent or trickling', async () => {
    const clock = new VirtualClock()
    const { rejections, accepted } = await open({ clock })
    const silent = await listening.raw()
    const trickling = await listening.raw()
    await until(() => clock.pending === 2)
    const request = cr('c0010d c20474657374')
    for (let second = 0; second < tcpLimits.handshakeTimeout / 1000 - 1; second++) {
      trickling.send(request.subarray(second, second + 1))
      await turns(5)
      await clock.advanceAsync(1000)
    }
    await clock.advanceAsync(999)
    expect(rejections).toEqual([])
    await clock.advanceAsync(1)
    await silent.closed()
    await trickling.closed()
    expect(rejections.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'timeout: no CR within 5000 ms',
      'timeout: no CR within 5000 ms',
    ])
    expect(accepted).toEqual([])
    clock.expectNothingLeft()
  })

  it('has all the time it wants once it is connected', async () => {
    const clock = new VirtualClock()
    await open({ clock })
    const { peer, end } = await listening.connected()
    clock.expectNothingLeft()
    await clock.advanceAsync(3_600_000)
    peer.send(dt('good morning'))
    await end.count(1)
    expect(end.losses).toBe(0)
  })

  it('is named when it leaves again by itself', async () => {
    const { rejections } = await open()
    const leaver = await listening.raw()
    leaver.send(cr().subarray(0, 5))
    leaver.socket.end()
    await listening.rejected(1)
    const crasher = await listening.raw()
    await turns(5)
    crasher.socket.resetAndDestroy()
    await listening.rejected(2)
    expect(rejections.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'gone: the connection broke off',
      'gone: the connection was reset (ECONNRESET)',
    ])
  })
})

describe('too many half-open connections', () => {
  it('make the oldest give way, and leave those that are open alone', async () => {
    const { rejections } = await open({ maxHalfOpen: 3 })
    const { peer, end } = await listening.connected()
    const idle: RawPeer[] = []
    for (let number = 0; number < 5; number++) {
      idle.push(await listening.raw())
      await turns(3)
    }
    await listening.rejected(2)
    await idle[0]?.closed()
    await idle[1]?.closed()
    expect(idle.map(({ ended }) => ended)).toEqual([true, true, false, false, false])
    expect(rejections.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'overload: made room: 4 connections of this address have not sent a CR',
      'overload: made room: 4 connections of this address have not sent a CR',
    ])
    idle[2]?.send(cr())
    await idle[2]?.until(() => idle[2]?.tpdus.length === 1)
    peer.send(dt('x'))
    await end.count(1)
  })

  it('are counted for each host too', async () => {
    const { rejections } = await open({ maxHalfOpenPerHost: 1 })
    await listening.raw()
    const second = await listening.raw()
    await listening.rejected(1)
    expect(rejections[0]?.message).toBe('made room: 2 connections of its host have not sent a CR')
    second.send(cr())
    await second.until(() => second.tpdus.length === 1)
  })
})

describe('listening', () => {
  it('names the address, also when it cannot be had', async () => {
    const { listening: offered, port } = await open()
    expect(offered.address).toBe(`tcp 127.0.0.1:${port}`)
    const again = tcp({ port, host: '127.0.0.1' }).listen(() => {})
    await expect(again).rejects.toMatchObject({
      name: 'TransportError',
      code: 'address',
      message: `cannot listen on tcp 127.0.0.1:${port}: the address is in use (EADDRINUSE)`,
    })
    await expect(tcp({ port: 0, host: '192.0.2.77' }).listen(() => {})).rejects.toMatchObject({
      code: 'address',
    })
  })

  it('offers all addresses of the machine when no host is given', async () => {
    listening = await Listening.open()
    const everywhere = await tcp({ port: 0 }).listen((connection) => new Recorder(connection).start())
    const ends: Recorder[] = []
    for (const host of ['127.0.0.1', '::1', 'localhost']) {
      const connection = await tcp({ host, port: everywhere.port ?? 0 }).connect()
      ends.push(new Recorder(connection).start())
    }
    expect(ends[0]?.connection.remote).toBe(`tcp 127.0.0.1:${everywhere.port}`)
    expect(ends[1]?.connection.remote).toBe(`tcp [::1]:${everywhere.port}`)
    for (const end of ends) end.connection.close()
    for (const end of ends) await end.ended()
    await everywhere.close()
  })

  it('turns away who waits when it ends, and can be ended twice', async () => {
    const { listening: offered, rejections } = await open()
    const waiting = await listening.raw()
    await turns(3)
    await offered.close()
    await offered.close()
    await waiting.closed()
    expect(rejections.map(({ message }) => message)).toEqual(['the address is no longer offered'])
  })
})

async function until(met: () => boolean): Promise<void> {
  while (!met()) await turns()
}
