// The one line for people: what it says of every vector, and that no octets whatever make it throw or spill
// over.
import { describe, expect, test } from 'vitest'
import { describe as describeTsdu } from '../../src/spdu/index.ts'
import { ascii, encode, hex, vectors } from './support.ts'

/** `describe` of vectors, as a list to be read. */
// oxfmt-ignore
const lines: Readonly<Record<string, string>> = {
  CN: 'CN calling-reference="ref" common-reference="common" additional-reference="ad" options=1 max-tsdu=4096/4096 v2 initial-serial=1 token-setting=initiator/initiator/initiator/initiator units=half-duplex,expedited,minor-synchronize,major-synchronize,resynchronize,activity-management,negotiated-release,capability-data,exceptions,typed-data calling="CLI" called="SRV" 10 octets user data',
  'CN-ext-overflow': 'CN options=0 v2 units=duplex overflow 10240 octets user data',
  OA: 'OA max-tsdu=4096/4096 v2',
  CDO: 'CDO last 4 octets user data',
  RF: 'RF called-reference="ref" common-reference="common" additional-reference="ad" release units=duplex v2 reason=user-data 3 octets user data',
  FN: 'FN keep 10 octets user data',
  'AB-user': 'AB release,user-abort 3 octets user data',
  'AB-prov': 'AB release,protocol-error reflected=01 02',
  AA: 'AA',
  DT: 'GT · DT 7 octets',
  'DT-seg-begin': 'GT · DT first 5 octets',
  'GT-with-token+DT': 'GT tokens=data · DT 7 octets',
  EX: 'EX 14 octets',
  TD: 'TD 5 octets',
  GT: 'GT tokens=data,synchronize-minor,major-activity,release',
  MIP: 'GT · MIP serial=1 10 octets user data',
  'MIP-noconf': 'GT · MIP no-confirmation serial=2',
  MIA: 'PT · MIA serial=1 7 octets user data',
  MAP: 'GT · MAP major serial=3 10 octets user data',
  MAA: 'PT · MAA/AEA serial=3 10 octets user data',
  'RS-set': 'GT · RS token-setting=initiator/initiator/initiator/initiator resync=set serial=99',
  'PR-MAA': 'PR for=major-sync-ack',
  ER: 'PT · ER reflected=01 00 31',
  ED: 'PT · ED reason=local-user-error 10 octets user data',
  AR: 'GT · AR called-reference="srv" calling-reference="cli" common-reference="common" additional-reference="ad" old-activity="act-1" serial=3 activity="act-2" 10 octets user data',
  AI: 'GT · AI reason=temporarily-unable',
  'EXT: GT+AS+MIP+DT': 'GT · AS activity="act-1" · MIP serial=1 · DT 4 octets',
  'bad-PI-len':
    'malformed (overrun: MIP: parameter 42 is longer than what encloses it (octet 4)) 7 octets: 01 00 31 03 2a 09 31',
  'bad-SPDU-len': 'malformed (truncated: CN: 38 octets are missing (octet 1)) 4 octets: 0d 28 05 03',
  'unknown-PI': 'GT · MIP serial=1',
  'unknown-SI': 'malformed (unknown-si: SPDU: no SPDU has SI 77 (octet 0)) 2 octets: 4d 00',
}

describe('describe', () => {
  test.each(Object.entries(lines))('%s', (name, line) => {
    expect(describeTsdu(vectors.get(name) ?? new Uint8Array(0))).toBe(line)
  })

  test('every vector is one line', () => {
    for (const tsdu of vectors.values()) expect(describeTsdu(tsdu)).toMatch(/^[^\n]+$/u)
  })

  test('one octet, no octet, a later segment, both versions', () => {
    expect(describeTsdu(hex('2100 61'))).toBe('TD 1 octet')
    expect(describeTsdu(new Uint8Array(0))).toBe(
      'malformed (truncated: SPDU: an empty TSDU (octet 0)) 0 octets: ',
    )
    expect(describeTsdu(hex('1906 190100 c10161'))).toBe('AB middle 1 octet user data')
    expect(describeTsdu(hex('0d08 0506 130100 160103'))).toBe('CN options=0 v1+2')
    expect(describeTsdu(hex('1903 110110'))).toBe('AB keep,implementation-restriction')
  })

  test('octets of the peer never come out as they are', () => {
    const evil = encode([{ type: 'CN', calledSessionSelector: ascii('a"\n\u001b[31m') }])
    expect(describeTsdu(evil)).toBe('CN called=61 22 0a 1b 5b 33 31 6d')
    const long = encode([{ type: 'CN', connectionIdentifier: { commonReference: ascii('a'.repeat(64)) } }])
    expect(describeTsdu(long)).toBe(`CN common-reference=${'61 '.repeat(12)}…`)
  })

  test('stays short however long the TSDU is', () => {
    expect(describeTsdu(new Uint8Array(1_000_000).fill(0x61)).length).toBeLessThan(200)
    const report = encode([{ type: 'ER', reflectParameterValues: new Uint8Array(60_000).fill(0x41) }])
    expect(describeTsdu(report).length).toBeLessThan(100)
  })
})
