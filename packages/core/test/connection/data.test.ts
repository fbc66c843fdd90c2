// Data on an open session connection: order, backpressure both ways, and what a
// user's mistakes and faults do.

import { Subject, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'

import { coreLimits, SessionUsageError, type SessionEvent } from '../../src/index.ts'
import { turns } from '../../src/testing/index.ts'
import { ends, octets, text, Told } from './support.ts'

describe('data', () => {
  it('arrives whole and in order, typed data among it', async () => {
    const { a, b, address, atA, atB } = await ends()
    a.send([octets('on'), octets('e')])
    a.sendTyped([octets('two')])
    a.send([octets('three')])
    b.send([octets('x'.repeat(200_000))])
    await turns()
    expect(atB.log).toEqual(['data one', 'typed two', 'data three'])
    expect(atA.log).toEqual([`data ${'x'.repeat(200_000)}`])
    a.abort()
    await address.expectNothingLeft()
  })

  it('waits for somebody to listen', async () => {
    const { a, b, address } = await ends({ silent: true })
    a.send([octets('early')])
    await turns()
    const told = new Told()
    b.listen(told)
    expect(told.log).toEqual([])
    await turns()
    expect(told.log).toEqual(['data early'])
    b.abort()
    a.listen({})
    await address.expectNothingLeft()
  })

  it('is replaced at once by what listens next', async () => {
    const { a, b, address, atB } = await ends()
    const next = new Told()
    b.listen(next)
    a.send([octets('one')])
    await turns()
    expect([atB.log, next.log]).toEqual([[], ['data one']])
    a.abort()
    await address.expectNothingLeft()
  })

  it('stops at pause, and goes on at resume', async () => {
    const { a, b, address } = await ends({ silent: true })
    const log: string[] = []
    b.listen({
      data(ssdu) {
        log.push(text(ssdu))
        if (log.length === 2) b.pause()
      },
    })
    for (const word of ['one', 'two', 'three']) a.send([octets(word)])
    await turns(3)
    expect(log).toEqual(['one', 'two'])
    b.resume()
    expect(log).toEqual(['one', 'two'])
    await turns()
    expect(log).toEqual(['one', 'two', 'three'])
    a.listen({})
    b.abort()
    await address.expectNothingLeft()
  })

  it('tells the sender when enough waits, and when there is room again', async () => {
    const { a, b, address, atA } = await ends({ memory: { highWaterMark: 1_000 } })
    b.pause()
    const answers = [400, 400, 400].map((size) => a.send([new Uint8Array(size)]))
    expect([answers, a.writable]).toEqual([[true, true, false], false])
    expect(a.sendTyped([octets('kept all the same')])).toBe(false)
    await turns()
    expect(atA.log).toEqual([])
    b.resume()
    await turns()
    expect([atA.log, a.writable]).toEqual([['drained'], true])
    a.abort()
    expect(a.writable).toBe(false)
    await address.expectNothingLeft()
  })

  it('leaves in the order of the calls, also from within callbacks', async () => {
    const { a, b, address, atA } = await ends({ silent: true })
    a.listen(atA)
    b.listen({
      data(ssdu) {
        b.send([octets(`${text(ssdu)}-1`)])
        b.send([octets(`${text(ssdu)}-2`)])
      },
    })
    a.send([octets('x')])
    a.send([octets('y')])
    await turns()
    expect(atA.log).toEqual(['data x-1', 'data x-2', 'data y-1', 'data y-2'])
    a.abort()
    await address.expectNothingLeft()
  })

  it('is limited in length, whole or in segments', async () => {
    const whole = await ends({ accept: { limits: { ssduOctets: 1_000 } } })
    whole.a.send([new Uint8Array(1_000)])
    // A whole SSDU has a DT header of 4 octets before it; room is for the longest, dataHeaderOctets.
    whole.a.send([new Uint8Array(1_000 + coreLimits.dataHeaderOctets - 4)])
    whole.a.send([new Uint8Array(1_000 + coreLimits.dataHeaderOctets - 3)])
    await turns()
    expect(whole.atB.log.map((line) => line.slice(0, 20))).toEqual([
      `data ${'\0'.repeat(15)}`,
      `data ${'\0'.repeat(15)}`,
      'closed by transport:',
    ])
    await whole.address.expectNothingLeft()
    const cut = await ends({
      open: { tsduSizes: { send: 100, receive: 0 } },
      accept: { tsduSizes: { send: 0, receive: 100 }, limits: { ssduOctets: 1_000 } },
    })
    cut.a.send([new Uint8Array(1_001)])
    await turns()
    expect(cut.atB.log).toEqual(['closed by provider: restriction'])
    expect(cut.atA.log).toEqual(['closed by provider: peer-restriction'])
    await cut.address.expectNothingLeft()
  })
})

describe('misuse', () => {
  it('throws a usage error that says what and when, and changes nothing', async () => {
    const { a, b, address, atA, atB } = await ends({ open: { units: ['duplex'] } })
    const wrong: readonly [() => unknown, string, string][] = [
      [() => a.send([]), 'BAD_ARGUMENT', 'send: SDTreq: an SSDU has at least one octet'],
      [() => a.sendTyped([octets('x')]), 'NOT_NEGOTIATED', 'sendTyped needs typed-data, which was not'],
      [() => a.sendExpedited([octets('x')]), 'NOT_NEGOTIATED', 'sendExpedited needs expedited-data'],
      [() => a.giveTokens(['data']), 'NOT_NEGOTIATED', 'giveTokens needs half-duplex'],
      [() => a.pleaseTokens([]), 'BAD_ARGUMENT', 'pleaseTokens: SPTreq: at least one token'],
    ]
    for (const [act, code, message] of wrong) {
      expect(act).toThrow(SessionUsageError)
      expect(act).toThrow(
        expect.objectContaining({ code, message: expect.stringContaining(message) as string }),
      )
    }
    expect([a.state, atA.log, atB.log]).toEqual(['open', [], []])
    a.send([octets('fine')])
    await turns()
    expect(atB.log).toEqual(['data fine'])
    a.abort()
    expect(() => a.send([octets('late')])).toThrow('the session connection is closed')
    expect(() => a.release()).toThrow(SessionUsageError)
    expect(b.state).toBe('open')
    await address.expectNothingLeft()
  })

  it('in a callback ends this session only, and tells its user why', async () => {
    const other = await ends()
    const { a, b, address, atA } = await ends({ silent: true })
    a.listen(atA)
    const told = new Told()
    b.listen({ data: () => b.giveTokens(['data']), closed: told.closed })
    a.send([octets('x')])
    await turns()
    expect(told.end).toMatchObject({ by: 'us', reason: 'listener-error' })
    expect(told.end?.error).toBeInstanceOf(SessionUsageError)
    expect(atA.log).toEqual(['closed by peer: aborted'])
    other.a.send([octets('unmoved')])
    await turns()
    expect(other.atB.log).toEqual(['data unmoved'])
    other.a.abort()
    await address.expectNothingLeft()
    await other.address.expectNothingLeft()
  })

  it('of throwing what cannot even be printed does no more harm', async () => {
    const { a, b, address } = await ends({ silent: true })
    a.listen({})
    const hostile = {
      get message(): string {
        throw new Error('no')
      },
      toString() {
        throw new Error('no')
      },
    }
    b.listen({
      data() {
        // A listener of an application may throw anything; that is what is tested.
        throw hostile // oxlint-disable-line typescript/only-throw-error
      },
      closed() {
        throw new Error('again')
      },
    })
    a.send([octets('x')])
    await turns()
    const end = await b.closed
    expect([end.reason, end.error === hostile]).toEqual(['listener-error', true])
    await address.expectNothingLeft()
  })
})

describe('events', () => {
  it('are the same as what the callbacks get, and complete at the end', async () => {
    const { a, b, address } = await ends({ silent: true })
    a.listen({})
    const seen: SessionEvent[] = []
    const all = new Subject<SessionEvent[]>()
    all.subscribe((events) => seen.push(...events))
    b.events.pipe(toArray()).subscribe(all)
    a.send([octets('one')])
    a.sendTyped([octets('two')])
    await turns()
    a.abort(octets('bye'))
    await turns()
    expect(seen).toMatchObject([
      { type: 'data', data: octets('one') },
      { type: 'typed-data', data: octets('two') },
      { type: 'closed', end: { by: 'peer', userData: octets('bye') } },
    ])
    await address.expectNothingLeft()
  })

  it('tell of the end also to who comes after it', async () => {
    const { a, b, address } = await ends()
    a.abort()
    await turns()
    const types: string[] = []
    b.events.subscribe({ next: (event) => types.push(event.type), complete: () => types.push('complete') })
    await turns()
    expect(types).toEqual(['closed', 'complete'])
    await address.expectNothingLeft()
  })
})
