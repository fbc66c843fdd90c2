// What becomes of a session that could not be opened: one RpcError, whatever layer it failed in.
import { SessionAbortedError, SessionRefusedError, TransportError } from '@parley/core'
import { isRpcError, messageOf, RpcError, type RpcErrorCode } from '../errors.ts'
import { decodeRefusal, greetingCodec } from './handshake.ts'

/**
 * The RpcError for whatever `connect` failed with. The server's own reason is kept where it gave one;
 * `unseal` takes it out of the user data of the refusal.
 */
export function asConnectError(
  thrown: unknown,
  unseal: (userData: Uint8Array) => Uint8Array | undefined,
): RpcError {
  if (isRpcError(thrown)) return thrown
  if (thrown instanceof SessionRefusedError) {
    const refusal = thrown.userData === undefined ? undefined : unseal(thrown.userData)
    const stated = decodeRefusal(greetingCodec(), refusal)
    if (stated !== undefined) return stated
  }
  return new RpcError(codeOf(thrown), `cannot open a session: ${messageOf(thrown)}`, {
    outcome: 'not-started',
    cause: thrown,
  })
}

function codeOf(thrown: unknown): RpcErrorCode {
  const isKnown =
    thrown instanceof TransportError ||
    thrown instanceof SessionAbortedError ||
    thrown instanceof SessionRefusedError
  return (isKnown ? codes.get(thrown.code) : undefined) ?? 'UNAVAILABLE'
}

/** Of transport connections that cannot be had, and of sessions that are refused or end at once. */
const codes: ReadonlyMap<string, RpcErrorCode> = new Map([
  ['aborted', 'CANCELLED'],
  ['cancelled', 'CANCELLED'],
  ['timeout', 'DEADLINE_EXCEEDED'],
  ['protocol', 'FAILED_PRECONDITION'],
  ['protocol-error', 'FAILED_PRECONDITION'],
  ['restriction', 'FAILED_PRECONDITION'],
])
