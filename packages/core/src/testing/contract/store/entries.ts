// The store contract: the entries of a ledger, calls and checkpoints, from started to forgotten.
import type { EntryState, EntryWrite, LedgerName } from '../../../ports/checkpoint-store.ts'
import { now, octets, outcomeOf, retention, session, type StoreRig, type StoreTests } from './rig.ts'

export const entries: StoreTests = {
  'keeps a call from started to done': async (rig, expect) => {
    const hash = octets('hash of the request')
    await rig.make()
    await put(rig, { serial: 7, state: 'started', hash })
    expect(await rig.entries()).toEqual(['7 started 1 1'])
    await put(rig, { serial: 7, state: 'done', hash, octets: octets('the result') })
    const ledger = await rig.read()
    expect(ledger?.entries).toEqual([
      { serial: 7, state: 'done', hash, attempt: 1, epoch: 1, octets: octets('the result') },
    ])
    expect(ledger?.usage).toEqual({ entries: 1, octets: 10 })
  },

  'counts attempts, and keeps the epoch of the latest': async (rig, expect) => {
    await rig.make()
    await put(rig, { serial: 0, state: 'started' })
    expect(await put(rig, { serial: 0, state: 'started' })).toBe('exists at 1, entry 0')
    await rig.write({ name: session, epoch: 1, take: true })
    expect(await put(rig, { serial: 0, state: 'started', attempt: 1 }, 2)).toBe('exists at 2, entry 0')
    expect(await put(rig, { serial: 0, state: 'started', attempt: 3 }, 2)).toBe('done')
    expect(await rig.entries()).toEqual(['0 started 3 2'])
    await put(rig, { serial: 0, state: 'done', octets: octets('poisoned') }, 2)
    expect(await rig.entries()).toEqual(['0 done 3 2'])
  },

  'never changes what is final': async (rig, expect) => {
    const states: EntryState[] = ['started', 'done', 'unknown', 'checkpoint']
    await rig.make()
    for (const [serial, state] of states.entries())
      await put(rig, { serial, state, ...(serial > 0 && { octets: octets(state) }) })
    const before = await rig.read()
    for (const serial of [1, 2, 3]) {
      for (const state of states)
        expect(await put(rig, { serial, state })).toBe(`exists at 1, entry ${serial}`)
    }
    expect(await put(rig, { serial: 0, state: 'checkpoint' })).toBe('exists at 1, entry 0')
    expect(await rig.read()).toEqual(before)
  },

  'holds a call to the request it was made for': async (rig, expect) => {
    await rig.make()
    await put(rig, { serial: 1, state: 'started', hash: octets('a') })
    await put(rig, { serial: 2, state: 'done', hash: octets('a') })
    for (const hash of [octets('b'), octets(''), octets('aa')]) {
      for (const state of ['started', 'done', 'unknown'] as const) {
        expect(await put(rig, { serial: 1, state, hash })).toBe('conflict at 1, entry 1')
        expect(await put(rig, { serial: 2, state, hash })).toBe('conflict at 1, entry 2')
      }
    }
    expect(await put(rig, { serial: 1, state: 'unknown', hash: octets('a') })).toBe('done')
  },

  'forgets below a serial, for good': async (rig, expect) => {
    await rig.make(
      session,
      [0, 1, 2, 3, 4].map((serial): EntryWrite => ({ serial, state: 'done', octets: octets('xyz') })),
    )
    await rig.write({ name: session, epoch: 1, forget: 3 })
    await rig.write({ name: session, epoch: 1, forget: 1 })
    const ledger = await rig.read()
    expect([ledger?.forgotten, ledger?.usage]).toEqual([3, { entries: 2, octets: 6 }])
    expect(await rig.entries()).toEqual(['3 done 0 1', '4 done 0 1'])
    expect(await put(rig, { serial: 2, state: 'started' })).toBe('forgotten at 1, entry 2')
    await rig.write({ name: session, epoch: 1, forget: 9, entries: [{ serial: 8, state: 'done' }] })
    expect(await rig.entries()).toEqual([])
    expect((await rig.read())?.forgotten).toBe(9)
  },

  'writes one entry of a change only with all of them': async (rig, expect) => {
    await rig.make(session, [{ serial: 5, state: 'done' }])
    const change = {
      name: session,
      epoch: 1,
      head: octets('new'),
      forget: 4,
      entries: [
        { serial: 4, state: 'started' },
        { serial: 5, state: 'started' },
      ] as const,
    }
    expect(await outcomeOf(rig.write(change))).toBe('exists at 1, entry 5')
    const ledger = await rig.read()
    expect([ledger?.head, ledger?.forgotten, ledger?.entries.length]).toEqual([octets(''), 0, 1])
  },

  'reads the entries that are asked for, in the order of their serials': async (rig, expect) => {
    const serials = [300, 2, 2 ** 40, 0, 65_536, 255, 256, Number.MAX_SAFE_INTEGER]
    await rig.make(
      session,
      serials.map((serial): EntryWrite => ({ serial, state: 'done' })),
    )
    const read = async (entries: Parameters<typeof serialsOf>[2]): Promise<number[]> =>
      serialsOf(rig, session, entries)
    expect(await read({ from: 0, limit: 1024 })).toEqual(serials.toSorted((a, b) => a - b))
    expect(await read({ from: 256, limit: 3 })).toEqual([256, 300, 65_536])
    expect(await read({ last: 2 })).toEqual([2 ** 40, Number.MAX_SAFE_INTEGER])
    expect(await read({ serials: [300, 1, 0, 300] })).toEqual([0, 300])
    expect(await read({ serials: [] })).toEqual([])
    expect(await read(undefined)).toEqual([])
    expect((await rig.read(session, {}))?.usage).toBe(undefined)
  },

  'gives back the last checkpoint of an activity': async (rig, expect) => {
    const activity: LedgerName = { kind: 'activity', id: 'hash of its id' }
    await rig.make(activity)
    for (const [position, state] of ['one', 'two', 'three'].entries())
      await rig.write({
        name: activity,
        epoch: 1,
        forget: position,
        entries: [{ serial: position, state: 'checkpoint', octets: octets(state) }],
      })
    const ledger = await rig.read(activity, { entries: { last: 1 }, usage: true })
    expect(ledger?.entries.map(({ serial, octets }) => [serial, octets])).toEqual([[2, octets('three')]])
    expect(ledger?.usage).toEqual({ entries: 1, octets: 5 })
    await rig.write({ name: activity, epoch: 1, end: true })
    expect(await rig.entries({ entries: { last: 1 } }, activity)).toEqual([])
  },

  'keeps ledgers apart, whatever they are called': async (rig, expect) => {
    const ids = [
      'a',
      'a:',
      'A',
      '',
      ':',
      'a\0',
      '\0',
      '\0\0',
      'ä',
      'a\u0308',
      '😀',
      '__proto__',
      'constructor',
    ]
    const long = 'x'.repeat(511)
    const names = [...ids, 'toString', 'hasOwnProperty', '%00', "'; drop table", `${long}y`, `${long}z`, long]
    const ledgers = (['session', 'key', 'activity'] as const).flatMap((kind) =>
      names.map((id): LedgerName => ({ kind, id })),
    )
    for (const [number, name] of ledgers.entries())
      await rig.make(name, [{ serial: number, state: 'done', octets: octets(name.kind) }])
    for (const [number, name] of ledgers.entries()) {
      expect(await serialsOf(rig, name, { last: 1024 })).toEqual([number])
      expect((await rig.read(name))?.entries[0]?.octets).toEqual(octets(name.kind))
    }
    const swept = await rig.store.sweep(retention.removes, 1000)
    expect(swept.map(({ name }) => `${name.kind} ${name.id}`).toSorted()).toEqual(
      ledgers.map(({ kind, id }) => `${kind} ${id}`).toSorted(),
    )
    expect(await rig.store.read({ kind: 'key', id: '__proto__' }, {}, now)).toBe(undefined)
  },

  'keeps octets as they are, and hands out its own': async (rig, expect) => {
    const all = Uint8Array.from({ length: 256 }, (_, octet) => octet)
    const [head, hash] = [all.subarray(3, 200), all.subarray(100, 164)]
    await rig.write({
      name: session,
      epoch: 0,
      take: true,
      retention,
      head,
      entries: [{ serial: 0, state: 'done', hash, octets: all }],
    })
    const first = await rig.read()
    const found = [first?.head, first?.entries[0]?.hash, first?.entries[0]?.octets]
    expect(found).toEqual([head, hash, all])
    expect(found.every((octets) => octets?.constructor === Uint8Array)).toBe(true)
    for (const octets of found) octets?.fill(9)
    const second = await rig.read()
    expect([second?.head, second?.entries[0]?.hash, second?.entries[0]?.octets]).toEqual([head, hash, all])
  },
}

/** Writes one entry under an epoch, and says what became of it. */
function put(rig: StoreRig, entry: EntryWrite, epoch = 1): Promise<string> {
  return outcomeOf(rig.write({ name: session, epoch, entries: [entry] }))
}

async function serialsOf(
  rig: StoreRig,
  name: LedgerName,
  entries: NonNullable<Parameters<StoreRig['read']>[1]>['entries'],
): Promise<number[]> {
  const ledger = await rig.read(name, entries === undefined ? {} : { entries })
  return (ledger?.entries ?? []).map(({ serial }) => serial)
}
