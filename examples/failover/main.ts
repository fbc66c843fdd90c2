// Calls that go on while the nodes that answer them are killed: `main.ts [--calls 1000] [--kills 20]
// [--postgres URL]`. With a URL of a PostgreSQL two nodes share it, and one takes over from the other;
// without, one node keeps its records in a file of its own (LMDB) and takes over from itself. Exit code 0:
// nothing was lost, nothing doubled.
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
    kills: { type: 'string', default: '20' },
    postgres: { type: 'string' },
  },
})
const most = { calls: Number(values.calls), kills: Number(values.kills) }
/** Calls that are under way at any time. */
const atOnce = 16

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
  await callAll(client, told, keys)
  ended = true
  await killing
  const { calls, done, lost, doubled, unknown, failed } = tally(told, journal)
  console.log(
    `calls ${calls}, kills ${cluster.kills}, done ${done}, lost ${lost.length}, doubled ${doubled.length}`,
  )
  console.log(`unknown ${unknown.length}`)
  for (const name of unknown) {
    const key = keys.get(name) ?? ''
    const { state } = await client.outcome(Till, 'sell', key)
    console.log(`  ${name}, key ${key}: asked later, it is ${state}`)
  }
  if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`)
  process.exitCode = lost.length + doubled.length + failed.length === 0 ? 0 : 1
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
      if (n % 100 === 0 && process.stdout.isTTY) process.stdout.write(`\r${n} calls, ${cluster.kills} kills `)
      const key = `o-${n}`
      if (n % 3 === 0) await tell(`sale ${n}`, till.sell(n))
      else if (n % 3 === 1) await tell(`order ${n} key ${key}`, withOptions(till, { key }).order(n))
      else await tell(`price ${n}`, till.price(n))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

/** Kills one node after the other, as long as there are calls. */
async function killNow(isOver: () => boolean): Promise<void> {
  while (!isOver() && cluster.kills < most.kills) {
    await sleep(50 + Math.random() * 200)
    if (!isOver()) await cluster.restart(cluster.kills % cluster.ports.length)
  }
}
