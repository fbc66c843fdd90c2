// Runs every static check, one after the other, and says at the end which failed: `npm run check`, or
// `npm run check lint` for those whose names are given. A check is one command of a tool; what it checks
// stands in that tool's own file.
import { spawnSync } from 'node:child_process'
import { publishedPackages, rootFolder, toolPath } from './workspace.ts'

interface Check {
  readonly name: string
  /** What a reader learns when it passes. */
  readonly says: string
  readonly command: readonly [tool: string, ...args: string[]]
}

const sources = publishedPackages().map(({ folder }) => `${folder}/src`)

const checks: readonly Check[] = [
  { name: 'types', says: 'every file type-checks', command: ['tsc', '-b'] },
  { name: 'lint', says: 'no lint rule is broken', command: ['oxlint'] },
  { name: 'format', says: 'every file is formatted', command: ['oxfmt', '--check'] },
  {
    name: 'layers',
    says: 'imports go down',
    command: ['depcruise', '--config', '.dependency-cruiser.mjs', ...sources],
  },
  { name: 'dead-code', says: 'nothing is unused', command: ['knip', '--treat-config-hints-as-errors'] },
  { name: 'tidy', says: 'the rules that no tool knows hold', command: ['vitest', 'run', 'test/tidy'] },
]

const wanted = process.argv.slice(2)
const chosen = checks.filter((check) => wanted.length === 0 || wanted.includes(check.name))
if (chosen.length === 0)
  throw new Error(`No such check. There are: ${checks.map(({ name }) => name).join(', ')}`)

const failed = chosen.filter((check) => !passes(check))
if (failed.length > 0) console.error(`\nFailed: ${failed.map(({ name }) => name).join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1

/** Runs one check; shows what the tool printed only when it failed. */
function passes(check: Check): boolean {
  const [tool, ...args] = check.command
  const started = performance.now()
  const { status, stdout, stderr, error } = spawnSync(toolPath(tool), args, {
    cwd: rootFolder,
    encoding: 'utf8',
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (status === 0) {
    console.log(`ok      ${check.name}: ${check.says} (${seconds} s)`)
    return true
  }
  console.log(`FAILED  ${check.name} (${seconds} s): ${check.command.join(' ')}`)
  process.stdout.write(`${stdout ?? ''}${stderr ?? ''}${error === undefined ? '' : `${error.message}\n`}`)
  return false
}
