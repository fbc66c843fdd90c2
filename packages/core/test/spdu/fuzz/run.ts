// The fuzzer as a command: `--count N` inputs (200,000), from `--seed S` (1), or `--forever`. Prints what
// fails with its seed, number and octets, and one closing line; exit code 1 when anything failed.

import { parseArgs } from 'node:util'
import { fuzz } from './check.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '1' },
    forever: { type: 'boolean', default: false },
  },
})

/** Inputs between two signs of life, and failures after which it stops. */
const SLICE = 10_000
const ENOUGH = 20

const count = values.forever ? Number.POSITIVE_INFINITY : wholeNumber('count', values.count)
const seed = wholeNumber('seed', values.seed)
let passed = 0
let failed = 0

print(`fuzz: seed ${seed}, ${values.forever ? 'without end' : `${count} inputs`}`)
process.on('SIGINT', finish)
await run()
finish()

async function run(): Promise<void> {
  for (let from = 0; from < count && failed < ENOUGH; from += SLICE) {
    passed += fuzz(seed, from, Math.min(from + SLICE, count), (message) => {
      failed += 1
      if (failed <= ENOUGH) print(message)
    })
    if (values.forever && (from / SLICE) % 100 === 99) print(`fuzz: ${passed} passed so far`)
    // Lets an interrupt in.
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function finish(): never {
  print(`fuzz: ${passed} passed, ${failed} failed`)
  process.exit(failed === 0 ? 0 : 1)
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 0) return number
  print(`fuzz: --${name} takes a whole number, not ${JSON.stringify(text)}`)
  return process.exit(2)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
