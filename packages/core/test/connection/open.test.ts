// Opening a session connection: what both sides learn of each other, every way it can
// fail, and that nothing is left.

import { describe, expect, it } from 'vitest'

import {
  refusals,
  SessionAbortedError,
  SessionRefusedError,
  SessionUsageError,
  TransportError,
  type RefusalCode,
} from '../../src/index.ts'
import { turns } from '../../src/testing/index.ts'
import { Address, ends, octets, text } from './support.ts'

describe('opening', () => {
  it('tells each side what the other said, and what was agreed on', async () => {
    const address = new Address()
    await address.accept({ units: ['half-duplex', 'duplex', 'typed-data', 'negotiated-release'] })
    const opening = address.open({
      units: ['half-duplex', 'duplex', 'typed-data'],
      calledSelector: octets('shop'),
      callingSelector: octets('me'),
      identifier: { reference: octets('ref-a'), common: octets('trip'), additional: octets('v1') },
      userData: octets('hello'),
    })
    await turns()
    const [request] = address.requests
    expect(request).toMatchObject({
      calledSelector: octets('shop'),
      callingSelector: octets('me'),
      identifier: { reference: octets('ref-a'), common: octets('trip'), additional: octets('v1') },
      units: ['half-duplex', 'duplex', 'typed-data'],
      version: 2,
      userData: octets('hello'),
      pending: true,
    })
    const b = request?.accept({ identifier: { reference: octets('ref-b') }, userData: octets('welcome') })
    const a = await opening
    expect(b).toMatchObject({ role: 'acceptor', units: ['duplex', 'typed-data'], version: 2, state: 'open' })
    expect(a).toMatchObject({
      role: 'initiator',
      units: ['duplex', 'typed-data'],
      version: 2,
      identifier: { reference: octets('ref-b') },
      userData: octets('welcome'),
      state: 'open',
      writable: true,
    })
    b?.listen({})
    a.abort()
    await address.expectNothingLeft()
  })

  it('takes no option from a polluted Object.prototype', async () => {
    const pollution = {
      units: ['half-duplex'],
      versions: [1],
      limits: { ssduOctets: Infinity, halfOpen: 0 },
      tsduSizes: { send: 64, receive: 64 },
      identifier: { reference: octets('forged') },
      reason: 'congestion',
      data: 'theirs',
      connectTimeout: 0,
    }
    const keys = Object.keys(pollution)
    Object.assign(Object.prototype, pollution)
    try {
      const { a, b, address } = await ends({ open: { tokens: {} }, accept: {}, answer: {} })
      expect([b.units, b.version, b.identifier]).toEqual([['duplex', 'typed-data'], 2, undefined])
      a.abort(octets('bye'))
      await address.expectNothingLeft()
    } finally {
      for (const key of keys) delete (Object.prototype as Record<string, unknown>)[key]
    }
  })

  it('proposes duplex and typed data, versions 1 and 2, unless told otherwise', async () => {
    const { a, b, address } = await ends({ accept: { versions: [1] } })
    expect([a.units, a.version, b.units, b.version]).toEqual([
      ['duplex', 'typed-data'],
      1,
      ['duplex', 'typed-data'],
      1,
    ])
    a.abort()
    await address.expectNothingLeft()
  })

  it('carries 50,000 octets of user data by overflow, there and back', async () => {
    const long = Uint8Array.from({ length: 50_000 }, (_, index) => index % 251)
    const { a, b, request, address } = await ends({ open: { userData: long }, answer: { userData: long } })
    expect(request.userData).toEqual(long)
    expect([a.userData, b.userData]).toEqual([long, undefined])
    a.abort()
    await address.expectNothingLeft()
  })

  it('keeps to the TSDU sizes that both sides agreed on', async () => {
    const sizes: number[] = []
    const { a, b, address, atB } = await ends({
      open: { tsduSizes: { send: 100, receive: 0 } },
      accept: { tsduSizes: { send: 0, receive: 70 } },
      memory: { split: 1 },
    })
    const [link] = address.transport.links
    a.send([octets('x'.repeat(200))])
    for (let before = 0; atB.log.length === 0;) {
      await turns(1)
      const carried = link?.carried('to-acceptor') ?? 0
      if (carried !== before) sizes.push(carried - before)
      before = carried
    }
    expect(atB.log).toEqual([`data ${'x'.repeat(200)}`])
    expect(Math.max(...sizes.slice(1))).toBeLessThanOrEqual(70 * 4)
    b.abort()
    await address.expectNothingLeft()
  })

  it('lets the acceptor choose the side of a token, and ask for it at once', async () => {
    const { a, b, address, atA, atB } = await ends({
      open: { units: ['half-duplex', 'negotiated-release'], tokens: { data: 'theirs', release: 'choice' } },
      accept: { units: ['half-duplex', 'negotiated-release'] },
      answer: { tokens: { release: 'theirs' }, pleaseTokens: ['release'] },
    })
    await turns()
    expect([a.tokens, b.tokens]).toEqual([['release'], ['data']])
    expect(atA.log).toEqual(['asked release'])
    a.giveTokens(['release'])
    await turns()
    expect([a.tokens, b.tokens, atB.log]).toEqual([[], ['data', 'release'], ['given release']])
    b.abort()
    await address.expectNothingLeft()
  })
})

describe('a refusal', () => {
  it.each([...refusals.keys()])(
    'for the reason %s reaches the caller as an error with that code',
    async (reason) => {
      const address = new Address()
      await address.accept({}, (request) => request.refuse({ reason }))
      const error: unknown = await address.open().catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(SessionRefusedError)
      expect(error).toMatchObject({ code: reason, reason: refusals.get(reason)?.reason, userData: undefined })
      expect((error as Error).message).toContain(refusals.get(reason)?.advice)
      await address.expectNothingLeft()
    },
  )

  it('carries user data of any length', async () => {
    const address = new Address()
    await address.accept({}, (request) => request.refuse({ userData: octets('no'.repeat(40_000)) }))
    const error: unknown = await address.open().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'user-data', reason: 2 })
    expect(text((error as SessionRefusedError).userData ?? octets(''))).toBe('no'.repeat(40_000))
    await address.expectNothingLeft()
  })

  it.each([
    ['version', { versions: [2] }, { versions: [1] }],
    ['restriction', { units: ['duplex'] }, { units: ['half-duplex'] }],
    ['restriction', { userData: new Uint8Array(600) }, { limits: { connectOctets: 599 } }],
    ['restriction', { userData: new Uint8Array(10_241) }, { limits: { connectOctets: 10_240 } }],
  ] as const)('by the provider, %s: %o to %o', async (code: RefusalCode, open, accept) => {
    const address = new Address()
    await address.accept(accept)
    await expect(address.open(open)).rejects.toMatchObject({ name: 'SessionRefusedError', code })
    expect(address.requests).toEqual([])
    await address.expectNothingLeft()
  })

  it('follows when whoever answers throws, or rejects', async () => {
    for (const answer of [
      () => {
        throw new Error('no database')
      },
      async () => {
        await turns(1)
        throw new Error('no database')
      },
    ]) {
      const address = new Address()
      await address.accept({}, answer)
      await expect(address.open()).rejects.toMatchObject({ code: 'provider' })
      await address.expectNothingLeft()
    }
  })
})

describe('opening fails', () => {
  it('with the error of the transport when there is no transport connection', async () => {
    const address = new Address()
    await expect(address.open()).rejects.toMatchObject({ name: 'TransportError', code: 'refused' })
    await address.expectNothingLeft()
  })

  it('after connectTimeout, while the transport connects', async () => {
    const address = new Address()
    address.transport.onConnect = 'hang'
    const opening = address.open().catch((error: unknown) => error)
    await address.clock.advanceAsync(10_000)
    expect(await opening).toMatchObject({ name: 'TransportError', code: 'timeout' })
    await address.expectNothingLeft()
  })

  it('after connectTimeout, while nobody answers; the peer is told', async () => {
    const address = new Address()
    await address.accept()
    const opening = address.open({ connectTimeout: 700 }).catch((error: unknown) => error)
    await address.clock.advanceAsync(700)
    expect(await opening).toMatchObject({ name: 'SessionAbortedError', code: 'timeout' })
    expect(address.requests[0]?.pending).toBe(false)
    expect(() => address.requests[0]?.accept()).toThrow(SessionAbortedError)
    expect(() => address.requests[0]?.refuse()).not.toThrow()
    await address.expectNothingLeft()
  })

  it('when its signal aborts, at whatever moment', async () => {
    for (const wait of [undefined, 0, 1]) {
      const address = new Address({ delay: 1 })
      await address.accept()
      const abort = new AbortController()
      if (wait === undefined) abort.abort(new Error('changed my mind'))
      const opening = address.open({ signal: abort.signal }).catch((error: unknown) => error)
      if (wait !== undefined) await address.clock.advanceAsync(wait)
      abort.abort(new Error('changed my mind'))
      const error = await opening
      expect(error).toMatchObject({
        code: wait === 1 ? 'cancelled' : 'aborted',
        cause: { message: 'changed my mind' },
      })
      expect(error).toBeInstanceOf(wait === 1 ? SessionAbortedError : TransportError)
      await address.clock.advanceAsync(10)
      await address.expectNothingLeft()
    }
  })

  it('when the transport connection is lost before the answer', async () => {
    const address = new Address()
    await address.accept()
    const opening = address.open().catch((error: unknown) => error)
    await turns()
    address.transport.links[0]?.cut('a digger')
    expect(await opening).toMatchObject({
      code: 'transport-lost',
      end: { by: 'transport', message: 'a digger' },
    })
    await turns()
    expect(address.requests[0]?.pending).toBe(false)
    await address.expectNothingLeft()
  })

  it('when the peer speaks something else', async () => {
    const address = new Address()
    const listening = await address.transport.listen((connection) => {
      connection.listen({
        data: () => connection.send([octets('HTTP/1.1 400')]),
        drained() {},
        disconnected() {},
      })
    })
    await expect(address.open()).rejects.toMatchObject({ code: 'protocol-error', end: { by: 'provider' } })
    await address.clock.advanceAsync(5_000)
    await listening.close()
    await address.expectNothingLeft()
  })

  it('with a usage error, before any transport connection, for options that do not go together', async () => {
    const address = new Address()
    await address.accept()
    const wrong = [
      { versions: [1] as const, userData: new Uint8Array(513) },
      { calledSelector: new Uint8Array(17) },
      { identifier: { reference: new Uint8Array(65) } },
      { userData: new Uint8Array(65_537) },
      { units: ['typed-data'] as const },
      { units: ['duplex', 'exceptions'] as const },
    ]
    for (const options of wrong) await expect(address.open(options)).rejects.toThrow(SessionUsageError)
    await expect(address.open({ units: ['telepathy' as 'duplex'] })).rejects.toThrow("'telepathy' is none of")
    await expect(address.open({ tsduSizes: { send: 10, receive: 0 } })).rejects.toThrow(RangeError)
    expect(address.transport.links).toEqual([])
    await address.expectNothingLeft()
  })
})
