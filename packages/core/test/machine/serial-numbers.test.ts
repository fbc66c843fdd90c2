// T14: serial numbers that are exact, at their ends too: the last one there is, and a peer that allows fewer
// digits than six. One that is not the right one, or no number, ends the session connection.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { functionalUnit as unit, SessionUsageError } from '../../src/machine/index.ts'
import { decodeTsdu, encodeTsdu, openingContext, type Spdu } from '../../src/spdu/index.ts'
import { joined, Pair } from './support/pair.ts'

const units = unit.duplex | unit.minorSynchronize | unit.majorSynchronize | unit.resynchronize
const last = 999_999
const runs = { seed: 14, numRuns: 200 }

describe('T14: of the numbers near those that count', () => {
  /** Any beginning, but more often one near an end, and how far from there a number is. */
  const beginning = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: last - 8 }))
  const distance = fc.integer({ min: -4, max: 4 })

  /** B with three points of A's, of which `confirmed` are confirmed, and what becomes of an SPDU then. */
  const becomes = (first: number, confirmed: number, spdu: (next: number) => Spdu): string => {
    const pair = opened(first)
    for (let point = 0; point < 3; point++) pair.inject('B', minor(first + point))
    if (confirmed > 0) pair.request('B', { name: 'SSYNmrsp', serialNumber: first + confirmed - 1 })
    pair.inject('B', octets(spdu(first + 3)))
    return pair.machines.B.state
  }
  const within = (number: number): boolean => number >= 0 && number <= last

  it('only the next one is that of a point', () => {
    fc.assert(
      fc.property(beginning, distance, (first, off) => {
        fc.pre(within(first + 3 + off))
        const state = becomes(first, 0, (next) => ({ type: 'MIP', serialNumber: next + off }))
        expect(state).toBe(off === 0 ? 'STA713' : 'STA16')
      }),
      runs,
    )
  })

  it('only the next one is that of a major point', () => {
    fc.assert(
      fc.property(beginning, distance, (first, off) => {
        fc.pre(within(first + 3 + off))
        const state = becomes(first, 0, (next) => ({
          type: 'MAP',
          syncTypeItem: 1,
          serialNumber: next + off,
        }))
        expect(state).toBe(off === 0 ? 'STA10A' : 'STA16')
      }),
      runs,
    )
  })

  it('only what waits for a confirmation can be confirmed', () => {
    fc.assert(
      fc.property(beginning, distance, fc.integer({ min: 0, max: 3 }), (first, off, confirmed) => {
        fc.pre(within(first + off))
        const pair = opened(first)
        for (let point = 0; point < 3; point++) pair.request('A', { name: 'SSYNmreq' })
        if (confirmed > 0) pair.inject('A', octets({ type: 'MIA', serialNumber: first + confirmed - 1 }))
        pair.inject('A', octets({ type: 'MIA', serialNumber: first + off }))
        const waits = off >= confirmed && off < 3
        expect(pair.machines.A.state).toBe(waits ? 'STA713' : 'STA16')
        if (waits) expect(pair.machines.A.variables.VA).toBe(first + off + 1)
      }),
      runs,
    )
  })

  it('only those behind the last major point cannot be gone back to', () => {
    fc.assert(
      fc.property(beginning, distance, (first, off) => {
        const pair = opened(first)
        pair.inject('B', octets({ type: 'MAP', syncTypeItem: 1, serialNumber: first }))
        pair.request('B', { name: 'SSYNMrsp' })
        pair.inject('B', minor(first + 1))
        fc.pre(within(first + 1 + off))
        const restart = { type: 'RS', resyncType: 0, serialNumber: first + 1 + off } as const
        pair.inject('B', octets({ ...restart, tokenSettingItem: 0 }))
        expect(pair.machines.B.state).toBe(off >= 0 ? 'STA11A' : 'STA16')
      }),
      runs,
    )
  })

  it.each(['', '12a', ' 1', '-1', '+1', '1.0', '1e3', '\u0000', '1000000', '0000001'])(
    'what is none ends the session connection: %j',
    (text) => {
      const value = new TextEncoder().encode(text)
      const pair = opened(0)
      pair.inject('B', Uint8Array.of(1, 0, 0x31, 2 + value.length, 42, value.length, ...value))
      expect(pair.indications('B').at(-1)).toMatchObject({ name: 'SPABind', reason: 'protocol' })
      expect(pair.machines.B.state).toBe('STA16')
    },
  )

  it('leading zeros do not count', () => {
    const pair = opened(0)
    pair.inject('B', Uint8Array.of(1, 0, 0x31, 8, 42, 6, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30))
    expect(pair.indications('B').at(-1)).toMatchObject({ name: 'SSYNmind', serialNumber: 0 })
  })
})

describe('the last serial number', () => {
  it('is used, and none after it', () => {
    const pair = opened(last)
    pair.request('A', { name: 'SSYNmreq' })
    pair.deliver()
    expect(pair.indications('B').at(-1)).toMatchObject({ name: 'SSYNmind', serialNumber: last })
    expect(() => pair.request('A', { name: 'SSYNmreq' })).toThrow(SessionUsageError)
  })

  it.each(['A', 'B'] as const)('does not keep %s from abandoning', (side) => {
    const pair = opened(last)
    pair.request('A', { name: 'SSYNmreq' })
    pair.deliver()
    pair.request(side, { name: 'SRSYNreq', flow: { type: 'abandon' } })
    pair.deliver()
    pair.request(side === 'A' ? 'B' : 'A', { name: 'SRSYNrsp' })
    pair.deliver()
    expect([pair.machines.A.state, pair.machines.B.state]).toEqual(['STA713', 'STA713'])
    expect([pair.machines.A.variables.VM, pair.machines.B.variables.VM]).toEqual([last, last])
  })
})

describe('a connect request', () => {
  it.each([
    ['a serial number that is none', { serialNumber: 1_000_000 }],
    ['a negative serial number', { secondSerialNumber: -1 }],
    ['a token setting that is none', { tokens: 0x0c }],
    ['more than a token setting', { tokens: 0x100 }],
  ])('with %s is refused', (_name, more) => {
    const pair = new Pair()
    expect(() => pair.request('A', { name: 'SCONreq', units, ...more })).toThrow(SessionUsageError)
    expect(pair.machines.A.state).toBe('STA01')
  })
})

describe('an Upper Limit Serial Number', () => {
  it('of fewer digits than six is followed', () => {
    const pair = asked(2, 98)
    pair.request('B', { name: 'SCONrsp+', units })
    expect(answer(pair).connectAcceptItem).toMatchObject({
      upperLimitSerialNumber: 2,
      largeInitialSerialNumber: 98,
    })
    expect(pair.machines.B.state).toBe('STA713')
    pair.inject('B', minor(98))
    pair.inject('B', minor(99))
    expect(pair.indications('B').at(-1)).toMatchObject({ name: 'SSYNmind', serialNumber: 99 })
    expect(pair.machines.B.state).toBe('STA713')
    pair.inject('B', minor(100))
    expect(pair.machines.B.state).toBe('STA16')
  })

  it('of more digits is answered with the default', () => {
    const pair = asked(9, 1_234)
    pair.request('B', { name: 'SCONrsp+', units })
    expect(answer(pair).connectAcceptItem).toMatchObject({ initialSerialNumber: 1_234 })
    expect(answer(pair).connectAcceptItem?.upperLimitSerialNumber).toBeUndefined()
  })

  it('is not gone beyond by the initial serial number of the answer', () => {
    const pair = asked(2, 98)
    expect(() => pair.request('B', { name: 'SCONrsp+', units, serialNumber: 100 })).toThrow(SessionUsageError)
  })
})

function opened(serialNumber: number): Pair {
  const pair = new Pair()
  pair.request('A', { name: 'SCONreq', units, serialNumber })
  pair.deliver()
  pair.request('B', { name: 'SCONrsp+', units })
  pair.deliver()
  return pair
}

/** B with a CONNECT that has an Upper Limit Serial Number. */
function asked(upperLimitSerialNumber: number, largeInitialSerialNumber: number): Pair {
  const pair = new Pair()
  pair.machines.B.transport('accepted', 0)
  const connectAcceptItem = {
    protocolOptions: 0,
    versionNumber: 2,
    upperLimitSerialNumber,
    largeInitialSerialNumber,
  }
  pair.inject('B', octets({ type: 'CN', connectAcceptItem, sessionUserRequirements: units }))
  return pair
}

function answer(pair: Pair): Spdu<'AC'> {
  const output = pair.log.flatMap((entry) => entry.outputs).find((each) => each.do === 'send')
  const [spdu] = output?.do === 'send' ? decodeTsdu(joined(output.tsdu), openingContext) : []
  if (spdu?.type !== 'AC' || spdu.later === true) throw new Error('no ACCEPT')
  return spdu
}

function minor(serialNumber: number): Uint8Array {
  return octets({ type: 'MIP', serialNumber })
}

function octets(spdu: Spdu): Uint8Array {
  return joined(encodeTsdu([spdu]))
}
