// The tables against the facts of Annex A, and against themselves: nothing missing,
// nothing more, nothing unused.

import { describe, expect, it } from 'vitest'

import * as actions from '../../src/machine/actions.ts'
import { compile } from '../../src/machine/compile.ts'
import { events, incomingEvents } from '../../src/machine/events.ts'
import { outgoing } from '../../src/machine/outgoing.ts'
import * as predicates from '../../src/machine/predicates.ts'
import { stateSentences, states } from '../../src/machine/state.ts'
import { errata } from '../../src/machine/tables/errata.ts'
import { plainTables, symmetricTables, tables } from '../../src/machine/tables/index.ts'
import { not, type Arm, type Table } from '../../src/machine/tables/table.ts'
import {
  asFacts,
  expectedCells,
  fixture,
  printed,
  withoutNotes,
  type FactCell,
  type Facts,
} from './support/facts.ts'
import { readings } from './support/readings.ts'

const plain = asFacts(...tables, ...plainTables)
const symmetric = asFacts(...tables, ...symmetricTables)
const ours = { plain, symmetric }

describe.each(['plain', 'symmetric'] as const)('the %s cells', (variant) => {
  it.each(Object.keys(printed(variant)))('of %s are the printed ones, or those of an erratum', (event) => {
    expect(ours[variant][event]).toEqual(withoutNotes(expectedCells(variant)[event] ?? {}))
  })

  it('are of the printed events and of no others', () => {
    expect(Object.keys(ours[variant]).toSorted()).toEqual(Object.keys(printed(variant)).toSorted())
  })
})

describe('the cells', () => {
  it('are all there: 1,604 in print and those that an erratum fills', () => {
    expect([count(fixture.nonSS), count(fixture.SS)]).toEqual([808, 796])
    expect(count(plain) - count(fixture.nonSS)).toBe(15)
    expect(count(symmetric) - count(fixture.SS)).toBe(15)
  })

  it('differ from print only under a name of the errata, and each of those differs', () => {
    for (const [name, reading] of Object.entries(readings)) {
      expect([...errata.keys()]).toContain(name)
      for (const variant of ['plain', 'symmetric'] as const) {
        for (const [event, row] of Object.entries(reading[variant] ?? {})) {
          for (const [state, cell] of Object.entries(row)) {
            expect(printed(variant)[event]?.[state], `${name}: ${event} in ${state}`).not.toEqual(cell)
          }
        }
      }
    }
  })

  it('that differ with symmetric synchronize do differ', () => {
    const same = Object.entries(asFacts(...symmetricTables)).flatMap(([event, row]) =>
      Object.entries(row)
        .filter(([state, cell]) => JSON.stringify(plain[event]?.[state]) === JSON.stringify(cell))
        .map(([state]) => `${event}/${state}`),
    )
    expect(same).toEqual([])
  })

  it('are defined once each', () => {
    const [first] = tables
    expect(() => compile([...tables, { AA: { STA16: [{ to: 'STA16' }] } }])).toThrow(
      'two tables define AA in STA16',
    )
    expect(() => compile(first === undefined ? [] : [first, first])).toThrow('two tables define')
  })
})

describe('the names', () => {
  it('of the states are those of the standard', () => {
    expect(stateSentences).toEqual(fixture.states)
  })

  it('of the incoming events are those of the standard, all SPDUs included', () => {
    const names = new Set([...Object.keys(fixture.nonSS), ...Object.keys(fixture.SS)])
    expect(events.filter((event) => !names.has(event))).toEqual([])
    expect([...names].filter((event) => !(event in incomingEvents))).toEqual([])
  })

  it('of the predicates and actions are those of the standard, and each is used', () => {
    const text = JSON.stringify([symmetric, plain])
    for (const name of Object.keys(predicates)) {
      expect(fixture.predicates).toHaveProperty(name)
      expect(text).toMatch(new RegExp(`\\b${name}\\b`))
    }
    for (const name of Object.keys(actions)) {
      const number = String(Number(name.slice(1)))
      expect(fixture.actions).toHaveProperty(number)
      expect(text).toContain(`[${number}]`)
    }
  })

  it('of the outgoing events are all used', () => {
    const text = JSON.stringify([symmetric, plain])
    expect(Object.keys(outgoing).filter((event) => !text.includes(`"${event}"`))).toEqual([])
  })
})

describe('the states', () => {
  it('are all reachable', () => {
    const reached = new Set<string>(['STA01'])
    for (let size = 0; size !== reached.size;) {
      size = reached.size
      for (const row of Object.values(symmetric)) {
        for (const [state, cell] of Object.entries(row)) {
          if (reached.has(state)) for (const arm of armsOf(cell)) reached.add(arm.next)
        }
      }
    }
    expect(states.filter((state) => !reached.has(state))).toEqual([])
  })
})

describe('compile', () => {
  it('keeps the order of alternatives, negates, and puts overlay cells in place of the others', () => {
    const yes = (): boolean => true
    const arm: Arm = { if: [not(yes)], to: 'STA713', else: true }
    const under: Table = { DT: { STA713: [{ to: 'STA03' }], STA03: 'impossible' } }
    const program = compile([under], [{ DT: { STA713: [arm, { to: 'STA16' }] } }])
    const at = (state: 'STA713' | 'STA03'): unknown =>
      program[events.indexOf('DT') * states.length + states.indexOf(state)]
    expect(at('STA03')).toEqual([])
    expect(at('STA713')).toMatchObject([
      { to: states.indexOf('STA713'), else: true },
      { to: states.indexOf('STA16'), else: false, conditions: [], steps: [] },
    ])
  })
})

function count(facts: Facts): number {
  return Object.values(facts).reduce((sum, row) => sum + Object.keys(row).length, 0)
}

function armsOf(cell: FactCell): readonly { readonly next: string }[] {
  return cell.flatMap((arm) => (arm === 'impossible' ? [] : [arm]))
}
