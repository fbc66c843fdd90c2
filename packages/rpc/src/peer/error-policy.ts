// What becomes of errors that handlers throw and that are not RpcErrors: the developer
// is told all, the peer little.
import { reportToConsole } from '../platform/platform.ts'

/** Where an unexpected error came from. */
export interface ErrorOrigin {
  readonly service: string
  readonly method: string
  /** Stands in the message the peer got; the link between its report and yours. */
  readonly errorId: string
}

/** The options of `serve` and `connect` about unexpected errors. */
export interface ErrorOptions {
  /**
   * What the peer is told of an error that is not an RpcError: `nothing` but an id (default), its `message`,
   * or its message and `stack`. Use the latter two among programs that trust each other.
   */
  readonly exposeErrors?: 'nothing' | 'message' | 'stack' | undefined
  /** Told each unexpected error. Default: `console.error`. What it throws is ignored. */
  readonly onError?: ((thrown: unknown, origin: ErrorOrigin) => void) | undefined
}

/** {@link ErrorOptions} ready for use. */
export class ErrorPolicy {
  readonly exposes: 'nothing' | 'message' | 'stack'
  readonly #onError: (thrown: unknown, origin: ErrorOrigin) => void

  constructor(options: ErrorOptions) {
    this.exposes = options.exposeErrors ?? 'nothing'
    this.#onError = options.onError ?? logError
  }

  /** Reports an error and returns its id. Never throws. */
  report(thrown: unknown, origin: { readonly service: string; readonly method: string }): string {
    const errorId = newErrorId()
    try {
      this.#onError(thrown, { service: origin.service, method: origin.method, errorId })
    } catch {
      // A reporter that fails has nowhere to report to.
    }
    return errorId
  }
}

function logError(thrown: unknown, origin: ErrorOrigin): void {
  reportToConsole(`${origin.service}.${origin.method} failed (error ${origin.errorId}):`, thrown)
}

/** Eight letters and digits: enough to find a line in a log, no secret. */
function newErrorId(): string {
  return Math.floor(Math.random() * 36 ** 8)
    .toString(36)
    .padStart(8, '0')
}
