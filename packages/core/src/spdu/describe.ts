// A TSDU in one line for people: logs, transcripts, the tap. Never throws, never shows an octet of the peer's
// unescaped, and stays short however long the TSDU is.

import { parseTsdu, type DecodeContext } from './concatenation.ts'
import {
  enclosure,
  exceptionReason,
  functionalUnit,
  prepareType,
  refuseReason,
  resyncType,
  syncType,
  tokenBit,
  transportDisconnect,
} from './constants.ts'
import { SpduError } from './error.ts'
import { plan, type Plan, type Unit } from './plan.ts'
import type { DecodedSpdu, SpduType, TsduMaximumSize } from './types.ts'

/**
 * One line: `GT · DT 27 octets`, `CN v2 units=duplex,typed-data called="shop" 43 octets user data`. SPDUs
 * stand in the order of the wire. Octets that are no valid TSDU are said to be so, with the reason and the
 * first of them.
 */
export function describe(tsdu: Uint8Array): string {
  try {
    return parseTsdu(tsdu, anything, 'either').map(describeSpdu).join(' · ')
  } catch (error) {
    const reason = error instanceof SpduError ? `${error.reason}: ${error.message}` : 'unreadable'
    return `malformed (${reason}) ${tsdu.length} octets: ${hex(tsdu)}`
  }
}

/** Whatever either side may send at any time. */
const anything: DecodeContext = {
  version: undefined,
  outstanding: undefined,
  segmenting: undefined,
  extended: true,
}

function describeSpdu(spdu: DecodedSpdu): string {
  const top = plan(spdu.type)
  const level: Plan = spdu.later === true ? (top.later ?? top) : top
  // MAA and AEA are the same octets; which it is only the session knows.
  const words: string[] = [spdu.type === 'MAA' ? 'MAA/AEA' : spdu.type]
  describeLevel(spdu.type, level, spdu as unknown as Fields, words)
  if ('userInformation' in spdu) words.push(count(spdu.userInformation.length))
  return words.join(' ')
}

/** An SPDU or group, by the keys of the table. */
type Fields = Readonly<Record<string, unknown>>

function describeLevel(type: SpduType, level: Plan, fields: Fields, words: string[]): void {
  for (const unit of level.units) {
    for (const each of unit.rest === undefined ? [unit] : [unit, unit.rest]) {
      const value = fields[each.key]
      if (value === undefined) continue
      if (each.group !== undefined) describeLevel(type, each.group, value as Fields, words)
      else words.push(describeValue(type, each, value))
    }
  }
}

function describeValue(type: SpduType, unit: Unit, value: unknown): string {
  const name = labels.get(unit.key) ?? unit.key
  const words = vocabulary.get(`${type}.${unit.key}`) ?? vocabulary.get(unit.key) ?? vocabulary.get(unit.kind)
  if (words !== undefined) return words(value as number, name)
  if (unit.kind === 'payload') return `${count((value as Uint8Array).length)} user data`
  if (unit.kind === 'octets') return `${name}=${text(value as Uint8Array)}`
  if (unit.kind === 'sizes') {
    const { fromInitiator, fromResponder } = value as TsduMaximumSize
    return `max-tsdu=${fromInitiator}/${fromResponder}`
  }
  return `${name}=${value as number}`
}

/** Shorter names where the parameter's own says too much. */
const labels: ReadonlyMap<string, string> = new Map([
  ['callingSsUserReference', 'calling-reference'],
  ['calledSsUserReference', 'called-reference'],
  ['commonReference', 'common-reference'],
  ['additionalReferenceInformation', 'additional-reference'],
  ['callingSessionSelector', 'calling'],
  ['calledSessionSelector', 'called'],
  ['respondingSessionSelector', 'responding'],
  ['protocolOptions', 'options'],
  ['initialSerialNumber', 'initial-serial'],
  ['secondInitialSerialNumber', 'second-initial-serial'],
  ['upperLimitSerialNumber', 'serial-digits'],
  ['largeInitialSerialNumber', 'large-initial-serial'],
  ['largeSecondInitialSerialNumber', 'large-second-initial-serial'],
  ['serialNumber', 'serial'],
  ['secondSerialNumber', 'second-serial'],
  ['tokenItem', 'tokens'],
  ['tokenSettingItem', 'token-setting'],
  ['sessionUserRequirements', 'units'],
  ['resyncType', 'resync'],
  ['secondResyncType', 'second-resync'],
  ['prepareType', 'for'],
  ['reflectParameterValues', 'reflected'],
  ['activityIdentifier', 'activity'],
  ['oldActivityIdentifier', 'old-activity'],
  ['newActivityIdentifier', 'activity'],
  ['dataOverflow', 'overflow'],
])

type Words = (value: number, name: string) => string

/** How the numbers that have names are said: by SPDU and key, else by key, else by kind. */
const vocabulary: ReadonlyMap<string, Words> = new Map<string, Words>([
  ['versionNumber', (value) => `v${versions(value)}`],
  ['requirements', (value, name) => `${name}=${bits(functionalUnit, value)}`],
  ['tokens', (value, name) => `${name}=${bits(tokenBit, value)}`],
  ['tokenSettingItem', (value, name) => `${name}=${setting(value)}`],
  ['syncType', (value) => bits(syncType, value)],
  ['MAP.syncTypeItem', () => 'major'],
  ['disconnect', (value) => `${(value & 1) === 0 ? 'keep,' : ''}${bits(transportDisconnect, value)}`],
  ['FN.transportDisconnect', (value) => ((value & 1) === 0 ? 'keep' : 'release')],
  ['RF.transportDisconnect', (value) => ((value & 1) === 0 ? 'keep' : 'release')],
  ['enclosure', (value) => nameIn(enclosure, value)],
  ['resync', (value, name) => `${name}=${nameIn(resyncType, value)}`],
  ['prepare', (value, name) => `${name}=${nameIn(prepareType, value)}`],
  ['one', (_, name) => name],
  ['RF.reasonCode', (value) => `reason=${nameIn(refuseReason, value)}`],
  ['reasonCode', (value) => `reason=${nameIn(exceptionReason, value)}`],
])

function versions(value: number): string {
  return [1, 2, 3, 4, 5, 6, 7, 8].filter((bit) => ((value >> (bit - 1)) & 1) === 1).join('+')
}

function bits(names: Readonly<Record<string, number>>, value: number): string {
  const set: string[] = []
  for (const [name, bit] of Object.entries(names)) if ((value & bit) !== 0) set.push(kebab(name))
  return set.length === 0 ? 'none' : set.join(',')
}

function nameIn(names: Readonly<Record<string, number>>, value: number): string {
  for (const [name, number] of Object.entries(names)) if (number === value) return kebab(name)
  return String(value)
}

const sides = ['initiator', 'responder', 'choice', 'reserved']

function setting(value: number): string {
  return [6, 4, 2, 0].map((shift) => sides[(value >> shift) & 3]).join('/')
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function count(octets: number): string {
  return octets === 1 ? '1 octet' : `${octets} octets`
}

const SHOWN_TEXT = 32
const SHOWN_HEX = 12

/** In quotes if all of it is printable ASCII, else in hexadecimal. */
function text(value: Uint8Array): string {
  let printable = value.length <= SHOWN_TEXT
  let characters = ''
  for (let index = 0; printable && index < value.length; index++) {
    const octet = value[index] ?? 0
    printable = octet >= 0x20 && octet < 0x7f && octet !== 0x22 && octet !== 0x5c
    characters += String.fromCharCode(octet)
  }
  return printable ? `"${characters}"` : hex(value)
}

function hex(value: Uint8Array): string {
  const shown: string[] = []
  for (const octet of value.subarray(0, SHOWN_HEX)) shown.push(octet.toString(16).padStart(2, '0'))
  return value.length > SHOWN_HEX ? `${shown.join(' ')} …` : shown.join(' ')
}
