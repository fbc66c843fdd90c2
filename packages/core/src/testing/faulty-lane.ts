// One direction of a connection that is to fail: what passes through it straight away as long as nothing is
// the matter, and waits in a queue as soon as something is.
import type { Clock, Timer } from '../ports/clock.ts'

/** What passes: so many octets, and what is to be done with them. */
interface Passing {
  readonly octets: number
  readonly due: number
  readonly pass: () => void
}

/** A direction that may be slow, stand still, or come to an end. */
export class FaultyLane {
  /** Octets that wait. */
  waiting = 0
  /** TSDUs that have passed. */
  passed = 0
  readonly #clock: Clock
  readonly #left: () => void
  readonly #cut: () => void
  readonly #queue: Passing[] = []
  #timer: Timer | undefined
  #delay: () => number = () => 0
  /** Octets a second, and when the link is free for the next TSDU. */
  #rate = Infinity
  #free = 0
  #stalled = false
  #held = false
  #cutAt = Infinity

  /** `left`: something that waited has passed. `cut`: the fault set by {@link cutAfter} befalls the link. */
  constructor(clock: Clock, left: () => void, cut: () => void) {
    this.#clock = clock
    this.#left = left
    this.#cut = cut
  }

  /** True when nothing waits, nor would. */
  get clear(): boolean {
    return this.#queue.length === 0 && !this.#stalled && !this.#held
  }

  /** A TSDU, or with 0 octets the end behind all of them, is to pass. */
  take(octets: number, pass: () => void): void {
    const now = this.#clock.now()
    const start = Math.max(now, this.#free)
    this.#free = start + (this.#rate === Infinity ? 0 : (octets / this.#rate) * 1000)
    const due = Math.max(this.#free + this.#delay(), this.#queue.at(-1)?.due ?? 0)
    if (this.clear && due <= now) return this.#do({ octets, due, pass })
    this.#queue.push({ octets, due, pass })
    this.waiting += octets
    this.#schedule()
  }

  delay(milliseconds: number | (() => number)): void {
    this.#delay = typeof milliseconds === 'number' ? () => milliseconds : milliseconds
  }

  throttle(octetsPerSecond: number): void {
    this.#rate = octetsPerSecond
  }

  stall(): void {
    this.#stalled = true
    this.#timer?.cancel()
    this.#timer = undefined
  }

  flow(): void {
    this.#stalled = false
    this.#schedule()
  }

  /** The receiver does not listen, or does again. */
  hold(held: boolean): void {
    this.#held = held
    this.#schedule()
  }

  cutAfter(tsdus: number): void {
    this.#cutAt = this.passed + tsdus
    if (tsdus <= 0) this.#cut()
  }

  /** Drops what waits. */
  drop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#queue.length = 0
    this.waiting = 0
  }

  #schedule(): void {
    const [next] = this.#queue
    if (next === undefined || this.#stalled || this.#held || this.#timer !== undefined) return
    this.#timer = this.#clock.setTimer(Math.max(0, next.due - this.#clock.now()), () => this.#run())
  }

  #run(): void {
    this.#timer = undefined
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (this.#stalled || this.#held || next.due > this.#clock.now()) break
      this.#queue.shift()
      this.waiting -= next.octets
      this.#do(next)
    }
    this.#left()
    this.#schedule()
  }

  #do({ octets, pass }: Passing): void {
    pass()
    if (octets > 0 && ++this.passed === this.#cutAt) this.#cut()
  }
}
