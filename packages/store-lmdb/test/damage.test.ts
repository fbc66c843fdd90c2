// Damaged files: whatever octets are changed, cut off or put elsewhere, the store refuses to open and says
// where, or it answers as it would have. Never something else.
import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { type CheckpointStore, type LedgerName, StoreFailure } from '@parley/core'
import { seeded } from '@parley/core/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { lmdbStore } from '../src/index.ts'
import { freshPath } from './folder.ts'

const names = Array.from({ length: 120 }, (_, id): LedgerName => {
  return { kind: (['session', 'key', 'activity'] as const)[id % 3] ?? 'key', id: `ledger ${id}` }
})
const pristine = freshPath()
let answers = ''

/** Ledgers with results short and long, written in many transactions, some of them forgotten and swept. */
async function fill(store: CheckpointStore): Promise<void> {
  const random = seeded(7)
  for (const [id, name] of names.entries()) {
    const retention = { expires: id % 10 === 0 ? 5 : 1000, removes: id % 20 === 0 ? 6 : 2000 }
    await store.write([{ name, epoch: 0, take: true, retention, head: random.bytes(random.below(300)) }], 0)
  }
  for (let round = 0; round < 30; round++) {
    const writes = Array.from({ length: 8 }, async (_, at) => {
      const name = names[(round * 8 + at) % names.length] as LedgerName
      const long = random.chance(0.15)
      const octets = random.bytes(random.below(long ? 20_000 : 200))
      await store.write([{ name, epoch: 1, entries: [{ serial: round, state: 'done', octets }] }], 0)
    })
    await Promise.all(writes)
  }
  for (const name of names.slice(0, 40)) await store.write([{ name, epoch: 1, forget: 10 }], 0)
  await store.sweep(6, 1000)
}

async function answersOf(store: CheckpointStore): Promise<string> {
  const query = { entries: { from: 0, limit: 1024 }, usage: true }
  const ledgers = await Promise.all(names.map((name) => store.read(name, query, 0)))
  return JSON.stringify(ledgers, (_, value: unknown) => (value instanceof Uint8Array ? [...value] : value))
}

/** Opens a damaged file: what it was refused for, or `as before`, or `OTHER ANSWERS`. */
async function tryOpen(path: string, expected = answers): Promise<string> {
  let store
  try {
    store = await lmdbStore({ path })
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error
    expect(error.outcome).toBe('not-written')
    return `${error.code}: ${error.message}`
  }
  try {
    return (await answersOf(store)) === expected ? 'as before' : 'OTHER ANSWERS'
  } finally {
    await store.close()
  }
}

/** Damages a copy of the file by these octets. */
async function outcomeWith(damage: (octets: Buffer) => void): Promise<string> {
  const path = freshPath()
  const octets = readFileSync(pristine)
  damage(octets)
  writeFileSync(path, octets)
  return tryOpen(path)
}

beforeAll(async () => {
  const store = await lmdbStore({ path: pristine })
  await fill(store)
  answers = await answersOf(store)
  await store.close()
})

describe('a damaged file', () => {
  it('is opened when it is not damaged', async () => {
    const path = freshPath()
    copyFileSync(pristine, path)
    expect(await tryOpen(path)).toBe('as before')
    expect(statSync(path).size).toBeGreaterThan(50 * 4096)
  })

  it('gives no other answer for any bit that is flipped', async () => {
    const random = seeded(11)
    const outcomes = new Map<string, number>()
    for (let flip = 0; flip < 150; flip++) {
      const outcome = await outcomeWith((octets) => {
        // One in four in the two pages at the front, where little is at stake and much depends on it.
        const at = random.chance(0.25)
          ? random.pick([0, 4096]) + random.below(160)
          : random.below(octets.length)
        octets[at] = (octets[at] ?? 0) ^ (1 << random.below(8))
      })
      const kind = outcome.split(':')[0] ?? ''
      outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1)
    }
    expect(
      [...outcomes.keys()].filter((kind) => !['as before', 'corrupt', 'version'].includes(kind)),
    ).toEqual([])
    expect(outcomes.get('corrupt')).toBeGreaterThan(40)
  })

  it('gives no other answer when a page is lost, or stands in the place of another', async () => {
    const random = seeded(13)
    const outcomes = new Set<string>()
    for (let round = 0; round < 60; round++) {
      const outcome = await outcomeWith((octets) => {
        const pages = octets.length / 4096
        const [from, to] = [random.below(pages), random.below(pages)]
        if (random.chance(0.5)) octets.fill(0, to * 4096, (to + 1) * 4096)
        else octets.copy(octets, to * 4096, from * 4096, (from + 1) * 4096)
      })
      outcomes.add(outcome.split(':')[0] ?? '')
    }
    expect([...outcomes].toSorted()).toEqual(['as before', 'corrupt'])
  })

  it('gives no other answer when its end is cut off', async () => {
    const { size } = statSync(pristine)
    const outcomes = new Set<string>()
    for (const length of [1, 100, 4095, 4096, 5000, 8191, 8192, size / 2, size - 4096, size - 1].map(
      Math.floor,
    )) {
      const path = freshPath()
      copyFileSync(pristine, path)
      truncateSync(path, length)
      outcomes.add((await tryOpen(path)).replace(/.*a store: /, '').replace(/\d+/g, 'N'))
    }
    for (const outcome of outcomes) expect(outcome).toMatch(/the file ends here|this is no meta page/)
  })

  it('gives no other answer when the disk has lost its last write of a page', async () => {
    const path = freshPath()
    copyFileSync(pristine, path)
    const versions: Buffer[] = []
    let expected = ''
    // The same records with other octets, so that nothing but the octets tells the versions apart.
    for (let version = 0; version < 4; version++) {
      const store = await lmdbStore({ path })
      for (const name of names.slice(0, 60)) {
        const head = new Uint8Array(300).fill(version)
        await store.write([{ name, epoch: 1, head }], 0).catch(() => {})
      }
      expected = await answersOf(store)
      await store.close()
      versions.push(readFileSync(path))
    }
    const [now, ...before] = versions.toReversed()
    const outcomes: string[] = []
    for (const old of before) {
      for (let at = 8192; at + 4096 <= old.length; at += 4096) {
        const page = old.subarray(at, at + 4096)
        if (now === undefined || now.subarray(at, at + 4096).equals(page)) continue
        const octets = Buffer.from(now)
        page.copy(octets, at)
        writeFileSync(path, octets)
        outcomes.push((await tryOpen(path, expected)).split(':')[0] ?? '')
      }
    }
    expect([...new Set(outcomes)].toSorted()).toEqual(['as before', 'corrupt'])
    expect(outcomes.filter((outcome) => outcome === 'corrupt').length).toBeGreaterThan(10)
  })

  it('says where the damage is', async () => {
    const outcome = await outcomeWith((octets) => {
      for (let at = 0; (at = octets.indexOf('ledger 77', at)) >= 0;) octets.write('L', at)
    })
    expect(outcome).toMatch(/^corrupt: .*store-\d+\.mdb cannot be used as a store: .*octet \d+\)$/)
  })

  it('is told from a file that is none of ours', async () => {
    const path = freshPath()
    writeFileSync(path, 'This is a letter to my aunt. '.repeat(1000))
    expect(await tryOpen(path)).toMatch(/^corrupt: .*no LMDB file/)
    writeFileSync(path, '')
    await (await lmdbStore({ path })).close()
  })
})
