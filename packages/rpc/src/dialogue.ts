// The public types of dialogues: what a contract writes, what each side holds while one is under way, and
// what is thrown at a side that has to take something back. Types and errors only.
import type { Observable } from 'rxjs'
import type { PlatformAbortSignal } from './platform/platform.ts'

declare const parts: unique symbol

/**
 * A conversation in which two sides take turns, in a contract. `Says` is what the server says, `Hears` what
 * it hears, `Result` what comes of it. An async generator is one: `const offer = yield price` says a price,
 * hands over the turn and waits for the offer; `return` ends the dialogue with its result.
 */
export interface Dialogue<Says, Hears = void, Result = void> {
  next(...hear: [] | [Hears]): Promise<IteratorResult<Says, Result>>
  return(value: Result | PromiseLike<Result>): Promise<IteratorResult<Says, Result>>
  throw(error: unknown): Promise<IteratorResult<Says, Result>>
  [Symbol.asyncIterator](): AsyncIterator<Says, Result, Hears>
  /** Never there: it tells the compiler a dialogue from a stream. */
  readonly [parts]?: [Says, Hears, Result]
}

/** The key by which the compiler knows a {@link Dialogue}. */
export type DialogueMark = typeof parts

/** What both sides of a dialogue can do beside saying something. */
export interface DialogueControls {
  /** True while it is this side's turn. */
  readonly myTurn: boolean
  /**
   * True once the other side has asked for the turn that this side has; false again when it is handed over.
   */
  readonly wanted: boolean
  /** True between {@link interrupt} and {@link resume}, whichever side asked for them. */
  readonly interrupted: boolean
  /**
   * Aborts when what this side is working on in its turn no longer counts: the other side went back, reported
   * a problem or ended the dialogue. A new one for each turn.
   */
  readonly signal: PlatformAbortSignal
  /** What the other side does beside saying something. Completes with the dialogue. */
  readonly events: Observable<DialogueEvent>
  /**
   * Asks for the turn. The other side sees `wanted` and decides. Does nothing when it is this side's turn.
   */
  please(why?: string): void
  /**
   * Marks where the dialogue stands and resolves, without waiting for the other side, with the number of the
   * mark (a minor sync point). Needs the turn. `label` is any text of up to 256 characters for whoever goes
   * back to it.
   */
  checkpoint(label?: string): Promise<number>
  /**
   * Marks a point behind which nobody can go back (a major sync point). Needs the turn. Resolves with its
   * number when the other side has it.
   */
  commit(): Promise<number>
  /**
   * Tells the other side, whose turn it is, that something is wrong. What it says is not heard until it has
   * decided how to go on: its next `yield`, or `next`, throws a {@link DialogueProblem}, and then it can go
   * back, say something, interrupt, or end the dialogue. Needs that it is the other side's turn.
   */
  problem(reason: string, details?: unknown): void
  /** Stops the dialogue until {@link resume}; nothing is lost. Needs the turn, which this side keeps. */
  interrupt(reason?: string): Promise<void>
  /** Goes on with a dialogue that this side interrupted. */
  resume(): void
}

/** The dialogue that a handler is part of, as `call().dialogue`. */
export interface ServedDialogue extends DialogueControls {
  /**
   * Takes both sides back to a point: what was said since counts for nothing, and it is this side's turn. 0
   * is the beginning. Rejects with {@link Rewound} when the other side went back at the same time and
   * prevailed.
   */
  rewind(point: number): Promise<void>
}

/**
 * A dialogue as its caller holds it. It begins with the first `next()`, and the first turn is the server's.
 * Every `next` settles: with what the server says, with its result, or with an RpcError.
 */
export interface RemoteDialogue<Says, Hears, Result> extends DialogueControls, AsyncDisposable {
  /**
   * Says `hear` and hands over the turn; resolves with what the server says next, when the turn is back. The
   * first one says nothing. Rejects with an RpcError FAILED_PRECONDITION, and says nothing, when it is not
   * this side's turn; with {@link Rewound} or {@link DialogueProblem} when the server did that in the
   * meantime.
   */
  next(...hear: [] | [Hears]): Promise<IteratorResult<Says, Result>>
  /**
   * Gives the dialogue up, whoever's turn it is: the generator's `finally` blocks run, and what they say is
   * not heard. Waits for nothing.
   */
  return(value?: Result): Promise<IteratorResult<Says, Result>>
  /** Throws an error at the generator, where it waits, and hands over the turn. */
  throw(error: unknown): Promise<IteratorResult<Says, Result>>
  /**
   * Takes both sides back to a point: what was said since counts for nothing. It is the server's turn, whose
   * generator is thrown a {@link Rewound}. Resolves with what the server says then. 0 is the beginning.
   */
  rewind(point: number): Promise<IteratorResult<Says, Result>>
  [Symbol.asyncIterator](): this
}

/** A point both sides know. */
export interface DialoguePoint {
  /** 0 is the beginning. */
  readonly point: number
  /** What was said of it when it was set. */
  readonly label: string | undefined
}

/** What the other side did. */
export type DialogueEvent =
  | { readonly type: 'please'; readonly why: string | undefined }
  | ({ readonly type: 'checkpoint' | 'commit' | 'rewound' } & DialoguePoint)
  | { readonly type: 'problem'; readonly problem: DialogueProblem }
  | { readonly type: 'interrupted'; readonly reason: string | undefined }
  | { readonly type: 'resumed' }

/**
 * Thrown at the `yield` of a generator, or by `next`, because the other side took the dialogue back to a
 * point. A method that can be taken back catches it and goes on from there.
 */
export class Rewound extends Error {
  override readonly name = 'Rewound'
  /** The point both sides are at now; 0 is the beginning. */
  readonly point: number
  readonly label: string | undefined

  constructor({ point, label }: DialoguePoint) {
    super(`the other side went back to point ${point}${label === undefined ? '' : ` (${label})`}`)
    this.point = point
    this.label = label
  }
}

/** Thrown at the `yield` of a generator, or by `next`, because the other side reported a problem. */
export class DialogueProblem extends Error {
  override readonly name = 'DialogueProblem'
  /** What the other side said is wrong. */
  readonly reason: string
  /** What it attached; undefined when nothing was. */
  readonly details: unknown

  constructor(reason: string, details?: unknown) {
    super(`the other side has a problem: ${reason}`)
    this.reason = reason
    this.details = details
  }
}
