// Cutting SSDUs into segments that fit, and that the other side joins them to the same.
import { describe, expect, test } from 'vitest'
import {
  cutConnect,
  decodeTsdu,
  encodeTsdu,
  octets,
  openingContext,
  segmentSsdu,
  SegmentJoiner,
  type LaterSegment,
  type Payload,
  type ReceivedSpdu,
  type Spdu,
  type SpduType,
} from '../../src/spdu/index.ts'
import { ascii, encode, faultOf, join, parse } from './support.ts'

const limits = { ssduOctets: 1_000_000, ssduSegments: 1_000 }

const pattern = Uint8Array.from({ length: 200_000 }, (_, index) => index % 251)

function counting(length: number): Uint8Array {
  return pattern.subarray(0, length)
}

/** Sends an SSDU through octets and joins it at the other side. */
function transfer(
  spdu: Spdu,
  maxTsduOctets: number,
): { tsdus: Uint8Array[]; received: (ReceivedSpdu | undefined)[] } {
  const joiner = new SegmentJoiner(limits)
  const tsdus = segmentSsdu(spdu, { version: 2, maxTsduOctets }).map((segment) => encode([segment]))
  const received = tsdus.flatMap((tsdu) =>
    decodeTsdu(tsdu, { ...openingContext, outstanding: 'MAP', segmenting: joiner.segmenting }).map((one) =>
      joiner.accept(one),
    ),
  )
  expect(joiner.segmenting).toBeUndefined()
  return { tsdus, received }
}

describe('segmenting data', () => {
  test.each(['DT', 'TD'] as const)(
    '%s: without a TSDU size there is no enclosure item, with one there always is',
    (type) => {
      const data = counting(100)
      expect(segmentSsdu({ type, userInformation: data }, { version: 2, maxTsduOctets: 0 })).toEqual([
        { type, userInformation: data },
      ])
      expect(segmentSsdu({ type, userInformation: data }, { version: 1, maxTsduOctets: 200 })).toEqual([
        { type, enclosureItem: 3, userInformation: data },
      ])
    },
  )

  test.each(['DT', 'TD'] as const)('%s: every TSDU has exactly the size, but the last', (type) => {
    const header = type === 'DT' ? 7 : 5
    for (const size of [1, 2, 92, 93, 94, 95, 100, 186, 187, 1_000]) {
      const { tsdus, received } = transfer({ type, userInformation: counting(size) }, 100)
      expect(tsdus).toHaveLength(Math.ceil(size / (100 - header)))
      expect(tsdus.slice(0, -1).every((tsdu) => tsdu.length === 100)).toBe(true)
      expect(received.at(-1)).toMatchObject({ type, userInformation: counting(size) })
      expect(received.slice(0, -1).every((one) => one === undefined)).toBe(true)
    }
  })

  test('gather lists are cut without copying', () => {
    const parts = [ascii('abc'), new Uint8Array(0), ascii('defgh'), ascii('i')]
    const segments = segmentSsdu({ type: 'TD', userInformation: parts }, { version: 2, maxTsduOctets: 9 })
    const pieces = segments.map((segment) =>
      segment.type === 'TD' && segment.later !== true ? segment.userInformation : [],
    )
    expect(pieces.map((piece) => octets(piece))).toEqual([4, 4, 1])
    const views = pieces.flatMap((piece) => (piece instanceof Uint8Array ? [piece] : piece))
    expect(views.every((view) => parts.some((part) => part.buffer === view.buffer))).toBe(true)
    expect(join(views)).toEqual(ascii('abcdefghi'))
  })

  test('a TSDU size without room is refused', () => {
    expect(
      faultOf(() =>
        segmentSsdu({ type: 'DT', userInformation: ascii('a') }, { version: 2, maxTsduOctets: 7 }),
      ).reason,
    ).toBe('limit')
    expect(
      segmentSsdu({ type: 'DT', userInformation: ascii('ab') }, { version: 2, maxTsduOctets: 8 }),
    ).toHaveLength(2)
  })
})

describe('segmenting the others', () => {
  const spdus: readonly Spdu[] = [
    { type: 'AC', connectAcceptItem: { protocolOptions: 0, versionNumber: 2 }, sessionUserRequirements: 2 },
    { type: 'RF', reasonCode: 2 },
    { type: 'FN', transportDisconnect: 0 },
    { type: 'DN' },
    { type: 'NF' },
    { type: 'AB', transportDisconnect: 3 },
    { type: 'CD' },
    { type: 'CDA' },
    { type: 'GT', tokenItem: 1 },
    { type: 'PT', tokenItem: 1 },
    { type: 'GTC' },
    { type: 'MIP', serialNumber: 1, syncTypeItem: 2 },
    { type: 'MIA', serialNumber: 1 },
    { type: 'MAP', syncTypeItem: 1, serialNumber: 1 },
    { type: 'MAA', serialNumber: 1 },
    { type: 'RS', resyncType: 0, serialNumber: 1 },
    { type: 'RA', serialNumber: 1 },
    { type: 'ED', reasonCode: 5 },
    { type: 'AS', activityIdentifier: ascii('id') },
    {
      type: 'AR',
      linkingInformation: { oldActivityIdentifier: ascii('o'), serialNumber: 1 },
      newActivityIdentifier: ascii('n'),
    },
    { type: 'AI', reasonCode: 1 },
    { type: 'AIA' },
    { type: 'AD', reasonCode: 1 },
    { type: 'ADA' },
    { type: 'AE', serialNumber: 1 },
  ]

  test.each(spdus.map((spdu) => [spdu.type, spdu] as const))(
    '%s: cut to the TSDU size and joined again',
    (_, bare) => {
      for (const size of [0, 1, 50, 100, 1_000, 3_000]) {
        const spdu = { ...bare, userData: counting(size) } as Spdu
        const { tsdus, received } = transfer(spdu, 128)
        expect(tsdus.every((tsdu) => tsdu.length <= 128)).toBe(true)
        expect(received.at(-1)).toEqual(size === 0 ? bare : spdu)
        expect(received.filter((one) => one !== undefined)).toHaveLength(1)
      }
    },
  )

  test.each(spdus.map((spdu) => [spdu.type, spdu] as const))(
    '%s: cut only when one SPDU cannot hold it',
    (_, bare) => {
      const whole = (size: number): readonly (Spdu | LaterSegment)[] =>
        segmentSsdu({ ...bare, userData: counting(size) } as Spdu, { version: 2, maxTsduOctets: 0 })
      // The largest size that is not cut is the largest that encodes.
      let size = 65_531
      while (whole(size).length > 1) size -= 1
      expect(size).toBeGreaterThan(65_450)
      expect(encode(whole(size)).length).toBeGreaterThan(65_530)
      expect(faultOf(() => encodeTsdu([{ ...bare, userData: counting(size + 1) } as Spdu])).reason).toBe(
        'length',
      )
      expect(whole(size + 1)).toHaveLength(2)
      expect(whole(200_000).map((segment) => encode([segment]).length <= 65_541)).toEqual([
        true,
        true,
        true,
        true,
      ])
    },
  )

  test('version 1 does not cut them', () => {
    const fn: Spdu = { type: 'FN', userData: counting(300) }
    expect(segmentSsdu(fn, { version: 1, maxTsduOctets: 100 })).toEqual([fn])
  })

  test('what has no enclosure item stays as it is', () => {
    const ex: Spdu = { type: 'EX', userInformation: ascii('x') }
    const er: Spdu = { type: 'ER', reflectParameterValues: counting(300) }
    expect(segmentSsdu(ex, { version: 2, maxTsduOctets: 8 })).toEqual([ex])
    expect(segmentSsdu(er, { version: 2, maxTsduOctets: 100 })).toEqual([er])
  })

  test('a TSDU size that the parameters fill is refused', () => {
    const spdu: Spdu = { type: 'MIP', serialNumber: 1, userData: counting(100) }
    expect(faultOf(() => segmentSsdu(spdu, { version: 2, maxTsduOctets: 12 })).reason).toBe('limit')
  })
})

describe('connect user data', () => {
  const cn = (size: number, versionNumber = 2): Spdu<'CN'> => ({
    type: 'CN',
    connectAcceptItem: { protocolOptions: 0, versionNumber },
    userData: counting(size),
  })
  const size = (payload: Payload | undefined): number => (payload === undefined ? 0 : octets(payload))

  test.each([
    [0, 0, 0, 0],
    [512, 512, 0, 0],
    [513, 0, 513, 0],
    [10_240, 0, 10_240, 0],
    [10_241, 0, 10_240, 1],
    [200_000, 0, 10_240, 189_760],
  ])('%i octets: %i in user data, %i in extended user data, %i in overflow', (total, plain, long, over) => {
    const { connect, rest } = cutConnect(cn(total))
    expect([size(connect.userData), size(connect.extendedUserData), size(rest)]).toEqual([plain, long, over])
    expect(connect.dataOverflow).toBe(over > 0 ? 1 : undefined)
    expect(parse(encode([connect]))).toHaveLength(1)
    if (rest === undefined) return
    for (const maxTsduOctets of [0, 1_000]) {
      const overflow = segmentSsdu(
        { type: 'CDO', enclosureItem: 2, userData: rest },
        { version: 2, maxTsduOctets },
      )
      const items = overflow.map((segment) => (segment.type === 'CDO' ? segment.enclosureItem : undefined))
      expect(items).toEqual([...items.slice(1).map(() => 0), 2])
      const sent = overflow.map((segment) => encode([segment]))
      if (maxTsduOctets > 0) expect(sent.every((tsdu) => tsdu.length <= maxTsduOctets)).toBe(true)
      const received = sent
        .flatMap((tsdu) => parse(tsdu))
        .map((one) => (one.type === 'CDO' ? one.userData : undefined))
      const data = [connect.extendedUserData, ...received].flatMap((each) => each ?? []) as Uint8Array[]
      expect(Buffer.compare(join(data), counting(total))).toBe(0)
    }
  })

  test('more than 512 octets cannot be sent while version 1 is proposed', () => {
    expect(faultOf(() => cutConnect(cn(513, 3))).reason).toBe('value')
    expect(faultOf(() => cutConnect({ type: 'CN', userData: counting(513) })).reason).toBe('value')
    expect(cutConnect(cn(512, 1)).rest).toBeUndefined()
  })
})

test('every SPDU that can be segmented by the table is tried above', () => {
  const tried: readonly SpduType[] = [
    'AC',
    'RF',
    'FN',
    'DN',
    'NF',
    'AB',
    'CD',
    'CDA',
    'GT',
    'PT',
    'GTC',
    'MIP',
    'MIA',
  ]
  const all: LaterSegment['type'][] = [
    'MAP',
    'MAA',
    'RS',
    'RA',
    'ED',
    'AS',
    'AR',
    'AI',
    'AIA',
    'AD',
    'ADA',
    'AE',
    'AEA',
  ]
  for (const type of [...tried, ...all]) {
    const segment = { type, later: true, enclosureItem: 2, userData: ascii('x') } as LaterSegment
    const context = {
      ...openingContext,
      outstanding: type === 'AEA' ? ('AE' as const) : ('MAP' as const),
      segmenting: type,
    }
    expect(parse(encode([segment]), context).at(-1)).toEqual(segment)
  }
})
