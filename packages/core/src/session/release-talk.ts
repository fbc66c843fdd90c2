// Agreeing on the end of a session: either side asks, the other one agrees or declines, and data flows until
// then. What is said must survive the connections it is said on, so it is said again on each until it is
// answered. It knows no connection; what follows from an agreement is the session's to do.

import {
  SessionAbortedError,
  SessionUsageError,
  type ReleaseAnswer,
  type ReleaseQuestion,
  type SessionEnd,
} from '../connection/index.ts'
import { assertUserData } from './options.ts'
import type { Word } from './book/envelope.ts'

/** Whom the talk is about. */
export interface Releasing {
  /**
   * Says a word now if that is possible; if not, {@link ReleaseTalk.again} follows. `foreseen`: the answer to
   * it will be yes, at once.
   */
  say(word: Word, foreseen?: boolean): void
  /** Asks our user; without one the answer is yes. */
  ask(userData: Uint8Array, question: ReleaseQuestion): void
  /** Both sides want the end. */
  agreedOn(): void
}

/** The talk, seen from one side. */
export class ReleaseTalk {
  /** Both sides have agreed. */
  agreed = false
  readonly #releasing: Releasing
  #number = 0
  #asked: Word | undefined = undefined
  #promise: Promise<ReleaseAnswer> | undefined = undefined
  #settle: { resolve(answer: ReleaseAnswer): void; reject(error: unknown): void } | undefined = undefined
  /** The peer's question that we were last asked, and our answer to it. */
  #theirs = 0
  #answer: Word | undefined = undefined
  /** What came with the peer's agreement. */
  #agreement: Uint8Array | undefined = undefined

  constructor(releasing: Releasing) {
    this.#releasing = releasing
  }

  /** True while something is asked or agreed. */
  get busy(): boolean {
    return this.agreed || this.#asked !== undefined || (this.#theirs > 0 && this.#answer === undefined)
  }

  /** Asks. While a question is open this is the same question. */
  ask(userData: Uint8Array, foreseen: boolean): Promise<ReleaseAnswer> {
    if (this.#promise !== undefined) return this.#promise
    this.#promise = new Promise((resolve, reject) => (this.#settle = { resolve, reject }))
    this.#promise.catch(nothing)
    this.#asked = { about: 'ask', number: ++this.#number, userData }
    if (this.#theirs > 0 && this.#answer === undefined) this.#reply('agree', NOTHING)
    else if (!this.agreed) this.#releasing.say(this.#asked, foreseen)
    return this.#promise
  }

  /** A new connection: whatever is not answered is said again. */
  again(): void {
    if (this.#asked !== undefined) this.#releasing.say(this.#asked)
    if (this.agreed) this.#releasing.agreedOn()
  }

  hear(word: Word): void {
    if (word.about === 'ask' || word.about === 'part') return this.#heardQuestion(word)
    if (word.number !== this.#asked?.number) return
    this.#asked = undefined
    if (word.about === 'decline') return this.#resolve({ accepted: false, userData: word.userData })
    this.#agreement = word.userData
    this.#agree()
  }

  /** The session is over. */
  over(end: SessionEnd): void {
    this.#asked = undefined
    if (end.by === 'release') this.#resolve({ accepted: true, userData: this.#agreement })
    else this.#settle?.reject(new SessionAbortedError(end))
  }

  #heardQuestion(word: Word): void {
    if (word.number === this.#theirs) {
      if (this.#answer !== undefined) this.#releasing.say(this.#answer)
      return
    }
    this.#theirs = word.number
    this.#answer = undefined
    if (this.agreed || this.#asked !== undefined) return this.#reply('agree', NOTHING)
    this.#releasing.ask(word.userData, new TalkQuestion(this, word.number))
  }

  /** For the question: is it still open? */
  isOpen(number: number): boolean {
    return this.#theirs === number && this.#answer === undefined
  }

  /** For the question. */
  answer(about: 'agree' | 'decline', userData: Uint8Array): void {
    this.#reply(about, userData)
  }

  #reply(about: 'agree' | 'decline', userData: Uint8Array): void {
    this.#answer = { about, number: this.#theirs, userData }
    this.#releasing.say(this.#answer)
    if (about === 'agree') this.#agree()
  }

  #agree(): void {
    this.#asked = undefined
    this.agreed = true
    this.#releasing.agreedOn()
  }

  #resolve(answer: ReleaseAnswer): void {
    this.#settle?.resolve(answer)
    this.#settle = this.#promise = undefined
  }
}

class TalkQuestion implements ReleaseQuestion {
  readonly #talk: ReleaseTalk
  readonly #number: number
  #answered = false

  constructor(talk: ReleaseTalk, number: number) {
    this.#talk = talk
    this.#number = number
  }

  get open(): boolean {
    return this.#talk.isOpen(this.#number)
  }

  accept(userData: Uint8Array = NOTHING): void {
    this.#once('agree', userData)
  }

  refuse(userData: Uint8Array = NOTHING): void {
    this.#once('decline', userData)
  }

  #once(about: 'agree' | 'decline', userData: Uint8Array): void {
    assertUserData(userData, 'release')
    if (this.#answered) throw new SessionUsageError('WRONG_STATE', 'SRELrsp+', '', 'this was answered before')
    this.#answered = true
    if (this.open) this.#talk.answer(about, userData)
  }
}

const NOTHING = new Uint8Array(0)

function nothing(): void {}
