// Peers of the old school take a length of three octets for a fault where one octet would do: nothing that
// this side encodes has one, whatever the SPDU, at whatever place in it.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { encodeTsdu, segmentSsdu, type LaterSegment, type Spdu } from '../../src/spdu/index.ts'
import { plans, spduOf } from '../spdu/arbitrary.ts'
import { join } from '../spdu/support.ts'
import { expectShortLengths } from './strict-lengths.ts'

describe('the strict reader', () => {
  it('refuses what it is for, outside and inside', () => {
    expect(() => expectShortLengths(Uint8Array.of(0x09, 0xff, 0, 0))).toThrow('3-octet length of 0')
    expect(() => expectShortLengths(Uint8Array.of(0x09, 5, 193, 0xff, 0, 1, 7))).toThrow('length of 1')
    expect(() => expectShortLengths(Uint8Array.of(0x0d, 6, 5, 4, 19, 0xff, 0, 0))).toThrow('length of 0')
    expectShortLengths(join(encodeTsdu([{ type: 'FN', userData: new Uint8Array(255) }])))
  })
})

describe('a length below 255 has one octet', () => {
  it.each(plans.map((plan) => [plan.type, plan] as const))('in %s', (_type, plan) => {
    const runs = { seed: 8_327, numRuns: 100 }
    fc.assert(
      fc.property(spduOf(plan), (spdu) => expectShortLengths(octetsOf(spdu))),
      runs,
    )
  })

  const carrying = plans.filter(({ later, type }) => later !== undefined && type !== 'AC')

  it.each(carrying.map(({ type }) => type))('in %s of every length, and in its segments', (type) => {
    for (let length = 1; length < 600; length++) {
      const whole = { ...bare(type), userData: new Uint8Array(length) } as Spdu
      expectShortLengths(octetsOf(whole))
      if (length % 7 !== 0) continue
      for (const maxTsduOctets of [64, 255, 256, 259, 260, 261, 262, 263, 300]) {
        for (const segment of segmentSsdu(whole, { version: 2, maxTsduOctets }))
          expectShortLengths(octetsOf(segment))
      }
    }
  })
})

/** An SPDU of this type with no more than it must have. */
function bare(type: string): object {
  switch (type) {
    case 'AB':
      return { type, transportDisconnect: 3 }
    case 'RF':
      return { type, reasonCode: 2 }
    case 'GT':
    case 'PT':
      return { type, tokenItem: 1 }
    case 'MIP':
    case 'MIA':
    case 'RA':
    case 'AE':
      return { type, serialNumber: 1 }
    case 'RS':
      return { type, resyncType: 1, serialNumber: 1 }
    case 'MAP':
      return { type, syncTypeItem: 1, serialNumber: 1 }
    case 'ED':
      return { type, reasonCode: 1 }
    case 'AS':
      return { type, activityIdentifier: Uint8Array.of(1) }
    case 'AR': {
      const linkingInformation = { oldActivityIdentifier: Uint8Array.of(1), serialNumber: 1 }
      return { type, linkingInformation, newActivityIdentifier: Uint8Array.of(2) }
    }
    default:
      return { type }
  }
}

function octetsOf(spdu: Spdu | LaterSegment): Uint8Array {
  return join(encodeTsdu([spdu]))
}
