// The tables against the facts of Annex A, and against themselves: nothing missing,
// nothing more, nothing unused.

import { describe, expect, it } from 'vitest'

import * as actions from '../../src/machine/actions.ts'
import { compile } from '../../src/machine/compile.ts'
import { events, incomingEvents } from '../../src/machine/events.ts'
import { outgoing } from '../../src/machine/outgoing.ts'
import * as predicates from '../../src/machine/predicates.ts'
import { stateSentences, states } from '../../src/machine/state.ts'
import { symmetricTables, tables } from '../../src/machine/tables/index.ts'
import { not, type Arm, type Table } from '../../src/machine/tables/table.ts'
import { asFacts, fixture, readings, withoutNotes, type FactCell, type Facts } from './support/facts.ts'

/** States that only the tables of later functional units lead to. */
const unreachable = [
  ...['STA04A', 'STA04B', 'STA05A', 'STA05B', 'STA05C', 'STA06', 'STA10A', 'STA10B', 'STA11A', 'STA11B'],
  ...['STA11C', 'STA15A', 'STA15B', 'STA15C', 'STA18', 'STA19', 'STA20', 'STA21', 'STA22'],
]

const plain = asFacts(...tables)
const symmetric = asFacts(...tables, ...symmetricTables)

describe('the cells', () => {
  for (const event of Object.keys(plain)) {
    it(`of ${event} are the printed ones`, () => {
      expect(plain[event]).toEqual(expected(fixture.nonSS, event))
    })
    it(`of ${event} are the printed ones with symmetric synchronize`, () => {
      expect(symmetric[event]).toEqual(expected(fixture.SS, event))
    })
  }

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

  it('include the readings of ours that are listed, in print blank', () => {
    for (const [event, row] of Object.entries(readings)) {
      for (const state of Object.keys(row)) expect(fixture.nonSS[event]).not.toHaveProperty(state)
    }
  })
})

describe('the names', () => {
  it('of the states are those of the standard', () => {
    expect(stateSentences).toEqual(fixture.states)
  })

  it('of the incoming events are those of the standard, all SPDUs included', () => {
    const printed = new Set([...Object.keys(fixture.nonSS), ...Object.keys(fixture.SS)])
    expect(events.filter((event) => !printed.has(event))).toEqual([])
    const missing = [...printed].filter((event) => !(event in incomingEvents))
    expect(missing).toEqual([])
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
    const text = JSON.stringify(symmetric)
    expect(Object.keys(outgoing).filter((event) => !text.includes(`"${event}"`))).toEqual([])
  })
})

describe('the states', () => {
  it('are all reachable but those of later tables', () => {
    const reached = new Set<string>(['STA01'])
    for (let size = 0; size !== reached.size;) {
      size = reached.size
      for (const row of Object.values(symmetric)) {
        for (const [state, cell] of Object.entries(row)) {
          if (reached.has(state)) for (const arm of armsOf(cell)) reached.add(arm.next)
        }
      }
    }
    expect(states.filter((state) => !reached.has(state))).toEqual(unreachable)
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

function expected(facts: Facts, event: string): Readonly<Record<string, FactCell>> {
  return withoutNotes({ ...readings[event], ...facts[event] })
}

function armsOf(cell: FactCell): readonly { readonly next: string }[] {
  return cell.flatMap((arm) => (arm === 'impossible' ? [] : [arm]))
}
