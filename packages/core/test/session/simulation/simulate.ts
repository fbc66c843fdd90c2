// One run of the simulation of sessions: two ends, a link that does its worst, a virtual clock, and a seed
// that decides all of it. After the trouble the link heals, and then everything must have arrived.

import { coreLimits, type LifeLimits, type SessionLimits } from '../../../src/index.ts'
import { seeded, turns, type MemoryLink, type SeededRandom } from '../../../src/testing/index.ts'
import { House, type End } from '../support.ts'
import { Traffic } from './traffic.ts'

/** What a run came to. */
export interface Run {
  readonly seed: number
  /** What went wrong, if anything. */
  readonly failure: string | undefined
  /** Depends on everything that was told, in its order. */
  readonly hash: number
  /** What happened, for those who count. */
  readonly seen: ReadonlyMap<string, number>
}

/** Runs one seed. */
export async function simulate(seed: number): Promise<Run> {
  const world = new World(seed)
  let failure: string | undefined
  try {
    await world.run()
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error)
  }
  return { seed, failure, hash: world.hash, seen: world.seen }
}

/** How likely what is, drawn by each seed for itself; often zero, so that faults come alone too. */
interface Odds {
  readonly cut: number
  /** A new link is to be cut after so many octets, so that the cut falls into the resume. */
  readonly cutYoung: number
  readonly stall: number
  readonly slow: number
  readonly refuse: number
  readonly pause: number
  readonly send: number
  readonly idle: number
}

const kinds = ['cut', 'cutYoung', 'stall', 'slow', 'refuse', 'pause', 'send', 'idle'] as const

class World {
  readonly seen = new Map<string, number>()
  readonly #house: House
  readonly #random: SeededRandom
  readonly #odds: Odds
  readonly #traffic: Traffic[] = []
  #trouble = true
  #now = ''
  hash = 0

  constructor(seed: number) {
    const limits = this.#limits(seed)
    this.#house = new House({
      seed,
      limits,
      memory: {
        delay: () => (this.#random.chance(0.7) ? 1 + this.#random.below(20) : 0),
        onLink: (link) => this.#spoil(link),
      },
    })
    this.#random = this.#house.random
    const odds: Record<string, number> = {}
    for (const kind of kinds) odds[kind] = this.#random.chance(0.5) ? this.#random.float() : 0
    this.#odds = { ...(odds as unknown as Odds), send: 0.2 + this.#random.float() * 0.8 }
  }

  async run(): Promise<void> {
    await this.#house.listen()
    const a = await this.#open()
    const [b] = this.#house.ends
    if (b === undefined) throw new Error('the acceptor has no session')
    this.#traffic.push(new Traffic(a.session, this.#random), new Traffic(b.session, this.#random))
    const [fromA, fromB] = this.#traffic
    if (fromA === undefined || fromB === undefined) throw new Error('no traffic')
    fromA.peer = fromB
    fromB.peer = fromA
    if (this.#random.chance(0.2)) {
      this.#count('short')
      await this.#house.pass(this.#random.below(1_000))
    } else {
      const steps = 20 + this.#random.below(40)
      for (let step = 0; step < steps; step++) await this.#step()
      await this.#heal()
    }
    this.#trouble = false
    await this.#release(a, b)
    await this.#house.expectNothingLeft()
  }

  #limits(seed: number): Partial<SessionLimits & LifeLimits> {
    const random = seeded(seed + 1_000_000)
    return {
      syncUnits: random.pick([2, 5, 512]),
      syncOctets: random.pick([64, 2_000, 524_288]),
      retainedOctets: random.pick([1_000, 4_000, 1_000_000]),
      idleTimeout: random.pick([0, 0, 1_000]),
      idlePoll: random.pick([2_000, 5_000]),
      renewSerial: random.pick([4, 30, 900_000]),
      reconnectDelayMost: 2_000,
    }
  }

  async #open(): Promise<End> {
    this.#trouble = false
    const end = await this.#house.connect({ connectTimeout: 1_500 })
    this.#trouble = true
    return end
  }

  async #step(): Promise<void> {
    const random = this.#random
    const quiet = random.chance(this.#odds.idle * 0.3)
    for (const traffic of this.#traffic) {
      if (!quiet && random.chance(this.#odds.send))
        traffic.send(1 + random.below(random.chance(0.1) ? 60 : 6))
      if (random.chance(this.#odds.pause * 0.2)) traffic.togglePause()
    }
    const { transport } = this.#house
    const link = transport.links.at(-1)
    if (link !== undefined) this.#harm(link)
    // What was sent on a connection that was given up may still arrive.
    if (random.chance(0.1)) for (const each of transport.links) each.flow()
    if (random.chance(this.#odds.refuse * 0.3))
      transport.onConnect = random.pick(['refuse', 'hang', 'accept'])
    else if (random.chance(0.5)) transport.onConnect = 'accept'
    if (random.chance(0.05)) this.#traffic[0]?.session.resumeNow()
    await this.#pass(quiet ? 1_000 + random.below(9_000) : random.below(400))
  }

  #harm(link: MemoryLink): void {
    const random = this.#random
    const direction = random.pick(['to-acceptor', 'to-initiator'] as const)
    if (random.chance(this.#odds.cut * 0.4)) this.#note('cut', () => link.cut())
    else if (random.chance(this.#odds.cut * 0.3)) {
      this.#note('cut later', () => link.cutAfter(random.below(600), direction))
    } else if (random.chance(this.#odds.stall * 0.3)) this.#note('stall', () => link.stall(direction))
    else if (random.chance(this.#odds.stall * 0.1)) link.stall()
    else if (random.chance(0.2)) link.flow()
    if (random.chance(this.#odds.slow * 0.3)) link.delay(() => random.below(900), direction)
  }

  /** A link is new: what becomes of it while the session is being resumed? */
  #spoil(link: MemoryLink): void {
    if (!this.#trouble) return
    const random = this.#random
    const direction = random.pick(['to-acceptor', 'to-initiator'] as const)
    if (random.chance(this.#odds.cutYoung * 0.8)) {
      this.#note('cut young', () => link.cutAfter(random.below(350), direction))
    } else if (random.chance(this.#odds.stall * 0.2)) this.#note('stall young', () => link.stall(direction))
  }

  async #pass(milliseconds: number): Promise<void> {
    await this.#house.pass(milliseconds)
    const states = this.#traffic.map(({ session }) => session.state).join(' ')
    if (states !== this.#now) this.#count(states)
    this.#now = states
    this.#check()
  }

  #check(): void {
    for (const traffic of this.#traffic) {
      if (traffic.fault !== undefined) throw new Error(traffic.fault)
      const { state, retained } = traffic.session
      if (state === 'closed') throw new Error(`closed: ${traffic.end?.reason}: ${traffic.end?.message}`)
      if (retained > traffic.most)
        throw new Error(`${retained} octets kept, at most ${traffic.most} were given`)
    }
  }

  async #heal(): Promise<void> {
    this.#trouble = false
    this.#house.transport.onConnect = 'accept'
    for (const traffic of this.#traffic) traffic.goOn()
    for (const link of this.#house.transport.links) {
      // One that is stalled stays so: the ends have to notice by themselves.
      link.delay(1)
      link.cutAfter(Infinity, 'to-acceptor')
      link.cutAfter(Infinity, 'to-initiator')
    }
    // Silence, the longest pause between attempts, and the poll of an idle session.
    for (let second = 0; second < 30 && !this.#settled; second++) await this.#pass(1_000)
    await this.#rest()
    for (const traffic of this.#traffic) {
      const { sent, session } = traffic
      const received = traffic.peer?.received ?? 0
      if (received !== sent)
        throw new Error(`${received} of ${sent} units arrived; ${session.role} is ${session.state}`)
      if (session.retained !== 0) throw new Error(`${session.retained} octets are still kept`)
    }
  }

  /** Nothing happens for a while, and that must be all that happens. */
  async #rest(): Promise<void> {
    // A link that died unnoticed is noticed first.
    await this.#pass(5_000)
    const calm = this.#traffic.map(({ suspensions }) => suspensions)
    await this.#pass(10_000)
    const now = this.#traffic.map(({ suspensions }) => suspensions)
    if (now.join() !== calm.join())
      throw new Error(`suspended without a reason: ${calm.join()}, then ${now.join()}`)
  }

  get #settled(): boolean {
    return this.#traffic.every(
      ({ sent, peer, session }) =>
        peer?.received === sent && session.retained === 0 && session.state !== 'suspended',
    )
  }

  /** One of them, or both, ask for the release; what is sent just before must still arrive. */
  async #release(a: End, b: End): Promise<void> {
    const asking = this.#random.pick([[a], [b], [a, b]])
    for (const traffic of this.#traffic) traffic.send(5)
    for (const { session } of asking) {
      const isForeseen = this.#random.below(2) === 0
      // Who foresees a yes has nothing more to send.
      if (isForeseen) this.#traffic.find((each) => each.session === session)?.stop()
      void session.release(undefined, isForeseen)
    }
    const cuts = this.#random.below(4)
    for (let cut = 0; cut < cuts; cut++) {
      await this.#house.pass(this.#random.below(120))
      this.#house.cut()
    }
    await this.#house.pass(20_000)
    // An acceptor that agreed, and whose link broke off behind the answer, waits for the last time.
    if (a.session.state === 'closed' && b.session.state === 'suspended')
      await this.#note('released alone', () => this.#house.pass(coreLimits.timeToLive))
    await turns()
    for (const traffic of this.#traffic) {
      if (traffic.fault !== undefined) throw new Error(traffic.fault)
      if (traffic.end?.reason !== 'released') {
        throw new Error(`not released but ${traffic.session.state}: ${traffic.end?.message ?? 'still there'}`)
      }
      const received = traffic.peer?.received
      if (received !== traffic.sent) throw new Error(`released with ${received} of ${traffic.sent} units`)
      this.hash = Math.imul(this.hash ^ traffic.hash, 0x01000193)
    }
    this.#count('released')
  }

  #note<T>(what: string, act: () => T): T {
    this.#count(what)
    return act()
  }

  #count(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1)
    for (const char of what) this.hash = Math.imul(this.hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  }
}
