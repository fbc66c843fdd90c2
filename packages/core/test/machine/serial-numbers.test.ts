// Serial numbers at their ends: the last one there is, and a peer that allows fewer digits than six.

import { describe, expect, it } from 'vitest'

import { functionalUnit as unit, SessionUsageError } from '../../src/machine/index.ts'
import { decodeTsdu, encodeTsdu, openingContext, type Spdu } from '../../src/spdu/index.ts'
import { joined, Pair } from './support/pair.ts'

const units = unit.duplex | unit.minorSynchronize | unit.resynchronize
const last = 999_999

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
