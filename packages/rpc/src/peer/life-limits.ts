// What the bounds of an RPC session mean for the session under it.
import type { LifeLimits, SessionLimits as CoreSessionLimits } from '@parley/core'
import { rpcLimits, type SessionLimits } from '../limits.ts'

type CoreLimits = Partial<CoreSessionLimits & LifeLimits>

/** The bounds of the session layer that follow from those of a session, which do not change any more. */
export function lifeLimits(limits: SessionLimits): CoreLimits {
  let known = made.get(limits)
  if (known === undefined) made.set(limits, (known = makeLimits(limits)))
  return known
}

/** Every connection asks for them. */
const made = new WeakMap<SessionLimits, CoreLimits>()

function makeLimits(limits: SessionLimits): CoreLimits {
  const { idleTimeout, retainedOctets, retainedOctetsMost, silenceTimeout, timeToLive } = limits
  return Object.freeze({
    ssduOctets: limits.messageLength + rpcLimits.batchLength,
    // Ours runs out first, and says more.
    admissionTimeout: 2 * limits.admissionTimeout,
    idleTimeout,
    retainedOctets,
    retainedOctetsMost,
    silenceTimeout,
    timeToLive,
  })
}
