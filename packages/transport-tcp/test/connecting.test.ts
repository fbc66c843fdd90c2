// The connecting role against servers that are not what they should be.
import { Recorder, turns, VirtualClock } from '@parley/core/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { tcp, type TcpOptions, tcpLimits } from '../src/index.ts'
import { cc, cr, dt, hex, RawPeer, rawServer, tpkt } from './raw.ts'

let server: { port: number; close: () => void } | undefined

afterEach(() => {
  server?.close()
  server = undefined
})

/** Connects to a server that answers the first octets with those given, and returns the error. */
async function failure(answer: (peer: RawPeer) => void, options: Partial<TcpOptions> = {}): Promise<unknown> {
  server = await rawServer((peer) => void peer.until(() => peer.received.length > 0).then(() => answer(peer)))
  try {
    await tcp({ host: '127.0.0.1', port: server.port, ...options }).connect()
    return undefined
  } catch (error) {
    return error
  }
}

describe('connecting', () => {
  it.each<[answer: Uint8Array, code: string, message: string]>([
    [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'protocol', 'sent an HTTP response'],
    [hex('15030300020246'), 'protocol', 'sent a TLS alert'],
    [Buffer.from('SSH-2.0-x\r\n'), 'protocol', 'sent an SSH greeting'],
    [hex('1b5b41'), 'protocol', 'sent no TPKT but 0x1b5b41'],
    [hex('0300000302'), 'protocol', 'sent a TPKT of length 3'],
    [tpkt('06800001000003'), 'refused', 'the peer refused: address unknown'],
    [tpkt('06800001000001'), 'refused', 'the peer refused: congestion at the address'],
    [tpkt('0680000100002a'), 'refused', 'the peer refused: reason 42'],
    [tpkt('0470000103'), 'protocol', 'the peer found us wrong: invalid parameter value'],
    [dt('data'), 'protocol', 'sent a DT with a header of 2 octets'],
    [cr(), 'protocol', 'sent a CR for an answer'],
    [cc('c0010d', '0002 0077 00'), 'protocol', 'sent a CC for another connection'],
    [cc('c0010d', '0001 0077 20'), 'protocol', 'sent a CC for class 2, class 0 was asked for'],
    [cc('c0010e'), 'protocol', 'sent a CC with a TPDU size that was not proposed'],
    [cc('f0020200'), 'protocol', 'sent a CC with a preferred TPDU size that was not proposed'],
    [cc('990101'), 'protocol', 'sent a CC with the unknown parameter 0x99'],
  ])('fails with the answer in words (%#)', async (answer, code, message) => {
    const error = await failure((peer) => peer.send(answer))
    expect(error).toMatchObject({ name: 'TransportError', code })
    expect(String(error)).toContain(`cannot connect to tcp 127.0.0.1:${server?.port}: `)
    expect(String(error)).toContain(message)
  })

  it('answers an invalid CC with an ER', async () => {
    let peer: RawPeer | undefined
    await failure((answering) => {
      peer = answering
      answering.received = new Uint8Array()
      answering.send(cc('c0010d', '0002 0077 00'))
    })
    await peer?.closed()
    expect(peer?.tpdus).toEqual(['0a70007703c10409d00002'])
  })

  it('sends a CR that proposes sizes and names the selectors', async () => {
    const requests: string[] = []
    const options: Partial<TcpOptions>[] = [
      {},
      { maxTpduSize: 1024 },
      { callingSelector: 'me', calledSelector: Uint8Array.of(0, 1) },
    ]
    for (const option of options) {
      await failure((peer) => {
        requests.push(...peer.tpdus)
        peer.socket.end()
      }, option)
      server?.close()
    }
    expect(requests).toEqual([
      '0de00000000100f00201ffc0010d',
      '09e00000000100c0010a',
      '15e00000000100f00201ffc0010dc1026d65c2020001',
    ])
  })

  it('fails when the server ends the connection instead', async () => {
    const ended = await failure((peer) => peer.socket.end())
    expect(ended).toMatchObject({ code: 'refused' })
    expect(String(ended)).toContain('the peer closed the connection')
    server?.close()
    const reset = await failure((peer) => peer.socket.resetAndDestroy())
    expect(reset).toMatchObject({ code: 'refused' })
    expect(String(reset)).toContain('the connection was reset (ECONNRESET)')
  })

  it('fails after connectTimeout, absolute, though octets trickle in', async () => {
    const clock = new VirtualClock()
    const peers: RawPeer[] = []
    const failed = failure((answering) => peers.push(answering), { clock })
    while (peers.length === 0) await turns()
    const [peer] = peers
    for (let second = 0; second < tcpLimits.connectTimeout / 1000; second++) {
      peer?.send(cc().subarray(second, second + 1))
      await turns(3)
      await clock.advanceAsync(1000)
    }
    const error = await failed
    expect(error).toMatchObject({ code: 'timeout' })
    expect(String(error)).toContain('no answer within 5000 ms')
    await peer?.closed()
    clock.expectNothingLeft()
  })

  it('fails when its signal aborts, before or meanwhile', async () => {
    const controller = new AbortController()
    let peer: RawPeer | undefined
    server = await rawServer((accepted) => {
      peer = accepted
      controller.abort(new Error('no more'))
    })
    const transport = tcp({ host: '127.0.0.1', port: server.port })
    const expected = { code: 'aborted', cause: new Error('no more') }
    await expect(transport.connect(controller.signal)).rejects.toMatchObject(expected)
    await peer?.closed()
    await expect(transport.connect(controller.signal)).rejects.toMatchObject(expected)
  })

  it('fails in words when nobody is there', async () => {
    server = await rawServer(() => {})
    const { port } = server
    server.close()
    await turns(3)
    await expect(tcp({ host: '127.0.0.1', port }).connect()).rejects.toMatchObject({
      code: 'refused',
      message: `cannot connect to tcp 127.0.0.1:${port}: nobody listens there (ECONNREFUSED)`,
    })
    await expect(tcp({ port }).connect()).rejects.toMatchObject({
      code: 'refused',
      message: `cannot connect to tcp localhost:${port}: nobody listens there (ECONNREFUSED)`,
    })
    await expect(tcp({ path: '/nowhere/at.all' }).connect()).rejects.toMatchObject({
      code: 'unreachable',
      message: 'cannot connect to unix /nowhere/at.all: no such socket (ENOENT)',
    })
  })

  it('keeps what comes together with the CC', async () => {
    server = await rawServer((peer) => {
      void peer.until(() => peer.received.length > 0).then(() => peer.send(cc(), dt('first'), dt('second')))
    })
    const clock = new VirtualClock()
    const connection = await tcp({ host: '127.0.0.1', port: server.port, clock }).connect()
    clock.expectNothingLeft()
    await turns(10)
    const end = new Recorder(connection).start()
    await end.count(2)
    expect(end.received.map((tsdu) => Buffer.from(tsdu).toString())).toEqual(['first', 'second'])
    connection.close()
    await end.ended()
    expect(end.faults).toEqual([])
  })
})
