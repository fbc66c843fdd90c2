// What the main process may ask of a worker, and what it gets back. Everything here travels as JSON between
// processes.
import type { Address } from './contender.ts'
import type { RepeatOrder, Slice } from './load.ts'

/** Each order with what it needs and what it answers. */
export interface Orders {
  /** Start the contender's server. */
  serve: (input: null) => Address
  /** Connect the one client that `repeat` uses, and check that every operation answers rightly. */
  attach: (address: Address) => null
  repeat: (order: RepeatOrder) => Slice
  reconnect: (order: { address: Address; count: number }) => Slice
  /** Open so many connections, make one call on each, and keep them open until `shut`. */
  hold: (order: { address: Address; count: number }) => null
  shut: (input: null) => null
  /** Processor time used so far, user and system, in microseconds. */
  cpu: (input: null) => number
  /** Resident memory after garbage collection, in octets. */
  memory: (input: null) => number
}

export type OrderName = keyof Orders

export interface Request {
  readonly id: number
  readonly name: OrderName
  readonly input: unknown
}

export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string }
