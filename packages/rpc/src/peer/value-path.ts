// Says in a user's words where in a call a value stands that cannot travel.
import type { ValueError } from '../presentation/codec.ts'

/**
 * One sentence like `args[0].user.avatar: a function cannot travel`. `root` names the field of the message in
 * which it stands: `args`, `result`, `item`.
 */
export function describeValuePath(root: string, error: ValueError): string {
  let where = root
  for (const step of error.path.slice(1)) {
    if (typeof step === 'number') where += `[${step}]`
    else where += /^[A-Za-z_$][\w$]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`
  }
  return `${where}: ${error.problem}`
}
