// Runs the examples as their readers do: as processes, by their exit codes and what they print.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, it } from 'vitest'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const timeout = 60_000
const running = new Set<ChildProcess>()

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL')
  await Promise.all([...running].map((child) => once(child, 'exit')))
})

interface Program {
  readonly child: ChildProcess
  /** Resolves with the first line that it prints. */
  readonly firstLine: Promise<string>
  readonly ended: Promise<{ code: number | null; stdout: string[]; stderr: string }>
}

/** Starts a program of this folder from its source, with the packages from theirs. */
function start(file: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Program {
  const options = ['--conditions=@parley/source', '--import', '@oxc-node/core/register']
  const child = spawn(process.execPath, [...options, `examples/${file}`, ...args], {
    cwd: repository,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  const stdout: string[] = []
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const lines = createInterface(child.stdout).on('line', (line) => stdout.push(line))
  const firstLine = Promise.race([once(lines, 'line'), once(lines, 'close')]).then(([line]) => `${line}`)
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }))
  return { child, firstLine, ended }
}

/** A port that nobody listens on. */
async function freePort(): Promise<string> {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { port } = holder.address() as AddressInfo
  holder.close()
  await once(holder, 'close')
  return `${port}`
}

function uploadFolders(): string[] {
  const cache = `${repository}/examples/.cache`
  return existsSync(cache) ? readdirSync(cache).filter((name) => name.startsWith('uploads-')) : []
}

describe.concurrent('hello', () => {
  it('greets', { timeout }, async ({ expect }) => {
    const server = start('hello/server.ts', [], { PORT: '0' })
    const port = /^serving on port (\d+)$/.exec(await server.firstLine)?.[1] ?? 'none'
    const client = await start('hello/client.ts', ['Ada'], { PORT: port }).ended
    expect(client).toEqual({ code: 0, stdout: ['Hello, Ada!'], stderr: '' })
    server.child.kill('SIGTERM')
    expect(await server.ended).toMatchObject({ code: 0, stderr: '' })
  })
})

describe.concurrent('files', () => {
  it('tours this repository and ends by itself', { timeout }, async ({ expect }) => {
    const before = uploadFolders()
    const { code, stdout, stderr } = await start('files/main.ts').ended
    expect(stderr).toBe('')
    expect(code).toBe(0)
    // Not the wire: what comes of a stream before its cancel arrives depends on how fast this machine is.
    expect(stdout.findIndex((line) => line.startsWith('the wire'))).toBeLessThan(60)
    expect(stdout.join('\n')).not.toContain('\x1b')
    expect(stdout.filter((line) => line.length > 110)).toEqual([])
    for (const seen of [
      /^serving .* on tcp 127\.0\.0\.1:\d+$/,
      /^files\.v1: list, stat, checksum, search, download, upload, fetch, send$/,
      /^list: \d+ directories, \d+ files/,
      /✓ 3 matches, then break/,
      /sha256 here +[0-9a-f]{64}$/,
      /✓ the same$/,
      / 50 % +4\.0 MiB/,
      /100 % +8\.0 MiB/,
      /✓ the server has the same sha256$/,
      /✓ two connections lost, the same sha256$/,
      /✓ the same sha256, and the bar never went back$/,
      /stat no-such-file +NOT_FOUND +executed$/,
      /stat \.\.\/\.\.\/etc\/passwd +PERMISSION_DENIED +not-started$/,
      /^the wire: /,
      / -> CN\b/,
      / <- AC\b/,
      / -> .*\bDT\b/,
      / -> TD\b/,
      / -> FN\b/,
      / <- DN\b/,
    ]) {
      expect(stdout.some((line) => seen.test(line)) ? seen : stdout).toBe(seen)
    }
    expect(uploadFolders()).toEqual(before)
  })

  it('has a client that says in one line that there is no server', { timeout }, async ({ expect }) => {
    const { code, stdout, stderr } = await start('files/client.ts', ['--port', await freePort()]).ended
    expect({ code, stdout }).toEqual({ code: 1, stdout: [] })
    expect(stderr).toMatch(/^UNAVAILABLE: .*\n$/)
  })

  it(
    'has a client that fails where it should, and a server that ends when it is told to',
    { timeout },
    async ({ expect }) => {
      const server = start('files/server.ts', ['examples/hello', '--port', '0'])
      const port = /examples\/hello on tcp 127\.0\.0\.1:(\d+)$/.exec(await server.firstLine)?.[1] ?? 'none'
      const { code, stderr } = await start('files/client.ts', ['--port', port]).ended
      expect({ code, stderr }).toEqual({ code: 1, stderr: 'NOT_FOUND: "packages/core/src" does not exist\n' })
      server.child.kill('SIGTERM')
      expect(await server.ended).toMatchObject({ code: 0, stderr: '' })
    },
  )
})

describe.concurrent('approval', () => {
  it('goes back one step, deletes what was agreed on and nothing else', { timeout }, async ({ expect }) => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-approval-'))
    try {
      for (const name of ['keep.txt', 'old.bak', 'other~', 'x.tmp']) writeFileSync(join(folder, name), name)
      const answers = join(folder, 'answers.txt')
      writeFileSync(answers, 'yes\nno\nback\nyes\nno\nyes\n')
      const { code, stdout, stderr } = await start('approval/main.ts', ['--answers', answers, folder]).ended
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const asked = stdout.flatMap((line) => /^(\d\/\d delete \S+)|^(delete \d+ files)/.exec(line)?.[0] ?? [])
      expect(asked).toEqual([
        '1/3 delete old.bak',
        '2/3 delete other~',
        '3/3 delete x.tmp',
        '2/3 delete other~',
        '3/3 delete x.tmp',
        'delete 2 files',
      ])
      expect(stdout.slice(-5)).toEqual([
        'deleted old.bak',
        'deleted other~',
        '2 deleted, 13 B freed',
        'both sides agreed to end',
        'drained: 0 released, 0 cut off, 0 calls lost',
      ])
      expect(readdirSync(folder).sort()).toEqual(['answers.txt', 'keep.txt', 'x.tmp'])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('deletes nothing when the human leaves, and drains on SIGTERM', { timeout }, async ({ expect }) => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-approval-'))
    try {
      writeFileSync(join(folder, 'old.bak'), 'old')
      writeFileSync(join(folder, 'answers.txt'), 'yes\n')
      const server = start('approval/server.ts', [folder, '--port', '0'])
      const port = /tcp 127\.0\.0\.1:(\d+)$/.exec(await server.firstLine)?.[1] ?? 'none'
      const answers = ['--answers', join(folder, 'answers.txt')]
      const { code, stdout, stderr } = await start('approval/client.ts', ['--port', port, ...answers]).ended
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout.slice(-2)).toEqual(['left: nothing was deleted', 'both sides agreed to end'])
      server.child.kill('SIGTERM')
      expect(await server.ended).toMatchObject({ code: 0, stderr: '' })
      expect(readdirSync(folder)).toContain('old.bak')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('says what to do when there is neither a terminal nor a file', { timeout }, async ({ expect }) => {
    const { code, stderr } = await start('approval/client.ts', ['--port', '1']).ended
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'there is no terminal to ask at: give the answers in a file, --answers FILE\n',
    })
  })
})

describe.concurrent('session', () => {
  const whole = 'The dialogue has points both sides agree on, and outlives its connection.'
  it(
    'loses the connection, goes on with the activity, and the file is whole',
    { timeout },
    async ({ expect }) => {
      const { code, stdout, stderr } = await start('session/main.ts').ended
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const said = (who: string): string[] =>
        stdout
          .filter((line) => line.startsWith(who) && !line.includes(' wire '))
          .map((line) => line.slice(10))
      expect(said('sender')).toEqual([
        'minor-confirmed 1',
        'minor-confirmed 2',
        'resynchronize 3',
        'minor-confirmed 3',
        'minor-confirmed 4',
        'minor-confirmed 5',
      ])
      const points = (count: number): string[] => Array.from({ length: count }, () => 'minor-sync')
      expect(said('receiver')).toEqual([
        'activity-started',
        ...points(4),
        'closed',
        'the other side aborted the session, the file is "The dialogue has points both sides "',
        'activity-resumed',
        ...points(2),
        'activity-ended',
        'release-requested',
        'closed',
        `the session was released, the file is "${whole}"`,
      ])
      for (const who of ['sender', 'receiver']) {
        const wire = stdout.filter((line) => line.startsWith(who)).join('\n')
        for (const spdu of [
          'CN',
          'AC',
          'AS',
          'DT',
          'MIP',
          'MIA',
          'RS',
          'RA',
          'AB',
          'AR',
          'AE',
          'AEA',
          'FN',
          'DN',
        ]) {
          expect(wire).toMatch(new RegExp(`wire .*\\b${spdu}\\b`))
        }
      }
    },
  )
})
