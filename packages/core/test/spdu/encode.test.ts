// Strict sending: increasing order, the shortest lengths, nothing that conveys nothing, and a SpduError for
// whatever the standard forbids, before a single octet is handed out.
import { describe, expect, test } from 'vitest'
import {
  encodeSpdu,
  encodeTsdu,
  octets,
  type LaterSegment,
  type Spdu,
  type SpduReason,
} from '../../src/spdu/index.ts'
import { ascii, encode, faultOf, hexOf, join, parse } from './support.ts'

describe('sent octets', () => {
  test('parameters in increasing order whatever the order of the object', () => {
    const cn: Spdu<'CN'> = {
      userData: ascii('x'),
      calledSessionSelector: ascii('b'),
      callingSessionSelector: ascii('a'),
      sessionUserRequirements: 2,
      connectAcceptItem: { versionNumber: 2, protocolOptions: 0 },
      connectionIdentifier: { commonReference: ascii('c') },
      type: 'CN',
    }
    expect(hexOf(encode([cn]))).toBe(
      '0d1a01030b0163' + '0506130100160102' + '14020002' + '330161' + '340162' + 'c10178',
    )
  })

  test.each([
    [254, 'c1fe', '09ff0100'],
    [255, 'c1ff00ff', '09ff0103'],
    [250, 'c1fa', '09fc'],
    [253, 'c1fd', '09ff00ff'],
  ])('%i octets of user data have the shortest lengths', (size, unit, head) => {
    const [header = new Uint8Array(0), payload] = encodeTsdu([{ type: 'FN', userData: new Uint8Array(size) }])
    expect(hexOf(header)).toBe(head + unit)
    expect(payload).toHaveLength(size)
  })

  test('what conveys nothing is left out', () => {
    expect(hexOf(encode([{ type: 'FN', userData: [] }]))).toBe('0900')
    expect(hexOf(encode([{ type: 'FN', userData: new Uint8Array(0), enclosureItem: 3 }]))).toBe('0900')
    expect(hexOf(encode([{ type: 'MIP', serialNumber: 7, syncTypeItem: 0 }]))).toBe('010031032a0137')
    expect(
      hexOf(encode([{ type: 'CN', connectionIdentifier: {}, callingSessionSelector: new Uint8Array(0) }])),
    ).toBe('0d00')
    expect(
      hexOf(
        encode([{ type: 'OA', versionNumber: 2, tsduMaximumSize: { fromInitiator: 0, fromResponder: 0 } }]),
      ),
    ).toBe('1003160102')
    expect(
      hexOf(
        encode([
          {
            type: 'CN',
            connectAcceptItem: { protocolOptions: 0, versionNumber: 2, initialSerialNumber: undefined },
          },
        ]),
      ),
    ).toBe('0d080506130100160102')
  })

  test('a group that conveys nothing leaves what follows alone', () => {
    const connectionIdentifier = { callingSsUserReference: new Uint8Array(0), commonReference: undefined }
    const cn: Spdu = { type: 'CN', connectionIdentifier, sessionUserRequirements: 2, userData: ascii('x') }
    expect(hexOf(encode([cn]))).toBe('0d0714020002c10178')
  })

  test('serial numbers have no leading zeros', () => {
    expect(hexOf(encode([{ type: 'MIP', serialNumber: 0 }]))).toBe('010031032a0130')
    expect(hexOf(encode([{ type: 'MIP', serialNumber: 999_999 }]))).toBe('010031082a06393939393939')
    expect(hexOf(encode([{ type: 'MIP', serialNumber: 10 }]))).toBe('010031042a023130')
  })

  test('large serial numbers and their limit', () => {
    const cn: Spdu = {
      type: 'CN',
      connectAcceptItem: {
        protocolOptions: 0,
        versionNumber: 2,
        upperLimitSerialNumber: 300,
        largeInitialSerialNumber: 123_456_789_012_345,
      },
    }
    expect(parse(encode([cn]))).toEqual([cn])
  })

  test('the reason and the user data of RF share one parameter', () => {
    expect(hexOf(encode([{ type: 'RF', reasonCode: 2, userData: ascii('why') }]))).toBe('0c06320402776879')
    expect(hexOf(encode([{ type: 'RF', reasonCode: 1 }]))).toBe('0c03320101')
    const later: LaterSegment = { type: 'RF', later: true, enclosureItem: 2, userData: ascii('why') }
    expect(hexOf(encode([later]))).toBe('0c083203776879'.replace('0c08', '0c08190102'))
  })

  test('one buffer for the headers of a group, the payloads between them', () => {
    const data = ascii('data')
    const point = ascii('point')
    const parts = encodeTsdu(
      [
        { type: 'MIP', serialNumber: 1, userData: point },
        { type: 'DT', userInformation: data },
      ],
      { extended: true },
    )
    expect(parts.map(hexOf)).toEqual(['0100310a2a0131c105', hexOf(point), '0100', hexOf(data)])
    expect(parts[1]).toBe(point)
    expect(parts[3]).toBe(data)
  })

  test('encodeSpdu leaves the prefix to the caller', () => {
    expect(hexOf(join(encodeSpdu({ type: 'MIP', serialNumber: 1 })))).toBe('31032a0131')
  })

  test('octets counts every part', () => {
    expect([octets(ascii('abc')), octets([ascii('ab'), ascii('c'), new Uint8Array(0)]), octets([])]).toEqual([
      3, 3, 0,
    ])
  })
})

type Refusal = readonly [string, Spdu | LaterSegment, SpduReason]

const big = new Uint8Array(65_536)

const refused: readonly Refusal[] = [
  ['a selector of 17 octets', { type: 'CN', calledSessionSelector: new Uint8Array(17) }, 'length'],
  ['a serial number of seven digits', { type: 'MIP', serialNumber: 1_000_000 }, 'length'],
  ['a negative serial number', { type: 'MIP', serialNumber: -1 }, 'value'],
  ['half a serial number', { type: 'MIP', serialNumber: 0.5 }, 'value'],
  ['no number at all', { type: 'MIP', serialNumber: Number.NaN }, 'value'],
  ['reserved bits of a token item', { type: 'GT', tokenItem: 0x02 }, 'value'],
  ['reserved bits of Transport Disconnect', { type: 'AB', transportDisconnect: 0x20 }, 'value'],
  ['resync type 3', { type: 'RS', resyncType: 3, serialNumber: 1 }, 'value'],
  ['prepare type 0', { type: 'PR', prepareType: 0 }, 'value'],
  [
    'a TSDU size of 65,536',
    { type: 'OA', versionNumber: 2, tsduMaximumSize: { fromInitiator: 65_536, fromResponder: 0 } },
    'value',
  ],
  ['requirements of 17 bits', { type: 'CN', sessionUserRequirements: 0x1_0000 }, 'value'],
  ['an empty mandatory identifier', { type: 'AS', activityIdentifier: new Uint8Array(0) }, 'missing'],
  ['an ER that reflects nothing', { type: 'ER', reflectParameterValues: new Uint8Array(0) }, 'missing'],
  ['a MAP with sync type 0', { type: 'MAP', syncTypeItem: 0, serialNumber: 1 }, 'missing'],
  ['a MAP with data separation only', { type: 'MAP', syncTypeItem: 2, serialNumber: 1 }, 'value'],
  ['more than an SPDU holds', { type: 'FN', userData: big }, 'length'],
  [
    'more than an SPDU holds with the rest',
    { type: 'FN', transportDisconnect: 1, userData: big.subarray(0, 65_530) },
    'length',
  ],
  ['513 octets of connect user data', { type: 'CN', userData: new Uint8Array(513) }, 'length'],
  ['15 octets of expedited data', { type: 'EX', userInformation: new Uint8Array(15) }, 'length'],
  ['empty expedited data', { type: 'EX', userInformation: [] }, 'missing'],
  ['an empty first segment of data', { type: 'DT', enclosureItem: 1, userInformation: [] }, 'missing'],
  ['an empty first segment', { type: 'FN', enclosureItem: 1, userData: [] }, 'missing'],
  ['an empty middle segment', { type: 'FN', later: true, enclosureItem: 0, userData: [] }, 'missing'],
  ['a later segment that does not say so', { type: 'FN', enclosureItem: 2, userData: ascii('x') }, 'segment'],
  ['user data and reason 1 in RF', { type: 'RF', reasonCode: 1, userData: ascii('x') }, 'value'],
  ['user data and no reason in RF', { type: 'RF', userData: ascii('x') }, 'value'],
  ['user data in a provider abort', { type: 'AB', transportDisconnect: 5, userData: ascii('x') }, 'value'],
  ['user data and no token in GT', { type: 'GT', userData: ascii('x') }, 'missing'],
]

describe('refused to send', () => {
  test.each(refused)('%s', (_, spdu, reason) => {
    expect(faultOf(() => encodeTsdu([spdu])).reason).toBe(reason)
  })

  test('a missing mandatory parameter', () => {
    const wrong = { type: 'MIP' } as unknown as Spdu
    expect(faultOf(() => encodeTsdu([wrong])).message).toBe('MIP to send: serialNumber is mandatory')
    const group = { type: 'CN', connectAcceptItem: { versionNumber: 2 } } as unknown as Spdu
    expect(faultOf(() => encodeTsdu([group])).reason).toBe('missing')
    const ar = { type: 'AR', linkingInformation: {}, newActivityIdentifier: ascii('n') } as unknown as Spdu
    expect(faultOf(() => encodeTsdu([ar])).reason).toBe('missing')
  })

  test('a type that is none', () => {
    for (const type of ['XX', '__proto__', 'constructor', 'toString']) {
      expect(faultOf(() => encodeSpdu({ type } as unknown as Spdu)).reason).toBe('unknown-si')
    }
  })

  test('later segments of an SPDU that has none', () => {
    const wrong = { type: 'AA', later: true, enclosureItem: 2 } as unknown as LaterSegment
    expect(faultOf(() => encodeSpdu(wrong)).reason).toBe('segment')
  })

  test('what version 1 does not have', () => {
    const one = (spdu: Spdu): SpduReason => faultOf(() => encodeTsdu([spdu], { version: 1 })).reason
    expect(one({ type: 'FN', userData: new Uint8Array(513) })).toBe('length')
    expect(one({ type: 'AB', transportDisconnect: 3, userData: new Uint8Array(10) })).toBe('length')
    expect(one({ type: 'GT', tokenItem: 1, userData: ascii('x') })).toBe('misplaced')
    expect(one({ type: 'FN', enclosureItem: 1, userData: ascii('x') })).toBe('misplaced')
    expect(hexOf(join(encodeTsdu([{ type: 'FN', userData: ascii('x') }], { version: 1 })))).toBe('0903c10178')
  })
})
