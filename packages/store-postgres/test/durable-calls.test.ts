// Methods with `effect: 'transactional'`, and checkpoints with a transaction: what they do in the database
// and what is recorded are one commit, so each takes effect once, whichever server dies at whatever point.
import {
  activity,
  call,
  connect,
  RpcError,
  serve,
  service,
  unary,
  type Activity,
  type Client,
  type Stream,
} from '@parley/rpc'
import { memory, type MemoryTransport } from '@parley/core/testing'
import { expect, it } from 'vitest'
import type { PostgresTransaction } from '../src/index.ts'
import { Bench } from './support.ts'

const bench = new Bench()

@service('bank.v1')
class Bank {
  /** Called at the beginning of each call. */
  before: () => void = () => undefined
  /** Called in each transaction, after its write. */
  meanwhile: () => Promise<void> = () => Promise.resolve()
  readonly #table: string
  readonly #name: string
  constructor(schema: string, name: string) {
    this.#table = `${schema}.payments`
    this.#name = name
  }

  @unary({ effect: 'transactional' }) async pay(order: number): Promise<string> {
    this.before()
    const transaction = call().transaction as PostgresTransaction
    await transaction.query(`INSERT INTO ${this.#table} VALUES ($1)`, [order])
    await this.meanwhile()
    if (order < 0) throw new RpcError('INVALID_ARGUMENT', 'no such order')
    return `paid by ${this.#name}`
  }

  /** Pays order after order, each together with the checkpoint behind it. */
  @activity({ replay: 'discard' }) async *payAll(orders: Stream<number>): Activity<string, number> {
    const checkpoint = call().checkpoint<number>()
    let paid = checkpoint.from ?? 0
    for await (const order of orders) {
      this.before()
      yield `paid by ${this.#name}`
      await checkpoint.commit(paid + 1, async (transaction) => {
        await (transaction as PostgresTransaction).query(`INSERT INTO ${this.#table} VALUES ($1)`, [order])
        await this.meanwhile()
      })
      paid += 1
    }
    return paid
  }

  @unary() async peek(): Promise<unknown> {
    return call().transaction
  }
}

/**
 * Two servers with one database, and a client of the first that goes to the second when it loses that one.
 */
async function rig(): Promise<{
  readonly a: Bank
  readonly b: Bank
  readonly client: Client
  switchOver(): void
  payments(): Promise<number[]>
  [Symbol.asyncDispose](): Promise<void>
}> {
  const schema = bench.schema()
  const stores = [await bench.open({ schema }), await bench.open({ schema })]
  await bench.sql(`CREATE TABLE ${schema}.payments (order_no integer PRIMARY KEY)`)
  const [a, b] = [new Bank(schema, 'A'), new Bank(schema, 'B')]
  const [first, second] = [memory(), memory()]
  const servers = await Promise.all([
    serve({ listen: first, services: [a], store: stores[0] }),
    serve({ listen: second, services: [b], store: stores[1] }),
  ])
  let current: MemoryTransport = first
  const client = await connect({
    connect: (signal) => current.connect(signal),
    listen: () => Promise.reject(new Error('not here')),
  })
  return {
    a,
    b,
    client,
    switchOver() {
      current = second
      for (const link of first.links) link.cut()
    },
    async payments() {
      const rows = await bench.sql<{ order_no: number }>(`SELECT order_no FROM ${schema}.payments ORDER BY 1`)
      return rows.map(({ order_no: order }) => order)
    },
    async [Symbol.asyncDispose]() {
      await client.close()
      await Promise.all(servers.map((server) => server.close()))
    },
  }
}

it('takes effect together with its answer', async () => {
  await using both = await rig()
  await expect(both.client.stub(Bank).pay(1)).resolves.toBe('paid by A')
  expect(await both.payments()).toEqual([1])
})

it('leaves nothing when it throws', async () => {
  await using both = await rig()
  await expect(both.client.stub(Bank).pay(-1)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  expect(await both.payments()).toEqual([])
})

it('runs again elsewhere when its server is lost with it, and is done once', async () => {
  await using both = await rig()
  const begun = new Promise<void>((resolve) => (both.b.before = resolve))
  let paid: Promise<string> | undefined
  await new Promise<void>((atWork) => {
    // The first server has written when it is cut off, and would commit when the second one is at it.
    both.a.meanwhile = () => {
      atWork()
      return begun
    }
    paid = both.client.stub(Bank).pay(1)
  })
  both.switchOver()
  await expect(paid).resolves.toBe('paid by B')
  await expect(both.client.stub(Bank).pay(2)).resolves.toBe('paid by B')
  expect(await both.payments()).toEqual([1, 2])
})

it('is the only kind of method that has a transaction', async () => {
  await using both = await rig()
  await expect(both.client.stub(Bank).peek()).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' })
})

it('is refused where the store has none', async () => {
  await expect(serve({ listen: memory(), services: [new Bank('none', 'C')] })).rejects.toThrow(
    /transactional/,
  )
})

async function* orders(from: number): AsyncGenerator<number> {
  for (let order = from + 1; order <= 8; order++) yield order
}

it('pays each order once in an activity whose server is lost in the middle of a checkpoint', async () => {
  await using both = await rig()
  const begun = new Promise<void>((resolve) => (both.b.before = resolve))
  let payments = 0
  both.a.meanwhile = () => {
    payments += 1
    if (payments < 4) return Promise.resolve()
    both.switchOver()
    return begun
  }
  const by: string[] = []
  const total = await both.client
    .stub(Bank)
    .payAll(orders)
    .run((item) => by.push(item))
  expect(total).toBe(8)
  const a = 'paid by A'
  const b = 'paid by B'
  expect(by).toEqual([a, a, a, b, b, b, b, b])
  expect(await both.payments()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})
