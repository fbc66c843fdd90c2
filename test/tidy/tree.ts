// The repository as the tidy rules see it: paths and texts, so that a rule is a pure function and can be
// shown to fail.
import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { rootFolder } from '../../scripts/workspace.ts'

/** One text file. */
export interface TextFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string
  readonly text: string
}

/** Every text file of the repository: what git tracks, and what it would track if it were added. */
export function readTree(): TextFile[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: rootFolder,
    encoding: 'utf8',
  })
  const paths = listed.split('\0').filter((path) => path !== '' && isFile(path))
  const files = paths.map((path) => ({ path, text: readFileSync(join(rootFolder, path), 'utf8') }))
  return files.filter(({ text }) => !text.includes('\0'))
}

/** A file's text without its comments, its line numbers kept. Good enough for code that is formatted. */
export function withoutComments(text: string): string {
  const blank = (comment: string): string => comment.replace(/[^\n]/g, ' ')
  return text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, blank)
}

/** A file's text without what stands under `// prettier-ignore`, its line numbers kept. */
export function withoutTables(text: string): string {
  const table =
    /^( *)\/\/ (?:prettier|oxfmt)-ignore\n[\s\S]*?^\1[}\]].*$|^ *\/\/ (?:prettier|oxfmt)-ignore\n.*$/gm
  return text.replace(table, (lines) => lines.replace(/[^\n]/g, ''))
}

/** What a file imports or re-exports, statically or not: as written. */
export function importsOf(file: TextFile): string[] {
  const pattern = /(?:\bfrom\s*|\bimport\s*\(?\s*)'([^'\n]+)'/g
  return [...withoutComments(file.text).matchAll(pattern)].map(([, specifier]) => specifier ?? '')
}

/** The path that a relative import of a file means. */
export function resolveImport(file: TextFile, specifier: string): string {
  return posix.join(posix.dirname(file.path), specifier)
}

/** `path:line: found` for every match of a pattern in a file's text. */
export function findAll(file: TextFile, pattern: RegExp, text: string = file.text): string[] {
  return text.split('\n').flatMap((line, index) => {
    const found = pattern.exec(line)
    return found === null ? [] : [`${file.path}:${index + 1}: ${found[0].trim()}`]
  })
}

function isFile(path: string): boolean {
  return statSync(join(rootFolder, path), { throwIfNoEntry: false })?.isFile() === true
}
