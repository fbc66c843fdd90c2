// The table against the fixture spdus.json, which was written from the standard on its own: every SPDU,
// parameter, code, presence and length must agree, with no row too many on either side.
import { describe, expect, test } from 'vitest'
import { spduTable } from '../../src/spdu/index.ts'
import { planOf } from '../../src/spdu/plan.ts'
import { readJson } from './support.ts'

interface FixtureParameter {
  readonly pi?: number
  readonly pgi?: number
  readonly name: string
  readonly req: 'm' | 'o'
  readonly min?: number
  readonly max: number | string
  readonly when?: string
}

interface FixtureSpdu {
  readonly name: string
  readonly si: number
  readonly category: number
  readonly flow: string
  readonly params: readonly FixtureParameter[]
  readonly userInfo?: string
  readonly basicPrefix?: string
  readonly note?: string
}

const fixture = readJson<{ readonly spdus: Record<string, FixtureSpdu> }>('spdus.json').spdus

type Parameter = readonly [number, 'm' | 'o', string, number | readonly [number, number]]
interface Group {
  readonly group: number
  readonly fields: Readonly<Record<string, Parameter>>
}

interface Placed {
  readonly key: string
  readonly group: number | undefined
  readonly parameter: Parameter
}

/** All parameters of the table in one list, with the group they are in. */
function parametersOf(type: string): Placed[] {
  const entry = Object.entries(spduTable).find(([each]) => each === type)?.[1]
  const fields = Object.entries<Parameter | Group>(entry?.fields ?? {})
  return fields.flatMap(([key, field]): Placed[] => {
    if (!('group' in field)) return [{ key, group: undefined, parameter: field }]
    return Object.entries(field.fields).map(([inner, parameter]) => ({
      key: inner,
      group: field.group,
      parameter,
    }))
  })
}

/** `Calling SS-user Reference` is `callingSsUserReference`. */
function keyOf(name: string): string {
  const words = name.replace(' (PI 46)', '').replace('SS-user', 'Ss User').split(/[ -]/)
  return words
    .map((word, index) =>
      index === 0 ? word.toLowerCase() : (word[0] ?? '').toUpperCase() + word.slice(1).toLowerCase(),
    )
    .join('')
}

/** Most octets by the words of the fixture: [version 1, version 2]. */
function limits({ max, when, pi }: FixtureParameter, isOverflow: boolean): readonly [number, number] {
  const isVersionTwo = /only V2|V2 only|V1 must not/.test(when ?? '') || (isOverflow && pi === undefined)
  if (typeof max === 'number') return [isVersionTwo ? 0 : max, max]
  if (max === 'binary') return [4, 4]
  if (max === 'digits') return [15, 15]
  if (max.startsWith('decimal digits')) return [6, 6]
  const one = /V1: (none|\d+)/.exec(max)?.[1]
  return [one === 'none' ? 0 : Number(one), 65_535]
}

describe('table', () => {
  test('has the 36 SPDUs of the fixture, with names, SIs, categories, flows and prefixes', () => {
    expect(Object.keys(spduTable).sort()).toEqual(Object.keys(fixture).sort())
    expect(Object.keys(spduTable)).toHaveLength(36)
    for (const [type, entry] of Object.entries(spduTable)) {
      const wanted = fixture[type]
      expect(entry).toMatchObject({ name: wanted?.name, si: wanted?.si, category: wanted?.category })
      expect(entry.flow).toBe(wanted?.flow.startsWith('expedited if') === true ? 'either' : wanted?.flow)
      expect('prefix' in entry ? entry.prefix : undefined).toBe(wanted?.basicPrefix?.split(' ')[0])
      expect('information' in entry).toBe(wanted?.userInfo !== undefined)
    }
  })

  test.each(Object.keys(fixture))('%s has the parameters of the fixture', (type) => {
    const wanted = fixture[type]?.params ?? []
    const actual = parametersOf(type).filter(
      ({ key, parameter: [code] }) => !(type === 'RF' && key === 'userData' && code === 50),
    )
    const summary = actual.map(
      ({ key, group, parameter: [code, presence] }) => `${group ?? ''}/${code} ${key} ${presence}`,
    )
    expect(summary.sort()).toEqual(
      wanted
        .map(
          ({ pi, pgi, name, req }) =>
            `${pi === undefined ? '' : (pgi ?? '')}/${pi ?? pgi} ${keyOf(name)} ${req}`,
        )
        .sort(),
    )
    for (const parameter of wanted) {
      const found = actual.find(
        ({ group, parameter: [code] }) =>
          code === (parameter.pi ?? parameter.pgi) && (parameter.pi === undefined || group === parameter.pgi),
      )
      if (found === undefined) throw new Error(`${type} lacks ${parameter.name}`)
      const [, , kind, max] = found.parameter
      if (type === 'RF' && parameter.pi === 50) continue
      const pair = typeof max === 'number' ? [max, max] : [...max]
      expect({ name: parameter.name, pair }).toEqual({
        name: parameter.name,
        pair: [...limits(parameter, type === 'CDO')],
      })
      const isFixed = kind === 'requirements' || kind === 'sizes'
      expect({ name: parameter.name, min: parameter.min }).toEqual({
        name: parameter.name,
        min: isFixed ? parameter.max : undefined,
      })
    }
  })

  test('the user data of RF shares the parameter of its reason: 513 octets in version 1', () => {
    const { reasonCode, userData } = spduTable.RF.fields
    expect([reasonCode[0], reasonCode[3], userData[0], userData[3][0]]).toEqual([50, 1, 50, 512])
    expect(fixture['RF']?.params.find(({ pi }) => pi === 50)?.max).toContain('V1: 513 total')
  })

  test('user data is the last parameter of every SPDU that has any', () => {
    const others = [...planOf.values()].flatMap(({ type, units }) =>
      units
        .slice(0, -1)
        .flatMap(({ kind, key, rest }) => (kind === 'payload' || rest ? [`${type} ${key}`] : [])),
    )
    // The encoder puts payloads behind the buffer of headers. In CN the two exclude each other.
    expect(others).toEqual(['CN userData'])
  })

  test('only MAA and AEA cannot be told apart by octets', () => {
    expect(spduTable.MAA.fields).toEqual(spduTable.AEA.fields)
  })
})
