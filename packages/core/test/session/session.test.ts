// A session over connections that are lost: what was sent arrives, in its order, once.

import { describe, expect, it } from 'vitest'

import { House } from './support.ts'

describe('a session', () => {
  it('carries data and typed data in one order', async () => {
    const house = new House()
    await house.listen()
    const a = await house.connect()
    const [b] = house.ends
    a.send('one')
    a.sendTyped('two')
    a.send('three')
    b?.send('hello')
    await house.pass(10)
    expect(b?.log).toEqual(['data one', 'typed two', 'data three'])
    expect(a.log).toEqual(['data hello'])
    await house.expectNothingLeft()
  })

  it('goes on after its connection is lost, and says so', async () => {
    const house = new House()
    await house.listen()
    const a = await house.connect()
    const [b] = house.ends
    a.send('one')
    await house.pass(10)
    house.cut()
    a.send('two')
    b?.sendTyped('three')
    await house.pass(10)
    expect(b?.told('data')).toEqual(['data one', 'data two'])
    expect(a.told('typed')).toEqual(['typed three'])
    expect(a.states).toEqual(['open', 'suspended', 'resuming', 'open'])
    await house.expectNothingLeft()
  })
})
