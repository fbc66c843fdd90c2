// The error of a service that is written wrongly: thrown at start-up, where it was written, never per call.

/** A class, a decorator or a table does not make a service; the message says which, and what to write. */
export class ServiceDefinitionError extends TypeError {
  override readonly name = 'ServiceDefinitionError'
}
