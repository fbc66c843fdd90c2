// For tests of services that are written wrongly.
import { expect } from 'vitest'
import { ServiceDefinitionError } from '../../src/service/definition-error.ts'

/** The message of the ServiceDefinitionError that `body` must throw. */
export function problemOf(body: () => unknown): string {
  try {
    body()
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(ServiceDefinitionError)
    return (thrown as Error).message
  }
  throw new Error('nothing was thrown')
}
