// The command that measures recovery: each figure once, with next to nothing to do, so that none of them
// rots.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { rootFolder } from '../../../scripts/workspace.ts'

const program = [
  '--conditions=@parley/source',
  '--import',
  '@oxc-node/core/register',
  'bench/recovery/main.ts',
]

/** Runs the command, with a folder of its own for all that it writes; nothing may be left in it. */
async function run(...args: readonly string[]): Promise<{ readonly code: unknown; readonly text: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-test-'))
  // PostgreSQL may run as somebody else.
  chmodSync(folder, 0o755)
  const child = spawn(process.execPath, [...program, ...args], {
    cwd: rootFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: folder },
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => (text += part))
  const [code] = (await once(child, 'close')) as [unknown]
  expect(readdirSync(folder)).toEqual([])
  rmdirSync(folder)
  return { code, text }
}

it('measures each figure, and leaves nothing behind', { timeout: 120_000 }, async () => {
  const { code, text } = await run('--quick')
  const lines = [
    /^ {2}retention: sync points and retention take -?\d+\.\d % .* more$/,
    /^ {2}cut: from a cut .* of 4$/,
    /^ {2}kill: from kill -9 .* the rest \d+/,
    /^ {2}takeover: from kill -9 .* ms\)$/,
    /^ {2}takeover: the same when the node falls silent /,
    /^ {2}storm: 20 sessions cut at once.*; none lost$/,
    /^ {2}durable: durable calls on LMDB/,
    /^ {2}durable: durable calls on PostgreSQL/,
    /^ {2}durable: the disk alone/,
  ]
  expect(text.split('\n').filter((line) => line.startsWith('  '))).toEqual(
    lines.map((line) => expect.stringMatching(line) as string),
  )
  expect(code).toBe(0)
})

it('measures nothing when asked for a figure that there is not', { timeout: 60_000 }, async () => {
  const { code, text } = await run('--only', 'cut,speed')
  expect(text).toContain("no figure 'speed'; there are retention, cut, kill, takeover, storm, durable")
  expect(code).toBe(1)
})
