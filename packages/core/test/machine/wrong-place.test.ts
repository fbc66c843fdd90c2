// T11: any SPDU, and any octets, in any state: what the tables have no cell for ends the session
// connection by an abort, changes nothing else, and throws nothing. Every state that can be reached is
// tried with every vector of the codec.

import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import type { Indication, Output, SessionMachine, StateName } from '../../src/machine/index.ts'
import {
  decodeExpedited,
  decodeTsdu,
  describe as inWords,
  openingContext,
  SpduError,
} from '../../src/spdu/index.ts'
import { bitsOfUnits } from '../../src/connection/glossary.ts'
import { expectedCells } from './support/facts.ts'
import { hex, joined, Pair } from './support/pair.ts'

const units = bitsOfUnits(['duplex', 'typed-data'])
const path = new URL('../fixtures/vectors.json', import.meta.url)
const vectors = new Map(
  Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>).map(([name, text]) => [
    name,
    hex(text),
  ]),
)

type Roads = Readonly<Partial<Record<StateName, () => Pair>>>

/** How to bring B into each state. */
const roads: Roads = {
  STA01: () => new Pair(),
  STA01A: () => {
    const pair = opened(true)
    pair.request('B', { name: 'SUABreq' })
    return pair
  },
  STA01C: () => {
    const pair = new Pair()
    pair.request('A', { name: 'SCONreq', units })
    pair.deliverOne('B')
    return pair
  },
  STA01D: () => {
    const pair = new Pair()
    pair.request('A', { name: 'SCONreq', units, userData: new Uint8Array(20_000) })
    pair.deliverOne('B')
    pair.deliverOne('B')
    return pair
  },
  STA08: () => {
    const pair = new Pair()
    pair.request('A', { name: 'SCONreq', units })
    pair.deliver()
    return pair
  },
  STA713: () => opened(),
  STA03: () => {
    const pair = opened()
    pair.request('B', { name: 'SRELreq' })
    return pair
  },
  STA09: () => {
    const pair = opened()
    pair.request('A', { name: 'SRELreq' })
    pair.deliver()
    return pair
  },
  STA15D: () => {
    const pair = opened(false, true)
    pair.inject('B', vector('PR-AB'), true)
    return pair
  },
  STA16: () => {
    const pair = opened()
    pair.request('B', { name: 'SUABreq' })
    return pair
  },
}

/** The same for A, the side that opens. */
const initiatorRoads: Roads = {
  STA01B: () => {
    const pair = new Pair()
    pair.request('A', { name: 'SCONreq', units })
    return pair
  },
  STA02A: () => {
    const pair = new Pair()
    pair.request('A', { name: 'SCONreq', units })
    pair.deliverOne('A')
    return pair
  },
  STA02B: () => {
    const pair = new Pair()
    pair.request('A', { name: 'SCONreq', units, userData: new Uint8Array(20_000) })
    pair.deliverOne('A')
    return pair
  },
}

/** States in which extended concatenation has not been negotiated. */
const beforeAccept = new Set<StateName>(['STA01C', 'STA01D', 'STA02A', 'STA02B', 'STA08'])

/** States in which nobody has been told of a session connection. */
const untold = new Set<StateName>(['STA01', 'STA01A', 'STA01B', 'STA01C', 'STA01D', 'STA16'])

describe.each([
  ...entries(roads).map(([state, road]) => ({ state, side: 'B' as const, road })),
  ...entries(initiatorRoads).map(([state, road]) => ({ state, side: 'A' as const, road })),
])('T11: in $state', ({ state, side, road }) => {
  it('the machine gets there', () => {
    expect(road().machines[side].state).toBe(state)
  })

  it('the loss of the transport connection ends it, and is told to a user who knows of it', () => {
    const pair = road()
    const machine = pair.machines[side]
    const outputs = machine.transport('lost', pair.now)
    const told = !untold.has(state) || state === 'STA01B'
    expect(outputs).toMatchObject(told ? [{ primitive: { name: 'SPABind', reason: 'transport' } }] : [])
    expect([machine.state, machine.deadline]).toEqual(['STA01', undefined])
  })

  it("an abort by our user is carried out, or is our user's mistake and changes nothing", () => {
    const pair = road()
    const machine = pair.machines[side]
    const before = [machine.state, machine.deadline]
    try {
      machine.request({ name: 'SUABreq' }, pair.now)
      expect(['STA16', 'STA01', 'STA01A']).toContain(machine.state)
    } catch (error) {
      expect(error).toMatchObject({
        name: 'SessionUsageError',
        code: 'WRONG_STATE',
        state,
        request: 'SUABreq',
      })
      expect([machine.state, machine.deadline]).toEqual(before)
    }
  })

  it('every vector is an event of the tables, ignored, or ends the session connection', () => {
    for (const [name, octets] of vectors) {
      const expedited = name === 'EX' || name.startsWith('PR-')
      const pair = road()
      const machine = pair.machines[side]
      const outputs = machine.receive(octets, pair.now, expedited)
      if (state === 'STA01' || state === 'STA01B') expect([outputs, machine.state], name).toEqual([[], state])
      else if (hasCell(octets, expedited, state)) expectNoEffect(outputs, name)
      else expectAborted(machine, outputs, state, name)
    }
  })
})

describe('T11: the other sessions', () => {
  it('go on when one is aborted', () => {
    const broken = opened()
    const other = opened()
    broken.inject('B', vector('MIP'))
    other.request('A', { name: 'SDTreq', data: [Uint8Array.of(1)] })
    other.deliver()
    expect(broken.machines.B.state).toBe('STA16')
    expect(other.indications('B').at(-1)).toEqual({ name: 'SDTind', data: Uint8Array.of(1) })
  })
})

describe('T11: short TSDUs', () => {
  it('of every SI, with every kind of length, are ignored, events or an abort', () => {
    for (let si = 0; si < 256; si++) {
      for (const octets of [[si], [si, 0], [si, 1, 0], [si, 255, 0], [1, 0, si, 0]]) {
        const tsdu = Uint8Array.from(octets)
        const pair = opened()
        const outputs = pair.machines.B.receive(tsdu, 0)
        const { state } = pair.machines.B
        if (state === 'STA16') expectAborted(pair.machines.B, outputs, 'STA713', octets.join(' '))
        else expect(['STA713', 'STA09', 'STA01'], inWords(tsdu)).toContain(state)
      }
    }
  })
})

function entries(of: Roads): [StateName, () => Pair][] {
  return Object.entries(of) as [StateName, () => Pair][]
}

function opened(reuseTransport = false, expedited = false): Pair {
  const pair = new Pair({ reuseTransport }, { reuseTransport }, expedited)
  pair.request('A', { name: 'SCONreq', units })
  pair.deliver()
  pair.request('B', { name: 'SCONrsp+', units })
  pair.deliver()
  return pair
}

function vector(name: string): Uint8Array {
  const octets = vectors.get(name)
  if (octets === undefined) throw new Error(`no vector ${name}`)
  return octets
}

/**
 * Whether Annex A has a cell for it: judged by the fixture, not by the machine. Malformed octets have none.
 */
function hasCell(octets: Uint8Array, expedited: boolean, state: StateName): boolean {
  try {
    const context = { ...openingContext, extended: !beforeAccept.has(state) }
    const spdus = expedited ? [decodeExpedited(octets, context)] : decodeTsdu(octets, context)
    return spdus.some(({ type }) =>
      Object.entries(expectedCells('plain')).some(
        ([event, row]) => namesOf(type).includes(event) && state in row,
      ),
    )
  } catch (error) {
    expect(error).toBeInstanceOf(SpduError)
    return false
  }
}

/** The events an SPDU may be. */
function namesOf(type: string): readonly string[] {
  const named: Readonly<Record<string, readonly string[]>> = {
    AB: ['AB-nr', 'AB-r'],
    FN: ['FN-nr', 'FN-r'],
    RF: ['RF-nr', 'RF-r'],
    MAA: ['MAA/AEA'],
    AEA: ['MAA/AEA'],
    MIP: ['MIP', 'MIP-d'],
    RS: ['RS-a', 'RS-r', 'RS-s'],
    PR: ['PR-MAA', 'PR-RS', 'PR-RA', 'PR-AB'],
  }
  return named[type] ?? [type]
}

/**
 * With a cell, the tables decide; but a predicate may be false, and what was not
 * selected gives no indication.
 */
function expectNoEffect(outputs: readonly Output[], name: string): void {
  const allowed = new Map<string, readonly Indication['name'][]>([
    ['DT', ['SDTind']],
    ['GT-with-token+DT', ['SDTind']],
    ['TD', ['STDind']],
    ['CN', ['SCONind']],
    ['CN-ext-overflow', []],
    ['CDO', ['SCONind']],
    ['AC', ['SCONcnf+', 'SPABind']],
    ['RF', ['SCONcnf-']],
    ['FN', ['SRELind', 'SPABind']],
    ['DN', ['SRELcnf+', 'SPABind']],
    ['AB-user', ['SUABind']],
    ['AB-prov', ['SPABind']],
  ])
  for (const output of outputs) {
    if (output.do !== 'indicate') continue
    expect([...(allowed.get(name) ?? []), 'SPABind'], name).toContain(output.primitive.name)
  }
}

/** S-P-ABORT if there is somebody to tell, ABORT with a protocol error, TIM, and nothing else. */
function expectAborted(
  machine: SessionMachine,
  outputs: readonly Output[],
  state: StateName,
  name: string,
): void {
  if (state === 'STA16' || state === 'STA01A') {
    expect(outputs, name).toEqual([{ do: 'disconnect' }])
    expect([machine.state, machine.deadline], name).toEqual(['STA01', undefined])
    return
  }
  const [first, second, ...rest] = untold.has(state) ? [undefined, ...outputs] : outputs
  const told = { do: 'indicate', primitive: { name: 'SPABind', reason: 'protocol' } }
  if (!untold.has(state)) expect(first, name).toMatchObject(told)
  const abort = second?.do === 'send' ? inWords(joined(second.tsdu)) : second
  expect(abort, name).toMatch(/^AB release,protocol-error/)
  expect(rest, name).toEqual([])
  expect([machine.state, machine.deadline], name).toEqual(['STA16', 5_000])
}
