// Keeps callers inside one directory: turns the paths they give into real paths, and must never return one
// that is outside. Trusted are those who can change the directory by other means than this service: whoever
// puts a symbolic link into it between the check and the use is not what this defends against.
import { constants } from 'node:fs'
import { open, realpath, type FileHandle } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { fromFileSystem, pathError } from './errors.ts'
import { limits } from './limits.ts'

/** A directory that callers may use, and nothing outside of it. */
export class Directory {
  /** The real path of the directory. */
  readonly root: string

  private constructor(root: string) {
    this.root = root
  }

  /** Rejects with the error of node:fs when there is no such directory. */
  static async at(root: string): Promise<Directory> {
    return new Directory(await realpath(root))
  }

  /**
   * Where the file or directory called `path` really is. Rejects with an RpcError when it is not there or
   * outside.
   */
  async locate(path: string): Promise<string> {
    return this.#follow(namesOf(path), path)
  }

  /**
   * Where a file called `path` may be written: the directory above it is there and inside. What stands at the
   * place itself is not followed: a symbolic link is replaced, not written through.
   */
  async locateNew(path: string): Promise<string> {
    const names = namesOf(path)
    const name = names.pop()
    if (name === undefined) throw refused('INVALID_ARGUMENT', path, 'names no file')
    return join(await this.#follow(names, path), name)
  }

  /** Opens a regular file for reading. The caller closes it. */
  async openFile(path: string): Promise<FileHandle> {
    const place = await this.locate(path)
    const file = await openPlace(place).catch((thrown: unknown) => {
      throw fromFileSystem(thrown, path)
    })
    if (file !== undefined) return file
    throw pathError('FAILED_PRECONDITION', path, 'is not a file')
  }

  /** The path by which callers know a real path inside. */
  nameOf(place: string): string {
    return relative(this.root, place).split(sep).join('/')
  }

  /** One name at a time: beyond a link that leads out nothing is looked at, not even whether it is there. */
  async #follow(names: readonly string[], path: string): Promise<string> {
    let place = this.root
    for (const name of names) {
      place = await realpath(join(place, name)).catch((thrown: unknown) => {
        throw fromFileSystem(thrown, path)
      })
      if (!this.#contains(place))
        throw refused('PERMISSION_DENIED', path, 'leads out of the served directory')
    }
    return place
  }

  #contains(place: string): boolean {
    const way = relative(this.root, place)
    return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
  }
}

/** Opens what stands at a real path, if it is a regular file: never waits on a pipe, never follows a link. */
export async function openPlace(place: string): Promise<FileHandle | undefined> {
  const file = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    if ((await file.stat()).isFile()) return file
  } catch (thrown) {
    await file.close()
    throw thrown
  }
  await file.close()
  return undefined
}

/**
 * The names along a path that a caller gave. Rejects what is no path here (INVALID_ARGUMENT) and what is
 * meant to lead out (PERMISSION_DENIED), by its text alone and before the file system is asked.
 */
export function namesOf(path: unknown): string[] {
  if (typeof path !== 'string') throw refused('INVALID_ARGUMENT', String(path), 'is not a path')
  if (path.length > limits.pathLength) {
    throw refused('INVALID_ARGUMENT', `${path.slice(0, 32)}...`, 'is too long')
  }
  if (path.includes('\0')) throw refused('INVALID_ARGUMENT', path, 'contains a NUL')
  // A separator on Windows, and so an escape there; refused everywhere, so that a path means one thing.
  if (path.includes('\\')) throw refused('INVALID_ARGUMENT', path, 'contains a backslash')
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) throw refused('PERMISSION_DENIED', path, 'is absolute')
  const names = path.split('/').filter((name) => name !== '' && name !== '.')
  if (names.includes('..')) throw refused('PERMISSION_DENIED', path, 'goes up')
  return names
}

function refused(code: 'INVALID_ARGUMENT' | 'PERMISSION_DENIED', path: string, what: string): Error {
  return pathError(code, path, what, 'not-started')
}
