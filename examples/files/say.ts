// What a tour says: headlines, and that something is as it should be.
import { paintFor } from './terminal.ts'

const paint = paintFor(process.stdout)

export function title(words: string): void {
  console.log(paint('bold', words))
}

/** Says that something is as it should be, or throws. */
export function check(holds: boolean, words: string): void {
  if (!holds) throw new Error(`expected: ${words}`)
  console.log(`  ${paint('green', '✓')} ${words}`)
}
