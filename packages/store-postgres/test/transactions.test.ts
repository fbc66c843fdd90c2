// Results that commit together with the user's own writes: both or neither, whatever happens on the way.
import { describe, expect, it } from 'vitest'
import { StoreUsageError } from '@parley/core'
import type { PostgresTransaction } from '../src/index.ts'
import { Bench, done, entriesOf, made, outcomeOf, session, taken } from './support.ts'

const bench = new Bench()

/** A store with a session at epoch 1, and a table of the user's. */
async function rig(options: Parameters<Bench['open']>[0] = {}) {
  const schema = bench.schema()
  const store = await bench.open({ schema, ...options })
  const other = await bench.open({ schema })
  await bench.sql(`CREATE TABLE ${schema}.payments (order_no integer PRIMARY KEY)`)
  await store.write([made], 0)
  const pay = async (transaction: PostgresTransaction, order: number): Promise<void> => {
    await transaction.query(`INSERT INTO ${schema}.payments VALUES ($1)`, [order])
  }
  const payments = async (): Promise<number[]> => {
    const rows = await bench.sql<{ order_no: number }>(`SELECT order_no FROM ${schema}.payments ORDER BY 1`)
    return rows.map(({ order_no: order }) => order)
  }
  return { schema, store, other, pay, payments }
}

describe('a transaction', () => {
  it('commits the result with what the work did', async () => {
    const { store, pay, payments } = await rig()
    await store.transaction(async (transaction) => {
      await pay(transaction, 17)
      const { rows, rowCount } = await transaction.query<{ two: number }>('SELECT 1 + 1 AS two')
      expect([rows, rowCount]).toEqual([[{ two: 2 }], 1])
      expect(await payments()).toEqual([])
      return [done(1)]
    }, 0)
    expect(await payments()).toEqual([17])
    expect(await entriesOf(store)).toEqual(['1 done'])
  })

  it('undoes the work of an owner that was overtaken while it worked', async () => {
    const { store, other, pay, payments } = await rig()
    const work = store.transaction(async (transaction) => {
      await pay(transaction, 17)
      await other.write([taken], 0)
      return [done(1)]
    }, 0)
    expect(await outcomeOf(work)).toBe('fenced at 2')
    expect([await payments(), await entriesOf(store)]).toEqual([[], []])
  })

  it('undoes everything when the work throws, and lets that through', async () => {
    const { store, pay, payments } = await rig()
    const broken = store.transaction(async (transaction) => {
      await pay(transaction, 17)
      throw new RangeError('no such order')
    }, 0)
    await expect(broken).rejects.toThrow(new RangeError('no such order'))
    const twice = store.transaction(async (transaction) => {
      await pay(transaction, 17)
      await pay(transaction, 17)
      return [done(1)]
    }, 0)
    await expect(twice).rejects.toMatchObject({ code: '23505' })
    expect([await payments(), await entriesOf(store)]).toEqual([[], []])
    // An error of the server's that the work has swallowed has still undone the transaction.
    const swallowed = store.transaction(async (transaction) => {
      await transaction.query('SELECT 1 / 0').catch(() => {})
      return [done(1)]
    }, 0)
    expect(await outcomeOf(swallowed)).toMatch(/not-written/)
    expect(await entriesOf(store)).toEqual([])
  })

  it('finds out when the work ends it by itself, or is not done with it', async () => {
    const { store, pay, payments } = await rig()
    let kept: PostgresTransaction | undefined
    for (const own of ['COMMIT', 'ROLLBACK', 'COMMIT; BEGIN']) {
      const work = store.transaction(async (transaction) => {
        kept = transaction
        await transaction.query(own)
        return [done(1)]
      }, 0)
      await expect(work).rejects.toThrow(StoreUsageError)
    }
    await expect(kept?.query('SELECT 1')).rejects.toThrow('the transaction is over')
    const hasty = store.transaction(async (transaction) => {
      void pay(transaction, 18).catch(() => {})
      return [done(2)]
    }, 0)
    await expect(hasty).rejects.toThrow('the work has ended before the queries it began')
    expect([await payments(), await entriesOf(store)]).toEqual([[], []])
  })

  it('refuses changes that can never be right, and undoes the work', async () => {
    const { store, pay, payments } = await rig()
    const work = store.transaction(async (transaction) => {
      await pay(transaction, 17)
      return [{ name: session, epoch: -1 }]
    }, 0)
    await expect(work).rejects.toThrow(StoreUsageError)
    expect(await payments()).toEqual([])
  })

  it('makes one of two outcomes of a call final, and undoes the work of the other', async () => {
    const { store, other, pay, payments } = await rig()
    const outcomes = new Set<string>()
    for (let order = 0; order < 20; order++) {
      const started = order % 2 === 0
      if (started)
        await store.write([{ name: session, epoch: 1, entries: [{ serial: order, state: 'started' }] }], 0)
      const both = await Promise.all([
        outcomeOf(
          store.transaction(async (transaction) => {
            await pay(transaction, order)
            return [done(order)]
          }, 0),
        ),
        outcomeOf(
          other.write([{ name: session, epoch: 1, entries: [{ serial: order, state: 'unknown' }] }], 0),
        ),
      ])
      const paid = (await payments()).includes(order)
      const [last] = (await entriesOf(store)).slice(-1)
      expect([paid, last]).toEqual([
        both[0] === 'done',
        `${order} ${both[0] === 'done' ? 'done' : 'unknown'}`,
      ])
      expect(both.filter((outcome) => outcome === 'done')).toHaveLength(1)
      for (const outcome of both) outcomes.add(outcome)
    }
    expect([...outcomes].every((outcome) => /^(?:done|exists at 1|aborted not-written)$/.test(outcome))).toBe(
      true,
    )
  })

  it('runs side by side with others of the same session', async () => {
    const { store, pay, payments } = await rig({ connections: 8 })
    const orders = Array.from({ length: 40 }, (_, order) => order)
    await Promise.all(
      orders.map((order) =>
        store.transaction(async (transaction) => {
          await pay(transaction, order)
          return [done(order)]
        }, 0),
      ),
    )
    expect(await payments()).toEqual(orders)
    expect(await entriesOf(store)).toHaveLength(40)
  })

  it('keeps its promise when the work has relaxed the durability of its connection', async () => {
    const { store } = await rig({ connections: 2 })
    const settings: unknown[] = []
    for (let round = 0; round < 3; round++)
      await store.transaction(async (transaction) => {
        const { rows } = await transaction.query('SHOW synchronous_commit')
        settings.push(rows)
        await transaction.query('SET synchronous_commit = off')
        return [done(round)]
      }, 0)
    const text = await bench.sql<{ on: string }>(`SELECT current_setting('synchronous_commit') AS on`)
    expect(text).toEqual([{ on: 'on' }])
    expect(settings).toHaveLength(3)
    expect(await entriesOf(store)).toHaveLength(3)
  })

  it('works at every isolation level, and says when another was in its way', async () => {
    for (const isolation of ['repeatable read', 'serializable'] as const) {
      const { store, other, pay, payments } = await rig({ isolation })
      await store.transaction(async (transaction) => {
        await pay(transaction, 1)
        return [done(1)]
      }, 0)
      const overtaken = store.transaction(async (transaction) => {
        await pay(transaction, 2)
        await other.write([taken], 0)
        return [done(2)]
      }, 0)
      expect(await outcomeOf(overtaken)).toBe('aborted not-written')
      expect(await payments()).toEqual([1])
    }
  })
})
