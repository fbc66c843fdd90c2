// The life of a session: who is let in, who may call whom, and how every call settles when it ends.
import {
  connect,
  msgpack,
  RpcError,
  serve,
  service,
  sessionLimits,
  unary,
  withOptions,
  type InterceptedCall,
  type Interceptor,
} from '@parley/rpc'
import { acceptSessions, connectSession, lifeUnits, type SessionConnection } from '@parley/core'
import { memory, VirtualClock } from '@parley/core/testing'
import { lastValueFrom } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { encodeHello } from '../../src/peer/handshake.ts'
import { ppduSealing } from '../../src/presentation/ppdu.ts'
import { pair, rejection, settle } from './pair.ts'
import { Shop, ShopService } from './shop.ts'

@service('hang.v1')
class Hang {
  started = 0
  @unary() async on(): Promise<void> {
    this.started += 1
    await new Promise(() => undefined)
  }
}

describe('letting in', () => {
  it('tells the handlers who the authenticator said the caller is', async () => {
    @service('me.v1')
    class Me {
      @unary() async who(): Promise<unknown> {
        const { call } = await import('@parley/rpc')
        return call().principal
      }
    }
    const authenticate = ({ credentials }: { credentials: unknown }) => ({ user: credentials })
    await using both = await pair([new Me()], { serve: { authenticate }, connect: { credentials: 'ann' } })
    await expect(both.client.stub(Me).who()).resolves.toEqual({ user: 'ann' })
  })

  it('takes a transport, and says so where it is given something else', async () => {
    const address = { port: 4000 } as unknown as ReturnType<typeof memory>
    await expect(connect(address)).rejects.toThrow('connect takes a transport as its first argument: tcp(')
    await expect(serve({ listen: address, services: [] })).rejects.toThrow(
      'serve takes a transport as `listen`',
    )
    await expect(connect(undefined as never)).rejects.toThrow(TypeError)
  })

  it('gives the refusal of the authenticator to the client', async () => {
    const authenticate = () => {
      throw new RpcError('PERMISSION_DENIED', 'not you')
    }
    const error = await rejection(pair([new Hang()], { serve: { authenticate } }))
    expect(error).toMatchObject({ code: 'PERMISSION_DENIED', message: 'not you', outcome: 'not-started' })
  })

  it.each([() => false, async () => false])(
    'lets nobody in whom it says false of (%#)',
    async (authenticate) => {
      const error = await rejection(pair([new Hang()], { serve: { authenticate } }))
      expect(error).toMatchObject({ code: 'UNAUTHENTICATED', outcome: 'not-started' })
    },
  )

  it('keeps the reasons of an authenticator that fails to itself', async () => {
    const authenticate = async () => {
      throw new Error('canary: database password')
    }
    const error = (await rejection(pair([new Hang()], { serve: { authenticate } }))) as RpcError
    expect(error.code).toBe('UNAUTHENTICATED')
    expect(error.message).not.toContain('canary')
  })

  it('refuses another codec, naming both', async () => {
    const codec = { ...msgpack(), name: 'other' }
    const error = await rejection(pair([new Hang()], { connect: { codec } }))
    expect(error).toMatchObject({ code: 'FAILED_PRECONDITION' })
    expect((error as Error).message).toContain('msgpack')
  })

  it('refuses a selector that is not offered', async () => {
    const error = await rejection(
      pair([new Hang()], { serve: { selector: 'shop' }, connect: { selector: 'bank' } }),
    )
    expect(error).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-started' })
    await using both = await pair([new ShopService()], {
      serve: { selector: 'shop' },
      connect: { selector: 'shop' },
    })
    await expect(both.client.stub(Shop).buy('x', 1)).resolves.toEqual({ sku: 'x', n: 1 })
  })

  it.each([
    ['that is very long', () => 'x'.repeat(90_000)],
    ['that throws on being read', () => raise(new Error('trap'))],
  ])('refuses with a text %s', async (_, get) => {
    const authenticate = () => raise(Object.defineProperty(new RpcError('ABORTED', ''), 'message', { get }))
    const transport = memory()
    await using server = await serve({ listen: transport, services: [new Hang()], authenticate })
    const userData = encodeHello(msgpack(), sessionLimits, 'msgpack')
    await expect(
      connectSession(transport, { userData, sealing: ppduSealing, connectTimeout: 500 }),
    ).rejects.toThrow(/refused/)
    expect(server.sessions.size).toBe(0)
  })

  it.each([
    ['does not greet', {}],
    [
      'leaves typed data out',
      { units: ['duplex'] as const, userData: encodeHello(msgpack(), sessionLimits, 'msgpack') },
    ],
  ])('leaves no session open with a server that %s', async (_, answer) => {
    const transport = memory()
    let accepted: SessionConnection | undefined
    const listening = await acceptSessions(transport, { units: lifeUnits }, (request) => {
      accepted = request.accept(answer)
      accepted.listen({})
    })
    expect(await rejection(connect(transport))).toMatchObject({ code: 'FAILED_PRECONDITION' })
    await settle()
    expect(accepted?.state).toBe('closed')
    await listening.close()
  })

  it.each([
    ['throws', () => raise(new Error('mine'))],
    ['rejects', () => Promise.reject(new Error('mine'))],
  ])('reports what onSession %s, and goes on', async (_, fails: () => unknown) => {
    const onSession = (): unknown => fails()
    const told: unknown[] = []
    const onError = (thrown: unknown) => told.push(thrown)
    await using both = await pair([new ShopService()], { serve: { onSession, onError } })
    await expect(both.client.stub(Shop).buy('a', 1)).resolves.toEqual({ sku: 'a', n: 1 })
    expect(told).toMatchObject([{ message: 'mine' }])
  })

  it('says UNAVAILABLE when nobody listens', async () => {
    expect(await rejection(connect(memory()))).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-started' })
  })
})

describe('both sides', () => {
  it('call each other on one session', async () => {
    const shop = new ShopService()
    await using both = await pair([shop], { connect: { services: [new ShopService()] } })
    await expect(both.session.stub(Shop).buy('from server', 1)).resolves.toEqual({ sku: 'from server', n: 1 })
    await expect(both.client.stub(Shop).buy('from client', 2)).resolves.toEqual({ sku: 'from client', n: 2 })
  })

  it('list their services', async () => {
    await using both = await pair([new ShopService()])
    const services = await both.client.services()
    expect(services).toEqual([
      {
        name: 'shop.v1',
        methods: expect.arrayContaining([
          { name: 'buy', kind: 'unary', idempotent: false },
          { name: 'count', kind: 'stream', idempotent: false },
        ]) as unknown,
      },
    ])
    await expect(both.session.services()).resolves.toEqual([])
  })

  it('may list them more often than methods can be bound', async () => {
    await using both = await pair([new ShopService()], { serve: { limits: { boundMethods: 1 } } })
    for (let i = 0; i < 3; i++) await expect(both.client.services()).resolves.toHaveLength(1)
  })

  it('run async interceptors around streams, and tell what they reject with to the reader', async () => {
    const patient: Interceptor = async (_call, next) => {
      await settle()
      return next()
    }
    await using both = await pair([new ShopService()], {
      serve: { interceptors: [patient] },
      connect: { interceptors: [patient] },
    })
    expect(await lastValueFrom(both.client.stub(Shop).count(3).observable)).toBe(2)
    const refusing: Interceptor = async () => raise(new RpcError('PERMISSION_DENIED', 'no'))
    await using other = await pair([new ShopService()], { connect: { interceptors: [refusing] } })
    const counted = other.client.stub(Shop).count(3)
    // Nobody reads this one, and nothing comes of it.
    other.client.stub(Shop).count(3)
    await expect(lastValueFrom(counted.observable)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  })

  it('run interceptors around calls, the first outermost', async () => {
    const log: string[] = []
    const logger = (name: string) => async (call: InterceptedCall, next: () => unknown) => {
      log.push(`${name} ${call.side} ${call.method}`)
      call.metadata.set('seen-by', name)
      return await next()
    }
    const doubled = async function* (items: AsyncIterable<number>) {
      for await (const n of items) yield n * 2
    }
    const doubler = (call: InterceptedCall, next: () => unknown) =>
      call.kind === 'stream' ? doubled(next() as AsyncIterable<number>) : next()
    await using both = await pair([new ShopService()], {
      serve: { interceptors: [doubler] },
      connect: { interceptors: [doubler] },
    })
    const numbers: number[] = []
    for await (const n of both.client.stub(Shop).count(3)) numbers.push(n)
    expect(numbers).toEqual([0, 4, 8])
    await using logged = await pair([new ShopService()], {
      serve: { interceptors: [logger('server')] },
      connect: { interceptors: [logger('outer'), logger('inner')] },
    })
    let heard: ReadonlyMap<string, unknown> | undefined
    await withOptions(logged.client.stub(Shop), { onMetadata: (m) => (heard = m) }).echo(1)
    expect(log).toEqual(['outer caller echo', 'inner caller echo', 'server callee echo'])
    expect(heard?.get('echo-seen-by')).toBe('inner')
  })

  it('an interceptor may refuse a call', async () => {
    const refuse = () => {
      throw new RpcError('PERMISSION_DENIED', 'closed today')
    }
    await using both = await pair([new ShopService()], { serve: { interceptors: [refuse] } })
    expect(await rejection(both.client.stub(Shop).buy('a', 1))).toMatchObject({ code: 'PERMISSION_DENIED' })
  })
})

describe('the end of a session', () => {
  const ways: [string, (both: Awaited<ReturnType<typeof pair>>) => unknown][] = [
    ['the client closes', (both) => both.client.close()],
    ['the client aborts', (both) => both.client.abort()],
    ['the server closes the session', (both) => both.session.close()],
    ['the server aborts the session', (both) => both.session.abort()],
    ['the server closes', (both) => both.server.close()],
  ]
  it.each(ways)('settles every call with UNAVAILABLE when %s', async (_, end) => {
    const hang = new Hang()
    await using both = await pair([hang], { connect: { services: [hang] } })
    const calls = [both.client.stub(Hang).on(), both.session.stub(Hang).on()].map(rejection)
    await settle()
    expect(hang.started).toBe(2)
    void end(both)
    for (const failed of await Promise.all(calls)) {
      expect(failed).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
    }
    await both.client.closed
    const after = await rejection(both.client.stub(Hang).on())
    expect(after).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-started' })
  })

  it('settles calls when the connection is cut and none is had again within the time to live', async () => {
    const clock = new VirtualClock()
    const hang = new Hang()
    await using both = await pair([hang], {
      serve: { clock },
      connect: { clock, limits: { timeToLive: 1000 } },
    })
    const sent = rejection(both.client.stub(Hang).on())
    await settle()
    both.transport.onConnect = 'refuse'
    both.transport.links[0]?.cut()
    expect(await Promise.race([sent, clock.advanceAsync(1500)])).toMatchObject({
      code: 'UNAVAILABLE',
      outcome: 'unknown',
    })
    expect(both.client.phase).toBe('closed')
  })

  it('leaves nothing armed for a call during whose encoding it came', async () => {
    await using both = await pair([new ShopService()])
    let listeners = 0
    const signal = {
      aborted: false,
      reason: undefined,
      addEventListener: () => (listeners += 1),
      removeEventListener: () => (listeners -= 1),
    }
    const value = {
      get ends() {
        both.client.abort()
        return true
      },
    }
    const error = await rejection(withOptions(both.client.stub(Shop), { signal }).echo(value))
    expect(error).toMatchObject({ code: 'UNAVAILABLE' })
    expect(listeners).toBe(0)
  })

  it('waits for what was called just before', async () => {
    const shop = new ShopService()
    await using both = await pair([shop])
    const order = both.client.stub(Shop).buy('last', 1)
    await expect(order).resolves.toEqual({ sku: 'last', n: 1 })
    await both.client.close()
    expect(await both.client.closed).toMatchObject({ by: 'release' })
  })
})

function raise(error: unknown): never {
  throw error
}
