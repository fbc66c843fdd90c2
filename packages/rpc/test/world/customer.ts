// A client of the simulated world: keeps a session, asks, and writes down what it is told. When its process
// is killed another one takes its place, with nothing but the keys.
import { anyOfWith, type Transport } from '@parley/core'
import {
  connect,
  isRpcError,
  withOptions,
  type CallOptions,
  type Client,
  type SeekableSource,
  type StreamSource,
} from '@parley/rpc'
import { Bank, Vault } from './bank.ts'
import { itemTime, type Ask, type Call, type Order } from './history.ts'
import { SimulatedProcess } from './process.ts'
import type { Place } from './server.ts'
import { Whereabouts } from './whereabouts.ts'
import { wired } from './wire.ts'
import type { World } from './world.ts'

/** How a call is made. */
export interface Asking {
  readonly timeout?: number | undefined
  /** Milliseconds until the caller gives up. */
  readonly patience?: number | undefined
}

/** See the head of this file. */
export class Customer {
  readonly name: string
  readonly principal: string
  process: SimulatedProcess | undefined
  session: Client | undefined
  silent = false
  readonly #world: World
  #lives = 0

  constructor(world: World, name: string, principal: string) {
    this.#world = world
    this.name = name
    this.principal = principal
  }

  start(): void {
    const { clock, trace, random } = this.#world
    const process = new SimulatedProcess(
      `${this.name}${++this.#lives}`,
      clock,
      trace,
      random.below(1_000_000),
    )
    this.process = process
    this.silent = false
    process.onCrash(() => {
      this.session = undefined
      this.#world.customerCrashed(this, process.name)
    })
    void this.#keepSession(process)
  }

  /** Makes a call, and has it written down; nothing when there is no session. */
  ask(call: Call, { timeout, patience }: Asking = {}): Ask | undefined {
    const { process, session } = this
    if (process?.running !== true || session === undefined) return undefined
    const { history, trace } = this.#world
    const ask = history.ask(call, process.name, timeout)
    trace.note(`${process.name} asks ${ask.number}: ${call.kind} ${call.order.id}`)
    trace.count(`call ${call.kind}`)
    const giveUp = new AbortController()
    const options = { timeout, key: call.key, metadata: { ask: String(ask.number) }, signal: giveUp.signal }
    if (patience !== undefined)
      process.clock.setTimer(patience, () => {
        if (ask.settled === undefined) ask.cancelled = true
        giveUp.abort()
      })
    this.#made(session, ask, options).then(
      (value) => this.#settle(process, ask, () => history.succeeded(ask, value)),
      (thrown: unknown) => this.#settle(process, ask, () => history.failed(ask, thrown)),
    )
    return ask
  }

  async #made(session: Client, ask: Ask, options: CallOptions): Promise<string> {
    const { kind, order } = ask.call
    const bank = withOptions(session.stub(Bank), options)
    switch (kind) {
      case 'query':
        return bank.query(order)
      case 'keyed':
        return bank.keyed(order)
      case 'transactional':
        return withOptions(session.stub(Vault), options).transactional(order)
      case 'sum':
        return bank.sum(order, this.#given(order.items))
      case 'items':
        for await (const item of bank.items(order)) ask.items.push(item)
        return 'all'
      case 'echo':
        for await (const item of bank.echo(order, this.#given(order.items))) ask.items.push(item)
        return 'all'
      case 'load':
        return this.#load(session, ask, options)
      default:
        return bank.once(order)
    }
  }

  /** Begins an activity, or goes on with what the process before has begun, behind what that one had. */
  async #load(session: Client, { call, base, items }: Ask, options: CallOptions): Promise<string> {
    const { order, activity: id } = call
    const { process } = this
    const activity = id === undefined ? undefined : { id, position: base, resume: true }
    const bank = withOptions(session.stub(Bank), { ...options, activity })
    const given = this.#loaded(order, id !== undefined)
    const work = order.after % 2 === 0 ? bank.load(order, given) : bank.hidden(order, given)
    call.activity = work.id
    return work.run(async (item) => {
      items.push(item)
      if (order.items % 2 === 1) await process?.sleep(itemTime)
    })
  }

  /** What an activity reads: as a function of the position, or as what can be read only once. */
  #loaded({ items }: Order, isResumed: boolean): StreamSource<string> | SeekableSource<string> {
    return items % 3 > 0 && !isResumed ? this.#given(items) : (from) => this.#given(items, from)
  }

  async *#given(items: number, from = 0): AsyncGenerator<string> {
    const { process } = this
    for (let n = from; n < items; n++) {
      if (n % 3 === 2) await process?.sleep(20)
      yield `given ${n}`
    }
  }

  #settle(process: SimulatedProcess, ask: Ask, write: () => void): void {
    if (!process.alive) return
    write()
    const { value, error, number } = ask
    const end = error === undefined ? value : `${error.code} ${error.outcome}: ${error.message}`
    this.#world.trace.note(`${process.name} is told ${number}: ${end}`)
    this.#world.settled(ask)
  }

  /** All places as one address. */
  #reach(process: SimulatedProcess, places: readonly Place[]): Transport {
    const { trace, wrong } = this.#world
    const whereabouts = new Whereabouts(wrong)
    const addresses = places.map(({ name, address }) =>
      whereabouts.of(
        wired(process, address, trace, () => this.silent),
        name,
      ),
    )
    return anyOfWith({ clock: process.clock }, ...(addresses as [Transport, ...Transport[]]))
  }

  /** Opens a session, and another one when it is over, for as long as the process lives. */
  async #keepSession(process: SimulatedProcess): Promise<void> {
    const world = this.#world
    const order = world.random.below(world.places.length)
    const places = [...world.places.slice(order), ...world.places.slice(0, order)]
    while (process.alive && !world.closing) {
      try {
        const session = await connect(this.#reach(process, places), {
          credentials: this.principal,
          clock: process.clock,
          limits: world.odds.limits,
          timeout: 1500,
          onError: (thrown) => process.alive && world.reported(thrown),
        })
        if (!process.alive) return
        this.session = session
        session.onSuspended(() => world.trace.count('suspended'))
        world.trace.count('session')
        const end = await session.closed
        this.session = undefined
        world.sessionEnded(this, end)
      } catch (thrown) {
        world.notLetIn(this, isRpcError(thrown) ? thrown.code : String(thrown))
      }
      await process.sleep(100 + world.random.below(300))
    }
  }
}
