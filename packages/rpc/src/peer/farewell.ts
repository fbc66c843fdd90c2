// Ending an RPC session in agreement: one side asks, the other one agrees or declines with a reason.
import type { ReleaseQuestion, Session } from '@parley/core'
import { messageOf } from '../errors.ts'
import type { ReleaseVerdict } from '../release.ts'
import { decodeFarewell, encodeFarewell, greetingCodec } from './handshake.ts'

/** The rest of the session, as a farewell needs it. */
export interface FarewellUser {
  /** The session that is in use now. */
  readonly connection: Pick<Session, 'release'>
  /** Nothing is sent until `goesOn`, so that what is not sent has not been done when the session ends. */
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
  readonly #user: FarewellUser

  constructor(user: FarewellUser) {
    this.#user = user
  }

  /** Asks the other side to end the session. `final` leaves it no choice. Never rejects. */
  async ask(final: boolean, reason?: string): Promise<FarewellReply> {
    try {
      this.#user.hold()
      const answer = await this.#user.connection.release(
        encodeFarewell(greetingCodec(), final, reason),
        final,
      )
      if (answer.accepted) return { accepted: true, reason: undefined }
      this.#user.goesOn()
      return { accepted: false, reason: decodeFarewell(greetingCodec(), answer.userData).reason }
    } catch {
      // The session ended by other means than by this release.
      return undefined
    }
  }

  /** For the listener of the session. */
  releaseRequested(userData: Uint8Array, question: ReleaseQuestion): void {
    const { final, reason } = decodeFarewell(greetingCodec(), userData)
    if (final) question.accept()
    else void this.#decide(reason, question)
  }

  async #decide(reason: string | undefined, question: ReleaseQuestion): Promise<void> {
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
}
