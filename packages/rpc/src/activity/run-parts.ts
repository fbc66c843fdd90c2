// What working on an activity takes, and who may connect to it. Types only.
import type { CallHost } from '../peer/call-scope.ts'
import type { ErrorPolicy } from '../peer/error-policy.ts'
import type { ServedMethod } from '../peer/registry.ts'
import type { Words } from '../presentation/words.ts'
import type { ActivityHost } from './incoming-activity.ts'
import type { ActivityLink } from './link.ts'
import type { ActivityRecord, Kept } from './record.ts'
import type { ActivityRun } from './run.ts'

/** What working on an activity takes. */
export interface RunParts {
  readonly id: string
  readonly served: ServedMethod
  readonly args: unknown[]
  /** The arguments that are streams. */
  readonly channels: readonly number[]
  readonly record: ActivityRecord
  readonly kept: Kept
  readonly words: Words
  readonly host: ActivityHost
  readonly errorPolicy: ErrorPolicy
  /** It has a caller from now on, or has none. */
  readonly attended: (run: ActivityRun, isAttended: boolean) => void
  /** It is over here and leaves nothing behind. */
  readonly over: () => void
}

/** Who connects to it, and from where. */
export interface Attaching {
  readonly link: ActivityLink
  /** Items that it has had; undefined: whatever is the oldest that is kept. */
  readonly position: number | undefined
  /** Those of them that it is done with; undefined: all. */
  readonly had: number | undefined
  readonly credit: number
  readonly options: readonly unknown[] | undefined
  readonly host: CallHost
  /** Told before anything is sent. */
  readonly onAttached: (run: ActivityRun) => void
}

/**
 * - `interrupt` it can be gone on with from its last checkpoint
 * - `discard` nothing of it is wanted any more
 * - `leave` at once, without a word: somebody else has it now, or all is over here
 */
export type Stop = 'interrupt' | 'discard' | 'leave'
