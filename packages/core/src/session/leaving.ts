// How a session leaves a connection: the initiator ends the activity first, behind which both sides have
// everything, and then releases the connection, for good or for a while. What is agreed on goes along with
// that. A session that never had an activity asks with the FINISH itself.

import {
  endByRelease,
  type Question,
  type ReleaseAnswer,
  type ReleaseQuestion,
  type SessionConnection,
  type SessionEnd,
  type SyncAnswer,
} from '../connection/index.ts'
import { decodeReason, decodeWord, encodeReason, encodeWord, why, type Word } from './book/envelope.ts'
import type { Flow } from './flow.ts'
import type { LinkOwner, Phase, Purpose } from './link-owner.ts'
import { opened, type Sealing } from './sealing.ts'

/** The link that is being left. */
export interface Left {
  readonly connection: SessionConnection
  phase: Phase
  /** The position of the next unit to be sent. */
  readonly next: number
  /** Sends what waits, and goes on with the leaving behind that. */
  pump(): void
  /** Says this with a minor sync point, if one can be set now. */
  sayWithPoint(userData: Uint8Array): void
  /** The initiator begins the next activity. */
  start(): void
  /** Our own fault ends this session and nothing else. */
  safely(act: () => void): void
}

/** The end of one link, as far as it is in good order. */
export class Leaving {
  /** What the activity is to be ended for. */
  purpose: Purpose | undefined = undefined
  /** The peer's wish to end the activity. */
  #question: Question | undefined = undefined
  /** It follows what the peer has asked for, and takes the answer. */
  #parting = false
  #answer: Word | undefined = undefined
  /** The connection is left to be come back to later. */
  #idling = false
  readonly #link: Left
  readonly #owner: LinkOwner
  readonly #flow: Flow
  readonly #sealing: Sealing

  constructor(link: Left, owner: LinkOwner, flow: Flow, sealing: Sealing) {
    this.#link = link
    this.#owner = owner
    this.#flow = flow
    this.#sealing = sealing
  }

  /** Says a word about the release, if that is possible now; where the peer parts, when it does. */
  say(word: Word): void {
    if (this.#parting) this.#answer = word
    else this.#link.sayWithPoint(this.#sealed(word))
  }

  hear(said: Uint8Array | undefined): void {
    const octets = opened(this.#sealing, 'other', said)
    const word = octets === undefined ? undefined : decodeWord(octets)
    if (word?.about === 'part') this.#parting = true
    if (word !== undefined) this.#owner.word(word)
  }

  /** The initiator asks what will be agreed to, and leaves meanwhile if nothing waits. */
  part(word: Word): void {
    const { phase } = this.#link
    if (this.purpose !== undefined || this.#backlog) return this.say(word)
    if (phase === 'prelude') return this.#finish(word)
    if (phase !== 'flowing') return this.say(word)
    this.say({ ...word, about: 'part' })
    this.end('part')
  }

  /** The initiator ends the activity, when all is sent, and goes on as the purpose says. */
  end(purpose: Purpose): void {
    if (this.purpose === 'release') return
    this.purpose = purpose
    this.#link.pump()
  }

  activityEnded(question: Question): void {
    this.#link.phase = 'asked'
    this.#question = question
    this.#link.pump()
  }

  /** Ends the activity, or agrees to its end, once everything was sent. */
  goOn(): void {
    const { phase } = this.#link
    if (this.#backlog && this.purpose !== 'renew') return
    if (phase === 'asked') this.#agree()
    else if (phase === 'flowing' && this.purpose !== undefined) this.#endActivity()
  }

  releaseRequested(userData: Uint8Array | undefined, question: ReleaseQuestion): void {
    const said = opened(this.#sealing, 'other', userData)
    if (this.#link.phase === 'prelude') return this.#decide(said, question)
    // The activity was ended behind all that we had sent, so that has arrived.
    this.#flow.confirm(this.#link.next)
    if (this.#backlog) return question.refuse()
    this.#idling = decodeReason(said).reason === why.suspended
    question.accept()
  }

  /** The connection was released. */
  released({ userData }: SessionEnd): void {
    const isAgreed = this.#link.phase === 'prelude'
    this.#link.phase = 'gone'
    if (isAgreed) return this.#waitForArrival()
    if (this.#idling) return this.#owner.left(true, 'the session is idle')
    this.hear(userData)
    this.#owner.ended(endByRelease(undefined))
  }

  get #backlog(): boolean {
    return this.#link.next < this.#flow.kept.end
  }

  #agree(): void {
    this.#link.phase = 'between'
    this.#flow.inActivity = false
    const answer = this.#answer
    this.#question?.accept(answer === undefined ? undefined : this.#sealed(answer))
    this.#question = this.#answer = undefined
    this.#parting = false
  }

  #endActivity(): void {
    this.#link.phase = 'ending'
    const over = ({ userData }: SyncAnswer): void => this.#link.safely(() => this.#activityOver(userData))
    this.#link.connection.endActivity().then(over, nothing)
  }

  #activityOver(said: Uint8Array | undefined): void {
    this.hear(said)
    if (this.#link.phase !== 'ending') return
    this.#flow.inActivity = false
    this.#link.phase = 'between'
    const purpose = this.purpose
    if (purpose !== 'release') this.purpose = undefined
    // What was asked to be sent meanwhile comes first.
    if (purpose === 'renew' || purpose === 'part' || this.#backlog) return this.#link.start()
    this.#idling = purpose === 'idle'
    this.#release(encodeReason(this.#idling ? why.suspended : why.user), 'between')
  }

  /** The initiator asks for the release without ever having had an activity. */
  #finish(word: Word): void {
    this.#link.phase = 'ending'
    this.#release(encodeWord({ ...word, about: 'part' }), 'ending')
  }

  #release(octets: Uint8Array, phase: Phase): void {
    const answered = ({ accepted }: ReleaseAnswer): void => {
      if (!accepted && this.#link.phase === phase) this.#link.safely(() => this.#declined())
    }
    this.#link.connection.release(this.#sealing.seal('other', octets)).then(answered, nothing)
  }

  /** The other side has something to send, or to say, before it lets the connection go. */
  #declined(): void {
    this.#idling = false
    this.#link.start()
  }

  /** The acceptor is asked where no activity was. If it does not agree at once it will be asked in one. */
  #decide(said: Uint8Array | undefined, question: ReleaseQuestion): void {
    const word = said === undefined ? undefined : decodeWord(said)
    if (word?.about === 'part' && !this.#backlog) {
      this.#parting = true
      this.#owner.word(word)
      this.#parting = false
    }
    const answer = this.#answer
    this.#answer = undefined
    if (answer?.about === 'agree') question.accept(this.#sealed(answer))
    else question.refuse()
  }

  /** The initiator ends the transport connection when it has the answer; if not, it comes back for it. */
  #waitForArrival(): void {
    this.#link.phase = 'parted'
    void this.#link.connection.gone.then(({ by, message }) => {
      if (this.#link.phase !== 'parted') return
      this.#link.phase = 'gone'
      if (by === 'peer') this.#owner.ended(endByRelease(undefined))
      else this.#owner.left(false, message)
    })
  }

  #sealed(word: Word): Uint8Array {
    return this.#sealing.seal('other', encodeWord(word))
  }
}

function nothing(): void {}
