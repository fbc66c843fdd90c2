// The decorators, in both modes of the compiler. They only write down what was said, and only this file knows
// where: in reflect-metadata with `experimentalDecorators`, in context.metadata with standard decorators.
import 'reflect-metadata'
import { ServiceDefinitionError } from './definition-error.ts'
import type { ActivityMethodOptions, ManyOptions, MethodKind, MethodOptions } from './description.ts'
import type { MemberProblem, MethodProblem, ServiceProblem, Sound } from './method-check.ts'
import { readMethodOptions, type AnyMethod, type MethodMark, type SettledOptions } from './method-mark.ts'
import { checkMethodName, checkServiceName } from './names.ts'
import type { AnyActivity, AnyDialogue, StreamSource } from './stub-type.ts'

/**
 * Makes a class a service that is called `name` on the wire, such as `shop.v1`. The class may be an abstract
 * contract, which another class extends, or implement its methods itself.
 * Throws a {@link ServiceDefinitionError} when the name is empty, too long (128) or does not print.
 */
export function service(name: string): ServiceDecorator {
  const where = '@service()'
  checkServiceName(name, where)
  return (target: unknown, place?: unknown): void => {
    const context = standardContext(place)
    if (
      typeof target !== 'function' ||
      (context === undefined ? place !== undefined : context.kind !== 'class')
    ) {
      throw new ServiceDefinitionError(
        `@service(${JSON.stringify(name)}) stands on a member; put it on the class`,
      )
    }
    const notes = context === undefined ? legacyNotes(target) : standardNotes(context.metadata, where)
    if (notes.service !== undefined) {
      throw new ServiceDefinitionError(`${target.name} has two @service(): "${notes.service}" and "${name}"`)
    }
    notes.service = name
  }
}

/**
 * Marks a method that is called over the wire and answers with one value. The method returns a Promise.
 * Throws a {@link ServiceDefinitionError} when it is static, private, a field or named by a symbol.
 */
export function unary(options?: MethodOptions): RpcMethodDecorator<'unary'>
/** A method with one answer, for `defineService`: `buy: unary<(sku: string) => Promise<Order>>()`. */
export function unary<F extends (...args: never[]) => Promise<unknown>>(
  options?: MethodOptions,
): CheckedMark<'unary', F>
export function unary(options?: MethodOptions): unknown {
  return methodDecorator('unary', options)
}

/**
 * Marks a method that is called over the wire and answers with many values over time. The method returns a
 * Stream (an async generator is one), an AsyncIterable or an Observable.
 * Throws a {@link ServiceDefinitionError} when it is static, private, a field or named by a symbol.
 */
export function stream(options?: ManyOptions): RpcMethodDecorator<'stream'>
/** A method with many, for `defineService`: `prices: stream<(sku: string) => Stream<number>>()`. */
export function stream<F extends (...args: never[]) => StreamSource<unknown>>(
  options?: ManyOptions,
): CheckedMark<'stream', F>
export function stream(options?: ManyOptions): unknown {
  return methodDecorator('stream', options)
}

/**
 * Marks a method that is a conversation in turns. The method returns a Dialogue; an async generator is one.
 * Throws a {@link ServiceDefinitionError} when it is static, private, a field or named by a symbol.
 */
export function dialogue(options?: ManyOptions): RpcMethodDecorator<'dialogue'>
/** One in turns, for `defineService`: `haggle: dialogue<(sku: string) => Dialogue<Price, Offer, Deal>>()`. */
export function dialogue<F extends (...args: never[]) => AnyDialogue>(
  options?: ManyOptions,
): CheckedMark<'dialogue', F>
export function dialogue(options?: ManyOptions): unknown {
  return methodDecorator('dialogue', options)
}

/**
 * Marks a method that is long work with checkpoints. The method returns an Activity; an async generator is
 * one, and `call().checkpoint()` gives it its checkpoints.
 * Throws a {@link ServiceDefinitionError} when it is static, private, a field or named by a symbol.
 */
export function activity(options?: ActivityMethodOptions): RpcMethodDecorator<'activity'>
/** Long work, for `defineService`: `load: activity<(rows: Stream<Row>) => Activity<Progress, Total>>()`. */
export function activity<F extends (...args: never[]) => AnyActivity>(
  options?: ActivityMethodOptions,
): CheckedMark<'activity', F>
export function activity(options?: ActivityMethodOptions): unknown {
  return methodDecorator('activity', options)
}

/** What `@service(name)` is: it takes a class, abstract or not, with a method that can be called. */
export type ServiceDecorator = <Class extends abstract new (...args: never[]) => object>(
  target: Class & Sound<ServiceProblem<Class>>,
  context?: ClassDecoratorContext,
) => void

/**
 * What `@unary()`, `@stream()`, `@dialogue()` and `@activity()` are: they take a public method that returns
 * what its kind needs.
 */
export type RpcMethodDecorator<Kind extends MethodKind> = <
  Target,
  Place extends string | symbol | ClassMemberDecoratorContext,
  Descriptor = undefined,
>(
  target: Target & Sound<MemberProblem<Kind, Target, Place, Descriptor>>,
  place: Place,
  descriptor?: Descriptor,
) => void

/** A {@link MethodMark}, or the sentence that says what is wrong with `F`. */
export type CheckedMark<Kind extends MethodKind, F extends AnyMethod> = [MethodProblem<Kind, F>] extends [
  never,
]
  ? MethodMark<F>
  : MethodProblem<Kind, F>

/** What the decorators of one class said, without those of the classes it extends. */
export interface ClassNotes {
  service: string | undefined
  readonly methods: Map<string, MethodNotes>
}

/** What the decorator of one method said. */
export interface MethodNotes {
  readonly kind: MethodKind
  readonly options: SettledOptions
}

/** What the decorators of this very class said; undefined when it has none. */
export function notesOf(target: Constructor): ClassNotes | undefined {
  const legacy: unknown = Reflect.getOwnMetadata(NOTES, target)
  if (legacy !== undefined) return legacy as ClassNotes
  const metadata: unknown = Object.hasOwn(target, METADATA) ? Reflect.get(target, METADATA) : undefined
  if (typeof metadata !== 'object' || metadata === null || !Object.hasOwn(metadata, NOTES)) return undefined
  return (metadata as StandardMetadata)[NOTES]
}

/** What the compiler emitted about a method of this very class (legacy mode with `emitDecoratorMetadata`). */
export function emittedTypesOf(
  target: Constructor,
  method: string,
): { parameters: unknown; returns: unknown } {
  const prototype: unknown = target.prototype
  if (typeof prototype !== 'object' || prototype === null)
    return { parameters: undefined, returns: undefined }
  return {
    parameters: Reflect.getOwnMetadata('design:paramtypes', prototype, method),
    returns: Reflect.getOwnMetadata('design:returntype', prototype, method),
  }
}

/** A class as a value. */
export interface Constructor {
  readonly name: unknown
  readonly prototype: unknown
}

/**
 * Where standard decorators leave a class's metadata. TypeScript emits `Symbol.metadata` and does not provide
 * it: it is set here, before a decorated class is defined, since whoever uses a decorator has loaded this
 * file first.
 */
const METADATA: symbol = provideMetadataSymbol()

// Registered, so that two copies of this package in one program read each other's services.
const NOTES: unique symbol = Symbol.for('parley.service') as typeof NOTES

interface StandardMetadata {
  [NOTES]?: ClassNotes
}

interface StandardContext {
  readonly kind: string
  readonly name: string | symbol | undefined
  readonly static?: boolean
  readonly private?: boolean
  readonly metadata?: object
}

function provideMetadataSymbol(): symbol {
  const existing = (Symbol as { metadata?: symbol }).metadata
  if (existing !== undefined) return existing
  const value = Symbol.for('Symbol.metadata')
  Reflect.defineProperty(Symbol, 'metadata', { value, writable: true, configurable: true, enumerable: false })
  return value
}

function methodDecorator(kind: MethodKind, options: unknown): object {
  const settled = readMethodOptions(options, kind)
  const notes: MethodNotes = { kind, options: settled }
  const decorate = (target: unknown, place: unknown, descriptor?: unknown): void => {
    const context = standardContext(place)
    if (context === undefined) noteLegacyMethod(target, place, descriptor, notes)
    else noteStandardMethod(context, notes)
  }
  // With its kind and options on it the decorator doubles as the entry of a defineService table.
  return Object.assign(decorate, notes)
}

/** A standard decorator is given a context object, a legacy one the member's name or, on a class, nothing. */
function standardContext(place: unknown): StandardContext | undefined {
  return typeof place === 'object' && place !== null && 'kind' in place
    ? (place as StandardContext)
    : undefined
}

function noteStandardMethod(context: StandardContext, notes: MethodNotes): void {
  const where = `@${notes.kind}() on ${String(context.name)}`
  if (context.kind !== 'method') throw notAMethod(where, `a ${context.kind}`)
  if (context.static === true) throw notAMethod(where, 'a static method')
  if (context.private === true) throw notAMethod(where, 'a private method')
  noteMethod(standardNotes(context.metadata, where), context.name, notes, where)
}

function noteLegacyMethod(target: unknown, place: unknown, descriptor: unknown, notes: MethodNotes): void {
  if (typeof place !== 'string' && typeof place !== 'symbol') {
    throw new ServiceDefinitionError(`@${notes.kind}() does not stand on a method; put it before one`)
  }
  const isStatic = typeof target === 'function'
  const owner = isStatic ? target : (target as { constructor: Constructor }).constructor
  const where = `@${notes.kind}() on ${String(owner.name)}.${String(place)}`
  if (isStatic) throw notAMethod(where, 'a static method')
  if (typeof descriptor !== 'object' || descriptor === null) throw notAMethod(where, 'a field')
  if (!Object.hasOwn(descriptor, 'value')) throw notAMethod(where, 'a getter or setter')
  if (typeof (descriptor as PropertyDescriptor).value !== 'function') throw notAMethod(where, 'no function')
  noteMethod(legacyNotes(owner), place, notes, where)
}

function noteMethod(owner: ClassNotes, name: unknown, notes: MethodNotes, where: string): void {
  if (typeof name === 'symbol') throw notAMethod(where, 'a method named by a symbol')
  checkMethodName(name, where)
  if (owner.methods.has(name)) throw new ServiceDefinitionError(`${where}: the method is marked twice`)
  owner.methods.set(name, notes)
}

function notAMethod(where: string, what: string): ServiceDefinitionError {
  return new ServiceDefinitionError(
    `${where}: this is ${what}; only a public method can be called over the wire`,
  )
}

function legacyNotes(target: object): ClassNotes {
  const existing: unknown = Reflect.getOwnMetadata(NOTES, target)
  if (existing !== undefined) return existing as ClassNotes
  const notes = newNotes()
  Reflect.defineMetadata(NOTES, notes, target)
  return notes
}

function standardNotes(metadata: object | undefined, where: string): ClassNotes {
  if (metadata === undefined) {
    throw new ServiceDefinitionError(
      `${where}: the compiler passed no context.metadata. Use one that supports decorator metadata ` +
        '(TypeScript 5.2 or later, current esbuild or swc), or add "experimentalDecorators": true to ' +
        '"compilerOptions" in tsconfig.json',
    )
  }
  const own = metadata as StandardMetadata
  // A subclass's metadata inherits its base's: only what is its own may be written to.
  if (Object.hasOwn(own, NOTES) && own[NOTES] !== undefined) return own[NOTES]
  const notes = newNotes()
  own[NOTES] = notes
  return notes
}

function newNotes(): ClassNotes {
  return { service: undefined, methods: new Map() }
}
