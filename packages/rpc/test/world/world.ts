// One world: servers, clients, the network between them, a database and a clock, all of it decided by one
// seed. After a time of trouble it is mended, and then everything has to settle.
import {
  SimulatedDatabase,
  seeded,
  VirtualClock,
  type MemoryTransport,
  type SeededRandom,
} from '@parley/core/testing'
import type { SessionEnd } from '@parley/core'
import { takeChance } from './chance.ts'
import { Customer } from './customer.ts'
import { Records } from './disk.ts'
import { endWorld } from './ending.ts'
import { History, wordsOf, type Ask } from './history.ts'
import { drawOdds, type Odds } from './odds.ts'
import { Place } from './server.ts'
import { Trace } from './trace.ts'
import { Traffic } from './traffic.ts'
import { Trouble } from './trouble.ts'
import { answerProblem, endProblem, historyProblem } from './verdicts.ts'
import { WorldError } from './world-error.ts'

/** See the head of this file. */
export class World {
  readonly clock = new VirtualClock()
  readonly random: SeededRandom
  readonly odds: Odds
  readonly trace: Trace
  readonly history = new History(() => this.clock.now())
  readonly records = new Records((what) => this.wrong(what))
  readonly trouble = new Trouble(this)
  readonly traffic = new Traffic(this)
  readonly database: SimulatedDatabase
  readonly places: Place[] = []
  readonly customers: Customer[] = []
  /** All there have been. */
  readonly transports: MemoryTransport[] = []
  /** Whose credentials are good no more, and since when. */
  readonly revoked = new Map<string, number>()
  /** Sessions that ended in agreement after the trouble. */
  released = 0
  /** All that was asked in the trouble has settled, and nothing is to go wrong any more. */
  peace = false
  /** No further sessions are opened. */
  closing = false
  /** Milliseconds that the network takes at most, when nothing is the matter. */
  readonly #latency: number
  #problem: string | undefined

  constructor(seed: number, keepsLines: boolean) {
    this.random = seeded(seed)
    this.odds = drawOdds(this.random)
    this.trace = new Trace(() => this.clock.now(), keepsLines)
    this.#latency = this.random.pick([0, 0, 1, 4])
    this.database = new SimulatedDatabase({
      clock: this.clock,
      random: this.random,
      transactional: true,
      delay: () => this.trouble.storeDelay(),
      fault: () => this.trouble.ofStore(),
      onWritten: (changes) => this.records.written(changes),
    })
    for (const name of ['A', 'B', 'C'].slice(0, this.odds.servers)) this.places.push(new Place(this, name))
    for (let n = 0; n < this.odds.clients; n++)
      this.customers.push(new Customer(this, `client${n}`, this.random.pick(['ann', 'bob'])))
  }

  /** Lives through it. Rejects with a {@link WorldError} that says what was wrong. */
  async run(): Promise<void> {
    const { seed } = this.random
    const chance = seeded(seed ^ 0x5eed)
    const wall = (): number => Math.floor(1.7e12 + this.trouble.wallClockOff + this.clock.now())
    const giveBack = takeChance(chance, wall, (what) => this.wrong(what))
    const unhandled = (thrown: unknown): void => this.wrong(`a rejection was not handled: ${String(thrown)}`)
    process.on('unhandledRejection', unhandled)
    try {
      for (const place of this.places) place.start()
      for (const customer of this.customers) customer.start()
      this.traffic.begin()
      this.trouble.begin()
      await this.pass(this.odds.span)
      await endWorld(this)
      const problem = historyProblem(this)
      if (problem !== undefined) this.wrong(problem)
      this.check()
    } finally {
      process.off('unhandledRejection', unhandled)
      giveBack()
    }
  }

  /** Time passes. */
  async pass(milliseconds: number): Promise<void> {
    await this.clock.advanceAsync(milliseconds)
    this.check()
  }

  /** Time passes until it holds. Throws when it does not within a bound. */
  async until(what: string, most: number, holds: () => boolean): Promise<void> {
    for (let waited = 0; !holds(); waited += STEP) {
      if (waited >= most) throw new WorldError(`not within ${most} ms: ${what}`)
      await this.pass(STEP)
    }
  }

  check(): void {
    if (this.#problem !== undefined) throw new WorldError(this.#problem)
  }

  /** Something is as it must never be. The first such thing counts. */
  readonly wrong = (what: string): void => {
    this.trace.note(`WRONG: ${what}`)
    this.#problem ??= what
  }

  /** Milliseconds that something takes on the network. */
  delay(): number {
    const { random, odds, trouble } = this
    if (trouble.lasts && random.chance(odds.of.slow * 0.3)) {
      this.trace.count('slow')
      this.trouble.losesServer()
      return random.below(random.chance(0.1) ? 1500 : 150)
    }
    return this.#latency === 0 ? 0 : 1 + random.below(this.#latency)
  }

  /** A server's process has died. */
  crashed(place: Place): void {
    if (!place.hasLeft) this.trouble.lost()
    if (this.closing) return
    const again = (): void => {
      if (place.process?.alive !== true && !this.closing) place.start()
    }
    this.clock.setTimer(this.trouble.lasts ? this.random.below(3000) : 0, again)
  }

  /** A client's process has died: what it was to be told it never will. */
  customerCrashed(customer: Customer, name: string): void {
    for (const ask of this.history.open) if (ask.client === name) ask.abandoned = true
    if (this.closing) return
    this.clock.setTimer(this.random.below(1500), () => {
      if (customer.process?.alive === true || this.closing) return
      customer.start()
      this.traffic.askAgain(customer)
    })
  }

  settled(ask: Ask): void {
    const problem = answerProblem(this, ask)
    if (problem !== undefined) this.wrong(`${problem}: ${wordsOf(ask)}`)
    this.trace.count(ask.error === undefined ? 'result' : `${ask.error.code} ${ask.error.outcome}`)
  }

  sessionEnded(customer: Customer, end: SessionEnd): void {
    this.trace.note(`${customer.name}: the session is over: ${end.reason}`)
    this.trace.count(`end ${end.reason}`)
    const problem = endProblem(this, customer, end)
    if (problem !== undefined) this.wrong(problem)
    if (this.closing && end.reason === 'released') this.released += 1
    else this.trouble.caused('end')
  }

  notLetIn({ name, principal }: Customer, code: string): void {
    this.trace.note(`${name} has no session: ${code}`)
    const passing = ['UNAVAILABLE', 'DEADLINE_EXCEEDED']
    if (!passing.includes(code) && !this.revoked.has(principal)) this.wrong(`${name} was refused: ${code}`)
  }

  /** Parley has reported an error to its user. Handlers throw some, Parley itself none. */
  reported(thrown: unknown): void {
    if (!(thrown instanceof Error && /^[a-z]\d+#\d+ throws$/.test(thrown.message)))
      this.wrong(`an error was reported: ${String(thrown)}`)
  }
}

/** Milliseconds between two looks at whether something holds. */
const STEP = 250
