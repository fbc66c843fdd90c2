// What serves a service: its description and one bound function per method, looked up once at the start.
import { DefinedContract, type ImplementedService } from './contract.ts'
import { ServiceDefinitionError } from './definition-error.ts'
import { describeService, nameOf } from './describe.ts'
import type { MethodDescription, ServiceDescription } from './description.ts'
import { memberOf } from './members.ts'
import { kindProblem } from './method-inspection.ts'
import { NotImplementedHere } from './remote.ts'

/**
 * What `serve` takes: an instance of a service class, or what `implement` made. The class itself is a compile
 * error; that an object is a service is seen when it is served.
 */
export type ServiceImplementation = object & { readonly prototype?: never }

/** A method ready to be called. What it returns depends on its kind; `remote()` throws NotImplementedHere. */
export type Handler = (...args: unknown[]) => unknown

/** A service ready to be served: exactly one handler for each method of the description. */
export interface BoundService {
  readonly description: ServiceDescription
  readonly handlers: ReadonlyMap<string, Handler>
}

/**
 * Binds the methods of a service that is given to `serve`: an instance of a service class, or what
 * `implement` made. Later changes to the object are not seen. A method that nobody implements throws
 * NotImplementedHere when it runs.
 * Throws a {@link ServiceDefinitionError} when it is no service, is a class, or a member is no function.
 */
export function implementationOf(service: ServiceImplementation): BoundService {
  if (typeof service === 'function' || service instanceof DefinedContract) {
    throw new ServiceDefinitionError(
      typeof service === 'function'
        ? `${nameOf(service)} is a class: serve an instance of it, new ${nameOf(service)}()`
        : `"${service.description.name}" is a contract: serve implement(contract, { ... })`,
    )
  }
  if (isImplemented(service)) {
    const description = describeService(service.contract)
    assertNothingElse(service.handlers, description)
    return bind(service.handlers, description)
  }
  return bind(service, describeService(service))
}

/** A plain object with the two members; a service's instance is never plain. */
function isImplemented(service: object): service is ImplementedService {
  const prototype: unknown = Object.getPrototypeOf(service)
  const isPlain = prototype === Object.prototype || prototype === null
  return isPlain && Object.hasOwn(service, 'contract') && Object.hasOwn(service, 'handlers')
}

function bind(target: object, description: ServiceDescription): BoundService {
  const handlers = new Map<string, Handler>()
  for (const method of description.methods.values())
    handlers.set(method.name, bindMethod(target, method, description))
  return { description, handlers }
}

function bindMethod(
  target: object,
  { name, kind }: MethodDescription,
  description: ServiceDescription,
): Handler {
  const member = memberOf(target, name)
  if (member === undefined) return () => notImplemented(description.name, name)
  const problem =
    typeof member === 'function' ? kindProblem(kind, member) : `is no function but a ${typeof member}`
  if (problem !== undefined) throw new ServiceDefinitionError(`${description.name}.${name} ${problem}`)
  return (member as Handler).bind(target)
}

function notImplemented(service: string, method: string): never {
  throw new NotImplementedHere(`${service}.${method} is not implemented here`)
}

/** A function under a name the contract does not have is a slip: it would never be called. */
function assertNothingElse(handlers: object, description: ServiceDescription): void {
  for (const [name, value] of Object.entries(handlers as Readonly<Record<string, unknown>>)) {
    if (typeof value !== 'function' || description.methods.has(name)) continue
    const names = [...description.methods.keys()].join(', ')
    throw new ServiceDefinitionError(
      `implement(): ${description.name} has no method "${name}"; it has ${names}`,
    )
  }
}
