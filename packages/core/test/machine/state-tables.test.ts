// docs/state-tables.md must be what the tables say now. UPDATE=1 prints it anew.

import { readFileSync, writeFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import * as actions from '../../src/machine/actions.ts'
import * as predicates from '../../src/machine/predicates.ts'
import { stateTablesPage } from './support/state-tables-page.ts'

const path = new URL('../../../../docs/state-tables.md', import.meta.url)

describe('docs/state-tables.md', () => {
  it('is what the tables say', () => {
    const page = stateTablesPage()
    if (process.env['UPDATE'] === '1') writeFileSync(path, page)
    expect(readFileSync(path, 'utf8')).toBe(page)
  })

  it('says what every predicate and action means', () => {
    const page = stateTablesPage()
    const named = [
      ...Object.keys(predicates),
      ...Object.keys(actions).map((name) => `[${Number(name.slice(1))}]`),
    ]
    for (const name of named) expect(page).toMatch(`\n| ${name} `)
  })
})
