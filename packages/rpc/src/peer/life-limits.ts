// What the bounds of an RPC session mean for the session under it.
import type { LifeLimits, SessionLimits as CoreSessionLimits } from '@parley/core'
import { rpcLimits, type SessionLimits } from '../limits.ts'

/** The bounds of the session layer that follow from those of a session. */
export function lifeLimits(limits: SessionLimits): Partial<CoreSessionLimits & LifeLimits> {
  const { admissionTimeout, idleTimeout, retainedOctets, retainedOctetsMost, silenceTimeout, timeToLive } =
    limits
  return {
    ssduOctets: limits.messageLength + rpcLimits.batchLength,
    // Ours runs out first, and says more.
    admissionTimeout: 2 * admissionTimeout,
    idleTimeout,
    retainedOctets,
    retainedOctetsMost,
    silenceTimeout,
    timeToLive,
  }
}
