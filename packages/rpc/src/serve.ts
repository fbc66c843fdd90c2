// The serving side: offers services on one or more transport addresses and lets sessions in.
import { acceptSessions, systemClock } from '@parley/core'
import type { Clock, SessionConnection, SessionListening, SessionRequest, Transport } from '@parley/core'
import type { CallOptions } from './call-options.ts'
import { isRpcError, RpcError } from './errors.ts'
import type { Interceptor } from './interceptors.ts'
import { resolveLimits, rpcLimits, type SessionLimits } from './limits.ts'
import { ErrorPolicy, type ErrorOptions } from './peer/error-policy.ts'
import {
  agree,
  assertUnits,
  decodeHello,
  encodeHello,
  encodeRefusal,
  greetingCodec,
  rpcUnits,
  type Hello,
} from './peer/handshake.ts'
import { Registry } from './peer/registry.ts'
import { ownOptions } from './own-options.ts'
import { utf8 } from './platform/platform.ts'
import type { Codec } from './presentation/codec.ts'
import type { ServiceImplementation } from './service/implementation.ts'
import { RpcSession } from './session.ts'

/** Who wants a session. */
export interface SessionApplicant {
  /** What the client gave as `credentials`; undefined when it gave none. */
  readonly credentials: unknown
  /** Where it comes from, in words. */
  readonly remote: string
}

/** What to serve, where, to whom. */
export interface ServeOptions extends ErrorOptions {
  /** The addresses to listen on. */
  readonly listen: Transport | readonly Transport[]
  readonly services: readonly ServiceImplementation[]
  /**
   * Decides who may have a session, before any of its calls is looked at. What it returns is
   * `call().principal`; throwing refuses: an RpcError as it is, anything else as UNAUTHENTICATED without its
   * text. Default: everyone.
   */
  readonly authenticate?: ((applicant: SessionApplicant) => unknown) | undefined
  /** Run around every call that is answered here, and around calls that are made from here. */
  readonly interceptors?: readonly Interceptor[] | undefined
  /** Told each session that was let in; the place to call a client's own services. */
  readonly onSession?: ((session: RpcSession) => void) | undefined
  /** Options of calls made from here to clients. */
  readonly callDefaults?: CallOptions | undefined
  /** The session user offered here (session selector); calls for another are refused. Default: any. */
  readonly selector?: string | undefined
  /** Default: `msgpack()`. Both sides must use the same. */
  readonly codec?: Codec | undefined
  readonly limits?: Partial<SessionLimits> | undefined
  readonly clock?: Clock | undefined
}

/**
 * Serves. Resolves when all addresses are being listened on; rejects with a TransportError when one cannot be
 * had, and throws a ServiceDefinitionError when a service is not one.
 *
 *     await using server = await serve({ listen: tcp({ port: 4000 }), services: [new ShopService()] })
 */
export async function serve(options: ServeOptions): Promise<Server> {
  const server = new Server(ownOptions(options))
  await server.listen()
  return server
}

/** Services on offer. Made by {@link serve}. */
export class Server implements AsyncDisposable {
  readonly #options: ServeOptions
  readonly #codec: Codec
  readonly #clock: Clock
  readonly #limits: SessionLimits
  readonly #registry: Registry
  readonly #errorPolicy: ErrorPolicy
  readonly #sessions = new Set<RpcSession>()
  readonly #listening: SessionListening[] = []
  #closing: Promise<void> | undefined

  constructor(options: ServeOptions) {
    this.#options = options
    this.#codec = options.codec ?? greetingCodec()
    this.#clock = options.clock ?? systemClock
    this.#limits = resolveLimits(options.limits)
    this.#registry = new Registry(options.services, options.interceptors ?? [])
    this.#errorPolicy = new ErrorPolicy(options)
  }

  /** The addresses in words, in the order of `listen`. */
  get addresses(): readonly string[] {
    return this.#listening.map((listening) => listening.address)
  }

  /** The port of the first address that has one (useful after asking for port 0). */
  get port(): number | undefined {
    return this.#listening.find((listening) => listening.port !== undefined)?.port
  }

  /** The sessions there are. */
  get sessions(): ReadonlySet<RpcSession> {
    return this.#sessions
  }

  /** Begins to listen; called by {@link serve}. */
  async listen(): Promise<void> {
    const { listen } = this.#options
    const transports = Array.isArray(listen) ? (listen as readonly Transport[]) : [listen as Transport]
    try {
      for (const transport of transports) {
        const listening = await acceptSessions(
          transport,
          {
            units: rpcUnits,
            limits: { ssduOctets: this.#limits.messageLength + rpcLimits.batchLength },
            clock: this.#clock,
          },
          (request) => void this.#admit(request),
        )
        this.#listening.push(listening)
      }
    } catch (thrown) {
      await this.close()
      throw thrown
    }
  }

  /** Stops listening and closes every session; see {@link RpcSession.close}. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    await Promise.all(this.#listening.map((listening) => listening.close()))
    await Promise.all([...this.#sessions].map((session) => session.close()))
  }

  async #admit(request: SessionRequest): Promise<void> {
    const late = new RpcError('DEADLINE_EXCEEDED', 'the server did not decide in time who this is')
    const timer = this.#clock.setTimer(this.#limits.admissionTimeout, () => this.#refuse(request, late))
    try {
      this.#assertOffered(request)
      assertUnits(request.units)
      const hello = decodeHello(greetingCodec(), request.userData, this.#codec.name)
      const { remote } = request
      const principal = await this.#options.authenticate?.({ credentials: hello.credentials, remote })
      if (this.#closing !== undefined) throw new RpcError('UNAVAILABLE', 'the server is closing')
      if (!request.pending) return
      const userData = encodeHello(greetingCodec(), this.#limits, this.#codec.name)
      this.#begin(request.accept({ userData }), hello, principal)
    } catch (thrown) {
      this.#refuse(request, thrown)
    } finally {
      timer.cancel()
    }
  }

  #assertOffered(request: SessionRequest): void {
    const { selector } = this.#options
    if (selector === undefined) return
    const called = request.calledSelector ?? NO_OCTETS
    const offered = utf8(selector)
    if (called.length === offered.length && called.every((octet, i) => octet === offered[i])) return
    request.refuse({ reason: 'selector-unknown' })
    throw new RpcError('UNAVAILABLE', 'nothing has this selector here')
  }

  #refuse(request: SessionRequest, thrown: unknown): void {
    if (!request.pending) return
    try {
      const userData = encodeRefusal(greetingCodec(), this.#asRefusal(thrown))
      request.refuse({ reason: 'user-data', userData })
    } catch {
      // Its text cannot be read, or is more than a refusal of this protocol version carries.
      request.refuse()
    }
  }

  #begin(connection: SessionConnection, hello: Hello, principal: unknown): void {
    const session = new RpcSession(connection, {
      role: 'acceptor',
      codec: this.#codec,
      clock: this.#clock,
      limits: this.#limits,
      agreed: agree(this.#limits, hello),
      registry: this.#registry,
      principal,
      errorPolicy: this.#errorPolicy,
      interceptors: this.#options.interceptors ?? [],
      callDefaults: ownOptions(this.#options.callDefaults ?? {}),
    })
    this.#sessions.add(session)
    void session.closed.then(() => this.#sessions.delete(session))
    void this.#announce(session)
  }

  /** Async: what the callback throws or rejects with is the application's to hear of, and ends nothing. */
  async #announce(session: RpcSession): Promise<void> {
    try {
      await (this.#options.onSession?.(session) as unknown)
    } catch (thrown) {
      this.#errorPolicy.report(thrown, { service: 'session', method: 'onSession' })
    }
  }

  #asRefusal(thrown: unknown): RpcError {
    if (isRpcError(thrown)) return thrown
    const errorId = this.#errorPolicy.report(thrown, { service: 'session', method: 'authenticate' })
    return new RpcError('UNAUTHENTICATED', `this session was not let in (error ${errorId})`)
  }
}

const NO_OCTETS = new Uint8Array(0)
