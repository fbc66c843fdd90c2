// The services this side offers, by name. Names come from the peer, so they are
// looked up in Maps and nowhere else.
import type { StoreCapabilities } from '@parley/core'
import { ServiceDefinitionError } from '../service/definition-error.ts'
import type { MethodDescription, ServiceDescription } from '../service/description.ts'
import { implementationOf, type ServiceImplementation } from '../service/implementation.ts'
import { intercept, type Interceptor } from '../interceptors.ts'
import type { CallScope } from './call-scope.ts'
import { servedOutcome } from './outcomes.ts'
import { servedReflection } from './reflection.ts'

/** One method that can be called from outside. */
export interface ServedMethod {
  readonly service: string
  readonly description: MethodDescription
  /** Runs the handler for a call; it may throw, return a value, a promise or a stream source. */
  readonly run: (call: CallScope) => unknown
}

/** What one process serves. Built once, shared by its sessions. */
export class Registry {
  readonly #services = new Map<string, ReadonlyMap<string, ServedMethod>>()
  readonly #descriptions: ServiceDescription[] = []

  /** Throws a ServiceDefinitionError when a service is not one, and a TypeError when two have one name. */
  constructor(services: readonly ServiceImplementation[], interceptors: readonly Interceptor[]) {
    const find = this.find.bind(this)
    for (const own of [servedReflection(this.#descriptions), servedOutcome(find)])
      this.#services.set(own.service, new Map([[own.description.name, own]]))
    for (const service of services) this.#add(service, interceptors)
  }

  find(service: string, method: string): ServedMethod | undefined {
    return this.#services.get(service)?.get(method)
  }

  /** Throws a ServiceDefinitionError for a method that needs more than the store has. */
  assertKept({ transactional, statement }: StoreCapabilities): void {
    for (const { name, methods } of this.#descriptions) {
      for (const method of methods.values()) {
        if (method.effect !== 'transactional' || transactional) continue
        throw new ServiceDefinitionError(
          `${name}.${method.name} is transactional, and the store has no transactions (${statement})`,
        )
      }
    }
  }

  /** True when there is such a service, whatever the method. */
  has(service: string): boolean {
    return this.#services.has(service)
  }

  #add(service: ServiceImplementation, interceptors: readonly Interceptor[]): void {
    const { description, handlers } = implementationOf(service)
    if (this.#services.has(description.name))
      throw new TypeError(`the service "${description.name}" is given twice`)
    const methods = new Map<string, ServedMethod>()
    for (const [name, handler] of handlers) {
      const method = description.methods.get(name)
      if (method === undefined) throw new TypeError(`"${name}" is no method of "${description.name}"`)
      const invoke = (call: CallScope): unknown => handler(...call.args)
      const run = interceptors.length === 0 ? invoke : intercept(interceptors, handler)
      methods.set(name, { service: description.name, description: method, run })
    }
    this.#services.set(description.name, methods)
    this.#descriptions.push(description)
  }
}
