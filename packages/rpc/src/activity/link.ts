// An activity on its session connection, in the words of the session service: that it begins or goes on, its
// points, how it ends. The side that works on it has all tokens. It knows no method and runs nobody's code
// but its listener's.
import { SessionUsageError, type Clock, type ReleaseQuestion, type SessionConnection } from '@parley/core'
import { RpcError } from '../errors.ts'
import { rpcLimits } from '../limits.ts'
import { BesideLink } from '../peer/beside-link.ts'
import { activityMessage, activityMessageProblem } from '../presentation/activity-messages.ts'
import type { Flow, Message } from '../presentation/messages.ts'
import type { Words } from '../presentation/words.ts'
import type { Patience } from './patience.ts'
import { Watch } from './watch.ts'

/** Who hears of an activity what its session connection tells. Called one at a time, in order. */
export interface LinkListener {
  /** A message that fits the table, and the length of its SSDU in octets. */
  onMessage(message: Message, length: number): void
  /** The other side, which works on it, has set a point. */
  onPoint(serial: number, note: readonly unknown[] | undefined): void
  /** The other side has had everything before this point. */
  onConfirmed(serial: number): void
  /** There is room to send again. */
  onRoom(): void
  /** The other side has put the activity down. */
  onInterrupted(reason: string | undefined): void
  /** The session connection is over; nothing follows. Undefined: it was released in good order. */
  onClosed(error: RpcError | undefined): void
}

/** What {@link ActivityLink.finish} waits with. */
interface Timing {
  readonly clock: Clock
  readonly limits: { readonly closeTimeout: number }
}

/** One end of an activity on one session connection. */
export class ActivityLink {
  readonly #connection: SessionConnection
  readonly #words: Words
  readonly #listener: LinkListener
  readonly #beside: BesideLink
  #watch: Watch | undefined

  constructor(connection: SessionConnection, words: Words, listener: LinkListener) {
    this.#connection = connection
    this.#words = words
    this.#listener = listener
    this.#beside = new BesideLink(connection, words, {
      name: 'activity',
      problemOf: activityMessageProblem,
      interrupting: activityMessage.interrupting,
    })
    connection.listen({
      data: (ssdu) => this.#received(ssdu, 'values'),
      typedData: (ssdu) => this.#received(ssdu, 'control'),
      drained: () => listener.onRoom(),
      minorSync: ({ serial, userData }) => {
        this.#watch?.heard()
        listener.onPoint(serial, words.read(userData))
      },
      minorConfirmed: ({ serial }) => listener.onConfirmed(serial),
      activityInterrupted: (_stopped, question) => {
        question.accept()
        listener.onInterrupted(this.#beside.interruptReason)
      },
      activityDiscarded: (_stopped, question) => question.accept(),
      activityEnded: (_point, question) => question.accept(),
      majorSync: () => this.violation('a major sync point'),
      releaseRequested: (_userData, question: ReleaseQuestion) => question.accept(),
      closed: (end) => {
        this.#watch?.stop()
        listener.onClosed(this.#beside.errorOf(end))
      },
    })
  }

  /** Gives it up when it is silent. For the caller: the callee only answers. */
  watch(clock: Clock, patience: Patience): void {
    const { silence } = patience
    const giveUp = (): void => {
      patience.silent()
      this.abort(
        new RpcError('UNAVAILABLE', `the activity was silent for ${silence} ms`, { outcome: 'unknown' }),
      )
    }
    this.#watch = new Watch({ clock, silence, ask: () => this.control([activityMessage.alive]), giveUp })
  }

  get open(): boolean {
    return this.#connection.state === 'open'
  }

  /** False while what was sent waits to leave. */
  get writable(): boolean {
    return this.#connection.writable
  }

  /**
   * Begins the activity with its first message, or goes on with it as the `again`-th time, behind the last
   * point that was seen, and gives the other side all tokens. For the caller, once.
   */
  begin(message: Message, again: number, lastPoint: number): void {
    const octets = this.#words.encode(message)
    const connection = this.#connection
    if (again === 0) connection.startActivity(identifier(0))
    else
      connection.resumeActivity(identifier(again), {
        oldIdentifier: identifier(again - 1),
        serial: lastPoint,
      })
    connection.send([octets])
    connection.giveTokens(connection.tokens)
  }

  /** Sends a message. Throws the codec's ValueError, or an RpcError RESOURCE_EXHAUSTED. */
  send(message: Message): void {
    this.sendEncoded(this.#words.encode(message))
  }

  /**
   * Sends a message that was encoded before. Nothing happens when the connection is over; it ends when the
   * message is longer than the other side takes.
   */
  sendEncoded(octets: Uint8Array): void {
    const problem = this.#words.lengthProblem(octets.length)
    if (problem !== undefined) return this.abort(problem)
    this.#inTime(() => this.#connection.send([octets]))
  }

  /** Sends a message that steers. Nothing happens when the connection is over. */
  control(message: Message): void {
    const octets = this.#words.encode(message)
    this.#inTime(() => this.#connection.sendTyped([octets]))
  }

  /**
   * Sets a point and returns its serial number; undefined when there are no numbers left, or the connection
   * is over. Needs the tokens.
   */
  mark(note: Uint8Array): number | undefined {
    if (this.#connection.sync.next >= rpcLimits.activityPoints) return undefined
    return this.#inTime(() => this.#connection.syncMinor({ userData: note }))
  }

  /** Says that everything before this point of the other side's was had. */
  confirm(serial: number): void {
    this.#inTime(() => this.#connection.confirmMinor(serial))
  }

  /**
   * Ends the activity as it says, and then the session connection, which is cut off when the other side takes
   * its time. Needs the tokens.
   */
  finish(how: 'end' | 'discard' | 'interrupt', { clock, limits }: Timing): void {
    const slow = new RpcError('DEADLINE_EXCEEDED', 'the activity was not released in time')
    const timer = clock.setTimer(limits.closeTimeout, () => this.abort(slow))
    this.#finish(how).then(
      () => timer.cancel(),
      () => {
        timer.cancel()
        this.abort(slow)
      },
    )
  }

  async #finish(how: 'end' | 'discard' | 'interrupt'): Promise<void> {
    const connection = this.#connection
    if (how === 'end') await connection.endActivity()
    else if (how === 'discard') await connection.discardActivity()
    else await connection.interruptActivity()
    await connection.release()
  }

  /** Ends the session connection at once, telling the other side why. Does nothing when it is over. */
  abort(error: RpcError): void {
    this.#beside.abort(error)
  }

  /** Ends the session connection because the other side broke the protocol of activities. */
  violation(what: string): void {
    this.#beside.violation(what)
  }

  /** What the session refuses comes too late: the activity has been put down meanwhile, or all is over. */
  #inTime<T>(act: () => T): T | undefined {
    if (!this.open) return undefined
    try {
      return act()
    } catch (thrown) {
      if (thrown instanceof SessionUsageError) return undefined
      throw thrown
    }
  }

  #received(ssdu: Uint8Array, flow: Flow): void {
    this.#watch?.heard()
    const message = this.#beside.received(ssdu, flow)
    if (message === undefined) return
    if (message[0] !== activityMessage.alive) this.#listener.onMessage(message, ssdu.length)
    else if (this.#watch === undefined) this.control(message)
  }
}

/** The identifier of the activity on this connection: how often it went on, as far as 2 octets go. */
function identifier(again: number): Uint8Array {
  return Uint8Array.of((again >>> 8) & 0xff, again & 0xff)
}
