// One seed, lived through; and several, summed up.
import { World } from './world.ts'

/** What came of a seed. */
export interface Outcome {
  /** What was wrong, if anything. */
  readonly failure: string | undefined
  /** Depends on everything that happened, and its order. */
  readonly hash: string
  /** How often each thing befell. */
  readonly counts: ReadonlyMap<string, number>
  /** All that happened, when it was asked for. */
  readonly lines: readonly string[]
}

/** Runs the world of a seed. */
export async function simulate(seed: number, keepsLines = false): Promise<Outcome> {
  const world = new World(seed, keepsLines)
  let failure: string | undefined
  try {
    await world.run()
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error)
  }
  const { hash, counts, lines = [] } = world.trace
  return { failure, hash, counts, lines }
}

/** What came of several seeds, as it travels between processes. */
export interface Summary {
  readonly failures: (readonly [seed: number, failure: string])[]
  readonly hashes: (readonly [seed: number, hash: string])[]
  readonly counts: (readonly [what: string, times: number])[]
}

/** Runs seeds one after the other. */
export async function simulateAll(seeds: readonly number[]): Promise<Summary> {
  const failures: [number, string][] = []
  const hashes: [number, string][] = []
  const counts = new Map<string, number>()
  for (const seed of seeds) {
    const { failure, hash, counts: seen } = await simulate(seed)
    if (failure !== undefined) failures.push([seed, failure])
    hashes.push([seed, hash])
    for (const [what, times] of seen) counts.set(what, (counts.get(what) ?? 0) + times)
  }
  return { failures, hashes, counts: [...counts] }
}
