// Services without decorators: a contract as a table of methods, an implementation as a table of functions.
import { DefinedContract, type Contract, type ImplementedService } from './contract.ts'
import { ServiceDefinitionError } from './definition-error.ts'
import type { MethodDescription } from './description.ts'
import type { AnyMethod, MethodMark } from './method-mark.ts'
import { checkMethodName, checkServiceName, type ReservedName } from './names.ts'
import type { Handlers } from './stub-type.ts'

/**
 * Makes a contract of a table: `defineService('shop.v1', { buy: unary<(sku: string) => Promise<Order>>() })`.
 * The value goes to `client.stub()` and to {@link implement}.
 * Throws a {@link ServiceDefinitionError} when a name cannot be used or an entry is not made by `unary`,
 * `stream`, `dialogue` or `activity`.
 */
export function defineService<Methods extends Readonly<Record<string, MethodMark<AnyMethod>>>>(
  name: string,
  methods: Methods & { readonly [Name in keyof Methods & ReservedName]: never },
): DefinedContract<{ readonly [Name in keyof Methods]: MethodOf<Methods[Name]> }> {
  const where = 'defineService()'
  checkServiceName(name, where)
  const descriptions = new Map<string, MethodDescription>()
  for (const [method, mark] of Object.entries<unknown>(methods)) {
    checkMethodName(method, `${where} of ${name}.${method}`)
    descriptions.set(method, describeEntry(method, mark, name))
  }
  if (descriptions.size === 0)
    throw new ServiceDefinitionError(`${where} of ${name}: the service has no methods`)
  return new DefinedContract(Object.freeze({ name, methods: descriptions }))
}

/**
 * Implements a contract, defined or a class, with one function for each of its methods, to be given to
 * `serve`. A method without a function answers UNIMPLEMENTED.
 */
export function implement<T>(contract: Contract<T>, handlers: Handlers<NoInfer<T>>): ImplementedService {
  return { contract, handlers }
}

type MethodOf<Mark> = Mark extends MethodMark<infer F> ? F : never

function describeEntry(name: string, mark: unknown, serviceName: string): MethodDescription {
  if (typeof mark !== 'function' || !Object.hasOwn(mark, 'kind') || !Object.hasOwn(mark, 'options')) {
    throw new ServiceDefinitionError(
      `defineService() of ${serviceName}.${name}: ` +
        'an entry is made by unary<...>(), stream<...>(), dialogue<...>() or activity<...>()',
    )
  }
  const { kind, options } = mark as unknown as MethodMark<AnyMethod>
  return Object.freeze({ name, kind, ...options, argumentChecks: undefined })
}
