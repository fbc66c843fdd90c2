// Ending sessions in agreement: asking, declining with a reason, draining a server.
import { VirtualClock } from '@parley/core/testing'
import { RpcError, rpcLimits, service, sessionLimits, unary, type ReleaseRequest } from '@parley/rpc'
import { describe, expect, it } from 'vitest'
import { Market, MarketService } from '../dialogue/haggle.ts'
import { pair, rejection, settle } from './pair.ts'
import { Shop, ShopService } from './shop.ts'

@service('slow.v1')
class Slow {
  finish: (() => void)[] = []
  @unary() async work(): Promise<string> {
    await new Promise<void>((resolve) => this.finish.push(resolve))
    return 'done'
  }
}

describe('release', () => {
  it('ends the session when the other side agrees, which is told why', async () => {
    const asked: ReleaseRequest[] = []
    await using both = await pair([new ShopService()], {
      serve: { onRelease: (request) => void asked.push(request) },
    })
    await expect(both.client.release({ reason: 'done here' })).resolves.toEqual({ released: true })
    expect(asked).toMatchObject([{ reason: 'done here', activeCalls: 0 }])
    expect(asked[0]?.session).toBe(both.session)
    await expect(both.session.closed).resolves.toMatchObject({ by: 'release' })
    await expect(both.client.release()).resolves.toEqual({ released: true })
  })

  it('is declined with a reason, and the session goes on', async () => {
    let open = true
    const onRelease = async () => (open ? { notFinished: 'the order is open' } : undefined)
    await using both = await pair([new ShopService()], { serve: { onRelease } })
    await expect(both.client.release()).resolves.toEqual({ released: false, reason: 'the order is open' })
    await expect(both.client.stub(Shop).buy('a', 1)).resolves.toEqual({ sku: 'a', n: 1 })
    open = false
    await expect(both.client.release()).resolves.toEqual({ released: true })
  })

  it('can be asked for by the side that accepted', async () => {
    const onRelease = () => ({ notFinished: 'not yet' })
    await using both = await pair([new ShopService()], { connect: { onRelease } })
    await expect(both.session.release()).resolves.toEqual({ released: false, reason: 'not yet' })
    // And back again.
    await expect(both.client.release()).resolves.toEqual({ released: true })
  })

  it('is asked for by both at once, and so agreed on', async () => {
    await using both = await pair([new ShopService()])
    const outcomes = await Promise.all([both.client.release(), both.session.release()])
    expect(outcomes).toEqual([{ released: true }, { released: true }])
  })

  it('waits for calls in progress, of both sides', async () => {
    const slow = new Slow()
    await using both = await pair([slow])
    const work = both.client.stub(Slow).work()
    await settle()
    const released = both.client.release()
    await settle()
    expect(both.client.activeCalls).toBe(1)
    slow.finish[0]?.()
    await expect(work).resolves.toBe('done')
    await expect(released).resolves.toEqual({ released: true })
  })

  it('is given up when the calls do not end in time, and nothing was asked', async () => {
    const clock = new VirtualClock()
    const slow = new Slow()
    await using both = await pair([slow], { connect: { clock } })
    const work = both.client.stub(Slow).work()
    await settle()
    const released = both.client.release({ timeout: 50 })
    await settle()
    clock.advance(50)
    await expect(released).resolves.toEqual({ released: false, reason: '1 call is in progress' })
    slow.finish[0]?.()
    await expect(work).resolves.toBe('done')
  })

  it('is declined by default while the other side has calls in progress', async () => {
    await using both = await pair([new ShopService()], { connect: { services: [new Slow()] } })
    void both.session
      .stub(Slow)
      .work()
      .catch(() => undefined)
    const answer = both.client.release({ timeout: 20 })
    await expect(answer).resolves.toEqual({ released: false, reason: '1 call is in progress' })
  })

  it('is cut off when it is not answered in time', async () => {
    const clock = new VirtualClock()
    const onRelease = () => new Promise<undefined>(() => undefined)
    await using both = await pair([new ShopService()], { serve: { onRelease, clock }, connect: { clock } })
    const released = rejection(both.client.release())
    await settle()
    // While it is asked nothing is sent; a call made meanwhile never started.
    const call = rejection(both.client.stub(Shop).buy('a', 1))
    await settle()
    await clock.advanceAsync(sessionLimits.releaseTimeout)
    expect(await released).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    expect(await call).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-started' })
  })

  it('sends what waited when it is declined', async () => {
    let decide: (verdict: { notFinished: string }) => void = () => undefined
    const onRelease = () => new Promise<{ notFinished: string }>((resolve) => (decide = resolve))
    await using both = await pair([new ShopService()], { serve: { onRelease } })
    const released = both.client.release()
    await settle()
    const call = both.client.stub(Shop).buy('a', 1)
    await settle()
    decide({ notFinished: 'no' })
    await expect(call).resolves.toEqual({ sku: 'a', n: 1 })
    await expect(released).resolves.toMatchObject({ released: false })
  })

  it('is declined, and reported, when the hook throws', async () => {
    const told: unknown[] = []
    await using both = await pair([new ShopService()], {
      serve: {
        onError: (thrown) => told.push(thrown),
        onRelease: () => {
          throw new Error('mine')
        },
      },
    })
    await expect(both.client.release()).resolves.toMatchObject({ released: false })
    expect(told).toMatchObject([{ message: 'mine' }])
  })

  it('cuts long reasons', async () => {
    const onRelease = () => ({ notFinished: 'x'.repeat(1000) })
    await using both = await pair([new ShopService()], { serve: { onRelease } })
    const outcome = await both.client.release({ reason: 'y'.repeat(1000) })
    expect(outcome).toEqual({ released: false, reason: 'x'.repeat(rpcLimits.reasonLength) })
  })

  it('leaves no choice to the other side of a close', async () => {
    const onRelease = () => ({ notFinished: 'never' })
    const both = await pair([new ShopService()], { serve: { onRelease } })
    await both.client.close()
    await expect(both.client.closed).resolves.toMatchObject({ by: 'release' })
    await both.server.close()
  })
})

describe('drain', () => {
  it('lets running calls and dialogues end, refuses new ones, releases, and reports', async () => {
    const slow = new Slow()
    const leaving: string[] = []
    const both = await pair([slow, new MarketService()], {
      connect: { onLeaving: (_, why) => void leaving.push(why) },
    })
    const work = both.client.stub(Slow).work()
    const talk = both.client.stub(Market).haggle(10)
    await talk.next()
    await settle()
    const drained = both.server.drain({ reason: 'deploy' })
    await settle()
    expect(leaving).toEqual(['deploy'])
    const refused = await rejection(both.client.stub(Slow).work())
    expect(refused).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-started' })
    expect((refused as Error).message).toContain('deploy')
    expect(await rejection(both.client.stub(Market).haggle(1).next())).toMatchObject({ code: 'UNAVAILABLE' })
    slow.finish[0]?.()
    await expect(work).resolves.toBe('done')
    await expect(talk.next(10)).resolves.toMatchObject({ done: true })
    await expect(drained).resolves.toEqual({
      sessions: { found: 1, released: 1, aborted: 0 },
      calls: { found: 2, cutOff: 0 },
      declined: [],
    })
    await expect(both.client.closed).resolves.toMatchObject({ by: 'release' })
    expect(both.server.sessions.size).toBe(0)
  })

  it('refuses calls that were on their way when it began', async () => {
    const slow = new Slow()
    const both = await pair([slow], { serve: { limits: { drainRetry: 1 } } })
    const drained = both.server.drain()
    // The client has not heard of it yet.
    const late = both.client.stub(Slow).work()
    expect(await rejection(late)).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-started' })
    await drained
    expect(slow.finish).toEqual([])
  })

  it('asks a client that declines again, and cuts off what is left when the time is over', async () => {
    const clock = new VirtualClock()
    let asked = 0
    const onRelease = () => ({ notFinished: `busy ${++asked}` })
    const both = await pair([new ShopService()], { serve: { clock }, connect: { onRelease, clock } })
    const drained = both.server.drain({ timeout: 2500 })
    for (let i = 0; i < 6; i++) {
      await settle()
      clock.advance(500)
    }
    await expect(drained).resolves.toEqual({
      sessions: { found: 1, released: 0, aborted: 1 },
      calls: { found: 0, cutOff: 0 },
      declined: ['busy 3'],
    })
    expect(sessionLimits.drainRetry).toBe(1000)
    await expect(both.client.closed).resolves.toMatchObject({ by: 'peer' })
  })

  it('cuts off calls that never end, by default after limits.drainTimeout', async () => {
    const clock = new VirtualClock()
    const both = await pair([new Slow()], { serve: { clock }, connect: { clock } })
    const work = rejection(both.client.stub(Slow).work())
    await settle()
    const drained = both.server.drain()
    await clock.advanceAsync(sessionLimits.drainTimeout)
    await expect(drained).resolves.toMatchObject({ calls: { found: 1, cutOff: 1 }, sessions: { aborted: 1 } })
    expect(await work).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
  })

  it('takes no new sessions, and drains once', async () => {
    const both = await pair([new ShopService()])
    const drained = both.server.drain()
    expect(both.server.drain()).toBe(drained)
    await drained
    const { connect } = await import('@parley/rpc')
    expect(await rejection(connect(both.transport))).toBeInstanceOf(RpcError)
  })
})
