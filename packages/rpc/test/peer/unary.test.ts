// Unary calls: values there and back, and every way a handler can go wrong.
import { call, remote, RpcError, service, unary, withOptions } from '@parley/rpc'
import { describe, expect, it } from 'vitest'
import { pair, rejection } from './pair.ts'
import { Shop, ShopService } from './shop.ts'

@service('trouble.v1')
class Trouble {
  constructor(readonly trouble: () => unknown = () => undefined) {}

  @unary() async make(): Promise<unknown> {
    return this.trouble()
  }
}

const withTrouble = (trouble: () => unknown, exposeErrors?: 'message' | 'stack') => {
  const reports: unknown[] = []
  const onError = (thrown: unknown) => reports.push(thrown)
  return { reports, serve: { onError, exposeErrors }, services: [new Trouble(trouble)] }
}

async function failureOf(trouble: () => unknown, exposeErrors?: 'message' | 'stack') {
  const { reports, serve, services } = withTrouble(trouble, exposeErrors)
  await using both = await pair(services, { serve })
  const error = (await rejection(both.client.stub(Trouble).make())) as RpcError
  expect(error).toBeInstanceOf(RpcError)
  return { error, reports }
}

describe('a handler that lets the error of a call of its own pass', () => {
  const inner = pair([new ShopService()])
  const nested = async (): Promise<unknown> => (await inner).client.stub(Shop).echo('tea')

  it('has run, though that call has not', async () => {
    await (await inner).client.close()
    const made = await rejection(nested())
    expect(made).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-started' })
    const { error } = await failureOf(nested)
    expect(error).toMatchObject({ code: 'UNAVAILABLE', outcome: 'executed' })
    expect(error.message).toBe((made as Error).message)
  })

  it('may say of itself that it did nothing', async () => {
    const { error } = await failureOf(() => {
      throw new RpcError('UNAVAILABLE', 'not now', { outcome: 'not-started' })
    })
    expect(error).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-started' })
  })
})

describe('a unary call', () => {
  it('carries its arguments there and its value back', async () => {
    await using both = await pair([new ShopService()])
    await expect(both.client.stub(Shop).buy('a-1', 2)).resolves.toEqual({ sku: 'a-1', n: 2 })
  })

  it('is one of many at once, each settled with its own value', async () => {
    await using both = await pair([new ShopService()])
    const shop = both.client.stub(Shop)
    const orders = await Promise.all(Array.from({ length: 500 }, (_, n) => shop.buy(`sku-${n}`, n)))
    expect(orders).toEqual(Array.from({ length: 500 }, (_, n) => ({ sku: `sku-${n}`, n })))
  })

  it('says what is wrong where its method is called without the stub', async () => {
    await using both = await pair([new ShopService()])
    const { echo } = both.client.stub(Shop)
    expect(() => echo('tea')).toThrow('"echo" was called without its stub: call it as stub.echo(...)')
  })

  it('carries values that JSON cannot', async () => {
    await using both = await pair([new ShopService()])
    const value = {
      at: new Date(5),
      big: 2n ** 70n,
      map: new Map([[1, new Set(['x'])]]),
      minus: -0,
      nothing: undefined,
    }
    const back = await both.client.stub(Shop).echo(value)
    expect(back).toStrictEqual(value)
  })

  it('is NOT_FOUND, not started, for a service or method that is not there', async () => {
    await using both = await pair([new Trouble()])
    const error = await rejection(both.client.stub(Shop).buy('a', 1))
    expect(error).toMatchObject({ code: 'NOT_FOUND', outcome: 'not-started' })
    expect((error as Error).message).toContain('shop.v1')
  })

  it('is UNIMPLEMENTED, not started, for a method the service does not override', async () => {
    await using both = await pair([new ShopService()])
    const error = await rejection(both.client.stub(Shop).missing())
    expect(error).toMatchObject({ code: 'UNIMPLEMENTED', outcome: 'not-started' })
  })

  it('names the place of an argument that cannot travel, and sends nothing', async () => {
    await using both = await pair([new ShopService()])
    const error = await rejection(both.client.stub(Shop).echo({ user: { avatar: () => 1 } }))
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', outcome: 'not-started' })
    expect((error as Error).message).toMatch(/^args\[0\]\.user\.avatar: /)
    await expect(both.client.stub(Shop).buy('still', 1)).resolves.toEqual({ sku: 'still', n: 1 })
  })

  it('checks primitive arguments against the types the compiler emitted', async () => {
    await using both = await pair([new ShopService()])
    const buy = both.client.stub(Shop).buy as (sku: unknown, n: unknown) => Promise<unknown>
    const error = await rejection(buy.call(both.client.stub(Shop), 'a', 'two'))
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', outcome: 'not-started' })
    expect((error as Error).message).toContain('args[1] must be a number')
  })

  it('carries metadata both ways', async () => {
    await using both = await pair([new ShopService()])
    let heard: ReadonlyMap<string, unknown> | undefined
    const onMetadata = (metadata: ReadonlyMap<string, unknown>) => (heard = metadata)
    await withOptions(both.client.stub(Shop), { metadata: { trace: 'abc' }, onMetadata }).echo(1)
    expect(heard).toEqual(new Map([['echo-trace', 'abc']]))
  })
})

it('an onMetadata that throws ends its call, not the session', async () => {
  await using both = await pair([new ShopService()])
  const onMetadata = () => {
    throw new Error('mine')
  }
  const stub = withOptions(both.client.stub(Shop), { metadata: { a: 'b' }, onMetadata })
  expect(await rejection(stub.echo(1))).toMatchObject({ code: 'ABORTED', message: 'mine' })
  await expect(both.client.stub(Shop).buy('a', 1)).resolves.toEqual({ sku: 'a', n: 1 })
})

describe('a handler that fails', () => {
  it('gives its RpcError with code and details to the caller', async () => {
    const { error, reports } = await failureOf(() => {
      throw new RpcError('FAILED_PRECONDITION', 'not today', { details: { open: new Date(7) } })
    })
    expect(error).toMatchObject({ code: 'FAILED_PRECONDITION', message: 'not today', outcome: 'executed' })
    expect(error.details).toEqual({ open: new Date(7) })
    expect(reports).toEqual([])
  })

  it('keeps text and stack of other errors from the peer, and reports them with an id', async () => {
    const secret = new Error('password=canary-7f3')
    const { error, reports } = await failureOf(() => {
      throw secret
    })
    expect(error.code).toBe('INTERNAL')
    expect(error.message).toMatch(/^internal error [a-z0-9]{8}$/)
    expect(JSON.stringify([error.message, error.details, error.remoteStack])).not.toContain('canary')
    expect(reports).toEqual([secret])
  })

  it('shows message and stack when the server was told to', async () => {
    const thrower = () => {
      throw new Error('plain words')
    }
    const { error: message } = await failureOf(thrower, 'message')
    expect(message).toMatchObject({ message: 'plain words', remoteStack: undefined })
    const { error: stack } = await failureOf(thrower, 'stack')
    expect(stack.remoteStack).toContain('plain words')
  })

  const trapped = new Proxy(new Error('trap'), {
    get() {
      throw new Error('do not look')
    },
    getPrototypeOf() {
      throw new Error('do not ask')
    },
  })
  const badGetter = Object.defineProperty(new Error('x'), 'message', {
    get() {
      throw new Error('no message for you')
    },
  })
  const trappedRpcError = Object.defineProperty(new RpcError('INTERNAL', ''), 'message', {
    get() {
      throw new Error('no message for you')
    },
  })
  const oddities: [string, unknown][] = [
    ['undefined', undefined],
    ['null', null],
    ['a string', 'text'],
    ['a symbol', Symbol('s')],
    ['an object without a prototype', Object.create(null)],
    ['an Error whose getter throws', badGetter],
    ['a Proxy whose traps throw', trapped],
    ['an RpcError whose getter throws', trappedRpcError],
  ]
  for (const [what, thrown] of oddities) {
    for (const exposeErrors of ['message', 'stack', undefined] as const) {
      it(`by throwing ${what} gives a clean error (exposing ${exposeErrors ?? 'nothing'})`, async () => {
        const { error } = await failureOf(() => {
          throw thrown
        }, exposeErrors)
        expect(error.code).toBe('INTERNAL')
      })
    }
  }

  it('by settling twice is heard once', async () => {
    const { services, serve } = withTrouble(() => ({
      then(resolve: (value: unknown) => void, reject: (error: unknown) => void) {
        resolve('first')
        reject(new Error('second'))
        resolve('third')
      },
    }))
    await using both = await pair(services, { serve })
    await expect(both.client.stub(Trouble).make()).resolves.toBe('first')
  })

  it('by returning a Proxy whose traps throw keeps the session', async () => {
    @service('trapped.v1')
    class Trapped {
      @unary() make(): Promise<unknown> {
        return trapped as unknown as Promise<unknown>
      }
    }
    await using both = await pair([new Trapped(), new ShopService()])
    expect(await rejection(both.client.stub(Trapped).make())).toMatchObject({ code: 'INTERNAL' })
    await expect(both.client.stub(Shop).buy('a', 1)).resolves.toEqual({ sku: 'a', n: 1 })
  })

  it('by returning what cannot travel names the place', async () => {
    const { error } = await failureOf(() => ({ list: [1, { f: () => 1 }] }))
    expect(error).toMatchObject({ code: 'INTERNAL', outcome: 'executed' })
    expect(error.message).toMatch(/^result\.list\[1\]\.f: /)
  })

  it('by returning an object with a getter that throws gives a clean error', async () => {
    const { error } = await failureOf(() => ({
      get bad() {
        throw new Error('in getter')
      },
    }))
    expect(error.code).toBe('INTERNAL')
  })

  it('with details that cannot travel still gives code and message', async () => {
    const { error, reports } = await failureOf(() => {
      throw new RpcError('ABORTED', 'with a function', { details: () => 1 })
    })
    expect(error).toMatchObject({ code: 'ABORTED', message: 'with a function', details: undefined })
    expect(reports).toHaveLength(1)
  })

  it('when its error reporter throws too', async () => {
    const onError = () => {
      throw new Error('reporter')
    }
    await using both = await pair([new Trouble(() => Promise.reject(new Error('x')))], { serve: { onError } })
    expect(await rejection(both.client.stub(Trouble).make())).toMatchObject({ code: 'INTERNAL' })
  })
})

describe('call()', () => {
  it('throws outside of a handler', () => {
    expect(() => call()).toThrow(/outside of a handler/)
  })

  it('knows service, method and session, also after an await', async () => {
    @service('who.v1')
    class Who {
      @unary() async ami(): Promise<unknown> {
        await Promise.resolve()
        await new Promise((resolve) => setImmediate(resolve))
        return [call().service, call().method, typeof call().session.remote, call().timeLeft]
      }
    }
    await using both = await pair([new Who()])
    await expect(both.client.stub(Who).ami()).resolves.toEqual(['who.v1', 'ami', 'string', undefined])
  })
})

it('remote() only says that a method is not implemented here', () => {
  expect(() => remote(1, 2)).toThrow(/nothing implements it here/)
})
