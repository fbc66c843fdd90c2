// What both sides of a session connection may be told, in English, and the
// machine's configuration made from it.

import { coreLimits } from '../limits.ts'
import {
  machineConfig,
  tokenSetting,
  versionBit,
  type ConnectionIdentifier,
  type MachineConfig,
} from '../machine/index.ts'
import type { Clock } from '../ports/clock.ts'
import { bitsOfUnits, type Token, type Unit, tokenBits } from './glossary.ts'

/** Options of both roles. */
export interface SessionOptions {
  /**
   * The functional units to propose or to accept; default `duplex` and `typed-data`. An initiator may propose
   * both `half-duplex` and `duplex`, then the acceptor chooses.
   */
  readonly units?: readonly Unit[] | undefined
  /** Protocol versions; default 1 and 2, of which the highest that both have is used. */
  readonly versions?: readonly (1 | 2)[] | undefined
  /**
   * The largest TSDU in octets for each direction, 64 to 65,535; longer SSDUs are then segmented. Default 0,
   * unlimited, which holds as soon as one side says it.
   */
  readonly tsduSizes?: { readonly send: number; readonly receive: number } | undefined
  /** Default `systemClock`. */
  readonly clock?: Clock | undefined
  /** In place of the bounds of `coreLimits`. */
  readonly limits?: Partial<SessionLimits> | undefined
}

/**
 * The bounds of a session connection that may be changed; see `coreLimits` for defaults, units and reasons.
 */
export interface SessionLimits {
  readonly ssduOctets: number
  readonly ssduSegments: number
  readonly connectOctets: number
  readonly controlBurst: number
  readonly controlPerSecond: number
  readonly unconfirmedMinors: number
  readonly abortTimeout: number
  readonly handshakeTimeout: number
  readonly halfOpen: number
}

/**
 * How the two users name the session: opaque octets that X.225 only carries. `reference` is the sender's own
 * (64 octets at most), `common` what both share (64), `additional` up to 4 octets.
 */
export type SessionIdentifier = ConnectionIdentifier

/**
 * On whose side tokens start. `choice` leaves it to the acceptor, who may not use
 * it. Default: the initiator's.
 */
export type TokenPlaces = { readonly [token in Token]?: 'ours' | 'theirs' | 'choice' | undefined }

/** Where the numbers of sync points begin, with units that count them and without `activities`. */
export interface FirstSerials {
  /** 0 to 999,999; with `symmetric-sync` of this side's points. Default 0, or what the peer proposed. */
  readonly serial?: number | undefined
  /** With `symmetric-sync` of the points the peer sets. */
  readonly serialReceived?: number | undefined
}

/** The units that are proposed, and accepted, when nothing is said. */
export const defaultUnits: readonly Unit[] = ['duplex', 'typed-data']

/** Of the units that could be selected those that go together, where the user does not choose. */
export function agreeable(units: readonly Unit[]): readonly Unit[] {
  const drop = new Set<Unit>()
  if (units.includes('half-duplex') && units.includes('duplex')) drop.add('half-duplex')
  if (!units.includes('half-duplex') || drop.has('half-duplex')) drop.add('exceptions')
  if (units.includes('minor-sync') && units.includes('symmetric-sync')) drop.add('minor-sync')
  if (units.includes('activities')) drop.add('data-separation')
  else drop.add('capability-data')
  return units.filter((unit) => !drop.has(unit))
}

/** The bounds with those of the options in place of the defaults. What this returned comes back as it is. */
export function limitsOf({ limits }: SessionOptions): typeof coreLimits {
  if (limits === undefined) return coreLimits
  const known = whole.get(limits)
  if (known !== undefined) return known
  const merged: Partial<Record<string, number>> = { ...coreLimits }
  for (const [name, value] of Object.entries(limits)) if (value !== undefined) merged[name] = value
  const all = Object.freeze(merged as unknown as typeof coreLimits)
  whole.set(all, all)
  if (Object.isFrozen(limits)) whole.set(limits, all)
  return all
}

/** By the bounds that were given: what cannot change is not put together anew for every connection. */
const whole = new WeakMap<object, typeof coreLimits>()

/** The machine's configuration. Throws RangeError for sizes, versions and units that there cannot be. */
export function configOf(options: SessionOptions): MachineConfig {
  const { versions = [1, 2] } = options
  return machineConfig({
    units: bitsOfUnits(options.units ?? defaultUnits),
    versions: versions.reduce((bits, version) => bits | versionBits[version], 0),
    maxTsdu: options.tsduSizes,
    limits: limitsOf(options),
  })
}

/** The serial numbers of CONNECT and ACCEPT, in the order of the wire: the initiator's flow first. */
export function serialsOf(
  first: FirstSerials,
  units: readonly Unit[],
  role: 'initiator' | 'acceptor',
): { readonly serialNumber?: number | undefined; readonly secondSerialNumber?: number | undefined } {
  if (!units.includes('symmetric-sync')) return { serialNumber: first.serial }
  return role === 'initiator'
    ? { serialNumber: first.serial, secondSerialNumber: first.serialReceived }
    : { serialNumber: first.serialReceived, secondSerialNumber: first.serial }
}

/** The Token Setting Item of these places. */
export function settingsOf(places: TokenPlaces | undefined, role: 'initiator' | 'acceptor'): number {
  let settings = 0
  const own = ownOptions(places ?? {})
  for (const [token, bit] of tokenBits) {
    const place = own[token]
    const ours = role === 'initiator' ? tokenSetting.initiator : tokenSetting.responder
    const theirs = role === 'initiator' ? tokenSetting.responder : tokenSetting.initiator
    if (place === 'choice') settings |= tokenSetting.choice * bit
    else if (place !== undefined) settings |= (place === 'ours' ? ours : theirs) * bit
  }
  return settings
}

const versionBits = { 1: versionBit.version1, 2: versionBit.version2 } as const

/** Only what the caller gave: a polluted Object.prototype must not become an option. */
export function ownOptions<Options extends object>(options: Options): Options {
  return Object.assign(Object.create(null) as Options, options)
}
