// The connecting side: opens a session to a server and greets it.
import { connectSession, openSession as openSessionConnection } from '@parley/core'
import type { AbortSignalLike, Clock, Session, SessionConnection, Transport, Unit } from '@parley/core'
import { Activities } from './activity/activities.ts'
import type { CallOptions } from './call-options.ts'
import { Dialogues } from './dialogue/dialogues.ts'
import type { Interceptor } from './interceptors.ts'
import type { SessionLimits } from './limits.ts'
import { asConnectError } from './peer/connect-error.ts'
import type { ErrorOptions } from './peer/error-policy.ts'
import {
  activityUnits,
  agree,
  assertUnits,
  decodeHello,
  dialogueUnits,
  encodeHello,
  greetingCodec,
  newSecret,
  type Hello,
} from './peer/handshake.ts'
import { lifeLimits } from './peer/life-limits.ts'
import { Renewer } from './peer/renewer.ts'
import { settingOf } from './peer/session-setting.ts'
import { ownOptions } from './own-options.ts'
import { utf8 } from './platform/platform.ts'
import type { Codec } from './presentation/codec.ts'
import { ppduSealing } from './presentation/ppdu.ts'
import type { ReleaseOptions } from './release.ts'
import type { ServiceImplementation } from './service/implementation.ts'
import { RpcSession } from './session.ts'
import { assertTransport } from './transport-given.ts'

/** How to connect. */
export interface ConnectOptions extends ErrorOptions, ReleaseOptions {
  /**
   * Given to the server's `authenticate`. Any value that can travel, or a function that gives one: it is
   * asked for each connection, so that what has run out can be replaced.
   */
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
  assertTransport(transport, 'connect')
  const options = ownOptions(given)
  const setting = settingOf(options)
  const { codec, limits, clock } = setting
  const opening: Opening = { transport, options, limits, codecName: codec.name, clock, lineage: newSecret() }
  const { session, hello } = await openSession(opening, false)
  const beside = new Beside(opening, hello.extras.reference)
  const dialogues = new Dialogues({
    setting,
    peerMaxMessageLength: hello.maxMessageLength,
    connect: (signal) => beside.open(dialogueUnits, signal),
  })
  const activities = new Activities({
    setting,
    peerMaxMessageLength: hello.maxMessageLength,
    connect: (signal) => beside.open(activityUnits, signal),
    server: () => beside.reference,
  })
  const client = new RpcSession(session, setting, {
    agreed: agree(limits, hello),
    principal: undefined,
    dialogues,
    activities,
    durable: undefined,
    owner: undefined,
    renewal: new Renewer(clock, limits, async (signal) => {
      const renewed = await openSession({ ...opening, options: { ...options, signal } }, true)
      beside.reference = renewed.hello.extras.reference
      return { session: renewed.session, agreed: agree(limits, renewed.hello) }
    }),
  })
  beside.client = client
  return client
}

interface Opening {
  readonly transport: Transport
  readonly options: ConnectOptions
  readonly limits: SessionLimits
  readonly codecName: string
  readonly clock: Clock
  /** Names the calls of this client at every server. */
  readonly lineage: Uint8Array
}

/** Opens a session and greets; `returning` from a server that is gone. */
async function openSession(
  opening: Opening,
  returning: boolean,
): Promise<{ readonly session: Session; readonly hello: Hello }> {
  const { transport, options, limits, codecName, clock, lineage } = opening
  const extras = { lineage, returning }
  let session: Session | undefined
  try {
    session = await connectSession(transport, {
      userData: async () =>
        encodeHello(greetingCodec(), limits, codecName, extras, await credentialsOf(options)),
      calledSelector: selectorOf(options),
      connectTimeout: options.timeout,
      signal: options.signal,
      limits: lifeLimits(limits),
      clock,
      sealing: ppduSealing,
    })
    return { session, hello: decodeHello(greetingCodec(), session.userData, codecName) }
  } catch (thrown) {
    session?.abort()
    throw asConnectError(thrown, (userData) => userData)
  }
}

/** The connections beside that of the session: those of its dialogues and activities. */
class Beside {
  /** Names the session at the server that it is with. */
  reference: Uint8Array | undefined
  client: Client | undefined
  readonly #opening: Opening

  constructor(opening: Opening, reference: Uint8Array | undefined) {
    this.#opening = opening
    this.reference = reference
  }

  async open(units: readonly Unit[], signal: AbortSignalLike): Promise<SessionConnection> {
    try {
      return await openBeside(this.#opening, units, this.reference, signal)
    } catch (thrown) {
      // The server may not know the session any more, which an idle one would find out late.
      if (this.client?.phase === 'idle') this.client.resumeNow()
      throw thrown
    }
  }
}

/**
 * Opens a session connection for a dialogue or an activity that belongs to the session with that reference,
 * and greets.
 */
async function openBeside(
  opening: Opening,
  units: readonly Unit[],
  reference: Uint8Array | undefined,
  signal: AbortSignalLike,
): Promise<SessionConnection> {
  const { transport, options, limits, codecName, clock } = opening
  let connection: SessionConnection | undefined
  try {
    const hello = encodeHello(greetingCodec(), limits, codecName, { reference }, await credentialsOf(options))
    connection = await openSessionConnection(transport, {
      units,
      versions: [2],
      userData: ppduSealing.seal('connect', hello),
      calledSelector: selectorOf(options),
      connectTimeout: options.timeout,
      signal,
      limits: lifeLimits(limits),
      clock,
    })
    assertUnits(connection.units, units)
    const { userData } = connection
    const answer = userData === undefined ? undefined : ppduSealing.unseal('connect', userData)
    decodeHello(greetingCodec(), answer, codecName)
    return connection
  } catch (thrown) {
    connection?.abort()
    throw asConnectError(thrown, (userData) => ppduSealing.unseal('refuse', userData))
  }
}

async function credentialsOf({ credentials }: ConnectOptions): Promise<unknown> {
  return typeof credentials === 'function' ? (credentials as () => unknown)() : credentials
}

function selectorOf({ selector }: ConnectOptions): Uint8Array | undefined {
  return selector === undefined ? undefined : utf8(selector)
}
