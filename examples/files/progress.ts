// A progress bar. On a terminal it redraws one line; elsewhere it prints a line at each quarter and nothing
// between.
import { sizeText, widthOf, type Output } from './terminal.ts'

/** Shows how far something of known size has come. */
export class ProgressBar {
  readonly #total: number
  readonly #output: Output
  readonly #now: () => number
  readonly #started: number
  #done = 0
  #drawnAt = -Infinity
  #quarters = 0

  /** `total`: octets, above 0. `now`: milliseconds of a clock that does not go back. */
  constructor(total: number, output: Output = process.stdout, now: () => number = () => performance.now()) {
    this.#total = total
    this.#output = output
    this.#now = now
    this.#started = now()
  }

  /** So many octets more are done. */
  add(octets: number): void {
    this.#done += octets
    if (this.#output.isTTY !== true) this.#line()
    else if (this.#now() - this.#drawnAt >= REDRAW_AFTER) this.#redraw()
  }

  /** Nothing more comes; what is printed next starts on a line of its own. */
  end(): void {
    if (this.#output.isTTY !== true) return
    this.#redraw()
    this.#output.write('\n')
  }

  #line(): void {
    const quarters = Math.floor((this.#done / this.#total) * 4)
    if (quarters <= this.#quarters) return
    this.#quarters = quarters
    this.#output.write(`  ${this.#words()}\n`)
  }

  #redraw(): void {
    this.#drawnAt = this.#now()
    const words = this.#words()
    const width = widthOf(this.#output, 80) - words.length - 6
    const full = Math.round(width * Math.min(1, this.#done / this.#total))
    const bar = width < 1 ? '' : `${'█'.repeat(full)}${'░'.repeat(width - full)}  `
    // Back to the start of the line, and away with what is left of a longer one.
    this.#output.write(`\r  ${bar}${words}\x1b[K`)
  }

  #words(): string {
    const percent = Math.floor((this.#done / this.#total) * 100)
    const seconds = Math.max(this.#now() - this.#started, 1) / 1000
    const rate = `${sizeText(Math.round(this.#done / seconds))}/s`
    return `${String(percent).padStart(3)} %  ${sizeText(this.#done).padStart(10)}  ${rate.padStart(12)}`
  }
}

/** Milliseconds between two drawings: as often as an eye can follow. */
const REDRAW_AFTER = 40
