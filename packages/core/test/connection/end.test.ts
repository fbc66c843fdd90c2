// How a session connection ends: by release, by either user's abort, by either provider's, by the transport.
// Every way is told once to each side, settles what waits, and leaves nothing.

import { describe, expect, it, vi } from 'vitest'

import { SessionAbortedError, SessionUsageError } from '../../src/index.ts'
import { turns } from '../../src/testing/index.ts'
import { ends, octets, Told } from './support.ts'

describe('a release', () => {
  it('is asked, and ends the session when the answer is yes', async () => {
    const { a, b, address, atA, atB } = await ends()
    const released = a.release(octets('done'))
    expect(a.state).toBe('releasing')
    expect(() => a.send([octets('x')])).toThrow(SessionUsageError)
    await turns()
    expect([b.state, atB.log]).toEqual(['release-requested', ['release? done']])
    b.send([octets('last word')])
    atB.question?.accept(octets('me too'))
    expect([b.state, atB.log.at(-1)]).toEqual(['closed', 'closed by release: released'])
    expect(await released).toEqual({ accepted: true, userData: octets('me too') })
    expect(atA.log).toEqual(['data last word', 'closed by release: released'])
    expect(await a.closed).toMatchObject({ by: 'release', userData: octets('me too') })
    await address.expectNothingLeft()
  })

  it('is answered yes where nobody minds', async () => {
    const { a, b, address } = await ends({ silent: true })
    a.listen({})
    b.listen({})
    expect(await b.release()).toEqual({ accepted: true, userData: undefined })
    expect(await a.closed).toMatchObject({ by: 'release' })
    await address.expectNothingLeft()
  })

  it('may be declined when that was negotiated, and the session goes on', async () => {
    const units = ['duplex', 'negotiated-release'] as const
    const { a, b, address, atB } = await ends({ open: { units }, accept: { units } })
    expect(() => b.release()).toThrow(SessionUsageError)
    const released = a.release()
    await turns()
    atB.question?.refuse(octets('not yet'))
    expect(await released).toEqual({ accepted: false, userData: octets('not yet') })
    expect([a.state, b.state]).toEqual(['open', 'open'])
    a.abort()
    await address.expectNothingLeft()
  })

  it('cannot be declined otherwise', async () => {
    const { a, address, atB } = await ends()
    const released = a.release()
    await turns()
    expect(() => atB.question?.refuse()).toThrow('question.refuse needs negotiated-release')
    atB.question?.accept()
    await released
    await address.expectNothingLeft()
  })

  it('that both ask for at once is a yes from both', async () => {
    const { a, b, address, atA, atB } = await ends()
    const answers = [a.release(octets('from a')), b.release(octets('from b'))]
    expect(await Promise.all(answers)).toMatchObject([{ accepted: true }, { accepted: true }])
    expect([atA.log, atB.log]).toEqual([['closed by release: released'], ['closed by release: released']])
    await address.expectNothingLeft()
  })

  it('asked for while the peer waits for an answer is the answer', async () => {
    const { a, b, address } = await ends()
    const released = a.release()
    await turns()
    expect(await b.release(octets('same here'))).toEqual({ accepted: true, userData: undefined })
    expect(await released).toEqual({ accepted: true, userData: octets('same here') })
    await address.expectNothingLeft()
  })

  it('rejects when the session ends otherwise, and nothing is unhandled', async () => {
    const { a, b, address } = await ends()
    const released = a.release().catch((error: unknown) => error)
    expect(() => a.release()).toThrow(SessionUsageError)
    b.abort(octets('no'))
    expect(await released).toBeInstanceOf(SessionAbortedError)
    const other = await ends()
    void other.a.release()
    other.b.abort()
    await turns(2)
    expect(other.a.state).toBe('closed')
    await address.expectNothingLeft()
    await other.address.expectNothingLeft()
  })
})

describe('an abort', () => {
  it('ends both sides at once, with user data', async () => {
    const { a, b, address, atA, atB } = await ends()
    a.abort(octets('enough of this'))
    expect([a.state, atA.log]).toEqual(['closed', ['closed by us: aborted']])
    a.abort()
    await turns()
    expect([b.state, atB.log]).toEqual(['closed', ['closed by peer: aborted']])
    expect(atB.end?.userData).toEqual(octets('enough of this'))
    await address.expectNothingLeft()
  })

  it('reaches a side that has paused, once it goes on; a transport that dies, at once', async () => {
    const { a, b, address, atB } = await ends()
    b.pause()
    a.abort()
    await turns()
    expect(atB.log).toEqual([])
    b.resume()
    await turns()
    expect(atB.log).toEqual(['closed by peer: aborted'])
    await address.expectNothingLeft()
  })

  it('by a side that has paused lets it hear of the end of the transport connection', async () => {
    const { a, b, address, atB } = await ends()
    b.pause()
    a.send([octets('never read')])
    b.abort()
    await turns()
    expect(atB.log).toEqual(['closed by us: aborted'])
    await address.expectNothingLeft()
  })

  it('that nobody hears ends the transport connection after abortTimeout', async () => {
    const { a, address, atA } = await ends({ open: { limits: { abortTimeout: 1_234 } } })
    const [link] = address.transport.links
    link?.stall()
    a.abort()
    await address.clock.advanceAsync(1_233)
    expect(address.clock.pending).toBe(1)
    await address.clock.advanceAsync(1)
    link?.flow()
    await turns()
    expect(atA.log).toEqual(['closed by us: aborted'])
    await address.expectNothingLeft()
  })

  it('that is announced and never comes is waited for no longer than abortTimeout', async () => {
    const units = ['duplex', 'expedited-data'] as const
    const { a, b, address, atB } = await ends({
      open: { units },
      accept: { units, limits: { abortTimeout: 1_234 } },
      memory: { expedited: true },
    })
    const asked = b.release().catch((error: unknown) => error)
    address.wires[0]?.sendExpedited?.(AN_ABORT_TO_COME)
    await address.clock.advanceAsync(1_233)
    expect([b.state, atB.log]).toEqual(['open', []])
    await address.clock.advanceAsync(1)
    expect([b.state, atB.log]).toEqual(['closed', ['closed by provider: peer-unspecified']])
    expect(atB.end?.message).toBe('the peer announced an abort that did not come')
    expect(await asked).toBeInstanceOf(SessionAbortedError)
    expect((await a.closed).by).toBe('transport')
    await address.expectNothingLeft()
  })

  it('with more user data than version 1 can carry is a usage error, and the session goes on', async () => {
    const { a, address } = await ends({ open: { versions: [1] } })
    expect(() => a.abort(new Uint8Array(10))).toThrow('version 1 has at most 9 octets')
    expect(a.state).toBe('open')
    a.abort(new Uint8Array(9))
    await address.expectNothingLeft()
  })
})

describe('a protocol error', () => {
  it('of the peer ends both sides by the provider, and no other session', async () => {
    const other = await ends()
    const { address, atA, atB } = await ends()
    address.wires[0]?.send([A_SECOND_CONNECT])
    await turns()
    expect(atB.log).toEqual(['closed by provider: protocol-error'])
    expect(atB.end?.message).toContain('the peer sent CN in STA713')
    expect(atA.log).toEqual(['closed by provider: peer-protocol-error'])
    other.a.send([octets('unmoved')])
    await turns()
    expect(other.atB.log).toEqual(['data unmoved'])
    other.a.abort()
    await address.expectNothingLeft()
    await other.address.expectNothingLeft()
  })

  it('behind good data leaves that data delivered', async () => {
    const { a, address, atB } = await ends()
    a.send([octets('good')])
    address.wires[0]?.send([A_SECOND_CONNECT])
    a.send([octets('too late')])
    await turns()
    expect(atB.log).toEqual(['data good', 'closed by provider: protocol-error'])
    await address.expectNothingLeft()
  })
})

describe('a flood (T25)', () => {
  it('of turns asked for ends both sides by the provider, and no other session', async () => {
    const units = ['half-duplex'] as const
    const other = await ends()
    const { a, address, atA, atB } = await ends({
      open: { units, tokens: { data: 'theirs' } },
      accept: { units, limits: { controlBurst: 100, controlPerSecond: 10 } },
    })
    for (let asked = 0; asked < 100; asked++) a.pleaseTokens(['data'])
    await address.clock.advanceAsync(1_000)
    for (let asked = 0; asked < 10; asked++) a.pleaseTokens(['data'])
    await turns()
    expect([atB.log.length, atB.end]).toEqual([110, undefined])
    a.pleaseTokens(['data'])
    await turns()
    expect(atB.end).toMatchObject({ by: 'provider', reason: 'restriction' })
    expect(atB.end?.message).toBe('PT: more than 100 SPDUs without data at once, or 10 a second')
    expect(atA.end).toMatchObject({ by: 'provider', reason: 'peer-restriction' })
    other.a.send([octets('unmoved')])
    await turns()
    expect(other.atB.log).toEqual(['data unmoved'])
    other.a.abort()
    await address.expectNothingLeft()
    await other.address.expectNothingLeft()
  })
})

describe('a fault of this program', () => {
  it('ends the one session it happens in', async () => {
    const other = await ends()
    const { a, address, atA, atB } = await ends()
    const fault = new Error('a bug')
    const now = vi.spyOn(address.clock, 'now').mockImplementationOnce(() => {
      throw fault
    })
    a.send([octets('x')])
    now.mockRestore()
    expect(atA.end).toMatchObject({ by: 'provider', reason: 'internal-error', error: fault })
    await turns()
    expect(atB.log).toEqual(['closed by transport: transport-lost'])
    other.a.send([octets('unmoved')])
    await turns()
    expect(other.atB.log).toEqual(['data unmoved'])
    other.a.abort()
    await address.expectNothingLeft()
    await other.address.expectNothingLeft()
  })
})

describe('the transport connection lost', () => {
  it('ends both sides, with the words of the transport', async () => {
    const { address, atA, atB, a } = await ends()
    const released = a.release().catch((error: unknown) => error)
    address.transport.links[0]?.cut('a digger')
    await turns()
    for (const told of [atA, atB]) {
      expect(told.end).toEqual({ by: 'transport', reason: 'transport-lost', message: 'a digger' })
    }
    expect(await released).toBeInstanceOf(SessionAbortedError)
    expect(a.send.bind(a, [octets('x')])).toThrow(SessionUsageError)
    await address.expectNothingLeft()
  })

  it('before anybody listens is told to who listens then', async () => {
    const { a, b, address } = await ends({ silent: true })
    address.transport.links[0]?.cut()
    await turns()
    expect([a.state, await b.closed]).toMatchObject(['closed', { by: 'transport' }])
    const told = new Told()
    a.listen(told)
    expect(told.log).toEqual([])
    await turns()
    expect(told.log).toEqual(['closed by transport: transport-lost'])
    await address.expectNothingLeft()
  })
})

const A_SECOND_CONNECT = Uint8Array.of(0x0d, 0x00)
/** PREPARE (ABORT). */
const AN_ABORT_TO_COME = Uint8Array.of(0x07, 0x03, 0x18, 0x01, 0x04)
