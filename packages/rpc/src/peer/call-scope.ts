// What the code inside a handler can know of the call it answers, and how it is told to stop: the part that
// all kinds of calls have in common. It sends nothing.
import type { Clock, Timer } from '@parley/core'
import type { Checkpoint } from '../activity.ts'
import { metadataFromWire, type Metadata, type MetadataValue } from '../call-options.ts'
import { RpcError } from '../errors.ts'
import type { ServedDialogue } from '../dialogue.ts'
import type { SessionLimits } from '../limits.ts'
import { newAbortController, type PlatformAbortSignal } from '../platform/platform.ts'
import type { RpcSession } from '../session.ts'
import type { AmbientCall } from './ambient-call.ts'
import { cancelled, deadlineExceeded } from './pending.ts'
import type { ServedMethod } from './registry.ts'

/** The session a call came on, as the call sees it. */
export interface CallHost {
  readonly clock: Clock
  readonly limits: SessionLimits
  readonly principal: unknown
  readonly session: RpcSession
}

/** A call that is being answered. */
export abstract class CallScope implements AmbientCall {
  readonly served: ServedMethod
  /** The key that the caller chose for the call. */
  key: string | undefined
  readonly args: readonly unknown[]
  readonly #host: CallHost
  /** Set when the caller gave up, the deadline passed or the session was lost. */
  #abortReason: RpcError | undefined
  #controller: ReturnType<typeof newAbortController> | undefined
  #children: Set<(reason: unknown) => void> | undefined
  #deadline: number | undefined
  #timer: Timer | undefined
  #metadata: Metadata | undefined
  #responseMetadata: Map<string, MetadataValue> | undefined

  constructor(host: CallHost, served: ServedMethod, args: readonly unknown[]) {
    this.#host = host
    this.served = served
    this.args = args
  }

  get service(): string {
    return this.served.service
  }

  get method(): string {
    return this.served.description.name
  }

  get deadline(): number | undefined {
    return this.#deadline
  }

  get timeLeft(): number | undefined {
    return this.#deadline === undefined ? undefined : Math.max(0, this.#deadline - this.#host.clock.now())
  }

  get signal(): PlatformAbortSignal {
    if (this.#controller === undefined) {
      this.#controller = newAbortController()
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason)
    }
    return this.#controller.signal
  }

  get aborted(): boolean {
    return this.#abortReason !== undefined
  }

  get metadata(): Metadata {
    this.#metadata ??= new Map()
    return this.#metadata
  }

  get responseMetadata(): Map<string, MetadataValue> {
    this.#responseMetadata ??= new Map()
    return this.#responseMetadata
  }

  /** The same, undefined while nobody has asked for it. */
  protected get givenMetadata(): Map<string, MetadataValue> | undefined {
    return this.#responseMetadata
  }

  get principal(): unknown {
    return this.#host.principal
  }

  get session(): RpcSession {
    return this.#host.session
  }

  get transaction(): unknown {
    const text = `"${this.method}" is not transactional: mark it @unary({ effect: 'transactional' })`
    throw new RpcError('FAILED_PRECONDITION', text)
  }

  get dialogue(): ServedDialogue {
    throw new RpcError('FAILED_PRECONDITION', `"${this.method}" is no dialogue`)
  }

  checkpoint<State>(): Checkpoint<State> {
    throw new RpcError('FAILED_PRECONDITION', `"${this.method}" is no activity: mark it @activity()`)
  }

  /** What the handler was stopped for, if it was. */
  get abortReason(): RpcError | undefined {
    return this.#abortReason
  }

  /** Takes the options of the call message; undefined when they are sound, else what is wrong with them. */
  setOptions(options: readonly unknown[], clock: Clock): string | undefined {
    const [timeout, metadata] = options
    this.#deadline = undefined
    this.#metadata = undefined
    if (timeout !== null && timeout !== undefined) {
      if (typeof timeout !== 'number' || !(timeout > 0)) return 'the timeout is not a number above 0'
      this.#deadline = clock.now() + timeout
      this.#timer = clock.setTimer(timeout, () => this.abort(deadlineExceeded()))
    }
    if (metadata !== null && metadata !== undefined) {
      if (typeof metadata !== 'object') return 'the metadata is not an object'
      this.#metadata = metadataFromWire(metadata, this.#host.limits.metadataLength)
      if (this.#metadata === undefined)
        return 'the metadata has values that are not strings or octets, or is too long'
    }
    return undefined
  }

  addChild(cancel: (reason: unknown) => void): () => void {
    const children = (this.#children ??= new Set())
    children.add(cancel)
    return () => children.delete(cancel)
  }

  /** The caller gave up. */
  cancel(byDeadline: boolean): void {
    this.abort(byDeadline ? deadlineExceeded() : cancelled(undefined))
  }

  /**
   * Tells the handler to stop: its signal aborts, the calls it made are cancelled, its streams end. The call
   * itself ends when the handler has.
   */
  abort(reason: RpcError): void {
    if (this.over || this.#abortReason !== undefined) return
    this.#abortReason = reason
    this.#controller?.abort(reason)
    if (this.#children !== undefined) for (const cancelChild of [...this.#children]) cancelChild(reason)
    // The handler may take its time, or never end.
    this.disarm()
    this.stop(reason)
  }

  /** True once the call has its answer. */
  protected abstract get over(): boolean

  /** Ends what the call itself has running; its handler has been told. */
  protected abstract stop(reason: RpcError): void

  /** The deadline no longer matters. */
  protected disarm(): void {
    this.#timer?.cancel()
  }
}
