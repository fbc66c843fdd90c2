// The memory that small units are kept in. Pages are used again: what is kept for a while is old by the time
// it is thrown away, and a collector takes old memory back only with great effort. And a unit that was cut
// from a larger buffer does not hold on to all of that. Pure.
import { coreLimits } from '../../limits.ts'

/** A stretch of memory that the units of one session are copied into, one behind the other. */
export interface Page {
  readonly bytes: Uint8Array
  /** The first octet that is free. */
  end: number
  /** How many units in it are still kept. */
  units: number
}

/** An empty page of so many octets. */
export function takePage(octets: number): Page {
  const spare = octets === coreLimits.pageOctets ? spares.pop() : undefined
  return spare ?? { bytes: new Uint8Array(octets), end: 0, units: 0 }
}

/** Nothing in this page is kept any more: it is used again, if it is of the full size. */
export function returnPage(page: Page): void {
  if (page.bytes.length !== coreLimits.pageOctets || spares.length >= coreLimits.sparePages) return
  page.end = 0
  spares.push(page)
}

/** For all sessions of the process. */
const spares: Page[] = []
