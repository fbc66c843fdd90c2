// The server and the way to it, failing: what the caller is told is never more than what is known.
import { StoreFailure, StoreUsageError } from '@parley/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { postgresLimits, postgresStore } from '../src/index.ts'
import { type AtCommit, Proxy } from './proxy.ts'
import { Bench, done, entriesOf, made, outcomeOf, session, taken } from './support.ts'

const bench = new Bench()
let proxy: Proxy

beforeEach(async () => {
  proxy = await Proxy.start(bench.postgres.port)
})
afterEach(() => proxy.stop())

/** A store that goes through the proxy, and one of another node that does not; a session at epoch 1. */
async function rig(options: Parameters<Bench['open']>[0] = {}) {
  const schema = bench.schema()
  const store = await bench.open({ schema, port: proxy.port, ...options })
  const other = await bench.open({ schema })
  await store.write([made], 0)
  return { schema, store, other }
}

describe('a connection that is lost in COMMIT', () => {
  it.each<[AtCommit, string[]]>([
    ['cut-before', []],
    ['cut-after', ['1 done', '2 done']],
  ])('%s: the outcome is unknown, and can be read once the ledger is taken over', async (at, found) => {
    const { store, other } = await rig()
    proxy.atCommit = at
    const writes = [1, 2].map((serial) => outcomeOf(store.write([done(serial)], 0)))
    expect(await Promise.all(writes)).toEqual(['unavailable unknown', 'unavailable unknown'])
    proxy.atCommit = 'pass'
    await other.write([taken], 0)
    expect(await entriesOf(other)).toEqual(found)
    expect(await outcomeOf(store.write([done(3)], 0))).toBe('fenced at 2')
    expect(await outcomeOf(store.write([done(3, 2)], 0))).toBe('done')
  })

  it.each<[AtCommit, number]>([
    ['cut-before', 0],
    ['cut-after', 1],
  ])('%s: the work of a transaction is done if and only if its result is there', async (at, count) => {
    const { schema, store, other } = await rig()
    await bench.sql(`CREATE TABLE ${schema}.payments (order_no integer)`)
    proxy.atCommit = at
    const work = store.transaction(async (transaction) => {
      await transaction.query(`INSERT INTO ${schema}.payments VALUES (17)`)
      return [done(1)]
    }, 0)
    expect(await outcomeOf(work)).toBe('unavailable unknown')
    await other.write([taken], 0)
    expect(await entriesOf(other)).toHaveLength(count)
    expect(await bench.sql(`SELECT * FROM ${schema}.payments`)).toHaveLength(count)
  })

  it('is given up after a time; who takes over waits until the server has undone it', async () => {
    const { store, other } = await rig({ timeout: 1500 })
    proxy.atCommit = 'swallow'
    expect(await outcomeOf(store.write([done(1)], 0))).toBe('unavailable unknown')
    proxy.atCommit = 'pass'
    await other.write([taken], 0)
    expect(await entriesOf(other)).toEqual([])
    expect(await outcomeOf(store.write([done(1)], 0))).toBe('fenced at 2')
  })
})

describe('a connection that is lost at another time', () => {
  it('leaves nothing written, and the next call finds another', async () => {
    const { schema, store, other } = await rig()
    await bench.sql(`CREATE TABLE ${schema}.payments (order_no integer)`)
    const work = store.transaction(async (transaction) => {
      await transaction.query(`INSERT INTO ${schema}.payments VALUES (17)`)
      proxy.cut()
      await new Promise((resolve) => setImmediate(resolve))
      return [done(1)]
    }, 0)
    expect(await outcomeOf(work)).toBe('unavailable not-written')
    proxy.cut()
    expect(await entriesOf(store).catch(() => 'failed once')).toSatisfy(
      (found) => found === 'failed once' || (Array.isArray(found) && found.length === 0),
    )
    await store.write([done(2)], 0)
    expect(await entriesOf(other)).toEqual(['2 done'])
    expect(await bench.sql(`SELECT * FROM ${schema}.payments`)).toEqual([])
  })

  it('ends a node that keeps ledgers locked and goes silent', async () => {
    const { store, other } = await rig({ timeout: 60_000 })
    proxy.atCommit = 'swallow'
    const silent = outcomeOf(store.write([done(1)], 0))
    await new Promise((resolve) => setTimeout(resolve, 300))
    const before = performance.now()
    await other.write([taken], 0)
    expect(performance.now() - before).toBeLessThan(postgresLimits.lockTimeout + 3000)
    expect(await silent).toBe('unavailable unknown')
    expect(await entriesOf(other)).toEqual([])
  })
})

describe('a server', () => {
  it('that is restarted, or crashes, keeps what it acknowledged', async () => {
    const { store } = await rig()
    let acknowledged = 0
    for (const how of ['fast', 'immediate'] as const) {
      const outcomes: string[] = []
      const writers = Array.from({ length: 4 }, async (_, writer) => {
        for (let at = 0; outcomes.length === 0; at++) {
          const serial = (how === 'fast' ? 0 : 1e6) + writer * 1e5 + at
          const outcome = await outcomeOf(store.write([done(serial)], 0))
          if (outcome === 'done') acknowledged++
          else outcomes.push(outcome)
        }
      })
      await new Promise((resolve) => setTimeout(resolve, 200))
      await bench.postgres.stop(how)
      await Promise.all(writers)
      for (const outcome of outcomes) expect(outcome).toMatch(/^unavailable (?:unknown|not-written)$/)
      expect(await outcomeOf(store.write([done(9e8)], 0))).toBe('unavailable not-written')
      expect(await outcomeOf(store.read(session, {}, 0))).toBe('unavailable not-written')
      expect(await outcomeOf(store.sweep(0, 1))).toBe('unavailable not-written')
      await bench.postgres.start()
      const ledger = await store.read(session, { usage: true }, 0)
      expect(ledger?.usage?.entries).toBeGreaterThanOrEqual(acknowledged)
      expect(ledger?.usage?.entries).toBeLessThanOrEqual(acknowledged + 8)
    }
    expect(acknowledged).toBeGreaterThan(20)
  })

  it('that has become a standby takes no writes, and cannot be opened', async () => {
    const { schema, store } = await rig()
    await bench.postgres.stop()
    await bench.postgres.start([], true)
    // The connection of before is found to be gone, once.
    await outcomeOf(store.write([done(1)], 0))
    expect(await outcomeOf(store.write([done(1)], 0))).toBe('read-only not-written')
    expect((await store.read(session, {}, 0))?.epoch).toBe(1)
    expect(await outcomeOf(bench.open({ schema }))).toBe('read-only not-written')
    await bench.postgres.stop()
    await bench.postgres.start()
    await outcomeOf(store.write([done(1)], 0))
    await store.write([done(2)], 0)
  })

  it('that does not flush is refused', async () => {
    await bench.postgres.stop()
    await bench.postgres.start(['fsync=off'])
    expect(await outcomeOf(bench.open())).toBe('unsafe not-written')
    await bench.postgres.stop()
    await bench.postgres.start(['synchronous_commit=off'])
    const store = await bench.open()
    await store.write([made], 0)
    await bench.postgres.stop('immediate')
    await bench.postgres.start()
    expect((await store.read(session, {}, 0))?.epoch).toBe(1)
  })

  it('that is not there, or does not answer, is unavailable', async () => {
    const nobody = 'postgres://parley@127.0.0.1:1/postgres'
    expect(await outcomeOf(postgresStore({ connection: nobody }))).toBe('unavailable not-written')
    const { store } = await rig({ connections: 3, connectTimeout: 200 })
    const release: (() => void)[] = []
    const busy = [1, 2].map((serial) =>
      store.transaction(async () => {
        await new Promise<void>((resolve) => release.push(resolve))
        return [done(serial)]
      }, 0),
    )
    expect(await outcomeOf(store.read(session, {}, 0))).toBe('unavailable not-written')
    for (const each of release) each()
    await Promise.all(busy)
  })

  it('lets only so many wait for it', async () => {
    const { store } = await rig({ connections: 3, connectTimeout: 60_000 })
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const busy = [1, 2].map((serial) =>
      store.transaction(async () => {
        await held
        return [done(serial)]
      }, 0),
    )
    const reads = Array.from({ length: postgresLimits.waiting }, () => store.read(session, {}, 0))
    await new Promise((resolve) => setImmediate(resolve))
    expect(await outcomeOf(store.read(session, {}, 0))).toBe('busy not-written')
    release()
    await Promise.all([...busy, ...reads])
  })
})

describe('the tables', () => {
  it('are made once, however many nodes start at once', async () => {
    const schema = bench.schema()
    const stores = await Promise.all(Array.from({ length: 6 }, () => bench.open({ schema, connections: 2 })))
    await stores[0]?.write([made], 0)
    for (const store of stores) expect((await store.read(session, {}, 0))?.epoch).toBe(1)
    expect(await bench.sql(`SELECT number FROM ${schema}.version`)).toEqual([{ number: 1 }])
  })

  it('of a later version are left alone', async () => {
    const { schema } = await rig()
    await bench.sql(`UPDATE ${schema}.version SET number = 2`)
    const opening = bench.open({ schema })
    await expect(opening).rejects.toThrow(
      /tables in schema test_\d+ are of version 2, and this store knows 1/,
    )
    await expect(opening).rejects.toMatchObject({ code: 'version' })
  })
})

it('takes its options or throws at once', () => {
  const { connections, connectTimeout, timeout, attempts } = postgresLimits
  expect([connections, connectTimeout, timeout, attempts]).toEqual([10, 5000, 10_000, 5])
  const connection = bench.postgres.url()
  for (const wrong of [
    { schema: 'Parley' },
    { schema: 'a; DROP TABLE b' },
    { schema: '' },
    { connections: 1 },
    { connections: 2.5 },
    { timeout: 0 },
    { connectTimeout: -1 },
    { isolation: 'read uncommitted' as 'serializable' },
    { connection: undefined as unknown as string },
  ])
    expect(() => postgresStore({ connection, ...wrong })).toThrow(StoreUsageError)
  expect(new StoreFailure('busy', 'not-written', 'x')).toBeInstanceOf(Error)
})
