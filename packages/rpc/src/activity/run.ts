// An activity as the server works on it: drives the method's generator, makes its checkpoints, and sends what
// it yields to whoever is connected. It outlives its connections: without one it goes on as far as there is
// room for what it yields, and stops when nobody has come back in time.
import { StoreFailure, type Timer } from '@parley/core'
import type { Checkpoint } from '../activity.ts'
import { metadataToWire } from '../call-options.ts'
import { Fenced } from '../durable/ledger.ts'
import { isInstance, RpcError } from '../errors.ts'
import { rpcLimits } from '../limits.ts'
import { ambientCall } from '../peer/ambient-call.ts'
import type { ConsumerChannel } from '../peer/consumer.ts'
import { callError } from '../peer/outgoing-error.ts'
import { activityMessage } from '../presentation/activity-messages.ts'
import { iterateSource } from '../stream-source.ts'
import type { Backlog, Entry } from './backlog.ts'
import { SUPERSEDED } from './asker.ts'
import { CheckpointMaker } from './checkpoint-maker.ts'
import { IncomingActivity } from './incoming-activity.ts'
import type { ActivityLink } from './link.ts'
import { isFailure, outcomeOf, type Ended } from './outcome.ts'
import type { ActivityRecord, Kept } from './record.ts'
import { resumeLost } from './resume-lost.ts'
import type { Attaching, RunParts, Stop } from './run-parts.ts'

/** See the head of this file. */
export class ActivityRun {
  readonly call: IncomingActivity
  readonly #parts: RunParts
  readonly #backlog: Backlog
  readonly #checkpoints: CheckpointMaker
  #link: ActivityLink | undefined
  /** The connection on which the metadata of the method was sent. */
  #headedFor: ActivityLink | undefined
  /** The points that were set on this connection and are not confirmed. */
  #points: { readonly serial: number; readonly at: number }[] = []
  #iterator: Generating | undefined
  #pulling = false
  #finishing = false
  /** The message that it ends with. */
  #outcome: Uint8Array | undefined
  #failed = false
  #stopping: Stop | undefined
  #over = false
  #abandoned: Timer | undefined
  readonly #ended: Promise<void>
  #tellEnded: () => void = () => undefined

  constructor(parts: RunParts) {
    const { host, served, args, channels, kept, record, id } = parts
    this.#parts = parts
    this.#backlog = kept.backlog
    this.#ended = new Promise((resolve) => (this.#tellEnded = resolve))
    this.call = new IncomingActivity(host, served, args, channels, kept.inputs, {
      checkpoint: this.#checkpoint(kept),
      stop: (reason) => this.stop('interrupt', reason),
      inputChannel: (channel) => this.#inputChannel(channel),
    })
    this.call.key = id
    this.#outcome = kept.outcome
    this.#failed = kept.outcome !== undefined && isFailure(parts.words, kept.outcome)
    this.#checkpoints = new CheckpointMaker(record, kept.backlog, served.description.replay)
  }

  /** Resolves when the method has ended, whatever came of it. */
  get ended(): Promise<void> {
    return this.#ended
  }

  /** True from the moment it is to stop. */
  get isStopping(): boolean {
    return this.#stopping !== undefined
  }

  /** What is kept of it. */
  get record(): ActivityRecord {
    return this.#parts.record
  }

  /** Sees to it that what is kept stays. */
  async keep(): Promise<void> {
    try {
      await this.#parts.record.keep()
    } catch (thrown) {
      this.#lost(thrown)
    }
  }

  /**
   * Goes on with whoever connects, in place of whoever was connected. Throws an RpcError RESUME_LOST when
   * what it wants next is not kept any more, and INVALID_ARGUMENT for options that are none.
   */
  attach({ link, position = this.#backlog.first, had, credit, options, host, onAttached }: Attaching): void {
    const { clock } = host
    const oldest = this.#backlog.first
    if (position < oldest) throw resumeLost(`${oldest - position} items before it are not kept`, oldest)
    const wrong = this.call.setOptions(options ?? [], clock)
    if (wrong !== undefined) throw new RpcError('INVALID_ARGUMENT', wrong, { outcome: 'not-started' })
    const before = this.#link
    this.#link = link
    before?.abort(new RpcError('ABORTED', SUPERSEDED, { outcome: 'unknown' }))
    this.#abandoned?.cancel()
    this.#parts.attended(this, true)
    this.#points = []
    Object.assign(this.call.host, host)
    this.#backlog.seek(position, had ?? position, credit)
    onAttached(this)
    link.send([activityMessage.attached, position, this.call.wanted])
    const isNew = this.#iterator === undefined && this.#outcome === undefined
    if (isNew && this.#stopping === undefined) this.#start()
    this.pump()
  }

  /** This connection is over. */
  detach(link: ActivityLink): void {
    if (this.#link !== link) return
    this.#link = undefined
    this.#points = []
    if (this.#over) return
    if (this.#outcome !== undefined) return this.#end()
    const { clock, limits } = this.call.host
    const nobody = new RpcError('UNAVAILABLE', `nobody came back within ${limits.timeToLive} ms`)
    this.#abandoned = clock.setTimer(limits.timeToLive, () => this.stop('interrupt', nobody), true)
    this.#parts.attended(this, false)
    this.pump()
  }

  /** The other side has consumed that much, and had all items below this position. */
  credit(octets: number, had: number): void {
    this.#backlog.credit += octets
    this.#backlog.had(Math.min(had, this.#backlog.count))
    this.pump()
  }

  /** The other side has had everything before this point. */
  confirmed(serial: number): void {
    while ((this.#points[0]?.serial ?? Infinity) <= serial) {
      const point = this.#points.shift()
      if (point !== undefined) this.#backlog.had(point.at)
    }
  }

  /** Interrupts it at its next checkpoint: what was done before is not done again. */
  interruptAtCheckpoint(reason: string): void {
    this.#checkpoints.pauseBecause ??= reason
  }

  /** Stops working on it. `reason` is told to the method. Does nothing once it stops, or is over. */
  stop(how: Stop, reason: RpcError): void {
    if (this.#stopping !== undefined || this.#over) return
    this.#stopping = how
    this.#abandoned?.cancel()
    this.#parts.attended(this, true)
    this.call.abort(reason)
    if (how === 'leave') this.#leave(reason)
    void this.#stopped(how, reason)
  }

  /** Sends what there is room for, and has the method make more where there is room for more. */
  pump(): void {
    const link = this.#link
    if (link !== undefined) {
      for (let entry; link.writable && (entry = this.#backlog.next()) !== undefined;) this.#send(link, entry)
      if (this.#outcome !== undefined && this.#backlog.isSent && link.writable)
        return this.#conclude(link, this.#outcome)
    }
    const { wantsMore, octets } = this.#backlog
    const isRoom = wantsMore && octets < rpcLimits.keptItemOctets && (link === undefined || link.writable)
    if (isRoom && !this.#pulling && !this.#finishing && this.#stopping === undefined) this.#pull()
  }

  #start(): void {
    try {
      const made = ambientCall.run(this.call, run, this.call)
      const iterator = iterateSource(made)
      if (iterator === undefined) throw new RpcError('INTERNAL', 'an activity did not return a generator')
      this.#iterator = iterator as Generating
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  #pull(): void {
    const iterator = this.#iterator
    if (iterator === undefined) return
    this.#pulling = true
    const step = async (): Promise<IteratorResult<unknown, unknown>> => iterator.next()
    ambientCall.run(this.call, step, undefined).then(
      (result) => {
        this.#pulling = false
        if (this.#stopping !== undefined) return
        if (result.done === true) this.#finish({ result: result.value })
        else this.#yielded(result.value)
      },
      (thrown: unknown) => this.#fail(thrown),
    )
  }

  #yielded(value: unknown): void {
    try {
      this.#checkpoints.add(this.#parts.words.encode([activityMessage.item, value]))
    } catch (thrown) {
      // It cannot travel: the method's own mistake, and nobody is left in it to hear of that.
      void this.#endIterator()
      return this.#fail(thrown)
    }
    this.pump()
  }

  #fail(thrown: unknown): void {
    this.#pulling = false
    if (this.#stopping !== undefined || this.#finishing) return
    this.#finish({ thrown })
  }

  /** The method has ended: what came of it is recorded, and only then told. */
  #finish(ended: Ended): void {
    this.#finishing = true
    const { words } = this.#parts
    const recorded = async (): Promise<Uint8Array> => {
      const made = outcomeOf(words, this.#parts.errorPolicy, this.call, ended)
      this.#failed = made.failed
      await this.#checkpoints.finish(made.octets)
      return made.octets
    }
    recorded().then(
      (octets) => {
        if (this.#stopping !== undefined) return
        this.#outcome = octets
        this.call.end()
        if (this.#link === undefined) this.#end()
        else this.pump()
      },
      (thrown: unknown) => this.#lost(thrown),
    )
  }

  #send(link: ActivityLink, entry: Entry): void {
    if (entry.kind === 'item') {
      this.#sendHead(link)
      return link.sendEncoded(entry.octets)
    }
    const serial = link.mark(this.#parts.words.note([entry.inputs]))
    if (serial === undefined) return
    // The later one says as much.
    if (this.#points.at(-1)?.at === entry.at) this.#points.pop()
    this.#points.push({ serial, at: entry.at })
  }

  /** Says what came of it, and ends the activity. */
  #conclude(link: ActivityLink, outcome: Uint8Array): void {
    this.#sendHead(link)
    link.sendEncoded(outcome)
    // What comes on it from here on, and that there is room on it, is of no consequence.
    this.#link = undefined
    this.#end()
    link.finish(this.#failed ? 'discard' : 'end', this.call.host)
  }

  /** Once for each connection; what cannot travel is reported, and ends nothing. */
  #sendHead(link: ActivityLink): void {
    const metadata = this.call.metadataForCaller
    if (this.#headedFor === link || metadata === undefined || metadata.size === 0) return
    this.#headedFor = link
    try {
      link.send([activityMessage.head, metadataToWire(metadata, this.call.host.limits.metadataLength)])
    } catch (thrown) {
      this.#parts.errorPolicy.report(thrown, this.call)
    }
  }

  /** Waits for the method to end, but not for ever. */
  async #stopped(how: Stop, reason: RpcError): Promise<void> {
    const { clock, limits } = this.call.host
    const ended = this.#endIterator()
    await new Promise<void>((resolve) => {
      const timer = clock.setTimer(limits.closeTimeout, resolve)
      void ended.then(() => {
        timer.cancel()
        resolve()
      })
    })
    const { record } = this.#parts
    try {
      if (how === 'interrupt') await record.putDown()
      if (how === 'discard') await record.discard()
    } catch {
      // It is somebody else's, or stays until its retention is over.
    }
    this.#leave(reason)
    this.#end()
  }

  /** Says good-bye to whoever is connected. */
  #leave(reason: RpcError): void {
    const link = this.#link
    this.#link = undefined
    if (link === undefined || !link.open) return
    if (this.#stopping === 'leave') return link.abort(reason)
    if (this.#stopping === 'interrupt')
      link.send([activityMessage.interrupting, reason.message.slice(0, rpcLimits.reasonLength)])
    link.finish(this.#stopping === 'discard' ? 'discard' : 'interrupt', this.call.host)
  }

  async #endIterator(): Promise<void> {
    const leave = async (): Promise<unknown> => this.#iterator?.return?.()
    try {
      await ambientCall.run(this.call, leave, undefined)
    } catch {
      // Nobody is left to hear that the clean-up failed.
    }
  }

  /** Something went wrong with what is kept, so that this side cannot go on. */
  #lost(thrown: unknown): void {
    if (isInstance(thrown, Fenced))
      return this.stop('leave', new RpcError('ABORTED', SUPERSEDED, { outcome: 'unknown', cause: thrown }))
    // It will be no better the next time.
    if (!isInstance(thrown, StoreFailure)) return this.stop('leave', RpcError.from(thrown))
    const text = `the store of this server failed: ${thrown.message}`
    this.stop('interrupt', new RpcError('UNAVAILABLE', text, { outcome: 'unknown', cause: thrown }))
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    this.#abandoned?.cancel()
    this.call.end()
    this.#parts.over()
    this.#tellEnded()
  }

  #checkpoint({ state }: Kept): Checkpoint<unknown> {
    const { words } = this.#parts
    const commit = async (next: unknown, work?: (transaction: unknown) => unknown): Promise<void> => {
      if (this.call.abortReason !== undefined) throw this.call.abortReason
      try {
        await this.#checkpoints.commit(words.value(next), this.call.taken, work)
      } catch (thrown) {
        if (!isInstance(thrown, Fenced) && !isInstance(thrown, StoreFailure)) throw callError(thrown, 'state')
        this.#lost(thrown)
        throw this.call.abortReason ?? thrown
      }
      const { pauseBecause } = this.#checkpoints
      if (pauseBecause !== undefined) {
        const put = new RpcError('ABORTED', pauseBecause, { outcome: 'unknown' })
        this.stop('interrupt', put)
        throw put
      }
      this.pump()
    }
    return { from: state === undefined ? undefined : words.readValue(state), commit }
  }

  #inputChannel(channel: number): ConsumerChannel {
    return {
      open: () => undefined,
      grant: (octets) => this.#link?.control([activityMessage.inputCredit, channel, octets]),
      cancel: () => this.#link?.control([activityMessage.inputCancel, channel]),
    }
  }
}

/** The generator of a method, or whatever it gave instead. */
type Generating = AsyncIterator<unknown, unknown> | Iterator<unknown, unknown>

function run(call: IncomingActivity): unknown {
  return call.served.run(call)
}
