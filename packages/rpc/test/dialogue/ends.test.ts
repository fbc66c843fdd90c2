// Dialogues: every way in which one can end. Whatever happens, each `next` settles, the generator's `finally`
// runs, and nothing is left open.
import { VirtualClock } from '@parley/core/testing'
import {
  call,
  dialogue,
  RpcError,
  rpcLimits,
  service,
  sessionLimits,
  withOptions,
  type Dialogue,
} from '@parley/rpc'
import { describe, expect, it } from 'vitest'
import { pair, rejection, settle, type Pair } from '../peer/pair.ts'
import { Market, MarketService } from './haggle.ts'

@service('odd.v1')
class Odd {
  /** What each dialogue does when it is asked for the second time. */
  then: (heard: unknown) => unknown = () => 'done'
  ended = 0
  @dialogue() talk(first: unknown): Dialogue<unknown, unknown, unknown> {
    return this.talking(first)
  }
  async *talking(first: unknown): AsyncGenerator<unknown, unknown, unknown> {
    try {
      const heard = yield first
      return await this.then(heard)
    } finally {
      this.ended += 1
    }
  }
}

async function expectNothingLeft(both: Pair): Promise<void> {
  await settle()
  expect(both.client.activeCalls).toBe(0)
  expect(both.session.activeCalls).toBe(0)
}

describe('an error of the generator', () => {
  it('is told with code, details and outcome', async () => {
    const odd = new Odd()
    odd.then = () => {
      throw new RpcError('ALREADY_EXISTS', 'twice', { details: { n: 2 } })
    }
    await using both = await pair([odd])
    const talk = both.client.stub(Odd).talk('a')
    await talk.next()
    expect(await rejection(talk.next('b'))).toMatchObject({
      code: 'ALREADY_EXISTS',
      message: 'twice',
      details: { n: 2 },
      outcome: 'executed',
    })
    await expect(talk.next('c')).resolves.toEqual({ done: true, value: undefined })
    await expectNothingLeft(both)
  })

  it('keeps its text to itself unless it is an RpcError, and is reported', async () => {
    const odd = new Odd()
    odd.then = () => {
      throw new Error('canary')
    }
    const told: unknown[] = []
    await using both = await pair([odd], { serve: { onError: (thrown) => told.push(thrown) } })
    const talk = both.client.stub(Odd).talk('a')
    await talk.next()
    const error = (await rejection(talk.next('b'))) as RpcError
    expect(error.code).toBe('INTERNAL')
    expect(error.message).not.toContain('canary')
    expect(told).toMatchObject([{ message: 'canary' }])
    await expectNothingLeft(both)
  })

  it('that cannot travel whole is told without its details', async () => {
    const odd = new Odd()
    odd.then = () => {
      throw new RpcError('ABORTED', 'no', { details: () => 1 })
    }
    await using both = await pair([odd])
    const talk = both.client.stub(Odd).talk('a')
    await talk.next()
    expect(await rejection(talk.next('b'))).toMatchObject({ code: 'ABORTED', message: 'no' })
    await expectNothingLeft(both)
  })
})

describe('a value that cannot travel', () => {
  it('is thrown where it was yielded, or returned', async () => {
    await using both = await pair([new Odd()])
    const error = await rejection(both.client.stub(Odd).talk(Symbol('s')).next())
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', outcome: 'not-started' })
    const odd = new Odd()
    odd.then = () => ({ deep: [() => 1] })
    await using other = await pair([odd])
    const talk = other.client.stub(Odd).talk('a')
    await talk.next()
    const result = (await rejection(talk.next('b'))) as RpcError
    expect(result.code).toBe('INTERNAL')
    expect(result.message).toContain('said.deep[0]')
    await expectNothingLeft(other)
  })

  it('is refused to the caller, who may say something else', async () => {
    const odd = new Odd()
    odd.then = (heard) => heard
    await using both = await pair([odd])
    const talk = both.client.stub(Odd).talk('a')
    await talk.next()
    const error = (await rejection(talk.next({ f: () => 1 }))) as RpcError
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', outcome: 'not-started' })
    expect(error.message).toContain('said.f')
    await expect(talk.next('fine')).resolves.toEqual({ done: true, value: 'fine' })
  })

  it('is one that is longer than the other side takes', async () => {
    const odd = new Odd()
    odd.then = (heard) => (heard as Uint8Array).length
    await using both = await pair([odd], { serve: { limits: { messageLength: 1000 } } })
    const talk = both.client.stub(Odd).talk('a')
    await talk.next()
    const error = await rejection(talk.next(new Uint8Array(1000)))
    expect(error).toMatchObject({ code: 'RESOURCE_EXHAUSTED', outcome: 'not-started' })
    await expect(talk.next(new Uint8Array(100))).resolves.toEqual({ done: true, value: 100 })
  })
})

describe('what the caller ends', () => {
  it('with return: the finally blocks run, and the value comes back', async () => {
    const odd = new Odd()
    await using both = await pair([odd])
    const talk = both.client.stub(Odd).talk('a')
    await talk.next()
    await expect(talk.return('over')).resolves.toEqual({ done: true, value: 'over' })
    await settle()
    expect(odd.ended).toBe(1)
    await expectNothingLeft(both)
  })

  it('with break in for await, and with await using', async () => {
    const odd = new Odd()
    await using both = await pair([odd])
    for await (const said of both.client.stub(Odd).talk('a')) {
      expect(said).toBe('a')
      break
    }
    {
      await using talk = both.client.stub(Odd).talk('b')
      await talk.next()
    }
    await settle()
    expect(odd.ended).toBe(2)
    await expectNothingLeft(both)
  })

  it('with throw: the generator is thrown it, and may go on', async () => {
    @service('catch.v1')
    class Catch {
      @dialogue() talk(): Dialogue<string, void, string> {
        return this.talking()
      }
      async *talking(): AsyncGenerator<string, string, void> {
        try {
          yield 'first'
        } catch (thrown) {
          yield `caught ${(thrown as RpcError).code} ${(thrown as RpcError).message}`
        }
        return 'end'
      }
    }
    await using both = await pair([new Catch()])
    const talk = both.client.stub(Catch).talk()
    await talk.next()
    await expect(talk.throw(new RpcError('OUT_OF_RANGE', 'too much'))).resolves.toEqual({
      done: false,
      value: 'caught OUT_OF_RANGE too much',
    })
    await expect(talk.next()).resolves.toEqual({ done: true, value: 'end' })
  })

  it('before it began: nothing is sent', async () => {
    const odd = new Odd()
    await using both = await pair([odd])
    const talk = both.client.stub(Odd).talk('a')
    await expect(talk.return()).resolves.toEqual({ done: true, value: undefined })
    await expect(talk.next()).resolves.toEqual({ done: true, value: undefined })
    expect(both.transport).toBeDefined()
    expect(odd.ended).toBe(0)
  })

  it('by its signal, while the server thinks: the handler is told', async () => {
    const service = new MarketService()
    await using both = await pair([service])
    const control = new AbortController()
    const talk = withOptions(both.client.stub(Market), { signal: control.signal }).hang()
    await talk.next()
    const next = talk.next('go')
    await settle()
    control.abort(new Error('enough'))
    expect(await rejection(next)).toMatchObject({ code: 'CANCELLED', outcome: 'unknown' })
    await settle()
    expect(service.seen).toEqual(['hang ended'])
    await expectNothingLeft(both)
  })

  it('by its signal, in its own turn', async () => {
    const service = new MarketService()
    await using both = await pair([service])
    const control = new AbortController()
    const talk = withOptions(both.client.stub(Market), { signal: control.signal }).hang()
    await talk.next()
    control.abort()
    expect(await rejection(talk.next('go'))).toMatchObject({ code: 'CANCELLED' })
    await settle()
    expect(service.seen).toEqual(['hang ended'])
    await expectNothingLeft(both)
  })

  it('by its deadline, on both sides', async () => {
    const clock = new VirtualClock()
    const service = new MarketService()
    await using both = await pair([service], { serve: { clock }, connect: { clock } })
    const talk = withOptions(both.client.stub(Market), { timeout: 100 }).hang()
    await talk.next()
    const next = talk.next('go')
    await settle()
    clock.advance(100)
    expect(await rejection(next)).toMatchObject({ code: 'DEADLINE_EXCEEDED', outcome: 'unknown' })
    await settle()
    expect(service.seen).toEqual(['hang ended'])
    await expectNothingLeft(both)
  })

  it('though the handler never ends: it is cut off, and keeps its place', async () => {
    const clock = new VirtualClock()
    const odd = new Odd()
    odd.then = () => new Promise(() => undefined)
    await using both = await pair([odd], { serve: { clock }, connect: { clock } })
    const talk = both.client.stub(Odd).talk('a')
    await talk.next()
    const next = talk.next('go')
    await settle()
    await talk.return()
    expect(await rejection(next)).toMatchObject({ code: 'CANCELLED' })
    clock.advance(sessionLimits.closeTimeout)
    await settle()
    expect(both.client.activeCalls).toBe(0)
    expect(both.session.activeCalls).toBe(1)
  })
})

describe('the session', () => {
  it('takes its dialogues along when it is closed', async () => {
    const service = new MarketService()
    await using both = await pair([service])
    const talk = both.client.stub(Market).hang()
    await talk.next()
    const next = talk.next('go')
    await both.client.close()
    expect(await rejection(next)).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
    await settle()
    expect(service.seen).toEqual(['hang ended'])
    expect(await rejection(both.client.stub(Market).hang().next())).toMatchObject({
      code: 'UNAVAILABLE',
      outcome: 'not-started',
    })
  })

  it('survives the loss of a dialogue, whose next settles', async () => {
    const service = new MarketService()
    await using both = await pair([service])
    const talk = both.client.stub(Market).hang()
    await talk.next()
    const next = talk.next('go')
    await settle()
    both.transport.links.at(-1)?.cut()
    expect(await rejection(next)).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
    await settle()
    expect(service.seen).toEqual(['hang ended'])
    const again = both.client.stub(Market).haggle(10)
    await expect(again.next()).resolves.toEqual({ done: false, value: 10 })
  })

  it('may have so many dialogues at once, and no more', async () => {
    await using both = await pair([new MarketService()], { serve: { limits: { dialogues: 2 } } })
    const market = both.client.stub(Market)
    const [first, second, third] = [market.haggle(1), market.haggle(2), market.haggle(3)]
    await first.next()
    await second.next()
    expect(await rejection(third.next())).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      outcome: 'not-started',
    })
    await first.return()
    await settle()
    await expect(market.haggle(4).next()).resolves.toEqual({ done: false, value: 4 })
    expect(sessionLimits.dialogues).toBe(64)
  })

  it('begins dialogues from the side that connected only', async () => {
    const services = [new MarketService()]
    await using both = await pair(services, { connect: { services } })
    const error = await rejection(both.session.stub(Market).haggle(1).next())
    expect(error).toMatchObject({ code: 'UNIMPLEMENTED', outcome: 'not-started' })
  })

  it('gives a dialogue metadata, principal and session', async () => {
    @service('who.v1')
    class Who {
      @dialogue() ask(): Dialogue<unknown> {
        return this.asking()
      }
      async *asking(): AsyncGenerator<unknown, void, void> {
        const { metadata, principal, responseMetadata, session, timeLeft } = call()
        responseMetadata.set('seen', 'yes')
        yield [metadata.get('lang'), principal, both.session === session, timeLeft !== undefined]
      }
    }
    await using both = await pair([new Who()], {
      serve: { authenticate: ({ credentials }) => `user ${String(credentials)}` },
      connect: { credentials: 'ann' },
    })
    const got = new Map<string, unknown>()
    const talk = withOptions(both.client.stub(Who), {
      metadata: { lang: 'de' },
      timeout: 60_000,
      onMetadata: (metadata) => metadata.forEach((value, name) => got.set(name, value)),
    }).ask()
    await expect(talk.next()).resolves.toEqual({ done: false, value: ['de', 'user ann', true, true] })
    expect(got.get('seen')).toBe('yes')
  })

  it('authenticates a dialogue again', async () => {
    let revoked = false
    const authenticate = (): string => {
      if (revoked) throw new RpcError('PERMISSION_DENIED', 'not any more')
      return 'ann'
    }
    await using both = await pair([new MarketService()], { serve: { authenticate } })
    revoked = true
    const error = await rejection(both.client.stub(Market).haggle(1).next())
    expect(error).toMatchObject({ code: 'PERMISSION_DENIED', outcome: 'not-started' })
  })
})

it('keeps notes short and few', async () => {
  const odd = new Odd()
  await using both = await pair([odd])
  const talk = both.client.stub(Odd).talk('a')
  await talk.next()
  const events: unknown[] = []
  talk.events.subscribe((event) => events.push(event))
  await talk.checkpoint('x'.repeat(2 * rpcLimits.reasonLength))
  for (let i = 0; i < rpcLimits.dialogueLabels; i++) await talk.checkpoint('y')
  const { label } = (await rejection(talk.rewind(1).then(() => undefined))) as { label?: string }
  expect(label).toBeUndefined()
  const other = both.client.stub(Odd).talk('b')
  const first = other.next()
  await settle()
  await first
  odd.then = () => settle()
  const next = other.next('c')
  expect(() => other.problem('big', 'z'.repeat(rpcLimits.dialogueNoteOctets))).toThrow(/octets/)
  await next
})
