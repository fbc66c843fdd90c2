// Holds docs/guarantees.md to the tests: each cell of its tables is a link to a test that there is, under the
// title that it has. Whether the test shows what the cell says is for its reader to judge.
import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rootFolder } from '../scripts/workspace.ts'

const page = 'docs/guarantees.md'

function textOf(path: string): string | undefined {
  const file = join(rootFolder, path)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** What is wrong with a page, as sentences; `read` gives the text of a file, by its path from the root. */
function problemsOf(text: string, read: (path: string) => string | undefined): string[] {
  const definition = /^\[([\w-]+)\]: (\S+)(?: (["'])(.*)\3)?$/gm
  const links = [...text.matchAll(definition)].map(([, label = '', path = '', , title = '']) => ({
    label,
    path: posix.join(posix.dirname(page), path),
    title,
  }))
  const used = [...text.matchAll(/\]\[([\w-]+)\]/g)].map(([, label = '']) => label)
  return [
    ...links.flatMap(({ label, path, title }) => {
      const file = read(path)
      if (file === undefined) return [`${label}: there is no ${path}`]
      return titlesOf(file).includes(title) ? [] : [`${label}: no test "${title}" in ${path}`]
    }),
    ...links.filter(({ label }) => !used.includes(label)).map(({ label }) => `${label}: nothing links to it`),
    ...used
      .filter((label) => !links.some((link) => link.label === label))
      .map((label) => `${label}: leads nowhere`),
    ...cellsOf(text)
      .filter((cell) => !/^\[[^\]]+\]\[[\w-]+\]$/.test(cell))
      .map((cell) => `"${cell}": not a link to a test`),
  ]
}

/** The titles of a file's tests, as they are written there: with `%s` and `${...}` as they are. */
function titlesOf(file: string): string[] {
  const opening = /(?:\b(?:it|test)|\))\(\s*(['"`])((?:\\.|(?!\1)[\s\S])*)\1/g
  return [...file.matchAll(opening)].map(([, , title = '']) => title.replace(/\\(['"`])/g, '$1'))
}

/** The cells of the tables below the first headline of the second rank, but for heads and left edges. */
function cellsOf(text: string): string[] {
  const tables = text.slice(text.indexOf('\n## ')).match(/(?:^\|.*\|$\n?)+/gm) ?? []
  return tables.flatMap((table) =>
    table
      .trim()
      .split('\n')
      .slice(2)
      .flatMap((row) =>
        row
          .slice(1, -1)
          .split('|')
          .slice(1)
          .map((cell) => cell.trim()),
      ),
  )
}

it('every cell of the guarantees names a test that there is', () => {
  const text = textOf(page) ?? ''
  expect(cellsOf(text).length).toBeGreaterThan(100)
  expect(problemsOf(text, textOf)).toEqual([])
})

describe('a page is found to be wrong', () => {
  const tests = [
    "it('is one', () => {})",
    "it.each([['a', 1]])('is %s', () => {})",
    "it.each<[string]>([\n  ['b'],\n])(\n  'is \\'that\\'',\n  () => {},\n)",
  ].join('\n')
  const read = (path: string): string | undefined => (path === 'test/a.test.ts' ? tests : undefined)
  const table = (cell: string): string => `# Page\n\n## Part\n\n| a | b |\n| --- | --- |\n| c | ${cell} |\n`
  const titled = (title: string): string => `${table('[yes][t]')}\n[t]: ../test/a.test.ts "${title}"\n`

  it('not when all is well', () => {
    for (const title of ['is one', 'is %s', "is 'that'"]) expect(problemsOf(titled(title), read)).toEqual([])
  })

  it.each([
    ['a title that no test has', titled('is two')],
    ['a title that is only the beginning of one', titled('is')],
    ['no title', `${table('[yes][t]')}\n[t]: ../test/a.test.ts\n`],
    ['a file that is not there', `${table('[yes][t]')}\n[t]: ../test/b.test.ts "is one"\n`],
    ['a link that leads nowhere', table('[yes][t]')],
    ['a cell that is no link', table('yes')],
    ['a link that nothing uses', '# Page\n\n## Part\n\n[t]: ../test/a.test.ts "is one"\n'],
  ])('for %s', (_, text) => {
    expect(problemsOf(text, read)).toHaveLength(1)
  })
})
