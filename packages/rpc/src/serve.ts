// The serving side: offers services on one or more transport addresses and keeps the sessions it let in.
import { acceptSessions, hexOf, lifeUnits, memoryStore, SessionAcceptor } from '@parley/core'
import type {
  Admitted,
  Applicant,
  CheckpointStore,
  Clock,
  Denied,
  Session,
  SessionEnd,
  SessionListening,
  SessionRequest,
  Transport,
  Unit,
} from '@parley/core'
import { ActivityRuns } from './activity/runs.ts'
import type { CallOptions } from './call-options.ts'
import { Door, type DoorOptions, type Guest } from './door.ts'
import { Durability } from './durable/durability.ts'
import { Upkeep } from './durable/upkeep.ts'
import { RpcError } from './errors.ts'
import type { Interceptor } from './interceptors.ts'
import type { SessionLimits } from './limits.ts'
import type { ErrorOptions } from './peer/error-policy.ts'
import {
  activityUnits,
  agree,
  assertUnits,
  dialogueUnits,
  encodeHello,
  greetingCodec,
  newSecret,
  Welcomes,
} from './peer/handshake.ts'
import { lifeLimits } from './peer/life-limits.ts'
import { settingOf, type SessionSetting } from './peer/session-setting.ts'
import { ownOptions } from './own-options.ts'
import type { Codec } from './presentation/codec.ts'
import { ppduSealing } from './presentation/ppdu.ts'
import type { DrainOptions, DrainReport, ReleaseOptions, SessionDrained } from './release.ts'
import type { ServiceImplementation } from './service/implementation.ts'
import { Resident, type Arriving, type Residence } from './resident.ts'
import type { RpcSession } from './session.ts'
import { assertTransport } from './transport-given.ts'

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
  readonly #setting: SessionSetting
  readonly #door: Door
  readonly #durability: Durability
  readonly #welcomes: Welcomes
  readonly #upkeep: Upkeep
  readonly #runs: ActivityRuns
  readonly #acceptor: SessionAcceptor
  readonly #residence: Residence
  readonly #sessions = new Set<RpcSession>()
  /** What a dialogue or an activity names the session by that it belongs to. */
  readonly #byReference = new Map<string, Resident>()
  readonly #listening: SessionListening[] = []
  #closing: Promise<void> | undefined
  #draining: Promise<DrainReport> | undefined
  /** Clients that leave come back to another server. */
  #handsOver = false

  constructor(options: ServeOptions) {
    this.#options = options
    const setting = settingOf(options)
    const { codec, clock, limits, registry, errorPolicy } = setting
    this.#setting = setting
    this.#door = new Door({ ...options, clock, limits, codecName: codec.name, errorPolicy })
    const store = options.store ?? memoryStore()
    registry.assertKept(store.capabilities)
    this.#durability = new Durability(store, limits)
    const { isDurable, keeping } = this.#durability
    this.#welcomes = new Welcomes(greetingCodec(), limits, codec.name, isDurable)
    this.#upkeep = new Upkeep(store, clock)
    this.#runs = new ActivityRuns({ ...keeping, codec, limits, registry, errorPolicy })
    this.#upkeep.add(this.#runs)
    this.#residence = { setting, left: (resident, end) => this.#left(resident, end) }
    this.#acceptor = new SessionAcceptor({
      limits: lifeLimits(limits),
      clock,
      sealing: ppduSealing,
      admit: (applicant) => this.#admit(applicant),
      onSession: (session, arriving) => this.#begin(session, arriving as Arriving),
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
    for (const transport of transports) assertTransport(transport, 'serve')
    const units = [...new Set([...lifeUnits, ...dialogueUnits, ...activityUnits])]
    const options = {
      units,
      versions: [2] as const,
      limits: lifeLimits(this.#setting.limits),
      clock: this.#setting.clock,
    }
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
    await this.#runs.close('the server is closing')
    await Promise.all([...this.#sessions].map((session) => session.close()))
  }

  async #drain(options: DrainOptions): Promise<DrainReport> {
    this.#handsOver = ownOptions(options).handover === true
    const listening = this.#stopListening()
    const drained = await Promise.all([...this.#sessions].map((session) => session.drain(options)))
    await listening
    await this.#runs.close('the server has gone down')
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

  /**
   * A CONNECT: for a session, new or to be had back, which has symmetric sync; for a dialogue, which is
   * half-duplex; or for an activity.
   */
  #asked(request: SessionRequest): void | Promise<void> {
    if (!this.#door.offers(request.calledSelector)) {
      request.refuse({ reason: 'selector-unknown' })
      return undefined
    }
    if (request.units.includes('half-duplex')) return this.#admitBeside(request, dialogueUnits)
    if (!request.units.includes('symmetric-sync')) return this.#admitBeside(request, activityUnits)
    return this.#acceptor.take(request)
  }

  /** At once, where nobody has to be waited for: neither the authenticator nor the store. */
  #admit(applicant: Applicant): Admitted | Denied | Promise<Admitted | Denied> {
    const { userData, resumes, waits } = applicant
    const deny = (thrown: unknown): Denied => ({ admit: false, userData: this.#door.refusalOf(thrown) })
    try {
      const guest = this.#door.admit(userData, applicant)
      const welcome = andThen(guest, (one) => this.#welcome(one, resumes, waits))
      return welcome instanceof Promise ? welcome.catch(deny) : welcome
    } catch (thrown) {
      return deny(thrown)
    }
  }

  #welcome(guest: Guest, resumes: boolean, waits: () => boolean): Admitted | Promise<Admitted> {
    const { key } = guest
    if (resumes) return { admit: true, principal: key }
    const calls = this.#durability.of(guest, waits)
    return andThen(calls, (durable) => {
      const reference = newSecret()
      const hello = this.#welcomes.with(reference)
      const { principal, hello: greeting } = guest
      const agreed = agree(this.#setting.limits, greeting)
      const context: Arriving = { principal, agreed, durable, reference: hexOf(reference) }
      return { admit: true, principal: key, userData: hello, context }
    })
  }

  #begin(connection: Session, arriving: Arriving): void {
    const resident = new Resident(this.#residence, connection, arriving)
    this.#sessions.add(resident.session)
    this.#byReference.set(resident.reference, resident)
    if (resident.durable.records) this.#upkeep.add(resident.durable)
    if (this.#options.onSession !== undefined) void this.#announce(resident.session)
  }

  #left({ durable, reference, session }: Resident, { reason }: SessionEnd): void {
    this.#upkeep.remove(durable)
    // In agreement: then its client does not come back for outcomes.
    if (reason === 'released' && !this.#handsOver) void durable.end()
    this.#sessions.delete(session)
    this.#byReference.delete(reference)
  }

  /** The reference is as secret as the session: who has it shares the session's limits, not its principal. */
  async #admitBeside(request: SessionRequest, units: readonly Unit[]): Promise<void> {
    try {
      const { userData } = request
      const greeting = userData === undefined ? undefined : ppduSealing.unseal('connect', userData)
      assertUnits(request.units, units)
      const { hello, principal, key } = await this.#door.admit(greeting, request)
      const owner = this.#byReference.get(hexOf(hello.extras.reference ?? NO_OCTETS))
      if (owner === undefined) throw new RpcError('UNAVAILABLE', 'the session this belongs to is over')
      const { session, dialogues, activities } = owner
      const { fullBecause } = units === dialogueUnits ? dialogues : activities
      if (fullBecause !== undefined) throw fullBecause
      if (!request.pending) return
      const answer = encodeHello(greetingCodec(), this.#setting.limits, this.#setting.codec.name)
      const accepted = { units, userData: ppduSealing.seal('connect', answer) }
      const host = { clock: this.#setting.clock, limits: this.#setting.limits, principal, session }
      if (units === dialogueUnits) dialogues.answer(request.accept(accepted), host)
      else activities.answer(request.accept(accepted), host, key, this.#runs)
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
      this.#setting.errorPolicy.report(thrown, { service: 'session', method: 'onSession' })
    }
  }
}

const NO_OCTETS = new Uint8Array(0)

/** Goes on with a value: now, if it is here. */
function andThen<A, B>(value: A | Promise<A>, goOn: (value: A) => B | Promise<B>): B | Promise<B> {
  return value instanceof Promise ? value.then(goOn) : goOn(value)
}
