// A few real kills of real processes, on both durable stores; .ci/run has more, and `npm run kills` as many
// as one likes.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { rootFolder } from '../../../scripts/workspace.ts'

const timeout = 120_000
const program = ['--conditions=@parley/source', '--import', '@oxc-node/core/register', 'bench/kills/main.ts']

/** Starts the command, with a folder of its own for all that it writes. */
function start(...args: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-test-'))
  // PostgreSQL may run as somebody else.
  chmodSync(folder, 0o755)
  const child = spawn(process.execPath, [...program, ...args], {
    cwd: rootFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: folder },
  })
  const said = { text: '' }
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said.text += text))
  const closed = once(child, 'close') as Promise<[code: number | null, signal: string | null]>
  return { child, folder, said, closed }
}

/** Neither a file nor a process. */
function expectNothingLeft(folder: string): void {
  expect(readdirSync(folder)).toEqual([])
  rmdirSync(folder)
  expect(spawnSync('pgrep', ['-af', folder], { encoding: 'utf8' }).stdout).toBe('')
}

it('kills servers and clients, and finds nothing lost and nothing doubled', { timeout }, async () => {
  const { folder, said, closed } = start('--count', '6', '--seed', '1')
  const [code] = await closed
  expect(said.text).toMatch(/^6 of 6 kills in \d+ s: calls \d+, lost 0, doubled 0, wrong 0, unknown \d+$/m)
  expect(code).toBe(0)
  expectNothingLeft(folder)
})

it('leaves nothing behind when it is interrupted', { timeout }, async () => {
  const { child, folder, closed } = start('--count', '1000')
  const isAtWork = (): boolean => spawnSync('pgrep', ['-f', `${folder}.*client.mjs`]).status === 0
  while (!isAtWork()) await sleep(20)
  child.kill('SIGINT')
  expect(await closed).toEqual([130, null])
  expectNothingLeft(folder)
})
