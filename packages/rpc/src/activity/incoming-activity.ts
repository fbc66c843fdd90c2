// The call that an activity is, as the code inside its method knows it: the same one for as long as this
// process works on it, whoever is connected.
import type { Checkpoint } from '../activity.ts'
import type { MetadataValue } from '../call-options.ts'
import type { RpcError } from '../errors.ts'
import { CallScope, type CallHost } from '../peer/call-scope.ts'
import { Consumer, type ConsumerChannel } from '../peer/consumer.ts'
import type { ServedMethod } from '../peer/registry.ts'
import type { InputPositions } from './backlog.ts'

/** Who works on the activity. */
interface Runner {
  readonly checkpoint: Checkpoint<unknown>
  stop(reason: RpcError): void
  /** What a stream among the arguments has to say to whoever sends it. */
  inputChannel(channel: number): ConsumerChannel
}

/** The session an activity came on last. */
export type ActivityHost = { -readonly [Part in keyof CallHost]: CallHost[Part] }

interface Input {
  readonly consumer: Consumer<unknown>
  /** Items of it that were taken before this process began. */
  readonly base: number
}

/** An activity in progress on the answering side. */
export class IncomingActivity extends CallScope {
  readonly host: ActivityHost
  readonly #runner: Runner
  readonly #inputs = new Map<number, Input>()
  #ended = false

  constructor(
    host: ActivityHost,
    served: ServedMethod,
    args: unknown[],
    channels: readonly number[],
    from: InputPositions,
    runner: Runner,
  ) {
    super(host, served, args)
    this.host = host
    this.#runner = runner
    const window = host.limits.streamWindow
    for (const channel of channels) {
      const consumer = new Consumer<unknown>(runner.inputChannel(channel), window)
      const base = from.find(([of]) => of === channel)?.[1] ?? 0
      this.#inputs.set(channel, { consumer, base })
      args[channel] = consumer
    }
  }

  override checkpoint<State>(): Checkpoint<State> {
    return this.#runner.checkpoint as Checkpoint<State>
  }

  /** The options of whoever is connected now, in place of the last one's. */
  override setOptions(...[options, clock]: Parameters<CallScope['setOptions']>): string | undefined {
    this.disarm()
    return super.setOptions(options, clock)
  }

  /** What goes to the caller ahead of the first item; undefined when nobody gave any. */
  get metadataForCaller(): Map<string, MetadataValue> | undefined {
    return this.givenMetadata
  }

  /** How many items of each stream the method has taken. */
  get taken(): InputPositions {
    return [...this.#inputs].map(([channel, { consumer, base }]) => [channel, base + consumer.taken])
  }

  /** The streams that are still wanted: from which position on, and how many octets of them. */
  get wanted(): readonly (readonly [channel: number, position: number, credit: number])[] {
    return [...this.#inputs].flatMap(([channel, { consumer, base }]) =>
      consumer.ended ? [] : [[channel, base + consumer.received, consumer.allowance] as const],
    )
  }

  /** False when the caller had no credit for it. */
  input(channel: number, value: unknown, length: number): boolean {
    return this.#inputs.get(channel)?.consumer.receive(value, length) ?? true
  }

  inputEnd(channel: number, error: RpcError | undefined): void {
    this.#inputs.get(channel)?.consumer.end(error)
  }

  /** It has ended. */
  end(): void {
    this.#ended = true
    this.disarm()
  }

  protected get over(): boolean {
    return this.#ended
  }

  protected stop(reason: RpcError): void {
    for (const { consumer } of this.#inputs.values()) consumer.end(reason)
    this.#runner.stop(reason)
  }
}
