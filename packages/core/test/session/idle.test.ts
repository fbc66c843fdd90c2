// A session that nobody uses drops its connection and has it back when somebody does.

import { describe, expect, it } from 'vitest'

import { House } from './support.ts'

const limits = { idleTimeout: 5_000, idlePoll: 20_000 }

describe('an idle session', () => {
  it('drops its connection, and the initiator has it back by sending', async () => {
    const house = new House({ limits })
    await house.listen()
    const a = await house.connect()
    const [b] = house.ends
    a.send('one')
    await house.pass(7_000)
    expect([a.session.state, b?.session.state]).toEqual(['idle', 'idle'])
    expect(house.transport.links).toEqual([])
    a.send('two')
    await house.pass(10)
    expect(b?.log).toEqual(['data one', 'data two'])
    expect(a.states).toEqual(['open', 'idle', 'resuming', 'open'])
    await house.expectNothingLeft()
  })
})
