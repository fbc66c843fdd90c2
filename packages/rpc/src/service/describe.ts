// Reads what the decorators wrote on a class and the classes it extends, and makes one description of it.
import { DefinedContract } from './contract.ts'
import { emittedTypesOf, notesOf, type ClassNotes, type Constructor } from './decorators.ts'
import { ServiceDefinitionError } from './definition-error.ts'
import type { MethodDescription, ServiceDescription } from './description.ts'
import { chainOf } from './members.ts'
import { argumentChecksOf, kindProblem } from './method-inspection.ts'

/**
 * The description of a service: of a class, of an instance of one, or of a contract made by `defineService`.
 * What a class does not say itself it has from the classes it extends. The same class gives the same object
 * every time.
 * Throws a {@link ServiceDefinitionError} that says what is missing when it is no service, or when a method
 * is marked with the wrong kind.
 */
export function describeService(target: unknown): ServiceDescription {
  if (target instanceof DefinedContract) return target.description
  const prototype = prototypeOf(target)
  const known = prototype === undefined ? undefined : described.get(prototype)
  if (known !== undefined) return known
  const description = describeClasses(prototype === undefined ? [] : classesFrom(prototype), nameOf(target))
  if (prototype !== undefined) described.set(prototype, description)
  return description
}

/** What to call a class, or an instance of one, in a message. */
export function nameOf(target: unknown): string {
  if (target === undefined || target === null) return String(target)
  const prototype = prototypeOf(target)
  const [nearest] = prototype === undefined ? [] : classesFrom(prototype)
  const name = nearest?.constructor.name
  if (typeof name === 'string' && name !== '') return name
  if (nearest !== undefined) return 'a class without a name'
  return typeof target === 'object' ? 'an object without a class' : `a ${typeof target}`
}

const described = new WeakMap<object, ServiceDescription>()

interface ClassInChain {
  readonly constructor: Constructor
  readonly prototype: object
}

/** The prototype that instances of a class, or an instance itself, look their methods up on. */
function prototypeOf(target: unknown): object | undefined {
  const prototype: unknown =
    typeof target === 'function'
      ? target.prototype
      : typeof target === 'object' && target !== null
        ? Object.getPrototypeOf(target)
        : undefined
  return typeof prototype === 'object' && prototype !== null ? prototype : undefined
}

/** The class that owns `prototype` and those it extends, nearest first. */
function classesFrom(prototype: object): ClassInChain[] {
  const classes: ClassInChain[] = []
  for (const place of chainOf(prototype)) {
    const constructor: unknown = Object.hasOwn(place, 'constructor') ? place.constructor : undefined
    if (typeof constructor === 'function' && constructor.prototype === place) {
      classes.push({ constructor, prototype: place })
    }
  }
  return classes
}

function describeClasses(classes: readonly ClassInChain[], name: string): ServiceDescription {
  let serviceName: string | undefined
  const methods = new Map<string, MethodDescription>()
  // From the base down, so that methods stand in the contract's order and a subclass has the last word.
  for (const place of classes.toReversed()) {
    const notes = notesOf(place.constructor)
    serviceName = notes?.service ?? serviceName
    if (notes !== undefined) describeMarked(notes, place, methods)
    assertKinds(place, methods)
  }
  if (serviceName !== undefined && methods.size > 0) return Object.freeze({ name: serviceName, methods })
  throw new ServiceDefinitionError(
    `${name} is not a service: ${missing(serviceName, methods.size)}. ${COMPILER_HINT}`,
  )
}

/** Adds the methods that one class marks. */
function describeMarked(
  notes: ClassNotes,
  { constructor }: ClassInChain,
  methods: Map<string, MethodDescription>,
): void {
  for (const [name, { kind, options }] of notes.methods) {
    const inherited = methods.get(name)
    if (inherited !== undefined && inherited.kind !== kind) {
      const where = `${nameOf(constructor)}.${name}`
      throw new ServiceDefinitionError(
        `${where} is marked @${kind}(), the class it extends says @${inherited.kind}()`,
      )
    }
    const { idempotent, effect, timeout, replay } = options
    const argumentChecks = argumentChecksOf(emittedTypesOf(constructor, name).parameters)
    methods.set(name, Object.freeze({ name, kind, idempotent, effect, timeout, replay, argumentChecks }))
  }
}

/** Throws when a method that this class defines cannot be of the kind it was marked with. */
function assertKinds(
  { constructor, prototype }: ClassInChain,
  methods: ReadonlyMap<string, MethodDescription>,
): void {
  for (const { name, kind } of methods.values()) {
    const own = Object.getOwnPropertyDescriptor(prototype, name)
    if (own === undefined || !Object.hasOwn(own, 'value')) continue
    const problem = kindProblem(kind, own.value, emittedTypesOf(constructor, name).returns)
    if (problem !== undefined) throw new ServiceDefinitionError(`${nameOf(constructor)}.${name} ${problem}`)
  }
}

function missing(serviceName: string | undefined, methodCount: number): string {
  if (serviceName !== undefined) return `it is called "${serviceName}" and has no method marked ${MARKS}`
  if (methodCount > 0) return "it has marked methods and no @service('name') on the class"
  return `it has no @service('name') on the class and no method marked ${MARKS}`
}

const MARKS = '@unary(), @stream(), @dialogue() or @activity()'

const COMPILER_HINT =
  'If the decorators are there, the compiler dropped them: put "experimentalDecorators": true into ' +
  '"compilerOptions" of tsconfig.json (it reads them on class declarations, not on class expressions), or ' +
  'remove that line and use a compiler that supports standard decorators'
