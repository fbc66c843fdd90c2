// What both ends of a session may be told. Types, defaults and checks; no I/O.

import { limitsOf, SessionUsageError, type SessionLimits, type Unit } from '../connection/index.ts'
import { coreLimits } from '../limits.ts'
import type { Clock } from '../ports/clock.ts'
import type { Digest } from '../ports/digest.ts'
import type { Random } from '../ports/random.ts'
import { systemClock } from '../system-clock.ts'
import { systemDigest, systemRandom } from '../system-crypto.ts'
import { plain, type Sealing } from './sealing.ts'

/** Options of both ends. */
export interface LifeOptions {
  /**
   * The largest TSDU in octets for each direction, 64 to 65,535; longer SSDUs are then segmented. Default 0,
   * unlimited, which holds as soon as one side says it.
   */
  readonly tsduSizes?: { readonly send: number; readonly receive: number } | undefined
  /** In place of the bounds of `coreLimits`. */
  readonly limits?: Partial<SessionLimits & LifeLimits> | undefined
  /** Default `systemClock`. */
  readonly clock?: Clock | undefined
  /** Makes tickets and identifiers, and chooses delays. Default `systemRandom`. */
  readonly random?: Random | undefined
  /** Hashes tickets, at the acceptor. Default `systemDigest`. */
  readonly digest?: Digest | undefined
  /** How what the session says of itself is wrapped; both ends must agree. Default: not at all. */
  readonly sealing?: Sealing | undefined
}

/** The bounds of a session that may be changed; see `coreLimits` for defaults, units and reasons. */
export interface LifeLimits {
  readonly silenceTimeout: number
  readonly timeToLive: number
  readonly reconnectDelay: number
  readonly reconnectDelayMost: number
  readonly idleTimeout: number
  readonly idlePoll: number
  readonly syncUnits: number
  readonly syncOctets: number
  readonly retainedOctets: number
  readonly retainedOctetsMost: number
  readonly renewSerial: number
  readonly sessions: number
  readonly sessionsPerPrincipal: number
  readonly admissions: number
  readonly admissionTimeout: number
  readonly refusalDelay: number
}

/** Everything that an end works with. */
export interface Setting {
  readonly limits: typeof coreLimits
  readonly clock: Clock
  readonly random: Random
  readonly digest: Digest
  readonly sealing: Sealing
  readonly tsduSizes: LifeOptions['tsduSizes']
}

/**
 * The functional units of a session: duplex with typed data, numbers of its own for each direction, one
 * activity after the other, and a release that may be declined.
 */
export const lifeUnits: readonly Unit[] = [
  'duplex',
  'typed-data',
  'symmetric-sync',
  'activities',
  'negotiated-release',
]

/**
 * Throws SessionUsageError for user data that is too long to be sent with what is said around it.
 */
export function assertUserData(userData: Uint8Array, name: string): void {
  const most = coreLimits.userDataOctets
  if (userData.length <= most) return
  const message = `${name}: ${userData.length} octets of user data, at most ${most} can be sent`
  throw new SessionUsageError('BAD_ARGUMENT', name, '', message)
}

/** The setting of these options. Throws RangeError for a `silenceTimeout` that no peer would bear. */
export function settingOf(options: LifeOptions): Setting {
  const { clock = systemClock, random = systemRandom, digest = systemDigest } = options
  const { sealing = plain, tsduSizes } = options
  const limits = limitsOf(options)
  if (!(limits.silenceTimeout >= limits.silenceTimeoutLeast)) {
    throw new RangeError(
      `silenceTimeout is at least ${limits.silenceTimeoutLeast} ms, not ${limits.silenceTimeout}`,
    )
  }
  return { limits, clock, random, digest, sealing, tsduSizes }
}
