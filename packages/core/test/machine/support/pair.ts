// Two machines and the link between them, without time or threads: what one sends waits until it
// is delivered. Every call of a machine leaves one entry in `log`, so a test can compare what
// happened and not only how it ended.

import {
  machineConfig,
  SessionMachine,
  type MachineOptions,
  type Request,
} from '../../../src/machine/index.ts'
import type { Indication, Output, StateName } from '../../../src/machine/index.ts'

/** `A` opens the transport connection, `B` accepts it. */
export type Side = 'A' | 'B'

/** One call of a machine. */
export interface Entry {
  readonly side: Side
  readonly cause: string
  /** The octets, when it was `receive`. */
  readonly received?: Uint8Array | undefined
  readonly from: StateName
  readonly to: StateName
  readonly outputs: readonly Output[]
}

/** What is on its way to one side. */
interface Sent {
  readonly octets: Uint8Array
  readonly expedited: boolean
}

/** Two machines that are, or are going to be, connected. */
export class Pair {
  readonly log: Entry[] = []
  readonly machines: { readonly A: SessionMachine; readonly B: SessionMachine }
  /** Milliseconds of the virtual clock. */
  now = 0
  /** Whether the transport connection has an expedited flow. */
  readonly expedited: boolean
  readonly #to: { readonly A: Sent[]; readonly B: Sent[] } = { A: [], B: [] }
  #connecting = false
  #ended: Side[] = []

  constructor(a: MachineOptions = {}, b: MachineOptions = {}, expedited = false) {
    this.machines = {
      A: new SessionMachine(machineConfig(a)),
      B: new SessionMachine(machineConfig(b)),
    }
    this.expedited = expedited
  }

  /** What `side`'s user asks. */
  request(side: Side, request: Request): void {
    this.#call(side, request.name, (machine) => machine.request(request, this.now))
  }

  /** Octets to `side`, as though its peer had sent them. */
  inject(side: Side, octets: Uint8Array, expedited = false): void {
    this.#call(side, 'receives', (machine) => machine.receive(octets, this.now, expedited), octets)
  }

  /** Delivers one waiting TSDU, transport connection or end of it to `side`; false when there was none. */
  deliverOne(side: Side): boolean {
    if (this.#connecting) {
      this.#connecting = false
      this.#call('B', 'T-CONNECT', (machine) => machine.transport('accepted', this.now, this.expedited))
      this.#call('A', 'T-CONNECT', (machine) => machine.transport('connected', this.now, this.expedited))
      return true
    }
    const queue = this.#to[side]
    const first = queue.findIndex((sent) => sent.expedited)
    const [sent] = queue.splice(Math.max(0, first), 1)
    if (sent !== undefined) {
      this.inject(side, sent.octets, sent.expedited)
      return true
    }
    if (!this.#ended.includes(side)) return false
    this.#ended = this.#ended.filter((other) => other !== side)
    this.lose(side)
    return true
  }

  /** Delivers everything, in turn to both sides, until nothing waits. */
  deliver(): void {
    for (let more = true; more;) {
      const b = this.deliverOne('B')
      const a = this.deliverOne('A')
      more = a || b
    }
  }

  /** The transport connection is gone for `side`. */
  lose(side: Side): void {
    this.#call(side, 'T-DISCONNECT', (machine) => machine.transport('lost', this.now))
  }

  /** Time passes for both. */
  pass(milliseconds: number): void {
    this.now += milliseconds
    for (const side of ['A', 'B'] as const) {
      if (this.machines[side].deadline !== undefined) {
        this.#call(side, 'TIM', (machine) => machine.expire(this.now))
      }
    }
  }

  /** What `side`'s user has been told so far. */
  indications(side: Side): Indication[] {
    return this.log
      .filter((entry) => entry.side === side)
      .flatMap((entry) => entry.outputs)
      .flatMap((output) => (output.do === 'indicate' ? [output.primitive] : []))
  }

  #call(side: Side, cause: string, act: (machine: SessionMachine) => Output[], received?: Uint8Array): void {
    const machine = this.machines[side]
    const from = machine.state
    const outputs = act(machine)
    this.log.push({ side, cause, from, to: machine.state, outputs, received })
    const other: Side = side === 'A' ? 'B' : 'A'
    for (const output of outputs) {
      if (output.do === 'connect') this.#connecting = true
      else if (output.do === 'send') {
        this.#to[other].push({ octets: joined(output.tsdu), expedited: output.expedited })
      } else if (output.do === 'disconnect') this.#ended.push('A', 'B')
    }
  }
}

/** The octets of a gather list. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}

/** The octets of a hexadecimal string. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
