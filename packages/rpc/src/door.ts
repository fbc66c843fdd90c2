// The door of a server: who may have a session, or a dialogue, and who not. It asks the authenticator, within
// a time, and looks at nothing else before; it opens nothing itself.
import type { Clock } from '@parley/core'
import { isRpcError, RpcError } from './errors.ts'
import type { SessionLimits } from './limits.ts'
import type { ErrorPolicy } from './peer/error-policy.ts'
import { decodeHello, encodeRefusal, greetingCodec, type Hello } from './peer/handshake.ts'
import { utf8 } from './platform/platform.ts'

/** Who wants a session. */
export interface SessionApplicant {
  /** What the client gave as `credentials`; undefined when it gave none. */
  readonly credentials: unknown
  /** Where it comes from, in words. */
  readonly remote: string
  /**
   * The certificate (X.509, DER) that it has shown, if its transport has verified one: with TLS, where the
   * server asks for it. `new X509Certificate(certificate)` of `node:crypto` reads it.
   */
  readonly certificate: Uint8Array | undefined
}

/** The options of `serve` about letting in. */
export interface DoorOptions {
  /**
   * Decides who may have a session, before any of its calls is looked at, and again each time a connection of
   * it is had back or a dialogue is begun. What it returns is `call().principal`; `undefined` lets in
   * somebody unknown, `false` nobody. Throwing refuses: with the code and text of an RpcError, anything else
   * as UNAUTHENTICATED without its text. Default: everyone.
   */
  readonly authenticate?: ((applicant: SessionApplicant) => unknown) | undefined
  /**
   * Says by what two principals are the same one: only the same one can have a session back. Default: the
   * principal itself, as it would travel; one that cannot travel needs this.
   */
  readonly principalKey?: ((principal: unknown) => string) | undefined
  /** The session user offered here (session selector); calls for another are refused. Default: any. */
  readonly selector?: string | undefined
}

/** Whom the door has let in. */
export interface Guest {
  readonly hello: Hello
  readonly principal: unknown
  /** By what it is the same one; undefined without an authenticator. */
  readonly key: string | undefined
}

/** What is known of an applicant before it has said anything. */
type Origin = Pick<SessionApplicant, 'remote' | 'certificate'>

/** What a door is made with. */
export interface DoorParts extends DoorOptions {
  readonly clock: Clock
  readonly limits: SessionLimits
  readonly codecName: string
  readonly errorPolicy: ErrorPolicy
}

/** See the head of this file. */
export class Door {
  /** Why nobody comes in any more. */
  closedBecause: string | undefined
  readonly #parts: DoorParts
  readonly #selector: Uint8Array | undefined

  constructor(parts: DoorParts) {
    this.#parts = parts
    this.#selector = parts.selector === undefined ? undefined : utf8(parts.selector)
  }

  /** True when the session user that is called is the one here. */
  offers(called: Uint8Array = NO_OCTETS): boolean {
    const offered = this.#selector
    if (offered === undefined) return true
    return called.length === offered.length && called.every((octet, i) => octet === offered[i])
  }

  /**
   * Lets somebody in who greets so: at once, where the authenticator says at once who it is. Throws, or
   * rejects with, whatever speaks against it; see {@link refusalOf}.
   */
  admit(greeting: Uint8Array | undefined, { remote, certificate }: Origin): Guest | Promise<Guest> {
    const { authenticate, codecName } = this.#parts
    const hello = decodeHello(greetingCodec(), greeting, codecName)
    const principal = authenticate?.({ credentials: hello.credentials, remote, certificate })
    return isLater(principal) ? this.#admitLater(hello, principal) : this.#guest(hello, principal)
  }

  /** What whoever is not let in is told. Reports what it is not told. */
  refusalOf(thrown: unknown): Uint8Array | undefined {
    try {
      return encodeRefusal(greetingCodec(), this.#asRefusal(thrown))
    } catch {
      // Its text cannot be read.
      return undefined
    }
  }

  async #admitLater(hello: Hello, principal: PromiseLike<unknown>): Promise<Guest> {
    const { clock, limits } = this.#parts
    let give: () => void = () => undefined
    const late = new Promise<never>((_, reject) => {
      const tell = (): void => reject(new RpcError('DEADLINE_EXCEEDED', UNDECIDED))
      const timer = clock.setTimer(limits.admissionTimeout, tell)
      give = () => timer.cancel()
    })
    try {
      return this.#guest(hello, await Promise.race([principal, late]))
    } finally {
      give()
    }
  }

  #guest(hello: Hello, principal: unknown): Guest {
    if (this.closedBecause !== undefined) throw new RpcError('UNAVAILABLE', this.closedBecause)
    if (principal === false) throw new RpcError('UNAUTHENTICATED', 'this session was not let in')
    return { hello, principal, key: this.#keyOf(principal) }
  }

  #keyOf(principal: unknown): string | undefined {
    if (principal === undefined) return undefined
    if (this.#parts.principalKey !== undefined) return this.#parts.principalKey(principal)
    if (typeof principal === 'string') return principal
    return `value ${greetingCodec().encode([principal]).join()}`
  }

  #asRefusal(thrown: unknown): RpcError {
    if (isRpcError(thrown)) return thrown
    const errorId = this.#parts.errorPolicy.report(thrown, { service: 'session', method: 'authenticate' })
    return new RpcError('UNAUTHENTICATED', `this session was not let in (error ${errorId})`)
  }
}

const UNDECIDED = 'the server did not decide in time who this is'
const NO_OCTETS = new Uint8Array(0)

function isLater(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== 'object' || value === null) return false
  return 'then' in value && typeof value.then === 'function'
}
