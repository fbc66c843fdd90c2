// PICS.md against the code: what can be printed from it is (UPDATE=1 writes it), and what is written by hand
// names every functional unit and every limit.

import { readFileSync, writeFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { coreLimits } from '../src/index.ts'
import { supportedUnits } from '../src/machine/index.ts'
import { errata } from '../src/machine/tables/errata.ts'
import { functionalUnit, spduTable } from '../src/spdu/index.ts'
import { races } from './simulation/races.ts'
import { markdownTable } from './support/markdown.ts'

const path = new URL('../../../PICS.md', import.meta.url)

describe('PICS.md', () => {
  it('has the SPDUs, their parameters, the readings of Annex A and its races as they are in the code', () => {
    const text = readFileSync(path, 'utf8')
    const printed = [
      ['parameters', parameters()],
      ['readings', readings()],
      ['races', openRaces()],
    ] as const
    const now = printed.reduce((page, [name, lines]) => replaced(page, name, lines), text)
    if (process.env['UPDATE'] === '1') writeFileSync(path, now)
    else expect(text).toBe(now)
  })

  it('may say that every functional unit is there', () => {
    expect(supportedUnits).toBe(Object.values(functionalUnit).reduce((all, bit) => all | bit, 0))
  })

  it('names every limit, with what it is', () => {
    const lines = readFileSync(path, 'utf8').split('\n')
    const missing = Object.entries<number>({ ...coreLimits }).filter(([limit, value]) => {
      const row = lines.find((line) => line.startsWith(`| \`${limit}\``))
      return row?.includes(value.toLocaleString('en-US')) !== true
    })
    expect(missing).toEqual([])
  })
})

/** The text with this between the two marks of that name. */
function replaced(text: string, name: string, lines: readonly string[]): string {
  const [start, end] = [`<!-- printed: ${name} -->\n`, `<!-- end of ${name} -->`]
  const from = text.indexOf(start) + start.length
  const to = text.indexOf(end)
  if (from < start.length || to < from) throw new Error(`PICS.md has no place for the ${name}`)
  return `${text.slice(0, from)}\n${lines.join('\n')}\n\n${text.slice(to)}`
}

function parameters(): string[] {
  const rows = Object.entries(spduTable).map(([type, spdu]) => [
    type,
    spdu.name,
    `${spdu.si}`,
    'prefix' in spdu ? spdu.prefix : '',
    'fields' in spdu ? parametersOf(spdu.fields) : '',
  ])
  return markdownTable(['SPDU', 'name', 'SI', 'prefix', 'parameters (PI or PGI)'], rows)
}

function parametersOf(fields: object): string {
  return Object.entries(fields)
    .map(([name, field]: [string, unknown]) => {
      if (Array.isArray(field)) return `${words(name)} (${String(field[0])})`
      const group = field as { readonly group: number; readonly fields: object }
      return `${words(name)} (${group.group}: ${parametersOf(group.fields)})`
    })
    .join(', ')
}

function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

function readings(): string[] {
  const rows = [...errata].map(([name, { clause, printed, reading }]) => [
    `\`${name}\``,
    clause,
    printed,
    reading,
  ])
  return markdownTable(['name', 'where', 'as printed', 'here'], rows)
}

function openRaces(): string[] {
  return markdownTable(
    ['where', 'what happens', 'here'],
    races.map(({ where, what, here }) => [where, what, here]),
  )
}
