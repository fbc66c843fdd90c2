// The store contract against a model: seeded random operations, and after each the same answer from the store
// and from a model too simple to be wrong, which shares no code with any store.
import type { EntryState, EntryWrite, LedgerChange, LedgerName } from '../../../ports/checkpoint-store.ts'
import { seeded, type SeededRandom } from '../../random.ts'
import { everything, outcomeOf, type StoreRig, type StoreTests } from './rig.ts'

const seeds = [1, 2, 3, 4]
const steps = 150

export const model: StoreTests = Object.fromEntries(
  seeds.map((seed) => [
    `answers as the model does, seed ${seed}`,
    async (rig, expect) => {
      const random = seeded(seed)
      const model = new Model()
      let now = 0
      for (let step = 0; step < steps; step++) {
        now += random.below(12)
        const changes = randomChanges(random, model, now)
        const expected = model.write(changes, now)
        expect([step, await outcomeOf(rig.store.write(changes, now))]).toEqual([step, expected])
        if (random.chance(0.1)) {
          const swept = await rig.store.sweep(now, 1000)
          expect(swept.every(({ name }) => model.isPast(name, now))).toBe(true)
        }
        if (random.chance(0.05) && rig.store.capabilities.durable) await rig.reopen()
        expect([step, await see(rig, random, model, now)]).toEqual([step, 'the same'])
      }
    },
  ]),
)

const names: readonly LedgerName[] = (['session', 'key', 'activity'] as const).flatMap((kind) => [
  { kind, id: 'a' },
  { kind, id: '__proto__' },
])
const states: readonly EntryState[] = ['started', 'done', 'unknown', 'checkpoint']

/** Compares one ledger, and says where they differ. */
async function see(rig: StoreRig, random: SeededRandom, model: Model, now: number): Promise<string> {
  const name = random.pick(names)
  const ledger = await rig.store.read(name, everything, now)
  const seen = ledger && {
    epoch: ledger.epoch,
    gone: ledger.gone,
    head: [...ledger.head],
    forgotten: ledger.forgotten,
    entries: ledger.entries.map(({ serial, state, hash, attempt, epoch, octets }) => {
      return { serial, state, hash: [...hash], attempt, epoch, octets: [...octets] }
    }),
    counted: ledger.usage?.entries,
  }
  const [found, expected] = [JSON.stringify(seen), JSON.stringify(model.read(name, now))]
  return found === expected ? 'the same' : `${name.kind} ${name.id}: ${found}, not ${expected}`
}

/** One or two changes, mostly with the epoch that is in force. */
function randomChanges(random: SeededRandom, model: Model, now: number): LedgerChange[] {
  const first = random.pick(names)
  const others = names.filter((name) => name !== first)
  return (random.chance(0.2) ? [first, random.pick(others)] : [first]).map((name) => {
    const inForce = model.read(name, now)?.epoch ?? 0
    const epoch = random.chance(0.85) ? inForce : Math.max(0, inForce + random.below(3) - 1)
    const expires = now + random.below(120)
    return {
      name,
      epoch,
      ...((epoch === 0 || random.chance(0.1)) && { take: true }),
      ...((epoch === 0 || random.chance(0.1)) && {
        retention: { expires, removes: expires + random.below(60) },
      }),
      ...(random.chance(0.3) && { head: random.bytes(random.below(5)) }),
      ...(random.chance(0.1) && { forget: random.below(8) }),
      ...(random.chance(0.03) && { end: true }),
      entries: randomEntries(random),
    }
  })
}

function randomEntries(random: SeededRandom): EntryWrite[] {
  const serials = [0, 1, 2, 3, 4, 5, 6, 7].filter(() => random.chance(0.2))
  return serials.map((serial) => {
    const state = random.pick(states)
    const hash = Uint8Array.of(random.below(10) === 0 ? 1 : 0)
    if (state === 'started') return { serial, state, hash, attempt: 1 + random.below(3) }
    return { serial, state, hash, octets: random.bytes(random.below(4)) }
  })
}

interface ModelEntry {
  serial: number
  state: EntryState
  hash: number[]
  attempt: number
  epoch: number
  octets: number[]
}

interface ModelLedger {
  epoch: number
  ended: boolean
  head: number[]
  forgotten: number
  expires: number
  removes: number
  entries: ModelEntry[]
}

/** What can be seen of a ledger. */
interface ModelView {
  epoch: number
  gone: boolean
  head: number[]
  forgotten: number
  entries: ModelEntry[]
  counted: number
}

/** All ledgers in one list. Nothing is ever swept: what is past is past by its times alone. */
class Model {
  #ledgers: { name: LedgerName; ledger: ModelLedger }[] = []

  /** What `outcomeOf` says of the write. */
  write(changes: readonly LedgerChange[], now: number): string {
    const before = this.#ledgers.map(({ name, ledger }) => ({ name, ledger: copyOf(ledger) }))
    for (const change of changes) {
      const refusal = this.#change(change, now)
      if (refusal === undefined) continue
      this.#ledgers = before
      return refusal
    }
    return 'done'
  }

  read(name: LedgerName, now: number): ModelView | undefined {
    const ledger = this.#find(name, now)
    if (ledger === undefined) return undefined
    const gone = ledger.ended || now >= ledger.expires
    const entries = gone ? [] : ledger.entries.toSorted((a, b) => a.serial - b.serial)
    const { epoch, head, forgotten } = ledger
    return { epoch, gone, head: gone ? [] : head, forgotten, entries, counted: entries.length }
  }

  /** True for a ledger that a sweep may touch. */
  isPast(name: LedgerName, now: number): boolean {
    const ledger = this.#find(name, now)
    return ledger === undefined || ledger.ended || now >= ledger.expires
  }

  #find(name: LedgerName, now: number): ModelLedger | undefined {
    const found = this.#ledgers.find(({ name: { kind, id } }) => kind === name.kind && id === name.id)?.ledger
    return found === undefined || now >= found.removes ? undefined : found
  }

  #change(change: LedgerChange, now: number): string | undefined {
    let ledger = this.#find(change.name, now)
    const inForce = ledger?.epoch ?? 0
    if (change.epoch !== inForce) return `fenced at ${inForce}`
    if (ledger !== undefined && (ledger.ended || now >= ledger.expires)) return `gone at ${inForce}`
    if (ledger === undefined) {
      ledger = { epoch: 0, ended: false, head: [], forgotten: 0, expires: 0, removes: 0, entries: [] }
      const { kind, id } = change.name
      this.#ledgers = this.#ledgers.filter(({ name }) => name.kind !== kind || name.id !== id)
      this.#ledgers.push({ name: change.name, ledger })
    }
    if (change.take === true) ledger.epoch++
    for (const entry of change.entries ?? []) {
      const refusal = put(ledger, entry)
      if (refusal !== undefined) return `${refusal} at ${inForce}, entry ${entry.serial}`
    }
    ledger.forgotten = Math.max(ledger.forgotten, change.forget ?? 0)
    const { forgotten } = ledger
    ledger.entries = ledger.entries.filter(({ serial }) => serial >= forgotten)
    if (change.head !== undefined) ledger.head = [...change.head]
    if (change.retention !== undefined) Object.assign(ledger, change.retention)
    if (change.end === true) Object.assign(ledger, { ended: true, entries: [], head: [] })
    return undefined
  }
}

function copyOf(ledger: ModelLedger): ModelLedger {
  return { ...ledger, entries: ledger.entries.map((entry) => ({ ...entry })) }
}

function put(ledger: ModelLedger, write: EntryWrite): string | undefined {
  const { serial, state } = write
  if (serial < ledger.forgotten) return 'forgotten'
  const hash = [...(write.hash ?? [])]
  const attempt = state === 'started' ? (write.attempt ?? 1) : 0
  const entry = { serial, state, hash, attempt, epoch: ledger.epoch, octets: [...(write.octets ?? [])] }
  const old = ledger.entries.find((other) => other.serial === serial)
  if (old === undefined) {
    ledger.entries.push(entry)
    return undefined
  }
  if (old.hash.join() !== hash.join()) return 'conflict'
  if (old.state !== 'started' || state === 'checkpoint') return 'exists'
  if (state === 'started' && attempt <= old.attempt) return 'exists'
  Object.assign(old, entry, { attempt: Math.max(old.attempt, attempt) })
  return undefined
}
