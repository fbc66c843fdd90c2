// Adds up what was found, and says it.
import { noFindings, type Findings } from './check.ts'
import { kinds, type Kind } from './contract.ts'
import { ways, type Way } from './killer.ts'

/** Keys that are printed unless all are asked for. */
const someKeys = 20
/** Kills between two lines of progress. */
const step = 100

/** See the head of this file. */
export class Report {
  readonly #count: number
  readonly #started = performance.now()
  readonly #kills = new Map<Way, number>()
  readonly #sum = noFindings()

  constructor(count: number) {
    this.#count = count
  }

  killed(way: Way): void {
    this.#kills.set(way, (this.#kills.get(way) ?? 0) + 1)
    if (this.#killed % step === 0 && this.#killed < this.#count) console.log(this.#line)
  }

  /** What was found in one world. */
  add(found: Findings, world: string): void {
    const sum = this.#sum
    for (const [kind, calls] of found.calls) sum.calls.set(kind, (sum.calls.get(kind) ?? 0) + calls)
    for (const what of ['lost', 'doubled', 'wrong', 'unknown'] as const) {
      sum[what].push(...found[what].map((text) => `${world}: ${text}`))
      if (what !== 'unknown') for (const text of found[what]) console.log(`  ${what}: ${world}: ${text}`)
    }
    for (const number of ['abandoned', 'rerun', 'poisoned'] as const) sum[number] += found[number]
  }

  /** It could not go on to its end. */
  failed(thrown: unknown): void {
    this.#sum.wrong.push(String(thrown))
    console.log(thrown)
  }

  get isGood(): boolean {
    const { lost, doubled, wrong, calls } = this.#sum
    return lost.length + doubled.length + wrong.length === 0 && calls.size > 0
  }

  /** With the keys of all that is unknown, or of some. */
  print(all: boolean): void {
    const { calls, unknown, abandoned, rerun, poisoned } = this.#sum
    console.log(`kills: ${ways.map((way) => `${way} ${this.#kills.get(way) ?? 0}`).join(', ')}`)
    const names = Object.keys(kinds) as Kind[]
    console.log(`calls: ${names.map((kind) => `${kind} ${calls.get(kind) ?? 0}`).join('; ')}`)
    console.log(`run again ${rerun}, poisoned ${poisoned}, left by a client that was killed ${abandoned}`)
    console.log(this.#line)
    for (const text of unknown.slice(0, all ? unknown.length : someKeys)) console.log(`  unknown: ${text}`)
    if (!all && unknown.length > someKeys) console.log(`  and more: \`--keys\` prints all`)
  }

  get #killed(): number {
    return [...this.#kills.values()].reduce((sum, kills) => sum + kills, 0)
  }

  get #line(): string {
    const { calls, lost, doubled, wrong, unknown } = this.#sum
    const made = [...calls.values()].reduce((sum, number) => sum + number, 0)
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(0)
    return (
      `${this.#killed} of ${this.#count} kills in ${seconds} s: calls ${made}, lost ${lost.length}, ` +
      `doubled ${doubled.length}, wrong ${wrong.length}, unknown ${unknown.length}`
    )
  }
}
