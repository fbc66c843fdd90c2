// Ending an RPC session in agreement (negotiated release): who has the release token asks, the other side
// agrees or declines. The token goes to whoever wants to ask.
import type { ReleaseQuestion, SessionConnection, Token } from '@parley/core'
import { messageOf } from '../errors.ts'
import type { ReleaseVerdict } from '../release.ts'
import { decodeFarewell, encodeFarewell, greetingCodec } from './handshake.ts'

/** The part of a session connection that a farewell takes. */
export type FarewellConnection = Pick<
  SessionConnection,
  'state' | 'turns' | 'closed' | 'giveTokens' | 'pleaseTokens' | 'release'
>

/** The rest of the session, as a farewell needs it. */
export interface FarewellUser {
  /** Nothing may be sent until `released` or `goesOn`. */
  hold(): void
  /** The other side has declined: what waits is sent. */
  goesOn(): void
  /** Decides about the other side's wish. */
  decide(reason: string | undefined): ReleaseVerdict | void | Promise<ReleaseVerdict | void>
  report(thrown: unknown): void
}

/** What the other side answered; undefined: the session was over by other means. */
export type FarewellReply = { readonly accepted: boolean; readonly reason: string | undefined } | undefined

/** The release of one session. */
export class Farewell {
  readonly #connection: FarewellConnection
  readonly #user: FarewellUser
  #asking = false
  /** The other side wants the token that is busy with our own asking. */
  #owed = false
  #tokenCame: (() => void) | undefined

  constructor(connection: FarewellConnection, user: FarewellUser) {
    this.#connection = connection
    this.#user = user
  }

  /** Asks the other side to end the session. `final` leaves it no choice. Never rejects. */
  async ask(final: boolean, reason?: string): Promise<FarewellReply> {
    const connection = this.#connection
    try {
      if (!connection.turns.release.mine && connection.state === 'open') await this.#fetchToken()
      if (connection.state === 'closed') return undefined
      this.#asking = true
      this.#user.hold()
      const answer = await connection.release(encodeFarewell(greetingCodec(), final, reason))
      this.#asking = false
      if (answer.accepted) return { accepted: true, reason: undefined }
      this.#user.goesOn()
      if (this.#owed) this.#give()
      return { accepted: false, reason: decodeFarewell(greetingCodec(), answer.userData).reason }
    } catch {
      // The session ended by other means than by this release.
      return undefined
    }
  }

  /** For the listener of the session connection. */
  tokensGiven(tokens: readonly Token[]): void {
    if (tokens.includes('release')) this.#tokenCame?.()
  }

  /** For the listener of the session connection. */
  tokensAsked(tokens: readonly Token[]): void {
    if (!tokens.includes('release') || !this.#connection.turns.release.mine) return
    if (this.#asking) this.#owed = true
    else this.#give()
  }

  /** For the listener of the session connection. */
  releaseRequested(userData: Uint8Array | undefined, question: ReleaseQuestion): void {
    const { final, reason } = decodeFarewell(greetingCodec(), userData)
    if (final) question.accept()
    else void this.#answer(reason, question)
  }

  async #answer(reason: string | undefined, question: ReleaseQuestion): Promise<void> {
    let declined: string | undefined
    try {
      declined = (await this.#user.decide(reason))?.notFinished
    } catch (thrown) {
      this.#user.report(thrown)
      declined = `it could not be decided: ${messageOf(thrown)}`
    }
    if (!question.open) return
    if (declined === undefined) question.accept()
    else question.refuse(encodeFarewell(greetingCodec(), false, declined))
  }

  async #fetchToken(): Promise<void> {
    const came = new Promise<void>((resolve) => (this.#tokenCame = resolve))
    this.#connection.pleaseTokens(['release'])
    await Promise.race([came, this.#connection.closed])
    this.#tokenCame = undefined
  }

  #give(): void {
    this.#owed = false
    if (this.#connection.state === 'open') this.#connection.giveTokens(['release'])
  }
}
