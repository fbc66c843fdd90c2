// While a client is between two servers: nothing is sent to the one that is gone, nothing that it asked for
// is answered to the next one, and what could not be sent has not run.
import type { Transport } from '@parley/core'
import { memory } from '@parley/core/testing'
import {
  call,
  connect,
  remote,
  serve,
  service,
  stream,
  unary,
  withOptions,
  type Client,
  type RpcSession,
  type ServeOptions,
  type Stream,
} from '@parley/rpc'
import { expect, it } from 'vitest'
import { rejection, settle } from '../peer/pair.ts'
import { Bank, World } from './bank.ts'
import { until } from './nodes.ts'

@service('phone.v1')
abstract class Phone {
  @unary() ring(): Promise<string> {
    return remote()
  }
  @stream() listen(): Stream<number> {
    return remote()
  }
}

class PhoneService extends Phone {
  readonly hangUp: (() => void)[] = []
  aborted = 0
  override async ring(): Promise<string> {
    call().signal.addEventListener('abort', () => (this.aborted += 1))
    await new Promise<void>((resolve) => this.hangUp.push(resolve))
    return 'rung'
  }
  override async *listen(): AsyncGenerator<number> {
    for (let n = 0; ; n++) {
      await settle(1)
      yield n
    }
  }
}

interface Between extends AsyncDisposable {
  readonly client: Client
  readonly a: Bank
  readonly b: Bank
  readonly world: World
  readonly sessions: readonly RpcSession[]
  /**
   * The first server is gone, and the client tries to open a session at the second, which does not answer
   * yet.
   */
  lose(): Promise<void>
  /** It does. */
  go(): void
}

async function between(options: Partial<ServeOptions> = {}, services: PhoneService[] = []): Promise<Between> {
  const [first, second] = [memory(), memory()]
  const world = new World()
  const [a, b] = [new Bank(world, 'A'), new Bank(world, 'B')]
  const sessions: RpcSession[] = []
  const common = { ...options, onSession: (session: RpcSession) => void sessions.push(session) }
  const servers = [
    await serve({ ...common, listen: first, services: [a] }),
    await serve({ ...common, listen: second, services: [b] }),
  ]
  let connects = 0
  let go = (): void => undefined
  const gate = new Promise<void>((resolve) => (go = resolve))
  const transport: Transport = {
    // 1 opens the session, 2 would have it back and is refused, 3 opens another one.
    connect: async (signal) => {
      if (++connects === 3) await Promise.race([gate, aborted(signal)])
      return (connects === 1 ? first : second).connect(signal)
    },
    listen: () => Promise.reject(new Error('not here')),
  }
  const client = await connect(transport, { services })
  return {
    client,
    a,
    b,
    world,
    sessions,
    lose: async () => {
      first.links[0]?.cut()
      await until(() => connects === 3)
    },
    go,
    async [Symbol.asyncDispose]() {
      go()
      await client.close()
      await Promise.all(servers.map((server) => server.close()))
    },
  }
}

function aborted(signal: Parameters<Transport['connect']>[0]): Promise<never> {
  return new Promise((_resolve, reject) =>
    signal?.addEventListener('abort', () => reject(new Error('given up'))),
  )
}

it('a call that is made meanwhile runs at the next server, once, though it may run only once', async () => {
  await using both = await between()
  await both.lose()
  const answers = [both.client.stub(Bank).balance(), both.client.stub(Bank).pay(1)]
  const prices = both.client.stub(Bank).prices()[Symbol.asyncIterator]()
  const price = prices.next()
  await settle()
  both.go()
  await expect(Promise.all(answers)).resolves.toEqual(['balance by B', 'pay 1 by B'])
  await expect(price).resolves.toEqual({ done: false, value: 0 })
  await prices.return?.()
})

it('a call that is given up meanwhile is given up', async () => {
  await using both = await between()
  both.a.slow = true
  const controller = new AbortController()
  const early = rejection(withOptions(both.client.stub(Bank), { signal: controller.signal }).pay(1))
  await until(() => both.a.gates.length === 1)
  await both.lose()
  const late = rejection(withOptions(both.client.stub(Bank), { signal: controller.signal }).pay(2))
  await settle()
  controller.abort()
  expect(await early).toMatchObject({ code: 'CANCELLED', outcome: 'unknown' })
  expect(await late).toMatchObject({ code: 'CANCELLED', outcome: 'not-started' })
  both.go()
  await expect(both.client.stub(Bank).pay(3)).resolves.toBe('pay 3 by B')
  expect(both.world.effects).toEqual(['A pay 1', 'B pay 3'])
})

it('what the lost server had called is stopped, and not answered to the next one', async () => {
  const phone = new PhoneService()
  await using both = await between({}, [phone])
  await until(() => both.sessions.length === 1)
  const [first] = both.sessions
  const rings = rejection(first?.stub(Phone).ring() ?? Promise.resolve())
  const heard = first?.stub(Phone).listen()[Symbol.asyncIterator]()
  await heard?.next()
  await until(() => phone.hangUp.length === 1)
  await both.lose()
  both.go()
  await until(() => both.sessions.length === 2)
  const again = both.sessions[1]?.stub(Phone).ring()
  await until(() => phone.hangUp.length === 2)
  expect(phone.aborted).toBe(1)
  // The handler of the lost server's call ends; the other one is still at it.
  phone.hangUp[0]?.()
  await settle()
  await expect(both.client.stub(Bank).balance()).resolves.toBe('balance by B')
  phone.hangUp[1]?.()
  await expect(again).resolves.toBe('rung')
  expect(both.client.phase).toBe('open')
  await both[Symbol.asyncDispose]()
  expect(await rings).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
})

it('closing does not wait for the next server', async () => {
  await using both = await between()
  await both.lose()
  const waiting = rejection(both.client.stub(Bank).pay(1))
  await both.client.close()
  expect(await waiting).toMatchObject({ code: 'UNAVAILABLE', outcome: 'not-started' })
  expect(both.client.phase).toBe('closed')
})

it('a release that was asked for meanwhile is not granted, and calls go on', async () => {
  await using both = await between()
  await both.lose()
  await expect(both.client.release()).resolves.toEqual({
    released: false,
    reason: 'the server was lost meanwhile',
  })
  both.go()
  await expect(both.client.stub(Bank).balance()).resolves.toBe('balance by B')
})

it('calls that waited for room go first at the next server', async () => {
  await using both = await between({ limits: { concurrentCalls: 2 } })
  const open = [1, 2].map(() => both.client.stub(Bank).prices()[Symbol.asyncIterator]())
  await Promise.all(open.map((prices) => prices.next()))
  const waiting = [1, 2, 3].map((n) => both.client.stub(Bank).pay(n))
  await settle()
  await both.lose()
  for (const prices of open) void drained(prices).catch(() => undefined)
  both.go()
  await expect(Promise.all(waiting)).resolves.toEqual(['pay 1 by B', 'pay 2 by B', 'pay 3 by B'])
  await expect(both.client.stub(Bank).pay(4)).resolves.toBe('pay 4 by B')
})

async function drained(items: AsyncIterator<unknown>): Promise<void> {
  while ((await items.next()).done !== true);
}
