// A session over connections that are lost: what was sent arrives, in its order, once; and its user can tell
// how it stands.

import { describe, expect, it } from 'vitest'

import { coreLimits, SessionRefusedError, SessionUsageError, type Session } from '../../src/index.ts'
import { turns } from '../../src/testing/index.ts'
import { End, House, octets, pair, text } from './support.ts'

describe('a session', () => {
  it('carries data and typed data in one order', async () => {
    const { house, a, b } = await pair()
    a.send('one')
    a.sendTyped('two')
    a.send('three')
    b.send('hello')
    await house.pass(10)
    expect(b.log).toEqual(['data one', 'typed two', 'data three'])
    expect(a.log).toEqual(['data hello'])
    await house.expectNothingLeft()
  })

  it('goes on after its connection is lost, and says so', async () => {
    const { house, a, b } = await pair()
    a.send('one')
    await house.pass(10)
    house.cut()
    a.send('two')
    b.sendTyped('three')
    await house.pass(10)
    expect(b.told('data')).toEqual(['data one', 'data two'])
    expect(a.told('typed')).toEqual(['typed three'])
    expect(a.states).toEqual(['open', 'suspended', 'resuming', 'open'])
    expect(b.states).toEqual(['open', 'suspended', 'open'])
    await house.expectNothingLeft()
  })

  it('goes on though nothing was ever sent', async () => {
    const { house, a, b } = await pair()
    for (let time = 0; time < 3; time++) {
      house.cut()
      await house.pass(1_000)
    }
    expect([a.session.state, b.session.state]).toEqual(['open', 'open'])
    b.send('still there')
    await house.pass(10)
    expect(a.log).toEqual(['data still there'])
    await house.expectNothingLeft()
  })

  it('goes on wherever the resume itself is cut, in either direction, and again', async () => {
    for (const direction of ['to-acceptor', 'to-initiator'] as const) {
      for (let octet = 0; octet < 330; octet += 15) {
        let cuts = 3
        const { house, a, b } = await pair({
          memory: {
            onLink: (link) => {
              if (link.number > 1 && cuts-- > 0) link.cutAfter(octet, direction)
            },
          },
        })
        for (let unit = 0; unit < 5; unit++) {
          a.send(`${unit}`)
          b.sendTyped(`${unit}`)
        }
        house.cut()
        a.send('5')
        b.sendTyped('5')
        await house.pass(15_000)
        expect([direction, octet, b.told('data')]).toEqual([
          direction,
          octet,
          [0, 1, 2, 3, 4, 5].map((n) => `data ${n}`),
        ])
        expect([direction, octet, a.told('typed').length]).toEqual([direction, octet, 6])
        expect([a.session.state, a.session.retained, b.session.retained]).toEqual(['open', 0, 0])
        await house.expectNothingLeft()
      }
    }
  })

  it('delivers nothing before somebody listens, and keeps its connection meanwhile', async () => {
    let session: Session | undefined
    const house = new House({ acceptor: { onSession: (opened) => void (session = opened) } })
    await house.listen()
    const a = await house.connect()
    a.send('early')
    await house.pass(10_000)
    expect([a.session.state, session?.state]).toEqual(['open', 'open'])
    session?.send([octets('ready')])
    await house.pass(10)
    if (session === undefined) throw new Error('no session')
    const b = new End(session)
    await house.pass(10)
    expect([a.log, b.log]).toEqual([['data ready'], ['data early']])
    await house.expectNothingLeft()
  })

  it('takes no silence for death while it does not listen itself', async () => {
    const { house, a, b } = await pair()
    b.session.pause()
    a.send('one')
    await house.pass(60_000)
    expect([b.log, a.states, b.states]).toEqual([[], ['open'], ['open']])
    b.session.resume()
    await house.pass(10)
    expect(b.log).toEqual(['data one'])
    await house.expectNothingLeft()
  })

  it('stays paused over a resume, and still sends', async () => {
    const { house, a, b } = await pair()
    for (const { session } of [a, b]) session.pause()
    house.cut()
    a.send('one')
    b.send('two')
    await house.pass(1_000)
    expect([a.session.state, b.session.state, a.told('data'), b.told('data')]).toEqual([
      'open',
      'open',
      [],
      [],
    ])
    for (const { session } of [a, b]) session.resume()
    await house.pass(10)
    expect([a.told('data'), b.told('data')]).toEqual([['data two'], ['data one']])
    await house.expectNothingLeft()
  })

  it('notices a silent link within silenceTimeout, on both sides, whichever way it is silent', async () => {
    for (const direction of ['to-acceptor', 'to-initiator', undefined] as const) {
      const { house, a, b } = await pair()
      await house.pass(3_000)
      house.transport.links[0]?.stall(direction)
      const told: string[] = []
      for (const end of [a, b]) end.session.onSuspended(({ message }) => void told.push(message))
      await house.pass(coreLimits.silenceTimeout)
      expect([a.states.includes('suspended'), b.states.length > 1 || b.session.state === 'open']).toEqual([
        true,
        true,
      ])
      expect(told[0]).toMatch(/nothing was heard for 2500 ms|gave the connection up/)
      b.send('hello')
      await house.pass(1_000)
      expect(a.log).toEqual(['data hello'])
      await house.expectNothingLeft()
    }
  })

  it('calls hooks when the connection is lost, once each time, until they are taken back', async () => {
    const { house, a } = await pair()
    const told: string[] = []
    const stop = a.session.onSuspended(({ message }) => void told.push(message))
    house.transport.onConnect = 'refuse'
    house.cut()
    await house.pass(5_000)
    house.transport.onConnect = 'accept'
    await house.pass(10_000)
    expect([told, a.session.state]).toEqual([['the link was cut'], 'open'])
    stop()
    house.cut()
    await house.pass(10)
    expect(told.length).toBe(1)
    await house.expectNothingLeft()
  })

  it('waits no longer when it is told that there is a way', async () => {
    const { house, a } = await pair({ limits: { reconnectDelay: 100_000, reconnectDelayMost: 100_000 } })
    house.transport.onConnect = 'refuse'
    house.cut()
    await house.pass(10)
    house.transport.onConnect = 'accept'
    await house.pass(10)
    expect(a.session.state).toBe('suspended')
    a.session.resumeNow()
    a.session.resumeNow()
    await house.pass(0)
    expect(a.session.state).toBe('open')
    a.session.resumeNow()
    await house.expectNothingLeft()
  })
})

describe('a session that cannot come back', () => {
  it('is over after timeToLive, on both sides', async () => {
    const { house, a, b } = await pair()
    house.transport.onConnect = 'refuse'
    house.cut()
    a.send('lost')
    await house.pass(coreLimits.timeToLive - 1_000)
    expect([a.session.state === 'closed', b.session.state]).toEqual([false, 'suspended'])
    await house.pass(1_000)
    expect([a.end?.reason, b.end?.reason]).toEqual(['expired', 'expired'])
    expect((await a.session.closed).message).toContain('time to live')
    expect([a.session.retained, a.completed, house.acceptor.sessions]).toEqual([0, true, []])
    await house.expectNothingLeft()
  })

  it('is over at once when the acceptor does not know it', async () => {
    const { house, a } = await pair()
    house.transport.onConnect = 'refuse'
    house.cut()
    await house.pass(0)
    house.acceptor.sessions[0]?.abort()
    house.transport.onConnect = 'accept'
    await house.pass(1_000)
    expect(a.end).toMatchObject({ by: 'peer', reason: 'unknown' })
    await house.expectNothingLeft()
  })

  it('is over after fruitlessResumes connections that are lost as soon as it goes on', async () => {
    const { house, a } = await pair({
      memory: { onLink: (link) => void (link.number > 1 && link.cutAfter(190, 'to-acceptor')) },
    })
    const links: number[] = []
    a.session.states.subscribe((state) => void (state === 'open' && links.push(house.clock.now())))
    a.send('x'.repeat(1_000))
    house.cut()
    await house.pass(250_000)
    expect(a.end).toMatchObject({ reason: 'restriction' })
    expect(links.length).toBe(coreLimits.fruitlessResumes)
    await house.expectNothingLeft()
  })
})

describe('opening a session', () => {
  it('fails as the first connection does', async () => {
    const house = new House({ acceptor: { admit: () => ({ admit: false, userData: octets('not you') }) } })
    await expect(house.connect()).rejects.toMatchObject({ code: 'refused' })
    await house.listen()
    const refusal: unknown = await house.connect().catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(SessionRefusedError)
    expect(text((refusal as SessionRefusedError).userData ?? octets(''))).toBe('not you')
    await house.expectNothingLeft()
  })

  it('hands over what both users say', async () => {
    const house = new House({
      acceptor: {
        admit: ({ userData }) => ({ admit: true, principal: text(userData), userData: octets('welcome') }),
      },
    })
    await house.listen()
    const a = await house.connect({ userData: octets('ann') })
    const [b] = house.ends
    expect([text(a.session.userData), text(b?.session.userData ?? octets('?'))]).toEqual(['welcome', ''])
    expect([a.session.principal, b?.session.principal]).toEqual([undefined, 'ann'])
    expect([a.session.role, b?.session.role, a.session.id]).toEqual(['initiator', 'acceptor', b?.session.id])
    expect([a.session.remote, b?.session.remote]).toEqual(['memory acceptor 1', 'memory initiator 1'])
    await house.expectNothingLeft()
  })

  it('takes no options that cannot be', async () => {
    const house = new House()
    const limits = { silenceTimeout: coreLimits.silenceTimeoutLeast - 1 }
    await expect(house.connect({ limits })).rejects.toThrow(RangeError)
    await house.expectNothingLeft()
  })
})

describe('misuse of a session', () => {
  it('throws at once and changes nothing', async () => {
    const { house, a, b } = await pair()
    expect(() => a.session.send([])).toThrow(SessionUsageError)
    expect(() => a.session.sendTyped([new Uint8Array(0)])).toThrow(
      'sendTyped: an SSDU has at least one octet',
    )
    a.send('one')
    await house.pass(10)
    expect(b.log).toEqual(['data one'])
    const much = new Uint8Array(coreLimits.userDataOctets + 1)
    expect(() => a.session.abort(much)).toThrow(SessionUsageError)
    expect(() => a.session.release(much)).toThrow(
      'release: 32769 octets of user data, at most 32768 can be sent',
    )
    await expect(house.connect({ userData: much })).rejects.toThrow(SessionUsageError)
    expect(a.session.state).toBe('open')
    a.session.abort(octets('enough'))
    expect(() => a.send('two')).toThrow('send: the session is over')
    await house.pass(10)
    expect(b.end).toMatchObject({ by: 'peer', reason: 'aborted', userData: octets('enough') })
    await house.expectNothingLeft()
  })

  it('by a callback that throws ends that session, and tells the other side', async () => {
    for (const callback of ['data', 'drained', 'hook', 'releaseRequested'] as const) {
      const { house, a, b } = await pair({ limits: { retainedOctets: 100 } })
      const fail = (): void => {
        throw new Error('oops')
      }
      if (callback === 'hook') a.session.onSuspended(fail)
      else a.session.listen({ closed: (end) => void (a.end = end), [callback]: fail })
      b.send('hello')
      a.send('x'.repeat(100))
      if (callback === 'releaseRequested') b.session.release().catch(() => {})
      await house.pass(600)
      if (callback === 'hook') house.cut()
      await house.pass(600)
      expect([callback, a.end?.reason, a.end?.error]).toEqual([callback, 'listener-error', new Error('oops')])
      if (callback !== 'hook') expect([callback, b.end?.reason]).toEqual([callback, 'aborted'])
      await house.expectNothingLeft()
    }
  })
})

describe('the end of a session', () => {
  it('is told to who listens afterwards, and to who reads the states', async () => {
    let session: Session | undefined
    const house = new House({ acceptor: { onSession: (opened) => void (session = opened) } })
    await house.listen()
    const a = await house.connect()
    if (session === undefined) throw new Error('no session')
    session.abort()
    session.abort()
    const late = new End(session)
    await turns()
    expect([late.log, late.states, late.completed]).toEqual([['closed by us: aborted'], ['closed'], true])
    await expect(session.release()).rejects.toMatchObject({ code: 'aborted' })
    await house.pass(10)
    expect(a.end).toMatchObject({ by: 'peer', reason: 'aborted' })
    await house.expectNothingLeft()
  })

  it('by one that forgets it is the same to the other side now and later', async () => {
    for (const isOpen of [true, false]) {
      const { house, a, b } = await pair()
      if (!isOpen) house.cut()
      b.session.forget()
      await house.pass(1_000)
      expect(a.end).toMatchObject({ by: 'peer', reason: 'unknown' })
      expect(b.end).toMatchObject({ by: 'us', reason: 'aborted' })
      await house.expectNothingLeft()
    }
  })

  it('by an abort comes also when a connection is about to be there', async () => {
    // At every step of the way to it: after so many turns of the queue of promises.
    for (let steps = 0; steps < 60; steps++) {
      const { house, a, b } = await pair()
      house.cut()
      a.session.states.subscribe((state) => {
        if (state === 'resuming') void after(steps).then(() => a.session.abort())
      })
      await house.pass(1_000)
      expect([steps, a.end?.reason, a.session.state]).toEqual([steps, 'aborted', 'closed'])
      expect(['suspended', 'closed']).toContain(b.session.state)
      await house.expectNothingLeft()
    }
  })
})

async function after(steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) await Promise.resolve()
}
