// What an activity on the calling side is made with. Types only.
import type { AbortSignalLike, Clock, SessionConnection } from '@parley/core'
import type { CallOptions } from '../call-options.ts'
import type { SessionLimits } from '../limits.ts'
import type { Inputs, SourceErrors } from '../peer/input-channel.ts'
import type { CallGuard } from '../peer/pending.ts'
import type { Words } from '../presentation/words.ts'
import type { Beginning } from './beginning.ts'

/** What an activity needs of the session it belongs to. */
export interface ActivityOpening {
  readonly clock: Clock
  readonly limits: SessionLimits
  readonly words: Words
  readonly guard: CallGuard
  readonly options: CallOptions
  readonly beginning: Omit<Beginning, 'mode' | 'position' | 'had' | 'connection' | 'credit' | 'options'>
  readonly inputs: Inputs
  readonly told: SourceErrors
  readonly id: string
  /** The options of its first message, as they are now; throws when they cannot travel. */
  readonly wireOptions: () => readonly unknown[] | undefined
  /** Opens a session connection. */
  readonly connect: (signal: AbortSignalLike) => Promise<SessionConnection>
  /** The server that connections lead to now: another object for another server. */
  readonly server: () => unknown
  /** It has a connection from now on, or has none. */
  readonly moved: () => void
  /** It has begun, and counts; it is over, and leaves nothing behind. */
  readonly begun: () => void
  readonly over: () => void
}
