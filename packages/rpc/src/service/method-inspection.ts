// What can be told of a method at start-up without calling it: from the function itself, and from the types
// that the compiler wrote down (`emitDecoratorMetadata`), where interfaces, Stream among them, are Object and
// tell nothing.
import type { ArgumentCheck, MethodDescription, MethodKind } from './description.ts'
import { memberOf } from './members.ts'

/**
 * Why a function cannot be a method of `kind`, as the end of a sentence; undefined when nothing speaks
 * against it. `returns` is the return type the compiler emitted (`design:returntype`), undefined when it
 * emitted none.
 */
export function kindProblem(kind: MethodKind, body: unknown, returns?: unknown): string | undefined {
  const result = resultOfFunction(body) ?? resultOfType(returns)
  if (kind === 'unary' && result === 'stream')
    return 'is marked @unary() and returns a stream: mark it @stream()'
  if (kind !== 'unary' && result === 'promise')
    return `is marked @${kind}() and returns a Promise: mark it @unary()`
  return undefined
}

/** The checks for the parameter types the compiler emitted; undefined when there is none to make. */
export function argumentChecksOf(types: unknown): MethodDescription['argumentChecks'] {
  if (!Array.isArray(types)) return undefined
  const checks = types.map((type: unknown) => checkable.get(type))
  return checks.some((check) => check !== undefined) ? Object.freeze(checks) : undefined
}

type Result = 'promise' | 'stream'

/** What a function itself tells. Asked first: some compilers emit Promise for an async generator. */
function resultOfFunction(body: unknown): Result | undefined {
  return typeof body === 'function' ? functionTags.get(Object.prototype.toString.call(body)) : undefined
}

const functionTags: ReadonlyMap<string, Result> = new Map<string, Result>([
  ['[object AsyncFunction]', 'promise'],
  ['[object AsyncGeneratorFunction]', 'stream'],
  ['[object GeneratorFunction]', 'stream'],
])

function resultOfType(returns: unknown): Result | undefined {
  if (typeof returns !== 'function') return undefined
  if (returns === Promise) return 'promise'
  const prototype: unknown = returns.prototype
  if (typeof prototype !== 'object' || prototype === null) return undefined
  const isStream = [Symbol.asyncIterator, 'subscribe'].some((name) => memberOf(prototype, name) !== undefined)
  return isStream ? 'stream' : undefined
}

const checkable: ReadonlyMap<unknown, ArgumentCheck> = new Map<unknown, ArgumentCheck>([
  [Number, 'number'],
  [String, 'string'],
  [Boolean, 'boolean'],
  [BigInt, 'bigint'],
  [Uint8Array, 'bytes'],
])
