// The store in memory: the contract, what it says of itself, and its bound.
import { describe, expect, it } from 'vitest'
import { storeLimits, memoryStore, StoreUsageError } from '../../src/index.ts'
import { describeStore } from '../../src/testing/index.ts'

describeStore('memory', () => ({ store: memoryStore() }), { describe, it, expect })

describe('the store in memory', () => {
  const retention = { expires: 10, removes: 20 }
  const make = (id: string, octets: number) =>
    ({ name: { kind: 'key', id }, epoch: 0, take: true, retention, head: new Uint8Array(octets) }) as const

  it('says that it promises nothing', () => {
    expect(memoryStore().capabilities).toEqual({
      durable: false,
      shared: false,
      transactional: false,
      statement: 'memory: everything is lost with the process',
    })
  })

  it('is full at its bound, and has room again when something was dropped', async () => {
    const store = memoryStore({ maxOctets: 100_000 })
    await store.write([make('a', 60_000)], 0)
    await expect(store.write([make('b', 60_000)], 0)).rejects.toMatchObject({
      name: 'StoreFailure',
      code: 'full',
      outcome: 'not-written',
    })
    await store.write([{ name: { kind: 'key', id: 'a' }, epoch: 1, end: true }], 0)
    await store.write([make('b', 60_000)], 0)
    await expect(store.write([make('c', 60_000)], 0)).rejects.toMatchObject({ code: 'full' })
    await store.sweep(20, 10)
    await store.write([make('c', 60_000)], 20)
  })

  it('has room for memoryOctets unless told otherwise', () => {
    expect(storeLimits.memoryOctets).toBe(256 * 1024 * 1024)
    for (const maxOctets of [0, -1, NaN]) expect(() => memoryStore({ maxOctets })).toThrow(StoreUsageError)
  })

  it('counts what it holds: forgetting and rewriting for ever fill nothing', async () => {
    const store = memoryStore({ maxOctets: 50_000 })
    const name = { kind: 'session', id: 's' } as const
    await store.write([make('other', 1000), { name, epoch: 0, take: true, retention }], 0)
    for (let serial = 0; serial < 500; serial++) {
      const entries = [{ serial, state: 'done', octets: new Uint8Array(1000) }] as const
      await store.write([{ name, epoch: 1, entries, forget: serial, head: new Uint8Array(500) }], 0)
    }
    expect((await store.read(name, { usage: true }, 0))?.usage).toEqual({ entries: 1, octets: 1000 })
  })
})
