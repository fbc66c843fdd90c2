// T16: what was sent on an older session connection, or was left of it, never reaches the one after it: not
// on the transport connection that is used again, nor on another one of the same machine.

import { describe, expect, it } from 'vitest'

import { bitsOfUnits, type Unit } from '../../src/connection/glossary.ts'
import type { Request } from '../../src/machine/index.ts'
import { encodeTsdu, enclosure, type Spdu } from '../../src/spdu/index.ts'
import { joined, Pair } from './support/pair.ts'

const names: readonly Unit[] = ['duplex', 'typed-data', 'minor-sync', 'major-sync', 'resynchronize']
const units = bitsOfUnits(names)
const octet = Uint8Array.of(1)

/** What may come late. */
const late: readonly Spdu[] = [
  { type: 'DT', userInformation: octet },
  { type: 'TD', userInformation: octet },
  { type: 'MIP', serialNumber: 0 },
  { type: 'MIA', serialNumber: 0 },
  { type: 'MAP', syncTypeItem: 1, serialNumber: 0 },
  { type: 'MAA', serialNumber: 0 },
  { type: 'RS', resyncType: 2, serialNumber: 7, tokenSettingItem: 0 },
  { type: 'RA', serialNumber: 7, tokenSettingItem: 0 },
  { type: 'FN' },
  { type: 'DN' },
  { type: 'AC', sessionUserRequirements: units },
  { type: 'RF', reasonCode: 0 },
]

describe('T16: an SPDU of an older session connection', () => {
  it.each(late)('$type after the transport connection is lost is ignored', (spdu) => {
    const pair = opened()
    pair.lose('B')
    const told = pair.indications('B').length
    pair.inject('B', tsduOf(spdu))
    expect([pair.machines.B.state, pair.indications('B').length]).toEqual(['STA01', told])
  })

  it.each(late)('$type between two on one transport connection is never told of', (spdu) => {
    const pair = opened(true)
    pair.inject('B', tsduOf({ type: 'AB', transportDisconnect: 2 }))
    expect(pair.machines.B.state).toBe('STA01C')
    const told = pair.indications('B').length
    pair.inject('B', tsduOf(spdu))
    expect([pair.machines.B.state, pair.indications('B').length]).toEqual(['STA01', told])
  })

  it.each(late)('$type while the next one is being opened has no effect but its end', (spdu) => {
    const pair = opened(true)
    pair.inject('B', tsduOf({ type: 'AB', transportDisconnect: 2 }))
    pair.inject('B', connect())
    const told = pair.indications('B').length
    pair.inject('B', tsduOf(spdu))
    const news = pair.indications('B').slice(told)
    expect(news).toMatchObject([{ name: 'SPABind', reason: 'protocol' }])
  })
})

/** What an older session connection may leave in the machine, and how it gets there. */
const leftovers: readonly (readonly [string, (pair: Pair) => void])[] = [
  ['half of an SSDU', (pair) => pair.inject('B', segment(enclosure.first))],
  ['points', (pair) => pair.inject('B', tsduOf({ type: 'MIP', serialNumber: 0 }))],
  [
    'a resynchronization',
    (pair) => pair.inject('B', tsduOf({ type: 'RS', resyncType: 2, serialNumber: 7, tokenSettingItem: 0 })),
  ],
  [
    'a restart',
    (pair) => pair.inject('B', tsduOf({ type: 'RS', resyncType: 0, serialNumber: 3, tokenSettingItem: 0 })),
  ],
  ['a question', (pair) => pair.inject('B', tsduOf({ type: 'MAP', syncTypeItem: 1, serialNumber: 0 }))],
]

describe('T16: on the next session connection nothing is left of', () => {
  it.each(leftovers)('%s', (_name, leave) => {
    for (const reused of [true, false]) {
      const pair = opened(true)
      const fresh = opened(true)
      leave(pair)
      if (reused) pair.inject('B', tsduOf({ type: 'AB', transportDisconnect: 2 }))
      else {
        pair.lose('B')
        pair.machines.B.transport('accepted', pair.now)
      }
      pair.inject('B', connect())
      pair.request('B', accept)
      expect(memoryOf(pair)).toEqual(memoryOf(fresh))
      const told = pair.indications('B').length
      pair.inject('B', segment(enclosure.whole))
      expect(pair.indications('B').slice(told)).toEqual([{ name: 'SDTind', data: octet }])
    }
  })
})

const accept: Request = { name: 'SCONrsp+', units }
const sizes = { send: 100, receive: 100 }

/** B accepted A's session connection; SSDUs go in segments. */
function opened(reuseTransport = false): Pair {
  const pair = new Pair({ reuseTransport, maxTsdu: sizes }, { reuseTransport, maxTsdu: sizes })
  pair.request('A', { name: 'SCONreq', units })
  pair.deliverOne('B')
  pair.inject('B', connect())
  pair.request('B', accept)
  expect(pair.machines.B.state).toBe('STA713')
  return pair
}

/** All that B remembers but the buffers of its joiner, which holds nothing between SSDUs. */
function memoryOf(pair: Pair): unknown {
  return { ...pair.machines.B.variables, outputs: [], joiner: undefined, config: undefined, own: undefined }
}

function connect(): Uint8Array {
  return tsduOf({
    type: 'CN',
    connectAcceptItem: {
      protocolOptions: 0,
      versionNumber: 2,
      tsduMaximumSize: { fromInitiator: 100, fromResponder: 100 },
      initialSerialNumber: 0,
    },
    sessionUserRequirements: units,
  })
}

function segment(enclosureItem: number): Uint8Array {
  return tsduOf({ type: 'DT', enclosureItem, userInformation: octet })
}

function tsduOf(spdu: Spdu): Uint8Array {
  return joined(encodeTsdu([spdu]))
}
