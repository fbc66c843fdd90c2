// The store contract: retention, sweeping, sizes, and what outlives the process.
import { storeLimits } from '../../../limits.ts'
import type { EntryWrite, LedgerName } from '../../../ports/checkpoint-store.ts'
import { StoreFailure } from '../../../ports/store-error.ts'
import { everything, isMisuse, now, octets, outcomeOf, retention, session, type StoreTests } from './rig.ts'

const key: LedgerName = { kind: 'key', id: 'order 17' }

export const keeping: StoreTests = {
  'says that a key has expired, and does not take it for a new one': async (rig, expect) => {
    await rig.make(key, [{ serial: 0, state: 'done', octets: octets('paid') }])
    const at = (time: number) => rig.store.read(key, everything, time)
    expect((await at(retention.expires - 1))?.gone).toBe(false)
    const gone = await at(retention.expires)
    expect([gone?.gone, gone?.epoch, gone?.entries, gone?.usage]).toEqual([
      true,
      1,
      [],
      { entries: 0, octets: 0 },
    ])
    const take = (epoch: number, time: number): Promise<string> =>
      outcomeOf(rig.store.write([{ name: key, epoch, take: true, retention }], time))
    expect(await take(0, retention.expires)).toBe('fenced at 1')
    expect(await take(1, retention.expires)).toBe('gone at 1')
    expect(await at(retention.removes)).toBe(undefined)
    const later = { expires: retention.removes + 10, removes: retention.removes + 20 }
    const again = { name: key, epoch: 0, take: true, retention: later }
    await rig.store.write([again], retention.removes)
    const anew = await at(retention.removes)
    expect([anew?.epoch, anew?.forgotten, anew?.entries, anew?.retention]).toEqual([1, 0, [], later])
  },

  'sweeps without anybody noticing': async (rig, expect) => {
    const names = ['a', 'b', 'c'].map((id): LedgerName => ({ kind: 'key', id }))
    const [a, b, c] = names as [LedgerName, LedgerName, LedgerName]
    for (const [number, name] of names.entries()) {
      const expires = now + 100 * number
      const entries: EntryWrite[] = [{ serial: 0, state: 'done' }]
      await rig.write({ name, epoch: 0, take: true, retention: { expires, removes: now + 250 }, entries })
    }
    const look = (time: number) => Promise.all(names.map((name) => rig.store.read(name, everything, time)))
    const before = [await look(now), await look(now + 100), await look(now + 250)]
    expect(await rig.store.sweep(now - 1, 1000)).toEqual([])
    expect(await rig.store.sweep(now, 1000)).toEqual([{ name: a, removed: false }])
    expect(await rig.store.sweep(now, 1000)).toEqual([])
    expect(await look(now)).toEqual(before[0])
    expect(await rig.store.sweep(now + 100, 1000)).toEqual([{ name: b, removed: false }])
    expect(await look(now + 100)).toEqual(before[1])
    const removed = [...(await rig.store.sweep(now + 250, 2)), ...(await rig.store.sweep(now + 250, 2))]
    expect(removed.map(({ name, removed }) => `${name.id} ${removed}`).toSorted()).toEqual(
      [a, b, c].map(({ id }) => `${id} true`),
    )
    expect(await rig.store.sweep(now + 250, 2)).toEqual([])
    expect(await look(now + 250)).toEqual(before[2])
  },

  'ends a ledger at once, and says so until it is removed': async (rig, expect) => {
    await rig.make(session, [{ serial: 3, state: 'done', octets: octets('x') }])
    await rig.write({ name: session, epoch: 1, end: true, head: octets('no more') })
    const ledger = await rig.read()
    expect([ledger?.gone, ledger?.head, ledger?.entries]).toEqual([true, octets(''), []])
    expect(await outcomeOf(rig.write({ name: session, epoch: 1, take: true }))).toBe('gone at 1')
    expect(await outcomeOf(rig.write({ name: session, epoch: 1, end: true }))).toBe('gone at 1')
    expect(await outcomeOf(rig.make())).toBe('fenced at 1')
    expect(await rig.store.sweep(retention.expires, 1000)).toEqual([])
    expect(await rig.store.sweep(retention.removes, 1000)).toEqual([{ name: session, removed: true }])
    expect(await rig.read()).toBe(undefined)
  },

  'lets the owner keep a ledger longer': async (rig, expect) => {
    await rig.make()
    const longer = { expires: retention.removes, removes: retention.removes + 1 }
    await rig.write({ name: session, epoch: 1, retention: longer })
    expect(await rig.store.sweep(retention.expires, 1000)).toEqual([])
    expect((await rig.store.read(session, {}, retention.expires))?.gone).toBe(false)
  },

  'keeps to its sizes': async (rig, expect) => {
    const limits = storeLimits
    const big = (length: number) => new Uint8Array(length)
    await rig.make({ kind: 'session', id: 'x'.repeat(limits.idOctets) })
    const ids = ['x'.repeat(limits.idOctets + 1), 'ä'.repeat(limits.idOctets / 2 + 1), 'a\ud800']
    for (const id of ids) {
      expect(isMisuse(() => rig.make({ kind: 'session', id }))).toBe(true)
      expect(isMisuse(() => rig.read({ kind: 'session', id }))).toBe(true)
    }
    await rig.make()
    await rig.write({ name: session, epoch: 1, head: big(limits.headOctets) })
    const head = big(limits.headOctets + 1)
    expect(isMisuse(() => rig.write({ name: session, epoch: 1, head }))).toBe(true)
    const put = (entry: Omit<EntryWrite, 'serial'>): Promise<void> =>
      rig.write({ name: session, epoch: 1, entries: [{ serial: 1, ...entry }] })
    const hash = big(limits.hashOctets)
    await put({ state: 'done', hash, octets: big(limits.entryOctets) })
    expect(isMisuse(() => put({ state: 'done', hash: big(limits.hashOctets + 1) }))).toBe(true)
    expect(isMisuse(() => put({ state: 'done', octets: big(limits.entryOctets + 1) }))).toBe(true)
    expect(isMisuse(() => put({ state: 'started', octets: big(1) }))).toBe(true)
    for (const attempt of [0, -1, 1.5, 2 ** 31])
      expect(isMisuse(() => put({ state: 'started', attempt }))).toBe(true)
    const ledger = await rig.read()
    expect([ledger?.head.length, ledger?.entries[0]?.octets.length]).toEqual([
      limits.headOctets,
      limits.entryOctets,
    ])
  },

  'throws at once for counts, serials and times that are none': async (rig, expect) => {
    const write = (...serials: number[]): Promise<void> =>
      rig.make(
        session,
        serials.map((serial): EntryWrite => ({ serial, state: 'done' })),
      )
    for (const serial of [-1, 0.5, NaN, 2 ** 53]) expect(isMisuse(() => write(serial))).toBe(true)
    expect(isMisuse(() => write(1, 1))).toBe(true)
    const many = Array.from({ length: storeLimits.entries + 1 }, (_, serial) => serial)
    expect(isMisuse(() => write(...many))).toBe(true)
    expect(isMisuse(() => rig.read(session, { entries: { serials: many } }))).toBe(true)
    for (const limit of [0, -1, 1.5, storeLimits.entries + 1]) {
      expect(isMisuse(() => rig.read(session, { entries: { from: 0, limit } }))).toBe(true)
      expect(isMisuse(() => rig.read(session, { entries: { last: limit } }))).toBe(true)
    }
    for (const limit of [0, 1.5, storeLimits.sweep + 1])
      expect(isMisuse(() => rig.store.sweep(now, limit))).toBe(true)
    for (const time of [-1, NaN, Infinity]) {
      expect(isMisuse(() => rig.store.write([], time))).toBe(true)
      expect(isMisuse(() => rig.store.sweep(time, 1))).toBe(true)
      expect(isMisuse(() => rig.store.read(session, {}, time))).toBe(true)
    }
    const backwards = { expires: 10, removes: 9 }
    expect(isMisuse(() => rig.write({ name: session, epoch: 1, retention: backwards }))).toBe(true)
    const changes = Array.from({ length: storeLimits.changes + 1 }, (_, id) => ({
      name: { kind: 'key', id: String(id) } as const,
      epoch: 1,
    }))
    expect(isMisuse(() => rig.write(...changes))).toBe(true)
    const heavy = Array.from({ length: 3 }, (_, serial): EntryWrite => {
      return { serial, state: 'done', octets: new Uint8Array(storeLimits.writeOctets / 2) }
    })
    expect(isMisuse(() => rig.make(session, heavy))).toBe(true)
    expect(await rig.read()).toBe(undefined)
    await rig.write()
  },

  'takes as much at once as it says': async (rig, expect) => {
    const serials = Array.from({ length: storeLimits.entries }, (_, serial) => serial)
    const entries = serials.map((serial): EntryWrite => ({ serial, state: 'done', octets: octets('r') }))
    const names = Array.from({ length: storeLimits.changes }, (_, id): LedgerName => {
      return { kind: 'key', id: String(id) }
    })
    await rig.make(session, entries)
    await rig.write(...names.map((name) => ({ name, epoch: 0, take: true, retention })))
    const ledger = await rig.read(session, { entries: { serials }, usage: true })
    expect(ledger?.entries.length).toBe(serials.length)
    expect(ledger?.usage).toEqual({ entries: serials.length, octets: serials.length })
    expect((await rig.store.sweep(retention.removes, storeLimits.sweep)).length).toBe(names.length + 1)
  },

  'keeps what it acknowledged when its process ends, if it is durable': async (rig, expect) => {
    const { durable, statement } = rig.store.capabilities
    expect(statement.length > 0).toBe(true)
    if (!durable) return
    await rig.make(session, [{ serial: 1, state: 'started', hash: octets('h') }])
    await rig.write({ name: session, epoch: 1, take: true, head: octets('head'), forget: 1 })
    await rig.make(key, [{ serial: 0, state: 'done', octets: octets('paid') }])
    const before = [await rig.read(), await rig.read(key)]
    await rig.reopen()
    expect([await rig.read(), await rig.read(key)]).toEqual(before)
    expect(await outcomeOf(rig.write({ name: session, epoch: 1, end: true }))).toBe('fenced at 2')
    await rig.write({ name: session, epoch: 2, entries: [{ serial: 2, state: 'done' }] })
    await rig.reopen()
    expect(await rig.entries()).toEqual(['1 started 1 1', '2 done 0 2'])
  },

  'finishes what is in progress when it is closed, and then does nothing': async (rig, expect) => {
    const writes = Array.from({ length: 20 }, (_, id) => rig.make({ kind: 'key', id: String(id) }))
    const closing = rig.store.close()
    expect((await Promise.all(writes)).length).toBe(20)
    await closing
    await rig.store.close()
    const refused = [rig.make(), rig.read(), rig.store.sweep(now, 1)].map(async (call) => {
      try {
        await call
        return 'done'
      } catch (error) {
        return error instanceof StoreFailure ? `${error.code} ${error.outcome}` : error
      }
    })
    expect(await Promise.all(refused)).toEqual(Array(3).fill('closed not-written'))
  },
}
