// A session that nobody uses drops its connection and has it back when somebody does.

import { describe, expect, it } from 'vitest'

import { coreLimits, tap, text } from '../../src/index.ts'
import { House, pair } from './support.ts'

const limits = { idleTimeout: 5_000, idlePoll: 20_000 }

describe('an idle session', () => {
  it('drops its connection after idleTimeout, and the initiator has it back by sending', async () => {
    const { house, a, b } = await pair({ limits })
    const told: string[] = []
    for (const { session } of [a, b]) session.onSuspended(({ message }) => void told.push(message))
    a.send('one')
    await house.pass(7_000)
    expect([a.session.state, b.session.state, house.transport.links]).toEqual(['idle', 'idle', []])
    a.send('two')
    await house.pass(10)
    expect(b.log).toEqual(['data one', 'data two'])
    expect([a.states, told]).toEqual([['open', 'idle', 'resuming', 'open'], []])
    await house.expectNothingLeft()
  })

  it('is had back for the acceptor within idlePoll', async () => {
    const { house, a, b } = await pair({ limits })
    await house.pass(7_000)
    b.send('for you')
    expect(b.session.state).toBe('idle')
    await house.pass(limits.idlePoll)
    expect(a.log).toEqual(['data for you'])
    await house.expectNothingLeft()
  })

  it('is had back at once when it is asked for', async () => {
    const { house, a } = await pair({ limits })
    await house.pass(7_000)
    a.session.resumeNow()
    await house.pass(0)
    expect(a.session.state).toBe('open')
    await house.expectNothingLeft()
  })

  it('goes on polling, and lives longer than its time to live', async () => {
    const { house, a, b } = await pair({ limits: { ...limits, idlePoll: 1_000_000 } })
    await house.pass(3 * coreLimits.timeToLive)
    expect([a.session.state, b.session.state]).toEqual(['idle', 'idle'])
    await house.expectNothingLeft()
  })

  it('is suspended, and says so, when it cannot be had back', async () => {
    const { house, a, b } = await pair({ limits })
    await house.pass(7_000)
    const told: string[] = []
    a.session.onSuspended(({ message }) => void told.push(message))
    house.transport.onConnect = 'refuse'
    a.send('now')
    await house.pass(1_000)
    expect([a.states.slice(0, 4), told.length]).toEqual([['open', 'idle', 'resuming', 'suspended'], 1])
    house.transport.onConnect = 'accept'
    await house.pass(10_000)
    expect(b.log).toEqual(['data now'])
    await house.expectNothingLeft()
  })

  it('is none while something is sent now and then, by either side, or not yet confirmed', async () => {
    const { house, a, b } = await pair({ limits })
    for (let time = 0; time < 10; time++) {
      ;(time % 2 === 0 ? a : b).send('.')
      await house.pass(4_000)
    }
    expect(a.states).toEqual(['open'])
    b.session.pause()
    a.send('unread')
    await house.pass(60_000)
    expect(a.states).toEqual(['open'])
    await house.expectNothingLeft()
  })

  it('is not dropped when the acceptor has something to send at that moment', async () => {
    const house = new House({ limits, memory: { delay: 20 } })
    await house.listen()
    const wire: string[] = []
    const sink = text((line) => {
      wire.push(line)
      // The activity is over, and the FINISH on its way.
      if (line.includes('-> FN')) house.ends[0]?.send('wait')
    })
    const a = await house.connect({}, tap(house.transport, sink, house.clock))
    await house.pass(limits.idleTimeout + 2_000)
    expect([a.states, a.log]).toEqual([['open'], ['data wait']])
    expect(wire.some((line) => line.includes('<- NF'))).toBe(true)
    await house.pass(limits.idleTimeout + 2_000)
    await house.expectNothingLeft()
  })

  it('is no session unless it is asked for', async () => {
    expect([coreLimits.idleTimeout, coreLimits.idlePoll]).toEqual([0, 30_000])
    const { house, a } = await pair({})
    await house.pass(600_000)
    expect(a.states).toEqual(['open'])
    await house.expectNothingLeft()
  })
})
