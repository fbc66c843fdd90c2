// What a session looks like on the wire: which services of X.225 it uses, and what they carry.

import { describe, expect, it } from 'vitest'

import { tap, text } from '../../src/index.ts'
import { End, House, type HouseOptions } from './support.ts'

/** A session whose initiator's side of the wire is written down: no times, only what is looked at here. */
async function wired(options: HouseOptions = {}): Promise<{ house: House; a: End; b: End; wire: string[] }> {
  const house = new House(options)
  await house.listen()
  const wire: string[] = []
  const sink = text((line) => {
    const short = line.replace(/^.*ms {2}/, '').replace(/ (?:options|units|token-setting|v2)\S*/g, '')
    wire.push(short.replaceAll('GT · ', '').replaceAll('PT · ', ''))
  })
  const a = await house.connect({}, tap(house.transport, sink, house.clock))
  const [b] = house.ends
  if (b === undefined) throw new Error('no session')
  return { house, a, b, wire }
}

describe('on the wire a session', () => {
  it('is an activity, resumed behind the last points that both sides have', async () => {
    const { house, a, b, wire } = await wired()
    const name = a.session.id.replaceAll(/../g, '$& ').slice(0, 35)
    a.send('one')
    b.sendTyped('two')
    await house.pass(600)
    a.send('three')
    house.cut()
    await house.pass(0)
    expect(wire).toEqual([
      '#1 connected to memory acceptor 1',
      '#1 -> CN 8 octets user data',
      `#1 <- AC common-reference=${name} … additional-reference=00 00 00 00 52 octets user data`,
      '#1 -> DT 3 octets',
      '#1 <- TD 3 octets',
      // The acceptor wants to set a point.
      '#1 <- PT tokens=major-activity',
      '#1 -> AS activity=00 00 00 01',
      '#1 <- MIP serial=1',
      '#1 -> MIA serial=1',
      '#1 -> MIP serial=1',
      '#1 <- MIA serial=1',
      '#1 -> DT 5 octets',
      '#1 ended by network: the link was cut',
      '#2 connected to memory acceptor 2',
      `#2 -> CN common-reference=${name} … additional-reference=00 00 00 01 48 octets user data`,
      `#2 <- AC common-reference=${name} … additional-reference=00 00 00 01 52 octets user data`,
      `#2 -> AR common-reference=${name} … additional-reference=00 00 00 00 ` +
        'old-activity=00 00 00 01 serial=1 second-serial=1 activity=00 00 00 01',
      '#2 -> DT 5 octets',
    ])
    await house.expectNothingLeft()
  })

  it('names a point in ACTIVITY RESUME that was reached though its confirmation was lost', async () => {
    const { house, a, b, wire } = await wired({ limits: { syncUnits: 1 } })
    // The point arrives, what comes back does not.
    house.transport.links[0]?.stall('to-initiator')
    a.send('one')
    await house.pass(0)
    house.cut()
    await house.pass(0)
    expect(b.log).toEqual(['data one'])
    expect(wire.find((line) => line.includes('-> AR'))).toContain('serial=1 second-serial=0')
    expect(a.session.retained).toBe(0)
    await house.expectNothingLeft()
  })

  it('begins another activity before serial numbers run out, at renewSerial', async () => {
    const { house, a, b, wire } = await wired({ limits: { syncUnits: 1, renewSerial: 5 } })
    for (let number = 0; number < 12; number++) {
      a.send(`${number}`)
      b.send(`${number}`)
      await house.pass(200)
    }
    const sent = Array.from({ length: 12 }, (_, number) => `data ${number}`)
    expect([a.told('data'), b.told('data')]).toEqual([sent, sent])
    expect(a.states).toEqual(['open'])
    expect(wire.filter((line) => /-> A[SRE]/.test(line)).slice(0, 3)).toEqual([
      '#1 -> AS activity=00 00 00 01',
      '#1 -> AE serial=5',
      '#1 -> AS activity=00 00 00 02',
    ])
    const first = wire.indexOf('#1 -> AS activity=00 00 00 02')
    expect(wire.slice(first).find((line) => line.includes('-> MIP'))).toContain('serial=1')
    await house.expectNothingLeft()
  })

  it('counts from 1 in each activity, also when the first thing that happens to it is a loss', async () => {
    const { house, a, wire } = await wired({ limits: { syncUnits: 1, renewSerial: 5 } })
    for (let number = 0; number < 4; number++) a.send(`${number}`)
    while (wire.at(-1) !== '#1 -> AS activity=00 00 00 02') await house.pass(10)
    house.cut()
    await house.pass(0)
    expect(wire.find((line) => line.includes('-> AR'))).toMatch(
      / serial=0 second-serial=0 activity=00 00 00 02$/,
    )
    await house.expectNothingLeft()
  })

  it('sends what waits before it agrees to the end of an activity', async () => {
    const { house, a, b, wire } = await wired({
      memory: { highWaterMark: 300 },
      limits: { syncUnits: 1_000 },
    })
    house.transport.links[0]?.stall('to-initiator')
    for (let number = 0; number < 20; number++) b.send('x'.repeat(100))
    void a.session.release()
    await house.pass(0)
    house.transport.links[0]?.flow()
    await house.pass(600)
    const order = wire
      .filter((line) => /<- (?:DT|MAA|NF|DN)/.test(line))
      .map((line) => line.slice(6, 9).trim())
    expect(order).toEqual([...Array.from({ length: 20 }, () => 'DT'), 'MAA', 'DN'])
    expect([a.told('data').length, a.end?.reason]).toEqual([20, 'released'])
    await house.expectNothingLeft()
  })

  it('has no activity when it is short, and is released in one round trip', async () => {
    const { house, a, b, wire } = await wired()
    a.send('one')
    b.send('two')
    await house.pass(10)
    const answer = a.session.release(undefined, true)
    await house.pass(10)
    expect(wire.slice(3).map((line) => line.split(' ').slice(1, 3).join(' '))).toEqual([
      '-> DT',
      '<- DT',
      '-> FN',
      '<- DN',
      'ended by',
    ])
    expect((await answer).accepted).toBe(true)
    expect([a.end?.reason, b.end?.reason]).toEqual(['released', 'released'])
    await house.expectNothingLeft()
  })

  it('begins its activity when the first point is due on either side', async () => {
    for (const sender of ['initiator', 'acceptor'] as const) {
      const { house, a, b, wire } = await wired({ limits: { syncUnits: 2 } })
      const end = sender === 'initiator' ? a : b
      end.send('one')
      await house.pass(10)
      expect(wire.some((line) => line.includes('AS'))).toBe(false)
      end.send('two')
      await house.pass(10)
      expect(wire.slice(5).map((line) => line.split(' ').slice(1, 3).join(' '))).toEqual(
        sender === 'initiator' ? ['-> AS', '-> MIP', '<- MIA'] : ['<- PT', '-> AS', '<- MIP', '-> MIA'],
      )
      expect(end.session.retained).toBe(0)
      await house.expectNothingLeft()
    }
  })

  it('is not given up while its acceptor reads nothing from the start', async () => {
    const house = new House({ acceptor: { onSession: (session) => session.pause() } })
    await house.listen()
    const a = await house.connect()
    a.send('one')
    await house.pass(60_000)
    expect(a.states).toEqual(['open'])
    const [session] = house.acceptor.sessions
    if (session === undefined) throw new Error('no session')
    const b = new End(session)
    session.resume()
    await house.pass(1_000)
    expect([b.log, a.session.retained]).toEqual([['data one'], 0])
    await house.expectNothingLeft()
  })

  it('is released in two round trips out of its activity when a yes is foreseen', async () => {
    const { house, a, wire } = await wired()
    await house.pass(600)
    const from = wire.length
    const answer = a.session.release(undefined, true)
    await house.pass(10)
    expect(wire.slice(from).map((line) => line.split(' ').slice(1, 3).join(' '))).toEqual([
      '-> MIP',
      '-> AE',
      '<- MAA/AEA',
      '-> FN',
      '<- DN',
      'ended by',
    ])
    expect((await answer).accepted).toBe(true)
    await house.expectNothingLeft()
  })

  it('sets no point beyond lastSerial, and goes on all the same', async () => {
    const { house, a, b } = await wired({
      limits: { syncUnits: 1, lastSerial: 3, silenceTimeout: 60_000 } as object,
    })
    for (let number = 0; number < 8; number++) a.send(`${number}`)
    await house.pass(10)
    expect(b.log.length).toBe(8)
    expect(a.session.retained).toBeGreaterThan(0)
    await house.expectNothingLeft()
  })

  it('leaves an idle connection in good order, and starts a new activity on the next', async () => {
    const { house, a, wire } = await wired({ limits: { idleTimeout: 1_000 } })
    await house.pass(2_000)
    a.send('on')
    await house.pass(0)
    expect(
      wire.filter((line) => !/MIP|PT/.test(line)).map((line) => line.split(' ').slice(0, 3).join(' ')),
    ).toEqual([
      '#1 connected to',
      '#1 -> CN',
      '#1 <- AC',
      '#1 -> AS',
      '#1 -> AE',
      '#1 <- MAA/AEA',
      '#1 -> FN',
      '#1 <- DN',
      '#1 ended by',
      '#2 connected to',
      '#2 -> CN',
      '#2 <- AC',
      '#2 -> AS',
      '#2 -> DT',
    ])
    await house.expectNothingLeft()
  })
})
