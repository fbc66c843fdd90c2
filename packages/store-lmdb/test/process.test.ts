// The store and its process: kill -9, two processes on one file, and disks that take no more.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { StoreFailure } from '@parley/core'
import { seeded } from '@parley/core/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { lmdbLimits, lmdbStore } from '../src/index.ts'
import { freshPath } from './folder.ts'

const program = fileURLToPath(new URL('writer.ts', import.meta.url))
const children = new Set<ChildProcess>()

afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
})

/** A process that opens the store and writes calls; its lines say what it did. Ids: whom it runs as. */
function startWriter(path: string, options: { prefix?: string; uid?: number; rests?: boolean } = {}) {
  const node = ['--conditions=@parley/source', '--import', '@oxc-node/core/register', program, path]
  const [command, args] =
    options.prefix === undefined
      ? [process.execPath, node]
      : ['bash', ['-c', `${options.prefix}; exec "$0" "$@"`, process.execPath, ...node]]
  const env = {
    ...process.env,
    WRITER_UID: String(options.uid ?? ''),
    WRITER_RESTS: options.rests === true ? '1' : '',
  }
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env })
  children.add(child)
  let stderr = ''
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
  const lines = createInterface(child.stdout)
  return { child, lines: new Lines(lines), ended: once(child, 'exit'), stderr: () => stderr }
}

/** The lines a process prints, one after the other. */
class Lines {
  readonly all: string[] = []
  #wake: () => void = () => {}
  #over = false

  constructor(lines: Interface) {
    lines.on('line', (line) => {
      this.all.push(line)
      this.#wake()
    })
    lines.on('close', () => {
      this.#over = true
      this.#wake()
    })
  }

  /** Waits until this many lines are there, or there will be no more. */
  async count(count: number): Promise<void> {
    while (this.all.length < count && !this.#over)
      await new Promise<void>((resolve) => (this.#wake = resolve))
  }

  /** Waits for the first line that begins so. */
  async first(start: string): Promise<string> {
    for (let at = 0; ; at++) {
      await this.count(at + 1)
      const line = this.all[at]
      if (line === undefined) throw new Error(`no line begins with ${start}: ${this.all.join(' / ')}`)
      if (line.startsWith(start)) return line
    }
  }
}

/** The serials that a store has, and those that a process was told are durable. */
async function serialsIn(path: string): Promise<Set<number>> {
  const store = await lmdbStore({ path })
  const serials = new Set<number>()
  const name = { kind: 'session', id: 'writer' } as const
  for (let from = 0; ;) {
    const ledger = await store.read(name, { entries: { from, limit: 1024 } }, 0)
    const entries = ledger?.entries ?? []
    for (const { serial } of entries) serials.add(serial)
    if (entries.length < 1024) break
    from = (entries.at(-1)?.serial ?? 0) + 1
  }
  await store.close()
  return serials
}

function acknowledged(lines: readonly string[]): number[] {
  return lines.flatMap((line) => (line.startsWith('done ') ? [Number(line.slice(5))] : []))
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'done'
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error
    return `${error.code} ${error.outcome}: ${error.message}`
  }
}

describe('a process that is killed', () => {
  it('leaves everything that was acknowledged, time and again', async () => {
    const path = freshPath()
    const random = seeded(3)
    const all: number[] = []
    for (let round = 0; round < 4; round++) {
      const writer = startWriter(path)
      await writer.lines.count(100 + random.below(600))
      writer.child.kill('SIGKILL')
      await writer.ended
      all.push(...acknowledged(writer.lines.all))
      const kept = await serialsIn(path)
      expect(all.filter((serial) => !kept.has(serial))).toEqual([])
    }
    expect(all.length).toBeGreaterThan(400)
  })
})

describe('two processes on one file', () => {
  it('are one too many: the second is told who has it, until that one is gone', async () => {
    const path = freshPath()
    const writer = startWriter(path)
    await writer.lines.first('done')
    const refused = `locked not-written: process ${writer.child.pid} has ${path}`
    expect(await failureOf(lmdbStore({ path }))).toBe(refused)
    writer.child.kill('SIGSTOP')
    expect(await failureOf(lmdbStore({ path }))).toBe(refused)
    writer.child.kill('SIGKILL')
    await writer.ended
    const store = await lmdbStore({ path })
    expect(await failureOf(lmdbStore({ path }))).toBe(
      `locked not-written: process ${process.pid} has ${path}`,
    )
    await store.close()
    await (await lmdbStore({ path })).close()
  })

  it('leave a file free that names nobody, and one that can only be seen alone', async () => {
    const path = freshPath()
    for (const text of ['', 'no JSON', '{}', `{"holder":"x","pid":${2 ** 30},"started":""}`]) {
      writeFileSync(`${path}-holder`, text)
      await (await lmdbStore({ path })).close()
    }
    symlinkSync(`${path}-nowhere`, `${path}-holder`)
    expect(lmdbLimits.holdAttempts).toBe(10)
    expect(await failureOf(lmdbStore({ path }))).toMatch(
      /^locked not-written: .* can neither be taken nor read/,
    )
  })

  it('cannot both write, even if one does not see the other', async () => {
    const path = freshPath()
    const writer = startWriter(path, { rests: true })
    await writer.lines.first('rests')
    rmSync(`${path}-holder`)
    const store = await lmdbStore({ path })
    writer.child.stdin.write('go on\n')
    expect(await writer.lines.first('failed')).toMatch(/stopped not-written.* another process has taken/)
    const name = { kind: 'key', id: 'k' } as const
    await store.write([{ name, epoch: 0, take: true, retention: { expires: 1, removes: 1 } }], 0)
    await store.close()
    await writer.ended
    expect(writer.stderr()).toBe('')
  })
})

describe('a disk that takes no more', () => {
  it('stops the store in the middle of a flush: unknown once, then nothing is written', async () => {
    const path = freshPath()
    // Files of at most 2,000 blocks; the signal that comes with it is ignored, so that the write fails.
    const writer = startWriter(path, { prefix: 'trap "" XFSZ; ulimit -f 2000' })
    const failed = await writer.lines.first('failed')
    expect(failed).toMatch(/^failed stopped unknown the disk failed: /)
    expect(await writer.lines.first('then')).toMatch(
      /^then stopped not-written the store has stopped: the disk/,
    )
    expect(await writer.ended).toEqual([0, null])
    const kept = await serialsIn(path)
    expect(acknowledged(writer.lines.all).filter((serial) => !kept.has(serial))).toEqual([])
    expect(statSync(path).size).toBeLessThanOrEqual(2000 * 1024)
  })

  it('is told from one that may not be written', async () => {
    const path = freshPath()
    await (await lmdbStore({ path })).close()
    chmodSync(path, 0o444)
    // Whoever may do everything does it as somebody who may not.
    const uid = process.getuid?.() === 0 ? 65_534 : undefined
    const writer = startWriter(path, { ...(uid !== undefined && { uid }) })
    expect(await writer.lines.first('failed')).toMatch(/^failed read-only not-written .*EACCES/)
    await writer.ended
    chownSync(path, process.getuid?.() ?? 0, process.getgid?.() ?? 0)
  })
})
