// Says in a user's words where in a call a value stands that cannot travel.
import type { ValueError } from '../presentation/codec.ts'

/**
 * One sentence like `args[0].user.avatar: a function cannot travel`. `root` names what stands at depth `skip` of
 * the message: `args`, `result`, `item`, `details`.
 */
export function describeValuePath(root: string, error: ValueError, skip: number): string {
  let where = root
  for (const step of error.path.slice(skip)) {
    if (typeof step === 'number') where += `[${step}]`
    else where += /^[A-Za-z_$][\w$]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`
  }
  return `${where}: ${error.problem}`
}
