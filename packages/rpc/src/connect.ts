// The connecting side: opens a session to a server and greets it.
import { openSession, systemClock } from '@parley/core'
import type { AbortSignalLike, Clock, SessionConnection, Transport } from '@parley/core'
import type { CallOptions } from './call-options.ts'
import type { Interceptor } from './interceptors.ts'
import { resolveLimits, rpcLimits, type SessionLimits } from './limits.ts'
import { asConnectError } from './peer/connect-error.ts'
import { ErrorPolicy, type ErrorOptions } from './peer/error-policy.ts'
import { agree, assertUnits, decodeHello, encodeHello, greetingCodec, rpcUnits } from './peer/handshake.ts'
import { Registry } from './peer/registry.ts'
import { ownOptions } from './own-options.ts'
import { utf8 } from './platform/platform.ts'
import type { Codec } from './presentation/codec.ts'
import type { ServiceImplementation } from './service/implementation.ts'
import { RpcSession } from './session.ts'

/** How to connect. */
export interface ConnectOptions extends ErrorOptions {
  /** Given to the server's `authenticate`. Any value that can travel. */
  readonly credentials?: unknown
  /** Services that the server may call on this session. */
  readonly services?: readonly ServiceImplementation[] | undefined
  /** Run around every call that is made here, and around calls that are answered here. */
  readonly interceptors?: readonly Interceptor[] | undefined
  /** Options of every call; those given through `withOptions` come before them. */
  readonly callDefaults?: CallOptions | undefined
  /** Gives up connecting when it aborts. */
  readonly signal?: AbortSignalLike | undefined
  /** Milliseconds until connecting fails. Default 10,000. */
  readonly timeout?: number | undefined
  /** Which session user of the server is called (session selector, at most 16 octets). Default: none. */
  readonly selector?: string | undefined
  /** Default: `msgpack()`. Both sides must use the same. */
  readonly codec?: Codec | undefined
  readonly limits?: Partial<SessionLimits> | undefined
  readonly clock?: Clock | undefined
}

/** A session that was opened from here. */
export type Client = RpcSession

/**
 * Opens a session.
 *
 *     await using client = await connect(tcp({ host: 'localhost', port: 4000 }))
 *
 * Rejects with an RpcError: UNAVAILABLE when the server cannot be reached or refuses for now,
 * UNAUTHENTICATED, PERMISSION_DENIED or FAILED_PRECONDITION as the server says, DEADLINE_EXCEEDED, CANCELLED
 * by `signal`.
 */
export async function connect(transport: Transport, given: ConnectOptions = {}): Promise<Client> {
  const options = ownOptions(given)
  const codec = options.codec ?? greetingCodec()
  const limits = resolveLimits(options.limits)
  const clock = options.clock ?? systemClock
  const interceptors = options.interceptors ?? []
  const registry = new Registry(options.services ?? [], interceptors)
  const greeting = greetingCodec()
  let connection: SessionConnection | undefined
  try {
    connection = await openSession(transport, {
      units: rpcUnits,
      userData: encodeHello(greeting, limits, codec.name, options.credentials),
      calledSelector: options.selector === undefined ? undefined : utf8(options.selector),
      connectTimeout: options.timeout,
      signal: options.signal,
      limits: { ssduOctets: limits.messageLength + rpcLimits.batchLength },
      clock,
    })
    assertUnits(connection.units)
    const agreed = agree(limits, decodeHello(greeting, connection.userData, codec.name))
    return new RpcSession(connection, {
      role: 'initiator',
      codec,
      clock,
      limits,
      agreed,
      registry,
      principal: undefined,
      errorPolicy: new ErrorPolicy(options),
      interceptors,
      callDefaults: ownOptions(options.callDefaults ?? {}),
    })
  } catch (thrown) {
    connection?.abort()
    throw asConnectError(thrown, greeting)
  }
}
