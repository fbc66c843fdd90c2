// What the clients of a world ask for, and when.
import type { Customer } from './customer.ts'
import { isFinal, kinds, type Call, type Kind, type Order } from './history.ts'
import type { World } from './world.ts'

/** Calls of one burst: more than after which a client tells what is settled. */
const BURST = 260

/** See the head of this file. */
export class Traffic {
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  /** Puts all calls on the clock. */
  begin(): void {
    const { random, odds, clock, customers } = this.#world
    for (let n = 0; n < odds.calls; n++)
      clock.setTimer(random.below(odds.span), () => this.#ask(random.pick(customers)))
    if (odds.burst) clock.setTimer(random.below(odds.span), () => this.burst(random.pick(customers)))
  }

  /** The kinds of calls that there are in this world. */
  get kinds(): readonly Kind[] {
    return this.#world.odds.durable ? kinds : kinds.filter((kind) => kind !== 'transactional')
  }

  /** A new process of a client asks with the keys of the one before. */
  askAgain(customer: Customer): void {
    const { clock, random, history } = this.#world
    for (const call of history.calls) {
      const its = call.asks.some(({ client }) => client.startsWith(customer.name))
      const goesOn = call.kind === 'load' && call.asks.every(({ abandoned }) => abandoned)
      if (its && (call.kind === 'named' || goesOn))
        clock.setTimer(200 + random.below(1500), () => void customer.ask(call))
    }
  }

  /** Many calls that end at once, with some that do not among them. */
  burst(customer: Customer): void {
    const { history, trace } = this.#world
    if (customer.session === undefined) return
    trace.count('burst')
    const long = { ...QUICK, before: 400 }
    customer.ask(history.call('sum', customer.principal, { ...QUICK, items: 12 }))
    customer.ask(history.call('once', customer.principal, long))
    for (let n = 0; n < BURST; n++) customer.ask(history.call('query', customer.principal, QUICK))
  }

  /** A call of that kind with nothing the matter. */
  plain(kind: Kind, { principal }: Customer): Call {
    return this.#world.history.call(kind, principal, { ...QUICK, items: 3 })
  }

  #ask(customer: Customer): void {
    const { random, odds, history, customers } = this.#world
    const { principal } = customer
    const known = history.calls.filter((call) => call.kind === 'named' && call.principal === principal)
    const call =
      known.length > 0 && random.chance(0.4) ? this.#again(random.pick(known)) : this.#new(principal)
    const timeout = random.chance(odds.of.deadline) ? 1 + random.below(1500) : undefined
    const patience = random.chance(odds.of.cancel) ? random.below(600) : undefined
    customer.ask(call, { timeout, patience })
    // Others who know the key may ask at the same moment, and somewhere else.
    if (call.kind === 'named' && random.chance(0.4))
      for (const other of customers) if (other.principal === principal) other.ask(call)
  }

  #new(principal: string): Call {
    const { random, odds, history } = this.#world
    const kind = odds.longWork && random.chance(0.7) ? 'load' : random.pick(this.kinds)
    return history.call(kind, principal, this.#order())
  }

  /** The same call by its key; or another one, which must not have a key that stands for something. */
  #again(call: Call): Call {
    const { random, history, odds } = this.#world
    const stands = odds.durable && call.rival === undefined && call.asks.some(isFinal)
    if (!stands || random.chance(0.7)) return call
    return history.call('named', call.principal, this.#order(), call)
  }

  #order(): Omit<Order, 'id'> {
    const { random, odds } = this.#world
    const time = (): number => (random.chance(0.5) ? 0 : random.below(random.chance(0.2) ? 3000 : 300))
    return {
      before: time(),
      after: time(),
      ends: random.chance(0.8) ? 'returns' : random.pick(['refuses', 'throws']),
      lethal: random.chance(odds.of.poison * 0.3) ? 1 + random.below(5) : 0,
      items: random.below(12),
    }
  }
}

const QUICK: Omit<Order, 'id'> = { before: 0, after: 0, ends: 'returns', lethal: 0, items: 0 }
