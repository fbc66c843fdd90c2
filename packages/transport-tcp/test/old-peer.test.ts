// An old reference stack as it is known to use this transport: one TPDU size of 2048 octets, TSDUs of at most
// 2041 that just fit it, and a DR before it closes, which class 0 does not have.
import { acceptSessions, openSession, type SessionConnection } from '@parley/core'
import { Recorder, seeded } from '@parley/core/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { tcp } from '../src/index.ts'
import { cc, cr, dt, hex, Listening, type RawPeer, rawServer, toHex, tpkt } from './raw.ts'

const TPDU_2048 = 'c0010b'
/** A DR with reason 128, normal disconnect. */
const DR = tpkt('06 80 0077 0001 80')
const sizes = [1, 2_041, 2_045, 2_046, 4_090, 20_000]

const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

describe('an old peer with TPDUs of 2048 octets', () => {
  it('that calls is answered with that size, and gets nothing longer', async () => {
    const listening = await opening(Listening.open())
    const peer = await listening.raw()
    peer.send(cr(TPDU_2048))
    await peer.until(() => peer.tpdus.length === 1)
    expect(peer.tpdus[0]).toContain(TPDU_2048)
    peer.received = new Uint8Array()
    const [end] = listening.accepted
    if (end === undefined) throw new Error('no connection was accepted')
    await expectBothWays(peer, end)
  })

  it('that answers with that size gets nothing longer', async () => {
    const { peer, connection } = await called()
    await expectBothWays(peer, new Recorder(connection).start())
  })

  it('carries a whole session with TSDUs of 2041 octets, one TPDU each', async () => {
    const options = { host: '127.0.0.1', maxTpduSize: 2_048 }
    const tsduSizes = { send: 2_041, receive: 2_041 }
    const data = seeded(9).bytes(100_000)
    let served: SessionConnection | undefined
    const listening = await opening(
      acceptSessions(tcp({ ...options, port: 0 }), { tsduSizes }, (request) => {
        served = request.accept()
        served.listen({ data: (ssdu) => void served?.send([ssdu]) })
      }),
    )
    const session = await openSession(tcp({ ...options, port: listening.port ?? 0 }), { tsduSizes })
    const echo = new Promise<Uint8Array>((resolve) => session.listen({ data: resolve }))
    session.send([data])
    expect(Buffer.compare(await echo, data)).toBe(0)
    expect(await session.release()).toMatchObject({ accepted: true })
  })
})

describe('an old peer that sends a DR before it closes', () => {
  it('has disconnected in good order, behind its data', async () => {
    const listening = await opening(Listening.open())
    const { peer, end } = await listening.connected()
    peer.send(dt('last words'), DR).socket.end()
    expect(await end.ended()).toEqual({
      by: 'peer',
      message: 'the peer disconnected: normal disconnect',
    })
    expect(end.received.map((tsdu) => Buffer.from(tsdu).toString())).toEqual(['last words'])
    await peer.closed()
  })

  it('is waited for no longer after it, though it does not close', async () => {
    const { peer, connection } = await called()
    const end = new Recorder(connection).start()
    peer.send(DR)
    expect(await end.ended()).toMatchObject({ by: 'peer' })
    await peer.closed()
  })

  it('has released the session when that came with its DISCONNECT', async () => {
    const { port } = await opening(
      rawServer((peer) => void answerSession(peer, [tpkt(`02f080${DISCONNECT}`), DR])),
    )
    const session = await openSession(tcp({ host: '127.0.0.1', port }))
    session.listen({})
    expect(await session.release()).toMatchObject({ accepted: true })
    expect(await session.closed).toMatchObject({ by: 'release', reason: 'released' })
  })

  it('has lost the session when it comes instead', async () => {
    const { port } = await opening(rawServer((peer) => void answerSession(peer, [DR])))
    const session = await openSession(tcp({ host: '127.0.0.1', port }))
    session.listen({})
    await expect(session.release()).rejects.toThrow()
    expect(await session.closed).toMatchObject({
      by: 'transport',
      message: 'the peer disconnected: normal disconnect',
    })
  })
})

/** ACCEPT of version 2 and duplex; DISCONNECT. */
const ACCEPT = '0e0c 0506130100160102 14020002'
const DISCONNECT = '0a00'

/** Plays the session layer of a peer that is asked for the release: CC, ACCEPT, and the last octets. */
async function answerSession(peer: RawPeer, last: readonly Uint8Array[]): Promise<void> {
  await peer.until(() => peer.tpdus.length === 1)
  peer.send(cc(TPDU_2048))
  await peer.until(() => peer.tpdus.length === 2)
  peer.send(tpkt(`02f080${ACCEPT}`))
  await peer.until(() => peer.tpdus.length === 3)
  expect(peer.tpdus[2]).toMatch(/^02f08009/)
  peer.send(...last).socket.end()
}

/** A connection of ours to a peer that answers with 2048 octets. */
async function called(): Promise<{
  readonly peer: RawPeer
  readonly connection: Awaited<ReturnType<ReturnType<typeof tcp>['connect']>>
}> {
  let peer: RawPeer | undefined
  const { port } = await opening(
    rawServer((caller) => {
      peer = caller
      void caller.until(() => caller.tpdus.length === 1).then(() => caller.send(cc(TPDU_2048)))
    }),
  )
  const connection = await tcp({ host: '127.0.0.1', port }).connect()
  opened.push(connection)
  if (peer === undefined) throw new Error('nobody was called')
  peer.received = new Uint8Array()
  return { peer, connection }
}

/** TSDUs of every size around that of a TPDU, from us and from the peer. */
async function expectBothWays(peer: RawPeer, end: Recorder): Promise<void> {
  for (const size of sizes) {
    const tsdu = seeded(size).bytes(size)
    const count = Math.ceil(size / 2_045)
    peer.received = new Uint8Array()
    end.connection.send([tsdu])
    await peer.until(() => peer.tpdus.length === count && peer.tpdus.at(-1)?.startsWith('02f080') === true)
    const { tpdus } = peer
    expect(Math.max(...tpdus.map((tpdu) => tpdu.length / 2))).toBeLessThanOrEqual(2_048)
    expect(tpdus.map((tpdu) => tpdu.slice(6)).join('')).toBe(toHex(tsdu))
    const before = end.received.length
    for (let at = 0; at < size; at += 2_045) {
      const last = at + 2_045 >= size
      const header = hex(last ? '02f080' : '02f000')
      peer.send(tpkt(toHex(Buffer.concat([header, tsdu.subarray(at, at + 2_045)]))))
    }
    await end.count(before + 1)
    expect(Buffer.compare(end.received.at(-1) ?? new Uint8Array(), tsdu)).toBe(0)
  }
}

/** Closed when the test ends. */
async function opening<T extends { close(): unknown }>(one: Promise<T>): Promise<T> {
  const it = await one
  opened.push(it)
  return it
}
