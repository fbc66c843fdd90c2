// The call that a dialogue is, as the code inside its method knows it.
import type { MetadataValue } from '../call-options.ts'
import type { ServedDialogue } from '../dialogue.ts'
import type { RpcError } from '../errors.ts'
import { CallScope, type CallHost } from '../peer/call-scope.ts'
import type { ServedMethod } from '../peer/registry.ts'

/** Who runs the dialogue. */
interface Runner extends ServedDialogue {
  stop(reason: RpcError): void
}

/** A dialogue in progress on the answering side. */
export class IncomingDialogue extends CallScope {
  readonly #runner: Runner
  #ended = false
  #headTaken = false

  constructor(host: CallHost, served: ServedMethod, args: readonly unknown[], runner: Runner) {
    super(host, served, args)
    this.#runner = runner
  }

  override get dialogue(): ServedDialogue {
    return this.#runner
  }

  /** What goes to the caller ahead of the first word; undefined when there is nothing, or it was taken. */
  takeResponseMetadata(): Map<string, MetadataValue> | undefined {
    if (this.#headTaken) return undefined
    this.#headTaken = true
    return this.givenMetadata
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
    this.#runner.stop(reason)
  }
}
