// What CONNECT and ACCEPT may say, from peers that say it oddly or wrongly: each is refused, aborted or read
// as the standard reads it (T15). What well-behaved machines agree on is in the transcripts.

import { describe, expect, it } from 'vitest'

import { coreLimits } from '../../src/limits.ts'
import type { ConnectRequest, MachineOptions } from '../../src/machine/index.ts'
import { functionalUnit as unit } from '../../src/machine/index.ts'
import type { Spm } from '../../src/machine/spm.ts'
import {
  decodeTsdu,
  defaultRequirements,
  describe as inWords,
  encodeTsdu,
  openingContext,
  type ReceivedSpdu,
  type Spdu,
} from '../../src/spdu/index.ts'
import { joined, Pair } from './support/pair.ts'

const duplex = unit.duplex

describe('a CONNECT', () => {
  it.each<[string, Omit<Spdu<'CN'>, 'type'>, number]>([
    ['without a version this side has', { connectAcceptItem: { protocolOptions: 0, versionNumber: 4 } }, 132],
    [
      'with capability data but no activities',
      { sessionUserRequirements: duplex | unit.capabilityData },
      134,
    ],
    ['with exceptions but no half-duplex', { sessionUserRequirements: duplex | unit.exceptions }, 134],
    [
      'with data separation but no sync points',
      { sessionUserRequirements: duplex | unit.dataSeparation },
      134,
    ],
    ['with neither half-duplex nor duplex', { sessionUserRequirements: unit.typedData }, 134],
    [
      'with a reserved token setting',
      {
        connectAcceptItem: { protocolOptions: 0, versionNumber: 2, tokenSettingItem: 3 },
        sessionUserRequirements: unit.halfDuplex,
      },
      133,
    ],
  ])('%s is refused', (_name, connect, reason) => {
    const pair = arriving({ type: 'CN', ...connect })
    expect(answer(pair)).toMatchObject({ type: 'RF', reasonCode: reason })
    expect([pair.indications('B'), pair.machines.B.state]).toEqual([[], 'STA16'])
  })

  it('with a TSDU maximum size below minTsduOctets is refused, unless this side sets no size', () => {
    const small = { fromInitiator: coreLimits.minTsduOctets - 1, fromResponder: 0 }
    const connect: Spdu<'CN'> = {
      type: 'CN',
      connectAcceptItem: { protocolOptions: 0, versionNumber: 2, tsduMaximumSize: small },
      sessionUserRequirements: duplex,
    }
    const wanted = arriving(connect, { maxTsdu: { send: 1_000, receive: 1_000 } })
    expect(answer(wanted)).toMatchObject({ type: 'RF', reasonCode: 134 })
    const ignored = arriving(connect)
    ignored.request('B', { name: 'SCONrsp+', units: duplex })
    expect(answer(ignored)).toMatchObject({ type: 'AC', connectAcceptItem: { versionNumber: 2 } })
  })

  it('without any parameter proposes version 1 and the default units', () => {
    const pair = arriving({ type: 'CN' })
    expect(pair.indications('B')).toMatchObject([
      { name: 'SCONind', version: 1, units: defaultRequirements, tokens: 0 },
    ])
    pair.request('B', { name: 'SCONrsp+', units: unit.halfDuplex })
    expect(answer(pair)).toMatchObject({
      type: 'AC',
      connectAcceptItem: { versionNumber: 1, tokenSettingItem: 0 },
      sessionUserRequirements: unit.halfDuplex,
    })
  })

  it('with reserved bits is read without them', () => {
    const pair = arriving({
      type: 'CN',
      connectAcceptItem: { protocolOptions: 0xff, versionNumber: 0xfe, tokenSettingItem: 0xfc },
      sessionUserRequirements: duplex | 0xe000,
    })
    expect(pair.indications('B')).toMatchObject([{ name: 'SCONind', version: 2, units: duplex }])
  })

  it('at the side that opened the transport connection ends it', () => {
    const pair = calling()
    pair.inject('A', octetsOf({ type: 'CN', sessionUserRequirements: duplex }))
    expect(pair.machines.A.state).toBe('STA16')
  })
})

describe('an ACCEPT', () => {
  it.each<[string, Omit<Spdu<'AC'>, 'type'>]>([
    ['without requirements, which means half-duplex', {}],
    ['of both half-duplex and duplex', { sessionUserRequirements: unit.halfDuplex | duplex }],
    ['of a version that was not proposed', { ...accepting(1), sessionUserRequirements: duplex }],
    ['with a TSDU maximum size that is too small', { ...accepting(2, 10), sessionUserRequirements: duplex }],
  ])('%s ends the session', (_name, accept) => {
    const pair = calling({ versions: 2, maxTsdu: { send: 1_000, receive: 1_000 } })
    pair.inject('A', octetsOf({ type: 'AC', ...accept }))
    expect(pair.indications('A')).toMatchObject([{ name: 'SPABind', reason: 'protocol' }])
    expect([answer(pair, 'A'), pair.machines.A.state]).toMatchObject([
      { type: 'AB', transportDisconnect: 5 },
      'STA16',
    ])
  })

  it('may list units that were not proposed: they are not selected', () => {
    const pair = calling()
    pair.inject(
      'A',
      octetsOf({ type: 'AC', ...accepting(2), sessionUserRequirements: duplex | unit.typedData }),
    )
    expect(pair.indications('A')).toMatchObject([{ name: 'SCONcnf+', units: duplex }])
  })

  it('that repeats token settings otherwise than the CONNECT settled them does not change them', () => {
    const pair = calling({}, { units: unit.halfDuplex, tokens: 0 })
    pair.inject(
      'A',
      octetsOf({
        type: 'AC',
        connectAcceptItem: { protocolOptions: 0, versionNumber: 2, tokenSettingItem: 1 },
        sessionUserRequirements: unit.halfDuplex,
      }),
    )
    expect(pair.machines.A.tokens).toBe(1)
  })

  it('after an OVERFLOW ACCEPT must repeat what that settled', () => {
    const overflow = { userData: new Uint8Array(20_000), units: duplex, name: 'SCONreq' } as const
    const sizes = { maxTsdu: { send: 5_000, receive: 5_000 } }
    const settled: Spdu<'OA'> = {
      type: 'OA',
      tsduMaximumSize: { fromInitiator: 4_000, fromResponder: 5_000 },
      versionNumber: 2,
    }
    const same = calling(sizes, overflow)
    same.inject('A', octetsOf(settled))
    same.inject('A', octetsOf({ type: 'AC', ...accepting(2, 4_000, 5_000), sessionUserRequirements: duplex }))
    expect(same.machines.A.state).toBe('STA713')
    const other = calling(sizes, overflow)
    other.inject('A', octetsOf(settled))
    other.inject(
      'A',
      octetsOf({ type: 'AC', ...accepting(2, 4_001, 5_000), sessionUserRequirements: duplex }),
    )
    expect(other.indications('A')).toMatchObject([{ message: expect.stringContaining('settled') as string }])
  })

  it('comes after an OVERFLOW ACCEPT of version 2 only', () => {
    const pair = calling({}, { userData: new Uint8Array(20_000), units: duplex })
    pair.inject('A', Uint8Array.of(0x10, 0x03, 0x16, 0x01, 0x01))
    expect([pair.machines.A.state, pair.indications('A')]).toMatchObject(['STA16', [{ reason: 'protocol' }]])
  })
})

describe('a REFUSE', () => {
  it('without a reason is one by the user', () => {
    const pair = calling()
    pair.inject('A', Uint8Array.of(0x0c, 0x00))
    expect(pair.indications('A')).toMatchObject([{ name: 'SCONcnf-', reason: 0 }])
  })
})

describe('expedited data before the ACCEPT', () => {
  it('waits, but only so much of it', () => {
    const pair = calling({}, { units: duplex | unit.expedited }, true)
    const expedited = Uint8Array.of(0x05, 0x00, 0x61)
    for (let i = 0; i < coreLimits.queuedEvents; i++) pair.inject('A', expedited, true)
    expect(pair.machines.A.state).toBe('STA02A')
    pair.inject('A', expedited, true)
    expect(pair.indications('A')).toMatchObject([{ name: 'SPABind', reason: 'restriction' }])
    expect(pair.machines.A.state).toBe('STA16')
  })
})

describe('T10: connect user data in many small pieces', () => {
  it('costs no more memory than its octets', () => {
    const pieces = 50_000
    const pair = arriving({
      type: 'CN',
      connectAcceptItem: { protocolOptions: 0, versionNumber: 2 },
      sessionUserRequirements: duplex,
      dataOverflow: 1,
      extendedUserData: new Uint8Array(10_240),
    })
    const piece = octetsOf({ type: 'CDO', enclosureItem: 0, userData: Uint8Array.of(1) })
    const { machines } = pair
    for (let sent = 0; sent < pieces; sent++) machines.B.receive(piece, 0)
    const { opening } = machines.B.variables as Spm
    expect(opening?.received?.buffer.byteLength).toBeLessThanOrEqual(coreLimits.connectOctets)
    pair.inject('B', octetsOf({ type: 'CDO', enclosureItem: 2, userData: Uint8Array.of(2) }))
    const [told] = pair.indications('B')
    const userData = told?.name === 'SCONind' ? told.userData : undefined
    expect(userData?.length).toBe(10_240 + pieces + 1)
    expect(userData?.subarray(10_239, 10_241)).toEqual(Uint8Array.of(0, 1))
    expect(userData?.at(-1)).toBe(2)
  })
})

describe('T15: what is unknown or contradicts itself', () => {
  const legal = (units: number): boolean => {
    const has = (some: number): boolean => (units & some) !== 0
    if (!has(unit.halfDuplex | duplex)) return false
    if (has(unit.capabilityData) && !has(unit.activityManagement)) return false
    if (has(unit.exceptions) && !has(unit.halfDuplex)) return false
    return !has(unit.dataSeparation) || has(unit.minorSynchronize | unit.symmetricSynchronize)
  }

  it('every set of functional units is indicated, without unknown ones, or refused with 134', () => {
    const connectAcceptItem = { protocolOptions: 0, versionNumber: 2, initialSerialNumber: 0 }
    for (let units = 0; units < 0x2000; units++) {
      const counts = (units & 0x0838) !== 0
      const secondInitialSerialNumber = (units & unit.symmetricSynchronize) === 0 ? undefined : 0
      const item = { ...connectAcceptItem, secondInitialSerialNumber }
      const pair = arriving({
        type: 'CN',
        connectAcceptItem: counts ? item : { protocolOptions: 0, versionNumber: 2 },
        sessionUserRequirements: units | 0xe000,
      })
      const told = pair.indications('B')
      const selectable = units & ~unit.expedited
      if (legal(units)) expect(told, `0x${units.toString(16)}`).toMatchObject([{ units: selectable }])
      else expect([told, answer(pair)], `0x${units.toString(16)}`).toMatchObject([[], { reasonCode: 134 }])
    }
  })

  it('every version number leads to the highest that both have, or is refused with 132', () => {
    for (let versionNumber = 0; versionNumber < 256; versionNumber++) {
      const pair = arriving({
        type: 'CN',
        connectAcceptItem: { protocolOptions: 0, versionNumber },
        sessionUserRequirements: duplex,
      })
      const version = (versionNumber & 2) !== 0 ? 2 : 1
      if ((versionNumber & 3) !== 0) expect(pair.indications('B')).toMatchObject([{ version }])
      else expect(answer(pair)).toMatchObject({ type: 'RF', reasonCode: 132 })
    }
  })

  it('every reason of a REFUSE is told as it is', () => {
    for (let reasonCode = 0; reasonCode < 256; reasonCode++) {
      const pair = calling()
      pair.inject('A', Uint8Array.of(0x0c, 0x03, 50, 1, reasonCode))
      expect(pair.indications('A')).toEqual([{ name: 'SCONcnf-', reason: reasonCode }])
      expect(pair.machines.A.state).toBe('STA01')
    }
  })
})

/** B with this CONNECT. */
function arriving(connect: Spdu<'CN'>, options: MachineOptions = {}): Pair {
  const pair = new Pair({}, options)
  pair.request('A', { name: 'SCONreq', units: duplex })
  pair.deliverOne('B')
  pair.inject('B', octetsOf(connect))
  return pair
}

/** A with its CONNECT sent. */
function calling(
  options: MachineOptions = {},
  request: Partial<ConnectRequest> = {},
  expedited = false,
): Pair {
  const pair = new Pair(options, {}, expedited)
  pair.request('A', { units: duplex, ...request, name: 'SCONreq' })
  pair.deliverOne('A')
  return pair
}

function accepting(
  versionNumber: number,
  fromInitiator = 0,
  fromResponder = fromInitiator,
): Omit<Spdu<'AC'>, 'type'> {
  const tsduMaximumSize = fromInitiator === 0 ? undefined : { fromInitiator, fromResponder }
  return { connectAcceptItem: { protocolOptions: 0, versionNumber, tsduMaximumSize } }
}

function octetsOf(spdu: Spdu): Uint8Array {
  return joined(encodeTsdu([spdu]))
}

/** The last SPDU that `side` sent. */
function answer(pair: Pair, side: 'A' | 'B' = 'B'): unknown {
  const sent = pair.log
    .filter((entry) => entry.side === side)
    .flatMap((entry) => entry.outputs)
    .flatMap((output) => (output.do === 'send' ? [joined(output.tsdu)] : []))
  const last = sent.at(-1)
  if (last === undefined) throw new Error('nothing was sent')
  const [spdu] = decodeTsdu(last, openingContext) as readonly ReceivedSpdu[]
  expect(inWords(last)).not.toContain('malformed')
  return spdu
}
