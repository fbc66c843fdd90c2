// The tables made ready to run: one array indexed by event and state, built once when the module loads, for
// each of the two variants of Annex A. Nothing here knows what an event or a state means.

import type { Action } from './actions.ts'
import { events, type IncomingEvent, type OutgoingEvent } from './events.ts'
import { outgoing } from './outgoing.ts'
import type { Predicate } from './predicates.ts'
import { STATE, states, type StateName } from './state.ts'
import { impossible, type Arm, type Cell, type Condition, type Table } from './tables/table.ts'

/**
 * A cell by event number times {@link STATES} plus state number; a missing one is an invalid intersection.
 */
export type Program = readonly (CompiledCell | undefined)[]

/** The alternatives of a cell; none at all for the printed `//`. */
export type CompiledCell = readonly CompiledArm[]

/** One alternative, ready to run. */
export interface CompiledArm {
  readonly conditions: readonly Predicate[]
  readonly else: boolean
  readonly steps: readonly Action[]
  readonly to: number
  readonly after: readonly Action[]
}

/** How many states there are: the length of a row. */
export const STATES: number = states.length

/**
 * Compiles `tables`, of which no two may define the same cell, with the cells of `overlay` in place of
 * theirs. Throws on a cell that is defined twice.
 */
export function compile(tables: readonly Table[], overlay: readonly Table[] = []): Program {
  const cells = merge(tables)
  for (const [key, cell] of merge(overlay)) cells.set(key, cell)
  const program: (CompiledCell | undefined)[] = Array.from({ length: events.length * STATES })
  for (const [index, cell] of cells) program[index] = compileCell(cell)
  return program
}

function merge(tables: readonly Table[]): Map<number, Cell> {
  const cells = new Map<number, Cell>()
  for (const table of tables) {
    for (const [event, row] of Object.entries(table)) {
      const first = events.indexOf(event as IncomingEvent) * STATES
      for (const [state, cell] of Object.entries(row)) {
        const index = first + STATE[state as StateName]
        if (cells.has(index)) throw new Error(`two tables define ${event} in ${state}`)
        cells.set(index, cell)
      }
    }
  }
  return cells
}

/** What both variants have in common is there once. */
const compiled = new WeakMap<readonly Arm[], CompiledCell>()
const NONE: readonly never[] = []

function compileCell(cell: Cell): CompiledCell {
  if (cell === impossible) return NONE
  const known = compiled.get(cell)
  if (known !== undefined) return known
  const fresh = cell.map(compileArm)
  compiled.set(cell, fresh)
  return fresh
}

function compileArm(arm: Arm): CompiledArm {
  return {
    conditions: arm.if?.map(condition) ?? NONE,
    else: arm.else ?? false,
    steps: arm.do?.map(step) ?? NONE,
    to: STATE[arm.to],
    after: arm.after ?? NONE,
  }
}

function step(action: Action | OutgoingEvent): Action {
  return typeof action === 'string' ? outgoing[action] : action
}

function condition(of: Condition): Predicate {
  if (typeof of === 'function') return of
  const negated = of.not
  return (m, e) => !negated(m, e)
}
