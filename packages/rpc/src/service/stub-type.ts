// The types a contract turns into: what its caller sees (Stub) and what serves it without a class (Handlers).
// Types only. Every kind of method has one arm in each mapping below; a new kind is a new arm.
import type { Observable } from 'rxjs'
import type { Activity, ActivityMark, RemoteActivity } from '../activity.ts'
import type { Dialogue, DialogueMark, RemoteDialogue } from '../dialogue.ts'
import type { RemoteStream } from '../stream.ts'
import type { DefinedContract } from './contract.ts'

/**
 * A service as its caller sees it: only the methods that are called over the wire. A Promise stays a Promise,
 * a Stream becomes a {@link RemoteStream}, a Dialogue a {@link RemoteDialogue}, an Activity a
 * {@link RemoteActivity}, and where the contract takes a Stream the caller may pass any AsyncIterable or
 * Observable, and to an activity a {@link SeekableSource}. `C` is the class (`Stub<Shop>`), `typeof` it,
 * or `typeof` a defined contract.
 */
export type Stub<C, Names extends keyof ServiceOf<C> = RpcMethodNames<ServiceOf<C>>> = {
  // Names is a parameter so that the mapping keeps each method's documentation and leads to its definition.
  readonly [Name in Names]: StubMethod<ServiceOf<C>[Name]>
}

/** The type behind a contract: `ServiceOf<typeof Shop>` is `Shop`. */
export type ServiceOf<C> = C extends abstract new (...args: never[]) => infer T
  ? T
  : C extends DefinedContract<infer T>
    ? T
    : C

/** The names of the methods of `T` that can be called over the wire, known by what they return. */
export type RpcMethodNames<T> = { [K in keyof T]-?: RpcResult<T[K]> extends never ? never : K }[keyof T]

/** The names of the methods of `T` that answer once. */
export type UnaryMethodNames<T> = {
  [K in keyof T]-?: [RpcResult<T[K]>, 'promise'] extends ['promise', RpcResult<T[K]>] ? K : never
}[keyof T]

/** What a method that answers once resolves with. */
export type UnaryResult<F> = F extends (...args: never[]) => Promise<infer R> ? R : never

/** A function for each method of a contract, for `implement`. A Stream arrives as a {@link RemoteStream}. */
export type Handlers<T> = { readonly [K in RpcMethodNames<T>]: Handler<T[K]> }

/** Anything with many values over time that Parley can send. */
export type StreamSource<T> = AsyncIterable<T> | Observable<T>

/** Any {@link Dialogue}, and nothing else that is iterated. */
export type AnyDialogue = { readonly [Mark in DialogueMark]?: unknown } & AsyncIterable<unknown>

/** True for a {@link Dialogue}: an async generator alone does not have its mark. */
export type IsDialogue<R> = [R] extends [never] ? false : DialogueMark extends keyof R ? true : false

/** Any {@link Activity}, and nothing else that is iterated. */
export type AnyActivity = { readonly [Mark in ActivityMark]?: unknown } & AsyncIterable<unknown>

/** True for an {@link Activity}: an async generator alone does not have its mark. */
export type IsActivity<R> = [R] extends [never] ? false : ActivityMark extends keyof R ? true : false

/**
 * Input of an activity that can be had again: called with how many items are not wanted, it gives those that
 * follow. Called at the beginning, and whenever the activity goes on elsewhere.
 */
export type SeekableSource<T> = (from: number) => StreamSource<T> | PromiseLike<StreamSource<T>>

// A method without streams keeps its type as it is, and with it its type parameters and overloads.
type StubMethod<F> = F extends (...args: infer A) => infer R
  ? [RpcResult<F>, TakesStream<A>] extends ['promise', false]
    ? F
    : IsActivity<R> extends true
      ? (...args: { [I in keyof A]: ActivityArgument<A[I]> }) => StubActivity<R>
      : (...args: { [I in keyof A]: StubArgument<A[I]> }) => StubResult<R>
  : never

type StubResult<R> =
  IsDialogue<R> extends true
    ? R extends Dialogue<infer Says, infer Hears, infer Result>
      ? RemoteDialogue<Says, Hears, Result>
      : never
    : StubValues<R>

type StubValues<R> =
  R extends Promise<infer T> ? Promise<T> : R extends StreamSource<infer T> ? RemoteStream<T> : never

type StubActivity<R> = R extends Activity<infer Item, infer Result> ? RemoteActivity<Item, Result> : never

type ActivityArgument<P> = P extends StreamSource<infer T> ? StreamSource<T> | SeekableSource<T> : P

type StubArgument<P> = P extends StreamSource<infer T> ? StreamSource<T> : P

type Handler<F> = F extends (...args: infer A) => infer R
  ? (...args: { [I in keyof A]: HandlerArgument<A[I]> }) => HandlerResult<R>
  : never

type HandlerResult<R> =
  IsDialogue<R> extends true
    ? R extends Dialogue<infer Says, infer Hears, infer Result>
      ? AsyncGenerator<Says, Result, Hears>
      : never
    : IsActivity<R> extends true
      ? R extends Activity<infer Item, infer Result>
        ? AsyncGenerator<Item, Result>
        : never
      : HandlerValues<R>

type HandlerValues<R> =
  R extends Promise<infer T>
    ? T | PromiseLike<T>
    : R extends StreamSource<infer T>
      ? StreamSource<T> | Iterable<T>
      : never

type HandlerArgument<P> = P extends StreamSource<infer T> ? RemoteStream<T> : P

/** How a method answers; never: not over the wire, which includes one that answers now so, now so. */
type RpcResult<F> = F extends (...args: never[]) => infer R
  ? [R] extends [Promise<unknown>]
    ? 'promise'
    : IsDialogue<R> extends true
      ? 'dialogue'
      : IsActivity<R> extends true
        ? 'activity'
        : [R] extends [StreamSource<unknown>]
          ? 'stream'
          : never
  : never

type TakesStream<A extends readonly unknown[]> = [Extract<A[number], StreamSource<unknown>>] extends [never]
  ? false
  : true
