// What became of the calls, held against what the journal says happened.
import { readFileSync } from 'node:fs'

/** What the caller was told of a call. */
export type Told = 'done' | 'unknown' | 'failed'

/** The result of a run. */
export interface Tally {
  readonly calls: number
  readonly done: number
  /** Answered with a result, and not in the journal. */
  readonly lost: readonly string[]
  /** More than once in the journal. */
  readonly doubled: readonly string[]
  /** Said to be unknown. */
  readonly unknown: readonly string[]
  /** Failed otherwise. */
  readonly failed: readonly string[]
}

/**
 * Counts. `told` has what was said of each call, by the name that stands in the journal. What has a key of
 * its own may stand there twice: whoever knows the key does it once.
 */
export function tally(told: ReadonlyMap<string, Told>, journal: string): Tally {
  const times = new Map<string, number>()
  for (const line of readFileSync(journal, 'utf8').split('\n')) times.set(line, (times.get(line) ?? 0) + 1)
  const named = (wanted: Told): string[] =>
    [...told].flatMap(([name, what]) => (what === wanted ? [name] : []))
  const isInJournal = (name: string): boolean => !name.startsWith('price') && times.get(name) === undefined
  return {
    calls: told.size,
    done: named('done').length,
    lost: named('done').filter(isInJournal),
    doubled: [...times].flatMap(([name, count]) => (count > 1 && name.startsWith('sale') ? [name] : [])),
    unknown: named('unknown'),
    failed: named('failed'),
  }
}
