// The file service: what the contract promises, on one directory.
import { createHash, randomUUID } from 'node:crypto'
import type { Stats } from 'node:fs'
import { lstat, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { call, RpcError, type Stream } from '@parley/rpc'
import { Files, type Entry, type Match, type Uploaded } from './contract.ts'
import { namesOf, type Directory } from './directory.ts'
import { fromFileSystem, pathError } from './errors.ts'
import { limits } from './limits.ts'
import { findText } from './search.ts'
import { fetchFile, receiveFile } from './transfers.ts'

/** Serves one directory. */
export class FilesService extends Files {
  readonly #directory: Directory
  readonly #uploadLimit: number

  /** `uploadLimit`: octets of one upload; default: {@link limits}. */
  constructor(directory: Directory, uploadLimit: number = limits.upload) {
    super()
    this.#directory = directory
    this.#uploadLimit = uploadLimit
  }

  override async list(path: string): Promise<Entry[]> {
    const place = await this.#directory.locate(path)
    try {
      const names = await readdir(place)
      if (names.length > limits.listedEntries) {
        throw pathError('RESOURCE_EXHAUSTED', path, `has more than ${limits.listedEntries} entries`)
      }
      const entries = await Promise.all(names.sort().map((name) => entryIn(place, name)))
      return entries.filter((entry) => entry !== undefined)
    } catch (thrown) {
      throw fromFileSystem(thrown, path)
    }
  }

  override async stat(path: string): Promise<Entry> {
    const place = await this.#directory.locate(path)
    try {
      return entryOf(namesOf(path).at(-1) ?? '', await stat(place))
    } catch (thrown) {
      throw fromFileSystem(thrown, path)
    }
  }

  override async checksum(path: string): Promise<string> {
    const { signal } = call()
    const hash = createHash('sha256')
    for await (const chunk of this.download(path)) {
      signal.throwIfAborted()
      hash.update(chunk)
    }
    return hash.digest('hex')
  }

  override search(text: string, path: string = ''): AsyncGenerator<Match> {
    // Taken here, while the call is the running one; a generator's body runs later.
    return this.#search(text, path, call().signal)
  }

  override async *download(path: string): AsyncGenerator<Uint8Array> {
    const file = await this.#directory.openFile(path)
    // The caller's `break`, cancel or loss ends this generator at its `yield`: the file is closed on every
    // way out.
    try {
      for (;;) {
        const { buffer, bytesRead } = await file.read(new Uint8Array(limits.chunk))
        if (bytesRead === 0) return
        yield buffer.subarray(0, bytesRead)
      }
    } finally {
      await file.close()
    }
  }

  override async upload(path: string, chunks: Stream<Uint8Array>): Promise<Uploaded> {
    const { signal } = call()
    const target = await this.#directory.locateNew(path)
    const unfinished = join(dirname(target), `.${randomUUID()}.part`)
    try {
      const uploaded = await this.#write(unfinished, chunks)
      signal.throwIfAborted()
      await rename(unfinished, target)
      return uploaded
    } catch (thrown) {
      await rm(unfinished, { force: true })
      throw fromFileSystem(thrown, path)
    }
  }

  override fetch(path: string): AsyncGenerator<Uint8Array, number> {
    return fetchFile(this.#directory, path)
  }

  override send(path: string, chunks: Stream<Uint8Array>): AsyncGenerator<number, Uploaded> {
    return receiveFile(this.#directory, path, chunks, this.#uploadLimit)
  }

  async *#search(text: string, path: string, signal: AbortSignal): AsyncGenerator<Match> {
    if (typeof text !== 'string' || text === '' || text.length > limits.searchText) {
      throw new RpcError(
        'INVALID_ARGUMENT',
        `the text to search for has 1 to ${limits.searchText} characters`,
        {
          outcome: 'not-started',
        },
      )
    }
    yield* findText(this.#directory, text, await this.#directory.locate(path), signal)
  }

  async #write(place: string, chunks: Stream<Uint8Array>): Promise<Uploaded> {
    const file = await open(place, 'wx')
    try {
      const uploaded = await this.#append(file, chunks)
      // On disk before it gets its name: a name is a promise that the whole file is there.
      await file.sync()
      return uploaded
    } finally {
      await file.close()
    }
  }

  async #append(file: FileHandle, chunks: Stream<unknown>): Promise<Uploaded> {
    const hash = createHash('sha256')
    let size = 0
    for await (const chunk of chunks) {
      if (!(chunk instanceof Uint8Array))
        throw new RpcError('INVALID_ARGUMENT', 'a chunk is not a Uint8Array')
      size += chunk.length
      if (size > this.#uploadLimit) {
        throw new RpcError('RESOURCE_EXHAUSTED', `an upload has at most ${this.#uploadLimit} octets`)
      }
      hash.update(chunk)
      await file.writeFile(chunk)
    }
    return { size, sha256: hash.digest('hex') }
  }
}

/** Undefined when it has gone since the directory was read. */
async function entryIn(place: string, name: string): Promise<Entry | undefined> {
  const stats = await lstat(join(place, name)).catch(() => undefined)
  return stats === undefined ? undefined : entryOf(name, stats)
}

function entryOf(name: string, stats: Stats): Entry {
  return { name, kind: kindOf(stats), size: stats.size, modified: stats.mtime }
}

function kindOf(stats: Stats): Entry['kind'] {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'directory'
  return stats.isSymbolicLink() ? 'link' : 'other'
}
