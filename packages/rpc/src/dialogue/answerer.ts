// A dialogue as the server runs it: drives the method's generator turn by turn. It says what the generator
// yields, and gives it what is heard; what the other side takes back, or finds wrong, is thrown at its
// `yield`.
import type { Clock, SessionConnection, Timer } from '@parley/core'
import { metadataToWire } from '../call-options.ts'
import { DialogueProblem, Rewound } from '../dialogue.ts'
import type { DialogueEvent, DialoguePoint, ServedDialogue } from '../dialogue.ts'
import { isInstance, RpcError } from '../errors.ts'
import { ambientCall } from '../peer/ambient-call.ts'
import { argumentProblem } from '../peer/argument-check.ts'
import type { CallHost } from '../peer/call-scope.ts'
import type { ErrorPolicy } from '../peer/error-policy.ts'
import { handlerError, withoutDetails } from '../peer/outgoing-error.ts'
import { cancelled, REASON_DEADLINE } from '../peer/pending.ts'
import type { Registry } from '../peer/registry.ts'
import { dialogueMessage } from '../presentation/dialogue-messages.ts'
import type { Message } from '../presentation/messages.ts'
import { errorFromWire, errorToWire } from '../presentation/wire-error.ts'
import { IncomingDialogue } from './incoming-dialogue.ts'
import { DialogueLink, type LinkListener } from './link.ts'
import { DialogueSide } from './side.ts'
import type { Words } from '../presentation/words.ts'

/** What answering a dialogue takes. */
export interface AnswererParts {
  readonly connection: SessionConnection
  readonly words: Words
  readonly host: CallHost
  readonly registry: Registry
  readonly errorPolicy: ErrorPolicy
  /** The dialogue is over and leaves nothing behind. */
  readonly over: () => void
}

/** What the generator is given at its `yield`. */
interface Input {
  readonly by: 'next' | 'throw'
  readonly value: unknown
}

/** Answers one dialogue on a session connection of its own. */
export class Answerer extends DialogueSide implements ServedDialogue, LinkListener {
  protected readonly link: DialogueLink
  readonly #parts: AnswererParts
  readonly #clock: Clock
  #call: IncomingDialogue | undefined
  #iterator: AsyncIterator<unknown, unknown, unknown> | undefined
  /** What is heard while the turn that goes with it is on its way. */
  #arriving: Input | undefined
  /** The generator waits at its `yield` for what is heard. */
  #waiting = false
  /** What is thrown at the generator's next `yield`. */
  #void: Rewound | DialogueProblem | undefined
  /** The generator will not be asked any more. */
  #done = false
  /** It has ended. */
  #ended = false
  #closed = false
  /** A dialogue that never begins must not hold its place for ever. */
  readonly #beginning: Timer

  constructor(parts: AnswererParts) {
    super()
    this.#parts = parts
    this.#clock = parts.host.clock
    this.link = new DialogueLink(parts.connection, parts.words, 'callee', this)
    const { admissionTimeout } = parts.host.limits
    const late = new RpcError('DEADLINE_EXCEEDED', `the dialogue did not begin within ${admissionTimeout} ms`)
    this.#beginning = this.#clock.setTimer(admissionTimeout, () => this.link.abort(late))
  }

  async rewind(point: number): Promise<void> {
    const link = this.assertLink()
    link.assertRewindable(point)
    const waited = this.#waiting
    if (!(await link.rewind(point))) {
      // The other side's prevailed, and is thrown here instead of at the next yield.
      const voided = this.#void
      this.#void = undefined
      throw voided ?? new RpcError('ABORTED', 'the other side went back at the same time')
    }
    this.#void = undefined
    this.#arriving = undefined
    if (waited && this.#waiting)
      this.#advance({ by: 'throw', value: new Rewound({ point, label: undefined }) })
  }

  /** The session the dialogue belongs to is over. */
  lost(why: string): void {
    this.link.abort(new RpcError('UNAVAILABLE', why, { outcome: 'unknown' }))
  }

  // What the link tells

  onMessage(message: Message): void {
    const [type, first] = message
    if (this.#call === undefined) {
      if (type === dialogueMessage.begin) this.#begin(message)
      else if (!this.#done) this.link.violation('it does not begin with its beginning')
      return
    }
    switch (type) {
      case dialogueMessage.say:
        this.#arriving = { by: 'next', value: first }
        break
      case dialogueMessage.throw:
        this.#arriving = { by: 'throw', value: errorFromWire(first as unknown[]) }
        break
      case dialogueMessage.unheard:
        this.#arriving = { by: 'throw', value: new DialogueProblem(first as string, message[2]) }
        break
      case dialogueMessage.cancel:
        this.#call.cancel(first === REASON_DEADLINE)
        break
      default:
        this.link.violation('a message that only a callee sends')
    }
  }

  onTurn(): void {
    const input = this.#arriving
    this.#arriving = undefined
    if (this.#done) return this.#conclude('discard')
    this.newTurn()
    if (this.#iterator === undefined) this.#start()
    else if (input === undefined || !this.#waiting) this.link.violation('the turn came without a word')
    else this.#advance(input)
  }

  onRewound(point: DialoguePoint): void {
    this.#arriving = undefined
    const rewound = new Rewound(point)
    this.voidTurn(rewound)
    if (this.#waiting) this.#advance({ by: 'throw', value: rewound })
    else this.#void = rewound
  }

  onProblem(problem: DialogueProblem): void {
    this.#void = problem
    this.voidTurn(problem)
    this.tellUser({ type: 'problem', problem })
  }

  onDiscarded(): void {
    this.#call?.cancel(false)
  }

  onEvent(event: DialogueEvent): void {
    this.tellUser(event)
  }

  onClosed(error: RpcError | undefined): void {
    this.#closed = true
    this.#beginning.cancel()
    if (this.#call === undefined) this.#ended = true
    else this.#call.abort(error ?? cancelled(undefined))
    if (this.#ended) this.#parts.over()
  }

  /** For the call: the caller gave up, the deadline passed or the session was lost. */
  stop(reason: RpcError): void {
    this.endTurns(reason)
    if (this.#done) return
    this.#done = true
    const leave = async (): Promise<void> => {
      await this.#iterator?.return?.()
    }
    const call = this.#call
    const ended = call === undefined ? leave() : ambientCall.run(call, leave, undefined)
    // Nobody is left to hear that the clean-up failed.
    ended.then(
      () => this.#stopped(reason),
      () => this.#stopped(reason),
    )
  }

  // How it goes

  protected throwVoid(): void {
    const voided = this.#void
    this.#void = undefined
    if (voided !== undefined) throw voided
  }

  #begin(message: Message): void {
    const { host, registry } = this.#parts
    const [, service, method, args, options] = message as [number, string, string, unknown[], unknown[]?]
    const served = registry.find(service, method)
    if (served?.description.kind !== 'dialogue')
      return this.#refuse('NOT_FOUND', 'there is no such dialogue here')
    const call = new IncomingDialogue(host, served, args, this)
    const wrong =
      (options === undefined ? undefined : call.setOptions(options, host.clock)) ??
      argumentProblem(served.description, args)
    if (wrong !== undefined) return this.#refuse('INVALID_ARGUMENT', wrong)
    this.#call = call
  }

  #refuse(code: 'NOT_FOUND' | 'INVALID_ARGUMENT', text: string): void {
    this.#done = this.#ended = true
    this.link.abort(new RpcError(code, text, { outcome: 'not-started' }))
  }

  #start(): void {
    this.#beginning.cancel()
    const call = this.#call
    if (call === undefined) return this.link.violation('the turn came before the beginning')
    try {
      const made = ambientCall.run(call, run, call)
      const iterator = (made as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator]?.()
      if (iterator === undefined) throw notADialogue()
      this.#iterator = iterator as AsyncIterator<unknown, unknown, unknown>
    } catch (thrown) {
      return this.#fail(call, thrown)
    }
    this.#advance({ by: 'next', value: undefined })
  }

  #advance(input: Input): void {
    const call = this.#call
    const iterator = this.#iterator
    if (call === undefined || iterator === undefined || this.#done) return
    this.#waiting = false
    const step = async (): Promise<IteratorResult<unknown, unknown>> => {
      if (input.by === 'next') return iterator.next(input.value)
      if (iterator.throw === undefined) throw input.value
      return iterator.throw(input.value)
    }
    ambientCall.run(call, step, undefined).then(
      (result) => {
        if (this.#done) return
        if (result.done === true) this.#finish(call, result.value)
        else this.#yielded(result.value)
      },
      (thrown: unknown) => this.#fail(call, thrown),
    )
  }

  #yielded(value: unknown): void {
    const voided = this.#void
    this.#void = undefined
    if (voided !== undefined) return this.#advance({ by: 'throw', value: voided })
    this.#waiting = true
    const said = async (): Promise<void> => {
      await this.#sendHead()
      await this.link.say([dialogueMessage.say, value])
    }
    // What cannot be said is the generator's own mistake, and is thrown where it was made.
    said().catch((thrown: unknown) => this.#advance({ by: 'throw', value: thrown }))
  }

  #finish(call: IncomingDialogue, value: unknown): void {
    this.#done = true
    const told = async (): Promise<void> => {
      await this.#sendHead()
      await this.link.tell([dialogueMessage.result, value])
    }
    told().then(
      () => this.#conclude('end'),
      (thrown: unknown) => this.#tellError(call, thrown),
    )
  }

  #fail(call: IncomingDialogue, thrown: unknown): void {
    if (this.#done) return
    this.#done = true
    this.#tellError(call, thrown)
  }

  #tellError(call: IncomingDialogue, thrown: unknown): void {
    const error = handlerError(this.#parts.errorPolicy, call, uncaught(thrown))
    const told = async (): Promise<void> => {
      await this.#sendHead()
      try {
        await this.link.tell([dialogueMessage.error, errorToWire(error)])
      } catch {
        await this.link.tell([dialogueMessage.error, errorToWire(withoutDetails(error))])
      }
    }
    told().then(
      () => this.#conclude('discard'),
      () => this.#conclude('discard'),
    )
  }

  #stopped(reason: RpcError): void {
    this.#ended = true
    if (this.#closed) return this.#parts.over()
    if (this.link.myTurn || this.link.interruptedHere) return this.#conclude('discard')
    // The caller, whose turn it is, ends the dialogue itself.
    this.#clock.setTimer(this.#parts.host.limits.closeTimeout, () => this.link.abort(reason))
  }

  /** Ends the activity and the session connection; what does not end in time is cut off. */
  #conclude(how: 'end' | 'discard'): void {
    this.#ended = true
    this.#call?.end()
    this.endTurns(undefined)
    if (this.#closed) return this.#parts.over()
    const slow = new RpcError('DEADLINE_EXCEEDED', 'the dialogue was not released in time')
    const timer = this.#clock.setTimer(this.#parts.host.limits.closeTimeout, () => this.link.abort(slow))
    this.link.finish(how).then(
      () => timer.cancel(),
      () => this.link.abort(slow),
    )
  }

  async #sendHead(): Promise<void> {
    const metadata = this.#call?.takeResponseMetadata()
    if (metadata === undefined) return
    const record = metadataToWire(metadata, this.#parts.host.limits.metadataLength)
    await this.link.tell([dialogueMessage.head, record])
  }
}

function run(call: IncomingDialogue): unknown {
  return call.served.run(call)
}

function notADialogue(): RpcError {
  return new RpcError('INTERNAL', 'a dialogue method did not return an async generator')
}

/** What a generator that cannot be taken back lets through, in words for the caller. */
function uncaught(thrown: unknown): unknown {
  if (!isInstance(thrown, Rewound) && !isInstance(thrown, DialogueProblem)) return thrown
  return new RpcError('FAILED_PRECONDITION', `the method cannot go on after this: ${thrown.message}`)
}
