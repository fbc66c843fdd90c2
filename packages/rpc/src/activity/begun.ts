// What the calling side knows of whether an activity has begun: what it asks for on its next connection, and
// what an error can say.
import { RpcError } from '../errors.ts'
import { beginMode } from '../presentation/activity-messages.ts'

/** See the head of this file. */
export class Begun {
  readonly #firstMode: number
  /** The server that may have begun it, and that one has answered. */
  #at: unknown
  #isKnown = false
  #mayHave = false

  /** `mustExist`: it is somebody else's, or was begun before. */
  constructor(mustExist: boolean) {
    this.#firstMode = mustExist ? beginMode.mustExist : beginMode.beginOrGoOn
  }

  /** A server was asked for it. */
  get isAsked(): boolean {
    return this.#at !== undefined
  }

  /** For this server: one that is the same as before, and does not know it, never heard of it. */
  mode(server: unknown): number {
    const isElsewhere = this.isAsked && this.#at !== server
    return this.#isKnown || isElsewhere ? beginMode.known : this.#firstMode
  }

  asked(server: unknown): void {
    this.#at ??= server
  }

  attached(): void {
    this.#isKnown = true
  }

  /** A connection on which it was asked for is over. */
  lost(error: RpcError | undefined): void {
    this.#mayHave ||= error?.outcome !== 'not-started'
  }

  /** The error as it is to be told: what the last one says of itself does not hold for those before it. */
  told(error: RpcError): RpcError {
    if (error.outcome !== 'not-started' || !this.#mayHave) return error
    const { code, message, details, cause } = error
    return new RpcError(code, message, { outcome: 'unknown', details, cause })
  }
}
