// What the compiler says about a method that is marked for calling: each fault is a sentence, as a type.
// Types only: the decorators and unary<F>() demand `Sound<...>`, so the sentence stands in the compile error.
import type { RemoteStream } from '../stream.ts'
import type { MethodKind } from './description.ts'
import type { ReservedName } from './names.ts'
import type { IsActivity, IsDialogue, RpcMethodNames, StreamSource } from './stub-type.ts'

/** What is wrong with a class as a service; never: nothing. */
export type ServiceProblem<Class> = Class extends abstract new (...args: never[]) => infer T
  ? [RpcMethodNames<T>] extends [never]
    ? 'A service has at least one method that returns a Promise, a Stream, a Dialogue or an Activity.'
    : never
  : never

/** `unknown` when there is no problem, so that it vanishes from an intersection; otherwise the sentences. */
export type Sound<Problem> = [Problem] extends [never] ? unknown : Problem

/** What is wrong with a method of type `F` as a method of this kind; never: nothing. */
export type MethodProblem<Kind extends MethodKind, F> =
  IsAny<F> extends true
    ? never
    : F extends (...args: infer A) => infer R
      ? ResultProblem<Kind, R> | ArgumentProblem<Kind, A> | OverloadProblem<F>
      : 'Only a method can be marked.'

/**
 * What is wrong with decorating a member. The two arguments are what the compiler hands a decorator: the
 * method and its context (standard decorators), or the class's instance type and the member's name
 * (`experimentalDecorators`).
 */
export type MemberProblem<Kind extends MethodKind, Target, Place, Descriptor> = Place extends PropertyKey
  ? LegacyMemberProblem<Kind, Target, Place, Descriptor>
  : Place extends ClassMethodDecoratorContext<infer This, infer F>
    ? PlaceProblem<This, Place> | MethodProblem<Kind, F>
    : 'Only a method can be marked, not a field, a getter or a setter.'

type LegacyMemberProblem<Kind extends MethodKind, Target, Name, Descriptor> = Target extends abstract new (
  ...args: never[]
) => unknown
  ? 'A static method cannot be called over the wire.'
  : Name extends symbol
    ? 'A method with a symbol for a name cannot be called over the wire.'
    : Name extends keyof Target
      ? [Descriptor] extends [undefined]
        ? 'Only a method can be marked, not a field, a getter or a setter.'
        : NameProblem<Name> | MethodProblem<Kind, Target[Name]>
      : 'Only a public method can be called over the wire.'

type PlaceProblem<This, Place> = Place extends { readonly static: true }
  ? 'A static method cannot be called over the wire.'
  : Place extends { readonly private: true }
    ? 'Only a public method can be called over the wire.'
    : Place extends { readonly name: infer Name }
      ? Name extends symbol
        ? 'A method with a symbol for a name cannot be called over the wire.'
        : Name extends keyof This
          ? NameProblem<Name>
          : 'Only a public method can be called over the wire.'
      : never

type NameProblem<Name> = Name extends ReservedName
  ? 'This name is one that every object has or that await looks for; choose another.'
  : never

type ResultProblem<Kind extends MethodKind, R> =
  IsAny<R> extends true
    ? never
    : [R] extends [never]
      ? 'Write down what the method returns: the compiler cannot tell it from its body.'
      : Kind extends 'dialogue'
        ? DialogueResultProblem<R>
        : IsDialogue<R> extends true
          ? 'This method returns a Dialogue: mark it @dialogue().'
          : Kind extends 'activity'
            ? ActivityResultProblem<R>
            : IsActivity<R> extends true
              ? 'This method returns an Activity: mark it @activity().'
              : Kind extends 'unary'
                ? UnaryProblem<R>
                : StreamProblem<R>

type DialogueResultProblem<R> =
  IsDialogue<R> extends true ? never : 'A method marked @dialogue() returns a Dialogue<Says, Hears, Result>.'

type ActivityResultProblem<R> =
  IsActivity<R> extends true ? never : 'A method marked @activity() returns an Activity<Item, Result>.'

type UnaryProblem<R> = [R] extends [Promise<infer T>]
  ? IsAny<T> extends true
    ? never
    : [Extract<T, StreamSource<unknown>>] extends [never]
      ? never
      : 'A Promise cannot carry a stream: return Stream<T> and mark the method @stream().'
  : [R] extends [StreamSource<unknown>]
    ? 'This method returns a stream: mark it @stream().'
    : 'A method marked @unary() returns a Promise.'

type StreamProblem<R> = [R] extends [StreamSource<unknown>]
  ? never
  : [R] extends [Promise<unknown>]
    ? 'This method returns a Promise: mark it @unary().'
    : 'A method marked @stream() returns a Stream, an AsyncIterable or an Observable.'

/** Who takes a stream is handed a RemoteStream, so the parameter's type must be one that it fits. */
type ArgumentProblem<Kind extends MethodKind, A extends readonly unknown[]> = A[number] extends infer P
  ? IsAny<P> extends true
    ? never
    : Kind extends 'dialogue'
      ? DialogueParameterProblem<P>
      : StreamParameterProblem<P>
  : never

type DialogueParameterProblem<P> =
  P extends StreamSource<unknown>
    ? 'A dialogue takes no streams: what is to be said is said in turns.'
    : never

type StreamParameterProblem<P> =
  P extends StreamSource<infer T>
    ? RemoteStream<T> extends P
      ? never
      : 'A parameter that takes a stream is written Stream<T>.'
    : never

/**
 * A pattern of two signatures takes the only one of a plain method twice, and two different ones of an
 * overloaded. With standard decorators the compiler shows a decorator the implementation's signature only, so
 * nothing is found.
 */
type OverloadProblem<F> = F extends { (...args: infer A): infer R; (...args: infer B): infer S }
  ? [[A, R], [B, S]] extends [[B, S], [A, R]]
    ? never
    : 'A method that is called over the wire has one signature, no overloads.'
  : never

type IsAny<T> = 0 extends 1 & T ? true : false
