// The public types of activities: what a contract writes, what its caller holds, and what the method that
// does the work uses to mark how far it has come. Types only.
import type { Observable } from 'rxjs'
import type { RemoteStream } from './stream.ts'

declare const parts: unique symbol

/**
 * Long work that goes on from its last checkpoint, in a contract: progress items and a result. An async
 * generator is one; `call().checkpoint()` gives it its checkpoints.
 */
export interface Activity<Item, Result = void> {
  next(): Promise<IteratorResult<Item, Result>>
  return(value: Result | PromiseLike<Result>): Promise<IteratorResult<Item, Result>>
  throw(error: unknown): Promise<IteratorResult<Item, Result>>
  [Symbol.asyncIterator](): AsyncIterator<Item, Result>
  /** Never there: it tells the compiler an activity from a stream. */
  readonly [parts]?: [Item, Result]
}

/** The key by which the compiler knows an {@link Activity}. */
export type ActivityMark = typeof parts

/**
 * - `waiting` it has not begun: nobody has read it yet
 * - `running` a server works on it
 * - `suspended` its connection or its server is lost, or the server has put it down: it goes on by itself
 * - `over` it has its result, or its error
 */
export type ActivityState = 'waiting' | 'running' | 'suspended' | 'over'

/** Where an activity stands; enough for anybody of the same principal to go on with it. */
export interface ActivityPlace {
  /** Names it. A secret: who knows it can go on with it. */
  readonly id: string
  /** Items that its consumer has had. */
  readonly position: number
}

/** Which activity a call begins or goes on with: `withOptions(stub, { activity: { id, position } })`. */
export interface ActivityOptions {
  /**
   * Its id: 32 to 256 characters, unguessable; `newActivityId()` makes one. The activity of that id is begun,
   * or gone on with when there is one already. It is told apart by the principal, too.
   */
  readonly id: string
  /**
   * Items that were had before; those behind it follow. `oldest`: from the oldest that is still kept. Default
   * 0. Fails with RESUME_LOST, `details` being `{ oldest }`, when that many is less than is still kept; and
   * without details when what is lost is its input, or all of it.
   */
  readonly position?: number | 'oldest' | undefined
  /** There must be one: fails with RESUME_LOST instead of beginning it. Default false. */
  readonly resume?: boolean | undefined
}

/**
 * An activity as its caller holds it: a stream of its items, once, which begins with reading it, and its
 * result. Goes on by itself when a connection or a server is lost. `break`, `unsubscribe`, an aborted
 * `signal`, and what is thrown in the loop or by `each` discard it for good: call {@link interrupt} first to
 * keep it. Its `timeout` interrupts it.
 */
export interface RemoteActivity<Item, Result> extends RemoteStream<Item> {
  /** Names it, for whoever goes on with it: keep it before reading the first item. */
  readonly id: string
  /** Items that the consumer has had, the one in its hands included. */
  readonly position: number
  /**
   * What comes of it. Settles with the activity, which goes on only as long as its items are read; see
   * {@link run}.
   */
  readonly result: Promise<Result>
  /** What is going on, beginning with what it is now. Completes with the activity. */
  readonly state: Observable<ActivityState>
  /** Reads all items, calling `each` for every one, and resolves with the result. */
  run(each?: (item: Item) => unknown): Promise<Result>
  /**
   * Puts it down without losing anything: the server stops working on it, its last checkpoint is kept, and
   * it ends here with an RpcError ABORTED. Resolves with what it takes to go on. `reason`, up to 256
   * characters, is told to the method.
   */
  interrupt(reason?: string): Promise<ActivityPlace>
}

/** How far a method has come, as `call().checkpoint<State>()`. One for each run of a method. */
export interface Checkpoint<State> {
  /** The state of the last checkpoint; undefined in an activity that has none yet. */
  readonly from: State | undefined
  /**
   * Resolves when `state` is as durable as the store can make it, together with the items that were yielded
   * and how many items of each stream among the arguments were taken before. From here on work goes on from
   * here: yield what belongs to a step before the commit that ends it. What `work` does in its transaction
   * happens if and only if the checkpoint is made; it takes a store that has transactions, else
   * FAILED_PRECONDITION.
   *
   * Rejects, and the method must end, when the activity is interrupted here (ABORTED) or somebody else has
   * taken it over. Rejects with RESOURCE_EXHAUSTED for a state of more than 4 MiB, with INVALID_ARGUMENT for
   * one that cannot travel, and with UNAVAILABLE when the store failed: then `outcome` says what is known.
   */
  commit(state: State, work?: (transaction: unknown) => unknown): Promise<void>
}
