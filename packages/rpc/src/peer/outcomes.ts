// The service that every Parley peer serves beside its own to say what became of a call: both ends of it.
import type { CallOptions } from '../call-options.ts'
import { RpcError } from '../errors.ts'
import { rpcLimits } from '../limits.ts'
import { messageType } from '../presentation/messages.ts'
import { errorFromWire } from '../presentation/wire-error.ts'
import type { MethodDescription } from '../service/description.ts'
import type { CallScope } from './call-scope.ts'
import type { Caller, RemoteMethod } from './caller.ts'
import { IncomingCall } from './incoming-call.ts'
import type { ServedMethod } from './registry.ts'

/**
 * What is known of a call that somebody else made, or that was made before:
 *
 * - `done`, `failed`: it ended so, and this is what its caller was told or will be.
 * - `running`: it has begun and has not ended. On a store of several nodes one that died at it looks the
 *   same: make the call again with its key, and it is decided.
 * - `unknown`: the server that began it is gone, and nobody knows what it did.
 * - `expired`: what was known is past `limits.resultRetention`, or was forgotten once its caller had it.
 * - `not-found`: no such call has begun, as far as this principal may know.
 */
export type CallOutcome<T> =
  | { readonly state: 'done'; readonly result: T }
  | { readonly state: 'failed'; readonly error: RpcError }
  | { readonly state: 'running' | 'unknown' | 'expired' | 'not-found' }

/** How to ask. */
export type OutcomeOptions = Pick<CallOptions, 'timeout' | 'signal'>

/** The name under which outcomes are served; services of applications cannot have it. */
const OUTCOMES_SERVICE = 'parley.outcomes.v1'

const outcomeMethod: MethodDescription = {
  name: 'outcome',
  kind: 'unary',
  idempotent: true,
  effect: 'query',
  timeout: undefined,
  replay: undefined,
  argumentChecks: undefined,
}

/** The method as the calling side knows it in one session. */
export function remoteOutcome(): RemoteMethod {
  return { service: OUTCOMES_SERVICE, description: outcomeMethod, ref: undefined }
}

/** Asks for what is known of a call. Rejects with an RpcError. */
export async function askOutcome(
  caller: Caller,
  remote: RemoteMethod,
  call: readonly [service: string, method: string, key: string],
  options: CallOptions,
): Promise<CallOutcome<unknown>> {
  const answer = await caller.unary(remote, [...call], { ...options, key: undefined })
  const [state, content] = Array.isArray(answer) ? (answer as unknown[]) : []
  if (state === 'done') return { state, result: content }
  if (state === 'failed' && Array.isArray(content)) return { state, error: errorFromWire(content) }
  if (state === 'running' || state === 'unknown' || state === 'expired' || state === 'not-found')
    return { state }
  throw new RpcError('INTERNAL', 'the answer cannot be read here: no outcome', { outcome: 'unknown' })
}

/** The method as the answering side runs it; `find` looks up what is served. */
export function servedOutcome(
  find: (service: string, method: string) => ServedMethod | undefined,
): ServedMethod {
  const run = async (call: CallScope): Promise<readonly unknown[]> => {
    const [service, method, key] = call.args
    if (typeof service !== 'string' || typeof method !== 'string' || typeof key !== 'string')
      throw refused('INVALID_ARGUMENT', 'a service, a method and a key are strings')
    if (key === '' || key.length > rpcLimits.keyLength)
      throw refused('INVALID_ARGUMENT', `a key has 1 to ${rpcLimits.keyLength} characters`)
    const served = find(service, method)
    if (served === undefined) throw refused('NOT_FOUND', 'there is no such method here')
    if (served.description.kind !== 'unary')
      throw refused('INVALID_ARGUMENT', 'only unary calls are recorded')
    const known = call instanceof IncomingCall ? await call.outcomeOf(service, method, key) : undefined
    if (known === undefined) throw refused('UNIMPLEMENTED', 'this side keeps no outcomes')
    if (known.state !== 'ended') return [known.state]
    const [type, , content] = known.message
    return [type === messageType.result ? 'done' : 'failed', content]
  }
  return { service: OUTCOMES_SERVICE, description: outcomeMethod, run }
}

function refused(code: RpcError['code'], text: string): RpcError {
  return new RpcError(code, text, { outcome: 'not-started' })
}
