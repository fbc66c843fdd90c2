// The state tables of Annex A as facts, from the fixture, and this project's tables in the same form.

import { readFileSync } from 'node:fs'

import type { Cell, Row, Table } from '../../../src/machine/tables/table.ts'

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

interface Fixture {
  readonly states: Readonly<Record<string, string>>
  readonly actions: Readonly<Record<string, string>>
  readonly predicates: Readonly<Record<string, string>>
  readonly nonSS: Facts
  readonly SS: Facts
}

const path = new URL('../../fixtures/state-tables.json', import.meta.url)

/** The fixture. */
export const fixture: Fixture = JSON.parse(readFileSync(path, 'utf8')) as Fixture

/**
 * Where this project reads the standard otherwise than it prints, by event and state. Also listed in PICS.md.
 */
export const readings: Facts = {
  // Blank in print.
  'FN-r': {
    STA06: [{ if: 'p68&&!p01&&p16', do: [], next: 'STA06' }],
    STA15D: [{ do: [], next: 'STA15D' }],
  },
  DN: { STA15D: [{ do: [], next: 'STA15D' }] },
  // Blank in print without symmetric synchronize, filled with it.
  TD: { STA11A: [{ if: 'p06&&!p185', do: ['STDind'], next: 'STA11A' }] },
  EX: { STA15B: [{ if: 'p08&&!p185', do: ['[10]'], next: 'STA15B' }] },
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
    do: (arm.do ?? []).map((step) => (typeof step === 'string' ? step : printed(step.name))),
    next: arm.to,
    ...(arm.after === undefined ? {} : { after: arm.after.map((action) => printed(action.name)) }),
  }))
}

/** `a05` as the standard prints it: `[5]`. */
function printed(action: string): string {
  return `[${Number(action.slice(1))}]`
}
