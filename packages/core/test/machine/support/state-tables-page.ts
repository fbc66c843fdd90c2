// docs/state-tables.md, made of the tables that the machine runs and of what stands above its predicates and
// actions, so that it cannot say anything else.

import { readFileSync } from 'node:fs'

import { stateSentences } from '../../../src/machine/state.ts'
import { errata } from '../../../src/machine/tables/errata.ts'
import { plainTables, symmetricTables, tables } from '../../../src/machine/tables/index.ts'
import type { Table } from '../../../src/machine/tables/table.ts'
import { markdownTable } from '../../support/markdown.ts'
import { asFacts, type FactArm, type FactCell, type Facts } from './facts.ts'

/** The whole page. */
export function stateTablesPage(): string {
  return [
    '# State tables',
    '',
    'Printed from `packages/core/src/machine` by its test (`UPDATE=1`). Rows are ' +
      'what happens to a machine, by the',
    'state it is in; a state that is not listed is an invalid intersection: a ' +
      'mistake of the user changes nothing',
    'and throws, one of the peer ends the session connection. `p` is a predicate, ' +
      '`[n]` an action, `!` a negation,',
    '`//` what cannot happen. Where the standard is read otherwise than printed, see the errata.',
    '',
    '## States',
    '',
    ...markdownTable(['state', 'meaning'], Object.entries(stateSentences)),
    '',
    '## Tables A.8 to A.16',
    '',
    'The cells without symmetric synchronize.',
    '',
    ...rowsOf([...tables, ...plainTables]),
    '## Tables A.17 to A.25',
    '',
    'The cells that differ, or exist only, with symmetric synchronize. All others ' +
      'are as above, but that the rows',
    'for each type of RS and SRSYNreq do not exist.',
    '',
    ...rowsOf(symmetricTables),
    '## Predicates',
    '',
    ...markdownTable(['predicate', 'holds when'], commentsOf('predicates', /p\d+/)),
    '',
    '## Actions',
    '',
    ...markdownTable(['action', 'what it does'], commentsOf('actions', /a\d+/)),
    '',
    '## Errata',
    '',
    ...markdownTable(
      ['name', 'where', 'printed', 'read as'],
      [...errata].map(([name, { clause, printed, reading }]) => [name, clause, printed, reading]),
    ),
    '',
  ].join('\n')
}

function rowsOf(all: readonly Table[]): string[] {
  const facts: Facts = asFacts(...all)
  return Object.entries(facts).flatMap(([event, row]) => [
    `### ${event}`,
    '',
    ...markdownTable(
      ['state', 'when', 'does', 'goes to'],
      Object.entries(row).flatMap(([state, cell]) => cellRows(state, cell)),
    ),
    '',
  ])
}

function cellRows(state: string, cell: FactCell): string[][] {
  return cell.map((arm, i) => [
    i === 0 ? state : '',
    ...(arm === 'impossible' ? ['', '//', ''] : armRow(arm)),
  ])
}

function armRow(arm: FactArm): string[] {
  const after = arm.after === undefined ? '' : `, then ${arm.after.join(' ')}`
  return [(arm.if ?? '').replaceAll('&&', ' '), arm.do.join(' '), `${arm.next}${after}`]
}

/** What is written above each exported predicate or action, by its name in print. */
function commentsOf(module: string, name: RegExp): string[][] {
  const source = readFileSync(new URL(`../../../src/machine/${module}.ts`, import.meta.url), 'utf8')
  const pattern = new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\nexport const (${name.source})\\b`, 'g')
  return [...source.matchAll(pattern)].map(([, comment = '', id = '']) => [
    id.startsWith('a') ? `[${Number(id.slice(1))}]` : id,
    comment.replaceAll(/\s*\n? +\* ?|\s+/g, ' ').trim(),
  ])
}
