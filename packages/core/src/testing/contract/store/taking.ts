// The store contract: ledgers are made, taken over, and written by their owner alone.
import type { LedgerChange } from '../../../ports/checkpoint-store.ts'
import { everything, isMisuse, now, octets, outcomeOf, retention, session, type StoreTests } from './rig.ts'

export const taking: StoreTests = {
  'knows nothing of a ledger that was not made': async (rig, expect) => {
    expect(await rig.read()).toBe(undefined)
    expect(await outcomeOf(rig.write({ name: session, epoch: 3, head: octets('x') }))).toBe('fenced at 0')
    expect(await outcomeOf(rig.write({ name: session, epoch: 3, take: true, retention }))).toBe('fenced at 0')
    expect(await rig.read()).toBe(undefined)
  },

  'makes a ledger at epoch 1, once': async (rig, expect) => {
    await rig.write({ name: session, epoch: 0, take: true, retention, head: octets('ticket') })
    expect(await rig.read()).toEqual({
      epoch: 1,
      gone: false,
      head: octets('ticket'),
      forgotten: 0,
      retention,
      entries: [],
      usage: { entries: 0, octets: 0 },
    })
    expect(await outcomeOf(rig.make())).toBe('fenced at 1')
  },

  'raises the epoch at each takeover, and keeps the rest': async (rig, expect) => {
    await rig.make(session, [{ serial: 4, state: 'started', hash: octets('h') }])
    await rig.write({ name: session, epoch: 1, head: octets('one') })
    await rig.write({ name: session, epoch: 1, take: true })
    await rig.write({ name: session, epoch: 2, take: true, head: octets('three') })
    const ledger = await rig.read()
    expect([ledger?.epoch, ledger?.head, ledger?.retention]).toEqual([3, octets('three'), retention])
    expect(await rig.entries()).toEqual(['4 started 1 1'])
  },

  'refuses every kind of write of a stale epoch, and of one that is to come': async (rig, expect) => {
    await rig.make(session, [{ serial: 1, state: 'started' }])
    await rig.write({ name: session, epoch: 1, take: true })
    const before = await rig.read()
    const kinds: Partial<LedgerChange>[] = [
      {},
      { take: true },
      { head: octets('mine') },
      { retention: { expires: 5, removes: 6 } },
      { forget: 2 },
      { end: true },
      { entries: [{ serial: 1, state: 'started', attempt: 2 }] },
      { entries: [{ serial: 1, state: 'done', octets: octets('late') }] },
      { entries: [{ serial: 1, state: 'unknown' }] },
      { entries: [{ serial: 2, state: 'started' }] },
      { entries: [{ serial: 2, state: 'checkpoint' }] },
    ]
    for (const kind of kinds) {
      for (const epoch of [1, 3])
        expect(await outcomeOf(rig.write({ name: session, ...kind, epoch }))).toBe('fenced at 2')
    }
    expect(await rig.read()).toEqual(before)
  },

  'lets exactly one of many win each epoch': async (rig, expect) => {
    await rig.make()
    const stores = [rig.store]
    for (let other = 0; other < 3; other++) stores.push(await rig.another())
    for (let epoch = 1; epoch <= 20; epoch++) {
      const contenders = Array.from({ length: 12 }, async (_, number) => {
        const store = stores[number % stores.length] ?? rig.store
        const head = Uint8Array.of(number)
        const outcome = await outcomeOf(store.write([{ name: session, epoch, take: true, head }], now))
        return outcome === 'done' ? number : outcome
      })
      const outcomes = await Promise.all(contenders)
      const winners = outcomes.filter((outcome) => typeof outcome === 'number')
      expect(winners.length).toBe(1)
      expect(outcomes.filter((outcome) => outcome === `fenced at ${epoch + 1}`).length).toBe(11)
      const ledger = await stores[epoch % stores.length]?.read(session, everything, now)
      expect([ledger?.epoch, ledger?.head]).toEqual([epoch + 1, Uint8Array.from(winners)])
    }
  },

  'shows a takeover to whoever wrote before, at once': async (rig, expect) => {
    const other = await rig.another()
    await rig.make()
    await other.write([{ name: session, epoch: 1, take: true }], now)
    const late = [1, 2, 3].map((serial) =>
      outcomeOf(rig.write({ name: session, epoch: 1, entries: [{ serial, state: 'started' }] })),
    )
    expect(await Promise.all(late)).toEqual(['fenced at 2', 'fenced at 2', 'fenced at 2'])
    expect((await other.read(session, everything, now))?.entries).toEqual([])
  },

  'does all the changes of a write or none': async (rig, expect) => {
    const key = { kind: 'key', id: 'k' } as const
    await rig.make()
    await rig.make(key)
    await rig.write({ name: key, epoch: 1, take: true })
    const both = (epoch: number): Promise<string> =>
      outcomeOf(
        rig.write(
          { name: session, epoch: 1, entries: [{ serial: 0, state: 'done' }], head: octets('h') },
          { name: key, epoch, entries: [{ serial: 0, state: 'done' }] },
        ),
      )
    expect(await both(1)).toBe('fenced at 2')
    expect(await rig.entries()).toEqual([])
    expect((await rig.read())?.head).toEqual(octets(''))
    expect(await both(2)).toBe('done')
    expect(await rig.entries()).toEqual(['0 done 0 1'])
    expect(await rig.entries(everything, key)).toEqual(['0 done 0 2'])
  },

  'judges writes in progress at once each by itself': async (rig, expect) => {
    await rig.make()
    const writes = Array.from({ length: 60 }, (_, serial) =>
      outcomeOf(
        rig.write({
          name: session,
          epoch: serial % 3 === 0 ? 7 : 1,
          entries: [{ serial, state: 'started' }],
        }),
      ),
    )
    const outcomes = await Promise.all(writes)
    expect(outcomes.filter((outcome) => outcome === 'fenced at 1').length).toBe(20)
    expect((await rig.entries()).length).toBe(40)
  },

  'throws at once for epochs that are none': async (rig, expect) => {
    const change = { name: session, retention } as const
    for (const epoch of [-1, 0.5, NaN, Number.MAX_SAFE_INTEGER, 2 ** 53])
      expect(isMisuse(() => rig.write({ ...change, take: true, epoch }))).toBe(true)
    expect(isMisuse(() => rig.write({ ...change, epoch: 0 }))).toBe(true)
    expect(isMisuse(() => rig.write({ name: session, epoch: 0, take: true }))).toBe(true)
    expect(isMisuse(() => rig.write({ ...change, epoch: 1 }, { ...change, epoch: 1 }))).toBe(true)
    expect(await rig.read()).toBe(undefined)
  },
}
