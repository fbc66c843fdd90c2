// What the platform leaves to chance, given to the seed while a world runs: random numbers, secrets and the
// date. Real timers are not to be set at all. It patches globals instead of asking for more ports, so that no
// new use of chance in a source file can slip past the simulation.
import { systemRandom } from '@parley/core'
import type { SeededRandom } from '@parley/core/testing'

const platform = globalThis as unknown as {
  crypto: object
  setTimeout: unknown
  setInterval: unknown
}

/** Takes over until the returned function is called. `wrong` is told of what no seed can decide. */
export function takeChance(
  random: SeededRandom,
  wallClock: () => number,
  wrong: (what: string) => void,
): () => void {
  const { setTimeout: realTimeout, setInterval: realInterval } = platform
  const { random: realRandom } = Math
  const { now: realNow } = Date
  const timer = (): never => {
    wrong('a real timer was set')
    throw new Error('there are no real timers in a simulated world')
  }
  const { stackTraceLimit } = Error
  // Errors are made by the thousand, and nobody looks where.
  Error.stackTraceLimit = 0
  Math.random = random.float
  Date.now = wallClock
  platform.setTimeout = timer
  platform.setInterval = timer
  let isStocked = false
  const getRandomValues = (octets: Uint8Array): Uint8Array => {
    isStocked = true
    return random.random(octets)
  }
  Object.defineProperty(platform.crypto, 'getRandomValues', { value: getRandomValues, configurable: true })
  // What is in stock is of another seed.
  while (!isStocked) systemRandom(new Uint8Array(1))
  return () => {
    Error.stackTraceLimit = stackTraceLimit
    Math.random = realRandom
    Date.now = realNow
    platform.setTimeout = realTimeout
    platform.setInterval = realInterval
    // The platform's own is the prototype's.
    Reflect.deleteProperty(platform.crypto, 'getRandomValues')
  }
}
