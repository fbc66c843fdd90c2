// T12: acting without the token, and tokens that cross. What a peer does with a token that it has not ends
// the session connection and has no effect; our own user's mistake throws and changes nothing.

import { describe, expect, it } from 'vitest'

import { bitsOfTokens, bitsOfUnits, type Token, type Unit } from '../../src/connection/glossary.ts'
import { SessionUsageError, type Request } from '../../src/machine/index.ts'
import { describe as inWords, encodeTsdu, type Spdu } from '../../src/spdu/index.ts'
import { joined, Pair, type Side } from './support/pair.ts'

const octet = Uint8Array.of(1)
const counted: readonly Unit[] = ['half-duplex', 'minor-sync', 'major-sync', 'negotiated-release']
const active: readonly Unit[] = ['half-duplex', 'minor-sync', 'activities', 'capability-data']
const exceptional: readonly Unit[] = [...counted, 'exceptions']

/** What needs a token, by the tokens that must be the sender's (or, for the last two, must not be). */
const cases: readonly (readonly [
  what: string,
  units: readonly Unit[],
  tokens: readonly Token[],
  spdu: Spdu,
  request: Request,
])[] = [
  ['data', counted, ['data'], { type: 'DT', userInformation: octet }, { name: 'SDTreq', data: [octet] }],
  ['a minor point', counted, ['data', 'minor-sync'], { type: 'MIP', serialNumber: 0 }, { name: 'SSYNmreq' }],
  [
    'a major point',
    counted,
    ['data', 'minor-sync', 'major-activity'],
    { type: 'MAP', syncTypeItem: 1, serialNumber: 0 },
    { name: 'SSYNMreq' },
  ],
  [
    'a release',
    counted,
    ['data', 'minor-sync', 'major-activity', 'release'],
    { type: 'FN' },
    { name: 'SRELreq' },
  ],
  [
    'the start of an activity',
    active,
    ['data', 'minor-sync', 'major-activity'],
    { type: 'AS', activityIdentifier: octet },
    { name: 'SACTSreq', activity: octet },
  ],
  [
    'capability data',
    active,
    ['data', 'minor-sync', 'major-activity'],
    { type: 'CD', userData: octet },
    { name: 'SCDreq', userData: octet },
  ],
  ['control', active, ['data', 'minor-sync', 'major-activity'], { type: 'GTC' }, { name: 'SCGreq' }],
]

describe('T12: without one of its tokens', () => {
  const each = cases.flatMap(([what, units, tokens, spdu, request]) =>
    tokens.map((token) => ({ what, units, token, spdu, request })),
  )

  it.each(each)('$what of the peer ends the session: $token', ({ units, token, spdu }) => {
    const pair = opened(units)
    give(pair, 'A', token)
    const before = pair.indications('B').length
    pair.inject('B', tsduOf(spdu))
    expectAborted(pair, before)
  })

  it.each(each)('$what of our user is a mistake: $token', ({ units, token, request }) => {
    const pair = opened(units)
    pair.request('A', request)
    const without = opened(units)
    give(without, 'A', token)
    const before = { ...without.machines.A.variables, outputs: [] }
    expect(() => without.request('A', request)).toThrow(SessionUsageError)
    expect({ ...without.machines.A.variables, outputs: [] }).toEqual(before)
  })

  it('a report of a problem is possible, and with it is not', () => {
    const pair = opened(exceptional)
    expect(() => pair.request('A', { name: 'SUERreq', reason: 1 })).toThrow(SessionUsageError)
    const report = tsduOf({ type: 'ED', reasonCode: 1 })
    // A has the data token, so it is for B to report, and for A to be told.
    pair.inject('A', report)
    expect(pair.indications('A').at(-1)).toMatchObject({ name: 'SUERind' })
    pair.request('A', { name: 'SGTreq', tokens: bitsOfTokens(['data']) })
    pair.deliver()
    expect(() => pair.request('B', { name: 'SUERreq', reason: 1 })).toThrow(SessionUsageError)
    expect(pair.machines.B.state).toBe('STA713')
  })
})

describe('T12: tokens that are given', () => {
  it('in both directions at once, each by its owner, change places', () => {
    const pair = opened(counted)
    give(pair, 'A', 'minor-sync')
    pair.request('A', { name: 'SGTreq', tokens: bitsOfTokens(['data']) })
    pair.request('B', { name: 'SGTreq', tokens: bitsOfTokens(['minor-sync']) })
    pair.deliver()
    expect(pair.machines.A.tokens).toBe(bitsOfTokens(['minor-sync', 'major-activity', 'release']))
    expect(pair.machines.B.tokens).toBe(bitsOfTokens(['data']))
  })

  it('by a peer that has given them already end the session, and the token stays where it is', () => {
    const pair = opened(counted)
    const gift = tsduOf({ type: 'GT', tokenItem: 1 })
    pair.inject('B', gift)
    const before = pair.indications('B').length
    pair.inject('B', gift)
    expectAborted(pair, before)
  })

  it('by both sides as their own end the session, whoever is right', () => {
    const pair = opened(counted)
    pair.request('A', { name: 'SGTreq', tokens: bitsOfTokens(['data']) })
    const before = pair.indications('B').length + 1
    pair.deliver()
    pair.inject('B', tsduOf({ type: 'GT', tokenItem: 1 }))
    expectAborted(pair, before)
  })

  it('though they do not exist end the session', () => {
    const pair = opened(['duplex', 'minor-sync'])
    const before = pair.indications('B').length
    pair.inject('B', tsduOf({ type: 'GT', tokenItem: 1 }))
    expectAborted(pair, before)
  })
})

/** A has every token. */
function opened(names: readonly Unit[]): Pair {
  const units = bitsOfUnits(names)
  const pair = new Pair()
  pair.request('A', { name: 'SCONreq', units })
  pair.deliver()
  pair.request('B', { name: 'SCONrsp+', units })
  pair.deliver()
  return pair
}

function give(pair: Pair, side: Side, token: Token): void {
  pair.request(side, { name: 'SGTreq', tokens: bitsOfTokens([token]) })
  pair.deliver()
}

/** S-P-ABORT and nothing else is told, and the ABORT says protocol error. */
function expectAborted(pair: Pair, before: number): void {
  const told = pair.indications('B').slice(before)
  expect(told).toMatchObject([{ name: 'SPABind', reason: 'protocol' }])
  const [, abort] = pair.log.at(-1)?.outputs ?? []
  expect(abort?.do === 'send' && inWords(joined(abort.tsdu))).toMatch(/^AB release,protocol-error/)
  expect(pair.machines.B.state).toBe('STA16')
}

function tsduOf(spdu: Spdu): Uint8Array {
  return joined(encodeTsdu([spdu]))
}
