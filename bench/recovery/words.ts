// Figures as text. Pure.
import { median } from '../src/statistics.ts'

/** The value below which that part of the values lies, as measured: no value is made up between two. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? NaN
}

/** The middle value; NaN for none. */
export function middle(values: readonly number[]): number {
  return median(values) ?? NaN
}

/** `12.3 ms`. */
export function ms(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 100 ? 1 : 0)} ms`
}

/** `8,000`. */
export function whole(number: number): string {
  return Math.round(number).toLocaleString('en')
}

/** `12.3 ms (9.0 to 15.1)`: the median and the range. */
export function spread(values: readonly number[], text: (value: number) => string): string {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return `${text(middle(values))} (${text(least)} to ${text(most)})`
}
