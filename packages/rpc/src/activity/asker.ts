// Who asks for an activity: what is kept of that, and who comes after whom.
import { RpcError } from '../errors.ts'

/** See the head of this file. */
export interface Asker {
  /** What the request hashes to. */
  readonly request: Uint8Array
  /** Names whoever holds the activity; and which of its connections this is. */
  readonly caller: string
  readonly connection: number
}

/**
 * Throws when `next` is not to have it after that one: an RpcError KEY_CONFLICT when its request is another
 * one, and UNAVAILABLE when the same caller was connected later. What was under way for long may arrive
 * behind what was sent since.
 */
export function assertNext({ request, caller, connection }: Asker, next: Asker): void {
  if (!(request instanceof Uint8Array) || request.join() !== next.request.join()) {
    const text = 'the id stands for another activity: other arguments'
    throw new RpcError('KEY_CONFLICT', text, { outcome: 'not-started' })
  }
  if (caller === next.caller && connection > next.connection)
    throw new RpcError('UNAVAILABLE', 'its caller has connected again since')
}
