// The connecting side: opens a session to a server and greets it.
import { openSession, systemClock } from '@parley/core'
import type { AbortSignalLike, Clock, SessionConnection, Transport, Unit } from '@parley/core'
import type { CallOptions } from './call-options.ts'
import { Dialogues } from './dialogue/dialogues.ts'
import type { Interceptor } from './interceptors.ts'
import { resolveLimits, rpcLimits, type SessionLimits } from './limits.ts'
import { asConnectError } from './peer/connect-error.ts'
import { ErrorPolicy, type ErrorOptions } from './peer/error-policy.ts'
import {
  agree,
  assertUnits,
  decodeHello,
  dialogueUnits,
  encodeHello,
  greetingCodec,
  rpcUnits,
  type Hello,
} from './peer/handshake.ts'
import { Registry } from './peer/registry.ts'
import { ownOptions } from './own-options.ts'
import { utf8 } from './platform/platform.ts'
import type { Codec } from './presentation/codec.ts'
import type { ReleaseOptions } from './release.ts'
import type { ServiceImplementation } from './service/implementation.ts'
import { RpcSession } from './session.ts'

/** How to connect. */
export interface ConnectOptions extends ErrorOptions, ReleaseOptions {
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
  const errorPolicy = new ErrorPolicy(options)
  const opening = { transport, options, limits, codecName: codec.name }
  const { connection, hello } = await open(opening, rpcUnits)
  const dialogues = new Dialogues({
    codec,
    clock,
    limits,
    registry,
    errorPolicy,
    peerMaxMessageLength: hello.maxMessageLength,
    connect: async (signal) =>
      (await open({ ...opening, signal }, dialogueUnits, hello.reference)).connection,
  })
  return new RpcSession(connection, {
    role: 'initiator',
    codec,
    clock,
    limits,
    agreed: agree(limits, hello),
    registry,
    principal: undefined,
    errorPolicy,
    interceptors,
    dialogues,
    callDefaults: ownOptions(options.callDefaults ?? {}),
    onRelease: options.onRelease,
    onLeaving: options.onLeaving,
  })
}

interface Opening {
  readonly transport: Transport
  readonly options: ConnectOptions
  readonly limits: SessionLimits
  readonly codecName: string
  /** In place of the signal among the options. */
  readonly signal?: AbortSignalLike | undefined
}

/** Opens one session connection and greets; with a reference one that belongs to that session. */
async function open(
  { transport, options, limits, codecName, signal = options.signal }: Opening,
  units: readonly Unit[],
  reference?: Uint8Array,
): Promise<{ readonly connection: SessionConnection; readonly hello: Hello }> {
  const greeting = greetingCodec()
  let connection: SessionConnection | undefined
  try {
    const { credentials } = options
    connection = await openSession(transport, {
      units,
      userData: encodeHello(greeting, limits, codecName, { credentials, reference }),
      calledSelector: options.selector === undefined ? undefined : utf8(options.selector),
      connectTimeout: options.timeout,
      signal,
      limits: { ssduOctets: limits.messageLength + rpcLimits.batchLength },
      clock: options.clock ?? systemClock,
    })
    assertUnits(connection.units, units)
    return { connection, hello: decodeHello(greeting, connection.userData, codecName) }
  } catch (thrown) {
    connection?.abort()
    throw asConnectError(thrown, greeting)
  }
}
