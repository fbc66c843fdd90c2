// The serving side: offers services on one or more transport addresses and lets sessions in.
import { acceptSessions, systemClock } from '@parley/core'
import type {
  Clock,
  SessionConnection,
  SessionListening,
  SessionRequest,
  Transport,
  Unit,
} from '@parley/core'
import type { CallOptions } from './call-options.ts'
import { Dialogues } from './dialogue/dialogues.ts'
import { isRpcError, RpcError } from './errors.ts'
import type { Interceptor } from './interceptors.ts'
import { resolveLimits, rpcLimits, type SessionLimits } from './limits.ts'
import { ErrorPolicy, type ErrorOptions } from './peer/error-policy.ts'
import {
  agree,
  assertUnits,
  decodeHello,
  dialogueUnits,
  encodeHello,
  encodeRefusal,
  greetingCodec,
  newReference,
  rpcUnits,
  type Hello,
} from './peer/handshake.ts'
import { Registry } from './peer/registry.ts'
import { ownOptions } from './own-options.ts'
import { utf8 } from './platform/platform.ts'
import type { Codec } from './presentation/codec.ts'
import type { ServiceImplementation } from './service/implementation.ts'
import type { AskReleaseOptions, DrainReport, ReleaseOptions, SessionDrained } from './release.ts'
import { RpcSession } from './session.ts'

/** Who wants a session. */
export interface SessionApplicant {
  /** What the client gave as `credentials`; undefined when it gave none. */
  readonly credentials: unknown
  /** Where it comes from, in words. */
  readonly remote: string
}

/** What to serve, where, to whom. */
export interface ServeOptions extends ErrorOptions, ReleaseOptions {
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
  /** What a dialogue names the session by that it belongs to. */
  readonly #byReference = new Map<string, { readonly session: RpcSession; readonly dialogues: Dialogues }>()
  readonly #listening: SessionListening[] = []
  #closing: Promise<void> | undefined
  #draining: Promise<DrainReport> | undefined

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
            units: [...new Set([...rpcUnits, ...dialogueUnits])],
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

  /**
   * Goes down in good order: listens no more, takes no new sessions and calls, lets those in progress end,
   * asks each client for the release, as often as it declines, and cuts off what is left when the time is
   * over. Tells what it did; never rejects. `timeout` is in milliseconds and defaults to
   * `limits.drainTimeout`.
   *
   *     process.once('SIGTERM', () => void server.drain())
   */
  drain(options: AskReleaseOptions = {}): Promise<DrainReport> {
    this.#draining ??= this.#drain(options)
    return this.#draining
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    await this.#stopListening()
    await Promise.all([...this.#sessions].map((session) => session.close()))
  }

  async #drain(options: AskReleaseOptions): Promise<DrainReport> {
    const listening = this.#stopListening()
    const drained = await Promise.all([...this.#sessions].map((session) => session.drain(options)))
    await listening
    const sum = (part: (one: SessionDrained) => number): number =>
      drained.reduce((total, one) => total + part(one), 0)
    const released = sum(({ end }) => (end === 'released' ? 1 : 0))
    return {
      sessions: { found: drained.length, released, aborted: drained.length - released },
      calls: { found: sum(({ calls }) => calls.found), cutOff: sum(({ calls }) => calls.cutOff) },
      declined: drained.flatMap(({ declined }) => declined ?? []),
    }
  }

  async #stopListening(): Promise<void> {
    await Promise.all(this.#listening.map((listening) => listening.close()))
  }

  async #admit(request: SessionRequest): Promise<void> {
    const late = new RpcError('DEADLINE_EXCEEDED', 'the server did not decide in time who this is')
    const timer = this.#clock.setTimer(this.#limits.admissionTimeout, () => this.#refuse(request, late))
    try {
      this.#assertOffered(request)
      const hello = decodeHello(greetingCodec(), request.userData, this.#codec.name)
      const units = hello.reference === undefined ? rpcUnits : dialogueUnits
      assertUnits(request.units, units)
      const { remote } = request
      const principal = await this.#options.authenticate?.({ credentials: hello.credentials, remote })
      if (this.#closing !== undefined || this.#draining !== undefined)
        throw new RpcError('UNAVAILABLE', 'the server is closing')
      if (!request.pending) return
      if (hello.reference === undefined) this.#begin(request, hello, principal)
      else this.#beginDialogue(request, hello.reference, principal)
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

  #begin(request: SessionRequest, hello: Hello, principal: unknown): void {
    const reference = newReference()
    const connection = this.#accept(request, rpcUnits, reference)
    const { onLeaving, onRelease, interceptors = [], callDefaults = {} } = this.#options
    const parts = {
      codec: this.#codec,
      clock: this.#clock,
      limits: this.#limits,
      registry: this.#registry,
      errorPolicy: this.#errorPolicy,
    }
    const dialogues = new Dialogues({
      ...parts,
      peerMaxMessageLength: hello.maxMessageLength,
      connect: undefined,
    })
    const session = new RpcSession(connection, {
      ...parts,
      role: 'acceptor',
      agreed: agree(this.#limits, hello),
      principal,
      interceptors,
      dialogues,
      callDefaults: ownOptions(callDefaults),
      onRelease,
      onLeaving,
    })
    const key = reference.join()
    this.#sessions.add(session)
    this.#byReference.set(key, { session, dialogues })
    void session.closed.then(() => {
      this.#sessions.delete(session)
      this.#byReference.delete(key)
    })
    void this.#announce(session)
  }

  /** The reference is as secret as the session: who has it shares the session's limits, not its principal. */
  #beginDialogue(request: SessionRequest, reference: Uint8Array, principal: unknown): void {
    const owner = this.#byReference.get(reference.join())
    if (owner === undefined) throw new RpcError('UNAVAILABLE', 'the session of this dialogue is over')
    const { session, dialogues } = owner
    const { fullBecause } = dialogues
    if (fullBecause !== undefined) throw fullBecause
    const connection = this.#accept(request, dialogueUnits)
    dialogues.answer(connection, { clock: this.#clock, limits: this.#limits, principal, session })
  }

  #accept(request: SessionRequest, units: readonly Unit[], reference?: Uint8Array): SessionConnection {
    const userData = encodeHello(greetingCodec(), this.#limits, this.#codec.name, { reference })
    return request.accept({ units, userData })
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
