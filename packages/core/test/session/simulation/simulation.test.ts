// A fixed share of the simulation of sessions.

import { describe, expect, test } from 'vitest'

import { simulate } from './simulate.ts'

const SEEDS = 300

describe('simulation of sessions', () => {
  const seen = new Map<string, number>()

  test(`${SEEDS} seeds: everything arrives, in order, once`, { timeout: 60_000 }, async () => {
    const failures: string[] = []
    for (let seed = 1; seed <= SEEDS; seed++) {
      const run = await simulate(seed)
      for (const [what, times] of run.seen) seen.set(what, (seen.get(what) ?? 0) + times)
      if (run.failure !== undefined) failures.push(`seed ${seed}: ${run.failure}`)
    }
    expect(failures).toEqual([])
  })

  test('every fault befell, and every state was seen on both sides', () => {
    const rare = ['cut', 'cut later', 'cut young', 'stall', 'stall young', 'short', 'released'].filter(
      (what) => (seen.get(what) ?? 0) < 20,
    )
    expect(rare).toEqual([])
    const pairs = [...seen.keys()].filter((what) => /^(?:open|suspended|resuming|idle) /.test(what))
    for (const side of [0, 1]) {
      const states = new Set(pairs.map((pair) => pair.split(' ')[side]))
      // Only the initiator resumes.
      expect(states).toEqual(new Set(['open', 'suspended', 'idle', ...(side === 0 ? ['resuming'] : [])]))
    }
  })

  test('a seed repeats itself', async () => {
    for (const seed of [1, 7, 99]) expect((await simulate(seed)).hash).toBe((await simulate(seed)).hash)
  })
})
