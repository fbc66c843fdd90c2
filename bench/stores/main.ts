// How many durable calls a second each store takes, here and now: `npm run bench:stores`. A call is what
// `rpc` will do for one: a durable `started`, then a durable `done` with its result, with the confirmed ones
// forgotten now and then. Beside it, what the disk does. Only prints.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type CheckpointStore, type LedgerName, memoryStore } from '@parley/core'
import { lmdbStore } from '@parley/store-lmdb'
import { postgresStore } from '@parley/store-postgres'
import { PrivatePostgres } from '../../scripts/postgres.ts'
import { flushesPerSecond } from '../harness/flushes.ts'
import { median } from '../src/statistics.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    calls: { type: 'string', default: '1024' },
    result: { type: 'string', default: '100' },
  },
})
const [rounds, seconds, calls, result] = [values.rounds, values.seconds, values.calls, values.result].map(
  Number,
) as [number, number, number, number]
/** Each call in progress belongs to one of these. */
const sessions = 64
const hash = new Uint8Array(32).fill(7)
const octets = new Uint8Array(result).fill(1)
const retention = { expires: 1e15, removes: 1e15 }

interface Contender {
  readonly name: string
  /** What the store is meant to reach. */
  readonly aim?: number
  readonly store: CheckpointStore
}

const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'))
const postgres = await PrivatePostgres.start()
try {
  const contenders: Contender[] = [
    { name: 'memory', store: memoryStore() },
    { name: 'LMDB', aim: 10_000, store: await lmdbStore({ path: join(folder, 'store.mdb') }) },
    {
      name: `PostgreSQL ${postgres.version}`,
      aim: 2500,
      store: await postgresStore({ connection: postgres.url() }),
    },
  ]
  const rates = new Map(contenders.map(({ name }): [string, number[]] => [name, []]))
  const flushes: number[] = []
  for (let round = 0; round < rounds; round++) {
    // A call needs two.
    flushes.push(flushesPerSecond(folder, octets))
    for (const { name, store } of contenders) rates.get(name)?.push(await callsPerSecond(store, `r${round}`))
  }
  console.log(
    `${calls} calls in progress, results of ${result} octets, medians of ${rounds} rounds of ${seconds} s`,
  )
  console.log(`  the disk alone: ${whole(median(flushes))} flushes/s`)
  for (const { name, aim } of contenders) {
    const own = rates.get(name) ?? []
    const range = `${whole(Math.min(...own))} to ${whole(Math.max(...own))}`
    const verdict =
      aim === undefined ? '' : `, aim ${whole(aim)}: ${(median(own) ?? 0) >= aim ? 'met' : 'missed'}`
    console.log(`  ${name}: ${whole(median(own))} calls/s (${range})${verdict}`)
  }
  for (const { store } of contenders) await store.close()
} finally {
  await postgres.remove()
  rmSync(folder, { recursive: true, force: true })
}

/** Keeps `calls` in progress on one store for a while, after a short start that does not count. */
async function callsPerSecond(store: CheckpointStore, round: string): Promise<number> {
  const names = Array.from({ length: sessions }, (_, id): LedgerName => ({
    kind: 'session',
    id: `${round} ${id}`,
  }))
  await store.write(
    names.map((name) => ({ name, epoch: 0, take: true, retention })),
    0,
  )
  let done = 0
  let over = false
  const next = names.map(() => 0)
  const caller = async (number: number): Promise<void> => {
    const at = number % sessions
    const name = names[at]
    if (name === undefined) return
    while (!over) {
      const serial = next[at] ?? 0
      next[at] = serial + 1
      await store.write([{ name, epoch: 1, entries: [{ serial, state: 'started', hash }] }], 0)
      // Every eighth call brings the client's confirmation of those before it.
      const forget = serial % 8 === 0 ? { forget: Math.max(0, serial - 2 * calls) } : {}
      await store.write(
        [{ name, epoch: 1, entries: [{ serial, state: 'done', hash, octets }], ...forget }],
        0,
      )
      // A store in memory answers before any timer would have its turn.
      if (++done % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const callers = Array.from({ length: calls }, (_, number) => caller(number))
  await pause(500)
  const [before, from] = [done, performance.now()]
  await pause(seconds * 1000)
  const rate = ((done - before) * 1000) / (performance.now() - from)
  over = true
  await Promise.all(callers)
  await store.write(
    names.map((name) => ({ name, epoch: 1, end: true })),
    0,
  )
  return rate
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

function whole(number: number | undefined): string {
  return Math.round(number ?? 0).toLocaleString('en')
}
