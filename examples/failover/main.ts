// Calls and activities that go on while the nodes that answer them are killed: `main.ts [--calls 1000]
// [--activities 20] [--kills 20] [--postgres URL]`. With a URL of a PostgreSQL two nodes share it, and one
// takes over from the other; without, one node keeps its records in a file of its own (LMDB) and takes over
// from itself. Exit code 0: nothing was lost, nothing doubled.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { anyOf } from '@parley/core'
import { connect, isRpcError, withOptions, type Client } from '@parley/rpc'
import { tcp } from '@parley/transport-tcp'
import { Cluster } from './cluster.ts'
import { Till } from './contract.ts'
import { tally, type Told } from './tally.ts'

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '1000' },
    activities: { type: 'string', default: '20' },
    kills: { type: 'string', default: '20' },
    postgres: { type: 'string' },
  },
})
const most = {
  calls: Number(values.calls),
  activities: Number(values.activities),
  kills: Number(values.kills),
}
/** Steps of each activity. */
const shelves = 100
/** Calls that are under way at any time. */
const atOnce = 16
const progress = { steps: 0 }

const folder = await mkdtemp(join(tmpdir(), 'parley-failover-'))
const journal = join(folder, 'journal.txt')
await writeFile(journal, '')
const store =
  values.postgres === undefined ? ['--lmdb', join(folder, 'till.mdb')] : ['--postgres', values.postgres]
const cluster = new Cluster(values.postgres === undefined ? 1 : 2, ['--journal', journal, ...store])
try {
  await cluster.start()
  const [first, ...others] = cluster.ports.map((port) => tcp({ host: '127.0.0.1', port }))
  if (first === undefined) throw new Error('there is no node')
  await using client = await connect(anyOf(first, ...others))
  const told = new Map<string, Told>()
  const keys = new Map<string, string>()
  let ended = false
  const killing = killNow(() => ended)
  const [counts] = await Promise.all([countAll(client), callAll(client, told, keys)])
  ended = true
  await killing
  if (process.stdout.isTTY) process.stdout.write('\n')
  const { calls, done, lost, doubled, unknown, failed } = tally(told, journal)
  console.log(
    `calls ${calls}, kills ${cluster.kills}, done ${done}, lost ${lost.length}, doubled ${doubled.length}`,
  )
  console.log(
    `activities ${most.activities}, done ${counts.done}, lost ${counts.lost}, doubled ${counts.doubled}`,
  )
  console.log(`unknown ${unknown.length}`)
  for (const name of unknown) {
    const key = keys.get(name) ?? ''
    const { state } = await client.outcome(Till, 'sell', key)
    console.log(`  ${name}, key ${key}: asked later, it is ${state}`)
  }
  if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`)
  const wrong = lost.length + doubled.length + failed.length + counts.lost + counts.doubled
  process.exitCode = wrong === 0 && counts.done === most.activities ? 0 : 1
} finally {
  await cluster.stop()
  await rm(folder, { recursive: true })
}

/**
 * Makes the calls, some at once, each settling with what is known of it; those that are unknown with the keys
 * that the errors carry.
 */
async function callAll(client: Client, told: Map<string, Told>, keys: Map<string, string>): Promise<void> {
  const till = client.stub(Till)
  const tell = async (name: string, call: Promise<number>): Promise<void> => {
    try {
      await call
      told.set(name, 'done')
    } catch (thrown) {
      if (!isRpcError(thrown)) throw thrown
      told.set(name, thrown.code === 'UNKNOWN_OUTCOME' ? 'unknown' : 'failed')
      const { key } = (thrown.details ?? {}) as { key?: string }
      if (key !== undefined) keys.set(name, key)
    }
  }
  let next = 0
  const worker = async (): Promise<void> => {
    // Goes on until all kills are done, too.
    while (next < most.calls || cluster.kills < most.kills) {
      const n = next++
      if (n % 20 === 0) show(n)
      const key = `o-${n}`
      if (n % 3 === 0) await tell(`sale ${n}`, till.sell(n))
      else if (n % 3 === 1) await tell(`order ${n} key ${key}`, withOptions(till, { key }).order(n))
      else await tell(`price ${n}`, till.price(n))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

/** How far all is, on a terminal. */
function show(calls: number): void {
  const steps = `${progress.steps} of ${most.activities * shelves} steps`
  const line = `\r${calls} calls, ${steps} of ${most.activities} activities, ${cluster.kills} kills `
  if (process.stdout.isTTY) process.stdout.write(line)
}

/** Runs the activities, all at once, and checks each step of each: every one comes once and in its place. */
async function countAll(client: Client): Promise<{ done: number; lost: number; doubled: number }> {
  const till = client.stub(Till)
  const counts = { done: 0, lost: 0, doubled: 0 }
  const count = async (stock: number): Promise<void> => {
    let shelf = 0
    let sum = 0
    const total = await till.count(stock, shelves).run((seen) => {
      progress.steps += 1
      if (seen === sum && shelf > 1) counts.doubled += 1
      sum += stock * shelf
      shelf += 1
      if (seen !== sum) counts.lost += 1
    })
    if (total === sum && shelf === shelves) counts.done += 1
  }
  await Promise.all(Array.from({ length: most.activities }, (_, n) => count(n + 1)))
  return counts
}

/** Kills one node after the other, as long as there are calls. */
async function killNow(isOver: () => boolean): Promise<void> {
  while (!isOver() && cluster.kills < most.kills) {
    await sleep(50 + Math.random() * 200)
    if (!isOver()) await cluster.restart(cluster.kills % cluster.ports.length)
  }
}
