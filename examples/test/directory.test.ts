// Confinement: no path that a caller can write leads out of the served directory.
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRpcError } from '@parley/rpc'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Directory, namesOf } from '../files/directory.ts'
import { limits } from '../files/limits.ts'

let base: string
let root: string
let directory: Directory

// base/secret.txt, base/rooted/ and base/root/ with all that a link can do.
beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'parley-directory-')))
  root = join(base, 'root')
  await mkdir(join(root, 'inner', 'deep'), { recursive: true })
  await mkdir(join(base, 'rooted'))
  await writeFile(join(base, 'secret.txt'), 'secret')
  await writeFile(join(root, 'file.txt'), 'file')
  await writeFile(join(root, '..file'), 'two dots, and no way up')
  await writeFile(join(root, 'inner', 'deep', 'leaf.txt'), 'leaf')
  await symlink(join(base, 'secret.txt'), join(root, 'link-to-file-outside'))
  await symlink('..', join(root, 'link-up'))
  await symlink('../rooted', join(root, 'link-to-sibling'))
  await symlink('link-up', join(root, 'link-to-link-up'))
  await symlink('inner', join(root, 'link-inside'))
  await symlink('../inner/../../secret.txt', join(root, 'inner', 'link-winding-out'))
  await symlink('link-loop', join(root, 'link-loop'))
  execFileSync('mkfifo', [join(root, 'pipe')])
  directory = await Directory.at(root)
})

afterAll(() => rm(base, { recursive: true }))

const ways = {
  locate: (path: string) => directory.locate(path),
  locateNew: (path: string) => directory.locateNew(path),
  openFile: (path: string) => directory.openFile(path),
}

async function errorOf(result: Promise<unknown>): Promise<unknown> {
  return result.then(
    () => 'no error',
    (thrown: unknown) => {
      if (!isRpcError(thrown)) throw thrown
      const { code, details, outcome } = thrown
      return { code, details, outcome }
    },
  )
}

describe.each(Object.entries(ways))('%s', (_name, way) => {
  it.each([
    ['PERMISSION_DENIED', '..'],
    ['PERMISSION_DENIED', '../secret.txt'],
    ['PERMISSION_DENIED', 'inner/../../secret.txt'],
    ['PERMISSION_DENIED', 'inner/..'],
    ['PERMISSION_DENIED', './..//secret.txt'],
    ['PERMISSION_DENIED', '/etc/passwd'],
    ['PERMISSION_DENIED', '//etc/passwd'],
    ['PERMISSION_DENIED', 'C:/Windows'],
    ['PERMISSION_DENIED', 'c:file.txt'],
    ['INVALID_ARGUMENT', '..\\secret.txt'],
    ['INVALID_ARGUMENT', 'inner\\..\\..\\secret.txt'],
    ['INVALID_ARGUMENT', '\\\\server\\share'],
    ['INVALID_ARGUMENT', 'file.txt\0.png'],
    ['INVALID_ARGUMENT', '\0'],
    ['PERMISSION_DENIED', 'link-up/secret.txt'],
    ['PERMISSION_DENIED', 'link-up/no-such-file'],
    ['PERMISSION_DENIED', 'link-up/root/file.txt'],
    ['PERMISSION_DENIED', 'link-to-link-up/secret.txt'],
    ['PERMISSION_DENIED', 'link-to-sibling/file.txt'],
  ])('refuses with %s: %j', async (code, path) => {
    expect(await errorOf(way(path))).toEqual({ code, details: { path }, outcome: 'not-started' })
  })

  it('refuses a path longer than the limit', async () => {
    const path = 'a/'.repeat(limits.pathLength)
    expect(await errorOf(way(path))).toMatchObject({ code: 'INVALID_ARGUMENT', outcome: 'not-started' })
  })

  it.each([undefined, null, 7, ['..']])('refuses %j, which is not a text', async (path) => {
    expect(await errorOf(way(path as never))).toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('says what is wrong with a path to nowhere', async () => {
    const path = 'no-such-directory/file.txt'
    expect(await errorOf(way(path))).toEqual({ code: 'NOT_FOUND', details: { path }, outcome: 'executed' })
  })

  it('does not go through a file', async () => {
    expect(await errorOf(way('file.txt/x/y'))).toMatchObject({ code: 'FAILED_PRECONDITION' })
  })

  it('does not follow a link for ever', async () => {
    expect(await errorOf(way('link-loop/x'))).toMatchObject({ code: 'PERMISSION_DENIED' })
  })
})

describe('what exists', () => {
  it.each([
    ['', ''],
    ['.', ''],
    ['./inner//deep/', 'inner/deep'],
    ['..file', '..file'],
    ['link-inside/deep/leaf.txt', 'inner/deep/leaf.txt'],
  ])('is found: %j', async (path, name) => {
    const place = await directory.locate(path)
    expect(place).toBe(name === '' ? root : join(root, name))
    expect(directory.nameOf(place)).toBe(name)
  })

  it.each(['link-to-file-outside', 'inner/link-winding-out', 'link-up'])(
    'is refused through %s, which leads out',
    async (path) => {
      expect(await errorOf(directory.locate(path))).toMatchObject({ code: 'PERMISSION_DENIED' })
    },
  )

  it('is opened only if it is a file, and without waiting for the other end of a pipe', async () => {
    expect(await errorOf(directory.openFile('inner'))).toMatchObject({ code: 'FAILED_PRECONDITION' })
    expect(await errorOf(directory.openFile('pipe'))).toMatchObject({ code: 'FAILED_PRECONDITION' })
    const file = await directory.openFile('link-inside/deep/leaf.txt')
    expect((await file.readFile()).toString()).toBe('leaf')
    await file.close()
  })
})

describe('what is to be written', () => {
  it('has a place inside, also where a link stands that leads out', async () => {
    expect(await directory.locateNew('inner/new.txt')).toBe(join(root, 'inner', 'new.txt'))
    expect(await directory.locateNew('link-to-file-outside')).toBe(join(root, 'link-to-file-outside'))
  })

  it.each(['', '.', './/'])('has a name: %j has none', async (path) => {
    expect(await errorOf(directory.locateNew(path))).toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})

it('reads the names along a path', () => {
  expect(namesOf('a//b/./c.txt/')).toEqual(['a', 'b', 'c.txt'])
  expect(namesOf('...')).toEqual(['...'])
})
