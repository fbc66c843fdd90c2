// The activities of one RPC session: those begun here, and the connections to those that are worked on here.
// Each connection is a session connection of its own.
import { hexOf } from '@parley/core'
import type { AbortSignalLike, SessionConnection } from '@parley/core'
import { metadataToWire, type CallOptions } from '../call-options.ts'
import { RpcError } from '../errors.ts'
import type { RemoteMethod } from '../peer/caller.ts'
import type { CallHost } from '../peer/call-scope.ts'
import { sourceErrors, type Inputs } from '../peer/input-channel.ts'
import { beginGuard, type CallGuard } from '../peer/pending.ts'
import type { PeerSetting } from '../peer/peer-parts.ts'
import { Words } from '../presentation/words.ts'
import { newSecret } from '../peer/handshake.ts'
import { isStreamArgument } from '../stream-source.ts'
import { Attachment } from './attachment.ts'
import { isActivityId, newCaller } from './beginning.ts'
import { ActivityHandle } from './handle.ts'
import type { ActivityRuns } from './runs.ts'

/** What the activities of a session are made with. */
export interface ActivitiesParts {
  readonly setting: PeerSetting
  /** The longest message that the other side takes, in octets. */
  readonly peerMaxMessageLength: number
  /** Opens a session connection for an activity. Undefined on the side that cannot connect. */
  readonly connect: ((signal: AbortSignalLike) => Promise<SessionConnection>) | undefined
  /** The server that they lead to: another object for another server. */
  readonly server?: () => unknown
}

/** See the head of this file. */
export class Activities {
  /** Told when the last one that has a connection has lost it, or is over. */
  listener: { quieter(): void } | undefined
  readonly #parts: ActivitiesParts
  /** Either is made for the first. */
  #begun: Set<ActivityHandle> | undefined
  #answered: Set<Attachment> | undefined
  #closedWhy: string | undefined

  constructor(parts: ActivitiesParts) {
    this.#parts = parts
  }

  /** Those that are not over. */
  get size(): number {
    return (this.#begun?.size ?? 0) + (this.#answered?.size ?? 0)
  }

  /** Those of them that have no connection, and wait for one. */
  get waiting(): number {
    let count = 0
    for (const handle of this.#begun ?? []) if (!handle.connected) count += 1
    return count
  }

  /** Why no further connection to an activity is taken; undefined: one is. */
  get fullBecause(): RpcError | undefined {
    const { activities } = this.#parts.setting.limits
    if (this.#closedWhy !== undefined) return unavailable(this.#closedWhy)
    if ((this.#answered?.size ?? 0) < activities) return undefined
    const text = `a session may have ${activities} activities at once (limits.activities)`
    return new RpcError('RESOURCE_EXHAUSTED', text, { outcome: 'not-started' })
  }

  /** An activity at the other side; it begins when it is read. */
  begin(method: RemoteMethod, args: unknown[], options: CallOptions): ActivityHandle {
    const { setting, peerMaxMessageLength, connect } = this.#parts
    const { codec, clock, limits } = setting
    const { service, description } = method
    const guard = beginGuard(clock, description, { ...options, onMetadata: once(options.onMetadata) })
    const id = options.activity?.id ?? newActivityId()
    if (!isActivityId(id)) throw new RpcError('INVALID_ARGUMENT', BAD_ID, { outcome: 'not-started' })
    const { plain, inputs } = takeSeekable(args)
    const channels = inputs.map(([channel]) => channel)
    const handle: ActivityHandle = new ActivityHandle({
      ...{ clock, limits, guard, options, inputs, id },
      words: new Words(codec, peerMaxMessageLength),
      told: sourceErrors(setting.errorPolicy, method),
      beginning: { service, method: description.name, args: plain, channels, id, caller: newCaller() },
      wireOptions: () => this.#wireOptions(guard, options),
      connect: (signal) => {
        if (connect === undefined) throw notConnecting()
        return connect(signal)
      },
      server: () => this.#parts.server?.(),
      begun: () => {
        if (this.#closedWhy !== undefined) return handle.lost(this.#closedWhy)
        this.#begun = (this.#begun ?? new Set<ActivityHandle>()).add(handle)
      },
      moved: () => this.#quieter(),
      over: () => {
        if (this.#begun?.delete(handle) === true) this.#quieter()
      },
    })
    return handle
  }

  /** Answers what comes on a session connection that the other side opened for an activity. */
  answer(
    connection: SessionConnection,
    host: CallHost,
    principalKey: string | undefined,
    runs: ActivityRuns,
  ): void {
    const { setting, peerMaxMessageLength } = this.#parts
    const { codec, errorPolicy } = setting
    const words = new Words(codec, peerMaxMessageLength)
    const over = (): void => {
      if (this.#answered?.delete(attachment) === true) this.#quieter()
    }
    const attachment: Attachment = new Attachment({
      ...{ connection, words, host, principalKey, runs, errorPolicy, over },
    })
    this.#answered = (this.#answered ?? new Set<Attachment>()).add(attachment)
  }

  /** Has those that are worked on here put down at their next checkpoint. */
  interrupt(reason: string): void {
    for (const attachment of this.#answered ?? []) attachment.interrupt(reason)
  }

  /** Has those put down at once; resolves when they are, or `limits.closeTimeout` is over. */
  async putDown(reason: string): Promise<void> {
    await Promise.all([...(this.#answered ?? [])].map((attachment) => attachment.putDown(reason)))
  }

  /** The session has lost its connection. */
  suspect(): void {
    for (const handle of this.#begun ?? []) handle.suspect()
  }

  /** It has one again. */
  wake(): void {
    for (const handle of this.#begun ?? []) handle.wake()
  }

  /** The session is over. */
  lost(why: string): void {
    this.#closedWhy ??= why
    for (const one of [...(this.#begun ?? []), ...(this.#answered ?? [])]) one.lost(why)
  }

  #wireOptions(guard: CallGuard, { metadata }: CallOptions): readonly unknown[] | undefined {
    const { clock, limits } = this.#parts.setting
    const left = guard.timeLeft(clock)
    if (left === undefined && metadata === undefined) return undefined
    return [left ?? null, metadata === undefined ? null : metadataToWire(metadata, limits.metadataLength)]
  }

  #quieter(): void {
    if (this.size === this.waiting) this.listener?.quieter()
  }
}

/** An id for an activity: 256 random bits as 64 hexadecimal digits. Keep it as a secret. */
export function newActivityId(): string {
  return hexOf(newSecret())
}

/** Each connection brings the metadata; its caller is told once. */
function once(told: CallOptions['onMetadata']): CallOptions['onMetadata'] {
  let isTold = false
  return (metadata) => {
    if (!isTold) told?.(metadata)
    isTold = true
  }
}

const BAD_ID = 'the id of an activity has 32 to 256 characters: newActivityId() makes one'

/** Takes the streams, and the functions that give streams, out of the arguments. */
function takeSeekable(args: readonly unknown[]): { plain: unknown[]; inputs: Inputs } {
  const inputs: (readonly [number, unknown])[] = []
  const plain = args.map((arg, channel) => {
    if (typeof arg !== 'function' && !isStreamArgument(arg)) return arg
    inputs.push([channel, arg])
    return null
  })
  return { plain, inputs }
}

function unavailable(why: string): RpcError {
  return new RpcError('UNAVAILABLE', why, { outcome: 'not-started' })
}

function notConnecting(): RpcError {
  const text = 'an activity is begun by the side that connected: it needs a connection of its own'
  return new RpcError('UNIMPLEMENTED', text, { outcome: 'not-started' })
}
