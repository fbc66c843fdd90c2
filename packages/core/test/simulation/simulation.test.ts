// A fixed share of the simulation beside the other tests; run.ts does more. Here too: that a seed repeats
// itself, and that the generators get everywhere.

import { describe, expect, test } from 'vitest'

import { states } from '../../src/machine/index.ts'
import { answers, rows } from './requests.ts'
import { simulate, type Run } from './simulate.ts'

const SEEDS = 500

describe('simulation', () => {
  const taken = new Map<string, number>()

  test(`${SEEDS} seeds keep every promise`, { timeout: 120_000 }, () => {
    const failures: string[] = []
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { failure } = simulate(seed, taken)
      if (failure !== undefined) failures.push(`seed ${seed}: ${failure}`)
    }
    expect(failures).toEqual([])
  })

  test('every request is taken, in every state that users are asked in', () => {
    const seen = [...taken.keys()].map((key) => key.split(' '))
    const names = new Set(seen.map(([name]) => name))
    const places = new Set(seen.map(([, state]) => state))
    expect(Object.keys(rows).filter((name) => !names.has(name))).toEqual([])
    expect([...answers.keys()].filter((state) => !places.has(state))).toEqual([])
    // Users have nothing to say in the others: the machine waits there for the peer.
    expect(states.filter((state) => !places.has(state))).toEqual(['STA01A', 'STA01D', 'STA16'])
  })

  test('a seed repeats itself to the octet, and another one does not', () => {
    const print = ({ hash, steps, failure }: Run): string => `${hash} ${steps} ${failure ?? 'good'}`
    for (const seed of [1, 7, 99, 12_345]) {
      expect(print(simulate(seed))).toBe(print(simulate(seed)))
      expect(simulate(seed).hash).not.toBe(simulate(seed + 1).hash)
    }
  })

  test('words change nothing', () => {
    const quiet = simulate(3)
    const told = simulate(3, undefined, true)
    expect(told.hash).toBe(quiet.hash)
    expect(told.lines.length).toBeGreaterThan(quiet.steps)
  })
})
