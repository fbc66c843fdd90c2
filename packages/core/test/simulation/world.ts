// Two machines, their users and the link between them, a step at a time. Every step is checked and leaves its
// mark in the trace, so that two runs can be compared by one number.

import {
  machineConfig,
  SessionMachine,
  SessionUsageError,
  type ConnectIndication,
  type Indication,
  type MachineOptions,
  type Output,
  type ProviderAbort,
  type Request,
  type StateName,
} from '../../src/machine/index.ts'
import type { SeededRandom } from '../../src/testing/index.ts'
import { describe } from '../../src/spdu/index.ts'
import { SimulationFailure } from './failure.ts'
import { Link, other, type Arrival, type LinkOptions, type Side } from './link.ts'
import { Ledger } from './ledger.ts'
import { raceOf, strains, type Strained } from './races.ts'
import { Trace } from './trace.ts'

/** One of the two. */
export interface End {
  readonly side: Side
  readonly machine: SessionMachine
  readonly units: number
  asked: ConnectIndication | undefined
}

/** What a run starts from. */
export interface WorldOptions {
  readonly A: MachineOptions
  readonly B: MachineOptions
  readonly link: LinkOptions
}

export class World {
  readonly A: End
  readonly B: End
  readonly link: Link
  readonly ledger: Ledger = new Ledger()
  readonly trace: Trace
  /** How often each request was taken, in each state: `SDTreq STA713`. */
  readonly taken: Map<string, number>
  /** What a race of the printed tables has put out of step, until the session connection ends. */
  readonly strained: Set<Strained> = new Set()
  /** A race of the printed tables has ended this session connection; its other end will hear of it. */
  #fell = false
  /** Called after every step. */
  readonly #check: (world: World) => void
  /** Milliseconds of the virtual clock. */
  now = 0

  constructor(
    options: WorldOptions,
    random: SeededRandom,
    trace: Trace,
    taken: Map<string, number>,
    check: (world: World) => void,
  ) {
    this.A = newEnd('A', options.A)
    this.B = newEnd('B', options.B)
    this.link = new Link(options.link, random)
    this.trace = trace
    this.taken = taken
    this.#check = check
  }

  get ends(): readonly [End, End] {
    return [this.A, this.B]
  }

  /** What `side`'s user asks; false when the machine refuses, in which case it must be as it was before. */
  request(side: Side, request: Request): boolean {
    const { machine } = this[side]
    const before = picture(machine)
    const from = machine.state
    let outputs: Output[]
    try {
      outputs = machine.request(request, this.now)
    } catch (error) {
      if (!(error instanceof SessionUsageError)) throw this.#broken(side, request.name, error)
      this.trace.refused(side, request, from)
      this.#expectUnchanged(side, request.name, before)
      return false
    }
    const key = `${request.name} ${from}`
    this.taken.set(key, (this.taken.get(key) ?? 0) + 1)
    this.ledger.asked(side, request)
    // A MAP that meets an exception is counted and never confirmed.
    if (request.name === 'SUERreq') this.strained.add('confirmations')
    if (request.name === 'SRSYNreq' && request.flow === undefined) {
      this.strained.add('flows')
      // Two that cross may each prevail in one flow, over points that are on their way.
      if (this[other(side)].machine.state !== 'STA713') this.strained.add('numbers')
    }
    if (request.name.startsWith('SCONrsp')) this[side].asked = undefined
    this.#done(side, request.name, from, outputs, request)
    return true
  }

  /** Something arrives. */
  deliver(arrival: Arrival): void {
    this.link.take(arrival)
    this.now = Math.max(this.now, arrival.due)
    const { to, what, octets, expedited } = arrival
    const { machine } = this[to]
    if (octets !== undefined && strains(machine, octets)) this.strained.add('numbers')
    if (octets !== undefined)
      this.#call(to, 'receives', () => machine.receive(octets, this.now, expedited), octets)
    else if (what !== 'tsdu') {
      this.#call(to, what, () => machine.transport(what, this.now, this.link.options.expedited))
      if (what === 'lost') this.ledger.ended(to)
    }
  }

  /** Time passes up to the first of the deadlines; false when there is none. */
  expire(): boolean {
    const due = this.deadline
    if (due === undefined) return false
    this.now = Math.max(this.now, due.deadline)
    this.#call(due.side, 'TIM', () => this[due.side].machine.expire(this.now))
    return true
  }

  get deadline(): { readonly side: Side; readonly deadline: number } | undefined {
    const a = this.A.machine.deadline
    const b = this.B.machine.deadline
    if (a !== undefined && (b === undefined || a <= b)) return { side: 'A', deadline: a }
    return b === undefined ? undefined : { side: 'B', deadline: b }
  }

  #call(side: Side, cause: string, act: () => Output[], octets?: Uint8Array): void {
    const from = this[side].machine.state
    let outputs: Output[]
    try {
      outputs = act()
    } catch (error) {
      throw this.#broken(side, octets === undefined ? cause : describe(octets), error)
    }
    this.#done(side, cause, from, outputs, octets)
  }

  #done(side: Side, cause: string, from: StateName, outputs: readonly Output[], detail: unknown): void {
    this.trace.step(side, cause, from, this[side].machine.state, this.now, outputs, detail)
    for (const output of outputs) this.#perform(side, output)
    this.#check(this)
  }

  #perform(side: Side, output: Output): void {
    switch (output.do) {
      case 'connect':
        return this.link.connect(side, this.now)
      case 'accept':
        return
      case 'disconnect':
        return this.link.disconnect(side, this.now)
      case 'send':
        return this.link.send(side, joined(output.tsdu), output.expedited, this.now)
      case 'indicate':
        return this.#indicate(side, output.primitive)
    }
  }

  #indicate(side: Side, primitive: Indication): void {
    if (primitive.name === 'SCONind') this[side].asked = primitive
    if (primitive.name === 'SPABind' && primitive.reason !== 'transport') this.#aborted(side, primitive)
    const fault = this.ledger.told(side, other(side), primitive)
    if (fault !== undefined && !(primitive.name === 'SEXind' && this.strained.has('flows')))
      throw new SimulationFailure(`${side}: ${fault}`)
  }

  /** Nobody does anything wrong here, so no provider has anything to abort for. */
  #aborted(side: Side, { reason, message }: ProviderAbort): void {
    const race = reason === 'protocol' ? raceOf(message, this.strained) : undefined
    // A link slower than TIM: the ABORT behind its PREPARE comes too late.
    const late = reason === 'peer-unspecified'
    const known = late || (this.#fell && reason === 'peer-protocol')
    if (race === undefined && !known) {
      throw new SimulationFailure(`${side} aborted: ${reason}, ${message}`)
    }
    this.#fell = reason === 'protocol'
    this.ledger.ended(side)
  }

  #broken(side: Side, cause: string, error: unknown): SimulationFailure {
    const { state } = this[side].machine
    return new SimulationFailure(`${side} in ${state} threw at ${cause}: ${String(error)}`, { cause: error })
  }

  #expectUnchanged(side: Side, name: string, before: readonly unknown[]): void {
    const now = picture(this[side].machine)
    const at = before.findIndex((value, index) => value !== now[index])
    if (at < 0) return
    const field = Object.keys(this[side].machine.variables)[at] ?? 'state'
    throw new SimulationFailure(
      `${side} refused ${name} and yet ${field} changed from ${String(before[at])} to ${String(now[at])}`,
    )
  }
}

function newEnd(side: Side, options: MachineOptions): End {
  const config = machineConfig(options)
  return { side, machine: new SessionMachine(config), units: config.units, asked: undefined }
}

/** All that a machine remembers, but for the time and the outputs of the call. */
function picture(machine: SessionMachine): unknown[] {
  const values: unknown[] = []
  for (const [name, value] of Object.entries(machine.variables)) {
    values.push(name === 'now' || name === 'outputs' ? undefined : value)
  }
  return values
}

/** The octets of a gather list. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const octets = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    octets.set(part, at)
    at += part.length
  }
  return octets
}
