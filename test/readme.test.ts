// Runs the READMEs: every TypeScript block type-checks, every program among them runs and prints what the
// README says it prints. How to write such a block: CONTRIBUTING.md.
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { publishedPackages, rootFolder } from '../scripts/workspace.ts'
import { type CodeBlock, codeBlocks, fileNameOf, printed, programs, textOf } from './readme/blocks.ts'
import { type Extracted, extract, type Outcome, runPrograms, typeCheck } from './readme/run.ts'

const readmes = ['.', ...publishedPackages().map(({ folder }) => folder)]
  .map((folder) => join(folder, 'README.md'))
  .filter((path) => existsSync(join(rootFolder, path)))
  .map((path) => ({ path, blocks: codeBlocks(readFileSync(join(rootFolder, path), 'utf8')) }))
  .filter(({ blocks }) => blocks.length > 0)

describe.each(readmes)('$path', ({ path, blocks }) => {
  let complaints: Map<string, string>
  let outcomes: Outcome[]

  beforeAll(async () => {
    const extracted: Extracted = await extract(
      path === 'README.md' ? 'root' : basename(join(path, '..')),
      blocks,
    )
    complaints = typeCheck(extracted)
    outcomes = await runPrograms(extracted)
  }, 60_000)

  it.each(blocks)('type-checks at line $line', (block) => {
    expect(complaints.get(fileNameOf(block))).toBeUndefined()
  })

  it.each(programs(blocks))('runs $file', (program) => {
    const outcome = outcomes.find(({ block }) => block === program)
    expect(outcome?.stderr).toBe('')
    expect(outcome?.exitCode ?? 0).toBe(0)
    expect(unexpected(program, outcome?.stdout ?? '')).toBeUndefined()
  })
})

describe('the reader of READMEs', () => {
  const markdown = [
    '```ts',
    '// server.ts',
    "import { a } from 'm'",
    'const x = a()',
    '```',
    '',
    '```text',
    'one',
    '...',
    '```',
    'words',
    '```ts',
    "import { a, b } from 'm'",
    'const x = b(a)',
    '```',
    '```sh',
    'npm start',
    '```',
  ].join('\n')
  const blocks = codeBlocks(markdown)
  const [file, fragment] = blocks

  it('tells files from fragments and knows what a program prints', () => {
    expect(blocks).toHaveLength(2)
    expect(file).toMatchObject({ file: 'server.ts', line: 2, prints: ['one', '...'] })
    expect(fragment).toMatchObject({ file: undefined, line: 13, prints: undefined })
  })

  it('checks a fragment as a block at the end of the file above it', () => {
    const text = fragment === undefined ? '' : textOf(fragment, blocks)
    expect(text).toContain("import { b } from 'm'\n// server.ts\nimport { a } from 'm'\n")
    expect(text).toContain('{\nconst x = b(a)\n}\n')
  })

  it('compares what was printed line by line, where `...` is any number of lines', () => {
    expect(printed(['one', '...', 'four'], 'one\ntwo\nthree\nfour\n')).toBe(true)
    expect(printed(['one', '...', 'four'], 'one\ntwo\n')).toBe(false)
    expect(printed(['a.b'], 'axb\n')).toBe(false)
  })
})

/** What a program printed, where the README says otherwise. */
function unexpected({ prints }: CodeBlock, stdout: string): string | undefined {
  return prints === undefined || printed(prints, stdout) ? undefined : stdout
}
