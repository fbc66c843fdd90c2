// The transport connection between the two machines of a simulation: a seed decides what takes how long, what
// overtakes what, and what is lost with the connection. Time is virtual; nothing happens by itself.

import type { SeededRandom } from '../../src/testing/index.ts'

/** `A` and `B` are the two machines; either may have asked for the transport connection. */
export type Side = 'A' | 'B'

/** The other one. */
export function other(side: Side): Side {
  return side === 'A' ? 'B' : 'A'
}

/** Something on its way to a machine. */
export interface Arrival {
  readonly to: Side
  readonly what: 'accepted' | 'connected' | 'lost' | 'tsdu'
  readonly octets: Uint8Array | undefined
  readonly expedited: boolean
  /** When it arrives at the earliest. */
  readonly due: number
}

/** What a link is like. */
export interface LinkOptions {
  readonly expedited: boolean
  /** Milliseconds that anything takes at most. */
  readonly slowest: number
}

/** One transport connection at a time. */
export class Link {
  readonly options: LinkOptions
  /** A transport connection is there, or being made. */
  open = false
  readonly #random: SeededRandom
  readonly #lanes: { readonly [side in Side]: Lanes } = { A: new Lanes(), B: new Lanes() }

  constructor(options: LinkOptions, random: SeededRandom) {
    this.options = options
    this.#random = random
  }

  /** Nothing is on its way. */
  get idle(): boolean {
    return this.#lanes.A.empty && this.#lanes.B.empty
  }

  /** T-CONNECT request. */
  connect(from: Side, now: number): void {
    this.open = true
    const accepted = this.#put(other(from), 'accepted', now)
    this.#put(from, 'connected', accepted)
  }

  /** T-DATA and T-EXPEDITED-DATA request. */
  send(from: Side, octets: Uint8Array, expedited: boolean, now: number): void {
    if (this.open) this.#put(other(from), 'tsdu', now, octets, expedited)
  }

  /** T-DISCONNECT request: what is on its way to its user is gone, what the user sent may be. */
  disconnect(from: Side, now: number): void {
    if (!this.open) return
    this.open = false
    this.#lanes[from].clear()
    if (this.#random.chance(0.2)) this.#lanes[other(from)].clear()
    this.#put(from, 'lost', now)
    this.#put(other(from), 'lost', now)
  }

  /** The network loses the connection and all that is on it. */
  lose(now: number): void {
    if (!this.open) return
    this.open = false
    for (const side of ['A', 'B'] as const) {
      this.#lanes[side].clear()
      this.#put(side, 'lost', now)
    }
  }

  /** What arrives next, or undefined. */
  peek(): Arrival | undefined {
    const a = this.#lanes.A.first
    const b = this.#lanes.B.first
    if (a === undefined || b === undefined) return a ?? b
    return b.due < a.due ? b : a
  }

  /** Takes what {@link peek} has shown. */
  take(arrival: Arrival): void {
    this.#lanes[arrival.to].take(arrival)
  }

  /** Returns when it is due. */
  #put(to: Side, what: Arrival['what'], now: number, octets?: Uint8Array, expedited = false): number {
    const lanes = this.#lanes[to]
    const overtakes = expedited && this.#random.chance(0.7)
    const soonest = now + this.#random.below(this.options.slowest + 1)
    const due = Math.max(soonest, lanes.expeditedDue, overtakes ? 0 : lanes.normalDue)
    lanes.put({ to, what, octets, expedited, due })
    return due
  }
}

/** What is on its way to one side: each flow in order, and expedited data never behind later normal data. */
class Lanes {
  readonly #normal: Arrival[] = []
  readonly #expedited: Arrival[] = []
  normalDue = 0
  expeditedDue = 0

  get empty(): boolean {
    return this.#normal.length + this.#expedited.length === 0
  }

  /** Equal times: expedited data goes first. */
  get first(): Arrival | undefined {
    const normal = this.#normal[0]
    const expedited = this.#expedited[0]
    if (normal === undefined || expedited === undefined) return normal ?? expedited
    return expedited.due <= normal.due ? expedited : normal
  }

  put(arrival: Arrival): void {
    if (arrival.expedited) {
      this.#expedited.push(arrival)
      this.expeditedDue = arrival.due
    } else {
      this.#normal.push(arrival)
      this.normalDue = arrival.due
    }
  }

  take(arrival: Arrival): void {
    const lane = arrival.expedited ? this.#expedited : this.#normal
    lane.shift()
  }

  /** Connections and their ends stay: only what a connection carries goes with it. */
  clear(): void {
    for (const lane of [this.#normal, this.#expedited]) {
      const kept = lane.filter((arrival) => arrival.what === 'lost')
      lane.splice(0, lane.length, ...kept)
    }
  }
}
