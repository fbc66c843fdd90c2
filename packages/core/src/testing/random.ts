// Randomness that a test can repeat: the same seed gives the same run. Never fit for secrets.
import type { Random } from '../ports/random.ts'

/** A stream of numbers that its seed decides. */
export interface SeededRandom {
  /** The seed, to print when a run fails. */
  readonly seed: number
  /** From 0 up to, not including, 1. */
  float(): number
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number
  /** True with the given probability (0 to 1). */
  chance(probability: number): boolean
  /** One of the items. Throws RangeError when there is none. */
  pick<T>(items: readonly T[]): T
  /** So many octets. */
  bytes(length: number): Uint8Array
  /** The port the session layer takes its randomness from. */
  readonly random: Random
}

/** Makes the numbers of a seed (any whole number; its lower 32 bits count). */
export function seeded(seed: number): SeededRandom {
  const next = mulberry32(seed)
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit)
  const random: Random = (bytes) => {
    for (let at = 0; at < bytes.length; at++) bytes[at] = next() >>> 24
    return bytes
  }
  return {
    seed,
    float: () => next() / 2 ** 32,
    below,
    chance: (probability) => next() / 2 ** 32 < probability,
    pick: <T>(items: readonly T[]): T => {
      if (items.length === 0) throw new RangeError('nothing to pick from')
      return items[below(items.length)] as T
    },
    bytes: (length) => random(new Uint8Array(length)),
    random,
  }
}

/** Tommy Ettinger's 32-bit generator: small, quick, and good enough to choose faults with. */
function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}
