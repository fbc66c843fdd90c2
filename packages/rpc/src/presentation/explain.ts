// Finds where in a message the value stands that cannot travel, and says what to do about it. Slow, and only
// run when encoding has failed; it never decides whether a message can travel.
import { rpcLimits } from '../limits.ts'
import { ValueError } from './codec.ts'
import { CYCLE, reasonOf, refusal, TOO_DEEP } from './explain-refusal.ts'
import type { ValueType } from './types.ts'
import { carriers } from './values.ts'
import { bigintToOctets } from './values-bigint.ts'
import { isOctets, viewToExtension } from './values-binary.ts'
import { errorToParts } from './values-error.ts'
import { isArrayPrototype, isError, isPlainPrototype } from './values-foreign.ts'
import { arrayProblem, keyProblem, keysProblem } from './values-odd.ts'

/**
 * The error for a message that could not be encoded because of `thrown`: with the
 * path if the place can be found.
 */
export function explain(
  message: readonly unknown[],
  types: ReadonlyMap<unknown, ValueType>,
  thrown: unknown,
): ValueError {
  const found = new Search(types).visit(message, 1)
  if (found !== undefined) return found
  if (thrown instanceof ValueError) return thrown
  return new ValueError([], `this cannot be encoded: ${reasonOf(thrown)}`, { cause: thrown })
}

/** A walk in the encoder's order. Reading anything may throw, since getters and proxies may. */
class Search {
  readonly #types: ReadonlyMap<unknown, ValueType>
  readonly #path: (string | number)[] = []
  readonly #around = new Set<object>()

  constructor(types: ReadonlyMap<unknown, ValueType>) {
    this.#types = types
  }

  /** What is wrong with a value on this level, or with something in it. */
  visit(value: unknown, depth: number): ValueError | undefined {
    if (depth > rpcLimits.valueDepth) return this.#wrong(TOO_DEEP)
    if (typeof value === 'function' || typeof value === 'symbol') return this.#wrong(refusal(value))
    if (typeof value === 'bigint') return this.#attempt(() => void bigintToOctets(value))
    if (typeof value !== 'object' || value === null) return undefined
    if (this.#around.has(value)) return this.#wrong(CYCLE)
    this.#around.add(value)
    const found = this.#attempt(() => this.#object(value, depth))
    this.#around.delete(value)
    return found
  }

  #object(value: object, depth: number): ValueError | undefined {
    const prototype = Object.getPrototypeOf(value) as object | null
    const type = this.#types.get(prototype)
    if (type !== undefined) return this.#instance(type, value, depth)
    if (prototype === Map.prototype) return this.#map(value as Map<unknown, unknown>, depth)
    if (prototype === Set.prototype) return this.#list([...(value as Set<unknown>)], depth)
    if (prototype === null) return this.#record(value, depth)
    if (carriers.has(prototype)) return undefined
    if (ArrayBuffer.isView(value)) {
      return isOctets(value) || viewToExtension(value) !== undefined ? undefined : this.#wrong(refusal(value))
    }
    if (isError(value)) return this.#error(value, depth)
    if (Array.isArray(value) && isArrayPrototype(prototype)) return this.#list(value, depth)
    if (!Array.isArray(value) && isPlainPrototype(prototype)) return this.#record(value, depth)
    return this.#wrong(refusal(value))
  }

  #instance(type: ValueType, value: object, depth: number): ValueError | undefined {
    let carried: unknown
    try {
      carried = type.encode(value as never)
    } catch (thrown) {
      return this.#wrong(`the value type "${type.name}" could not encode it (${reasonOf(thrown)})`, thrown)
    }
    // Only one extension directly in another goes a level deeper.
    const plain =
      typeof carried !== 'object' || carried === null || Object.getPrototypeOf(carried) === Object.prototype
    return this.visit(carried, plain || Array.isArray(carried) ? depth : depth + 1)
  }

  #map(map: Map<unknown, unknown>, depth: number): ValueError | undefined {
    let position = 0
    for (const [key, value] of map) {
      const label = typeof key === 'string' || typeof key === 'number' ? key : position
      const found = this.#child(position, () => key, depth + 1) ?? this.#child(label, () => value, depth + 1)
      if (found !== undefined) return found
      position++
    }
    return undefined
  }

  #list(list: readonly unknown[], depth: number): ValueError | undefined {
    const problem = arrayProblem(list.length)
    if (problem !== undefined) return this.#wrong(problem)
    for (let i = 0; i < list.length; i++) {
      const found = this.#child(i, () => list[i], depth + 1)
      if (found !== undefined) return found
    }
    return undefined
  }

  #record(object: object, depth: number): ValueError | undefined {
    const keys = Object.keys(object)
    const problem = keysProblem(keys.length)
    if (problem !== undefined) return this.#wrong(problem)
    for (const key of keys) {
      const found = this.#property(object, key, depth)
      if (found !== undefined) return found
    }
    return undefined
  }

  #error(error: Error, depth: number): ValueError | undefined {
    const [, , own, hidden] = errorToParts(error)
    // They stand in an array and in maps of their own.
    return this.#record(own, depth + 1) ?? this.#record(hidden, depth + 1)
  }

  #property(object: object, key: string, depth: number): ValueError | undefined {
    const problem = keyProblem(key)
    if (problem === undefined)
      return this.#child(key, () => (object as Record<string, unknown>)[key], depth + 1)
    this.#path.push(key)
    return this.#wrong(problem)
  }

  #child(label: string | number, read: () => unknown, depth: number): ValueError | undefined {
    this.#path.push(label)
    const found = this.#attempt(() => this.visit(read(), depth))
    this.#path.pop()
    return found
  }

  #attempt(look: () => ValueError | undefined): ValueError | undefined {
    try {
      return look()
    } catch (thrown) {
      if (thrown instanceof ValueError) return this.#wrong(thrown.problem)
      return this.#wrong(`this cannot be read: ${reasonOf(thrown)}`, thrown)
    }
  }

  #wrong(problem: string, cause?: unknown): ValueError {
    return new ValueError([...this.#path], problem, cause === undefined ? undefined : { cause })
  }
}
