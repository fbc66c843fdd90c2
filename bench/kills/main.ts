// Kills real servers and clients, and holds what the clients were told against what happened: `npm run kills
// -- --count 100 --seed 1`. Half of the worlds have one node with a file (LMDB), half two nodes with one
// PostgreSQL, which is started here. Exit code 0: nothing lost, nothing doubled, nothing said that is not so.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { seeded } from '@parley/core/testing'
import { PrivatePostgres } from '../../scripts/postgres.ts'
import { bundle, type Programs } from '../harness/bundle.ts'
import { check } from './check.ts'
import { killNow } from './killer.ts'
import { Report } from './report.ts'
import { endAll } from './slot.ts'
import { World } from './world.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    keys: { type: 'boolean', default: false },
  },
})
/** The programs of the harness. */
const sources = {
  node: new URL('node.ts', import.meta.url),
  client: new URL('client.ts', import.meta.url),
}
const [count, seed] = [Number(values.count), Number(values.seed)]
/** Kills in one world: what it has to keep is bounded then, and so is what has to be looked through. */
const killsEach = 25
/** Worlds at once. */
const atOnce = 2

console.log(`${count} kills, seed ${seed}`)
const report = new Report(count)
const folder = mkdtempSync(join(tmpdir(), 'parley-kills-'))
let postgres: PrivatePostgres | undefined
let isInterrupted = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    isInterrupted = true
    void leave().finally(() => process.exit(130))
  })
}
try {
  postgres = await PrivatePostgres.start()
  await killAll(await bundle(folder, sources), postgres.url())
} catch (thrown) {
  // What ends because it was interrupted is nobody's fault.
  if (!isInterrupted) report.failed(thrown)
} finally {
  await leave()
}
report.print(values.keys)
process.exitCode = report.isGood ? 0 : 1

/** One world after the other, some at once. */
async function killAll(programs: Programs<keyof typeof sources>, url: string): Promise<void> {
  const worlds = Math.max(2, Math.ceil(count / killsEach))
  const upTo = (world: number): number => Math.floor((count * world) / worlds)
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < worlds) {
      const number = next++
      const parts = { programs, folder: join(folder, `${number}`), name: `world_${number}` }
      const world = await World.begin({ ...parts, postgres: number % 2 === 0 ? undefined : url })
      await Promise.race([world.trouble, live(world, upTo(number + 1) - upTo(number), seed + number)])
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}

async function live(world: World, kills: number, seed: number): Promise<void> {
  await killNow(world, kills, seeded(seed), (way) => report.killed(way))
  report.add(check(await world.end()), world.name)
  await world.remove()
}

/** Leaves no process and no file behind. */
async function leave(): Promise<void> {
  endAll()
  await postgres?.remove()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
