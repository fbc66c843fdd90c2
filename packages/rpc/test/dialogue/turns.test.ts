// Dialogues: taking turns, and every way in which they end.
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
})
