// Calls that outlive their connections: whatever is cut, and whenever, each call settles once with its real
// result, and each item of a stream comes once and in its place.
import { seeded, VirtualClock } from '@parley/core/testing'
import {
  call,
  RpcError,
  service,
  sessionLimits,
  stream,
  unary,
  withOptions,
  type SessionPhase,
  type Stream,
} from '@parley/rpc'
import { first, firstValueFrom } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { pair, pass, rejection, settle } from './pair.ts'
import { Shop, ShopService } from './shop.ts'

@service('slow.v1')
class Slow {
  ran = 0
  finish: (() => void)[] = []
  @unary() async work(): Promise<number> {
    this.ran += 1
    await new Promise<void>((resolve) => this.finish.push(resolve))
    return this.ran
  }
  @stream() async *count(to: number): AsyncGenerator<number> {
    for (let i = 0; i < to; i++) {
      await settle(1)
      yield i
    }
  }
  @unary() async sum(numbers: Stream<number>): Promise<number> {
    let sum = 0
    for await (const n of numbers) sum += n
    return sum
  }
}

describe('a connection that is lost', () => {
  it('is had again, and a call in progress gets its result', async () => {
    const slow = new Slow()
    await using both = await pair([slow])
    const phases: SessionPhase[] = []
    both.client.state.subscribe((phase) => phases.push(phase))
    const suspensions: string[] = []
    both.client.onSuspended(({ message }) => suspensions.push(message))
    const work = both.client.stub(Slow).work()
    await settle()
    both.transport.links[0]?.cut()
    await settle()
    slow.finish[0]?.()
    await expect(work).resolves.toBe(1)
    expect(slow.ran).toBe(1)
    expect(phases).toEqual(['open', 'suspended', 'resuming', 'open'])
    expect(suspensions).toEqual(['the link was cut'])
    expect(both.server.sessions.size).toBe(1)
  })

  it('is told to whoever asked at the server too, as long as he asks', async () => {
    await using both = await pair([new Slow()])
    const { session, transport } = both
    const told: string[] = []
    const cut = async (): Promise<void> => {
      transport.links[0]?.cut()
      await firstValueFrom(session.state.pipe(first((phase) => phase === 'suspended')))
    }
    const forget = session.onSuspended(() => told.push('first'))
    session.onSuspended(({ message }) => told.push(message))
    await cut()
    expect(told).toEqual(['first', 'the link was cut'])
    forget()
    await firstValueFrom(session.state.pipe(first((phase) => phase === 'open')))
    await cut()
    expect(told).toEqual(['first', 'the link was cut', 'the link was cut'])
  })

  it('loses no result that was on its way', async () => {
    const slow = new Slow()
    await using both = await pair([slow])
    const work = both.client.stub(Slow).work()
    await settle()
    // The result leaves the server and never arrives.
    both.transport.links[0]?.stall('to-initiator')
    slow.finish[0]?.()
    await settle()
    both.transport.links[0]?.cut()
    await expect(work).resolves.toBe(1)
    expect(slow.ran).toBe(1)
  })

  it('lets calls made meanwhile wait, within their deadline', async () => {
    const clock = new VirtualClock()
    await using both = await pair([new ShopService()], { serve: { clock }, connect: { clock } })
    both.transport.onConnect = 'refuse'
    both.transport.links[0]?.cut()
    await settle()
    expect(both.client.phase).toBe('suspended')
    const patient = both.client.stub(Shop).buy('a', 1)
    const hasty = rejection(withOptions(both.client.stub(Shop), { timeout: 50 }).buy('b', 2))
    await pass(clock, 60)
    expect(await hasty).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    both.transport.onConnect = 'accept'
    both.client.resumeNow()
    await pass(clock, 200)
    await expect(patient).resolves.toEqual({ sku: 'a', n: 1 })
    expect(both.client.phase).toBe('open')
  })

  it('is noticed by its silence', async () => {
    const clock = new VirtualClock()
    await using both = await pair([new ShopService()], { serve: { clock }, connect: { clock } })
    await pass(clock, 10_000)
    expect(both.client.phase).toBe('open')
    both.transport.links[0]?.stall('to-initiator')
    const order = both.client.stub(Shop).buy('a', 1)
    let noticed = Infinity
    both.client.onSuspended(() => (noticed = clock.now()))
    const before = clock.now()
    await pass(clock, 3000)
    expect(noticed - before).toBeLessThanOrEqual(sessionLimits.silenceTimeout)
    await expect(order).resolves.toEqual({ sku: 'a', n: 1 })
  })

  it('is had again by nobody else: the authenticator is asked again', async () => {
    let who = 'ann'
    const seen: unknown[] = []
    const authenticate = (): string => {
      seen.push(who)
      return who
    }
    await using both = await pair([new Slow()], { serve: { authenticate } })
    const work = rejection(both.client.stub(Slow).work())
    await settle()
    who = 'bob'
    both.transport.links[0]?.cut()
    expect(await work).toMatchObject({ code: 'UNKNOWN_OUTCOME', outcome: 'unknown' })
    expect(seen).toEqual(['ann', 'bob', 'bob'])
  })

  it('is not had again with credentials that were revoked', async () => {
    let revoked = false
    const authenticate = (): void => {
      if (revoked) throw new RpcError('PERMISSION_DENIED', 'revoked')
    }
    await using both = await pair([new Slow()], { serve: { authenticate } })
    const work = rejection(both.client.stub(Slow).work())
    await settle()
    revoked = true
    both.transport.links[0]?.cut()
    expect(await work).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
  })

  it('asks a function for the credentials of each connection', async () => {
    let turn = 0
    const given: unknown[] = []
    const authenticate = ({ credentials }: { credentials: unknown }): string => {
      given.push(credentials)
      return 'ann'
    }
    await using both = await pair([new ShopService()], {
      serve: { authenticate },
      connect: { credentials: () => `token ${++turn}` },
    })
    both.transport.links[0]?.cut()
    await settle()
    await expect(both.client.stub(Shop).buy('a', 1)).resolves.toEqual({ sku: 'a', n: 1 })
    expect(given).toEqual(['token 1', 'token 2'])
  })
})

describe('streams', () => {
  it('go on in both directions through one cut after the other, each item once', async () => {
    await using both = await pair([new Slow()])
    const slow = both.client.stub(Slow)
    const numbers = async function* (): AsyncGenerator<number> {
      for (let i = 0; i < 300; i++) {
        await settle(1)
        yield i
      }
    }
    const sum = slow.sum(numbers())
    const items: number[] = []
    for await (const item of slow.count(300)) {
      items.push(item)
      if (items.length % 75 === 0) both.transport.links[0]?.cut()
    }
    const total = await sum
    expect(items).toEqual(Array.from({ length: 300 }, (_, i) => i))
    expect(total).toBe(44_850)
  })

  it('keep their credit: a consumer that never reads stops the producer, cuts or not', async () => {
    let made = 0
    @service('flood.v1')
    class Flood {
      @stream() async *chunks(): AsyncGenerator<Uint8Array> {
        for (;;) {
          made += 1
          yield new Uint8Array(64 * 1024)
        }
      }
    }
    await using both = await pair([new Flood()])
    const chunks = both.client.stub(Flood).chunks()[Symbol.asyncIterator]()
    await chunks.next()
    for (let i = 0; i < 5; i++) {
      await settle()
      both.transport.links[0]?.cut()
    }
    await settle()
    expect(made).toBeLessThan(64)
    for (let i = 0; i < 40; i++) await chunks.next()
    expect(made).toBeGreaterThan(40)
  })
})

describe('an idle session', () => {
  it('drops its connection and has it back with the next use, of either side', async () => {
    const clock = new VirtualClock()
    const limits = { idleTimeout: 1000 }
    const both = await pair([new ShopService()], {
      serve: { clock },
      connect: { clock, limits, services: [new ShopService()] },
    })
    await pass(clock, 3000)
    expect(both.client.phase).toBe('idle')
    expect(both.transport.links).toEqual([])
    const fromClient = both.client.stub(Shop).buy('a', 1)
    await pass(clock, 100)
    await expect(fromClient).resolves.toEqual({ sku: 'a', n: 1 })
    await pass(clock, 3000)
    expect(both.client.phase).toBe('idle')
    const fromServer = both.session.stub(Shop).buy('b', 2)
    await pass(clock, 31_000)
    await expect(fromServer).resolves.toEqual({ sku: 'b', n: 2 })
    const closed = both.client.close()
    await pass(clock, 100)
    await closed
    await both.server.close()
  })
})

it('100 seeds of calls and streams under cuts at random octets', { timeout: 60_000 }, async () => {
  for (let seed = 1; seed <= 100; seed++) {
    const random = seeded(seed)
    await using both = await pair([new Slow()], { connect: { services: [new ShopService()] } })
    const slow = both.client.stub(Slow)
    const cutSoon = (): void => {
      const link = both.transport.links[0]
      const direction = random.chance(0.5) ? 'to-acceptor' : 'to-initiator'
      link?.cutAfter(random.below(400), direction)
    }
    const work = async (n: number): Promise<void> => {
      if (random.chance(0.5)) cutSoon()
      const items: number[] = []
      for await (const item of slow.count(n)) {
        items.push(item)
        if (random.chance(0.2)) cutSoon()
      }
      expect({ seed, items }).toEqual({ seed, items: Array.from({ length: n }, (_, i) => i) })
    }
    const back = async (n: number): Promise<void> => {
      const order = await both.session.stub(Shop).buy('x', n)
      expect({ seed, order }).toEqual({ seed, order: { sku: 'x', n } })
    }
    await Promise.all(Array.from({ length: 6 }, (_, i) => (i % 2 === 0 ? work(i + 3) : back(i))))
    expect(both.client.activeCalls + both.session.activeCalls).toBe(0)
  }
})

it('tells a handler nothing of the cut: its signal does not abort', async () => {
  let aborted = true
  @service('look.v1')
  class Look {
    @unary() async wait(): Promise<void> {
      const { signal } = call()
      await settle(60)
      aborted = signal.aborted
    }
  }
  await using both = await pair([new Look()])
  const done = both.client.stub(Look).wait()
  await settle(10)
  both.transport.links[0]?.cut()
  await done
  expect(aborted).toBe(false)
})

describe('what is kept for a peer that does not confirm it', () => {
  @service('big.v1')
  class Big {
    ran = 0
    @unary() async octets(n: number): Promise<Uint8Array> {
      this.ran += 1
      return new Uint8Array(n)
    }
  }

  it('holds new calls back from limits.retainedOctets on, until there is room again', async () => {
    const big = new Big()
    await using both = await pair([big], { serve: { limits: { retainedOctets: 10_000 } } })
    both.transport.links[0]?.stall('to-initiator')
    const first = both.client.stub(Big).octets(20_000)
    await settle()
    const second = both.client.stub(Big).octets(1)
    const control = new AbortController()
    const third = rejection(withOptions(both.client.stub(Big), { signal: control.signal }).octets(2))
    await settle()
    expect(big.ran).toBe(1)
    control.abort()
    expect(await third).toMatchObject({ code: 'CANCELLED' })
    await settle()
    both.transport.links[0]?.flow('to-initiator')
    expect((await first).length).toBe(20_000)
    expect((await second).length).toBe(1)
    await settle()
    expect(big.ran).toBe(2)
    expect(sessionLimits.retainedOctets).toBe(8_388_608)
  })

  it('ends the session with a reason from limits.retainedOctetsMost on', async () => {
    const limits = { retainedOctets: 10_000, retainedOctetsMost: 50_000 }
    await using both = await pair([new Big()], { serve: { limits } })
    both.transport.links[0]?.stall('to-initiator')
    const large = both.client.stub(Big).octets(60_000)
    await settle()
    // Answers wait for room; that there is no such service is said at once.
    const settled = Promise.allSettled([large, both.client.stub(Shop).echo('tea')])
    const end = await both.session.closed
    expect(end.reason).toBe('overflow')
    both.transport.links[0]?.flow('to-initiator')
    await settled
    await expect(both.client.closed).resolves.toMatchObject({ reason: 'overflow' })
    expect(sessionLimits.retainedOctetsMost).toBe(268_435_456)
  })
})
