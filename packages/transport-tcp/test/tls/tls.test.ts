// TLS: who is trusted and who is not, told in words on both sides; time and crowds; a session had back.
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectSocket, createServer, type Socket } from 'node:net'
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { Recorder, turns, VirtualClock } from '@parley/core/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { tcp, type TcpOptions, type TcpTls, tcpLimits } from '../../src/index.ts'
import { cr, Listening, RawPeer } from '../raw.ts'
import { showing, trusting } from './certificates.ts'

const host = '127.0.0.1'
const asServer: TcpTls = showing('server')
const mutual: TcpTls = { ...showing('server'), ...trusting, requestCert: true }

const NOT_TLS = 'what the peer speaks is not TLS (ERR_SSL_WRONG_VERSION_NUMBER)'

let listening: Listening | undefined
const sockets: Socket[] = []

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await listening?.close()
  listening = undefined
})

async function open(tls: TcpOptions['tls'], options: Partial<TcpOptions> = {}): Promise<Listening> {
  listening = await Listening.open({ ...(tls === undefined ? {} : { tls }), ...options })
  return listening
}

function dial(tls: TcpOptions['tls'], options: Partial<TcpOptions> = {}): Promise<Recorder> {
  const port = listening?.port ?? 0
  const transport = tcp({ host, port, ...(tls === undefined ? {} : { tls }), ...options })
  return transport.connect().then((connection) => new Recorder(connection).start())
}

function nameIn(certificate: Uint8Array | undefined): string | undefined {
  return certificate === undefined ? undefined : new X509Certificate(certificate).subject
}

/** A plain socket to the address. */
async function plain(): Promise<RawPeer> {
  const socket = connectSocket({ port: listening?.port ?? 0, host })
  sockets.push(socket)
  await once(socket, 'connect')
  return new RawPeer(socket)
}

describe('over TLS', () => {
  it('both ends say so, and what crosses arrives', async () => {
    const { listening: address, accepted } = await open(asServer)
    const client = await dial(trusting)
    expect(address.address).toBe(`tls 127.0.0.1:${address.port}`)
    expect(client.connection.remote).toBe(address.address)
    expect(accepted[0]?.connection.remote).toMatch(/^tls 127\.0\.0\.1:\d+$/)
    client.connection.send([Buffer.from('hello')])
    await accepted[0]?.count(1)
    expect(accepted[0]?.received.map((tsdu) => Buffer.from(tsdu).toString())).toEqual(['hello'])
    client.connection.close()
    await client.ended()
  })

  it('nothing crosses in clear', async () => {
    const { port } = await open(asServer)
    const seen: Buffer[] = []
    const spy = createServer((near) => {
      const far = connectSocket({ port, host })
      sockets.push(near, far)
      near.on('data', (octets) => seen.push(octets)).pipe(far)
      far.on('data', (octets) => seen.push(octets)).pipe(near)
    }).listen(0, host)
    await once(spy, 'listening')
    const client = await dial(trusting, { port: (spy.address() as { port: number }).port })
    client.connection.send([Buffer.from('a secret that nobody may read')])
    await listening?.accepted[0]?.count(1)
    const all = Buffer.concat(seen)
    expect(all.length).toBeGreaterThan(500)
    expect(all.includes('a secret')).toBe(false)
    client.connection.close()
    await client.ended()
    spy.close()
  })

  it('the name asked for is `servername`, where the address is no name', async () => {
    await open(showing('elsewhere'))
    const client = await dial({ ...trusting, servername: 'elsewhere.example' })
    expect(listening?.accepted).toHaveLength(1)
    client.connection.close()
    await client.ended()
  })
})

describe('a client', () => {
  it.each<[server: TcpTls | undefined, client: TcpTls | true, code: string, message: string]>([
    [asServer, true, 'untrusted', 'its certificate is signed by nobody trusted here: see tls.ca'],
    [showing('impostor'), trusting, 'untrusted', 'signed by nobody trusted here'],
    [showing('elsewhere'), trusting, 'untrusted', 'its certificate is for another name: see tls.servername'],
    [undefined, trusting, 'refused', 'the connection ended before TLS was there: does the peer speak it?'],
    [mutual, trusting, 'refused', 'the peer asks for a certificate: give tls.cert and tls.key'],
  ])('is told what is wrong with the server (%#)', async (server, client, code, message) => {
    await open(server)
    const error: unknown = await dial(client).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'TransportError', code })
    expect(String(error)).toContain(`cannot connect to tls 127.0.0.1:${listening?.port}: `)
    expect(String(error)).toContain(message)
  })

  it('without TLS is turned away, and the server says why', async () => {
    const { rejections } = await open(asServer)
    await expect(dial(undefined)).rejects.toThrow('the peer closed the connection')
    await listening?.rejected(1)
    expect(rejections).toMatchObject([{ code: 'protocol', message: NOT_TLS }])
  })
})

describe('a server', () => {
  it('lets in whoever shows a certificate that it trusts', async () => {
    const { accepted } = await open(mutual)
    const client = await dial({ ...trusting, ...showing('device') })
    expect(nameIn(accepted[0]?.connection.certificate)).toBe('CN=device')
    expect(nameIn(client.connection.certificate)).toBe('CN=server')
    client.connection.close()
    await client.ended()
  })

  it('knows nobody by a certificate that was not verified', async () => {
    const { accepted } = await open({ ...mutual, rejectUnauthorized: false })
    const client = await dial({ ...trusting, ...showing('impostor') })
    expect(accepted).toHaveLength(1)
    expect(accepted[0]?.connection.certificate).toBeUndefined()
    client.connection.close()
    await client.ended()
  })

  it.each<[client: TcpTls, message: string]>([
    [trusting, 'it showed no certificate'],
    [{ ...trusting, ...showing('impostor') }, 'showed no certificate that is accepted'],
  ])('turns away whoever does not (%#)', async (client, message) => {
    const { accepted, rejections } = await open(mutual)
    await expect(dial(client)).rejects.toMatchObject({ name: 'TransportError' })
    await listening?.rejected(1)
    expect(rejections).toHaveLength(1)
    expect(rejections[0]?.message).toContain(message)
    expect(accepted).toEqual([])
  })

  it.each<[octets: Uint8Array, message: string]>([
    [
      Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
      'the peer sent an HTTP request, not TLS (ERR_SSL_HTTP_REQUEST)',
    ],
    [cr(), NOT_TLS],
  ])('says what somebody spoke instead (%#)', async (octets, message) => {
    const { rejections } = await open(asServer)
    const peer = (await plain()).send(octets)
    await peer.closed()
    await listening?.rejected(1)
    expect(rejections).toEqual([{ remote: rejections[0]?.remote, code: 'protocol', message }])
    expect(rejections[0]?.remote).toMatch(/^tls 127\.0\.0\.1:\d+$/)
  })

  it('hears of those who leave during the handshake', async () => {
    const { rejections } = await open(asServer)
    const peer = await plain()
    peer.socket.destroy()
    await listening?.rejected(1)
    expect(rejections).toMatchObject([{ code: 'gone' }])
  })

  it('gives the handshake and the CR one absolute time together', async () => {
    const clock = new VirtualClock()
    const { rejections } = await open(asServer, { clock })
    const silent = await plain()
    const slow = connectTls({ host, port: listening?.port ?? 0, ...trusting })
    sockets.push(slow)
    await Promise.all([once(slow, 'secureConnect'), turns(50)])
    const ended = once(slow.resume(), 'close')
    clock.advance(tcpLimits.handshakeTimeout - 1)
    expect(rejections).toEqual([])
    clock.advance(1)
    await silent.closed()
    await ended
    const time = `within ${tcpLimits.handshakeTimeout} ms`
    expect(rejections.map(({ code }) => code)).toEqual(['timeout', 'timeout'])
    expect(new Set(rejections.map(({ message }) => message))).toEqual(
      new Set([`no TLS handshake ${time}`, `no CR ${time}`]),
    )
  })

  it('counts handshakes among those who have yet to send a CR', async () => {
    const { rejections } = await open(asServer, { maxHalfOpen: 2 })
    const oldest = await plain()
    await plain()
    await plain()
    await oldest.closed()
    expect(rejections).toMatchObject([{ code: 'overload' }])
    const client = await dial(trusting)
    client.connection.close()
    await client.ended()
  })

  it('turns away whoever is at it when the address is no longer offered', async () => {
    const { rejections, listening: address } = await open(asServer)
    const peer = await plain()
    await turns(50)
    await address.close()
    await peer.closed()
    expect(rejections).toMatchObject([{ code: 'overload' }])
  })
})

describe('coming back', () => {
  it('goes on from the last TLS session, without another exchange of certificates', async () => {
    const reused: boolean[] = []
    const server = createTlsServer(asServer, (socket: TLSSocket) => {
      reused.push(socket.isSessionReused())
      // The tickets of TLS 1.3 come after the handshake.
      setTimeout(() => socket.destroy(), 20)
    })
    server.listen(0, host)
    await once(server, 'listening')
    const transport = tcp({ host, port: (server.address() as { port: number }).port, tls: trusting })
    for (let time = 0; time < 3; time++) await transport.connect().catch(() => undefined)
    expect(reused).toEqual([false, true, true])
    server.close()
  })
})

describe('the option `tls`', () => {
  it.each<[TcpOptions, string]>([
    [{ path: '/x', tls: true }, 'tls goes with a port, not with a path'],
    [
      { port: 1, tls: { cert: 'no certificate' } },
      'tls has a key, certificate or setting that cannot be used',
    ],
    [{ port: 1, tls: { ...showing('server'), ...{ key: showing('device').key } } }, 'cannot be used'],
    [{ port: 1, tls: { minVersion: 'TLSv9' as 'TLSv1.3' } }, 'cannot be used'],
  ])('is checked at once (%#)', (options, message) => {
    expect(() => tcp(options)).toThrow(TypeError)
    expect(() => tcp(options)).toThrow(message)
  })
})
