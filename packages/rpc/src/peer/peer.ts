// One side of an RPC session: takes SSDUs apart, hands each message to the caller or the dispatcher, and
// sends what they have to say. The only file that knows both the session connection and the RPC messages.
import type { Clock } from '@parley/core'
import { RpcError } from '../errors.ts'
import { rpcLimits, type SessionLimits } from '../limits.ts'
import { MalformedError, type Codec } from '../presentation/codec.ts'
import { messageProblem, messageType, type Message } from '../presentation/messages.ts'
import { dataContent } from '../presentation/ppdu.ts'
import { errorToWire } from '../presentation/wire-error.ts'
import type { RpcSession } from '../session.ts'
import type { DurableCalls } from '../durable/durable-calls.ts'
import { Answers } from './answers.ts'
import { Caller } from './caller.ts'
import { Dispatcher } from './dispatcher.ts'
import type { Agreed } from './handshake.ts'
import type { ErrorPolicy } from './error-policy.ts'
import type { IncomingCall } from './incoming-call.ts'
import { Outbox } from './outbox.ts'
import { callError, handlerError, stackOf, withoutDetails } from './outgoing-error.ts'
import type { PeerConnection, PeerParts, PeerSetting, PeerUser } from './peer-parts.ts'
import type { Producer } from './producer.ts'
import { routeControl, routeValues } from './routes.ts'

/** Both halves of RPC on one session connection. */
export class Peer {
  dispatcher: Dispatcher
  readonly answers: Answers
  /** What is recorded of the calls answered here. */
  readonly durable: DurableCalls | undefined
  readonly clock: Clock
  readonly limits: SessionLimits
  agreed: Agreed
  readonly principal: unknown
  readonly #setting: PeerSetting
  #connection: PeerConnection
  readonly #codec: Codec
  readonly #outbox: Outbox
  /** Made for the first call from here: most servers make none. */
  #caller: Caller | undefined
  /**
   * A Set: a peer that grants credit again and again must not make it grow. Made for the first that waits.
   */
  #waiting: Set<Producer> | undefined
  /** Answers that wait for room. */
  #answers = NO_ANSWERS
  #closedWhy: string | undefined
  /** Why no call can be made any more. */
  #noCallsWhy: string | undefined
  /** Why this side takes no new calls. */
  #leavingWhy: string | undefined
  /** Calls wait for another server: this one is gone, or has asked this side to move. */
  #moving = false
  readonly #user: PeerUser
  #held = false
  #quiet: (() => void)[] | undefined

  constructor(setting: PeerSetting, parts: PeerParts, user: PeerUser) {
    const { codec, clock, limits, registry, errorPolicy } = setting
    this.clock = clock
    this.limits = limits
    this.agreed = parts.agreed
    this.principal = parts.principal
    this.#setting = setting
    this.#connection = user.connection
    this.#codec = codec
    this.#user = user
    this.durable = parts.durable
    this.answers = new Answers(codec, parts.agreed.peerMaxMessageLength, errorPolicy)
    this.#outbox = new Outbox(user.connection, codec)
    this.dispatcher = new Dispatcher(this, registry)
  }

  get session(): RpcSession {
    return this.#user.session
  }

  get caller(): Caller {
    if (this.#caller === undefined) this.#outbox.listener = this.#caller = new Caller(this)
    return this.#caller
  }

  // What comes in

  /** An SSDU of S-DATA. */
  data(ssdu: Uint8Array): void {
    this.#decode(ssdu, this.#onValues)
  }

  /** An SSDU of S-TYPED-DATA. */
  typedData(ssdu: Uint8Array): void {
    this.#decode(ssdu, this.#onControl)
  }

  /** The connection has room again. */
  drained(): void {
    while (this.writable && this.#answers.length > 0) this.#answers.shift()?.()
    this.#caller?.drained()
    this.dispatcher.startHeld()
    if (this.#waiting === undefined) return
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const producer of waiting) producer.wake()
  }

  /** The session is over; every call ends. Idempotent. */
  lost(why: string): void {
    if (this.#closedWhy !== undefined) return
    this.#closedWhy = why
    this.#noCallsWhy = why
    this.#outbox.close()
    this.#waiting?.clear()
    this.#answers = NO_ANSWERS
    this.#caller?.lost(why)
    this.dispatcher.lost(why)
    this.quieter()
  }

  /** Ends the session because the other side broke the RPC protocol. */
  violation(what: string): void {
    if (this.#closedWhy !== undefined) return
    const text = `the RPC protocol was broken: ${what}`
    const userData = this.#codec.encode(errorToWire(new RpcError('ABORTED', text))).slice()
    this.lost(text)
    this.#connection.abort(userData)
  }

  /**
   * Goes on with another session: what the server that is gone had promised is asked for again, and what it
   * had asked for has ended.
   */
  renew(connection: PeerConnection, agreed: Agreed): void {
    this.#connection = connection
    this.agreed = agreed
    this.#outbox.retarget(connection)
    this.#waiting?.clear()
    // Handlers that are told to stop may still make calls, which wait until all others were asked again.
    const old = this.dispatcher
    this.dispatcher = new Dispatcher(this, this.#setting.registry)
    old.lost('the server that had asked for this is gone')
    this.#moving = false
    this.#noCallsWhy = undefined
    this.#held = false
    this.#caller?.renewed()
    if (this.#leavingWhy !== undefined) this.sendControl([messageType.leaving, this.#leavingWhy])
    this.quieter()
  }

  /** The session is gone, and another one is being opened: nothing is sent, and calls wait. */
  away(): void {
    this.#moving = true
    this.#held = true
    this.#outbox.hold()
  }

  // What goes out

  /** Throws when no call can be made any more. */
  assertOpen(): void {
    if (this.#noCallsWhy !== undefined) {
      throw new RpcError('UNAVAILABLE', this.#noCallsWhy, { outcome: 'not-started' })
    }
  }

  get writable(): boolean {
    return !this.#held && this.#connection.writable
  }

  /** Calls back when the connection is `writable` again; not when the session ends before. */
  whenRoom(answer: () => void): void {
    if (this.#answers === NO_ANSWERS) this.#answers = []
    this.#answers.push(answer)
  }

  whenWritable(producer: Producer): void {
    this.#waiting = (this.#waiting ?? new Set<Producer>()).add(producer)
  }

  /** Sends a message of values and returns its length. Throws ValueError, or RpcError when it is too long. */
  sendValues(message: Message): number {
    return this.#outbox.values(message, this.agreed.peerMaxMessageLength)
  }

  /** Sends the value that ends a call. Its large binary values must not change until they have left. */
  sendResult(message: Message): void {
    this.#outbox.borrowedValues(message, this.agreed.peerMaxMessageLength)
  }

  sendControl(message: Message): void {
    this.#outbox.control(message)
  }

  /** Sends a call. Throws an RpcError INVALID_ARGUMENT or RESOURCE_EXHAUSTED when it cannot travel. */
  sendCall(message: Message): void {
    try {
      this.#outbox.borrowedValues(message, this.agreed.peerMaxMessageLength)
    } catch (thrown) {
      throw callError(thrown)
    }
  }

  /** A call encoded for later. Throws like {@link sendCall}. */
  encode(message: Message): Uint8Array {
    try {
      return this.#outbox.encode(message, this.agreed.peerMaxMessageLength).slice()
    } catch (thrown) {
      throw callError(thrown)
    }
  }

  /**
   * Sends a call that was encoded before. If it has a deadline, less time is left by now than it says, and
   * its method may have another number.
   */
  sendQueued(octets: Uint8Array, ref: number | undefined, timeLeft: number | undefined): void {
    if (timeLeft === undefined && ref === undefined) return this.#outbox.encoded(octets)
    this.#codec.decode(octets, ([type, id, oldRef, args, options]) => {
      const [, metadata, channels, key] = (options ?? []) as unknown[]
      this.sendValues([type, id, ref ?? oldRef, args, [timeLeft ?? null, metadata, channels, key]])
    })
  }

  /** Sends an answer that was encoded before. */
  sendRecorded(octets: Uint8Array): void {
    this.#outbox.encoded(octets)
  }

  /** Answers a call that was not run. */
  sendRejection(id: number, error: RpcError): void {
    this.sendFailure([messageType.error, id], error)
  }

  /** Sends a message that something waits for. When it is too long for the peer, the session cannot go on. */
  sendFinal(message: Message): void {
    try {
      this.sendValues(message)
    } catch {
      this.violation('the messages it takes are too short to end a call with')
    }
  }

  /**
   * Sends an error as the last field of `message`, with less in it where all of it cannot travel. Never
   * throws: getters of the error may, and its details are the application's. Returns why less was sent.
   */
  sendFailure(message: Message, error: RpcError, stack?: string): unknown {
    try {
      this.sendValues([...message, errorToWire(error, stack)])
      return undefined
    } catch (unsendable) {
      try {
        this.sendValues([...message, errorToWire(withoutDetails(error))])
      } catch {
        this.sendFinal([...message, ['RESOURCE_EXHAUSTED']])
      }
      return unsendable
    }
  }

  /**
   * Answers a call with an error made of whatever its handler threw, and reports what the peer is not told.
   */
  sendError(call: IncomingCall, thrown: unknown): void {
    if (this.#closedWhy !== undefined) return
    const error = handlerError(this.#setting.errorPolicy, call, thrown)
    const stack = this.#setting.errorPolicy.exposes === 'stack' ? stackOf(thrown) : undefined
    const unsendable = this.sendFailure([messageType.error, call.id], error, stack)
    if (unsendable !== undefined) this.report(unsendable, call)
  }

  get errorPolicy(): ErrorPolicy {
    return this.#setting.errorPolicy
  }

  /** Tells the developer of an error that the peer is not told in full. Returns the id that stands for it. */
  report(thrown: unknown, call: IncomingCall): string {
    return this.#setting.errorPolicy.report(thrown, call)
  }

  // Leaving

  /** Calls, dialogues and activities in progress, made and answered. */
  get activeCalls(): number {
    return this.#user.beside + (this.#caller?.size ?? 0) + this.dispatcher.size
  }

  /** Why this side takes no new calls; undefined: it does. */
  get leavingWhy(): string | undefined {
    return this.#leavingWhy
  }

  /** True while calls are not sent but wait for another server. */
  get moving(): boolean {
    return this.#moving
  }

  /**
   * From now on no new calls are taken, and the other side is told so. One that is asked to move makes none
   * any more once it has heard so; those on their way are taken.
   */
  leave(reason: string, move = false): void {
    if (this.#closedWhy !== undefined) return
    const why = reason.slice(0, rpcLimits.reasonLength)
    if (!move) this.#leavingWhy ??= why
    const message: Message = [messageType.leaving, why]
    this.sendControl(move ? [...message, true] : message)
  }

  /** Resolves when no call is in progress but those that wait for a move, or the session is over. */
  async whenQuiet(): Promise<void> {
    while (this.#busy && this.#closedWhy === undefined)
      await new Promise<void>((resolve) => (this.#quiet ??= []).push(resolve))
  }

  get #busy(): boolean {
    if (!this.#moving) return this.activeCalls > 0
    return this.activeCalls > this.#user.besideWaiting + (this.#caller?.queued ?? 0)
  }

  /** The last call of one kind has ended. */
  quieter(): void {
    for (const tell of this.#quiet?.splice(0) ?? []) tell()
  }

  /** Nothing leaves until {@link goesOn}: the other side has been asked for the release. */
  hold(): void {
    this.flush()
    this.#held = true
    this.#outbox.hold()
  }

  /** The session goes on. */
  goesOn(): void {
    this.#held = false
    this.#outbox.resume()
    this.drained()
  }

  /** Sends what waits, at once. */
  flush(): void {
    this.#outbox.flush()
  }

  #decode(ssdu: Uint8Array, visit: Visit): void {
    if (this.#closedWhy !== undefined) return
    const content = dataContent(ssdu)
    if (content === undefined) {
      this.violation('an SSDU that is no data PPDU (X.226)')
      return
    }
    try {
      this.#codec.decode(content, visit)
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown
      this.violation(thrown.message)
    }
  }

  readonly #onValues: Visit = (message, length, problem) => {
    if (this.#closedWhy !== undefined) return
    const wrong = messageProblem(message, 'values')
    if (wrong !== undefined) this.violation(wrong)
    else routeValues(message, length, problem, this)
  }

  readonly #onControl: Visit = (message) => {
    if (this.#closedWhy !== undefined) return
    const wrong = messageProblem(message, 'control')
    if (wrong !== undefined) this.violation(wrong)
    else if (message[0] === messageType.leaving) this.#peerLeaves(message[1] as string, message[2] === true)
    else routeControl(message, this)
  }

  #peerLeaves(reason: string, move: boolean): void {
    const why = reason.slice(0, rpcLimits.reasonLength)
    if (this.#noCallsWhy !== undefined || this.#moving) return
    const user = this.#user
    if (move && user.movable) {
      this.#moving = true
      user.onLeaving(why)
      user.onMove()
      return
    }
    this.#noCallsWhy = `the other side is leaving: ${why}`
    user.onLeaving(why)
  }
}

type Visit = (message: Message, length: number, problem: string | undefined) => void

/** Most peers never have one waiting. Nothing is put on it. */
const NO_ANSWERS: (() => void)[] = []
