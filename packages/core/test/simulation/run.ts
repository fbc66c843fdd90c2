// The simulation as a command: `--count N` seeds (5,000) from `--seed S` (1), or `--forever`. Prints
// the seed of every failure with what went wrong, with `--words` all its steps, and one closing line;
// exit code 1 when anything failed.

import { parseArgs } from 'node:util'
import { simulate } from './simulate.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    forever: { type: 'boolean', default: false },
    words: { type: 'boolean', default: false },
  },
})

/** Seeds between two signs of life, and failures after which it stops. */
const SLICE = 1000
const ENOUGH = 20

const first = wholeNumber('seed', values.seed)
const end = values.forever ? Number.POSITIVE_INFINITY : first + wholeNumber('count', values.count)
let passed = 0
let failed = 0

process.on('SIGINT', finish)
await run()
finish()

async function run(): Promise<void> {
  for (let seed = first; seed < end && failed < ENOUGH; seed++) {
    const { failure, lines } = simulate(seed, undefined, values.words)
    if (failure === undefined) passed++
    else {
      failed++
      for (const line of lines) print(line)
      print(`seed ${seed}: ${failure}`)
    }
    if ((seed - first) % SLICE !== SLICE - 1) continue
    if (values.forever) print(`simulation: ${passed} passed so far`)
    // Lets an interrupt in.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function finish(): never {
  print(`simulation: ${passed} passed, ${failed} failed`)
  process.exit(failed === 0 ? 0 : 1)
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 0) return number
  print(`simulation: --${name} takes a whole number, not ${JSON.stringify(text)}`)
  return process.exit(2)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
