// The message that an activity ends with, made so that it can be kept whatever the method gave or threw.
import { RpcError } from '../errors.ts'
import { rpcLimits } from '../limits.ts'
import type { ErrorPolicy } from '../peer/error-policy.ts'
import { callError, handlerError, withoutDetails } from '../peer/outgoing-error.ts'
import { activityMessage } from '../presentation/activity-messages.ts'
import { errorToWire } from '../presentation/wire-error.ts'
import type { Words } from '../presentation/words.ts'
import type { IncomingActivity } from './incoming-activity.ts'

/** How a method has ended. */
export type Ended = { readonly result: unknown } | { readonly thrown: unknown }

/** A message, encoded, and whether it is one of failure. */
export interface Outcome {
  readonly octets: Uint8Array
  readonly failed: boolean
}

/** Never throws: with less in it where all of it cannot travel, or cannot be kept. */
export function outcomeOf(words: Words, policy: ErrorPolicy, call: IncomingActivity, ended: Ended): Outcome {
  let { thrown } = ended as { readonly thrown?: unknown }
  if ('result' in ended) {
    try {
      const octets = words.encode([activityMessage.result, ended.result])
      if (octets.length <= rpcLimits.checkpointOctets) return { octets, failed: false }
      thrown = tooLong(octets.length)
    } catch (unsendable) {
      thrown = callError(unsendable, 'result')
    }
  }
  const error = handlerError(policy, call, thrown)
  try {
    const octets = words.encode([activityMessage.error, errorToWire(error)])
    if (octets.length <= rpcLimits.checkpointOctets) return { octets, failed: true }
  } catch {
    // Its details cannot travel.
  }
  return { octets: words.encode([activityMessage.error, errorToWire(withoutDetails(error))]), failed: true }
}

/** True for an outcome that was kept and is one of failure. */
export function isFailure(words: Words, octets: Uint8Array): boolean {
  const message = words.decode(octets)
  return typeof message === 'string' || message[0] === activityMessage.error
}

function tooLong(octets: number): RpcError {
  const text = `${octets} octets of result, ${rpcLimits.checkpointOctets} can be kept`
  return new RpcError('RESOURCE_EXHAUSTED', text)
}
