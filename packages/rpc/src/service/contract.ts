// Contracts as values: what both sides of a service share.
import type { ServiceDescription } from './description.ts'

/**
 * What `client.stub()` takes: the class of a service, abstract or not, or the value of `defineService`.
 * `T` is the service's own type: the class's instances, or the table of method types.
 */
export type Contract<T> = (abstract new (...args: never[]) => T) | DefinedContract<T>

/** A contract made by `defineService`. `T` is the table of its methods' types. */
export class DefinedContract<T> {
  readonly description: ServiceDescription
  /** Never there: it carries the methods' types. */
  declare protected readonly methodTypes: T

  constructor(description: ServiceDescription) {
    this.description = description
  }
}

/** A contract and the functions that serve it, made by `implement`. */
export interface ImplementedService {
  readonly contract: object
  readonly handlers: object
}
