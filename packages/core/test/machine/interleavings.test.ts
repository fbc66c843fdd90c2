// T13: resynchronizations, major points and activities that cross, and aborts among them. All orders of a few
// requests and of what they cause, to a depth of eight: both sides end with the same serial numbers and agree
// who has each token.

import { describe, expect, it } from 'vitest'

import { bitsOfTokens, bitsOfUnits, type Unit } from '../../src/connection/glossary.ts'
import type { Request } from '../../src/machine/index.ts'
import type { Spm } from '../../src/machine/spm.ts'
import { explore } from './support/interleavings.ts'
import { Pair } from './support/pair.ts'

const DEPTH = 8

const minor: Request = { name: 'SSYNmreq' }
const major: Request = { name: 'SSYNMreq' }
const abandon: Request = { name: 'SRSYNreq', flow: { type: 'abandon' } }
const set: Request = { name: 'SRSYNreq', flow: { type: 'set', serialNumber: 40 } }
const restart: Request = { name: 'SRSYNreq', flow: { type: 'restart', serialNumber: 1 } }
const give: Request = { name: 'SGTreq', tokens: bitsOfTokens(['data']) }
const interrupt: Request = { name: 'SACTIreq' }
const discard: Request = { name: 'SACTDreq' }
const end: Request = { name: 'SACTEreq' }
const abort: Request = { name: 'SUABreq' }
const bothSet: Request = {
  name: 'SRSYNreq',
  sending: { type: 'set', serialNumber: 40 },
  receiving: { type: 'set', serialNumber: 50 },
}
const sentSet: Request = { name: 'SRSYNreq', sending: { type: 'set', serialNumber: 40 } }
const sentRestarted: Request = { name: 'SRSYNreq', sending: { type: 'restart', serialNumber: 1 } }
const receivedRestarted: Request = { name: 'SRSYNreq', receiving: { type: 'restart', serialNumber: 0 } }
const bothAbandoned: Request = {
  name: 'SRSYNreq',
  sending: { type: 'abandon' },
  receiving: { type: 'abandon' },
}

const counted: readonly Unit[] = ['half-duplex', 'minor-sync', 'major-sync', 'resynchronize']
const active: readonly Unit[] = [...counted, 'activities']
const symmetric: readonly Unit[] = ['duplex', 'symmetric-sync', 'major-sync', 'resynchronize']

const cases: readonly (readonly [string, readonly Unit[], readonly Request[], readonly Request[]])[] = [
  ['resynchronizations of every type', counted, [abandon, restart, set], [abandon, restart, set]],
  ['points, turns and a resynchronization', counted, [minor, major, give], [restart, abandon]],
  ['a major point and resynchronizations', counted, [major, abandon], [set, restart]],
  [
    'activities that are stopped, and resynchronizations',
    active,
    [interrupt, discard, minor],
    [abandon, set],
  ],
  ['the end of an activity', active, [end, discard], [restart, abandon]],
  ['both flows resynchronized', symmetric, [bothSet, minor], [bothAbandoned, bothSet, minor]],
  [
    'one flow resynchronized by each',
    symmetric,
    [sentSet, sentRestarted],
    [sentSet, receivedRestarted, major],
  ],
  ['an abort among them', counted, [restart, abort], [abandon, abort]],
]

describe.each([false, true])('T13: in every order, with an expedited flow: %s', (expedited) => {
  it.each(cases)('%s', (_name, units, a, b) => {
    const from = opened(units, expedited)
    const { situations, ends } = explore({ from, requests: { A: a, B: b }, depth: DEPTH })
    expect(situations).toBeGreaterThan(100)
    const wanted = a.includes(abort) ? ['STA01 STA01', 'STA713 STA713'] : ['STA713 STA713']
    expect([...ends].toSorted()).toEqual(wanted)
  })
})

describe('the exploration', () => {
  it('says after which steps two sides do not agree', () => {
    const from = opened(counted, false)
    const memory = from.machines.B.variables as Spm
    memory.owned = 1
    const look = (): unknown => explore({ from, requests: { A: [abandon], B: [] }, depth: 1 })
    expect(look).toThrow('tokens: 20 and 21 after ')
    memory.owned = 0
    memory.VR = 1
    expect(look).toThrow('V(R): 0 and 1 after ')
    memory.VR = 0
    expect(look).not.toThrow()
  })
})

/** With two points set and, where there are activities, one in progress. */
function opened(names: readonly Unit[], expedited: boolean): Pair {
  const units = bitsOfUnits([...names, ...(expedited ? (['expedited-data'] as const) : [])])
  const pair = new Pair({}, {}, expedited)
  pair.request('A', { name: 'SCONreq', units })
  pair.deliver()
  pair.request('B', { name: 'SCONrsp+', units })
  pair.deliver()
  if (names.includes('activities')) pair.request('A', { name: 'SACTSreq', activity: Uint8Array.of(1) })
  for (let point = 0; point < 2; point++) pair.request('A', minor)
  pair.deliver()
  return pair
}
