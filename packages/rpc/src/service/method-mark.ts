// What is said of one method when a service is written: by its decorator or its entry in defineService.
import { MAX_TIMEOUT } from '../call-options.ts'
import { ServiceDefinitionError } from './definition-error.ts'
import type {
  ActivityMethodOptions,
  ActivityReplay,
  MethodDescription,
  MethodEffect,
  MethodKind,
  MethodOptions,
} from './description.ts'

/** Any function at all, as a type to constrain others. */
export type AnyMethod = (...args: never[]) => unknown

/** A method's options with their defaults filled in. */
export type SettledOptions = Pick<MethodDescription, 'idempotent' | 'effect' | 'timeout' | 'replay'>

declare const signature: unique symbol

/** An entry of `defineService`: a method's kind, its options and, for the compiler only, its type `F`. */
export interface MethodMark<F> {
  readonly kind: MethodKind
  readonly options: SettledOptions
  /** Never there: it carries the method's type. */
  readonly [signature]?: F
}

/**
 * A checked, frozen copy of a method's options. Reads own properties only, so a polluted Object.prototype
 * adds none.
 * Throws a {@link ServiceDefinitionError} on an option that is unknown or out of its range.
 */
export function readMethodOptions(options: unknown, kind: MethodKind): SettledOptions {
  const where = `@${kind}()`
  if (options === undefined) return kind === 'activity' ? activityDefaults : none
  if (typeof options !== 'object' || options === null) {
    throw new ServiceDefinitionError(`${where}: options are an object, not ${describeValue(options)}`)
  }
  const given = new Map<string, unknown>(Object.entries(options))
  for (const option of given.keys()) {
    if (!known.has(option)) throw new ServiceDefinitionError(`${where}: there is no option "${option}"`)
    if (option === 'effect' && kind !== 'unary')
      throw new ServiceDefinitionError(`${where}: the option "effect" is for unary methods`)
    if (option === 'replay' && kind !== 'activity')
      throw new ServiceDefinitionError(`${where}: the option "replay" is for activities`)
  }
  const idempotent = readIdempotent(given.get('idempotent'), where)
  return Object.freeze({
    idempotent,
    effect: readEffect(given.get('effect'), idempotent, where),
    timeout: readTimeout(given.get('timeout'), where),
    replay: kind === 'activity' ? readReplay(given.get('replay'), where) : undefined,
  })
}

const none: SettledOptions = Object.freeze({
  idempotent: false,
  effect: 'once',
  timeout: undefined,
  replay: undefined,
})
const activityDefaults: SettledOptions = Object.freeze({ ...none, replay: 'skip' })
const known: ReadonlySet<string> = new Set<keyof MethodOptions | keyof ActivityMethodOptions>([
  'idempotent',
  'effect',
  'timeout',
  'replay',
])

function readIdempotent(value: unknown, where: string): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false
  throw new ServiceDefinitionError(
    `${where}: the option "idempotent" is a boolean, not ${describeValue(value)}`,
  )
}

function readEffect(value: unknown, idempotent: boolean, where: string): MethodEffect {
  if (value === undefined) return idempotent ? 'query' : 'once'
  if (idempotent) throw new ServiceDefinitionError(`${where}: an idempotent method takes no option "effect"`)
  if (value === 'once' || value === 'keyed' || value === 'transactional') return value
  const text = 'the option "effect" is once, keyed or transactional'
  throw new ServiceDefinitionError(`${where}: ${text}, not ${describeValue(value)}`)
}

function readReplay(value: unknown, where: string): ActivityReplay {
  if (value === undefined || value === 'skip' || value === 'discard') return value ?? 'skip'
  throw new ServiceDefinitionError(
    `${where}: the option "replay" is skip or discard, not ${describeValue(value)}`,
  )
}

function readTimeout(value: unknown, where: string): number | undefined {
  if (value === undefined || (typeof value === 'number' && value >= 1 && value <= MAX_TIMEOUT)) return value
  throw new ServiceDefinitionError(
    `${where}: the option "timeout" is a number of milliseconds from 1 to ${MAX_TIMEOUT}, ` +
      `not ${describeValue(value)}`,
  )
}

function describeValue(value: unknown): string {
  return typeof value === 'number' || typeof value === 'boolean' || value === null
    ? String(value)
    : typeof value
}
