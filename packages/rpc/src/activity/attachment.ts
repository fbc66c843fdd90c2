// One connection to an activity on the answering side: from the first message to the end of the connection.
// The activity itself outlives it.
import type { SessionConnection, Timer } from '@parley/core'
import { Fenced } from '../durable/ledger.ts'
import { isInstance, isRpcError, RpcError } from '../errors.ts'
import type { CallHost } from '../peer/call-scope.ts'
import type { ErrorPolicy } from '../peer/error-policy.ts'
import { cancelled, deadlineExceeded } from '../peer/pending.ts'
import { activityMessage, stopReason } from '../presentation/activity-messages.ts'
import type { Message } from '../presentation/messages.ts'
import { errorFromWire } from '../presentation/wire-error.ts'
import type { Words } from '../presentation/words.ts'
import { readBeginning } from './beginning.ts'
import { ActivityLink, type LinkListener } from './link.ts'
import type { ActivityRun } from './run.ts'
import type { ActivityRuns } from './runs.ts'

/** What answering takes. */
export interface AttachmentParts {
  readonly connection: SessionConnection
  readonly words: Words
  readonly host: CallHost
  readonly principalKey: string | undefined
  readonly runs: ActivityRuns
  readonly errorPolicy: ErrorPolicy
  /** The connection is over. */
  readonly over: () => void
}

/** See the head of this file. */
export class Attachment implements LinkListener {
  readonly #parts: AttachmentParts
  readonly #link: ActivityLink
  #begun = false
  #run: ActivityRun | undefined
  /** What the caller wanted before it was connected, and what it consumed of what it had. */
  #stop: Message | undefined
  #credit = 0
  #had = 0
  /** Why it is to be put down as soon as it can be. */
  #interruptBecause: string | undefined
  /** One that never begins must not hold its place for ever. */
  readonly #beginning: Timer

  constructor(parts: AttachmentParts) {
    this.#parts = parts
    const { connection, words, host } = parts
    const { admissionTimeout } = host.limits
    const late = new RpcError('DEADLINE_EXCEEDED', `the activity did not begin within ${admissionTimeout} ms`)
    this.#beginning = host.clock.setTimer(admissionTimeout, () => this.#link.abort(late))
    this.#link = new ActivityLink(connection, words, this)
  }

  /** The session that this belongs to is over; whoever comes back finds the activity as it is. */
  lost(why: string): void {
    this.#link.abort(new RpcError('UNAVAILABLE', why, { outcome: 'unknown' }))
  }

  /** Has the activity put down at its next checkpoint, so that it goes on elsewhere, where it can. */
  interrupt(reason: string): void {
    if (!this.#parts.runs.outliveProcess) return
    this.#interruptBecause = reason
    this.#run?.interruptAtCheckpoint(reason)
  }

  /** Has it put down at once; resolves when it is. */
  async putDown(reason: string): Promise<void> {
    this.#run?.stop('interrupt', new RpcError('UNAVAILABLE', reason, { outcome: 'unknown' }))
    await this.#run?.ended
  }

  onMessage(message: Message, length: number): void {
    if (message[0] === activityMessage.begin) return this.#begin(message)
    if (!this.#begun) return this.#link.violation('it does not begin with its beginning')
    const run = this.#run
    if (run === undefined) return this.#early(message)
    switch (message[0]) {
      case activityMessage.credit:
        return run.credit(message[1] as number, message[2] as number)
      case activityMessage.input:
        if (!run.call.input(message[1] as number, message[2], length))
          this.#link.violation('items of a stream came without credit')
        return
      case activityMessage.inputEnd:
        return run.call.inputEnd(message[1] as number, errorIn(message[2]))
      case activityMessage.stop:
        return stop(run, message)
      default:
        this.#link.violation('a message that only a callee sends')
    }
  }

  onPoint(): void {
    this.#link.violation('a point, which only a callee sets')
  }

  onConfirmed(serial: number): void {
    this.#run?.confirmed(serial)
  }

  onRoom(): void {
    this.#run?.pump()
  }

  onInterrupted(): void {
    // The session service asked for the tokens back: nothing else has them here.
    this.#link.violation('an interruption, which only a callee makes')
  }

  onClosed(): void {
    this.#beginning.cancel()
    this.#run?.detach(this.#link)
    this.#parts.over()
  }

  #begin(message: Message): void {
    if (this.#begun) return this.#link.violation('it begins twice')
    this.#begun = true
    this.#beginning.cancel()
    const beginning = readBeginning(message)
    if (typeof beginning === 'string')
      return this.#link.abort(new RpcError('INVALID_ARGUMENT', beginning, { outcome: 'not-started' }))
    const { runs, principalKey, host } = this.#parts
    const onAttached = (run: ActivityRun): void => this.#attached(run)
    runs
      .attach(beginning, principalKey, { link: this.#link, host, onAttached })
      .then(() => this.#run?.credit(this.#credit, this.#had))
      .catch((thrown: unknown) => this.#link.abort(this.#refusal(thrown)))
  }

  /** Before it is connected the caller may change its mind, and goes on with what it had from before. */
  #early(message: Message): void {
    if (message[0] === activityMessage.stop) this.#stop = message
    else if (message[0] === activityMessage.credit) {
      this.#credit += message[1] as number
      this.#had = Math.max(this.#had, message[2] as number)
    } else this.#link.violation('a message ahead of its turn')
  }

  #attached(run: ActivityRun): void {
    this.#run = run
    if (this.#stop !== undefined) stop(run, this.#stop)
    if (this.#interruptBecause !== undefined) run.interruptAtCheckpoint(this.#interruptBecause)
  }

  #refusal(thrown: unknown): RpcError {
    if (isRpcError(thrown)) return thrown
    if (isInstance(thrown, Fenced))
      return new RpcError('UNAVAILABLE', 'the activity is taken over elsewhere at this moment')
    const id = this.#parts.errorPolicy.report(thrown, { service: 'session', method: 'activity' })
    return new RpcError('INTERNAL', `internal error ${id}`, { outcome: 'unknown' })
  }
}

function stop(run: ActivityRun, [, reason, text]: Message): void {
  if (reason === stopReason.discard) return run.stop('discard', cancelled(undefined))
  if (reason === stopReason.deadline) return run.stop('interrupt', deadlineExceeded())
  const why = typeof text === 'string' ? text : 'its caller put it down'
  run.stop('interrupt', new RpcError('ABORTED', why, { outcome: 'unknown' }))
}

function errorIn(wire: unknown): RpcError | undefined {
  return wire === undefined ? undefined : errorFromWire(wire as unknown[])
}
