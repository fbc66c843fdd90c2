// The file service through sessions in memory: what it answers, and that nothing stays behind when a call is
// cut.
import { createHash } from 'node:crypto'
import type { EventEmitter } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memory } from '@parley/core/testing'
import { connect, serve, withOptions, type Client, type Server, type Stub } from '@parley/rpc'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Files, type Match } from '../files/contract.ts'
import { Directory } from '../files/directory.ts'
import { limits } from '../files/limits.ts'
import { FilesService } from '../files/service.ts'

/** Every file that the service opened, until it is closed. */
const openFiles = vi.hoisted(() => new Set<FileHandle>())

vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>()
  const open = async (...args: Parameters<typeof original.open>): Promise<FileHandle> => {
    const file = await original.open(...args)
    openFiles.add(file)
    // The types leave out that a FileHandle is an EventEmitter.
    ;(file as unknown as EventEmitter).once('close', () => openFiles.delete(file))
    return file
  }
  return { ...original, open }
})

const uploadLimit = 1024 * 1024
let base: string
let root: string
let server: Server
let client: Client
let files: Stub<Files>

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'parley-files-')))
  root = join(base, 'root')
  await mkdir(join(root, 'docs'), { recursive: true })
  await writeFile(join(base, 'secret.txt'), 'needle in the secret')
  await writeFile(join(root, 'a.txt'), 'one\n  a needle here\nthree\nneedle\n')
  await writeFile(join(root, 'docs', 'b.txt'), 'the last needle')
  const transport = memory()
  const service = new FilesService(await Directory.at(root), uploadLimit)
  server = await serve({ listen: transport, services: [service] })
  client = await connect(transport)
  files = client.stub(Files)
})

afterEach(async () => {
  await client.close()
  await server.close()
  await nothingOpen()
  await rm(base, { recursive: true })
})

/** Resolves when no handler runs any more and every file is closed. */
async function nothingOpen(): Promise<void> {
  await vi.waitFor(() => {
    expect([...server.sessions].reduce((sum, session) => sum + session.activeCalls, 0)).toBe(0)
    expect(openFiles.size).toBe(0)
  }, WAIT)
}

function errorOf(result: Promise<unknown>): Promise<unknown> {
  return result.then(
    () => 'no error',
    (thrown: unknown) => thrown,
  )
}

const WAIT = { timeout: 5_000, interval: 2 }
const big = 4 * 1024 * 1024

function sha256(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex')
}

async function* chunksOf(...chunks: unknown[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield chunk as Uint8Array
}

describe('list and stat', () => {
  it('show files, directories and links', async () => {
    await symlink(join(base, 'secret.txt'), join(root, 'link'))
    const kinds = (await files.list('')).map(({ name, kind }) => [name, kind])
    expect(kinds).toEqual([
      ['a.txt', 'file'],
      ['docs', 'directory'],
      ['link', 'link'],
    ])
    const entry = await files.stat('docs/b.txt')
    expect(entry).toMatchObject({ name: 'b.txt', kind: 'file', size: 15 })
    expect(entry.modified).toBeInstanceOf(Date)
    expect((await files.stat('')).name).toBe('')
  })

  it.each([
    ['stat', 'no-such-file', 'NOT_FOUND'],
    ['list', 'a.txt', 'FAILED_PRECONDITION'],
    ['checksum', 'docs', 'FAILED_PRECONDITION'],
    ['stat', '../secret.txt', 'PERMISSION_DENIED'],
    ['checksum', '..\\secret.txt', 'INVALID_ARGUMENT'],
  ] as const)('answer %s %j with %s, which names the path and not the place', async (method, path, code) => {
    const error = await errorOf(files[method](path))
    expect(error).toMatchObject({ name: 'RpcError', code, details: { path } })
    expect((error as Error).message).not.toContain(base)
  })
})

describe('search', () => {
  async function found(text: string, path?: string): Promise<Match[]> {
    const all: Match[] = []
    for await (const match of files.search(text, path)) all.push(match)
    return all
  }

  it('finds lines, in the order of names, with their numbers', async () => {
    expect(await found('needle')).toEqual([
      { path: 'a.txt', line: 2, text: 'a needle here' },
      { path: 'a.txt', line: 4, text: 'needle' },
      { path: 'docs/b.txt', line: 1, text: 'the last needle' },
    ])
    expect(await found('needle', 'docs')).toHaveLength(1)
    expect(await found('needle', 'a.txt')).toHaveLength(2)
    expect(await found('no such text')).toEqual([])
  })

  it('takes the text as it is, not as a pattern', async () => {
    await writeFile(join(root, 'c.txt'), 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\n(a+)+$\n')
    expect(await found('(a+)+$')).toEqual([{ path: 'c.txt', line: 2, text: '(a+)+$' }])
  })

  it('follows no link, and leaves out what is binary, large, hidden or of others', async () => {
    await symlink(base, join(root, 'link'))
    await symlink(join(base, 'secret.txt'), join(root, 'link.txt'))
    await writeFile(join(root, 'binary'), 'needle\0')
    await writeFile(join(root, 'large'), Buffer.alloc(limits.searchedFile + 1, 'needle\n'))
    for (const name of ['.hidden', 'node_modules']) {
      await mkdir(join(root, name))
      await writeFile(join(root, name, 'x.txt'), 'needle')
    }
    expect(new Set((await found('needle')).map(({ path }) => path))).toEqual(new Set(['a.txt', 'docs/b.txt']))
  })

  it.each([
    ['no text', ''],
    ['a text that is too long', 'x'.repeat(limits.searchText + 1)],
  ])('refuses %s', async (_what, text) => {
    await expect(found(text)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', outcome: 'not-started' })
  })

  it('is refused outside', async () => {
    await expect(found('needle', '..')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  })

  it('stops when its caller has seen enough', async () => {
    await writeFile(join(root, 'c.txt'), 'needle\n'.repeat(100_000))
    for await (const match of files.search('needle')) if (match.path === 'c.txt') break
    await nothingOpen()
    expect(client.activeCalls).toBe(0)
  })
})

describe('download', () => {
  it('gives the same octets', async () => {
    const octets = Buffer.alloc(300_000, 'abcdefg')
    await writeFile(join(root, 'file'), octets)
    const hash = createHash('sha256')
    for await (const chunk of files.download('file')) {
      expect(chunk.length).toBeLessThanOrEqual(limits.chunk)
      hash.update(chunk)
    }
    const expected = sha256(octets)
    expect(hash.digest('hex')).toBe(expected)
    expect(await files.checksum('file')).toBe(expected)
  })

  it('of an empty file has no chunk', async () => {
    await writeFile(join(root, 'empty'), '')
    const chunks: Uint8Array[] = []
    for await (const chunk of files.download('empty')) chunks.push(chunk)
    expect(chunks).toEqual([])
  })

  it('that is broken off closes the file', async () => {
    await writeFile(join(root, 'big'), Buffer.alloc(big))
    for await (const _ of files.download('big')) {
      expect(openFiles.size).toBe(1)
      break
    }
    await nothingOpen()
  })

  it('that is cancelled closes the file', async () => {
    await writeFile(join(root, 'big'), Buffer.alloc(big))
    const controller = new AbortController()
    const chunks = withOptions(files, { signal: controller.signal }).download('big')[Symbol.asyncIterator]()
    await chunks.next()
    expect(openFiles.size).toBe(1)
    controller.abort()
    await nothingOpen()
  })

  it('whose session is lost closes the file', async () => {
    await writeFile(join(root, 'big'), Buffer.alloc(big))
    const chunks = files.download('big')[Symbol.asyncIterator]()
    await chunks.next()
    expect(openFiles.size).toBe(1)
    client.abort()
    await nothingOpen()
  })
})

describe('upload', () => {
  it('writes a file, in place of an older one', async () => {
    const [one, two] = [Buffer.alloc(70_000, 'x'), Buffer.from('y')]
    const uploaded = await files.upload('a.txt', chunksOf(one, two))
    const whole = Buffer.concat([one, two])
    expect(uploaded).toEqual({ size: 70_001, sha256: sha256(whole) })
    expect(sha256(await readFile(join(root, 'a.txt')))).toBe(uploaded.sha256)
    expect((await readdir(root)).sort()).toEqual(['a.txt', 'docs'])
  })

  it('replaces a link that leads out, and does not write through it', async () => {
    await symlink(join(base, 'secret.txt'), join(root, 'link'))
    await files.upload('link', chunksOf(Buffer.from('new')))
    expect(await readFile(join(root, 'link'), 'utf8')).toBe('new')
    expect(await readFile(join(base, 'secret.txt'), 'utf8')).toBe('needle in the secret')
  })

  it.each([
    ['', 'INVALID_ARGUMENT'],
    ['../new.txt', 'PERMISSION_DENIED'],
    ['/tmp/new.txt', 'PERMISSION_DENIED'],
    ['nowhere/new.txt', 'NOT_FOUND'],
    ['docs', 'FAILED_PRECONDITION'],
  ])('to %j ends with %s', async (path, code) => {
    await expect(files.upload(path, chunksOf(Buffer.from('x')))).rejects.toMatchObject({ code })
    expect((await readdir(root)).sort()).toEqual(['a.txt', 'docs'])
    expect(await readdir(base)).toEqual(['root', 'secret.txt'])
  })

  describe('leaves nothing, and the older file as it was, when', () => {
    afterEach(async () => {
      await nothingOpen()
      await onlyTheOldFiles()
    })

    async function onlyTheOldFiles(): Promise<void> {
      // When the session is lost nobody can tell when the handler has ended.
      await vi.waitFor(async () => expect((await readdir(root)).sort()).toEqual(['a.txt', 'docs']), WAIT)
      expect(await readFile(join(root, 'a.txt'), 'utf8')).toMatch(/^one\n/)
    }

    /** Sends a chunk and then nothing more, nor an end. */
    async function* stalling(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(1000)
      await new Promise(() => undefined)
    }

    async function begun(): Promise<void> {
      await vi.waitFor(() => expect(openFiles.size).toBe(1), WAIT)
      expect(await readdir(root)).toHaveLength(3)
    }

    it('the call is cancelled', async () => {
      const controller = new AbortController()
      const error = errorOf(withOptions(files, { signal: controller.signal }).upload('a.txt', stalling()))
      await begun()
      controller.abort()
      expect(await error).toMatchObject({ code: 'CANCELLED' })
    })

    it('the deadline passes', async () => {
      const error = errorOf(withOptions(files, { timeout: 200 }).upload('a.txt', stalling()))
      await begun()
      expect(await error).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    })

    it('the session is lost', async () => {
      const error = errorOf(files.upload('a.txt', stalling()))
      await begun()
      client.abort()
      expect(await error).toMatchObject({ code: 'UNAVAILABLE' })
    })

    it('the source fails', async () => {
      async function* failing(): AsyncGenerator<Uint8Array> {
        yield Buffer.alloc(1000)
        throw new Error('the disk here is broken')
      }
      await expect(files.upload('a.txt', failing())).rejects.toMatchObject({ name: 'RpcError' })
    })

    it('the file is larger than allowed', async () => {
      const chunk = Buffer.alloc(uploadLimit / 2)
      await expect(files.upload('a.txt', chunksOf(chunk, chunk, Buffer.alloc(1)))).rejects.toMatchObject({
        code: 'RESOURCE_EXHAUSTED',
      })
    })

    it('a chunk is not octets', async () => {
      await expect(files.upload('a.txt', chunksOf('text'))).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      })
    })
  })
})
