// Dialogues: taking turns, and every way in which they end.
import { defineService, dialogue, implement, unary, type Dialogue, type Interceptor } from '@parley/rpc'
import { describe, expect, it } from 'vitest'
import { pair, rejection, settle } from '../peer/pair.ts'
import { Market, MarketService } from './haggle.ts'

describe('taking turns', () => {
  it('goes from price to offer to deal', async () => {
    const service = new MarketService()
    await using both = await pair([service])
    const talk = both.client.stub(Market).haggle(100)
    await expect(talk.next()).resolves.toEqual({ done: false, value: 100 })
    expect(talk.myTurn).toBe(true)
    await expect(talk.next(50)).resolves.toEqual({ done: false, value: 90 })
    await expect(talk.next(80)).resolves.toEqual({ done: false, value: 80 })
    await expect(talk.next(80)).resolves.toEqual({ done: true, value: { price: 80, offers: [50, 80, 80] } })
    await expect(talk.next()).resolves.toEqual({ done: true, value: undefined })
    await settle()
    expect(both.client.activeCalls).toBe(0)
    expect(both.session.activeCalls).toBe(0)
    expect(service.seen).toEqual(['heard 50', 'heard 80', 'heard 80', 'ended'])
  })

  it('refuses to speak out of turn, and says so', async () => {
    await using both = await pair([new MarketService()])
    const talk = both.client.stub(Market).haggle(100)
    const first = talk.next()
    await expect(talk.next(1)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' })
    await first
    const second = talk.next(1)
    expect(talk.myTurn).toBe(false)
    await expect(talk.next(2)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' })
    await expect(second).resolves.toEqual({ done: false, value: 90 })
  })

  it('answers a dialogue that is not implemented', async () => {
    await using both = await pair([new MarketService()])
    const error = await rejection(both.client.stub(Market).missing().next())
    expect(error).toMatchObject({ code: 'UNIMPLEMENTED', outcome: 'not-started' })
  })

  it('goes through interceptors on both sides, which see its kind', async () => {
    const seen: string[] = []
    const watch: Interceptor = (call, next) => {
      seen.push(`${call.side} ${call.kind} ${call.method} ${JSON.stringify(call.args)}`)
      return next()
    }
    const interceptors = [watch]
    await using both = await pair([new MarketService()], {
      serve: { interceptors },
      connect: { interceptors },
    })
    const talk = both.client.stub(Market).haggle(10)
    await expect(talk.next()).resolves.toEqual({ done: false, value: 10 })
    await expect(talk.next(10)).resolves.toMatchObject({ done: true })
    expect(seen).toEqual(['caller dialogue haggle [10]', 'callee dialogue haggle [10]'])
  })

  it('is listed with its kind, and is made without decorators as well', async () => {
    const Count = defineService('count.v1', {
      up: dialogue<(to: number) => Dialogue<number, number, string>>(),
    })
    const count = implement(Count, {
      up: async function* (to) {
        let sum = 0
        for (let n = 0; n < to; n++) sum += yield n
        return `sum ${sum}`
      },
    })
    await using both = await pair([count])
    const [listed] = await both.client.services()
    expect(listed?.methods).toEqual([{ name: 'up', kind: 'dialogue', idempotent: false }])
    const talk = both.client.stub(Count).up(2)
    await talk.next()
    await talk.next(20)
    await expect(talk.next(22)).resolves.toEqual({ done: true, value: 'sum 42' })
  })

  it('refuses a dialogue called as if it were unary, and streams among its arguments', async () => {
    await using both = await pair([new MarketService()])
    const Unary = defineService('market.v1', { haggle: unary<(from: number) => Promise<number>>() })
    expect(await rejection(both.client.stub(Unary).haggle(1))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      outcome: 'not-started',
    })
    const stream = (async function* () {
      yield 1
    })()
    const talk = both.client.stub(Market).haggle(stream as never)
    expect(await rejection(talk.next())).toMatchObject({ code: 'INVALID_ARGUMENT', outcome: 'not-started' })
  })
})
