// The simulation of sessions as a command: `--count N` seeds (2,000) from `--seed S` (1). Prints the seed of
// every failure with what went wrong, and one closing line; exit code 1 when anything failed.

import { parseArgs } from 'node:util'

import { simulate } from './simulate.ts'

const { values } = parseArgs({
  options: { count: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' } },
})

/** Failures after which it stops. */
const ENOUGH = 20

const first = wholeNumber('seed', values.seed)
const end = first + wholeNumber('count', values.count)
let failed = 0
let seed = first
for (; seed < end && failed < ENOUGH; seed++) {
  const { failure } = await simulate(seed)
  if (failure === undefined) continue
  failed++
  print(`seed ${seed}: ${failure}`)
}
print(`simulation of sessions: ${seed - first - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function wholeNumber(name: string, text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 0) return number
  print(`simulation of sessions: --${name} takes a whole number, not ${JSON.stringify(text)}`)
  return process.exit(2)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
