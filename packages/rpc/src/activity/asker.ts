// Who asks for an activity: what is kept of that, and who comes after whom.
import { RpcError } from '../errors.ts'
import { rpcLimits } from '../limits.ts'

/** See the head of this file. */
export interface Asker {
  /** What the request hashes to. */
  readonly request: Uint8Array
  /** Names whoever holds the activity; and which of its connections this is. */
  readonly caller: string
  readonly connection: number
  /** Those that held it before, and do not any more; the latest last. */
  readonly before: readonly string[]
}

/**
 * `next` where `last` had it. What was under way for long may arrive behind what was sent since: throws an
 * RpcError KEY_CONFLICT when the request is another one, UNAVAILABLE when the same caller was connected
 * later, and ABORTED when somebody else has taken the place of the caller.
 */
export function succeed(last: Asker, next: Asker): Asker {
  const { request, caller, connection, before } = last
  if (!(request instanceof Uint8Array) || request.join() !== next.request.join()) {
    const text = 'the id stands for another activity: other arguments'
    throw new RpcError('KEY_CONFLICT', text, { outcome: 'not-started' })
  }
  if (before.includes(next.caller)) throw new RpcError('ABORTED', SUPERSEDED, { outcome: 'unknown' })
  if (caller !== next.caller)
    return { ...next, before: [...before, caller].slice(-rpcLimits.supersededCallers) }
  if (connection > next.connection)
    throw new RpcError('UNAVAILABLE', 'its caller has connected again since', { outcome: 'unknown' })
  return { ...next, before }
}

/** What is told to whoever has lost an activity to somebody else. */
export const SUPERSEDED = 'the activity goes on elsewhere: it was resumed with its id'
