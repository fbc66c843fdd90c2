// Expedited data on the wire: who offers it to whom, the ED TPDU in every
// cutting, and peers that get it wrong.
import { Recorder, turns } from '@parley/core/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { tcp, tcpLimits } from '../src/index.ts'
import { cc, cr, dt, Listening, rawServer, tpkt } from './raw.ts'

let listening: Listening | undefined
let server: Awaited<ReturnType<typeof rawServer>> | undefined

afterEach(async () => {
  await listening?.close()
  server?.close()
  listening = server = undefined
})

const text = (octets: Uint8Array): string => new TextDecoder().decode(octets)

describe('negotiation', () => {
  it.each<[offered: boolean, request: string, confirm: string, agreed: boolean]>([
    [false, 'c0010d', '09d00001000100c0010d', false],
    [false, 'c0010d c60101', '09d00001000100c0010d', false],
    [true, 'c0010d', '09d00001000100c0010d', false],
    [true, 'c0010d c60100', '09d00001000100c0010d', false],
    [true, 'c0010d c600', '09d00001000100c0010d', false],
    [true, 'c0010d c6020101', '09d00001000100c0010d', false],
    [true, 'c0010d c60101', '0cd00001000100c0010dc60101', true],
    [true, 'c60141 c0010d', '0cd00001000100c0010dc60101', true],
  ])('offered: %s; a CR with %s gets %s, agreed: %s', async (offered, request, confirm, agreed) => {
    listening = await Listening.open({ expedited: offered })
    const peer = await listening.raw()
    peer.send(cr(request))
    await peer.until(() => peer.tpdus.length === 1)
    expect(peer.tpdus).toEqual([confirm])
    expect(listening.accepted[0]?.connection.expedited).toBe(agreed)
  })

  it.each<[asked: boolean, request: string, answer: string, agreed: boolean]>([
    [false, '0de00000000100f00201ffc0010d', 'c0010d', false],
    [false, '0de00000000100f00201ffc0010d', 'c0010d c60101', false],
    [true, '10e00000000100f00201ffc0010dc60101', 'c0010d', false],
    [true, '10e00000000100f00201ffc0010dc60101', 'c0010d c60100', false],
    [true, '10e00000000100f00201ffc0010dc60101', 'c0010d c60101', true],
    [true, '10e00000000100f00201ffc0010dc60101', 'c60103 c0010d', true],
  ])('asked: %s, as %s; a CC with %s agrees: %s', async (asked, request, answer, agreed) => {
    const requests: string[] = []
    server = await rawServer((peer) => {
      void peer
        .until(() => peer.tpdus.length === 1)
        .then(() => {
          requests.push(...peer.tpdus)
          peer.send(cc(answer))
        })
    })
    const connection = await tcp({ host: '127.0.0.1', port: server.port, expedited: asked }).connect()
    expect(requests).toEqual([request])
    expect(connection.expedited).toBe(agreed)
    const end = new Recorder(connection).start()
    expect(connection.sendExpedited?.(Uint8Array.of(1))).toBe(agreed)
    connection.close()
    await end.ended()
  })
})

describe('an ED', () => {
  it('leaves as RFC 1006 has it, in order with the data', async () => {
    listening = await Listening.open({ expedited: true })
    const { peer, end } = await listening.connected(cr('c00107 c60101'))
    end.connection.send([new Uint8Array(126).fill(0xaa)])
    end.connection.sendExpedited?.(Uint8Array.of(1, 2))
    end.connection.send([Uint8Array.of(3)])
    await peer.until(() => peer.tpdus.length === 4)
    expect(peer.tpdus).toEqual([`02f000${'aa'.repeat(125)}`, '02f080aa', '0210800102', '02f08003'])
  })

  it('arrives alike in every cutting, inside a TSDU too, with either EOT', async () => {
    listening = await Listening.open({ expedited: true })
    const stream = Buffer.concat([
      dt('one', false),
      tpkt('02108061'),
      tpkt('0210006263'),
      dt('two'),
      tpkt(`021080${'64'.repeat(16)}`),
      dt('three'),
    ])
    for (let cut = 1; cut < stream.length; cut++) {
      const { peer, end } = await listening.connected(cr('c0010d c60101'))
      peer.send(stream.subarray(0, cut))
      await turns(2)
      peer.send(stream.subarray(cut))
      await end.count(2)
      expect(end.received.map(text)).toEqual(['onetwo', 'three'])
      expect(end.expedited.map(text)).toEqual(['a', 'bc', 'd'.repeat(16)])
      expect(end.expeditedAfter).toEqual([0, 0, 1])
      peer.socket.destroy()
    }
  })

  it.each<[agreed: boolean, tpdu: string, message: string, error: string]>([
    [false, '02108061', 'sent an ED with a header of 2 octets', '0870000002c1020210'],
    [true, '021080', 'sent an ED with 0 octets of data', '0970000000c103021080'],
    [true, `021080${'00'.repeat(17)}`, 'sent an ED with 17 octets of data', '0970000000c103021080'],
    [true, '02108161', 'sent an ED that ends with 0x81', '0970000003c103021081'],
    [true, '041000018061', 'sent an ED with a header of 4 octets', '0770000000c10104'],
  ])('agreed: %s, ends the connection with an ER when it is %s', async (agreed, tpdu, message, error) => {
    listening = await Listening.open({ expedited: agreed })
    const { peer, end } = await listening.connected(cr('c0010d c60101'))
    peer.send(dt('before'), dt('half', false), tpkt(tpdu), dt('after'))
    expect((await end.ended())?.by).toBe('protocol')
    expect(end.loss?.message).toContain(message)
    expect(end.received.map(text)).toEqual(['before'])
    expect(end.expedited).toEqual([])
    await peer.closed()
    expect(peer.tpdus).toEqual([error])
  })

  it(`no more than expeditedWaiting (${tcpLimits.expeditedWaiting}) wait untold`, async () => {
    listening = await Listening.open({ expedited: true, highWaterMark: 2 ** 30 })
    const { peer, end } = await listening.connected(cr('c0010d c60101'))
    let taken = 0
    peer.socket.pause()
    end.connection.send([new Uint8Array(16_000_000)])
    while (taken < 1000 && end.connection.sendExpedited?.(Uint8Array.of(1)) !== false) taken++
    expect(taken).toBe(tcpLimits.expeditedWaiting)
    peer.socket.resume()
    await end.until(() => end.drains === 1)
    expect(end.connection.sendExpedited?.(Uint8Array.of(1))).toBe(true)
  })
})
