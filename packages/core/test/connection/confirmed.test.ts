// The promises of confirmed services: each settles whatever happens, once, and its question is answered
// at most once by the other side.

import { firstValueFrom, filter } from 'rxjs'
import { describe, expect, it } from 'vitest'

import { SessionAbortedError, SessionInterruptedError, SessionUsageError } from '../../src/index.ts'
import type { SessionConnection, SessionEvent, Unit } from '../../src/index.ts'
import { turns } from '../../src/testing/index.ts'
import { ends, octets, type Ends } from './support.ts'

const units: readonly Unit[] = [
  'half-duplex',
  'minor-sync',
  'major-sync',
  'resynchronize',
  'negotiated-release',
  'exceptions',
  'activities',
  'capability-data',
]
const plain = units.filter((unit) => unit !== 'activities' && unit !== 'capability-data')

/** Each confirmed service, asked for by A where it is possible. */
const services: readonly [string, (a: SessionConnection) => Promise<unknown>][] = [
  ['release', (a) => a.release()],
  ['sendCapability', (a) => a.sendCapability()],
  ['syncMajor', (a) => (a.startActivity(octets('x')), a.syncMajor())],
  ['resynchronize', (a) => (a.startActivity(octets('x')), a.resynchronize({ type: 'abandon' }))],
  ['interruptActivity', (a) => (a.startActivity(octets('x')), a.interruptActivity())],
  ['discardActivity', (a) => (a.startActivity(octets('x')), a.discardActivity())],
  ['endActivity', (a) => (a.startActivity(octets('x')), a.endActivity())],
]

const endings: readonly [string, (ends: Ends) => void, string][] = [
  ['its own abort', ({ a }) => a.abort(), 'aborted'],
  ['the abort of the peer', ({ b }) => b.abort(), 'aborted'],
  ['the loss of the transport', ({ address }) => address.wires[0]?.close(), 'transport-lost'],
]

async function between(some: readonly Unit[]): Promise<Ends> {
  return ends({ open: { units: some }, accept: { units: some } })
}

describe.each(services)('%s', (_name, ask) => {
  it.each(endings)('rejects at %s', async (_how, end, reason) => {
    const both = await between(units)
    const answer = ask(both.a)
    await turns()
    end(both)
    await expect(answer).rejects.toBeInstanceOf(SessionAbortedError)
    await expect(answer).rejects.toMatchObject({ code: reason })
    both.b.abort()
    await both.address.expectNothingLeft()
  })

  it('resolves by itself where the other side has no callback for it', async () => {
    const { a, b, address } = await ends({ open: { units }, accept: { units }, silent: true })
    a.listen({})
    b.listen({})
    await expect(ask(a)).resolves.toHaveProperty('userData', undefined)
    a.abort()
    await address.expectNothingLeft()
  })

  it('cannot be asked twice', async () => {
    const { a, address } = await between(units)
    void ask(a)
    expect(() => ask(a)).toThrow(SessionUsageError)
    a.abort()
    await address.expectNothingLeft()
  })
})

describe('what is overtaken rejects, and the session goes on', () => {
  const overtaken = (code: string, by: string): unknown => expect.objectContaining({ code, by })

  it('a major sync point by a resynchronize, of either side', async () => {
    const { a, b, address, atA, atB } = await between(plain)
    const first = a.syncMajor()
    const back = a.resynchronize({ type: 'abandon' })
    await expect(first).rejects.toEqual(overtaken('resynchronize', 'us'))
    await turns()
    expect(atB.asked?.open).toBe(false)
    atB.resync?.accept()
    await back
    const second = a.syncMajor()
    await turns()
    const other = b.resynchronize({ type: 'abandon' })
    expect(atB.asked?.open).toBe(false)
    atB.asked?.accept()
    expect(b.state).toBe('open')
    await expect(second).rejects.toEqual(overtaken('resynchronize', 'peer'))
    atA.resync?.accept()
    await other
    expect(a.state).toBe('open')
    a.abort()
    await address.expectNothingLeft()
  })

  it('one resynchronize by another that prevails', async () => {
    const { a, b, address, atA, atB } = await between(plain)
    a.syncMinor()
    await turns()
    const lost = a.resynchronize({ type: 'restart', serial: 0 })
    const won = b.resynchronize({ type: 'abandon' })
    await expect(lost).rejects.toBeInstanceOf(SessionInterruptedError)
    expect([atA.log, atB.log]).toEqual([['resync flow abandon 1'], ['minor 0']])
    atA.resync?.accept()
    expect(await won).toMatchObject({ serial: 1 })
    a.abort()
    await address.expectNothingLeft()
  })

  it('the end of an activity by its interruption, a resynchronize by its discarding', async () => {
    const { a, b, address, atB } = await between(units)
    a.startActivity(octets('x'))
    const ended = a.endActivity()
    const stopped = a.interruptActivity()
    await expect(ended).rejects.toEqual(overtaken('activity-interrupt', 'us'))
    await turns()
    atB.asked?.accept()
    await stopped
    a.startActivity(octets('y'))
    await turns()
    const back = b.resynchronize({ type: 'abandon' })
    const gone = a.discardActivity()
    await expect(back).rejects.toEqual(overtaken('activity-discard', 'peer'))
    atB.asked?.accept()
    await gone
    a.abort()
    await address.expectNothingLeft()
  })

  it('what is asked after a resynchronize was announced, and before it is there', async () => {
    const some: readonly Unit[] = ['duplex', 'expedited-data', 'minor-sync', 'major-sync', 'resynchronize']
    const delays: number[] = []
    const memory = { expedited: true, delay: () => delays.shift() ?? 0 }
    const { a, b, address, atA } = await ends({ memory, open: { units: some }, accept: { units: some } })
    // PREPARE arrives at once, RESYNCHRONIZE later: A's session layer knows of it, its user does not.
    delays.push(0, 10)
    const back = b.resynchronize({ type: 'set', serial: 7 })
    await turns()
    const before = a.sync.next
    const major = a.syncMajor()
    expect([a.sync.next, atA.log]).toEqual([before, []])
    address.clock.advance(10)
    await expect(major).rejects.toEqual(overtaken('resynchronize', 'peer'))
    expect(atA.log).toEqual(['resync flow set 7'])
    atA.resync?.accept()
    expect(await back).toMatchObject({ serial: 7 })
    a.abort()
    await address.expectNothingLeft()
  })

  it('a major sync point, or a release, by a problem', async () => {
    const { a, b, address, atA, atB } = await between(plain)
    const major = a.syncMajor()
    await turns()
    b.reportProblem('user-error')
    expect(atB.asked?.open).toBe(false)
    await expect(major).rejects.toEqual(overtaken('problem', 'peer'))
    a.giveTokens(['data'])
    await turns()
    b.giveTokens(['data'])
    await turns()
    const release = a.release()
    await turns()
    b.reportProblem('cannot-continue')
    await expect(release).rejects.toEqual(overtaken('problem', 'peer'))
    expect(atB.question?.open).toBe(false)
    expect(atA.log.at(-1)).toBe('problem of user: cannot-continue')
    a.abort()
    await address.expectNothingLeft()
  })
})

describe('a question', () => {
  it('is answered once', async () => {
    const { a, address, atB } = await between(units)
    const answer = a.sendCapability()
    await turns()
    atB.asked?.accept()
    expect(() => atB.asked?.accept()).toThrow(SessionUsageError)
    await answer
    a.abort()
    await address.expectNothingLeft()
  })

  it('that cannot be answered any more when it is told harms nobody', async () => {
    const some: readonly Unit[] = ['duplex', 'minor-sync', 'major-sync', 'resynchronize', 'data-separation']
    const { a, b, address, atA, atB } = await between(some)
    a.syncMinor({ dataSeparation: true })
    a.giveTokens(['minor-sync', 'major-activity'])
    await turns()
    // What B sends before it confirms the point outlives A's resynchronize, a major sync point too.
    const major = b.syncMajor()
    const back = a.resynchronize({ type: 'abandon' })
    await turns()
    expect(atA.log).toEqual(['major 1'])
    atA.asked?.accept()
    await expect(major).rejects.toMatchObject({ code: 'resynchronize', by: 'peer' })
    atB.resync?.accept()
    await back
    expect([a.state, b.state, a.sync.next === b.sync.next]).toEqual(['open', 'open', true])
    a.abort()
    await address.expectNothingLeft()
  })

  it('can be answered from the events', async () => {
    const { a, b, address } = await ends({ open: { units }, accept: { units }, silent: true })
    a.listen({})
    const asked = firstValueFrom(b.events.pipe(filter((event) => event.type === 'major-sync')))
    a.startActivity(octets('x'))
    const answer = a.syncMajor()
    const event: SessionEvent = await asked
    if (event.type === 'major-sync') event.question.accept(octets('seen'))
    expect(await answer).toEqual({ serial: 1, userData: octets('seen') })
    a.abort()
    await address.expectNothingLeft()
  })
})
