// Who is let in, and who gets a session back.

import { describe, expect, it } from 'vitest'

import { acceptSessions, openSession, SessionAcceptor, coreLimits, type Applicant } from '../../src/index.ts'
import { decodeReason, why } from '../../src/session/book/envelope.ts'
import { memory, turns } from '../../src/testing/index.ts'
import { claim, knock, lost, prove, refusal, units, type Knock } from './raw.ts'
import { House, octets, text } from './support.ts'

const unknown = { code: 'user-data', says: { reason: why.unknown, userData: octets('') }, took: 200 }

describe('a session is given back', () => {
  it('to who has its ticket, and then only for the next one', async () => {
    const { house, opened, b } = await lost()
    const again = await knock(house, claim(opened, 1))
    expect(b.session.state).toBe('open')
    expect(again.id).toEqual(opened.id)
    expect(again.welcome.ticket).not.toEqual(opened.welcome.ticket)
    await prove(house, again)
    house.cut()
    await house.pass(10)
    const third = await knock(house, claim(again, 2))
    expect(b.session.state).toBe('open')
    third.connection.abort()
    expect(house.audits.map(({ code }) => code)).toEqual(['opened', 'resumed', 'resumed'])
    await house.expectNothingLeft()
  })

  it('to who has not had the last ACCEPT', async () => {
    const { house, opened, b } = await lost()
    for (let attempt = 1; attempt < 5; attempt++) {
      await knock(house, claim(opened, attempt))
      house.cut()
      await house.pass(10)
    }
    await prove(house, await knock(house, claim(opened, 5)))
    expect(b.session.state).toBe('open')
    await house.expectNothingLeft()
  })

  it('or refused for now only, when the acceptor is closing meanwhile', async () => {
    let decide = (): void => undefined
    const house = new House({
      acceptor: {
        async admit({ resumes }) {
          if (!resumes) return { admit: true }
          await new Promise<void>((resolve) => (decide = resolve))
          return { admit: false, userData: octets('closing') }
        },
      },
    })
    await house.listen()
    const a = await house.connect()
    house.cut()
    await house.pass(10)
    const closed = house.acceptor.close()
    decide()
    await house.pass(10)
    expect(a.session.state).not.toBe('closed')
    await closed
    await house.expectNothingLeft()
  })

  it('to nobody else, and it looks the same whatever is wrong', async () => {
    const { house, opened, b } = await lost({
      acceptor: { admit: ({ userData }) => ({ admit: true, principal: text(userData) }) },
    })
    const wrong = new Uint8Array(32).fill(7)
    const cases: Record<string, Knock> = {
      'no such session': { ...claim(opened, 1), id: octets('sixteen octets..') },
      'no identifier': { ...claim(opened, 1), id: octets('x') },
      'wrong ticket': claim(opened, 1, wrong),
      'another principal': { ...claim(opened, 1), userData: octets('bob') },
      'an attempt that was there': claim(opened, 0),
      'a position that cannot be': {
        ...claim(opened, 1),
        claim: { ticket: opened.welcome.ticket, received: 1 },
      },
    }
    for (const [name, what] of Object.entries(cases))
      expect([name, await refusal(house, what)]).toEqual([name, unknown])
    expect(house.audits.slice(1).map(({ code }) => code)).toEqual([
      'unknown-session',
      'unknown-session',
      'wrong-ticket',
      'wrong-principal',
      'stale',
      'wrong-ticket',
    ])
    expect(b.session.state).toBe('suspended')
    await prove(house, await knock(house, claim(opened, 1)))
    expect(b.session.state).toBe('open')
    await house.expectNothingLeft()
  })

  it('to nobody who knocks with a CONNECT that was recorded, and that harms nobody', async () => {
    const { house, opened, b } = await lost()
    const first = claim(opened, 1)
    await prove(house, await knock(house, first))
    expect(await refusal(house, first)).toEqual(unknown)
    expect([b.session.state, house.audits.at(-1)?.code]).toEqual(['open', 'stale'])
    await house.expectNothingLeft()
  })

  it('to one of two who have the same ticket: the first', async () => {
    const { house, opened, b } = await lost()
    const [first, second] = await Promise.all([
      knock(house, claim(opened, 1)).catch(() => undefined),
      knock(house, claim(opened, 1)).catch(() => undefined),
    ])
    await house.pass(200)
    expect([first === undefined, second === undefined]).toEqual([false, true])
    expect([b.session.state, house.acceptor.sessions.length]).toEqual(['open', 1])
    await house.expectNothingLeft()
  })

  it('on another connection while the old one seems to be there: that one is superseded', async () => {
    const house = new House()
    await house.listen()
    const opened = await knock(house)
    await prove(house, opened)
    const old = opened.connection.closed
    await prove(house, await knock(house, claim(opened, 1)))
    const end = await old
    expect([end.by, decodeReason(end.userData).reason]).toEqual(['peer', why.superseded])
    expect(house.ends[0]?.states).toEqual(['open'])
    await house.expectNothingLeft()
  })
})

describe('a ticket that was replaced', () => {
  it('ends the session when it is used again, on both sides', async () => {
    const { house, opened, b } = await lost()
    const again = await knock(house, claim(opened, 1))
    await prove(house, again)
    const end = again.connection.closed
    expect(await refusal(house, claim(opened, 2))).toEqual(unknown)
    expect(b.end).toMatchObject({ by: 'us', reason: 'ticket-reused' })
    expect(decodeReason((await end).userData).reason).toBe(why.reused)
    expect(house.audits.at(-1)).toMatchObject({ code: 'ticket-reused', session: b.session.id })
    expect(house.acceptor.sessions).toEqual([])
    await house.expectNothingLeft()
  })
})

describe('the acceptor asks its user', () => {
  it('at every connection, with what is said there', async () => {
    const asked: Applicant[] = []
    let calls = 0
    const house = new House({
      acceptor: {
        admit: (applicant) => {
          asked.push(applicant)
          return { admit: true, principal: 'ann' }
        },
      },
    })
    await house.listen()
    const a = await house.connect({
      userData: async () => octets(`token ${++calls}`),
      calledSelector: octets('shop'),
    })
    house.cut()
    await house.pass(100)
    expect(a.session.state).toBe('open')
    expect(asked.map(({ userData, resumes }) => [text(userData), resumes])).toEqual([
      ['token 1', false],
      ['token 2', true],
    ])
    expect(asked[1]).toMatchObject({ remote: 'memory initiator 2', calledSelector: octets('shop') })
    await house.expectNothingLeft()
  })

  it('and ends what it denies at a resume', async () => {
    let open = true
    const house = new House({ acceptor: { admit: () => ({ admit: open, userData: octets('revoked') }) } })
    await house.listen()
    const a = await house.connect()
    open = false
    house.cut()
    await house.pass(100)
    expect(a.end).toMatchObject({ by: 'peer', reason: 'refused', userData: octets('revoked') })
    expect(house.audits.map(({ code }) => code)).toEqual(['opened', 'denied'])
    await house.expectNothingLeft()
  })

  it('and denies without a word when that throws', async () => {
    const house = new House({
      acceptor: {
        admit: () => {
          throw new Error('secret')
        },
        onAudit: () => {
          throw new Error('nobody hears this')
        },
      },
    })
    await house.listen()
    await expect(knock(house)).rejects.toMatchObject({ code: 'user', userData: undefined })
    await house.expectNothingLeft()
  })

  it('and waits admissionTimeout for the answer', async () => {
    const house = new House({
      acceptor: { admit: () => new Promise(() => {}) },
      limits: { admissionTimeout: 1_000 },
    })
    await house.listen()
    const asked = knock(house).catch((error: unknown) => error)
    await house.pass(1_000)
    expect(await asked).toMatchObject({ code: 'congestion' })
    expect(house.audits[0]?.code).toBe('failed')
    expect(coreLimits.admissionTimeout).toBe(10_000)
    await house.expectNothingLeft()
  })

  it('but not on behalf of one that is gone', async () => {
    let answer: ((admitted: { admit: true }) => void) | undefined
    const house = new House({ acceptor: { admit: () => new Promise((resolve) => (answer = resolve)) } })
    await house.listen()
    const asked = knock(house).catch((error: unknown) => error)
    await house.pass(10)
    house.cut()
    await house.pass(0)
    answer?.({ admit: true })
    await turns()
    await asked
    expect([house.audits, house.acceptor.sessions]).toEqual([[], []])
    await house.expectNothingLeft()
  })
})

describe('an acceptor', () => {
  it('gives a session back at another address', async () => {
    const house = new House()
    const elsewhere = memory({ clock: house.clock })
    await house.listen()
    await house.acceptor.listen(elsewhere)
    let here = true
    const a = await house.connect(
      {},
      {
        connect: (signal) => (here ? house.transport : elsewhere).connect(signal),
        listen: () => Promise.reject(new Error('nobody does')),
      },
    )
    here = false
    house.cut()
    await house.pass(10)
    a.send('moved')
    await house.pass(10)
    expect([elsewhere.links.length, house.ends[0]?.log]).toEqual([1, ['data moved']])
    await house.expectNothingLeft()
    elsewhere.expectNothingLeft()
  })

  it('that is closed keeps what has a connection until that is lost, and takes nobody any more', async () => {
    const { house, b: away } = await lost()
    const here = await house.connect()
    await house.acceptor.close()
    expect([away.end?.reason, here.session.state]).toEqual(['expired', 'open'])
    here.send('still')
    await house.pass(10)
    expect(house.ends[1]?.log).toEqual(['data still'])
    house.cut()
    await house.pass(10)
    expect(house.ends[1]?.end?.reason).toBe('expired')
    await house.expectNothingLeft()
  })

  it('refuses while it is being closed', async () => {
    const transport = memory()
    const acceptor = new SessionAcceptor({ onSession: () => {} })
    await expect(acceptor.listen(transport)).resolves.toMatchObject({ address: 'memory' })
    await acceptor.close()
    await expect(openSession(transport)).rejects.toMatchObject({ code: 'refused' })
    transport.expectNothingLeft()
  })

  it('is not taken for one by an initiator when it is none', async () => {
    const house = new House()
    const listening = await acceptSessions(house.transport, { clock: house.clock, units }, (request) => {
      request.accept({ userData: octets('I am something else') }).listen({})
    })
    await expect(house.connect()).rejects.toMatchObject({ code: 'protocol-error' })
    await listening.close()
    await house.expectNothingLeft()
  })
})
