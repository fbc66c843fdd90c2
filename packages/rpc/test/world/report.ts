// What is printed of many seeds.
import { faults } from './odds.ts'
import type { Summary } from './simulate.ts'

/** Sums up, and puts it in words. */
export class Report {
  readonly failures = new Map<number, string>()
  readonly hashes = new Map<number, string>()
  readonly #counts = new Map<string, number>()
  readonly #started = performance.now()

  add({ failures, hashes, counts }: Summary): void {
    for (const [seed, failure] of failures) this.failures.set(seed, failure)
    for (const [seed, hash] of hashes) this.hashes.set(seed, hash)
    for (const [what, times] of counts) this.#counts.set(what, (this.#counts.get(what) ?? 0) + times)
  }

  /** Seeds and calls, and how many a second. */
  get rate(): string {
    const seconds = (performance.now() - this.#started) / 1000
    const { size } = this.hashes
    const calls = [...this.#counts].filter(([what]) => what.startsWith('call '))
    const made = calls.reduce((sum, [, times]) => sum + times, 0)
    const [seeds, each] = [size, made].map((number) => (number / seconds).toFixed(0))
    return `${size} seeds in ${seconds.toFixed(1)} s, ${seeds} a second, ${each} calls a second`
  }

  /** What befell: the calls by kind, the faults by class, the outcomes. */
  get lines(): string[] {
    const named = (keys: Iterable<string>): string =>
      [...keys].map((key) => `${key} ${this.#counts.get(key) ?? 0}`).join(', ')
    const keys = [...this.#counts.keys()].toSorted()
    const calls = keys.filter((key) => key.startsWith('call '))
    const ends = keys.filter((key) => key.startsWith('end '))
    const harm = [...faults, ...keys.filter((key) => key.startsWith('store '))]
    const isOutcome = (key: string): boolean =>
      /^(?:result|[A-Z_]+ (?:unknown|executed|not-started))$/.test(key)
    return [
      `calls     ${named(calls.map((key) => key)).replaceAll('call ', '')}`,
      `faults    ${named(new Set(harm.filter((key) => this.#counts.has(key))))}`,
      `outcomes  ${named(keys.filter(isOutcome))}`,
      `sessions  ${named(['session', ...ends])}`,
    ]
  }
}
