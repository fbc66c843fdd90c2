// What a seed decides about its world before it begins: how large it is, its bounds, and how likely each
// fault is; often not at all, so that faults come alone too.
import type { SessionLimits } from '@parley/rpc'
import type { SeededRandom } from '@parley/core/testing'

/** The classes of faults; each has its own probability in each world. */
export const faults = [
  'cut',
  'cut young',
  'stall',
  'slow',
  'unreachable',
  'crash',
  'hold',
  'database crash',
  'store',
  'store slow',
  'client crash',
  'drain',
  'handover',
  'cancel',
  'deadline',
  'poison',
  'revoke',
  'wall clock',
] as const

/** A class of faults. */
export type Fault = (typeof faults)[number]

/** What a world is like. */
export interface Odds {
  /** Milliseconds that the trouble lasts. */
  readonly span: number
  readonly servers: number
  readonly clients: number
  readonly calls: number
  /** The servers have a durable store. */
  readonly durable: boolean
  /** Most calls are activities. */
  readonly longWork: boolean
  /** Many short calls, so that the client tells which of them are settled. */
  readonly burst: boolean
  /** Octets that a connection takes before it says that they are too many. */
  readonly highWaterMark: number
  readonly limits: Partial<SessionLimits>
  /** How likely each fault is, from 0 to 1. */
  readonly of: Readonly<Record<Fault, number>>
}

/** How often a class of faults is there at all. */
const PRESENT = 0.3

/** Draws a world. */
export function drawOdds(random: SeededRandom): Odds {
  const of = {} as Record<Fault, number>
  for (const fault of faults) of[fault] = random.chance(PRESENT) ? 0.2 + 0.8 * random.float() : 0
  if (random.chance(0.7)) of.revoke = 0
  return {
    span: 1000 + random.below(6000),
    servers: random.pick([1, 2, 2, 3]),
    clients: random.pick([1, 1, 2, 3]),
    calls: 8 + random.below(16),
    durable: random.chance(0.85),
    longWork: random.chance(0.25),
    burst: random.chance(0.025),
    highWaterMark: random.pick([1_048_576, 1_048_576, 1_048_576, 250]),
    limits: {
      silenceTimeout: random.pick([1000, 2500]),
      timeToLive: random.pick([300_000, 300_000, 300_000, 300_000, 3000]),
      concurrentCalls: random.pick([1024, 1024, 2]),
      streamWindow: random.pick([524_288, 60, 200]),
      retainedOctets: random.pick([8_388_608, 8_388_608, 1500]),
      idleTimeout: random.pick([0, 0, 0, 0, 0, 1000]),
      drainTimeout: random.pick([400, 4000]),
    },
    of,
  }
}
