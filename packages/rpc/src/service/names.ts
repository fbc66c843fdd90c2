// Which names services and methods may have. The wire carries them, and a stub has them as properties.
import { rpcLimits } from '../limits.ts'
import { ServiceDefinitionError } from './definition-error.ts'

/**
 * Names no method can have. A stub is handed to `await`, `JSON.stringify` and template strings like any
 * object: with a method `then` it would be a promise, with the others it would answer a call nobody made,
 * over the wire.
 */
export const reservedNames = [
  'then',
  'constructor',
  'prototype',
  'toString',
  'toLocaleString',
  'toJSON',
  'valueOf',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  '__proto__',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
] as const

/** A name no method can have. */
export type ReservedName = (typeof reservedNames)[number]

/** Throws a {@link ServiceDefinitionError} when `name` cannot name a service. `where` begins the message. */
export function checkServiceName(name: unknown, where: string): asserts name is string {
  const problem = nameProblem(name)
  if (problem !== undefined) throw new ServiceDefinitionError(`${where}: the service's name ${problem}`)
}

/** Throws a {@link ServiceDefinitionError} when `name` cannot name a method. `where` begins the message. */
export function checkMethodName(name: unknown, where: string): asserts name is string {
  const problem = reserved.has(name)
    ? 'is one that every object has or that `await` looks for'
    : nameProblem(name)
  if (problem !== undefined) throw new ServiceDefinitionError(`${where}: the method's name ${problem}`)
}

const reserved: ReadonlySet<unknown> = new Set(reservedNames)

/** Letters, marks, digits, punctuation, symbols of any script: no spaces, no controls, nothing invisible. */
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u

function nameProblem(name: unknown): string | undefined {
  if (typeof name !== 'string') return `must be a string, not ${name === null ? 'null' : typeof name}`
  if (name === '') return 'is empty'
  if (name.length > rpcLimits.nameLength)
    return `is ${name.length} characters long, at most ${rpcLimits.nameLength} fit`
  return printable.test(name) ? undefined : 'holds a space or a character that does not print'
}
