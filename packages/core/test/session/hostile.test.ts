// What an acceptor bears: bounds on what it keeps and waits for, and initiators that do what no session does.

import { describe, expect, it } from 'vitest'

import { coreLimits, openSession } from '../../src/index.ts'
import { encodeGreeting } from '../../src/session/book/envelope.ts'
import { claim, knock, lost, prove, refusal, units } from './raw.ts'
import { House, octets, text } from './support.ts'

describe('the acceptor is bounded', () => {
  it('to sessions in all and sessionsPerPrincipal for each, suspended ones included', async () => {
    const house = new House({
      limits: { sessions: 3, sessionsPerPrincipal: 2 },
      acceptor: { admit: ({ userData }) => ({ admit: true, principal: text(userData) }) },
    })
    await house.listen()
    const knockAs = (name: string): Promise<unknown> => refusal(house, { userData: octets(name) })
    expect([await knockAs('ann'), await knockAs('ann')]).toEqual(['let in', 'let in'])
    for (const link of house.transport.links) link.cut()
    await house.pass(10)
    expect(await knockAs('ann')).toMatchObject({ code: 'congestion' })
    expect([await knockAs('bob'), (await knockAs('eve')) === 'let in']).toEqual(['let in', false])
    expect(house.audits.map(({ code }) => code)).toEqual(['opened', 'opened', 'full', 'opened', 'full'])
    house.acceptor.sessions[0]?.abort()
    expect(await knockAs('ann')).toBe('let in')
    expect([coreLimits.sessions, coreLimits.sessionsPerPrincipal]).toEqual([10_000, 1_000])
    await house.expectNothingLeft()
  })

  it('to admissions that wait, those refused after refusalDelay included', async () => {
    const { house, opened } = await lost({ limits: { admissions: 2, refusalDelay: 150 } })
    const wrong = claim(opened, 1, new Uint8Array(32))
    const three = [1, 2, 3].map(() => knock(house, wrong).catch((error: unknown) => error))
    await house.pass(149)
    const third = await Promise.race(three)
    expect(third).toMatchObject({ code: 'congestion' })
    await house.pass(1)
    expect(await Promise.all(three)).toMatchObject([{ code: 'user-data' }, { code: 'user-data' }, third])
    expect([coreLimits.admissions, coreLimits.refusalDelay]).toEqual([1_000, 100])
    await house.expectNothingLeft()
  })

  it('to peers that bear silenceTimeoutLeast, have its units and say what a session says', async () => {
    const house = new House()
    await house.listen()
    const options = { clock: house.clock, units, versions: [2] as const }
    await expect(knock(house, { silence: coreLimits.silenceTimeoutLeast - 1 })).rejects.toMatchObject({
      code: 'user',
    })
    await expect(openSession(house.transport, options)).rejects.toMatchObject({ code: 'user' })
    const userData = encodeGreeting({ silence: 2_500, resume: undefined, userData: octets('') })
    await expect(
      openSession(house.transport, { ...options, units: ['duplex', 'typed-data'], userData }),
    ).rejects.toMatchObject({ code: 'restriction' })
    await house.expectNothingLeft()
  })

  it('to sessions that their initiator knows of', async () => {
    const house = new House()
    await house.listen()
    const opened = await knock(house)
    expect(house.acceptor.sessions.length).toBe(1)
    opened.connection.abort()
    await house.pass(10)
    expect([house.acceptor.sessions, house.ends[0]?.end?.reason]).toEqual([[], 'aborted'])
    await house.expectNothingLeft()
  })

  it('and keeps one from which something has come', async () => {
    const house = new House()
    await house.listen()
    const opened = await knock(house)
    opened.connection.send([octets('one')])
    await house.pass(10)
    opened.connection.abort()
    await house.pass(10)
    expect([house.ends[0]?.log, house.acceptor.sessions[0]?.state]).toEqual([['data one'], 'suspended'])
    await house.expectNothingLeft()
  })

  it('but keeps one whose initiator stopped waiting for a later ACCEPT', async () => {
    const { house, opened, b } = await lost()
    const again = await knock(house, claim(opened, 1))
    again.connection.abort()
    await house.pass(10)
    expect([house.acceptor.sessions.length, b.session.state]).toEqual([1, 'suspended'])
    await house.expectNothingLeft()
  })

  it('and keeps it also when nothing has come from the initiator but its CONNECTs', async () => {
    const house = new House()
    await house.listen()
    const opened = await knock(house)
    house.cut()
    await house.pass(10)
    const again = await knock(house, claim(opened, 1))
    again.connection.abort()
    await house.pass(10)
    expect([house.acceptor.sessions.length, house.ends[0]?.session.state]).toEqual([1, 'suspended'])
    await house.expectNothingLeft()
  })

  it('to sessions whose ACCEPT can be sent', async () => {
    const userData = new Uint8Array(coreLimits.userDataOctets + 1)
    const house = new House({ acceptor: { admit: () => ({ admit: true, userData }) } })
    await house.listen()
    await expect(knock(house)).rejects.toMatchObject({ code: 'provider' })
    expect([house.acceptor.sessions, house.ends]).toEqual([[], []])
    await house.expectNothingLeft()
  })

  it('to sessions whose user does not throw', async () => {
    const house = new House({
      acceptor: {
        onSession: () => {
          throw new Error('not today')
        },
      },
    })
    await house.listen()
    const a = await house.connect()
    await house.pass(10)
    expect([a.end?.by, house.acceptor.sessions]).toEqual(['peer', []])
    await house.expectNothingLeft()
  })
})

describe('an initiator that does what no session does', () => {
  it('ends its own session and nothing else', async () => {
    for (const stop of ['interruptActivity', 'discardActivity'] as const) {
      const house = new House()
      await house.listen()
      const other = await house.connect()
      const opened = await knock(house)
      await prove(house, opened)
      opened.connection[stop]().catch(() => {})
      await house.pass(5_000)
      expect(house.ends[1]?.end).toMatchObject({ by: 'peer', reason: 'protocol-error' })
      expect([other.session.state, house.acceptor.sessions.length]).toEqual(['open', 1])
      await house.expectNothingLeft()
    }
  })

  it('harms only itself by giving its turns away, by never beginning, by beginning at the end', async () => {
    const house = new House()
    await house.listen()
    const generous = await knock(house)
    await prove(house, generous)
    generous.connection.giveTokens(['major-activity', 'release'])
    const silent = await knock(house)
    silent.connection.giveControl()
    const late = await knock(house)
    late.connection.resumeActivity(octets('x'), { oldIdentifier: octets('x'), serial: 999_999 })
    await house.pass(1_000)
    for (const { session } of house.ends) session.send([octets('hello')])
    await house.pass(10_000)
    expect(house.ends.map(({ session }) => session.state)).toEqual(['suspended', 'suspended', 'suspended'])
    await house.expectNothingLeft()
  })
})
