// The simulated database: the contract, its faults, and what a crash leaves.
import { describe, expect, it } from 'vitest'
import type { CheckpointStore, LedgerChange } from '../../src/index.ts'
import {
  describeStore,
  seeded,
  SimulatedDatabase,
  type SimulatedDatabaseOptions,
  type SimulatedTransaction,
  type StoreFault,
  turns,
  VirtualClock,
} from '../../src/testing/index.ts'

/** A clock that is always ahead: what is due happens in the next turn. */
class HastyClock extends VirtualClock {
  override setTimer(delay: number, callback: () => void): ReturnType<VirtualClock['setTimer']> {
    const timer = super.setTimer(delay, callback)
    void turns().then(() => this.advance(delay))
    return timer
  }
}

describeStore(
  'the simulated database',
  () => {
    const clock = new HastyClock()
    const database = new SimulatedDatabase({ clock, random: seeded(1) })
    const store = database.open()
    let last = store
    return {
      store,
      another: async () => database.open(),
      reopen: async () => {
        last.crash()
        last = database.open()
        return last
      },
      end: () => clock.expectNothingLeft(),
    }
  },
  { describe, it, expect },
)

const name = { kind: 'session', id: 's' } as const
const retention = { expires: 1e6, removes: 1e6 }
const make: LedgerChange = { name, epoch: 0, take: true, retention }
const put = (serial: number, epoch = 1): LedgerChange => {
  return { name, epoch, entries: [{ serial, state: 'done' }] }
}

describe('a simulated database', () => {
  function rig(options: Partial<SimulatedDatabaseOptions> = {}, seed = 1) {
    const clock = new VirtualClock()
    const database = new SimulatedDatabase({ clock, random: seeded(seed), ...options })
    const wait = async <T>(work: Promise<T>): Promise<T | string> => {
      const settled = work.catch((error: unknown) => {
        const { code, outcome } = error as { code: string; outcome?: string }
        return outcome === undefined ? code : `${code} ${outcome}`
      })
      await clock.advanceAsync(10)
      return settled
    }
    const serials = async (store: CheckpointStore) => {
      const read = store.read(name, { entries: { last: 1024 } }, 0)
      await clock.advanceAsync(10)
      return (await read)?.entries.map(({ serial }) => serial)
    }
    return { clock, database, wait, serials }
  }

  it('takes its time', async () => {
    const { clock, database, serials } = rig({ delay: () => 7 })
    const store = database.open()
    let done = false
    void store.write([make], 0).then(() => (done = true))
    await clock.advanceAsync(6)
    expect(done).toBe(false)
    await clock.advanceAsync(1)
    expect(done).toBe(true)
    expect(await serials(store)).toEqual([])
    clock.expectNothingLeft()
  })

  it.each<[StoreFault, string, number[], number[]]>([
    ['refused', 'unavailable not-written', [], []],
    ['lost', 'unavailable unknown', [], []],
    ['done-unseen', 'unavailable unknown', [1], [1]],
    ['done-late', 'unavailable unknown', [], [1]],
  ])('%s: the caller hears %s', async (fault, hears, soon, later) => {
    let next: StoreFault = 'none'
    const { clock, database, wait, serials } = rig({ fault: () => next, lateness: 50 })
    const store = database.open()
    await wait(store.write([make], 0))
    next = fault
    expect(await wait(store.write([put(1)], 0))).toBe(hears)
    expect(await wait(store.read(name, {}, 0))).toBe('unavailable not-written')
    next = 'none'
    expect(await serials(store)).toEqual(soon)
    await clock.advanceAsync(50)
    expect(await serials(store)).toEqual(later)
  })

  it('fences a write that comes late', async () => {
    let next: StoreFault = 'none'
    const { clock, database, wait, serials } = rig({ fault: () => next })
    const store = database.open()
    await wait(store.write([make], 0))
    next = 'done-late'
    await wait(store.write([put(1)], 0))
    next = 'none'
    await wait(store.write([{ name, epoch: 1, take: true }], 0))
    await clock.advanceAsync(1000)
    expect(await serials(store)).toEqual([])
  })

  it('settles nothing of a node that died, and its writes are done or not', async () => {
    const seen = new Set<string>()
    for (let seed = 0; seed < 40; seed++) {
      const { clock, database, wait, serials } = rig({}, seed)
      const [dying, other] = [database.open(), database.open()]
      await wait(dying.write([make], 0))
      let settled = 0
      for (const serial of [1, 2]) void dying.write([put(serial)], 0).finally(() => settled++)
      dying.crash()
      await clock.advanceAsync(1000)
      expect(settled).toBe(0)
      seen.add(String(await serials(other)))
      await expect(dying.write([put(3)], 0)).rejects.toMatchObject({ code: 'closed' })
      clock.expectNothingLeft()
    }
    expect([...seen].toSorted()).toEqual(['', '1', '1,2', '2'])
  })

  it('fails what is in progress when it loses its power, and keeps what it acknowledged', async () => {
    const { database, wait, serials } = rig()
    const store = database.open()
    await wait(store.write([make], 0))
    await wait(store.write([put(1)], 0))
    const inProgress = [wait(store.write([put(2)], 0)), wait(store.read(name, {}, 0))]
    database.crash()
    expect(await Promise.all(inProgress)).toEqual(['unavailable unknown', 'unavailable not-written'])
    expect((await serials(store))?.[0]).toBe(1)
  })

  it.each<[StoreFault, string | undefined, string[]]>([
    ['none', undefined, ['row']],
    ['refused', 'unavailable not-written', []],
    ['lost', 'unavailable unknown', []],
    ['done-unseen', 'unavailable unknown', ['row']],
    ['done-late', 'unavailable unknown', ['row']],
  ])('commits rows together with what is recorded, or neither (%s)', async (fault, hears, rows) => {
    let next: StoreFault = 'none'
    const { clock, database, wait, serials } = rig({ transactional: true, fault: () => next })
    const store = database.open()
    await wait(store.write([make], 0))
    next = fault
    const work = async (transaction: unknown): Promise<LedgerChange[]> => {
      ;(transaction as SimulatedTransaction).insert('row')
      return [put(1)]
    }
    expect(await wait(store.transaction?.(work, 0) ?? Promise.resolve())).toBe(hears)
    next = 'none'
    await clock.advanceAsync(1000)
    expect(database.rows).toEqual(rows)
    expect(await serials(store)).toEqual(rows.map(() => 1))
  })

  it('tells what was written, and nothing else', async () => {
    const written: (readonly LedgerChange[])[] = []
    const { database, wait } = rig({ onWritten: (changes) => void written.push(changes) })
    const store = database.open()
    await wait(store.write([make], 0))
    expect(await wait(store.write([put(1, 7)], 0))).toBe('fenced')
    expect(written).toEqual([[make]])
  })

  it('loses at a crash what it acknowledged too early, and says that it may', async () => {
    const { clock, database, wait, serials } = rig({ syncLag: 500 })
    const store = database.open()
    expect(store.capabilities.durable).toBe(false)
    await wait(store.write([make], 0))
    await clock.advanceAsync(500)
    expect(await wait(store.write([put(1)], 0))).toBe(undefined)
    expect(await serials(store)).toEqual([1])
    database.crash()
    expect(await serials(store)).toEqual([])
    await wait(store.write([put(2)], 0))
    await clock.advanceAsync(500)
    database.crash()
    expect(await serials(store)).toEqual([2])
    clock.expectNothingLeft()
  })
})
