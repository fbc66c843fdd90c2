// The error of a service that is written wrongly. It is thrown at start-up, on the side that wrote it, never per call.

/** A class, a decorator or a table does not make a service; the message says which and what to write instead. */
export class ServiceDefinitionError extends TypeError {
  override readonly name = 'ServiceDefinitionError'
}
