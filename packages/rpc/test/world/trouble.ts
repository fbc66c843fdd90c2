// The faults that befall a world: drawn by its seed before it begins, each at a time of its own, and counted
// when it happens. Nothing here looks at what the code under test is doing.
import type { Direction, MemoryLink, StoreFault } from '@parley/core/testing'
import type { Customer } from './customer.ts'
import type { Fault } from './odds.ts'
import type { Place } from './server.ts'
import type { World } from './world.ts'

/** Why something other than a result may be told: what has befallen so far. */
export type Cause = 'loss' | 'drain' | 'store' | 'end' | 'network' | 'handover'

const directions = ['to-acceptor', 'to-initiator'] as const satisfies readonly Direction[]
const storeFaults = ['refused', 'lost', 'done-unseen', 'done-late'] as const satisfies readonly StoreFault[]

/** How often a fault of each class is tried in the time of trouble. */
// prettier-ignore
const TRIES: Readonly<Partial<Record<Fault, number>>> = {
  'cut': 3, 'stall': 2, 'unreachable': 1, 'crash': 2, 'hold': 2, 'database crash': 2, 'store': 2,
  'client crash': 1, 'drain': 1, 'handover': 1, 'revoke': 1, 'wall clock': 2,
}

/** See the head of this file. */
export class Trouble {
  /** Until it is over faults may begin. */
  lasts = true
  /** When servers were lost. */
  readonly losses: number[] = []
  /** Milliseconds that the wall clock is off. */
  wallClockOff = 0
  readonly #world: World
  readonly #causes = new Set<Cause>()
  #storeFails = false

  constructor(world: World) {
    this.#world = world
  }

  /** Puts all faults on the clock. */
  begin(): void {
    const { random, odds, clock } = this.#world
    for (const [fault, tries] of Object.entries(TRIES) as [Fault, number][]) {
      for (let n = 0; n < tries; n++) {
        if (!random.chance(odds.of[fault])) continue
        clock.setTimer(random.below(odds.span), () => {
          if (this.lasts) this.#befall(fault)
        })
      }
    }
  }

  /** It is over: what is broken is mended, but nobody is told. */
  end(): void {
    const { places, customers } = this.#world
    this.lasts = false
    this.#storeFails = false
    for (const place of places) {
      const { process, transport } = place
      process?.crashAfter(Infinity)
      process?.goOn()
      if (process?.alive !== true) place.start()
      if (transport === undefined) continue
      if (process?.alive === true) transport.onConnect = 'accept'
      for (const link of transport.links) {
        for (const direction of directions) link.cutAfter(Infinity, direction)
        link.delay(() => this.#world.delay())
      }
    }
    for (const customer of customers) {
      customer.process?.crashAfter(Infinity)
      customer.process?.goOn()
      if (customer.process?.alive !== true) customer.start()
    }
  }

  has(cause: Cause): boolean {
    if (this.#causes.has(cause)) return true
    // Whoever loses its connection to a server that leaves does not get it back.
    const leaves = this.#causes.has('handover') || this.#causes.has('drain')
    const isIdle = (this.#world.odds.limits.idleTimeout ?? 0) > 0
    return cause === 'loss' && leaves && (isIdle || this.#causes.has('network'))
  }

  caused(cause: Cause): void {
    this.#causes.add(cause)
  }

  /** A server is: what took it down may have taken the database along. */
  lost(): void {
    const { random, odds } = this.#world
    this.caused('loss')
    this.losses.push(this.#world.clock.now())
    if (this.lasts && random.chance(odds.of.store * 0.7)) this.#failStore()
  }

  /** A link is new. */
  young(link: MemoryLink): void {
    const { random, odds } = this.#world
    if (!this.lasts || !random.chance(odds.of['cut young'] * 0.5)) return
    const direction = random.pick(directions)
    this.losesServer()
    if (random.chance(0.8))
      this.#note('cut young', () => link.cutAfter(random.below(random.chance(0.5) ? 250 : 1200), direction))
    else this.#note('cut young', () => link.stall(direction))
  }

  /** What befalls an operation of the database. */
  ofStore(): StoreFault {
    const { random, odds } = this.#world
    if (!this.#storeFails || !random.chance(odds.of.store)) return 'none'
    const fault = random.pick(storeFaults)
    this.#world.trace.count(`store ${fault}`)
    this.#world.trace.note(`the store: ${fault}`)
    this.caused('store')
    return fault
  }

  /** Milliseconds that an operation of the database takes. */
  storeDelay(): number {
    const { random, odds } = this.#world
    if (!this.lasts || !random.chance(odds.of['store slow'] * 0.5)) return random.below(4)
    this.#world.trace.count('store slow')
    return random.below(random.chance(0.2) ? 4000 : 200)
  }

  #befall(fault: Fault): void {
    const { random, places, customers } = this.#world
    const place = random.pick(places)
    switch (fault) {
      case 'cut':
      case 'stall':
        return this.#harmLink(fault, place)
      case 'unreachable':
        return this.#unreachable(place)
      case 'crash':
        return this.#crash(place)
      case 'hold':
        return this.#hold(place)
      case 'store':
        return this.#failStore()
      case 'database crash':
        return this.#note(fault, () => {
          this.caused('store')
          this.#world.database.crash()
        })
      case 'client crash':
        return this.#crashClient(random.pick(customers))
      case 'drain':
      case 'handover':
        return this.#leave(fault, place)
      case 'revoke':
        return this.#revoke(random.pick(customers))
      default:
        return this.#note('wall clock', () => (this.wallClockOff = (random.float() - 0.5) * 7_200_000))
    }
  }

  #harmLink(fault: 'cut' | 'stall', { transport }: Place): void {
    const { random, clock } = this.#world
    const links = transport?.links ?? []
    if (links.length === 0) return
    const link = random.pick(links)
    const direction = random.pick(directions)
    // Where nobody has answered yet, or is silent, a client goes to another server.
    if (fault === 'stall' || link.carried('to-initiator') === 0) this.losesServer()
    this.caused('network')
    this.#note(fault, () => {
      if (fault === 'cut') {
        if (random.chance(0.4)) link.cut()
        else link.cutAfter(random.below(500), direction)
        return
      }
      link.stall(random.chance(0.7) ? direction : undefined)
      if (random.chance(0.5)) clock.setTimer(random.below(4000), () => link.flow())
    })
  }

  #unreachable({ transport }: Place): void {
    const { random, clock } = this.#world
    if (transport === undefined || transport.onConnect !== 'accept') return
    this.#note('unreachable', () => {
      this.caused('loss')
      const how = random.pick(['refuse', 'hang'] as const)
      transport.onConnect = how
      for (const link of transport.links) {
        if (how === 'refuse') link.cut()
        else link.stall()
      }
      clock.setTimer(500 + random.below(4500), () => {
        if (transport.onConnect === how && this.lasts) transport.onConnect = 'accept'
      })
    })
  }

  #crash(place: Place): void {
    const { random } = this.#world
    if (place.process?.alive !== true) return
    this.#note('crash', () => {
      place.silent = random.chance(0.3)
      place.process?.crashAfter(1 + random.below(random.chance(0.7) ? 25 : 120))
    })
  }

  #hold({ process }: Place): void {
    const { random, clock } = this.#world
    process?.holdAfter(1 + random.below(40), () => {
      this.caused('loss')
      this.#world.trace.count('hold')
      clock.setTimer(500 + random.below(6000), () => process.goOn())
    })
  }

  #failStore(): void {
    const { random, clock } = this.#world
    this.#storeFails = true
    clock.setTimer(200 + random.below(4000), () => (this.#storeFails = false))
  }

  #crashClient(customer: Customer): void {
    const { random } = this.#world
    this.#note('client crash', () => {
      customer.silent = random.chance(0.3)
      customer.process?.crashAfter(1 + random.below(40))
    })
  }

  #leave(fault: 'drain' | 'handover', place: Place): void {
    if (place.server === undefined) return
    this.#note(fault, () => {
      this.caused(fault)
      void place.drain(fault === 'handover')
    })
  }

  #revoke({ principal }: Customer): void {
    const { revoked, places } = this.#world
    this.#note('revoke', () => {
      this.caused('network')
      revoked.set(principal, this.#world.clock.now())
      for (const { transport } of places) for (const link of transport?.links ?? []) link.cut()
    })
  }

  /** For a client with several servers a fault of the network may be the loss of one. */
  losesServer(): void {
    this.caused('network')
    if (this.#world.places.length > 1) this.caused('loss')
  }

  #note(fault: Fault, happen: () => void): void {
    this.#world.trace.count(fault)
    this.#world.trace.note(`trouble: ${fault}`)
    happen()
  }
}
