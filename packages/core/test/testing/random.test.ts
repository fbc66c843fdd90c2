// The randomness that tests can repeat.
import { describe, expect, it } from 'vitest'
import { seeded } from '../../src/testing/index.ts'

describe('seeded', () => {
  it('gives the same run for the same seed and another for another', () => {
    const run = (seed: number): unknown[] => {
      const random = seeded(seed)
      return [
        random.float(),
        random.below(1000),
        random.chance(0.5),
        random.pick('abcdef'.split('')),
        random.bytes(5),
      ]
    }
    expect(run(42)).toEqual(run(42))
    expect(run(42)).not.toEqual(run(43))
  })

  it('spreads evenly within its bounds', () => {
    const random = seeded(1)
    const counts = Array.from({ length: 10 }, () => 0)
    for (let draw = 0; draw < 100_000; draw++) {
      const value = random.below(10)
      counts[value] = (counts[value] ?? 0) + 1
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
    expect(random.below(1)).toBe(0)
    expect([random.chance(0), random.chance(1)]).toEqual([false, true])
    expect(() => random.pick([])).toThrow(RangeError)
  })

  it('fills octets as the session layer asks for them', () => {
    const bytes = new Uint8Array(32)
    expect(seeded(7).random(bytes)).toBe(bytes)
    expect(new Set(bytes).size).toBeGreaterThan(20)
  })
})
