// Which SPDUs may share a TSDU, what an SI means at its place, and in which order things are processed.
import { describe, expect, test } from 'vitest'
import { coreLimits } from '../../src/limits.ts'
import {
  decodeExpedited,
  decodeTsdu,
  encodeTsdu,
  openingContext,
  spduTable,
  type DecodeContext,
  type Spdu,
  type SpduType,
} from '../../src/spdu/index.ts'
import { ascii, encode, faultOf, hex, hexOf, join, lenient, parse, withoutStacks } from './support.ts'

/** The least SPDU of each type that is valid. */
const least: { readonly [T in SpduType]: Spdu<T> } = {
  CN: { type: 'CN' },
  OA: { type: 'OA', versionNumber: 2 },
  CDO: { type: 'CDO', enclosureItem: 2 },
  AC: { type: 'AC' },
  RF: { type: 'RF' },
  FN: { type: 'FN' },
  DN: { type: 'DN' },
  NF: { type: 'NF' },
  AB: { type: 'AB', transportDisconnect: 3 },
  AA: { type: 'AA' },
  DT: { type: 'DT', userInformation: ascii('d') },
  EX: { type: 'EX', userInformation: ascii('e') },
  TD: { type: 'TD', userInformation: ascii('t') },
  CD: { type: 'CD' },
  CDA: { type: 'CDA' },
  GT: { type: 'GT', tokenItem: 1 },
  PT: { type: 'PT', tokenItem: 1 },
  GTC: { type: 'GTC' },
  GTA: { type: 'GTA' },
  MIP: { type: 'MIP', serialNumber: 1 },
  MIA: { type: 'MIA', serialNumber: 1 },
  MAP: { type: 'MAP', syncTypeItem: 1, serialNumber: 1 },
  MAA: { type: 'MAA', serialNumber: 1 },
  RS: { type: 'RS', resyncType: 0, serialNumber: 1 },
  RA: { type: 'RA', serialNumber: 1 },
  PR: { type: 'PR', prepareType: 2 },
  ER: { type: 'ER', reflectParameterValues: ascii('r') },
  ED: { type: 'ED', reasonCode: 0 },
  AS: { type: 'AS', activityIdentifier: ascii('a') },
  AR: {
    type: 'AR',
    linkingInformation: { oldActivityIdentifier: ascii('o'), serialNumber: 1 },
    newActivityIdentifier: ascii('n'),
  },
  AI: { type: 'AI' },
  AIA: { type: 'AIA' },
  AD: { type: 'AD' },
  ADA: { type: 'ADA' },
  AE: { type: 'AE', serialNumber: 1 },
  AEA: { type: 'AEA', serialNumber: 1 },
}

const types = Object.keys(spduTable) as SpduType[]
const categoryTwo = types.filter((type) => spduTable[type].category === 2)
const categoryOne = types.filter((type) => spduTable[type].category === 1)
const basic: DecodeContext = { ...openingContext, version: 2 }
const extended: DecodeContext = { ...basic, extended: true }

function contextFor(type: SpduType, context: DecodeContext = basic): DecodeContext {
  return { ...context, outstanding: type === 'AEA' ? 'AE' : 'MAP' }
}

const withToken = (type: 'GT' | 'PT'): Spdu => ({ type, tokenItem: 1 })
const withoutToken = (type: 'GT' | 'PT'): Spdu => ({ type })

/** The octets of SPDUs in a row, allowed or not. */
function row(...spdus: readonly Spdu[]): Uint8Array {
  return join(
    spdus.map((spdu) => {
      if (spdu.type === 'GT' || spdu.type === 'PT') {
        return Uint8Array.of(
          spduTable[spdu.type].si,
          ...(spdu.tokenItem === undefined ? [0] : [3, 16, 1, spdu.tokenItem]),
        )
      }
      const tsdu = encode([spdu])
      return spduTable[spdu.type].category === 2 ? tsdu.subarray(2) : tsdu
    }),
  )
}

describe('basic concatenation', () => {
  test.each(categoryOne)('%s stands alone', (type) => {
    const tsdu = encode([least[type]])
    expect(parse(tsdu)).toEqual([least[type]])
    // Behind a prefix SI 25 is AI, which has no Transport Disconnect.
    const reason = type === 'AB' ? 'misplaced' : 'category'
    if (type === 'AA')
      expect(faultOf(() => parse(join([Uint8Array.of(1, 0), tsdu]))).message).toContain('GT, AIA')
    expect(faultOf(() => parse(join([Uint8Array.of(1, 0), tsdu]))).reason).toBe(reason)
    if ('information' in spduTable[type]) return
    expect(faultOf(() => parse(join([tsdu, tsdu]))).reason).toBe('category')
    expect(faultOf(() => parse(join([tsdu, row(least.MIP)]))).reason).toBe('category')
  })

  test.each(categoryTwo)('%s comes behind the prefix of Table 7 and no other', (type) => {
    const { prefix } = spduTable[type] as { readonly prefix: 'GT' | 'GT*' | 'PT' }
    const spdu = least[type]
    const context = contextFor(type)
    for (const wanted of ['GT', 'PT'] as const) {
      const fits = prefix.startsWith(wanted) || type === 'AR'
      const marker = row(withoutToken(wanted), spdu)
      const tokens = row(withToken(wanted), spdu)
      if (!fits) expect(faultOf(() => decodeTsdu(marker, context)).reason).toBe('category')
      else expect(decodeTsdu(marker, context)).toEqual([spdu])
      if (!fits || prefix === 'GT*')
        expect(faultOf(() => decodeTsdu(tokens, context)).reason).toBe('category')
      else expect(decodeTsdu(tokens, context)).toEqual([spdu, withToken(wanted)])
    }
  })

  test.each(categoryTwo)(
    '%s alone in a TSDU is refused, unless its SI means something else there',
    (type) => {
      const bare = row(least[type])
      if (type === 'AIA') expect(parse(bare)).toEqual([{ type: 'AA' }])
      else expect(['category', 'missing', 'unknown-si']).toContain(faultOf(() => parse(bare)).reason)
    },
  )

  test('the encoder puts the prefix of Table 7 before an SPDU that has none, GT before AR', () => {
    for (const type of categoryTwo) {
      const { prefix } = spduTable[type] as { readonly prefix: string }
      expect([...encode([least[type]]).subarray(0, 2)]).toEqual([prefix === 'PT' ? 2 : 1, 0])
    }
  })

  test('a prefix has no user data and is no segment', () => {
    expect(faultOf(() => parse(hex('0106 100101 c10161 0100 61'))).reason).toBe('category')
    expect(faultOf(() => parse(hex('0103 190102 0100 61'))).reason).toBe('category')
    expect(faultOf(() => parse(hex('0106 100101 190101 0100 61'))).reason).toBe('missing')
    expect(
      faultOf(() => encodeTsdu([{ type: 'GT', tokenItem: 1, userData: ascii('x') }, least.MIP])).reason,
    ).toBe('category')
  })

  test('tokens move only with the last or only segment', () => {
    for (const item of [0, 1]) {
      const tsdu = Uint8Array.of(1, 3, 16, 1, 1, 1, 3, 25, 1, item, 0x61)
      expect(faultOf(() => decodeTsdu(tsdu, basic)).reason).toBe('category')
    }
    const last = hex('0103100101 0103190102')
    expect(decodeTsdu(last, basic)).toEqual([
      { type: 'DT', enclosureItem: 2, userInformation: new Uint8Array(0) },
      withToken('GT'),
    ])
    expect(faultOf(() => decodeTsdu(hex('0103100101 31093101'), basic)).reason).toBe('truncated')
    expect(faultOf(() => decodeTsdu(hex('0103100101 3109 190101 2a0131 c10161'), basic)).reason).toBe(
      'category',
    )
  })

  test('the encoder refuses what no TSDU may hold', () => {
    expect(faultOf(() => encodeTsdu([])).reason).toBe('missing')
    expect(faultOf(() => encodeTsdu([least.FN, least.DN])).reason).toBe('category')
    expect(faultOf(() => encodeTsdu([least.MIP, least.FN])).reason).toBe('category')
    expect(faultOf(() => encodeTsdu([withToken('PT'), least.MIP])).reason).toBe('category')
    expect(faultOf(() => encodeTsdu([withToken('GT'), least.RS])).reason).toBe('category')
    expect(faultOf(() => encodeTsdu([withoutToken('GT')])).reason).toBe('missing')
    expect(faultOf(() => encodeTsdu([{ type: 'PT', tokenItem: 0 }])).reason).toBe('value')
  })
})

describe('shared SIs', () => {
  test('1, 25 and 26 by their place', () => {
    expect(parse(hex('0103100101'))[0]?.type).toBe('GT')
    expect(parse(hex('0100 0100 61'))[1]?.type).toBe('DT')
    expect(parse(hex('1903110103'))[0]?.type).toBe('AB')
    expect(parse(hex('0100 1900'))[1]?.type).toBe('AI')
    expect(parse(hex('1a00'))[0]?.type).toBe('AA')
    expect(parse(hex('0200 1a00'))[1]?.type).toBe('AIA')
  })

  test('41 by the sync type item, wherever unknown parameters stand', () => {
    expect(parse(hex('0100 2906 0f0101 2a0131'))[1]?.type).toBe('MAP')
    expect(parse(hex('0100 2903 2a0131'))[1]?.type).toBe('AE')
    expect(parse(hex('0100 2909 030101 0f0101 2a0131'))[1]?.type).toBe('MAP')
    // Without a value it makes no MAP, and an AE has no place for it.
    expect(faultOf(() => parse(hex('0100 2905 0f00 2a0131'))).reason).toBe('misplaced')
  })

  test('42 by what is outstanding', () => {
    const answer = hex('0200 2a03 2a0131')
    expect(parse(answer, { ...lenient, outstanding: 'MAP' })[1]?.type).toBe('MAA')
    expect(parse(answer, { ...lenient, outstanding: 'AE' })[1]?.type).toBe('AEA')
    expect(parse(answer, lenient)[1]?.type).toBe('MAA')
  })

  test('later segments of 41 by the series, of the others by themselves', () => {
    const later = hex('0100 2906 190102 c10161')
    expect(parse(later, { ...lenient, segmenting: 'MAP' })[1]).toEqual({
      type: 'MAP',
      later: true,
      enclosureItem: 2,
      userData: ascii('a'),
    })
    expect(parse(later, { ...lenient, segmenting: 'AE' })[1]).toMatchObject({ type: 'AE', later: true })
    expect(parse(hex('0100 2909 190101 2a0131 c10161'), { ...lenient, segmenting: 'MAP' })[1]).toMatchObject({
      type: 'AE',
      enclosureItem: 1,
    })
    // A whole AE is one even while a MAP is being received; what to make of it is the joiner's to say.
    expect(parse(hex('0100 2903 2a0131'), { ...lenient, segmenting: 'MAP' })[1]).toEqual({
      type: 'AE',
      serialNumber: 1,
    })
    expect(parse(hex('1906 190100 c10161'))[0]).toMatchObject({ type: 'AB', later: true, enclosureItem: 0 })
    expect(parse(hex('0106 190102 c10161'))[0]).toMatchObject({ type: 'GT', later: true, enclosureItem: 2 })
    expect(parse(hex('0c06 190102 32016100'.slice(0, -2)))[0]).toMatchObject({
      type: 'RF',
      later: true,
      userData: ascii('a'),
    })
    expect(parse(hex('0200 3206 190102 2e0161'))[1]).toMatchObject({
      type: 'MIA',
      later: true,
      userData: ascii('a'),
    })
  })
})

describe('extended concatenation', () => {
  const whole = least.DT
  const first: Spdu = { type: 'DT', enclosureItem: 1, userInformation: ascii('f') }
  const middle: Spdu = { type: 'DT', enclosureItem: 0, userInformation: ascii('m') }
  const last: Spdu = { type: 'DT', enclosureItem: 2, userInformation: ascii('l') }
  const { AS, AR, MIP, MIA, MAP, MAA, AE, AEA } = least

  /** [SPDUs behind GT, with a token item too]; the groups of Table 8. */
  const groups: readonly (readonly [readonly Spdu[], boolean])[] = [
    ...[MIA, MAA, AEA].map((ack) => [[ack], true] as const),
    ...[AS, AR].flatMap((start) => [
      [[start, MIP], true] as const,
      [[start, AE], false] as const,
      [[start, MAP], false] as const,
      [[start, whole], true] as const,
      [[start, first], false] as const,
      [[start, MIP, whole], true] as const,
      [[start, AE, whole], false] as const,
      [[start, MAP, whole], false] as const,
    ]),
    ...[MIP, MIA, MAP, MAA, AE, AEA].flatMap((point) => [
      [[point, whole], true] as const,
      [[point, last], true] as const,
    ]),
  ]

  const name = (spdus: readonly Spdu[]): string =>
    spdus.map((spdu) => `${spdu.type}${'enclosureItem' in spdu ? (spdu.enclosureItem ?? '') : ''}`).join(' ')

  test.each(groups.map(([spdus, token]) => [name(spdus), spdus, token] as const))(
    'GT %s',
    (_, spdus, token) => {
      const context = contextFor(spdus.some(({ type }) => type === 'AEA') ? 'AEA' : 'MAA', extended)
      const tsdu = row(withoutToken('GT'), ...spdus)
      expect(parse(tsdu, context).slice(1)).toEqual(spdus)
      expect(hexOf(join(encodeTsdu([withoutToken('GT'), ...spdus], { extended: true })))).toBe(hexOf(tsdu))
      const tokens = row(withToken('GT'), ...spdus)
      if (token) expect(decodeTsdu(tokens, context).at(-1)).toEqual(withToken('GT'))
      else expect(faultOf(() => decodeTsdu(tokens, context)).reason).toBe('category')
      // To those who did not announce it, it is invalid, and it is not sent to them.
      expect(faultOf(() => decodeTsdu(tsdu, { ...context, extended: false })).reason).toBe('category')
      expect(faultOf(() => encodeTsdu([withoutToken('GT'), ...spdus])).reason).toBe('category')
    },
  )

  test('every other group of two or three behind GT or PT is refused', () => {
    const allowed = new Set(groups.map(([spdus]) => name(spdus)))
    const others = categoryTwo.filter((type) => type !== 'DT').map((type) => least[type])
    const members = [...others, whole, first, middle, last]
    const pairs = others.flatMap((one) => members.map((two) => [one, two]))
    const triples = others.flatMap((one) =>
      others.flatMap((two) => members.map((three) => [one, two, three])),
    )
    const wrong = withoutStacks(() =>
      [...pairs, ...triples].filter((spdus) => {
        const context = contextFor(spdus.some(({ type }) => type === 'AEA') ? 'AEA' : 'MAA', extended)
        const fault = (prefix: 'GT' | 'PT'): string =>
          faultOf(() => parse(row(withoutToken(prefix), ...spdus), context)).reason
        return fault('PT') !== 'category' || (!allowed.has(name(spdus)) && fault('GT') !== 'category')
      }),
    )
    expect(wrong.map(name)).toEqual([])
    expect(triples.length).toBeGreaterThan(5_000)
  })

  test('a fifth SPDU is not even read', () => {
    expect(coreLimits.spdusPerTsdu).toBe(4)
    const fault = faultOf(() => parse(row(withoutToken('GT'), AS, MIP, MIP, MIP), extended))
    expect(fault.reason).toBe('limit')
  })

  test('segments of anything but data have a TSDU of their own', () => {
    expect(faultOf(() => parse(hex('0100 3109 190101 2a0131 c10161 0100 61'), extended)).reason).toBe(
      'category',
    )
  })

  test('processing order: AS or AR, DT, the sync point, then GT', () => {
    const order = (tsdu: Uint8Array): string[] => decodeTsdu(tsdu, extended).map(({ type }) => type)
    expect(order(row(withToken('GT'), AS, MIP, whole))).toEqual(['AS', 'DT', 'MIP', 'GT'])
    expect(order(row(withoutToken('GT'), AR, MAP, whole))).toEqual(['AR', 'DT', 'MAP'])
    expect(order(row(withToken('GT'), MIP, last))).toEqual(['DT', 'MIP', 'GT'])
    expect(order(row(withToken('GT'), AS, MIP))).toEqual(['AS', 'MIP', 'GT'])
    expect(order(row(withToken('GT'), whole))).toEqual(['DT', 'GT'])
    expect(order(row(withToken('PT'), least.RA))).toEqual(['RA', 'PT'])
    expect(order(row(withoutToken('GT'), whole))).toEqual(['DT'])
    expect(order(row(withToken('GT')))).toEqual(['GT'])
  })
})

describe('flows', () => {
  test('EX and PR come on the expedited flow only, AB on both, nothing else there', () => {
    for (const type of categoryOne) {
      const tsdu = encode([least[type]])
      const { flow } = spduTable[type]
      if (flow === 'expedited') expect(faultOf(() => decodeTsdu(tsdu, basic)).reason).toBe('category')
      else expect(decodeTsdu(tsdu, basic)).toEqual([least[type]])
      if (flow === 'normal') expect(faultOf(() => decodeExpedited(tsdu, basic)).reason).toBe('category')
      else expect(decodeExpedited(tsdu, basic)).toEqual(least[type])
    }
    expect(faultOf(() => decodeExpedited(row(withToken('GT')), basic)).reason).toBe('category')
  })

  test('16 octets are the most of an expedited TSDU', () => {
    const abort: Spdu<'AB'> = { type: 'AB', transportDisconnect: 3, userData: ascii('123456789') }
    const tsdu = encode([abort])
    expect(tsdu).toHaveLength(16)
    expect(decodeExpedited(tsdu, basic)).toEqual(abort)
    const longer = encode([{ ...abort, userData: ascii('1234567890') }])
    expect(faultOf(() => decodeExpedited(longer, basic)).reason).toBe('length')
    expect(decodeTsdu(longer, basic)).toHaveLength(1)
  })

  test('a segment of AB has no place on the expedited flow', () => {
    expect(faultOf(() => decodeExpedited(hex('1906 190102 c10161'), basic)).reason).toBe('category')
  })
})
