// What all sessions of a server, or of a call of `connect`, have in common, from the options that were given.
import { systemClock, type Clock } from '@parley/core'
import type { CallOptions } from '../call-options.ts'
import type { Interceptor } from '../interceptors.ts'
import { resolveLimits, type SessionLimits } from '../limits.ts'
import { ownOptions } from '../own-options.ts'
import type { Codec } from '../presentation/codec.ts'
import type { ReleaseOptions } from '../release.ts'
import type { ServiceImplementation } from '../service/implementation.ts'
import { ErrorPolicy, type ErrorOptions } from './error-policy.ts'
import { greetingCodec } from './handshake.ts'
import type { PeerSetting } from './peer-parts.ts'
import { Registry } from './registry.ts'

/** See the head of this file. */
export interface SessionSetting extends PeerSetting, ReleaseOptions {
  readonly interceptors: readonly Interceptor[]
  readonly callDefaults: CallOptions
}

/** The options of `serve` and `connect` that it is made of. */
export interface SettingOptions extends ErrorOptions, ReleaseOptions {
  readonly services?: readonly ServiceImplementation[] | undefined
  readonly interceptors?: readonly Interceptor[] | undefined
  readonly callDefaults?: CallOptions | undefined
  readonly codec?: Codec | undefined
  readonly limits?: Partial<SessionLimits> | undefined
  readonly clock?: Clock | undefined
}

/** Throws RangeError for limits that are none, and ServiceDefinitionError for a service that is none. */
export function settingOf(options: SettingOptions): SessionSetting {
  const { services = [], interceptors = [] } = options
  return {
    codec: options.codec ?? greetingCodec(),
    clock: options.clock ?? systemClock,
    limits: resolveLimits(options.limits),
    registry: new Registry(services, interceptors),
    errorPolicy: new ErrorPolicy(options),
    interceptors,
    callDefaults: ownOptions(options.callDefaults ?? {}),
    onRelease: options.onRelease,
    onLeaving: options.onLeaving,
  }
}
