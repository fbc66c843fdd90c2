// What a peer is made of. Types only.
import type { Clock } from '@parley/core'
import type { DurableCalls } from '../durable/durable-calls.ts'
import type { SessionLimits } from '../limits.ts'
import type { Codec } from '../presentation/codec.ts'
import type { RpcSession } from '../session.ts'
import type { ErrorPolicy } from './error-policy.ts'
import type { Agreed } from './handshake.ts'
import type { OutboxTarget } from './outbox.ts'
import type { Registry } from './registry.ts'

/** The part of a session connection that RPC uses. */
export interface PeerConnection extends OutboxTarget {
  readonly writable: boolean
  abort(userData?: Uint8Array): void
}

/** What all peers of one side have in common. */
export interface PeerSetting {
  readonly codec: Codec
  readonly clock: Clock
  readonly limits: SessionLimits
  readonly registry: Registry
  readonly errorPolicy: ErrorPolicy
}

/** What a peer has of its own. */
export interface PeerParts {
  readonly agreed: Agreed
  readonly principal: unknown
  /** What is recorded of the calls answered here; undefined on the side that connected. */
  readonly durable: DurableCalls | undefined
}

/** The session that a peer is part of. */
export interface PeerUser {
  readonly connection: PeerConnection
  readonly session: RpcSession
  /**
   * How many dialogues and activities there are with the same peer, on session connections of their own, and
   * how many of them wait for one.
   */
  readonly beside: number
  readonly besideWaiting: number
  /** The other side takes no new calls. */
  onLeaving(reason: string): void
  /** True when this side can go on elsewhere. */
  readonly movable: boolean
  /** It is asked to. */
  onMove(): void
}
