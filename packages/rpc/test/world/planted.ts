// Shows that the simulation finds mistakes: plants them in the sources, each in a process of its own, and
// prints which seed found which and by what. `--seeds N` (1,000) for each; `--only TEXT` for those whose name
// has it; exit code 1 when one is not found.
import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Plant } from './plant.ts'
import { activityMistakes } from './plants-activities.ts'
import { recordMistakes } from './plants-records.ts'
import { sessionMistakes } from './plants-sessions.ts'
import { tellingMistakes } from './plants-telling.ts'

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '1000' }, only: { type: 'string', default: '' } },
})

const program = fileURLToPath(new URL('hunt.ts', import.meta.url))
const plants = [...recordMistakes, ...tellingMistakes, ...sessionMistakes, ...activityMistakes]
const chosen = plants.filter(({ name }) => name.includes(values.only))
const found = new Map<Plant, string>()
const waiting = chosen.values()
let printed = 0
print(`${'planted'.padEnd(74)} ${'seed'.padStart(5)}  found by`)
await Promise.all(Array.from({ length: Math.min(availableParallelism(), 8) }, huntOneByOne))
const missed = chosen.filter((plant) => found.get(plant) === 'none').length
const pairs = chosen.filter(({ edits }) => edits.length > 1).length
print(`planted: ${chosen.length} (${pairs} of them pairs), ${chosen.length - missed} found, ${missed} missed`)
process.exitCode = missed === 0 ? 0 : 1

async function huntOneByOne(): Promise<void> {
  for (const plant of waiting) {
    found.set(plant, await hunt(plant))
    // In their order, as far as it goes.
    for (let next = chosen[printed]; next !== undefined; next = chosen[++printed]) {
      const how = found.get(next)
      if (how === undefined) break
      printRow(next, how)
    }
  }
}

function printRow({ name }: Plant, found: string): void {
  const [seed = ''] = found.split(' ', 1)
  const how = found.slice(seed.length + 1).split('\n', 1)[0] ?? ''
  print(`${name.padEnd(74)} ${(seed === 'none' ? '-' : seed).padStart(5)}  ${how.slice(0, 90)}`)
}

function hunt({ edits }: Plant): Promise<string> {
  const env = { ...process.env, PARLEY_PLANTS: JSON.stringify(edits) }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...process.execArgv, program, values.seeds], { env }, (error, out, err) => {
      if (error !== null && out === '') reject(new Error(err))
      else resolve(out)
    })
  })
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
