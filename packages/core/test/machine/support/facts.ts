// The state tables of Annex A as facts, from the fixture, and this project's tables in the same form.

import { readFileSync } from 'node:fs'

import type { Cell, Row, Table } from '../../../src/machine/tables/table.ts'
import { readings } from './readings.ts'

/** One alternative of a cell, in the fixture's form. */
export interface FactArm {
  readonly if?: string
  readonly do: readonly string[]
  readonly next: string
  readonly after?: readonly string[]
}

/** `//`, or the alternatives. */
export type FactCell = readonly ['impossible'] | readonly FactArm[]

/** Event, state, cell. */
export type Facts = Readonly<Record<string, Readonly<Record<string, FactCell>>>>

/** The whole fixture. */
export interface Fixture {
  readonly states: Readonly<Record<string, string>>
  readonly actions: Readonly<Record<string, string>>
  readonly predicates: Readonly<Record<string, string>>
  readonly nonSS: Facts
  readonly SS: Facts
}

const path = new URL('../../fixtures/state-tables.json', import.meta.url)

/** The fixture. */
export const fixture: Fixture = JSON.parse(readFileSync(path, 'utf8')) as Fixture

/** The two variants of the tables: without and with symmetric synchronize. */
export type Variant = 'plain' | 'symmetric'

/** The printed cells of a variant. */
export function printed(variant: Variant): Facts {
  return variant === 'plain' ? fixture.nonSS : fixture.SS
}

/** The printed cells of a variant with those in their place that are read otherwise. */
export function expectedCells(variant: Variant): Facts {
  const cells: Record<string, Record<string, FactCell>> = {}
  for (const facts of [
    printed(variant),
    ...Object.values(readings).map((reading) => reading[variant] ?? {}),
  ]) {
    for (const [event, row] of Object.entries(facts)) cells[event] = { ...cells[event], ...row }
  }
  return cells
}

/** A fixture's row with its notes taken out: they are part of the outgoing events here. */
export function withoutNotes(row: Readonly<Record<string, FactCell>>): Readonly<Record<string, FactCell>> {
  return Object.fromEntries(
    Object.entries(row).map(([state, cell]) => [state, cell.map((arm) => withoutNote(arm)) as FactCell]),
  )
}

/** Tables of ours in the fixture's form. `else` has no counterpart there. */
export function asFacts(...tables: readonly Table[]): Facts {
  const facts: Record<string, Record<string, FactCell>> = {}
  for (const table of tables) {
    for (const [event, row] of Object.entries(table)) {
      facts[event] = { ...facts[event], ...rowFacts(row) }
    }
  }
  return facts
}

function withoutNote(arm: FactArm | 'impossible'): FactArm | 'impossible' {
  return arm === 'impossible' ? arm : { ...arm, do: arm.do.filter((step) => !step.startsWith('(')) }
}

function rowFacts(row: Row): Record<string, FactCell> {
  return Object.fromEntries(Object.entries(row).map(([state, cell]) => [state, cellFacts(cell)]))
}

function cellFacts(cell: Cell): FactCell {
  if (cell === 'impossible') return ['impossible']
  return cell.map((arm) => ({
    ...(arm.if === undefined
      ? {}
      : { if: arm.if.map((p) => (typeof p === 'function' ? p.name : `!${p.not.name}`)).join('&&') }),
    do: (arm.do ?? []).map((step) => (typeof step === 'string' ? step : numbered(step.name))),
    next: arm.to,
    ...(arm.after === undefined ? {} : { after: arm.after.map((action) => numbered(action.name)) }),
  }))
}

/** `a05` as the standard prints it: `[5]`. */
function numbered(action: string): string {
  return `[${Number(action.slice(1))}]`
}
