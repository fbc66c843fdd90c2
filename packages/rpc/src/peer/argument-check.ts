// Checks arguments against what the compiler said of them, before the handler runs.
import type { ArgumentCheck, MethodDescription } from '../service/description.ts'

/** What is wrong with the arguments of a call, or undefined. */
export function argumentProblem(method: MethodDescription, args: readonly unknown[]): string | undefined {
  const checks = method.argumentChecks
  if (checks === undefined) return undefined
  for (let i = 0; i < checks.length; i++) {
    const check = checks[i]
    const value = args[i]
    // An argument that was left out may have a default; the compiler's metadata does not say.
    if (check === undefined || value === undefined || matches(check, value)) continue
    return `args[${i}] must be ${names.get(check) ?? check}, not ${value === null ? 'null' : typeof value}`
  }
  return undefined
}

function matches(check: ArgumentCheck, value: unknown): boolean {
  return check === 'bytes' ? value instanceof Uint8Array : typeof value === check
}

const names: ReadonlyMap<ArgumentCheck, string> = new Map([
  ['number', 'a number'],
  ['string', 'a string'],
  ['boolean', 'a boolean'],
  ['bigint', 'a bigint'],
  ['bytes', 'a Uint8Array'],
])
