// Every service of an open session connection as one method and what the other side is told, the state that
// can be read at any moment, and what a method says whose functional unit is missing.

import { describe, expect, it } from 'vitest'

import { SessionUsageError, type SessionConnection, type Unit } from '../../src/index.ts'
import { turns } from '../../src/testing/index.ts'
import { Address, ends, octets, text, type Ends } from './support.ts'

const dialogue: readonly Unit[] = [
  'half-duplex',
  'minor-sync',
  'major-sync',
  'resynchronize',
  'negotiated-release',
  'exceptions',
  'typed-data',
]
const inActivities: readonly Unit[] = [...dialogue, 'activities', 'capability-data']

async function between(units: readonly Unit[]): Promise<Ends> {
  return ends({ open: { units }, accept: { units } })
}

describe('turns', () => {
  it('are given, asked for and readable at both ends', async () => {
    const { a, b, address, atA, atB } = await between(dialogue)
    expect([a.turns.data.mine, b.turns.data.mine, a.turns.release.exists]).toEqual([true, false, true])
    b.pleaseTokens(['data'])
    await turns()
    a.giveTokens(['data', 'minor-sync'])
    await turns()
    expect([atA.log, atB.log]).toEqual([['asked data'], ['given data,minor-sync']])
    expect([a.turns.data.mine, b.turns.data.mine, b.turns.minorSync.mine]).toEqual([false, true, true])
    expect(b.turns.majorActivity.mine).toBe(false)
    expect(b.tokens).toEqual(['data', 'minor-sync'])
    expect(() => a.send([octets('not now')])).toThrow('send is not possible now')
    a.abort()
    await address.expectNothingLeft()
  })

  it('do not exist without their functional unit', async () => {
    const { a, address } = await ends()
    expect([a.turns.data.exists, a.turns.data.mine]).toEqual([false, false])
    a.abort()
    await address.expectNothingLeft()
  })

  it('are all given at once outside of activities', async () => {
    const { a, b, address, atB } = await between(inActivities)
    a.giveControl()
    await turns()
    expect([atB.log, a.tokens, b.tokens.length]).toEqual([['control'], [], 4])
    b.abort()
    await address.expectNothingLeft()
  })
})

describe('sync points', () => {
  it('are numbered from where the acceptor says, confirmed together, and readable', async () => {
    const address = new Address()
    let b: SessionConnection | undefined
    await address.accept({ units: dialogue }, (request) => {
      expect(request.serials).toEqual({ serial: 5 })
      b = request.accept({ serial: 40 })
      b.listen({ minorSync: ({ serial }) => serial === 41 && b?.confirmMinor(serial, octets('safe')) })
    })
    const a = await address.open({ units: dialogue, serial: 5 })
    const confirmed: string[] = []
    a.listen({
      minorConfirmed: (point) => confirmed.push(`${point.serial} ${text(point.userData ?? octets(''))}`),
    })
    expect([a.sync.next, a.sync.confirmed]).toEqual([40, 39])
    expect([a.syncMinor({ explicit: false }), a.syncMinor({ userData: octets('x') })]).toEqual([40, 41])
    expect([a.sync.sent, a.sync.confirmed]).toEqual([41, 39])
    await turns()
    expect([a.sync.confirmed, b?.sync.confirmed, b?.sync.received.sent]).toEqual([41, 41, 41])
    expect(confirmed).toEqual(['41 safe'])
    a.abort()
    await address.expectNothingLeft()
  })

  it('have numbers of their own in each direction with symmetric synchronize', async () => {
    const units: readonly Unit[] = ['duplex', 'symmetric-sync', 'resynchronize', 'major-sync']
    const { a, b, address, atA, atB } = await ends({
      open: { units, serial: 3, serialReceived: 70 },
      accept: { units },
    })
    expect([a.syncMinor(), a.syncMinor(), b.syncMinor()]).toEqual([3, 4, 70])
    await turns()
    expect([atB.log, atA.log]).toEqual([['minor 3', 'minor 4'], ['minor 70']])
    b.confirmMinor(3)
    await turns()
    expect([a.sync.sent, a.sync.confirmed, a.sync.received.sent]).toEqual([4, 3, 70])
    const answer = a.resynchronize({ sending: { type: 'restart', serial: 3 } })
    await turns()
    expect(atB.log.at(-1)).toBe('resync receiving restart 3')
    atB.resync?.accept()
    expect(await answer).toMatchObject({ serial: 3 })
    expect([a.sync.next, b.sync.received.next, a.sync.received.next]).toEqual([3, 3, 71])
    a.abort()
    await address.expectNothingLeft()
  })

  it('of the major kind are confirmed by an answer', async () => {
    const { a, address, atB } = await between(dialogue)
    a.syncMinor()
    const major = a.syncMajor(octets('chapter'))
    await turns()
    expect(atB.log).toEqual(['minor 0', 'major 1'])
    expect(() => a.send([octets('x')])).toThrow(SessionUsageError)
    atB.asked?.accept(octets('agreed'))
    expect(await major).toEqual({ serial: 1, userData: octets('agreed') })
    expect([a.sync.confirmed, a.sync.restart]).toEqual([1, 2])
    a.abort()
    await address.expectNothingLeft()
  })
})

describe('a resynchronize', () => {
  it('goes back to a point, and moves turns as it says', async () => {
    const { a, b, address, atA, atB } = await between(dialogue)
    a.syncMinor()
    a.syncMinor()
    await turns()
    const answer = b.resynchronize({
      type: 'restart',
      serial: 1,
      turns: { data: 'ours', release: 'choice' },
      userData: octets('again'),
    })
    await turns()
    expect(atA.log).toEqual(['resync flow restart 1'])
    atA.resync?.accept({ turns: { release: 'theirs' }, userData: octets('yes') })
    expect(await answer).toEqual({ serial: 1, serialReceived: 1, userData: octets('yes') })
    expect([a.tokens, b.tokens]).toEqual([
      ['minor-sync', 'major-activity'],
      ['data', 'release'],
    ])
    expect([a.sync.next, b.sync.next]).toEqual([1, 1])
    expect(atB.log).toEqual(['minor 0', 'minor 1'])
    a.abort()
    await address.expectNothingLeft()
  })

  it('leaves every turn where it is unless told', async () => {
    const { a, b, address, atB } = await between(dialogue)
    a.giveTokens(['data'])
    const answer = a.resynchronize({ type: 'set', serial: 30 })
    await turns()
    expect(atB.log).toEqual(['given data', 'resync flow set 30'])
    atB.resync?.accept({ serial: 31 })
    expect(await answer).toMatchObject({ serial: 31 })
    expect([a.turns.data.mine, b.turns.data.mine, a.turns.release.mine, b.sync.next]).toEqual([
      false,
      true,
      true,
      31,
    ])
    a.abort()
    await address.expectNothingLeft()
  })
})

describe('activities', () => {
  it('start, end with a sync point, and are readable meanwhile', async () => {
    const { a, b, address, atB } = await between(inActivities)
    expect(a.activity).toBeUndefined()
    a.startActivity(octets('job'))
    expect(a.syncMinor()).toBe(1)
    const ended = a.endActivity()
    await turns()
    expect([atB.log, b.activity]).toEqual([['start job', 'minor 1', 'end 2'], octets('job')])
    atB.asked?.accept()
    expect(await ended).toEqual({ serial: 2, userData: undefined })
    expect([a.activity, b.activity]).toEqual([undefined, undefined])
    a.abort()
    await address.expectNothingLeft()
  })

  it('are interrupted, and resumed where they were', async () => {
    const { a, b, address, atB } = await between(inActivities)
    a.startActivity(octets('job'))
    a.syncMinor()
    a.giveTokens(['data'])
    const stopped = a.interruptActivity('cannot-continue', octets('later'))
    await turns()
    atB.asked?.accept()
    await stopped
    expect([a.activity, a.tokens.length]).toEqual([undefined, 4])
    a.resumeActivity(octets('job2'), {
      oldIdentifier: octets('job'),
      serial: 1,
      session: { common: octets('s') },
    })
    await turns()
    expect(atB.log).toEqual([
      'start job',
      'minor 1',
      'given data',
      'interrupt cannot-continue',
      'resume job2 at 1',
    ])
    expect(atB.resumed).toMatchObject({ oldIdentifier: octets('job'), session: { common: octets('s') } })
    expect([a.sync.next, b.sync.next, b.activity]).toEqual([2, 2, octets('job2')])
    const discarded = a.discardActivity('unrecoverable')
    await turns()
    expect(atB.log.at(-1)).toBe('discard unrecoverable')
    atB.asked?.accept(octets('well'))
    expect(await discarded).toEqual({ userData: octets('well') })
    a.abort()
    await address.expectNothingLeft()
  })

  it('have capability data outside of them', async () => {
    const { a, address, atB } = await between(inActivities)
    const answer = a.sendCapability(octets('what?'))
    await turns()
    expect(atB.log).toEqual(['capability what?'])
    atB.asked?.accept(octets('all'))
    expect(await answer).toEqual({ userData: octets('all') })
    a.abort()
    await address.expectNothingLeft()
  })
})

describe('a problem', () => {
  it('is for the side with the data token to solve', async () => {
    const { a, b, address, atA, atB } = await between(dialogue)
    b.reportProblem('sequence-error', octets('what?'))
    await turns()
    expect(atA.log).toEqual(['problem of user: sequence-error'])
    expect(() => a.send([octets('x')])).toThrow('send is not possible now')
    a.giveTokens(['data'])
    await turns()
    b.send([octets('better')])
    await turns()
    expect([atA.log.at(-1), atB.log]).toEqual(['data better', ['given data']])
    a.abort()
    await address.expectNothingLeft()
  })
})

describe('events', () => {
  it('tell everything that callbacks tell, in the same order', async () => {
    const all: readonly Unit[] = [...inActivities, 'expedited-data']
    const { a, b, address } = await ends({
      memory: { expedited: true },
      open: { units: all },
      accept: { units: all },
      silent: true,
    })
    const types: string[] = []
    for (const side of [a, b]) {
      side.events.subscribe((event) => {
        types.push(`${side === a ? 'a' : 'b'} ${event.type}`)
        if (event.type === 'minor-sync') side.confirmMinor(event.point.serial)
        if ('question' in event) event.question.accept()
      })
    }
    a.send([octets('x')])
    a.sendTyped([octets('x')])
    a.sendExpedited([octets('x')])
    await turns()
    await a.sendCapability()
    a.startActivity(octets('x'))
    a.syncMinor()
    await a.syncMajor()
    await b.resynchronize({ type: 'abandon' })
    await a.endActivity()
    a.startActivity(octets('y'))
    await a.interruptActivity()
    a.resumeActivity(octets('y'), { oldIdentifier: octets('y'), serial: 0 })
    await a.discardActivity()
    b.pleaseTokens(['data'])
    await turns()
    a.giveTokens(['data'])
    await turns()
    b.giveTokens(['data'])
    await turns()
    a.giveControl()
    await turns()
    b.giveControl()
    await turns()
    a.startActivity(octets('z'))
    await turns()
    b.reportProblem('none')
    await turns()
    a.abort()
    await turns()
    expect(types).toEqual([
      'b expedited-data',
      'b data',
      'b typed-data',
      'b capability-data',
      'b activity-started',
      'b minor-sync',
      'b major-sync',
      'a minor-confirmed',
      'a resynchronize',
      'b activity-ended',
      'b activity-started',
      'b activity-interrupted',
      'b activity-resumed',
      'b activity-discarded',
      'a tokens-asked',
      'b tokens-given',
      'a tokens-given',
      'b control-given',
      'a control-given',
      'b activity-started',
      'a problem',
      'a closed',
      'b closed',
    ])
    await address.expectNothingLeft()
  })
})

describe('expedited data', () => {
  it('needs a transport that has it', async () => {
    const units: readonly Unit[] = ['duplex', 'expedited-data']
    const { a, address, atB } = await ends({
      memory: { expedited: true },
      open: { units },
      accept: { units },
    })
    a.sendExpedited([octets('fourteen'), octets('-octet')])
    await turns()
    expect(atB.log).toEqual(['expedited fourteen-octet'])
    a.abort()
    await address.expectNothingLeft()
  })
})

describe('a service that was not negotiated', () => {
  const wrong: readonly [string, (a: SessionConnection) => unknown][] = [
    ['typed-data', (a) => a.sendTyped([octets('x')])],
    ['expedited-data', (a) => a.sendExpedited([octets('x')])],
    ['capability-data', (a) => a.sendCapability()],
    ['half-duplex', (a) => a.pleaseTokens(['data'])],
    ['minor-sync', (a) => a.giveTokens(['minor-sync'])],
    ['major-sync or activities', (a) => a.giveTokens(['major-activity'])],
    ['negotiated-release', (a) => a.pleaseTokens(['release'])],
    ['activities', (a) => a.giveControl()],
    ['minor-sync or symmetric-sync', (a) => a.syncMinor()],
    ['minor-sync or symmetric-sync', (a) => a.confirmMinor(0)],
    ['major-sync', (a) => a.syncMajor()],
    ['resynchronize', (a) => a.resynchronize({ type: 'abandon' })],
    ['exceptions', (a) => a.reportProblem('none')],
    ['activities', (a) => a.startActivity(octets('x'))],
    ['activities', (a) => a.resumeActivity(octets('x'), { oldIdentifier: octets('x'), serial: 1 })],
    ['activities', (a) => a.interruptActivity()],
    ['activities', (a) => a.discardActivity()],
    ['activities', (a) => a.endActivity()],
  ]

  it('throws, names the functional unit and changes nothing', async () => {
    const { a, address, atB } = await ends({ open: { units: ['duplex'] } })
    for (const [unit, act] of wrong) {
      const message = expect.stringContaining(`needs ${unit}, which was not negotiated`) as string
      expect(() => act(a)).toThrow(expect.objectContaining({ code: 'NOT_NEGOTIATED', message }))
    }
    a.send([octets('fine')])
    await turns()
    expect(atB.log).toEqual(['data fine'])
    a.abort()
    await address.expectNothingLeft()
  })

  it('includes a data separation that was not', async () => {
    const { a, address } = await between(dialogue)
    expect(() => a.syncMinor({ dataSeparation: true })).toThrow('needs data-separation')
    a.abort()
    await address.expectNothingLeft()
  })
})

describe('the units that are accepted by default', () => {
  it('are those that go together', async () => {
    const all: readonly Unit[] = [...inActivities, 'duplex', 'symmetric-sync', 'data-separation']
    const { a, b, address } = await ends({ open: { units: all }, accept: { units: all } })
    expect(a.units).toEqual(b.units)
    expect(a.units).toEqual([
      'duplex',
      'major-sync',
      'resynchronize',
      'activities',
      'negotiated-release',
      'capability-data',
      'typed-data',
      'symmetric-sync',
    ])
    a.abort()
    await address.expectNothingLeft()
  })
})
