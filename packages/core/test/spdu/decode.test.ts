// What the decoder refuses and what it puts up with, octet by octet (bad input T1, T2 and T4): every fault
// has its reason, is noticed where it is, and reflects at most nine octets of the SPDU it is in.
import { describe, expect, test } from 'vitest'
import { decodeTsdu, openingContext, reflect, type SpduReason } from '../../src/spdu/index.ts'
import { ascii, faultOf, hex, hexOf, lenient, parse, surrounded, watched } from './support.ts'

/** [what is wrong, octets, reason, offset of the fault, octets reflected] */
type Row = readonly [string, string, SpduReason, number, string]

const refused: readonly Row[] = [
  // The SPDU itself
  ['an empty TSDU', '', 'truncated', 0, ''],
  ['an SI alone', '0d', 'truncated', 0, '0d'],
  ['LI beyond the end', '090311', 'truncated', 1, '0903'],
  ['LI beyond the end by far', '09ffffff', 'truncated', 1, '09ff'],
  ['FF with one octet behind it', '09ff01', 'truncated', 0, '09'],
  ['FF with nothing behind it', '09ff', 'truncated', 0, '09'],
  ['an unknown SI', '0300', 'unknown-si', 0, '03'],
  ['an unknown SI after a prefix', '01000300', 'unknown-si', 2, '03'],
  ['an SPDU of category 1 after a prefix', '010009000000', 'category', 2, '09'],
  ['an SPDU after one of category 1', '09000a00', 'category', 2, '0a'],
  // Lengths inside
  ['a parameter without LI', '090111', 'overrun', 2, '090111'],
  ['a parameter longer than the SPDU', '0903110201', 'overrun', 2, '090311'],
  ['a parameter that would swallow what follows', '090311ff00', 'overrun', 2, '090311'],
  ['a sync type that would lie behind the SPDU', '0100 2902 0f01', 'overrun', 4, '29020f'],
  ['FF cut short in a parameter', '090311ff 00', 'overrun', 2, '090311'],
  ['a long form beyond the SPDU', '0905 11ff000301', 'overrun', 2, '090511'],
  ['a group longer than the SPDU', '0d0405061301', 'overrun', 2, '0d0405'],
  ['a parameter longer than its group', '0d08 0506 13050016 0102', 'overrun', 4, '0d08050613'],
  [
    'a parameter longer than its group, with room in the SPDU',
    '0d0d 0503 130200 14020002 3301 41 00',
    'overrun',
    4,
    '0d0d050313',
  ],
  // Fixed and greatest lengths
  ['two octets of Transport Disconnect', '0904 11020101', 'length', 2, '090411'],
  ['one octet of requirements', '0d03 140102', 'length', 2, '0d0314'],
  ['three octets of requirements', '0d05 1403000200', 'length', 2, '0d0514'],
  ['three octets of TSDU sizes', '1008 1503100010160102', 'length', 2, '100815'],
  ['17 octets of a selector', `0d13 3411${'41'.repeat(17)}`, 'length', 2, '0d1334'],
  ['65 octets of a reference', `0d45 01430a41${'41'.repeat(65)}`, 'length', 4, '0d4501430a'],
  ['five octets of additional reference', '0d09 01070c050102030405', 'length', 4, '0d0901070c'],
  ['seven digits', '0100 3109 2a0731323334353637', 'length', 4, '31092a'],
  ['ten octets reflected', '190f 110105 310a 00010203040506070809', 'length', 5, '190f110105 31'],
  ['513 octets of connect user data', `0dff0205 c1ff0201${'78'.repeat(513)}`, 'length', 4, '0dff0205c1'],
  ['15 octets of expedited data', `0500${'65'.repeat(15)}`, 'length', 2, '050065'],
  // Order
  ['parameters in the wrong order', '0d07 330141 14020002', 'order', 5, '0d0733014114'],
  ['a group behind a parameter', '0d09 14020002 01030a0141', 'order', 6, '0d091402000201'],
  ['a parameter twice', '0906 110101 110101', 'duplicate', 5, '0906110101 11'],
  ['a parameter again after another', '0d09 330141 340142 330141', 'order', 8, '0d0933014134014233'],
  ['a group twice', '0d0a 01030a0141 01030b0142', 'duplicate', 7, '0d0a01030a014101'],
  ['the wrong order inside a group', '0d08 01060b0141 0a0142', 'order', 7, '0d0801060b01410a'],
  ['an empty parameter twice', '0904 1100 1100', 'duplicate', 4, '0904110011'],
  // Places
  ['Reflect Parameter Values in DT', '0100 0103 310100 61', 'misplaced', 4, '010331'],
  ['a bare version in CN', '0d03 160102', 'misplaced', 2, '0d0316'],
  ['requirements in a group', '0d06 0504 14020002', 'misplaced', 4, '0d06050414'],
  ['user data in AA', '1a03 c10161', 'misplaced', 2, '1a03c1'],
  ['user data as PI 46 elsewhere than in MIA', '0903 2e0161', 'misplaced', 2, '09032e'],
  // Presence
  ['MIP without serial number', '0100 3103 0f0101', 'missing', 6, '31030f0101'],
  ['an empty serial number', '0100 3102 2a00', 'missing', 5, '31022a00'],
  ['a group without its mandatory parameter', '0d05 0503 130100', 'missing', 6, '0d050503130100'],
  ['AR without linking information', '0100 1d03 290161', 'missing', 6, '1d03290161'],
  ['AR with empty linking information', '0100 1d05 2100 290161', 'missing', 8, '1d052100290161'],
  ['AB without Transport Disconnect', '1900', 'missing', 1, '1900'],
  ['GT alone without a token item', '0100', 'missing', 1, '0100'],
  ['PT alone with an empty token item', '0202 1000', 'missing', 3, '02021000'],
  ['DT without user information', '0100 0100', 'missing', 3, '0100'],
  ['TD without user information', '2100', 'missing', 1, '2100'],
  ['EX without user information', '0500', 'missing', 1, '0500'],
  ['a first segment of DT without user information', '0100 0103 190101', 'missing', 6, '0103190101'],
  ['RS without a resync type', '0100 3503 1a0100', 'missing', 6, '35031a0100'],
  ['RS with a type and no serial number', '0100 3506 1a0100 1b0100', 'missing', 9, '35061a01001b0100'],
  [
    'RS with a second type and no second serial number',
    '0100 3509 1b0100 2a0131 350100',
    'missing',
    12,
    '35091b01002a013135',
  ],
  [
    'RA with a second serial number and no second type',
    '0200 2206 2a0131 360131',
    'missing',
    9,
    '22062a0131360131',
  ],
  [
    'RA with a resync type, whose serial number is only the second',
    '0200 2209 1b0100 350100 360131',
    'missing',
    12,
    '22091b010035010036',
  ],
  ['RA with a resync type and no serial number', '0200 2203 1b0100', 'missing', 6, '22031b0100'],
  ['RA without a serial number', '0200 2203 1a0100', 'missing', 6, '22031a0100'],
  [
    'data overflow without extended user data',
    '0d0b 0506130100160102 3c0101',
    'missing',
    12,
    '0d0b05061301001601',
  ],
  // Values
  ['a letter in a serial number', '0100 3104 2a023141', 'value', 4, '31042a'],
  ['a colon in a serial number', '0100 3104 2a02313a', 'value', 4, '31042a'],
  ['a slash in a serial number', '0100 3104 2a02312f', 'value', 4, '31042a'],
  ['resync type 3', '0100 3506 1b0103 2a0131', 'value', 4, '35061b'],
  ['prepare type 0', '0703 180100', 'value', 2, '070318'],
  ['prepare type 5', '0703 180105', 'value', 2, '070318'],
  ['data overflow 2', '0d03 3c0102', 'value', 2, '0d033c'],
  ['a MAP whose sync type says otherwise', '0100 2906 0f0102 2a0131', 'value', 9, '29060f01022a0131'],
  ['a token item without tokens', '0203 1001aa', 'value', 4, '02031001aa'],
  ['an OA of version 1', '1003 160101', 'value', 4, '1003160101'],
  ['a CDO with a first segment', '0f06 190101 c10161', 'value', 7, '0f06190101c10161'],
  ['user data in an AB of the provider', '1906 110105 c10161', 'value', 7, '1906110105c10161'],
  ['reflected values in an AB of the user', '1906 110103 310161', 'value', 7, '1906110103310161'],
  ['user data after reason 1 in RF', '0c04 32020161', 'value', 5, '0c0432020161'],
  ['requirements with reason 0 in RF', '0c07 14020002 320100', 'value', 8, '0c0714020002320100'],
  [
    'extended user data with version 1 proposed',
    '0d0b 0506130100160103 c20161',
    'value',
    12,
    '0d0b05061301001601',
  ],
  ['both kinds of user data', '0d0e 0506130100160102 c10161 c20161', 'value', 15, '0d0e05061301001601'],
  [
    'a large serial number without its limit',
    '0d0b 0509130100160102390131',
    'value',
    12,
    '0d0b05091301001601',
  ],
  [
    'a limit with a small serial number',
    '0d0e 050c130100160102170131380106',
    'value',
    15,
    '0d0e050c1301001601',
  ],
  ['a resync type in a PR for an abort', '0706 180104 1b0100', 'value', 7, '07061801041b0100'],
  // Later segments
  ['a serial number in a later segment', '0100 3109 190102 2a0131 c10161', 'misplaced', 7, '3109190102 2a'],
  [
    'a parameter before the enclosure item of a later segment',
    '0100 3109 0f0101 190102 c10161',
    'misplaced',
    7,
    '31090f010119',
  ],
  ['a middle segment without user data', '0100 3103 190100', 'missing', 6, '3103190100'],
  ['a first segment without user data', '0100 3106 190101 2a0131', 'missing', 9, '31061901012a0131'],
  [
    'a first RF segment with a reason and nothing else',
    '0c06 190101 320102',
    'missing',
    7,
    '0c06190101320102',
  ],
]

describe('refused', () => {
  test.each(refused)('%s', (_, octets, reason, offset, reflected) => {
    const tsdu = watched(surrounded(hex(octets)))
    const fault = faultOf(() => parse(tsdu.tsdu))
    expect({ reason: fault.reason, offset: fault.offset, reflected: hexOf(fault.reflected) }).toEqual({
      reason,
      offset,
      reflected: reflected.replaceAll(' ', ''),
    })
    expect(tsdu.beyond).toEqual([])
  })

  test('the reflected octets are a copy', () => {
    const tsdu = hex('0904 11020101')
    const { reflected } = faultOf(() => parse(tsdu))
    tsdu.fill(0)
    expect(hexOf(reflected)).toBe('090411')
  })
})

describe('put up with', () => {
  test('the long form of a short length, for SPDU, group and parameter', () => {
    const plain = hex('0d0a 0506130100160102 3300')
    const long = hex('0dff0012 05ff000a 13ff000100 16ff000102 33ff0000')
    expect(parse(long)).toEqual(parse(plain))
  })

  test('empty optional parameters and groups are absent', () => {
    expect(parse(hex('0d06 0100 1400 3300'))).toEqual([{ type: 'CN' }])
    expect(parse(hex('0d06 0104 0a000b00'))).toEqual([{ type: 'CN' }])
    expect(parse(hex('0902 c100'))).toEqual([{ type: 'FN' }])
  })

  test('reserved bits are ignored', () => {
    expect(parse(hex('0103 1001ff'))).toEqual([{ type: 'GT', tokenItem: 0x55 }])
    expect(parse(hex('1903 1101e1'))).toEqual([{ type: 'AB', transportDisconnect: 1 }])
    expect(parse(hex('0100 0103 1901fc 61')).at(1)).toMatchObject({ type: 'DT', enclosureItem: 0 })
  })

  test('an enclosure item that says whole where there should be none', () => {
    expect(parse(hex('0906 190103 c10161'))).toEqual([
      { type: 'FN', enclosureItem: undefined, userData: ascii('a') },
    ])
  })

  test('leading zeros of serial numbers', () => {
    expect(parse(hex('0100 3108 2a06303030303432')).at(1)).toEqual({ type: 'MIP', serialNumber: 42 })
    expect(parse(hex('0100 3108 2a06393939393939')).at(1)).toEqual({ type: 'MIP', serialNumber: 999_999 })
  })

  test('versions, options and units that do not exist yet', () => {
    expect(parse(hex('0d0c 0506 1301ff 1601ff 1402ffff'))).toEqual([
      {
        type: 'CN',
        connectAcceptItem: { protocolOptions: 255, versionNumber: 255 },
        sessionUserRequirements: 0xffff,
      },
    ])
  })

  test('unknown reasons of a refusal', () => {
    expect(parse(hex('0c03 3201c8'))).toEqual([{ type: 'RF', reasonCode: 200 }])
  })
})

describe('versions', () => {
  const one = { ...lenient, version: 1 } as const

  test.each([
    ['512 octets in FN', `09ff0204 c1ff0200${'78'.repeat(512)}`, undefined],
    ['513 octets in FN', `09ff0205 c1ff0201${'78'.repeat(513)}`, 'length'],
    ['512 octets behind the reason in RF', `0cff0205 32ff020102${'78'.repeat(512)}`, undefined],
    ['513 octets behind the reason in RF', `0cff0206 32ff020202${'78'.repeat(513)}`, 'length'],
    ['10 octets in AB', `190f 110103 c10a${'78'.repeat(10)}`, 'length'],
    ['user data in GT', '0106 100101 c10161', 'misplaced'],
    ['user data in AI', '0100 1903 c10161', 'misplaced'],
    ['a segment of FN', '0906 190101 c10161', 'misplaced'],
    ['a later segment of FN', '0906 190102 c10161', 'misplaced'],
    ['extended user data', '0d0b 0506130100160102 c20161', 'misplaced'],
    ['a segment of DT', '0100 0103 190101 61', undefined],
  ] as const)('version 1: %s', (_, octets, reason) => {
    if (reason === undefined) expect(parse(hex(octets), one).length).toBeGreaterThan(0)
    else expect(faultOf(() => parse(hex(octets), one)).reason).toBe(reason)
    expect(parse(hex(octets), { ...one, version: 2 }).length).toBeGreaterThan(0)
  })

  test('an ACCEPT of version 1 has the limits of version 1 before any version is selected', () => {
    const accept = (version: string, size: number): Uint8Array => {
      const digits = (length: number): string => length.toString(16).padStart(4, '0')
      const item = `0506130100 1601${version}`
      return hex(`0eff${digits(size + 12)} ${item} c1ff${digits(size)}${'78'.repeat(size)}`)
    }
    expect(faultOf(() => parse(accept('01', 513))).reason).toBe('length')
    expect(parse(accept('01', 512))).toHaveLength(1)
    expect(parse(accept('02', 513))).toHaveLength(1)
  })
})

describe('a flood of tiny SPDUs in one TSDU', () => {
  test.each([
    ['PT', '0200'],
    ['PT with tokens', '0203100101'],
    ['AA', '1a00'],
    ['AIA', '1a00'],
    ['unknown', '4d00'],
    ['MIP', '31032a0131'],
  ])('%s: 47 KB and 1 MB are refused after looking at four', (_, spdu) => {
    for (const size of [47_000, 1_048_576]) {
      const tsdu = hex(`0100${spdu.repeat(Math.ceil(size / (spdu.length / 2)))}`)
      const seen = watched(tsdu)
      let read = 0
      const counted = new Proxy(seen.tsdu, {
        get: (target, key) => {
          read += 1
          return Reflect.get(target, key, target) as unknown
        },
      })
      const fault = faultOf(() => parse(counted))
      expect(['category', 'unknown-si', 'limit', 'missing']).toContain(fault.reason)
      expect(fault.offset).toBeLessThan(32)
      expect(read).toBeLessThan(200)
    }
  })

  test('a million unknown parameters in one SPDU are passed over without growing anything', () => {
    // LI ends at 65,535: that is as many as an SPDU can have.
    const tsdu = hex(`09fffffe${'6300'.repeat(32_767)}`)
    expect(parse(tsdu)).toEqual([{ type: 'FN' }])
  })
})

describe('views', () => {
  test('user data and information are views of the TSDU, not copies', () => {
    const data = hex('01000100 616263')
    const [dt] = decodeTsdu(data, openingContext)
    expect(dt?.type === 'DT' && dt.userInformation.buffer === data.buffer).toBe(true)
    const finish = hex('0903 c10161')
    const [fn] = decodeTsdu(finish, openingContext)
    expect(fn?.type === 'FN' && fn.userData?.buffer === finish.buffer).toBe(true)
  })

  test('reflect shows what a valid TSDU was about', () => {
    expect(hexOf(reflect(hex('01000100 616263')))).toBe('0100616263')
    expect(hexOf(reflect(hex('0103100101')))).toBe('0103100101')
    expect(hexOf(reflect(hex(`0100310f2a0131c10a${'68'.repeat(10)}`)))).toBe('310f2a0131c10a6868')
    expect(hexOf(reflect(hex('')))).toBe('')
  })
})
