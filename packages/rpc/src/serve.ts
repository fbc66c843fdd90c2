// The serving side: offers services on one or more transport addresses and keeps the sessions it let in.
import { acceptSessions, lifeUnits, memoryStore, SessionAcceptor, systemClock } from '@parley/core'
import type {
  Admitted,
  Applicant,
  CheckpointStore,
  Clock,
  Denied,
  Session,
  SessionListening,
  SessionRequest,
  Transport,
} from '@parley/core'
import type { CallOptions } from './call-options.ts'
import { Dialogues } from './dialogue/dialogues.ts'
import { Door, type DoorOptions, type Guest } from './door.ts'
import { Durability } from './durable/durability.ts'
import { Upkeep } from './durable/upkeep.ts'
import type { DurableCalls } from './durable/durable-calls.ts'
import { RpcError } from './errors.ts'
import type { Interceptor } from './interceptors.ts'
import { resolveLimits, type SessionLimits } from './limits.ts'
import { ErrorPolicy, type ErrorOptions } from './peer/error-policy.ts'
import { agree, assertUnits, dialogueUnits, encodeHello, greetingCodec, newSecret } from './peer/handshake.ts'
import { lifeLimits } from './peer/life-limits.ts'
import { Registry } from './peer/registry.ts'
import { ownOptions } from './own-options.ts'
import type { Codec } from './presentation/codec.ts'
import { ppduSealing } from './presentation/ppdu.ts'
import type { DrainOptions, DrainReport, ReleaseOptions, SessionDrained } from './release.ts'
import type { ServiceImplementation } from './service/implementation.ts'
import { RpcSession } from './session.ts'

/** What to serve, where, to whom. */
export interface ServeOptions extends ErrorOptions, ReleaseOptions, DoorOptions {
  /** The addresses to listen on. */
  readonly listen: Transport | readonly Transport[]
  readonly services: readonly ServiceImplementation[]
  /** Run around every call that is answered here, and around calls that are made from here. */
  readonly interceptors?: readonly Interceptor[] | undefined
  /** Told each session that was let in; the place to call a client's own services. */
  readonly onSession?: ((session: RpcSession) => void) | undefined
  /** Options of calls made from here to clients. */
  readonly callDefaults?: CallOptions | undefined
  /**
   * Where the outcomes of calls are recorded. With a durable store a call is answered with its real outcome
   * though this process is killed meanwhile, by its successor or by another node with the same store; it is
   * the giver's to close. Default: `memoryStore()`, for which everything is lost with the process.
   */
  readonly store?: CheckpointStore | undefined
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
  readonly #door: Door
  readonly #durability: Durability
  readonly #upkeep: Upkeep
  readonly #acceptor: SessionAcceptor
  readonly #sessions = new Set<RpcSession>()
  /** What a dialogue names the session by that it belongs to. */
  readonly #byReference = new Map<string, Owner>()
  readonly #listening: SessionListening[] = []
  #closing: Promise<void> | undefined
  #draining: Promise<DrainReport> | undefined
  /** Clients that leave come back to another server. */
  #handsOver = false

  constructor(options: ServeOptions) {
    this.#options = options
    this.#codec = options.codec ?? greetingCodec()
    this.#clock = options.clock ?? systemClock
    this.#limits = resolveLimits(options.limits)
    this.#registry = new Registry(options.services, options.interceptors ?? [])
    this.#errorPolicy = new ErrorPolicy(options)
    this.#door = new Door({
      ...options,
      clock: this.#clock,
      limits: this.#limits,
      codecName: this.#codec.name,
      errorPolicy: this.#errorPolicy,
    })
    const store = options.store ?? memoryStore()
    this.#registry.assertKept(store.capabilities)
    this.#durability = new Durability(store, this.#limits)
    this.#upkeep = new Upkeep(store, this.#clock)
    this.#acceptor = new SessionAcceptor({
      limits: lifeLimits(this.#limits),
      clock: this.#clock,
      sealing: ppduSealing,
      admit: (applicant) => this.#admit(applicant),
      onSession: (session, guest) => this.#begin(session, guest as NewSession),
    })
  }

  /** The addresses in words, in the order of `listen`. */
  get addresses(): readonly string[] {
    return this.#listening.map((listening) => listening.address)
  }

  /** The port of the first address that has one (useful after asking for port 0). */
  get port(): number | undefined {
    return this.#listening.find((listening) => listening.port !== undefined)?.port
  }

  /** The sessions there are, with and without a connection. */
  get sessions(): ReadonlySet<RpcSession> {
    return this.#sessions
  }

  /** Begins to listen; called by {@link serve}. */
  async listen(): Promise<void> {
    const { listen } = this.#options
    const transports = Array.isArray(listen) ? (listen as readonly Transport[]) : [listen as Transport]
    const units = [...new Set([...lifeUnits, ...dialogueUnits])]
    const options = { units, versions: [2] as const, limits: lifeLimits(this.#limits), clock: this.#clock }
    try {
      for (const transport of transports) {
        const listening = await acceptSessions(transport, options, (request) => this.#asked(request))
        this.#listening.push(listening)
      }
      this.#upkeep.start()
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
   * over. With `handover: true` clients go on at another address, or at the server that is started in this
   * one's place, without an error to whoever calls. Tells what it did; never rejects. `timeout` is in
   * milliseconds and defaults to `limits.drainTimeout`.
   *
   *     process.once('SIGTERM', () => void server.drain())
   */
  drain(options: DrainOptions = {}): Promise<DrainReport> {
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

  async #drain(options: DrainOptions): Promise<DrainReport> {
    this.#handsOver = ownOptions(options).handover === true
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
    this.#door.closedBecause ??= 'the server is closing'
    this.#upkeep.stop()
    await Promise.all([this.#acceptor.close(), ...this.#listening.map((listening) => listening.close())])
  }

  /** A CONNECT: for a session, new or to be had back, or for a dialogue, which is half-duplex. */
  #asked(request: SessionRequest): Promise<void> | undefined {
    if (!this.#door.offers(request.calledSelector)) {
      request.refuse({ reason: 'selector-unknown' })
      return undefined
    }
    return request.units.includes('half-duplex') ? this.#admitDialogue(request) : this.#acceptor.take(request)
  }

  async #admit({ userData, remote, resumes, waits }: Applicant): Promise<Admitted | Denied> {
    try {
      const guest = await this.#door.admit(userData, remote)
      if (resumes) return { admit: true, principal: guest.key }
      const reference = newSecret()
      const owned: Owned = { session: undefined }
      const durable = await this.#durability.of(guest, waits, () => owned.session?.forget())
      const extras = { reference, durable: this.#durability.isDurable }
      const hello = encodeHello(greetingCodec(), this.#limits, this.#codec.name, extras)
      const context: NewSession = { ...guest, reference, durable, owned }
      return { admit: true, principal: guest.key, userData: hello, context }
    } catch (thrown) {
      return { admit: false, userData: this.#door.refusalOf(thrown) }
    }
  }

  #begin(session: Session, { hello, principal, reference, durable, owned }: NewSession): void {
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
    const rpcSession = new RpcSession(session, {
      ...parts,
      agreed: agree(this.#limits, hello),
      principal,
      interceptors,
      dialogues,
      durable,
      renewal: undefined,
      callDefaults: ownOptions(callDefaults),
      onRelease,
      onLeaving,
    })
    owned.session = session
    const key = reference.join()
    this.#sessions.add(rpcSession)
    this.#byReference.set(key, { session: rpcSession, dialogues })
    this.#upkeep.add(durable)
    void session.closed.then(({ reason }) => {
      this.#upkeep.remove(durable, reason === 'released' && !this.#handsOver)
      this.#sessions.delete(rpcSession)
      this.#byReference.delete(key)
    })
    void this.#announce(rpcSession)
  }

  /** The reference is as secret as the session: who has it shares the session's limits, not its principal. */
  async #admitDialogue(request: SessionRequest): Promise<void> {
    try {
      const { userData } = request
      const greeting = userData === undefined ? undefined : ppduSealing.unseal('connect', userData)
      assertUnits(request.units, dialogueUnits)
      const { hello, principal } = await this.#door.admit(greeting, request.remote)
      const owner = this.#byReference.get(hello.extras.reference?.join() ?? '')
      if (owner === undefined) throw new RpcError('UNAVAILABLE', 'the session of this dialogue is over')
      const { session, dialogues } = owner
      if (dialogues.fullBecause !== undefined) throw dialogues.fullBecause
      if (!request.pending) return
      const answer = encodeHello(greetingCodec(), this.#limits, this.#codec.name)
      const accepted = { units: dialogueUnits, userData: ppduSealing.seal('connect', answer) }
      const host = { clock: this.#clock, limits: this.#limits, principal, session }
      dialogues.answer(request.accept(accepted), host)
    } catch (thrown) {
      const refusal = this.#door.refusalOf(thrown)
      if (!request.pending) return
      if (refusal === undefined) request.refuse()
      else request.refuse({ reason: 'user-data', userData: ppduSealing.seal('refuse', refusal) })
    }
  }

  /** Async: what the callback throws or rejects with is the application's to hear of, and ends nothing. */
  async #announce(session: RpcSession): Promise<void> {
    try {
      await (this.#options.onSession?.(session) as unknown)
    } catch (thrown) {
      this.#errorPolicy.report(thrown, { service: 'session', method: 'onSession' })
    }
  }
}

/** A guest, and what its session needs. */
interface NewSession extends Guest {
  readonly reference: Uint8Array
  readonly durable: DurableCalls
  readonly owned: Owned
}

/** The session, once there is one. */
interface Owned {
  session: Session | undefined
}

interface Owner {
  readonly session: RpcSession
  readonly dialogues: Dialogues
}
