// What a machine is told when it is made: what it can do, its local choices and its bounds.
// One object serves many machines.

import { coreLimits } from '../limits.ts'
import { versionBit, type ReceivedSpdu } from '../spdu/index.ts'
import type { Capabilities } from './negotiate.ts'
import { supportedUnits } from './units.ts'

/** Everything a machine is told. {@link machineConfig} fills in what is left out. */
export interface MachineConfig extends Capabilities {
  /**
   * The local choice of p02 and p64: keep the transport connection for a further
   * session connection. Default false.
   */
  readonly reuseTransport: boolean
  /**
   * A reason of the provider's for which a CONNECT is refused (129, 130, 131,
   * 133), or undefined. Default: none.
   */
  readonly refuse: (connect: ReceivedSpdu<'CN'>) => number | undefined
  readonly limits: MachineLimits
}

/** The bounds of a machine, from `coreLimits`. */
export interface MachineLimits {
  readonly abortTimeout: number
  readonly connectOctets: number
  readonly controlBurst: number
  readonly controlPerSecond: number
  readonly queuedEvents: number
  readonly ssduOctets: number
  readonly ssduSegments: number
  readonly unconfirmedMinors: number
}

/** What may be told: everything but what the transport connection decides. */
export type MachineOptions = {
  readonly [K in keyof Omit<MachineConfig, 'expedited'>]?: MachineConfig[K] | undefined
}

/** A complete config. Throws RangeError when a TSDU size is below `coreLimits.minTsduOctets`. */
export function machineConfig(options: MachineOptions = {}): MachineConfig {
  const config: MachineConfig = {
    units: (options.units ?? supportedUnits) & supportedUnits,
    versions: options.versions ?? versionBit.version1 | versionBit.version2,
    maxTsdu: options.maxTsdu ?? { send: 0, receive: 0 },
    extended: options.extended ?? true,
    minTsdu: options.minTsdu ?? coreLimits.minTsduOctets,
    expedited: false,
    reuseTransport: options.reuseTransport ?? false,
    refuse: options.refuse ?? acceptAll,
    limits: options.limits ?? coreLimits,
  }
  for (const size of [config.maxTsdu.send, config.maxTsdu.receive]) {
    if (size === 0 || (Number.isInteger(size) && size >= config.minTsdu && size <= 0xffff)) continue
    throw new RangeError(
      `a TSDU maximum size is 0 (unlimited) or ${config.minTsdu} to 65,535 octets, not ${size}`,
    )
  }
  return config
}

function acceptAll(): undefined {
  return undefined
}
