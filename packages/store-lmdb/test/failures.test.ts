// What the store makes of failures that no healthy disk gives: on records in memory that fail as told.
import { type LedgerChange, StoreFailure, StoreUsageError } from '@parley/core'
import { describe, expect, it } from 'vitest'
import { CommitError, type Environment } from '../src/environment.ts'
import { lmdbLimits, lmdbStore } from '../src/index.ts'
import { LmdbStore } from '../src/lmdb-store.ts'
import { takeRoot } from '../src/writing.ts'

/** Records in memory. `failNext` is thrown when the next transaction has done its work. */
class MemoryEnvironment implements Environment {
  records = new Map<string, Uint8Array>()
  failNext: Error | undefined
  closed = false

  get(key: Uint8Array): Uint8Array | undefined {
    return this.records.get(text(key))
  }

  *range(from: Uint8Array, to: Uint8Array): Iterable<{ key: Uint8Array; value: Uint8Array }> {
    const keys = [...this.records.keys()].filter((key) => key >= text(from) && key < text(to)).toSorted()
    for (const key of keys)
      yield { key: Buffer.from(key, 'latin1'), value: this.records.get(key) as Uint8Array }
  }

  put(key: Uint8Array, value: Uint8Array): void {
    this.records.set(text(key), value)
  }

  remove(key: Uint8Array): void {
    this.records.delete(text(key))
  }

  async transaction<T>(work: () => T): Promise<T> {
    const before = new Map(this.records)
    try {
      const result = work()
      if (this.failNext !== undefined) throw this.failNext
      return result
    } catch (error) {
      this.records = before
      throw error
    }
  }

  async close(): Promise<void> {
    this.closed = true
  }
}

function text(key: Uint8Array): string {
  return Buffer.from(key).toString('latin1')
}

const name = { kind: 'session', id: 's' } as const
const retention = { expires: 10, removes: 20 }
const make = (id: string, head = 0): LedgerChange => {
  return { name: { kind: 'session', id }, epoch: 0, take: true, retention, head: new Uint8Array(head) }
}

async function rig(options: { maxOctets?: number; free?: () => number } = {}) {
  const environment = new MemoryEnvironment()
  await environment.transaction(() => takeRoot(environment, 'me'))
  let released = 0
  const store = new LmdbStore(
    environment,
    { holder: 'me', release: () => void released++ },
    {
      maxOctets: options.maxOctets ?? lmdbLimits.maxOctets,
      freeOctets: async () => options.free?.() ?? Infinity,
    },
  )
  const codeOf = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work
      return 'done'
    } catch (error) {
      return error instanceof StoreFailure ? `${error.code} ${error.outcome}` : String(error)
    }
  }
  return { environment, store, codeOf, released: () => released }
}

describe('a flush that fails', () => {
  it('leaves the outcome of its writes unknown, and nothing is written or read after it', async () => {
    const { environment, store, codeOf, released } = await rig()
    await store.write([make('s')], 0)
    environment.failNext = new CommitError('the disk failed: EIO')
    const flushed = [codeOf(store.write([make('a')], 0)), codeOf(store.write([make('b')], 0))]
    await Promise.resolve()
    await Promise.resolve()
    const waiting = codeOf(store.write([make('c')], 0))
    expect(await Promise.all(flushed)).toEqual(['stopped unknown', 'stopped unknown'])
    expect(await waiting).toBe('stopped not-written')
    environment.failNext = undefined
    expect(await codeOf(store.write([make('d')], 0))).toBe('stopped not-written')
    expect(await codeOf(store.read(name, {}, 0))).toBe('stopped not-written')
    expect(await codeOf(store.sweep(0, 1))).toBe('stopped not-written')
    await store.close()
    expect([environment.closed, released()]).toEqual([true, 1])
  })

  it('stops the store when it fails for a reason that nobody foresaw', async () => {
    const { environment, store, codeOf } = await rig()
    environment.failNext = new Error('what is this?')
    expect(await codeOf(store.sweep(0, 1))).toBe('stopped not-written')
    expect(await codeOf(store.write([make('d')], 0))).toBe('stopped not-written')
  })
})

describe('a record that is not what was written', () => {
  it.each(['read', 'write', 'sweep'] as const)('is no answer, and stops the store: %s', async (operation) => {
    const { environment, store, codeOf } = await rig()
    await store.write([make('s', 100)], 0)
    const [key, record] = [...environment.records].find(([, { length }]) => length > 100) ?? [
      '',
      new Uint8Array(),
    ]
    environment.records.set(
      key,
      record.map((octet, at) => (at === 120 ? octet ^ 4 : octet)),
    )
    const operations = {
      read: () => store.read(name, {}, 0),
      write: () => store.write([{ name, epoch: 1, forget: 1 }], 0),
      sweep: () => store.sweep(100, 10),
    }
    expect(await codeOf(operations[operation]())).toBe('corrupt not-written')
    expect(await codeOf(store.read({ kind: 'key', id: 'k' }, {}, 0))).toBe('corrupt not-written')
  })

  it('is refused when it stands under the key of another', async () => {
    const { environment, store, codeOf } = await rig()
    await store.write([make('s', 100)], 0)
    await store.write([make('t', 100)], 0)
    const ledgers = [...environment.records].filter(([, { length }]) => length > 100)
    environment.records.set(ledgers[0]?.[0] ?? '', ledgers[1]?.[1] ?? new Uint8Array())
    expect(await codeOf(store.read(name, {}, 0))).toBe('corrupt not-written')
  })
})

describe('a store that has no room', () => {
  it('is full at maxOctets, and takes what adds nothing', async () => {
    const { store, codeOf } = await rig({ maxOctets: 100_000 })
    await store.write([make('a', 60_000)], 0)
    expect(await codeOf(store.write([make('b', 60_000)], 0))).toBe('full not-written')
    const a = { kind: 'session', id: 'a' } as const
    const entries = [{ serial: 1, state: 'done', octets: new Uint8Array(50_000) }] as const
    expect(await codeOf(store.write([{ name: a, epoch: 1, entries }], 0))).toBe('full not-written')
    await store.write([{ name: a, epoch: 1, take: true, head: new Uint8Array(100) }], 0)
    await store.write([{ name: a, epoch: 2, entries }], 0)
    await store.write([{ name: a, epoch: 2, forget: 2 }], 0)
    await store.write([make('b', 60_000)], 0)
    await store.write([{ name: a, epoch: 2, end: true }], 0)
    await store.sweep(100, 10)
    await store.write([make('c', 60_000)], 0)
  })

  it('keeps freeOctets on the disk, and goes on when they are there again', async () => {
    let free = lmdbLimits.freeOctets
    const { store, codeOf } = await rig({ free: () => free })
    expect(await codeOf(store.write([make('s', 10)], 0))).toBe('full not-written')
    free += 100_000
    await store.write([make('s', 10)], 0)
    free = 0
    expect(await codeOf(store.write([{ name, epoch: 1, head: new Uint8Array(1) }], 0))).toBe(
      'full not-written',
    )
    await store.write([{ name, epoch: 1, take: true }], 0)
    expect((await store.read(name, {}, 0))?.epoch).toBe(2)
  })
})

it('takes its options or throws at once', async () => {
  expect(lmdbLimits.treeDepth).toBe(32)
  for (const options of [{ path: '' }, { path: 'x', maxOctets: 0 }, { path: 'x', maxOctets: NaN }])
    expect(() => lmdbStore(options)).toThrow(StoreUsageError)
  await expect(lmdbStore({ path: '/there/is/no/such/folder' })).rejects.toMatchObject({ code: 'unavailable' })
})
