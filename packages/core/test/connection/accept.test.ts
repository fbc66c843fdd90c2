// Accepting sessions: what a stranger can cost before it has asked for one, and how requests are answered.

import { describe, expect, it } from 'vitest'

import {
  coreLimits,
  SessionAbortedError,
  SessionUsageError,
  type TransportConnection,
} from '../../src/index.ts'
import { turns } from '../../src/testing/index.ts'
import { Address, octets, Told } from './support.ts'

describe('a transport connection that brings no CONNECT', () => {
  it('is ended after handshakeTimeout, also when it trickles connect user data', async () => {
    const address = new Address()
    await address.accept({ limits: { handshakeTimeout: 3_000 } })
    const silent = await stranger(address)
    const trickling = await stranger(address)
    trickling.send(CONNECT_WITH_OVERFLOW)
    await address.clock.advanceAsync(2_000)
    trickling.send(MIDDLE)
    await address.clock.advanceAsync(999)
    expect([silent.ended, trickling.ended, address.listening?.halfOpen]).toEqual([undefined, undefined, 2])
    await address.clock.advanceAsync(1)
    expect([silent.ended, trickling.ended, address.listening?.halfOpen]).toEqual(['peer', 'peer', 0])
    expect(address.requests).toEqual([])
    await address.expectNothingLeft()
  })

  it('costs at most so many octets, until the CONNECT is whole', async () => {
    const address = new Address()
    await address.accept()
    const first = await stranger(address)
    first.send(new Uint8Array(coreLimits.connectTsduOctets + 1))
    const second = await stranger(address)
    second.send(CONNECT_WITH_OVERFLOW)
    await turns()
    second.send(new Uint8Array(coreLimits.spduOctets + 1))
    await turns()
    expect([first.ended, second.ended]).toEqual(['peer', 'peer'])
    await address.expectNothingLeft()
  })

  it('is one of halfOpen at most', async () => {
    const address = new Address()
    await address.accept({ limits: { halfOpen: 2 } })
    const strangers = [await stranger(address), await stranger(address), await stranger(address)]
    await turns()
    expect(strangers.map((each) => each.ended)).toEqual([undefined, undefined, 'peer'])
    strangers[0]?.connection.close()
    await turns()
    const next = await stranger(address)
    await turns()
    expect([next.ended, address.listening?.halfOpen]).toEqual([undefined, 2])
    await address.clock.advanceAsync(5_000)
    await address.expectNothingLeft()
  })

  it('is ended when the address is not offered any more; what was asked for goes on', async () => {
    const address = new Address()
    await address.accept()
    const opening = address.open()
    await turns()
    const silent = await stranger(address)
    await address.listening?.close()
    await turns()
    expect(silent.ended).toBe('peer')
    address.requests[0]?.accept().listen({})
    const connection = await opening
    connection.abort()
    await address.expectNothingLeft()
  })

  it('gets an ABORT for octets that are no SPDU, and is ended when it does not end itself', async () => {
    const address = new Address()
    await address.accept({ limits: { abortTimeout: 2_000 } })
    const other = await stranger(address)
    other.send(octets('GET / HTTP/1.1\r\n'))
    await turns()
    expect(other.received).toEqual(['19 06 11 01 05 31 01 47'])
    await address.clock.advanceAsync(2_000)
    expect(other.ended).toBe('peer')
    await address.expectNothingLeft()
  })
})

describe('a request', () => {
  it('is answered once, now or later', async () => {
    const address = new Address()
    await address.accept()
    const opening = address.open()
    await address.clock.advanceAsync(8_000)
    const [request] = address.requests
    expect(() => request?.accept({ units: ['half-duplex'] })).toThrow(SessionUsageError)
    expect(request?.pending).toBe(true)
    const connection = request?.accept()
    connection?.listen({})
    expect(() => request?.accept()).toThrow('answered before')
    expect(() => request?.refuse()).toThrow('answered before')
    expect(request?.pending).toBe(false)
    const opened = await opening
    opened.listen({})
    connection?.abort()
    await address.expectNothingLeft()
  })

  it('is over when the caller aborts', async () => {
    const address = new Address()
    await address.accept()
    const opening = address.open({ connectTimeout: 100 }).catch(() => 'gave up')
    await address.clock.advanceAsync(100)
    await opening
    expect(address.requests[0]?.pending).toBe(false)
    expect(() => address.requests[0]?.accept()).toThrow(SessionAbortedError)
    await address.expectNothingLeft()
  })

  it('whose handler throws after accepting ends the session, and tells both sides', async () => {
    const address = new Address()
    const told = new Told()
    await address.accept({}, async (request) => {
      request.accept().listen(told)
      await turns()
      throw new Error('too late')
    })
    const connection = await address.open()
    connection.listen({})
    expect(await connection.closed).toMatchObject({ by: 'peer', reason: 'aborted' })
    expect(told.end).toMatchObject({ by: 'us', reason: 'listener-error', error: { message: 'too late' } })
    await address.expectNothingLeft()
  })

  it('leaves the session to whoever accepts, and the end of it to nobody else', async () => {
    const address = new Address()
    const told = new Told()
    await address.accept({}, (request) => request.accept().listen(told))
    const connection = await address.open()
    connection.send([octets('one')])
    connection.abort(octets('bye'))
    await turns()
    expect(told.log).toEqual(['data one', 'closed by peer: aborted'])
    expect(told.end?.userData).toEqual(octets('bye'))
    await address.expectNothingLeft()
  })
})

/** CN of 10,240 octets of user data that says more follow, and a CDO that is not the last. */
const CONNECT_WITH_OVERFLOW = Uint8Array.of(
  ...[0x0d, 0xff, 0x28, 0x13, 0x05, 0x06, 0x13, 0x01, 0x00, 0x16, 0x01, 0x02, 0x14, 0x02, 0x00, 0x02],
  ...[0x3c, 0x01, 0x01, 0xc2, 0xff, 0x28, 0x00],
  ...new Uint8Array(10_240),
)
const MIDDLE = Uint8Array.of(0x0f, 0x06, 0x19, 0x01, 0x00, 0xc1, 0x01, 0x61)

interface Stranger {
  readonly connection: TransportConnection
  readonly received: string[]
  readonly ended: string | undefined
  send(octets: Uint8Array): void
}

/** Somebody with a transport connection and ideas of its own. */
async function stranger(address: Address): Promise<Stranger> {
  const connection = await address.transport.connect()
  const received: string[] = []
  let ended: string | undefined
  connection.listen({
    data: (tsdu) =>
      void received.push([...tsdu].map((octet) => octet.toString(16).padStart(2, '0')).join(' ')),
    drained() {},
    disconnected: (loss) => void (ended = loss.by),
  })
  return {
    connection,
    received,
    get ended() {
      return ended
    },
    send: (tsdu) => void connection.send([tsdu]),
  }
}
