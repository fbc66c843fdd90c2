// A dialogue on its session connection: turns, points, going back, problems and interruptions in the words of
// the session service, the same on both sides. It knows no method and runs nobody's code but its listener's.
import {
  SessionAbortedError,
  SessionInterruptedError,
  SessionUsageError,
  type ReleaseQuestion,
  type Resync,
  type ResyncQuestion,
  type SessionConnection,
  type TokenPlaces,
} from '@parley/core'
import type { DialogueEvent, DialoguePoint } from '../dialogue.ts'
import { DialogueProblem } from '../dialogue.ts'
import { RpcError } from '../errors.ts'
import { rpcLimits } from '../limits.ts'
import { BesideLink } from '../peer/beside-link.ts'
import { dialogueMessage, dialogueMessageProblem } from '../presentation/dialogue-messages.ts'
import type { Flow, Message } from '../presentation/messages.ts'
import { Points } from './points.ts'
import type { Words } from '../presentation/words.ts'

/** Who hears of a dialogue what its session connection tells. Called one at a time, in order. */
export interface LinkListener {
  /** A message that fits the table. */
  onMessage(message: Message): void
  /** The turn is this side's. Follows what was said with it. */
  onTurn(): void
  /** The other side took both back to this point; the turn is the callee's. */
  onRewound(point: DialoguePoint): void
  /** The other side reported a problem in this side's turn. */
  onProblem(problem: DialogueProblem): void
  /** The other side ended the dialogue's activity without a result. */
  onDiscarded(): void
  /** For the user's `events`. */
  onEvent(event: DialogueEvent): void
  /** The session connection is over; nothing follows. Undefined: it was released in good order. */
  onClosed(error: RpcError | undefined): void
}

/** One end of a dialogue. */
export class DialogueLink {
  readonly points: Points = new Points()
  /** True once the other side has asked for the turn that this side has. */
  wanted = false
  readonly #connection: SessionConnection
  readonly #words: Words
  readonly #role: 'caller' | 'callee'
  readonly #listener: LinkListener
  readonly #beside: BesideLink
  /** The other side reported a problem, and this side, whose turn it is, has not decided how to go on. */
  #recovering = false
  /** What this side reported and the other side has not acted on. */
  #reported: DialogueProblem | undefined
  #interruptedBy: 'us' | 'peer' | undefined
  /** How often the dialogue was resumed: its part in the identifier of the activity. */
  #resumed = 0

  constructor(
    connection: SessionConnection,
    words: Words,
    role: 'caller' | 'callee',
    listener: LinkListener,
  ) {
    this.#connection = connection
    this.#words = words
    this.#role = role
    this.#listener = listener
    this.#beside = new BesideLink(connection, words, {
      name: 'dialogue',
      problemOf: dialogueMessageProblem,
      interrupting: dialogueMessage.interrupting,
    })
    connection.listen({
      data: (ssdu) => this.#received(ssdu, 'values'),
      typedData: (ssdu) => this.#received(ssdu, 'control'),
      tokensGiven: (tokens) => this.#given(tokens.includes('data')),
      tokensAsked: (_tokens, userData) => this.#asked(userData),
      minorSync: (point) => {
        this.#connection.confirmMinor(point.serial)
        this.#marked('checkpoint', point.serial, point.userData)
      },
      majorSync: (point, question) => {
        question.accept()
        this.#marked('commit', point.serial, undefined)
      },
      resynchronize: (resync, question) => this.#resynchronized(resync, question),
      problem: ({ userData }) => this.#problem(userData),
      activityInterrupted: (_stopped, question) => {
        question.accept()
        this.#interruptedBy = 'peer'
        listener.onEvent({ type: 'interrupted', reason: this.#beside.interruptReason })
        this.#beside.interruptReason = undefined
      },
      activityResumed: () => {
        this.#interruptedBy = undefined
        listener.onEvent({ type: 'resumed' })
      },
      activityDiscarded: (_stopped, question) => {
        question.accept()
        listener.onDiscarded()
      },
      releaseRequested: (_userData, question: ReleaseQuestion) => question.accept(),
      closed: (end) => listener.onClosed(this.#beside.errorOf(end)),
    })
  }

  /** True while this side may speak. */
  get myTurn(): boolean {
    return this.#connection.turns.data.mine && this.#interruptedBy === undefined
  }

  get interrupted(): boolean {
    return this.#interruptedBy !== undefined
  }

  get open(): boolean {
    return this.#connection.state === 'open'
  }

  /** True while this side is the one that interrupted the dialogue. */
  get interruptedHere(): boolean {
    return this.#interruptedBy === 'us'
  }

  /** Begins the activity that the dialogue is. For the caller, once. */
  begin(): void {
    this.#connection.startActivity(this.#identifier())
  }

  /**
   * Says something and hands over the turn. Resolves with false when it was not said, because the other side
   * went back in the meantime. Rejects, and says nothing, when the message cannot travel.
   */
  async say(message: Message): Promise<boolean> {
    const octets = this.#words.encode(message)
    if (this.#recovering && !(await this.#recover())) return false
    this.#do(() => this.#connection.send([octets]))
    this.#hand()
    return true
  }

  /** Sends a message and keeps the turn. */
  async tell(message: Message): Promise<void> {
    const octets = this.#words.encode(message)
    if (this.#recovering && !(await this.#recover())) return
    this.#do(() => this.#connection.send([octets]))
  }

  /** Sends a message that needs no turn; false when that is not possible now. */
  control(message: Message): boolean {
    return this.#try(() => this.#connection.sendTyped([this.#words.encode(message)]))
  }

  please(why: string | undefined): void {
    if (this.myTurn || this.interrupted) return
    const note = why === undefined ? undefined : this.#words.note([short(why)])
    // While it waits for what it reported to be acted on nothing else can be asked.
    this.#try(() => this.#connection.pleaseTokens(['data'], note))
  }

  async checkpoint(label: string | undefined): Promise<number> {
    await this.#toMark('checkpoint()')
    const note = label === undefined ? undefined : this.#words.note([short(label)])
    const point = this.#do(() => this.#connection.syncMinor({ userData: note }))
    this.points.add(point, label)
    return point
  }

  async commit(): Promise<number> {
    await this.#toMark('commit()')
    const { serial } = await this.#answered(this.#do(() => this.#connection.syncMajor()))
    this.points.commit(serial)
    return serial
  }

  problem(reason: string, details: unknown): void {
    if (this.interrupted || this.#connection.turns.data.mine || this.#reported !== undefined)
      throw precondition('a problem is reported in the turn of the other side, once')
    const note = this.#words.note([short(reason), details])
    this.#do(() => this.#connection.reportProblem('none', note))
    this.#reported = new DialogueProblem(reason, details)
  }

  /** Throws when one cannot go back to that point now. */
  assertRewindable(point: number): void {
    this.points.assertReachable(point)
    if (this.#reported !== undefined) throw precondition('the other side has not acted on the problem yet')
    if (this.interrupted) throw precondition('the dialogue is interrupted')
  }

  /**
   * Goes back to a point that is rewindable. Resolves with false when the other side went back at the same
   * time and prevailed.
   */
  async rewind(point: number): Promise<boolean> {
    if (!(await this.#resynchronize('rewind', point + 1))) return false
    this.points.backTo(point)
    return true
  }

  async interrupt(reason: string | undefined): Promise<void> {
    this.#assertTurn('interrupt()')
    // The reason goes ahead: what reads captures takes an ACTIVITY INTERRUPT with user data for an ABORT.
    if (reason !== undefined && !this.#recovering)
      this.#connection.send([this.#words.encode([dialogueMessage.interrupting, short(reason)])])
    const answer = this.#do(() => this.#connection.interruptActivity())
    this.#interruptedBy = 'us'
    this.#recovering = false
    await this.#answered(answer)
  }

  resume(): void {
    if (this.#interruptedBy !== 'us') throw precondition('this side has not interrupted the dialogue')
    const oldIdentifier = this.#identifier()
    this.#resumed += 1
    const serial = this.points.last
    this.#do(() => this.#connection.resumeActivity(this.#identifier(), { oldIdentifier, serial }))
    this.#interruptedBy = undefined
  }

  /** Ends in good order what this side, whose turn it is, ends: the activity, then the session connection. */
  async finish(how: 'end' | 'discard'): Promise<void> {
    const connection = this.#connection
    if (this.#interruptedBy === undefined) {
      await (how === 'end' ? connection.endActivity() : connection.discardActivity())
    }
    await connection.release()
  }

  /** Ends the session connection at once, telling the other side why. Does nothing when it is over. */
  abort(error: RpcError): void {
    this.#beside.abort(error)
  }

  /** Ends the session connection because the other side broke the protocol of dialogues. */
  violation(what: string): void {
    this.#beside.violation(what)
  }

  #received(ssdu: Uint8Array, flow: Flow): void {
    const message = this.#beside.received(ssdu, flow)
    if (message !== undefined) this.#listener.onMessage(message)
  }

  #given(withData: boolean): void {
    if (!withData) return
    this.wanted = false
    const lost = this.#reported
    if (lost === undefined) return this.#listener.onTurn()
    // The turn has crossed the report: what was said with it was not heard, and the other side does not know.
    this.#reported = undefined
    this.#connection.send([this.#words.encode([dialogueMessage.unheard, lost.reason, lost.details])])
    this.#hand()
  }

  #asked(userData: Uint8Array | undefined): void {
    if (!this.myTurn) return
    this.wanted = true
    this.#listener.onEvent({ type: 'please', why: this.#words.text(userData) })
  }

  #marked(type: 'checkpoint' | 'commit', serial: number, userData: Uint8Array | undefined): void {
    const label = this.#words.text(userData)
    if (type === 'commit') this.points.commit(serial)
    else this.points.add(serial, label)
    this.#listener.onEvent({ type, point: serial, label })
  }

  #problem(userData: Uint8Array | undefined): void {
    // One that crossed this side's handing over is told again by whoever was not heard.
    if (!this.#connection.turns.data.mine) return
    const [reason, details] = this.#words.read(userData) ?? []
    this.#recovering = true
    this.#listener.onProblem(
      new DialogueProblem(typeof reason === 'string' ? reason : 'no reason given', details),
    )
  }

  #resynchronized(resync: Resync, question: ResyncQuestion): void {
    const kind = this.#words.readResynchronizeNote(resync.userData)
    const point = (resync.flow?.serial ?? 0) - 1
    if (resync.flow?.type !== 'restart' || !this.points.has(point))
      return this.violation(`it cannot go back to ${point}`)
    question.accept()
    this.#recovering = false
    this.#reported = undefined
    this.wanted = false
    if (kind !== 'rewind') return
    const target = this.points.backTo(point)
    this.#listener.onEvent({ type: 'rewound', ...target })
    this.#listener.onRewound(target)
  }

  /** Goes on after a problem where the dialogue stands. False when the other side went back meanwhile. */
  #recover(): Promise<boolean> {
    return this.#resynchronize('go on', this.points.last + 1)
  }

  async #resynchronize(kind: 'rewind' | 'go on', serial: number): Promise<boolean> {
    const place = kind === 'go on' || this.#role === 'callee' ? 'ours' : 'theirs'
    const turns: TokenPlaces = { data: place, 'minor-sync': place, 'major-activity': place, release: place }
    const userData = this.#words.resynchronizeNote(kind)
    const asked = this.#do(() => this.#connection.resynchronize({ type: 'restart', serial, turns, userData }))
    try {
      await this.#answered(asked)
    } catch (thrown) {
      if (thrown instanceof RpcError && thrown.code === 'ABORTED') return false
      throw thrown
    }
    this.#recovering = false
    this.wanted = false
    return true
  }

  #hand(): void {
    this.wanted = false
    this.#connection.giveTokens(this.#connection.tokens)
  }

  async #toMark(what: string): Promise<void> {
    this.#assertTurn(what)
    if (this.#recovering && !(await this.#recover())) throw precondition(`${what}: the other side went back`)
  }

  #assertTurn(what: string): void {
    if (!this.myTurn)
      throw precondition(`${what}: it is the other side's turn, or the dialogue is interrupted`)
  }

  /** The identifier of the activity: 1 octet for its place in the row of resumptions, as far as that goes. */
  #identifier(): Uint8Array {
    const row = this.#resumed
    return Uint8Array.of((row >>> 8) & 0xff, row & 0xff)
  }

  /** The answer to a service of the session; an RpcError ABORTED when the other side overtook it. */
  async #answered<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer
    } catch (thrown) {
      if (thrown instanceof SessionInterruptedError)
        throw new RpcError('ABORTED', `the other side went another way: ${thrown.message}`)
      if (thrown instanceof SessionAbortedError) throw this.#beside.errorOf(thrown.end) ?? thrown
      throw thrown
    }
  }

  /** The session's refusals in the words of this layer. */
  #do<T>(act: () => T): T {
    try {
      return act()
    } catch (thrown) {
      if (thrown instanceof SessionUsageError) throw precondition(thrown.message)
      throw thrown
    }
  }

  #try(act: () => void): boolean {
    try {
      act()
      return true
    } catch (thrown) {
      if (thrown instanceof SessionUsageError) return false
      throw thrown
    }
  }
}

function short(text: string): string {
  return text.slice(0, rpcLimits.reasonLength)
}

function precondition(message: string): RpcError {
  return new RpcError('FAILED_PRECONDITION', message)
}
