// Several ways to one service: each is tried as soon as the one before it has failed, or has not answered for
// a while, and then beside it. The first that answers wins; the others are given up.
import { Cancellation } from './connection/index.ts'
import type { Clock, Timer } from './ports/clock.ts'
import type { AbortSignalLike, Transport, TransportConnection } from './ports/transport.ts'

/** Who has won. */
export interface Winner {
  readonly connection: TransportConnection
  /** Its place among those that ran. */
  readonly number: number
}

/** See the head of this file. */
export class ConnectionRace {
  /** Rejects with the last error when all have failed. */
  readonly won: Promise<Winner>
  /** Which one had been waited for longest when the race was given up; undefined when it was not. */
  waitedFor: number | undefined = undefined
  readonly #runners: readonly Transport[]
  readonly #clock: Clock
  readonly #patience: number
  readonly #signal: AbortSignalLike | undefined
  readonly #pending = new Map<number, Cancellation>()
  readonly #onAbort = (): void => this.#giveUp()
  #timer: Timer | undefined = undefined
  #next = 0
  #isOver = false
  #resolve: (winner: Winner) => void = nothing
  #reject: (error: unknown) => void = nothing

  /** `patience`: milliseconds after which the next one is tried beside one that has not answered. */
  constructor(
    runners: readonly Transport[],
    clock: Clock,
    patience: number,
    signal: AbortSignalLike | undefined,
  ) {
    this.#runners = runners
    this.#clock = clock
    this.#patience = patience
    this.#signal = signal
    this.won = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    signal?.addEventListener('abort', this.#onAbort, { once: true })
    this.#startNext()
    if (signal?.aborted === true) this.#giveUp()
  }

  #startNext(): void {
    this.#timer?.cancel()
    const number = this.#next++
    const cancellation = new Cancellation()
    this.#pending.set(number, cancellation)
    if (this.#next < this.#runners.length)
      this.#timer = this.#clock.setTimer(this.#patience, () => this.#startNext())
    connected(this.#runners[number] as Transport, cancellation).then(
      (connection) => this.#connected(connection, number),
      (error: unknown) => this.#failed(error, number),
    )
  }

  #connected(connection: TransportConnection, number: number): void {
    this.#pending.delete(number)
    if (this.#isOver) return connection.close()
    this.#end()
    this.#resolve({ connection, number })
    for (const loser of this.#pending.values()) loser.abort(LOST)
  }

  #failed(error: unknown, number: number): void {
    this.#pending.delete(number)
    if (this.#isOver) return
    if (this.#next < this.#runners.length) return this.#startNext()
    if (this.#pending.size > 0) return
    this.#end()
    this.#reject(error)
  }

  #giveUp(): void {
    const [longest] = this.#pending.keys()
    this.waitedFor = longest
    this.#next = this.#runners.length
    this.#timer?.cancel()
    for (const one of this.#pending.values()) one.abort(this.#signal?.reason)
  }

  #end(): void {
    this.#isOver = true
    this.#timer?.cancel()
    this.#signal?.removeEventListener('abort', this.#onAbort)
  }
}

const LOST = new Error('another address has answered first')

/** A transport may throw instead of rejecting; next to others that is a failure like any other. */
async function connected(runner: Transport, signal: AbortSignalLike): Promise<TransportConnection> {
  return runner.connect(signal)
}

function nothing(): void {}
