// An activity as its caller holds it: one handle over as many connections as it takes. Whatever happens, its
// items and its result settle once.
import type { SessionConnection, Timer } from '@parley/core'
import { BehaviorSubject, Observable } from '../rx.ts'
import type { ActivityPlace, ActivityState, RemoteActivity } from '../activity.ts'
import { metadataFromWire } from '../call-options.ts'
import { RpcError } from '../errors.ts'
import { rpcLimits } from '../limits.ts'
import { newAbortController } from '../platform/platform.ts'
import { currentCall, type AmbientCall } from '../peer/ambient-call.ts'
import { Consumer } from '../peer/consumer.ts'
import { ofCallHere } from '../peer/nested.ts'
import { callError } from '../peer/outgoing-error.ts'
import { cancelled, REASON_DEADLINE } from '../peer/pending.ts'
import { activityMessage, stopReason } from '../presentation/activity-messages.ts'
import type { Message } from '../presentation/messages.ts'
import { errorFromWire } from '../presentation/wire-error.ts'
import { beginMessage } from './beginning.ts'
import { Begun } from './begun.ts'
import { InputFeed } from './input-feed.ts'
import { ActivityLink, type LinkListener } from './link.ts'
import type { ActivityOpening } from './opening.ts'
import { isPassing, withDetails } from './passing.ts'
import { pairsIn, triplesIn } from './pairs.ts'
import { Patience } from './patience.ts'
import { Taken } from './taken.ts'

/** See {@link RemoteActivity}. */
export class ActivityHandle implements RemoteActivity<unknown, unknown>, LinkListener {
  readonly result: Promise<unknown>
  readonly #opening: ActivityOpening
  readonly #call: AmbientCall | undefined = currentCall()
  readonly #consumer: Consumer<unknown>
  readonly #taken: Taken
  readonly #states = new BehaviorSubject<ActivityState>('waiting')
  readonly #feeds: ReadonlyMap<number, InputFeed>
  readonly #patience: Patience
  #settle: { resolve(value: unknown): void; reject(error: RpcError): void } = NOBODY
  /** Items it had before this handle. */
  #base: number | undefined
  #args: unknown[] | undefined
  readonly #asked: Begun
  #begun = false
  #over = false
  #connecting: ReturnType<typeof newAbortController> | undefined
  #link: ActivityLink | undefined
  #attached = false
  /** Connections of this handle; and those that it has begun on, one of somebody else's among them. */
  #connections = 0
  #times: number
  /** The points set on this connection that were not confirmed, and the last one's serial number. */
  #points: { readonly serial: number; readonly at: number }[] = []
  #lastPoint = 0
  /** Whoever waits for it to be put down. */
  #putDown: Promise<ActivityPlace> | undefined
  #tellPutDown: (place: ActivityPlace) => void = () => undefined
  /** How it is to be stopped, and how it ends here then. */
  #lastWord: { readonly message: Message; readonly error: RpcError } | undefined
  #cutOff: Timer | undefined

  constructor(opening: ActivityOpening) {
    const { words, inputs, options, limits, clock, told } = opening
    const { position = 0, resume = false } = options.activity ?? {}
    this.#opening = opening
    this.#base = position === 'oldest' ? undefined : position
    this.#asked = new Begun(resume)
    this.#times = resume ? 1 : 0
    this.#patience = new Patience(clock, limits)
    this.#feeds = new Map(
      inputs.map(([channel, source]) => [channel, new InputFeed(channel, source, words, told, this.#call)]),
    )
    this.#consumer = new Consumer<unknown>(
      {
        open: () => this.#begin(),
        grant: (octets) => this.#grant(octets),
        cancel: () => this.#cancel(cancelled(undefined), stopReason.discard),
      },
      Math.min(limits.streamWindow, rpcLimits.activityWindow),
    )
    this.#taken = new Taken(this.#consumer, () => this.#confirm())
    this.result = new Promise((resolve, reject) => (this.#settle = { resolve, reject }))
    // Whoever reads the items hears of it there.
    this.result.catch(() => undefined)
  }

  get id(): string {
    return this.#opening.id
  }

  get position(): number {
    return (this.#base ?? 0) + this.#taken.given
  }

  get state(): Observable<ActivityState> {
    return this.#states
  }

  get observable(): Observable<unknown> {
    return this.#taken.observable
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return this.#taken.iterate()
  }

  async run(each?: (item: unknown) => unknown): Promise<unknown> {
    for await (const item of this) await each?.(item)
    return this.result
  }

  interrupt(reason?: string): Promise<ActivityPlace> {
    if (this.#over) return Promise.resolve(this.#place)
    this.#putDown ??= new Promise((resolve) => (this.#tellPutDown = resolve))
    const why = (reason ?? 'its caller put it down').slice(0, rpcLimits.reasonLength)
    const put = new RpcError('ABORTED', `the activity was put down: ${why}`, this.#lostOptions)
    this.#say([activityMessage.stop, stopReason.interrupt, why], put)
    if (this.#link === undefined) this.#end(put)
    return this.#putDown
  }

  // What the session has to say

  /** True while it has a connection. */
  get connected(): boolean {
    return this.#link !== undefined
  }

  /** The session has lost its own connection: this one's is not to be trusted either. */
  suspect(): void {
    this.#link?.abort(new RpcError('UNAVAILABLE', 'the session lost its connection', { outcome: 'unknown' }))
  }

  /** The session is there again. */
  wake(): void {
    this.#patience.wake()
  }

  /** The session is over. */
  lost(why: string): void {
    const error = new RpcError('UNAVAILABLE', why, this.#lostOptions)
    this.#lastWord = undefined
    this.#end(error)
    this.#patience.wake()
    this.#connecting?.abort()
    this.#link?.abort(error)
  }

  // What the link tells

  onMessage(message: Message, length: number): void {
    const [type, first] = message
    if (!this.#attached && type !== activityMessage.attached)
      return this.#link?.violation('it was not attached to')
    switch (type) {
      case activityMessage.attached:
        return this.#onAttached(first as number, message[2] as unknown[])
      case activityMessage.item:
        this.#patience.progress()
        this.#taken.came(length)
        if (!this.#consumer.receive(first, length)) this.#link?.violation('items came without credit')
        return
      case activityMessage.result:
        return this.#end(undefined, first)
      case activityMessage.error:
        return this.#end(errorFromWire(first as unknown[]))
      case activityMessage.head:
        return this.#tellMetadata(first as object)
      case activityMessage.inputCredit:
        return this.#feeds.get(first as number)?.credit(message[2] as number)
      case activityMessage.inputCancel:
        return this.#feeds.get(first as number)?.stop()
      default:
        this.#link?.violation('a message that only a caller sends')
    }
  }

  onPoint(serial: number, note: readonly unknown[] | undefined): void {
    this.#patience.progress()
    this.#lastPoint = serial
    const at = (this.#base ?? 0) + this.#consumer.received
    if (this.#points.at(-1)?.at === at) this.#points.pop()
    this.#points.push({ serial, at })
    const [inputs] = note ?? []
    if (Array.isArray(inputs))
      for (const [channel, position] of pairsIn(inputs)) this.#feeds.get(channel)?.secured(position)
    this.#confirm()
  }

  onConfirmed(): void {
    this.#link?.violation('a confirmation of a point that was not set')
  }

  onRoom(): void {
    for (const feed of this.#feeds.values()) feed.pump()
  }

  onInterrupted(reason: string | undefined): void {
    if (this.#putDown !== undefined)
      this.#end(new RpcError('ABORTED', 'the activity was put down', this.#lostOptions))
    else this.#patience.because = reason
  }

  onClosed(error: RpcError | undefined): void {
    this.#asked.lost(error)
    this.#link = undefined
    this.#attached = false
    this.#points = []
    this.#cutOff?.cancel()
    this.#cutOff = undefined
    for (const feed of this.#feeds.values()) feed.detach()
    this.#opening.moved()
    if (error === undefined || !isPassing(error)) this.#lastWord = undefined
    // Nobody is to wait for a server that may be away for long.
    if (this.#lastWord !== undefined) this.#end(this.#lastWord.error)
    if (!this.#isWanted) return this.#opening.over()
    if (error !== undefined && !isPassing(error)) return this.#fail(error)
    if (!this.#over) this.#states.next('suspended')
    void this.#connect()
  }

  // How it goes

  get #place(): ActivityPlace {
    return { id: this.id, position: this.position }
  }

  /** What an error says that ends the activity here, and not where it is worked on. */
  get #lostOptions(): { outcome: 'unknown'; details: ActivityPlace } {
    return { outcome: 'unknown', details: this.#place }
  }

  /** Items that the consumer has had and is done with. */
  get #had(): number {
    return (this.#base ?? 0) + this.#taken.done
  }

  #begin(): void {
    if (this.#begun || this.#over) return
    this.#begun = true
    const { guard, clock, options, begun } = this.#opening
    begun()
    if (options.signal?.aborted === true || this.#call?.aborted === true)
      return this.#fail(cancelled(options.signal?.reason, 'not-started'))
    guard.watch(clock, options, this.#call, (error, reason) =>
      this.#cancel(error, reason === REASON_DEADLINE ? stopReason.deadline : stopReason.discard),
    )
    void this.#connect()
  }

  /** Connects, again and again while that may help. Never rejects. */
  async #connect(): Promise<void> {
    while (this.#isWanted) {
      try {
        await this.#patience.wait()
        if (!this.#isWanted) break
        if (this.#patience.isOver) return this.#fail(this.#patience.error(this.#lostOptions))
        const controller = (this.#connecting = newAbortController())
        this.#attach(await this.#opening.connect(controller.signal))
        return
      } catch (thrown) {
        const error = RpcError.from(callError(thrown), 'UNAVAILABLE', 'unknown')
        // The server may not have noticed yet that the last connection is lost, and counts it.
        const isFull = this.#asked.isAsked && error.code === 'RESOURCE_EXHAUSTED'
        if (!isFull && !isPassing(error)) return this.#fail(error)
        this.#patience.failed(error)
      }
    }
    this.#opening.over()
  }

  #attach(connection: SessionConnection): void {
    const { words, beginning, wireOptions, moved } = this.#opening
    const link = new ActivityLink(connection, words, this)
    if (!this.#isWanted) return link.abort(cancelled(undefined))
    const position = this.#base === undefined ? undefined : this.#base + this.#consumer.received
    const { allowance: credit } = this.#consumer
    const server = this.#opening.server()
    try {
      const mode = this.#asked.mode(server)
      const options = wireOptions()
      // They are said again as they were, whatever the caller does with them meanwhile.
      const args = (this.#args ??= words.readValue(words.value(beginning.args)) as unknown[])
      const connection = ++this.#connections
      const had = this.#base === undefined ? undefined : this.#had
      const message = beginMessage({ ...beginning, args, mode, position, had, connection, credit, options })
      this.#link = link
      // What has ended already says so by itself.
      if (!link.open) return
      link.begin(message, this.#times, this.#lastPoint)
      link.watch(this.#opening.clock, this.#patience)
    } catch (thrown) {
      this.#fail(RpcError.from(callError(thrown), 'INVALID_ARGUMENT', 'not-started'))
      return link.abort(cancelled(undefined))
    }
    this.#times += 1
    this.#asked.asked(server)
    moved()
    if (this.#lastWord !== undefined) this.#say(this.#lastWord.message, this.#lastWord.error)
  }

  /**
   * True while a connection is wanted: if only to have it discarded. To be put down it needs none: whoever
   * goes on with it is not to be disturbed by that.
   */
  get #isWanted(): boolean {
    return !this.#over || this.#lastWord?.message[1] === stopReason.discard
  }

  /** Has it stopped where it is worked on, which is cut off when that takes too long. */
  #say(message: Message, error: RpcError): void {
    this.#lastWord = this.#times === 0 ? undefined : { message, error }
    if (this.#link === undefined) return
    this.#link.control(message)
    this.#cutOff ??= this.#whenLate(error)
  }

  #onAttached(position: number, inputs: readonly unknown[]): void {
    if (this.#attached) return this.#link?.violation('it was attached to twice')
    this.#attached = true
    this.#base ??= position
    if (position !== this.#base + this.#consumer.received)
      return this.#link?.violation('it goes on from another position')
    this.#asked.attached()
    this.#patience.attached()
    const link = this.#link
    if (link === undefined || this.#over) return
    this.#states.next('running')
    try {
      for (const [channel, from, credit] of triplesIn(inputs))
        this.#feeds.get(channel)?.attach(link, from, credit)
    } catch (thrown) {
      // It cannot be gone on with from here: the server puts it down, and somebody else may.
      this.#end(RpcError.from(thrown))
      const message = [activityMessage.stop, stopReason.interrupt, 'its input cannot be had again']
      this.#say(message, cancelled(undefined))
    }
  }

  /** Says what was consumed, and had. */
  #grant(octets: number): void {
    this.#taken.told(octets === 0)
    this.#link?.control([activityMessage.credit, octets, this.#had])
  }

  /** Confirms the points whose items were all had; and that large ones were, which are kept until then. */
  #confirm(): void {
    if (this.#taken.isUntold) this.#grant(0)
    let last: number | undefined
    while ((this.#points[0]?.at ?? Infinity) <= this.#had) last = this.#points.shift()?.serial
    if (last !== undefined) this.#link?.confirm(last)
  }

  #cancel(error: RpcError, reason: number): void {
    if (this.#over) return
    this.#say([activityMessage.stop, reason], error)
    this.#end(reason === stopReason.deadline ? withDetails(error, this.#place) : error)
    if (!this.#isWanted) this.#connecting?.abort()
  }

  /** Cuts off what the other side does not end in time. */
  #whenLate(error: RpcError): Timer {
    return this.#opening.clock.setTimer(this.#opening.limits.closeTimeout, () => {
      this.#end(error)
      this.#link?.abort(error)
    })
  }

  #fail(error: RpcError): void {
    this.#lastWord = undefined
    this.#end(this.#asked.told(error))
    if (this.#link === undefined) this.#opening.over()
  }

  #end(error: RpcError | undefined, result?: unknown): void {
    if (this.#over) return
    this.#begun = this.#over = true
    this.#opening.guard.release()
    this.#patience.wake()
    for (const feed of this.#feeds.values()) feed.stop()
    if (error === undefined) this.#settle.resolve(result)
    else this.#settle.reject(ofCallHere(error))
    this.#consumer.end(error)
    this.#tellPutDown(this.#place)
    this.#states.next('over')
    this.#states.complete()
  }

  #tellMetadata(record: object): void {
    const metadata = metadataFromWire(record, this.#opening.limits.metadataLength)
    if (metadata === undefined) return this.#link?.violation('metadata that is none')
    try {
      this.#opening.guard.onMetadata?.(metadata)
    } catch (thrown) {
      this.#cancel(RpcError.from(thrown, 'ABORTED', 'unknown'), stopReason.discard)
    }
  }
}

const NOBODY = { resolve: () => undefined, reject: () => undefined }
