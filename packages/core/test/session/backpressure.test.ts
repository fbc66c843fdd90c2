// What a session keeps for the other side, and what happens when that is much.

import { describe, expect, it } from 'vitest'

import { coreLimits } from '../../src/index.ts'
import { octets, pair } from './support.ts'

describe('what a session keeps', () => {
  it('counts with unitOctets for each unit, and is let go when it is confirmed', async () => {
    const { house, a, b } = await pair()
    a.send('hello')
    a.session.sendTyped([octets('he'), octets('llo')])
    expect(a.session.retained).toBe(2 * (5 + coreLimits.unitOctets))
    await house.pass(500)
    expect([a.session.retained, b.session.retained]).toEqual([0, 0])
    await house.expectNothingLeft()
  })

  it('stops the sender at retainedOctets, and lets it go on at half of that', async () => {
    const limits = { retainedOctets: 1_000, syncUnits: 4 }
    const { house, a, b } = await pair({ limits, memory: { delay: 10 } })
    let sent = 0
    const fill = (): void => {
      while (a.session.writable) a.send(`${sent++}`)
    }
    a.session.listen({ drained: fill })
    fill()
    expect([a.session.retained >= 1_000, a.session.retained < 1_100]).toEqual([true, true])
    await house.pass(1_000)
    expect(sent).toBeGreaterThan(100)
    expect(b.log).toEqual(Array.from({ length: b.log.length }, (_, number) => `data ${number}`))
    expect(coreLimits.retainedOctets).toBe(8 * 2 ** 20)
    await house.expectNothingLeft()
  })

  it('is bounded while there is no connection, and says when there is room again', async () => {
    const { house, a, b } = await pair({ limits: { retainedOctets: 300 } })
    house.transport.onConnect = 'refuse'
    house.cut()
    await house.pass(10)
    const room = [1, 2, 3, 4, 5].map((number) => a.send(`${number}`))
    expect(room).toEqual([true, true, true, true, false])
    expect(a.told('drained')).toEqual([])
    house.transport.onConnect = 'accept'
    await house.pass(5_000)
    expect([a.told('drained'), b.told('data').length]).toEqual([['drained'], 5])
    await house.expectNothingLeft()
  })

  it('ends the session past retainedOctetsMost, and both sides hear why', async () => {
    const { house, a, b } = await pair({ limits: { retainedOctets: 100, retainedOctetsMost: 1_000 } })
    b.session.pause()
    let number = 0
    while (a.session.state !== 'closed') a.send(`${number++}`)
    expect(number).toBe(Math.ceil(1_000 / (1 + coreLimits.unitOctets)) + 1)
    expect(a.end).toMatchObject({ by: 'us', reason: 'overflow' })
    b.session.resume()
    await house.pass(10)
    expect(b.end).toMatchObject({ by: 'peer', reason: 'overflow' })
    expect(coreLimits.retainedOctetsMost).toBe(32 * 2 ** 20)
    await house.expectNothingLeft()
  })

  it('takes one unit of any length', async () => {
    const { house, a, b } = await pair({ limits: { retainedOctets: 100, retainedOctetsMost: 1_000 } })
    a.session.send([new Uint8Array(50_000).fill(46)])
    await house.pass(10)
    expect(b.log[0]?.length).toBe(50_005)
    await house.expectNothingLeft()
  })

  it('says when there is room again to whoever saw that there was none, and had sent nothing', async () => {
    const { house, a } = await pair({ memory: { highWaterMark: 5 } })
    house.transport.links[0]?.stall('to-acceptor')
    await house.pass(1_000)
    // A sign of life has filled the transport.
    expect(a.session.writable).toBe(false)
    house.transport.links[0]?.flow()
    await house.pass(10)
    expect([a.session.writable, a.told('drained')]).toEqual([true, ['drained']])
    await house.expectNothingLeft()
  })

  it('does not go to a transport that has no room', async () => {
    const { house, a } = await pair({ memory: { highWaterMark: 500 } })
    house.transport.links[0]?.stall('to-acceptor')
    for (let number = 0; number < 100; number++) a.send('x'.repeat(100))
    expect(house.transport.links[0]?.waiting('to-acceptor')).toBeLessThan(700)
    expect([a.session.writable, a.session.retained]).toEqual([false, 100 * 164])
    await house.pass(500)
    expect(a.session.retained).toBe(100 * 164)
    await house.expectNothingLeft()
  })
})
