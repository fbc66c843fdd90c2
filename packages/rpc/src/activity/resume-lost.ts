// The error of an activity that cannot go on from where it is asked to.
import { RpcError } from '../errors.ts'

/** RESUME_LOST; `details.oldest` is the oldest position that there is, where there is one. */
export function resumeLost(why: string, oldest?: number): RpcError {
  const details = oldest === undefined ? undefined : { oldest }
  return new RpcError('RESUME_LOST', `the activity cannot go on from there: ${why}`, {
    outcome: 'unknown',
    details,
  })
}
