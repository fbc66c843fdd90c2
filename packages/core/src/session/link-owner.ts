// What a link needs from the session above it, and what it is told when it is made. Types only.

import type { OldSession, SessionEnd } from '../connection/index.ts'
import type { coreLimits } from '../limits.ts'
import type { Clock } from '../ports/clock.ts'
import type { Word } from './book/envelope.ts'
import type { Sealing } from './sealing.ts'

/** Whom a link serves. */
export interface LinkOwner {
  data(ssdu: Uint8Array): void
  typedData(ssdu: Uint8Array): void
  /** Units may flow: the activity has begun, or goes on. */
  begun(): void
  /** Something was confirmed, or the transport has room again. */
  relieved(): void
  word(word: Word): void
  /** A tick of so many milliseconds has passed, and all is well. */
  ticked(milliseconds: number): void
  /** The link is gone and the session goes on: the network's fault, or in good order (`idle`). */
  left(idle: boolean, message: string): void
  /** The session is over. */
  ended(end: SessionEnd): void
}

/** What the links of all sessions of an end have in common. */
export interface LinkSettings {
  readonly limits: typeof coreLimits
  readonly clock: Clock
  readonly sealing: Sealing
}

/** What is known of a new connection under a session. */
export interface Arrival {
  /** Milliseconds of silence that the peer bears. */
  readonly peerSilence: number
  /** The position that the peer is at: how many of our units it has. */
  readonly received: number
  /** It is the session's first. */
  readonly isFirst: boolean
  /** How the connection is named that the activity was on; only for the initiator. */
  readonly linking: OldSession | undefined
}

/**
 * What the activity is ended for: to release the connection for good, for a while, or to begin another.
 * `part`: the peer is about to agree on the release; if it has not by then, another begins.
 */
export type Purpose = 'release' | 'idle' | 'renew' | 'part'

/**
 * Where a link stands.
 *
 * - `prelude` the session's first connection, while nothing needs an activity: both sides send (STA713)
 * - `waiting` the acceptor on a later one, until the activity goes on or the next begins
 * - `flowing`
 * - `ending` we have asked for the end of the activity, or for the release where there was none; the peer may
 *   still send (STA04B, STA03)
 * - `asked` the peer has asked for the end of the activity; we may still send (STA10B)
 * - `between` activities: nobody sends
 * - `parted` the acceptor, once it has agreed to the release in the prelude, until its answer has arrived
 * - `gone`
 */
export type Phase = 'prelude' | 'waiting' | 'flowing' | 'ending' | 'asked' | 'between' | 'parted' | 'gone'
