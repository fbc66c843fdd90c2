// A dialogue as its caller holds it: an async generator whose other half runs at the server. Whatever
// happens, every `next` settles once.
import type { AbortSignalLike, Clock, SessionConnection, Timer } from '@parley/core'
import { metadataFromWire } from '../call-options.ts'
import type { CallOptions } from '../call-options.ts'
import { DialogueProblem, Rewound } from '../dialogue.ts'
import type { DialogueEvent, DialoguePoint, RemoteDialogue } from '../dialogue.ts'
import { RpcError } from '../errors.ts'
import { newAbortController } from '../platform/platform.ts'
import { currentCall } from '../peer/ambient-call.ts'
import { ofCallHere } from '../peer/nested.ts'
import { callError } from '../peer/outgoing-error.ts'
import { cancelled, REASON_CANCELLED, type CallGuard } from '../peer/pending.ts'
import { dialogueMessage } from '../presentation/dialogue-messages.ts'
import type { Message } from '../presentation/messages.ts'
import { errorFromWire, errorToWire } from '../presentation/wire-error.ts'
import { DialogueLink, type LinkListener } from './link.ts'
import { DialogueSide } from './side.ts'
import type { Words } from '../presentation/words.ts'

/** What a dialogue needs of the session it belongs to. */
export interface DialogueOpening {
  readonly clock: Clock
  readonly closeTimeout: number
  readonly metadataLength: number
  readonly words: Words
  readonly guard: CallGuard
  readonly options: CallOptions
  /** The first message; throws when it cannot travel. */
  readonly begin: () => Message
  /** Opens the session connection. */
  readonly connect: (signal: AbortSignalLike) => Promise<SessionConnection>
  /** The dialogue is over and leaves nothing behind. */
  readonly over: () => void
}

type Said = IteratorResult<unknown, unknown>

interface Waiter {
  readonly resolve: (said: Said) => void
  readonly reject: (error: unknown) => void
}

/** See {@link RemoteDialogue}. */
export class DialogueHandle
  extends DialogueSide
  implements RemoteDialogue<unknown, unknown, unknown>, LinkListener
{
  readonly #opening: DialogueOpening
  readonly #abortOpening = newAbortController()
  #link: DialogueLink | undefined
  #begun = false
  #over = false
  /** Why it is over, until somebody was told. */
  #untold: RpcError | undefined
  #waiter: Waiter | undefined
  /** What was said, or that nothing was heard, while the turn that goes with it is on its way. */
  #arriving: Said | DialogueProblem | undefined
  /** What was said and nobody has asked for. */
  #heard: Said | undefined
  /** What the next `next` is to throw. */
  #void: Rewound | DialogueProblem | undefined
  /** Ends what the other side does not end in time. */
  #cutOff: Timer | undefined

  constructor(opening: DialogueOpening) {
    super()
    this.#opening = opening
  }

  protected get link(): DialogueLink | undefined {
    return this.#link
  }

  async next(...hear: [] | [unknown]): Promise<Said> {
    const [value] = hear
    if (this.#over) return this.#afterEnd(undefined)
    if (!this.#begun) {
      if (value !== undefined) throw precondition('the first next() says nothing: the server begins')
      return this.#begin()
    }
    if (this.#waiter !== undefined)
      throw precondition("it is the other side's turn: the last next() has not been answered")
    this.throwVoid()
    const link = this.assertLink()
    if (link.interrupted) throw precondition('the dialogue is interrupted')
    if (link.myTurn && this.#heard === undefined) return this.#say([dialogueMessage.say, value])
    if (value !== undefined)
      throw precondition('hear first what the other side says since: next() without a value')
    return this.#hear()
  }

  async return(value?: unknown): Promise<Said> {
    this.#cancel(cancelled(undefined), REASON_CANCELLED)
    this.#untold = undefined
    return { done: true, value }
  }

  async throw(error: unknown): Promise<Said> {
    if (!this.#begun || this.#over) {
      this.#end(undefined)
      throw error
    }
    if (!this.myTurn || this.#waiter !== undefined)
      throw precondition("it is the other side's turn: nothing can be thrown at it")
    return this.#say([dialogueMessage.throw, errorToWire(RpcError.from(error, 'ABORTED', 'unknown'))])
  }

  async rewind(point: number): Promise<Said> {
    const link = this.assertLink()
    link.assertRewindable(point)
    const back = link.rewind(point)
    const rewound = new Rewound({ point, label: undefined })
    this.#waiter?.reject(rewound)
    this.#waiter = this.#arriving = this.#heard = this.#void = undefined
    this.voidTurn(rewound)
    const said = this.#hear()
    const waiter = this.#waiter
    try {
      // The other side may have prevailed with a point of its own: then what it says from there is heard.
      await back
    } catch (thrown) {
      if (this.#waiter !== waiter) return said
      this.#waiter = undefined
      throw thrown
    }
    return said
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  /** The session the dialogue belongs to is over. */
  lost(why: string): void {
    if (!this.#over) this.#end(new RpcError('UNAVAILABLE', why, { outcome: 'unknown' }))
    this.#abortOpening.abort()
    this.#link?.abort(cancelled(undefined))
  }

  // What the link tells

  onMessage(message: Message): void {
    switch (message[0]) {
      case dialogueMessage.say:
        this.#arriving = { done: false, value: message[1] }
        break
      case dialogueMessage.unheard:
        this.#arriving = new DialogueProblem(message[1] as string, message[2])
        break
      case dialogueMessage.result:
        this.#end(undefined, message[1])
        break
      case dialogueMessage.error:
        this.#end(errorFromWire(message[1] as unknown[]))
        break
      case dialogueMessage.head:
        this.#tellMetadata(message[1] as object)
        break
      default:
        this.#link?.violation('a message that only a caller sends')
    }
  }

  onTurn(): void {
    const said = this.#arriving
    this.#arriving = undefined
    // The turn has crossed the cancel: the other side counts on this one to end the dialogue.
    if (this.#over) return this.#leave(cancelled(undefined))
    this.newTurn()
    if (said === undefined) return this.#link?.violation('the turn came without a word')
    const waiter = this.#waiter
    this.#waiter = undefined
    if (said instanceof DialogueProblem) {
      if (waiter === undefined) this.#void = said
      else waiter.reject(said)
    } else if (waiter === undefined) this.#heard = said
    else waiter.resolve(said)
  }

  onRewound(point: DialoguePoint): void {
    this.#arriving = this.#heard = undefined
    const rewound = new Rewound(point)
    // Who waits to hear goes on waiting: what is said next is said from there.
    this.#void = this.#waiter === undefined ? rewound : undefined
    this.voidTurn(rewound)
  }

  onProblem(problem: DialogueProblem): void {
    this.#void = problem
    this.voidTurn(problem)
    this.tellUser({ type: 'problem', problem })
  }

  onDiscarded(): void {
    this.#end(new RpcError('ABORTED', 'the other side gave the dialogue up', { outcome: 'unknown' }))
  }

  onEvent(event: DialogueEvent): void {
    this.tellUser(event)
  }

  onClosed(error: RpcError | undefined): void {
    const silent = (): RpcError =>
      new RpcError('ABORTED', 'the dialogue was ended without a result', { outcome: 'unknown' })
    if (!this.#over) this.#end(error ?? silent())
    this.#cutOff?.cancel()
    this.#opening.over()
  }

  // How it goes

  protected throwVoid(): void {
    const voided = this.#void
    this.#void = undefined
    if (voided !== undefined) throw voided
  }

  #begin(): Promise<Said> {
    this.#begun = true
    const said = this.#hear()
    this.#open().catch((thrown: unknown) => {
      this.#end(RpcError.from(thrown, 'UNAVAILABLE', 'not-started'))
      if (this.#link === undefined) this.#opening.over()
      else this.#link.abort(cancelled(undefined))
    })
    return said
  }

  async #open(): Promise<void> {
    const { guard, clock, options, words, connect, begin } = this.#opening
    const { signal } = options
    if (signal?.aborted === true || currentCall()?.aborted === true)
      throw cancelled(signal?.reason, 'not-started')
    guard.watch(clock, options, currentCall(), (error, reason) => this.#cancel(error, reason))
    const connection = await connect(this.#abortOpening.signal)
    const link = new DialogueLink(connection, words, 'caller', this)
    this.#link = link
    if (this.#over) return link.abort(cancelled(undefined))
    link.begin()
    try {
      await link.say(begin())
    } catch (thrown) {
      throw callError(thrown)
    }
  }

  /** Says something in this side's turn and waits for what comes back. */
  async #say(message: Message): Promise<Said> {
    const link = this.assertLink()
    this.#heard = undefined
    const said = this.#hear()
    const waiter = this.#waiter
    try {
      await link.say(message)
    } catch (thrown) {
      // Whatever took the waiter's place has settled it.
      if (this.#waiter !== waiter) return said
      this.#waiter = undefined
      throw callError(thrown, 'said')
    }
    return said
  }

  #hear(): Promise<Said> {
    const heard = this.#heard
    this.#heard = undefined
    if (heard !== undefined) return Promise.resolve(heard)
    const said = new Promise<Said>((resolve, reject) => (this.#waiter = { resolve, reject }))
    // Whoever waits hears of it; who went back in the meantime need not.
    said.catch(() => undefined)
    return said
  }

  #cancel(error: RpcError, reason: number): void {
    if (this.#over) return
    this.#end(error)
    const link = this.#link
    if (link === undefined) return this.#abortOpening.abort()
    const { clock, closeTimeout } = this.#opening
    this.#cutOff = clock.setTimer(closeTimeout, () => link.abort(error))
    if (link.myTurn || link.interruptedHere) this.#leave(error)
    else if (!link.control([dialogueMessage.cancel, reason])) link.abort(error)
  }

  /** Ends the activity and the session connection; this side has the turn. */
  #leave(error: RpcError): void {
    const link = this.#link
    link?.finish('discard').catch(() => link.abort(error))
  }

  #end(error: RpcError | undefined, result?: unknown): void {
    if (this.#over) return
    this.#begun = this.#over = true
    this.#opening.guard.release()
    const waiter = this.#waiter
    this.#waiter = this.#arriving = this.#heard = this.#void = undefined
    if (error === undefined) waiter?.resolve({ done: true, value: result })
    else if (waiter === undefined) this.#untold = ofCallHere(error)
    else waiter.reject(ofCallHere(error))
    this.endTurns(error)
  }

  #afterEnd(value: unknown): Said {
    const error = this.#untold
    this.#untold = undefined
    if (error !== undefined) throw error
    return { done: true, value }
  }

  #tellMetadata(record: object): void {
    const metadata = metadataFromWire(record, this.#opening.metadataLength)
    if (metadata === undefined) return this.#link?.violation('metadata that is none')
    try {
      this.#opening.guard.onMetadata?.(metadata)
    } catch (thrown) {
      this.#cancel(RpcError.from(thrown, 'ABORTED', 'unknown'), REASON_CANCELLED)
    }
  }
}

function precondition(message: string): RpcError {
  return new RpcError('FAILED_PRECONDITION', message)
}
