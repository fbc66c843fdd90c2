// Every order in which the requests of two users and the arrivals of what they cause can happen, up to a
// depth; after it everything arrives, every question is answered, and the two sides must agree. Situations
// that were seen before are not looked at again. It decides nothing by chance.

import {
  functionalUnit as unit,
  machineConfig,
  SessionMachine,
  SessionUsageError,
  type Output,
  type Request,
  type SessionVariables,
  type StateName,
} from '../../../src/machine/index.ts'
import type { Spm } from '../../../src/machine/spm.ts'
import { joined, Pair, type Side } from './pair.ts'

/** What is explored. */
export interface Exploration {
  /** An open session connection on which nothing is under way. */
  readonly from: Pair
  /** What each user may ask, each once. */
  readonly requests: { readonly A: readonly Request[]; readonly B: readonly Request[] }
  /** Steps that are taken in every order: requests, answers, arrivals. */
  readonly depth: number
}

/** What was found. */
export interface Explored {
  /** Situations that differ from one another. */
  readonly situations: number
  /** The ends reached, by the states of A and B. */
  readonly ends: ReadonlySet<string>
}

/** Looks at everything. Throws at the first order after which the two do not agree, with its steps. */
export function explore({ from, requests, depth }: Exploration): Explored {
  const explorer = new Explorer(requests)
  explorer.visit(new Situation(from), depth)
  return { situations: explorer.seen.size, ends: explorer.ends }
}

class Explorer {
  /** By situation the depth it was explored to. */
  readonly seen = new Map<string, number>()
  readonly ends = new Set<string>()
  readonly #settled = new Set<string>()
  readonly #requests: Exploration['requests']

  constructor(requests: Exploration['requests']) {
    this.#requests = requests
  }

  visit(situation: Situation, depth: number): void {
    const key = situation.key
    if ((this.seen.get(key) ?? -1) >= depth) return
    this.seen.set(key, depth)
    if (!this.#settled.has(key)) {
      this.#settled.add(key)
      this.ends.add(situation.fork().settle())
    }
    if (depth === 0) return
    for (const side of SIDES) {
      for (const [index, request] of this.#requests[side].entries()) {
        if ((situation.asked[side] & (1 << index)) !== 0) continue
        const next = situation.fork()
        next.asked[side] |= 1 << index
        if (next.request(side, request)) this.visit(next, depth - 1)
      }
      const answer = answers.get(situation.machines[side].state)
      const answered = situation.fork()
      if (answer !== undefined && answered.request(side, answer)) this.visit(answered, depth - 1)
      for (const expedited of [true, false]) {
        const next = situation.fork()
        if (next.deliver(side, expedited)) this.visit(next, depth - 1)
      }
    }
  }
}

const SIDES = ['A', 'B'] as const

/** What a user that is asked something says to it. */
const answers: ReadonlyMap<StateName, Request> = new Map<StateName, Request>([
  ['STA10A', { name: 'SSYNMrsp' }],
  ['STA10B', { name: 'SACTErsp' }],
  ['STA11A', { name: 'SRSYNrsp' }],
  ['STA11B', { name: 'SACTIrsp' }],
  ['STA11C', { name: 'SACTDrsp' }],
])

/** Octets on their way, with their place in the order of sending. */
interface Sent {
  readonly octets: Uint8Array
  readonly order: number
}

/** Two machines and what is on its way between them. */
class Situation {
  readonly machines: { readonly A: SessionMachine; readonly B: SessionMachine }
  /** Requests already asked, as bits. */
  readonly asked: { A: number; B: number } = { A: 0, B: 0 }
  readonly #normal: { A: Sent[]; B: Sent[] } = { A: [], B: [] }
  readonly #expedited: { A: Sent[]; B: Sent[] } = { A: [], B: [] }
  #steps: readonly string[] = []
  #sent = 0

  constructor(like: { readonly machines: Situation['machines'] }) {
    this.machines = { A: copyOf(like.machines.A), B: copyOf(like.machines.B) }
  }

  fork(): Situation {
    const copy = new Situation(this)
    Object.assign(copy.asked, this.asked)
    for (const side of SIDES) {
      copy.#normal[side] = this.#normal[side].slice()
      copy.#expedited[side] = this.#expedited[side].slice()
    }
    copy.#steps = this.#steps
    copy.#sent = this.#sent
    return copy
  }

  /** The same for situations that go on in the same way. */
  get key(): string {
    let key = `${this.asked.A} ${this.asked.B}`
    for (const side of SIDES) {
      for (const value of Object.values(this.machines[side].variables)) {
        if (typeof value !== 'object') key += ` ${String(value)}`
        else if (Array.isArray(value))
          for (const { event } of value as { event?: string }[]) key += ` ${event}`
      }
      for (const { octets, order } of [...this.#normal[side], ...this.#expedited[side]]) {
        key += `|${order - this.#sent} ${octets.join()}`
      }
    }
    return key
  }

  /** False when it cannot be asked now. */
  request(side: Side, request: Request): boolean {
    try {
      this.#perform(side, request.name, this.machines[side].request(request, 0))
      return true
    } catch (error) {
      if (error instanceof SessionUsageError) return false
      throw this.#failure(String(error))
    }
  }

  /**
   * Something arrives; false when nothing may. Expedited data may overtake normal data; nothing overtakes it.
   */
  deliver(side: Side, expedited: boolean): boolean {
    const [fast] = this.#expedited[side]
    const [slow] = this.#normal[side]
    const sent = expedited ? fast : slow
    if (sent === undefined) return false
    if (!expedited && fast !== undefined && fast.order < sent.order) return false
    this.#lane(side, expedited).shift()
    this.#perform(side, 'gets', this.machines[side].receive(sent.octets, 0, expedited))
    return true
  }

  /** Everything arrives and every question is answered; returns the states it ends in. */
  settle(): string {
    for (let more = true; more;) {
      more = false
      for (const side of SIDES) {
        while (this.deliver(side, true) || this.deliver(side, false)) more = true
        const answer = answers.get(this.machines[side].state)
        if (answer !== undefined && this.request(side, answer)) more = true
      }
    }
    this.#expectAgreement()
    return `${this.machines.A.state} ${this.machines.B.state}`
  }

  #lane(side: Side, expedited: boolean): Sent[] {
    return expedited ? this.#expedited[side] : this.#normal[side]
  }

  #perform(side: Side, what: string, outputs: readonly Output[]): void {
    this.#steps = [...this.#steps, `${side} ${what} > ${this.machines[side].state}`]
    for (const output of outputs) {
      if (output.do === 'send') {
        const sent = { octets: joined(output.tsdu), order: this.#sent++ }
        this.#lane(side === 'A' ? 'B' : 'A', output.expedited).push(sent)
      } else if (output.do === 'disconnect') {
        for (const each of SIDES) {
          this.#normal[each] = []
          this.#expedited[each] = []
          this.machines[each].transport('lost', 0)
        }
      } else if (output.do === 'indicate' && output.primitive.name === 'SPABind') {
        throw this.#failure(`${side} aborts: ${output.primitive.message}`)
      }
    }
  }

  #expectAgreement(): void {
    const { A, B } = this.machines
    if (A.state === 'STA01' && B.state === 'STA01') return
    if (A.state !== 'STA713' || B.state !== 'STA713') throw this.#failure(`${A.state} and ${B.state}`)
    const [a, b] = [A.variables, B.variables]
    const pairs = [
      ['V(M)', a.VM, b.VM],
      ['V(A)', a.VA, b.VA],
      ['V(R)', a.VR, b.VR],
      ['V(Ms) of A', a.VMs, b.VMr],
      ['V(Ms) of B', b.VMs, a.VMr],
      ['V(Rs) of A', a.VRs, b.VRr],
      ['V(Rs) of B', b.VRs, a.VRr],
      ['activity', inActivity(a), inActivity(b)],
      ['tokens', A.tokens ^ B.tokens, a.available],
      ['tokens of both', A.tokens & B.tokens, 0],
    ] as const
    for (const [name, one, other] of pairs) {
      if (one !== other && !(name.startsWith('V') && unnumbered(a))) {
        throw this.#failure(`${name}: ${String(one)} and ${String(other)}`)
      }
    }
  }

  #failure(what: string): Error {
    return new Error(`${what} after ${this.#steps.join(', ')}`)
  }
}

/** Outside of activities no points are counted. */
function unnumbered(v: SessionVariables): boolean {
  return (v.FU & unit.activityManagement) !== 0 && !v.Vact
}

/** Without activities Vact has no value. */
function inActivity(v: SessionVariables): boolean {
  return (v.FU & unit.activityManagement) !== 0 && v.Vact
}

const config = machineConfig()

/** The live view is the machine's memory: the one door through which a test may furnish it. */
function copyOf(machine: SessionMachine): SessionMachine {
  const copy = new SessionMachine(config)
  const memory = machine.variables as Spm
  Object.assign(copy.variables as Spm, memory, { queue: memory.queue?.slice(), outputs: [] })
  return copy
}
