// The questions of the peer's that wait for our user's answer: at most one at a time, answered at most once.

import { SessionUsageError, type Request } from '../machine/index.ts'
import type { Question, ReleaseQuestion, ResyncAgreement, ResyncQuestion } from './session-listener.ts'

/** Whom a question's answer goes to. */
export interface Answering {
  /** The question that is open, if any. */
  question: OpenQuestion | undefined
  /** Carries out an answer. Throws SessionUsageError when it is not possible. */
  answer(name: Answerable, answer: ResyncAgreement): void
}

/** The response primitives that answer yes, and the no to a release. */
export type Answerable = Extract<
  Request['name'],
  'SCDrsp' | 'SSYNMrsp' | 'SRSYNrsp' | 'SACTIrsp' | 'SACTDrsp' | 'SACTErsp' | 'SRELrsp+' | 'SRELrsp-'
>

/** What the kinds of questions have in common. */
class OpenQuestion {
  readonly name: Answerable
  readonly #asked: Answering
  #answered = false

  constructor(asked: Answering, name: Answerable) {
    this.name = name
    this.#asked = asked
    asked.question = this
  }

  get open(): boolean {
    return this.#asked.question === this
  }

  /**
   * Answers. What was overtaken meanwhile, possibly before anybody was told of it, needs no answer: it is not
   * the caller's mistake.
   */
  protected settle(name: Answerable, answer: ResyncAgreement): void {
    if (this.#answered) throw new SessionUsageError('WRONG_STATE', name, '', 'this was answered before')
    if (!this.open) return
    try {
      this.#asked.answer(name, answer)
    } catch (error) {
      if (!(error instanceof SessionUsageError) || error.code !== 'WRONG_STATE') throw error
    }
    this.#answered = true
    if (this.open) this.#asked.question = undefined
  }
}

export type { OpenQuestion }

/** A question with nothing to say but yes. */
export class PlainQuestion extends OpenQuestion implements Question {
  accept(userData?: Uint8Array): void {
    this.settle(this.name, { userData })
  }
}

/** The question of a resynchronize. */
export class ResynchronizeQuestion extends OpenQuestion implements ResyncQuestion {
  accept(answer: ResyncAgreement = {}): void {
    this.settle(this.name, answer)
  }
}

/** The question of a release. */
export class AskedRelease extends PlainQuestion implements ReleaseQuestion {
  refuse(userData?: Uint8Array): void {
    this.settle('SRELrsp-', { userData })
  }
}
