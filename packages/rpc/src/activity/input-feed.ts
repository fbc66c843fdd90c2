// One stream argument of an activity on the calling side. One that can be had again is asked for from
// wherever the server wants it; of any other, what was sent since the last checkpoint is kept.
import { RpcError } from '../errors.ts'
import { rpcLimits } from '../limits.ts'
import { ambientCall, type AmbientCall } from '../peer/ambient-call.ts'
import type { SourceErrors } from '../peer/input-channel.ts'
import type { SourceIterator } from '../peer/producer.ts'
import { activityMessage } from '../presentation/activity-messages.ts'
import type { Words } from '../presentation/words.ts'
import { errorToWire } from '../presentation/wire-error.ts'
import { withoutDetails } from '../peer/outgoing-error.ts'
import { iterateSource } from '../stream-source.ts'
import { Backlog } from './backlog.ts'
import type { ActivityLink } from './link.ts'
import { resumeLost } from './resume-lost.ts'

/** See the head of this file. */
export class InputFeed {
  readonly #channel: number
  readonly #source: unknown
  readonly #words: Words
  readonly #told: SourceErrors
  /** The call whose handler the source's code belongs to, if any. */
  readonly #call: AmbientCall | undefined
  #backlog = new Backlog()
  #iterator: SourceIterator | undefined
  #link: ActivityLink | undefined
  /** Raised when another iterator takes the place of the one before. */
  #round = 0
  #pulling = false
  /** How the source ended. */
  #end: { readonly error: RpcError | undefined } | undefined
  #endSent = false

  constructor(channel: number, source: unknown, words: Words, told: SourceErrors, call?: AmbientCall) {
    this.#channel = channel
    this.#source = source
    this.#words = words
    this.#told = told
    this.#call = call
  }

  /**
   * Sends on this connection what follows the first `position` items. Throws an RpcError RESUME_LOST when
   * that cannot be had again.
   */
  attach(link: ActivityLink, position: number, credit: number): void {
    this.#link = link
    this.#endSent = false
    if (typeof this.#source === 'function') {
      this.#backlog = new Backlog(position)
      this.#restart(position)
    } else if (this.#iterator === undefined) {
      if (position > 0) throw notSeekable(position, 0)
      this.#restart(0)
    } else if (position > this.#backlog.count || position < this.#backlog.first) {
      throw notSeekable(position, this.#backlog.first)
    }
    // Whoever has had the items before may be lost, and the next one goes on from the last checkpoint.
    this.#backlog.resend(position, credit)
    this.pump()
  }

  /** The connection is lost. */
  detach(): void {
    this.#link = undefined
  }

  credit(octets: number): void {
    this.#backlog.credit += octets
    this.pump()
  }

  /** A checkpoint was made behind that many items: they are not asked for again. */
  secured(position: number): void {
    this.#backlog.had(position)
  }

  /** No more of it is wanted. */
  stop(): void {
    this.#link = undefined
    this.#round += 1
    this.#end ??= { error: undefined }
    endQuietly(this.#iterator)
  }

  pump(): void {
    const link = this.#link
    if (link === undefined) return
    for (let entry; link.writable && (entry = this.#backlog.next()) !== undefined;)
      if (entry.kind === 'item') link.sendEncoded(entry.octets)
    if (typeof this.#source === 'function') this.#backlog.had(this.#backlog.count)
    else this.#backlog.shrink(rpcLimits.keptInputOctets)
    if (this.#end !== undefined) {
      if (this.#backlog.isSent && !this.#endSent) this.#sendEnd(link, this.#end.error)
    } else if (link.writable && this.#backlog.wantsMore && !this.#pulling) this.#pull()
  }

  #restart(position: number): void {
    const round = ++this.#round
    const before = this.#iterator
    this.#end = undefined
    this.#pulling = true
    // It may wait for something that never comes, and how it ends is of no consequence.
    endQuietly(before)
    const begin = async (): Promise<SourceIterator> => {
      const source: unknown =
        typeof this.#source === 'function' ? await (this.#source as Seek)(position) : this.#source
      const iterator = iterateSource(source)
      if (iterator === undefined)
        throw new TypeError(`the function for argument ${this.#channel} gave no stream`)
      return iterator
    }
    this.#within(begin).then(
      (iterator) => {
        if (round === this.#round) {
          this.#iterator = iterator
          this.#pulling = false
          this.pump()
        } else endQuietly(iterator)
      },
      (thrown: unknown) => this.#ended(round, this.#told(thrown)),
    )
  }

  #pull(): void {
    const iterator = this.#iterator
    if (iterator === undefined) return
    const round = this.#round
    this.#pulling = true
    const step = async (): Promise<IteratorResult<unknown>> => iterator.next()
    this.#within(step).then(
      (result) => {
        if (round !== this.#round) return
        if (result.done === true) this.#ended(round, undefined)
        else this.#took(round, result.value)
      },
      (thrown: unknown) => this.#ended(round, this.#told(thrown)),
    )
  }

  #took(round: number, value: unknown): void {
    try {
      this.#backlog.add(this.#words.encode([activityMessage.input, this.#channel, value]))
    } catch (thrown) {
      return this.#ended(round, this.#told(thrown))
    }
    this.#pulling = false
    this.pump()
  }

  #ended(round: number, error: RpcError | undefined): void {
    if (round !== this.#round) return
    this.#pulling = false
    this.#end = { error }
    this.pump()
  }

  #sendEnd(link: ActivityLink, error: RpcError | undefined): void {
    this.#endSent = true
    const message = [activityMessage.inputEnd, this.#channel]
    if (error === undefined) return link.send(message)
    try {
      link.send([...message, errorToWire(error)])
    } catch {
      link.send([...message, errorToWire(withoutDetails(error))])
    }
  }

  #within<T>(body: () => Promise<T>): Promise<T> {
    const call = this.#call
    return call === undefined ? body() : ambientCall.run(call, body, undefined)
  }
}

function endQuietly(iterator: SourceIterator | undefined): void {
  const ended = async (): Promise<void> => void (await iterator?.return?.())
  // Nobody is left to hear that the clean-up failed.
  void ended().catch(() => undefined)
}

type Seek = (from: number) => unknown

function notSeekable(position: number, oldest: number): RpcError {
  const text = `the server wants an argument from item ${position} on: give a function of the position`
  return resumeLost(`${text}; what is kept begins at ${oldest}`)
}
