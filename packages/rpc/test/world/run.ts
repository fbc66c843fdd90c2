// The simulation of whole worlds as a command: `--count N` seeds (10,000) from `--seed S` (1), or
// `--endless`, in `--processes P`; `--replays R` (100) of them are run twice, and every bit has to be the
// same. Prints each seed that fails with the command that replays it. With `--words`, one seed and all that
// happened in it. Exit code 1 when anything failed.
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Pool } from './pool.ts'
import { Report } from './report.ts'
import { simulate } from './simulate.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    processes: { type: 'string', default: String(Math.min(availableParallelism(), 8)) },
    replays: { type: 'string', default: '100' },
    endless: { type: 'boolean', default: false },
    words: { type: 'boolean', default: false },
  },
})

/** Seeds that a process is given at once. */
const SLICE = 25
/** Milliseconds between two reports of an endless run. */
const REPORTS = 10_000
/** Failures after which it stops. */
const ENOUGH = 10

const first = wholeNumber('seed', values.seed)
const end = values.endless ? Infinity : first + wholeNumber('count', values.count)
const replays = wholeNumber('replays', values.replays)

if (values.words) await tell(first)
else await runAll()

async function runAll(): Promise<void> {
  const report = new Report()
  const pool = new Pool(wholeNumber('processes', values.processes))
  const finish = (): never => {
    print(`worlds: ${report.rate}; ${report.failures.size} failed`)
    process.exit(report.failures.size === 0 ? 0 : 1)
  }
  process.on('SIGINT', finish)
  print(`worlds: seeds from ${first}${values.endless ? ' without end' : ` to ${end - 1}`}`)
  let told = performance.now()
  await pool.run(slices(report), (summary) => {
    report.add(summary)
    for (const [seed, failure] of summary.failures) printFailure(seed, failure)
    if (performance.now() - told < REPORTS) return
    told = performance.now()
    print(`worlds: ${report.rate}`)
    if (values.endless) for (const line of report.lines) print(line)
  })
  for (const line of report.lines) print(line)
  await replay(pool, report)
  pool.close()
  finish()
}

function* slices(report: Report): Generator<number[]> {
  for (let seed = first; seed < end && report.failures.size < ENOUGH; seed += SLICE)
    yield Array.from({ length: Math.min(SLICE, end - seed) }, (_, n) => seed + n)
}

/** Some seeds once more, backwards: what came before in the same process must not matter. */
async function replay(pool: Pool, report: Report): Promise<void> {
  const all = [...report.hashes.keys()].toSorted((a, b) => b - a)
  const step = Math.max(1, Math.floor(all.length / Math.max(1, replays)))
  const chosen = all.filter((_, n) => n % step === 0).slice(0, replays)
  let differing = 0
  const halves = [chosen.filter((_, n) => n % 2 === 0), chosen.filter((_, n) => n % 2 === 1)]
  await pool.run(halves.values(), ({ hashes }) => {
    for (const [seed, hash] of hashes) {
      if (hash === report.hashes.get(seed)) continue
      differing += 1
      report.failures.set(seed, 'it does not repeat itself')
      printFailure(seed, `it does not repeat itself: ${hash}, and before ${report.hashes.get(seed)}`)
    }
  })
  print(`worlds: ${chosen.length} of them replayed, ${chosen.length - differing} the same in every bit`)
}

async function tell(seed: number): Promise<void> {
  const { failure, hash, lines } = await simulate(seed, true)
  for (const line of lines) print(line)
  print(`seed ${seed}, trace ${hash}: ${failure ?? 'all is well'}`)
  process.exitCode = failure === undefined ? 0 : 1
}

function printFailure(seed: number, failure: string): void {
  print(`seed ${seed}: ${failure}`)
  print(`  npm run simulate:world -- --words --seed ${seed}`)
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 0) return number
  print(`worlds: --${name} takes a whole number, not ${JSON.stringify(text)}`)
  return process.exit(2)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
