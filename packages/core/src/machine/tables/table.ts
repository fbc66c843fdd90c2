// The form of the state tables of Annex A as data: event, state, alternatives. The tables
// themselves are the files beside this one, compile.ts turns them into arrays, machine.ts walks
// them. No rule of the protocol stands here.

import type { Action } from '../actions.ts'
import type { IncomingEvent, OutgoingEvent } from '../events.ts'
import type { Predicate } from '../predicates.ts'
import type { StateName } from '../state.ts'

/** Rows are incoming events, columns states. A state that is not listed is an invalid intersection. */
export type Table = { readonly [event in IncomingEvent]?: Row }

/** What one event does in each state. */
export type Row = { readonly [state in StateName]?: Cell }

/** The alternatives of one cell: every one whose condition is true is carried out, in order. */
export type Cell = readonly Arm[] | typeof impossible

/**
 * One alternative: `if` all of these hold, `do` this in this order, go `to` that state,
 * and `after` entering it do this.
 */
export interface Arm {
  readonly if?: readonly Condition[]
  readonly do?: readonly (Action | OutgoingEvent)[]
  readonly to: StateName
  readonly after?: readonly Action[]
  /** Only when no alternative before it was true: for the cells where the printed conditions overlap. */
  readonly else?: true
}

/** A predicate or its negation. */
export type Condition = Predicate | Not

/** A negated predicate. */
export interface Not {
  readonly not: Predicate
}

/** The printed `//`: this event cannot happen in this state. */
export const impossible = 'impossible'

/** The printed `^p`. */
export function not(predicate: Predicate): Not {
  return { not: predicate }
}
