// Ending a session in good order, by either side, with everything that was sent delivered first.

import { describe, expect, it } from 'vitest'

import { turns } from '../../src/testing/index.ts'
import { octets, pair } from './support.ts'

describe('release', () => {
  it('ends a session when the other side agrees, whoever asks', async () => {
    for (const asker of ['initiator', 'acceptor'] as const) {
      const { house, a, b } = await pair()
      const [asking, asked] = asker === 'initiator' ? [a, b] : [b, a]
      asked.askMe()
      asking.send('last of mine')
      const answer = asking.session.release(octets('bye'))
      expect(asking.session.release()).toBe(answer)
      await house.pass(10)
      expect(asked.log).toEqual(['data last of mine', 'release? bye'])
      // It goes on, both ways, for as long as it takes.
      asked.send('not yet')
      asking.send('take your time')
      await house.pass(60_000)
      expect([asking.told('data'), asked.told('data').length, asking.session.state]).toEqual([
        ['data not yet'],
        2,
        'open',
      ])
      asked.send('last of mine')
      asked.question?.accept(octets('so long'))
      await house.pass(100)
      expect(await answer).toEqual({ accepted: true, userData: octets('so long') })
      expect(asking.told('data')).toEqual(['data not yet', 'data last of mine'])
      expect([a.end?.reason, b.end?.reason, a.session.state]).toEqual(['released', 'released', 'closed'])
      expect(house.acceptor.sessions).toEqual([])
      expect(() => asked.question?.refuse()).toThrow('answered before')
      await house.expectNothingLeft()
    }
  })

  it('goes on when the other side declines, and may be asked for again', async () => {
    const { house, a, b } = await pair()
    b.askMe()
    const first = a.session.release()
    await house.pass(10)
    expect(b.question?.open).toBe(true)
    b.question?.refuse(octets('busy'))
    await house.pass(10)
    expect(await first).toEqual({ accepted: false, userData: octets('busy') })
    expect([a.session.state, b.question?.open]).toEqual(['open', false])
    const second = a.session.release()
    await house.pass(10)
    b.question?.accept()
    await house.pass(10)
    expect((await second).accepted).toBe(true)
    await house.expectNothingLeft()
  })

  it('is agreed on when both ask at once', async () => {
    const { house, a, b } = await pair()
    for (const end of [a, b]) end.askMe()
    const answers = Promise.all([a.session.release(), b.session.release()])
    await house.pass(100)
    expect((await answers).map(({ accepted }) => accepted)).toEqual([true, true])
    expect([a.question, b.question]).toEqual([undefined, undefined])
    await house.expectNothingLeft()
  })

  it('foreseen as agreed to brings the answer of the other side', async () => {
    for (const asker of ['initiator', 'acceptor'] as const) {
      const { house, a, b } = await pair()
      const [asking, asked] = asker === 'initiator' ? [a, b] : [b, a]
      asked.releaseRequested = (userData, question) => question.accept(octets(`${String(userData)} too`))
      asking.send('last of mine')
      asked.send('last of theirs')
      const answer = asking.session.release(Uint8Array.of(7), true)
      await house.pass(10)
      expect(await answer).toEqual({ accepted: true, userData: octets('7 too') })
      expect([asking.told('data'), asked.told('data')]).toEqual([
        ['data last of theirs'],
        ['data last of mine'],
      ])
      expect([a.end?.reason, b.end?.reason]).toEqual(['released', 'released'])
      await house.expectNothingLeft()
    }
  })

  it('wrongly foreseen as agreed to is answered all the same, and data flows until then', async () => {
    for (const answering of ['refuse', 'accept'] as const) {
      for (const wait of [0, 60_000]) {
        const { house, a, b } = await pair()
        b.askMe()
        const answer = a.session.release(octets('bye'), true)
        a.send('after the question')
        b.send('before the answer')
        if (wait > 0) await house.pass(wait)
        else await turns()
        for (let more = 0; b.question === undefined && more < 10; more++) await house.pass(1)
        b.question?.[answering](octets('said'))
        b.send('after the answer')
        await house.pass(100)
        expect(await answer).toEqual({ accepted: answering === 'accept', userData: octets('said') })
        expect(b.told('data')).toEqual(['data after the question'])
        expect(a.told('data')).toEqual(['data before the answer', 'data after the answer'])
        expect(b.log.filter((line) => line.startsWith('release?'))).toEqual(['release? bye'])
        expect(a.session.state).toBe(answering === 'accept' ? 'closed' : 'open')
        await house.expectNothingLeft()
      }
    }
  })

  it('survives the loss of the connection wherever it is', async () => {
    for (const asker of ['initiator', 'initiator, foreseen', 'acceptor'] as const) {
      for (let octet = 0; octet < 120; octet += 8) {
        for (const direction of ['to-acceptor', 'to-initiator'] as const) {
          const { house, a, b } = await pair()
          house.transport.links[0]?.cutAfter(octet, direction)
          const answer = (asker === 'acceptor' ? b : a).session.release(undefined, asker.endsWith('foreseen'))
          await house.pass(5_000)
          expect([asker, octet, direction, (await answer).accepted]).toEqual([asker, octet, direction, true])
          expect([a.end?.reason, b.end?.reason]).toEqual(['released', 'released'])
          await house.expectNothingLeft()
        }
      }
    }
  })

  it('waits for what waits to leave, on either side, also where no activity was', async () => {
    for (const sender of ['initiator', 'acceptor'] as const) {
      const { house, a, b } = await pair({ memory: { highWaterMark: 300 } })
      const [sending, other] = sender === 'initiator' ? [a, b] : [b, a]
      house.transport.links[0]?.stall(sender === 'initiator' ? 'to-acceptor' : 'to-initiator')
      for (let number = 0; number < 20; number++) sending.send('x'.repeat(100))
      const answer = a.session.release(undefined, true)
      await house.pass(0)
      house.transport.links[0]?.flow()
      await house.pass(600)
      expect([(await answer).accepted, other.told('data').length]).toEqual([true, 20])
      await house.expectNothingLeft()
    }
  })

  it('is over for an acceptor that agreed, though nobody says that the answer has arrived', async () => {
    const { house, a, b } = await pair({ limits: { timeToLive: 60_000 } })
    const answer = a.session.release(undefined, true)
    // Its end of the link breaks off at the moment at which the other end closes it.
    void a.session.closed.then(() => house.cut())
    await house.pass(10)
    expect((await answer).accepted).toBe(true)
    expect([a.session.state, b.session.state]).toEqual(['closed', 'suspended'])
    await house.pass(60_000)
    expect(b.end?.reason).toBe('released')
    await house.expectNothingLeft()
  })

  it('asked for without a connection waits for one', async () => {
    const { house, a, b } = await pair({ limits: { idleTimeout: 1_000, idlePoll: 10_000 } })
    await house.pass(3_000)
    expect([a.session.state, b.session.state]).toEqual(['idle', 'idle'])
    const answer = b.session.release()
    await house.pass(10_000)
    expect((await answer).accepted).toBe(true)
    await house.expectNothingLeft()
  })

  it('that cannot be had rejects', async () => {
    const { house, a, b } = await pair()
    b.askMe()
    const answer = a.session.release().catch((error: unknown) => error)
    await house.pass(10)
    b.session.abort()
    await house.pass(10)
    expect(await answer).toMatchObject({ name: 'SessionAbortedError', code: 'aborted' })
    b.question?.accept()
    await house.expectNothingLeft()
  })
})
