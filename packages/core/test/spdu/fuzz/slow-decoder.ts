// A second decoder, for comparison: written against the fixture spdus.json and the rules in words, sharing
// nothing with the one in src. It consumes lists of numbers and matches concatenation by regular expressions;
// it is slow and plain.

import { readJson } from '../support.ts'

/** What the slow decoder is told; the same as the other's context. */
export interface SlowContext {
  readonly version: 1 | 2 | undefined
  readonly outstanding: 'MAP' | 'AE' | undefined
  readonly segmenting: string | undefined
  readonly extended: boolean
}

/** The octets are no valid TSDU. */
export class Invalid extends Error {}

export type SlowFields = Record<string, unknown>

/** The SPDUs of a TSDU as they stand in it. Throws Invalid. */
export function slowDecode(tsdu: Uint8Array, context: SlowContext): SlowFields[] {
  const queue = [...tsdu]
  const spdus: SlowFields[] = []
  do {
    const si = take(queue, 1)[0] ?? -1
    const field = take(queue, takeLength(queue))
    const type = typeOf(si, field, spdus.length === 0, context)
    const spdu: SlowFields = { type }
    readTop(type, field, spdu, context.version ?? 2)
    const information = definition(type).userInfo
    if (information !== undefined) spdu['userInformation'] = Uint8Array.from(take(queue, queue.length))
    checkConditions(type, spdu)
    spdus.push(spdu)
  } while (queue.length > 0)
  checkGroup(spdus, context.extended)
  return spdus
}

interface Parameter {
  readonly pi?: number
  readonly pgi?: number
  readonly name: string
  readonly req: 'm' | 'o'
  readonly min?: number
  readonly max: number | string
  readonly when?: string
}

interface Definition {
  readonly si: number
  readonly category: 0 | 1 | 2
  readonly params: readonly Parameter[]
  readonly userInfo?: string
  readonly note?: string
}

const definitions = new Map(
  Object.entries(readJson<{ readonly spdus: Record<string, Definition> }>('spdus.json').spdus),
)
const everyCode = new Set(
  [...definitions.values()].flatMap(({ params }) => params.flatMap(({ pi, pgi }) => [pi, pgi])),
)

function definition(type: string): Definition {
  const found = definitions.get(type)
  if (found === undefined) throw new Error(`no definition of ${type}`)
  return found
}

function need(holds: boolean): void {
  if (!holds) throw new Invalid()
}

function take(queue: number[], count: number): number[] {
  need(queue.length >= count)
  return queue.splice(0, count)
}

function takeLength(queue: number[]): number {
  const [first = 0] = take(queue, 1)
  if (first < 255) return first
  const [high = 0, low = 0] = take(queue, 2)
  return high * 256 + low
}

function typeOf(si: number, field: readonly number[], isFirst: boolean, context: SlowContext): string {
  const types = [...definitions]
    .filter(([, one]) => one.si === si && (one.category === 2) === !isFirst)
    .map(([type]) => type)
  need(types.length > 0)
  if (si === 42) return context.outstanding === 'AE' ? 'AEA' : 'MAA'
  if (si !== 41) return types[0] ?? ''
  const units = unitsOf([...field])
  if (units.some(({ code, value }) => code === 15 && value.length > 0)) return 'MAP'
  const enclosure = units.find(({ code, value }) => code === 25 && value.length > 0)?.value[0]
  return context.segmenting === 'MAP' && enclosure !== undefined && enclosure % 2 === 0 ? 'MAP' : 'AE'
}

interface Unit {
  readonly code: number
  readonly value: number[]
}

function unitsOf(field: number[]): Unit[] {
  const units: Unit[] = []
  while (field.length > 0) {
    const [code = 0] = take(field, 1)
    units.push({ code, value: take(field, takeLength(field)) })
  }
  return units
}

/** The units that have a place among `codes`: others are unknown or make everything invalid. */
function knownUnits(field: readonly number[], codes: ReadonlySet<number>): Unit[] {
  const known = unitsOf([...field]).filter(({ code }) => {
    need(codes.has(code) || !everyCode.has(code))
    return codes.has(code)
  })
  for (const [index, { code }] of known.entries()) need(index === 0 || code > (known[index - 1]?.code ?? 0))
  return known
}

function readTop(type: string, field: readonly number[], spdu: SlowFields, version: 1 | 2): void {
  const { params } = definition(type)
  const groups = new Set(
    params.filter((each) => each.pi !== undefined && each.pgi !== undefined).map((each) => each.pgi),
  )
  const codes = new Set(params.map((each) => (groups.has(each.pgi) ? each.pgi : (each.pi ?? each.pgi)) ?? 0))
  const all = knownUnits(field, codes)
  const units = all.filter(({ value }) => value.length > 0)
  const enclosure = units.find(({ code }) => code === 25)
  const isSegmented = params.some(
    ({ pi, req, when }) => pi === 25 && req === 'o' && when?.includes('only V2') === true,
  )
  if (isSegmented && enclosure !== undefined && (enclosure.value[0] ?? 0) % 2 === 0) {
    readLater(type, all, units, spdu, version)
    return
  }
  for (const { code, value } of units) {
    if (groups.has(code)) readGroup(code, params, value, spdu, version)
    else if (code === 50 && type === 'RF') readRefuse(value, spdu, version)
    else readParameter(parameterOf(params, code), code, value, spdu, version)
  }
  if (isSegmented && spdu['enclosureItem'] === 3) delete spdu['enclosureItem']
  for (const each of params) {
    const isInGroup = groups.has(each.pgi)
    if (each.req === 'm' && !isInGroup) need(nameOf(each) in spdu)
    if (each.req === 'm' && each.pgi === 33) need('linkingInformation' in spdu)
  }
}

function readLater(
  type: string,
  all: readonly Unit[],
  units: readonly Unit[],
  spdu: SlowFields,
  version: 1 | 2,
): void {
  need(version === 2)
  const dataCode = type === 'MIA' ? 46 : type === 'RF' ? 50 : 193
  for (const { code } of all) need(code === 25 || code === dataCode)
  spdu['later'] = true
  for (const { code, value } of units) {
    if (code !== 25) spdu['userData'] = Uint8Array.from(value)
    else {
      need(value.length === 1)
      spdu['enclosureItem'] = (value[0] ?? 0) & 3
    }
  }
}

const groupNames: Readonly<Record<number, string>> = {
  1: 'connectionIdentifier',
  5: 'connectAcceptItem',
  33: 'linkingInformation',
}

function readGroup(
  code: number,
  params: readonly Parameter[],
  field: readonly number[],
  spdu: SlowFields,
  version: 1 | 2,
): void {
  const inside = params.filter((each) => each.pgi === code)
  const group: SlowFields = {}
  for (const unit of knownUnits(field, new Set(inside.map(({ pi }) => pi ?? 0)))) {
    if (unit.value.length > 0)
      readParameter(parameterOf(inside, unit.code), unit.code, unit.value, group, version)
  }
  for (const each of inside) if (each.req === 'm') need(nameOf(each) in group)
  if (Object.keys(group).length > 0) spdu[groupNames[code] ?? ''] = group
}

function parameterOf(params: readonly Parameter[], code: number): Parameter {
  const found = params.find(({ pi, pgi }) =>
    pi === undefined ? pgi === code : pi === code && !isGroupOutside(params, pgi),
  )
  if (found === undefined) throw new Error(`no parameter ${code}`)
  return found
}

/**
 * AR has PI 41 both inside its group and outside: among the parameters of all levels the one outside is
 * meant.
 */
function isGroupOutside(params: readonly Parameter[], pgi: number | undefined): boolean {
  return pgi !== undefined && params.some((each) => each.pgi === undefined || each.pgi > 192)
}

function readRefuse(value: readonly number[], spdu: SlowFields, version: 1 | 2): void {
  need(version === 2 || value.length <= 513)
  spdu['reasonCode'] = value[0]
  if (value.length > 1) spdu['userData'] = Uint8Array.from(value.slice(1))
}

function nameOf({ name }: Parameter): string {
  if (name.startsWith('User Data')) return 'userData'
  const words = name.replace('SS-user', 'Ss User').split(' ')
  return words
    .map((word, index) => (index === 0 ? word.toLowerCase() : (word[0] ?? '') + word.slice(1).toLowerCase()))
    .join('')
}

function readParameter(
  parameter: Parameter,
  code: number,
  value: readonly number[],
  into: SlowFields,
  version: 1 | 2,
): void {
  const { max, min, when } = parameter
  const versionTwo =
    /only V2|V2 only|V1 must not/.test(when ?? '') || (typeof max === 'string' && max.includes('V1: none'))
  need(version === 2 || !(versionTwo || max === 65528))
  const limit = typeof max === 'number' ? max : limitOf(max, version)
  need(value.length <= limit && value.length >= (min ?? 1))
  into[nameOf(parameter)] = valueOf(code, value)
}

function limitOf(max: string, version: 1 | 2): number {
  if (max.startsWith('decimal')) return 6
  if (max === 'binary') return 4
  if (max === 'digits') return 15
  const one = /V1: (\d+)/.exec(max)?.[1]
  return version === 1 && one !== undefined ? Number(one) : 65_535
}

function valueOf(code: number, value: readonly number[]): unknown {
  const [first = 0] = value
  switch (code) {
    case 20:
    case 56:
      return value.reduce((sum, octet) => sum * 256 + octet, 0)
    case 21: {
      const [a = 0, b = 0, c = 0, d = 0] = value
      return { fromInitiator: a * 256 + b, fromResponder: c * 256 + d }
    }
    case 23:
    case 42:
    case 54:
    case 55:
    case 57:
    case 58:
      need(value.every((octet) => octet >= 48 && octet <= 57))
      return Number(String.fromCharCode(...value))
    case 15:
    case 25:
      return first & 3
    case 16:
      return first & 0x55
    case 17:
      return first & 31
    case 24:
      need(first >= 1 && first <= 4)
      return first
    case 27:
    case 53:
      need(first <= 2)
      return first
    case 60:
      need(first === 1)
      return 1
    case 19:
    case 22:
    case 26:
    case 50:
      return first
    default:
      return Uint8Array.from(value)
  }
}

/** The conditions between parameters, in the words of the fixture's `when`. */
function checkConditions(type: string, spdu: SlowFields): void {
  const has = (name: string): boolean => name in spdu
  const enclosure = spdu['enclosureItem']
  if (has('later')) {
    need(enclosure === 2 || has('userData'))
    return
  }
  const information = spdu['userInformation']
  if (information instanceof Uint8Array) {
    need(information.length > 0 || enclosure === 2)
    need(type !== 'EX' || information.length <= 14)
  } else if (enclosure === 1) need(has('userData'))
  const item = (spdu['connectAcceptItem'] ?? {}) as SlowFields
  if ('upperLimitSerialNumber' in item)
    need(!('initialSerialNumber' in item) && !('secondInitialSerialNumber' in item))
  else need(!('largeInitialSerialNumber' in item) && !('largeSecondInitialSerialNumber' in item))
  const versions = Number(item['versionNumber'] ?? 1)
  const bits = Number(spdu['transportDisconnect'] ?? 0)
  switch (type) {
    case 'CN':
      if (has('extendedUserData')) need(versions % 2 === 0 && !has('userData'))
      else need(!has('dataOverflow'))
      break
    case 'OA':
      need(spdu['versionNumber'] === 2)
      break
    case 'CDO':
      need(enclosure === 2 || (enclosure === 0 && has('userData')))
      break
    case 'AC':
      if (versions === 1) {
        need(!has('enclosureItem'))
        need(((spdu['userData'] as Uint8Array | undefined)?.length ?? 0) <= 512)
      }
      break
    case 'RF':
      need(spdu['reasonCode'] === 2 || !(has('userData') || has('sessionUserRequirements')))
      break
    case 'AB':
      need((bits & 2) === 2 || !has('userData'))
      need((bits & 4) === 4 || !has('reflectParameterValues'))
      break
    case 'GT':
    case 'PT':
      need(spdu['tokenItem'] !== 0)
      need(has('tokenItem') || !(has('userData') || has('enclosureItem')))
      break
    case 'MAP':
      need(Number(spdu['syncTypeItem']) % 2 === 1)
      break
    case 'RS':
      need(has('resyncType') === has('serialNumber') && has('secondResyncType') === has('secondSerialNumber'))
      need(has('resyncType') || has('secondResyncType'))
      break
    case 'RA':
      need(
        (has('serialNumber') || !has('resyncType')) && has('secondResyncType') === has('secondSerialNumber'),
      )
      need(has('serialNumber') || has('secondSerialNumber'))
      break
    case 'PR':
      need(spdu['prepareType'] === 2 || !(has('resyncType') || has('secondResyncType')))
      break
    default:
  }
}

// `!` a prefix with a Token Item; `<` a first segment, `-` a middle, `.` a last one.
const alone = /^([A-Z]+[<.-]?|(GT|PT)!<?)$/
const basic = [
  /^GT!? (DT|MIP|MAP|AS|AE|AR)\.?$/,
  /^GT (DT|MIP|MAP|AS|AE|AR|RS|AI|AD|CD)[<.-]?$/,
  /^PT!? (MIA|MAA|RA|AIA|ADA|AEA|CDA|ER|ED|AR)\.?$/,
  /^PT (MIA|MAA|RA|AIA|ADA|AEA|CDA|ED|AR)[<-]$/,
]
const extendedGroups = [
  /^GT!? (MIA|MAA|AEA)$/,
  /^GT!? (AS|AR) MIP$/,
  /^GT (AS|AR) (AE|MAP)$/,
  /^GT!? (MIP|MIA|MAP|MAA|AE|AEA) DT\.?$/,
  /^GT!? (AS|AR) DT$/,
  /^GT (AS|AR) DT<$/,
  /^GT!? (AS|AR) MIP DT$/,
  /^GT (AS|AR) (AE|MAP) DT$/,
]

function checkGroup(spdus: readonly SlowFields[], extended: boolean): void {
  const group = spdus.map((spdu, index) => wordOf(spdu, index === 0)).join(' ')
  const [first] = spdus
  if (spdus.length === 1) {
    need(alone.test(group) && group !== 'GT' && group !== 'PT')
    return
  }
  need(first?.['userData'] === undefined && first?.['enclosureItem'] === undefined)
  need(
    basic.some((pattern) => pattern.test(group)) ||
      (extended && extendedGroups.some((pattern) => pattern.test(group))),
  )
}

function wordOf(spdu: SlowFields, isFirst: boolean): string {
  const place = ['-', '<', '.', ''][Number(spdu['enclosureItem'] ?? 3)] ?? ''
  const token = isFirst && 'tokenItem' in spdu && spdu['type'] !== 'AC' ? '!' : ''
  return `${String(spdu['type'])}${token}${place}`
}
