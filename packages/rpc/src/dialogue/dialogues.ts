// The dialogues of one RPC session, begun here and answered here: each has a session connection of its own,
// and all end with the session they belong to.
import type { AbortSignalLike, SessionConnection } from '@parley/core'
import { metadataToWire, type CallOptions } from '../call-options.ts'
import { RpcError } from '../errors.ts'
import type { RemoteMethod } from '../peer/caller.ts'
import type { CallHost } from '../peer/call-scope.ts'
import { takeInputs } from '../peer/input-channel.ts'
import { beginGuard, type CallGuard } from '../peer/pending.ts'
import type { PeerSetting } from '../peer/peer-parts.ts'
import { dialogueMessage } from '../presentation/dialogue-messages.ts'
import type { Message } from '../presentation/messages.ts'
import { Answerer } from './answerer.ts'
import { DialogueHandle } from './handle.ts'
import { Words } from '../presentation/words.ts'

/** What the dialogues of a session are made with. */
export interface DialogueParts {
  readonly setting: PeerSetting
  /** The longest message that the other side takes, in octets. */
  readonly peerMaxMessageLength: number
  /** Opens a session connection for a dialogue. Undefined on the side that cannot connect. */
  readonly connect: ((signal: AbortSignalLike) => Promise<SessionConnection>) | undefined
}

/** See the head of this file. */
export class Dialogues {
  /** Told when the last of them is over. */
  listener: { quieter(): void } | undefined
  readonly #parts: DialogueParts
  /** Made for the first. */
  #all: Set<DialogueHandle | Answerer> | undefined
  #closedWhy: string | undefined

  constructor(parts: DialogueParts) {
    this.#parts = parts
  }

  /** Those that are not over. */
  get size(): number {
    return this.#all?.size ?? 0
  }

  /** Why no further dialogue can be answered; undefined: one can. */
  get fullBecause(): RpcError | undefined {
    const { dialogues } = this.#parts.setting.limits
    if (this.#closedWhy !== undefined) return unavailable(this.#closedWhy)
    if (this.size < dialogues) return undefined
    const text = `a session may have ${dialogues} dialogues at once (limits.dialogues)`
    return new RpcError('RESOURCE_EXHAUSTED', text, { outcome: 'not-started' })
  }

  /** A dialogue with the other side; it begins with its first `next()`. */
  begin(method: RemoteMethod, args: unknown[], options: CallOptions): DialogueHandle {
    const { setting, peerMaxMessageLength, connect } = this.#parts
    const { codec, clock, limits } = setting
    const guard = beginGuard(clock, method.description, options)
    const handle = new DialogueHandle({
      clock,
      closeTimeout: limits.closeTimeout,
      metadataLength: limits.metadataLength,
      words: new Words(codec, peerMaxMessageLength),
      guard,
      options,
      begin: () => this.#beginning(method, args, guard, options),
      connect: async (signal) => {
        if (this.#closedWhy !== undefined) throw unavailable(this.#closedWhy)
        if (connect === undefined) throw notConnecting()
        this.#add(handle)
        return connect(signal)
      },
      over: () => this.#over(handle),
    })
    return handle
  }

  /** Answers what comes on a session connection that the other side opened for a dialogue. */
  answer(connection: SessionConnection, host: CallHost): void {
    const { setting, peerMaxMessageLength } = this.#parts
    const { codec, registry, errorPolicy } = setting
    const words = new Words(codec, peerMaxMessageLength)
    const over = (): void => this.#over(answerer)
    const answerer = new Answerer({ connection, words, host, registry, errorPolicy, over })
    this.#add(answerer)
  }

  /** The session is over. */
  lost(why: string): void {
    this.#closedWhy ??= why
    for (const dialogue of [...(this.#all ?? [])]) dialogue.lost(why)
  }

  #beginning(
    { service, description }: RemoteMethod,
    args: unknown[],
    guard: CallGuard,
    { metadata }: CallOptions,
  ): Message {
    const message: unknown[] = [dialogueMessage.begin, service, description.name, args]
    if (takeInputs([...args]) !== undefined)
      throw new RpcError('INVALID_ARGUMENT', 'a dialogue takes no streams', { outcome: 'not-started' })
    const { clock, limits } = this.#parts.setting
    const left = guard.timeLeft(clock)
    if (left === undefined && metadata === undefined) return message
    const names = metadata === undefined ? null : metadataToWire(metadata, limits.metadataLength)
    return [...message, [left ?? null, names]]
  }

  #add(dialogue: DialogueHandle | Answerer): void {
    this.#all = (this.#all ?? new Set<DialogueHandle | Answerer>()).add(dialogue)
  }

  #over(dialogue: DialogueHandle | Answerer): void {
    if (this.#all?.delete(dialogue) === true && this.size === 0) this.listener?.quieter()
  }
}

function unavailable(why: string): RpcError {
  return new RpcError('UNAVAILABLE', why, { outcome: 'not-started' })
}

function notConnecting(): RpcError {
  const text = 'a dialogue is begun by the side that connected: it needs a connection of its own'
  return new RpcError('UNIMPLEMENTED', text, { outcome: 'not-started' })
}
