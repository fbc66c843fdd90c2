// What is said of values that no codec of ours carries.
import { rpcLimits } from '../limits.ts'

/** What is wrong with a value deeper than the limit. */
const { valueDepth } = rpcLimits

export const TOO_DEEP: string = `values more than ${valueDepth} levels deep cannot travel; flatten them`
/** What is wrong with a value that stands inside itself. */
export const CYCLE = 'a value that contains itself cannot travel; send ids in place of references'

/** Why a value of a kind that cannot travel cannot, and what to do instead. Never throws. */
export function refusal(value: unknown): string {
  if (typeof value === 'function')
    return 'a function cannot travel; offer it as a method of a service instead'
  if (typeof value === 'symbol') return 'a symbol cannot travel; send its description'
  try {
    return refusalOfObject(value as object)
  } catch (thrown) {
    return `an object that cannot be read cannot travel (${reasonOf(thrown)})`
  }
}

/** The message of whatever was thrown, cut short. Never throws. */
export function reasonOf(thrown: unknown): string {
  try {
    const message: unknown = thrown instanceof Error ? thrown.message : thrown
    return String(message).slice(0, REASON_LENGTH)
  } catch {
    return 'no reason given'
  }
}

const REASON_LENGTH = 200

function refusalOfObject(value: object): string {
  if (has(value, 'then')) return 'a Promise cannot travel; await it first'
  if (Symbol.asyncIterator in value || has(value, 'subscribe')) {
    return 'a stream cannot travel inside another value; pass it as an argument, or return it, by itself'
  }
  if (typeof (value as Iterator<unknown>).next === 'function')
    return 'an iterator cannot travel; send an array'
  const prototype: unknown = Object.getPrototypeOf(value)
  const owner: unknown = prototype === null ? undefined : (prototype as object).constructor
  const name = typeof owner === 'function' && owner !== Object ? owner.name : ''
  const what = name === '' ? 'an object with a prototype of its own' : `an instance of ${name}`
  return `${what} cannot travel; send a plain object, or give both sides a valueType for its class`
}

function has(value: object, method: string): boolean {
  return typeof (value as Record<string, unknown>)[method] === 'function'
}
