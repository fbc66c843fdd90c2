// Transfers that go on after anything: from the last checkpoint when the server was killed, and from where
// they are when only a connection was lost, which takes nothing here.
import { createHash } from 'node:crypto'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { call, isRpcError, RpcError, type Stream } from '@parley/rpc'
import type { Uploaded } from './contract.ts'
import type { Directory } from './directory.ts'
import { fromFileSystem, pathError } from './errors.ts'
import { limits } from './limits.ts'

interface Fetching {
  readonly offset: number
  /** When the file was last changed: what is left is to be of the same file. */
  readonly modified: number
}

/** The octets of a file, in chunks. */
export async function* fetchFile(directory: Directory, path: string): AsyncGenerator<Uint8Array, number> {
  const checkpoint = call().checkpoint<Fetching>()
  const file = await directory.openFile(path)
  try {
    const { mtimeMs: modified } = await file.stat()
    let { offset } = checkpoint.from ?? { offset: 0 }
    if (checkpoint.from !== undefined && checkpoint.from.modified !== modified)
      throw pathError('ABORTED', path, 'has changed meanwhile')
    for (;;) {
      const { buffer, bytesRead } = await file.read(new Uint8Array(limits.chunk), 0, limits.chunk, offset)
      if (bytesRead === 0) return offset
      offset += bytesRead
      yield buffer.subarray(0, bytesRead)
      if (offset % limits.checkpoint === 0) await checkpoint.commit({ offset, modified })
    }
  } finally {
    await file.close()
  }
}

interface Receiving {
  /** Octets that are on disk. */
  readonly size: number
  /** All are, and it is time for the file to get its name. */
  readonly whole: boolean
}

/** Writes a file of at most `most` octets; yields how many there are. */
export async function* receiveFile(
  directory: Directory,
  path: string,
  chunks: Stream<unknown>,
  most: number,
): AsyncGenerator<number, Uploaded> {
  const { key, signal } = call()
  const checkpoint = call().checkpoint<Receiving>()
  const target = await directory.locateNew(path)
  // The same wherever the work goes on: the key names the activity.
  const unfinished = join(dirname(target), `.${String(key).slice(0, 32)}.part`)
  const { size, whole } = checkpoint.from ?? { size: 0, whole: false }
  let uploaded: Uploaded | undefined
  try {
    if (whole) return (uploaded = await named(unfinished, target))
    const file = await open(unfinished, size === 0 ? 'w' : 'r+')
    try {
      await file.truncate(size)
      yield* append(file, size, chunks, most, (now) => checkpoint.commit({ size: now, whole: false }))
      // On disk before it gets its name: a name is a promise that the whole file is there.
      await file.sync()
      await checkpoint.commit({ size: (await file.stat()).size, whole: true })
    } finally {
      await file.close()
    }
    return (uploaded = await named(unfinished, target))
  } catch (thrown) {
    throw fromFileSystem(thrown, path)
  } finally {
    // What is put down goes on later; what is discarded, or has failed, leaves nothing.
    if (uploaded === undefined && !isPutDown(signal.reason)) await rm(unfinished, { force: true })
  }
}

async function* append(
  file: FileHandle,
  from: number,
  chunks: Stream<unknown>,
  most: number,
  commit: (size: number) => Promise<void>,
): AsyncGenerator<number> {
  let size = from
  let committed = from
  for await (const chunk of chunks) {
    if (!(chunk instanceof Uint8Array)) throw new RpcError('INVALID_ARGUMENT', 'a chunk is not a Uint8Array')
    if (size + chunk.length > most)
      throw new RpcError('RESOURCE_EXHAUSTED', `an upload has at most ${most} octets`)
    await file.write(chunk, 0, chunk.length, size)
    size += chunk.length
    yield size
    if (size - committed < limits.checkpoint) continue
    // The checkpoint says that they are on disk, so they must be.
    await file.datasync()
    await commit(size)
    committed = size
  }
}

/** Gives a file its name, unless it has it already, and says what it is. */
async function named(unfinished: string, target: string): Promise<Uploaded> {
  await rename(unfinished, target).catch((thrown: unknown) => {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')) throw thrown
  })
  const file = await open(target)
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of file.createReadStream() as AsyncIterable<Uint8Array>) {
    hash.update(chunk)
    size += chunk.length
  }
  return { size, sha256: hash.digest('hex') }
}

/** True for the reason of a method that is to stop, and whose work is gone on with. */
function isPutDown(reason: unknown): boolean {
  return isRpcError(reason) && reason.code !== 'CANCELLED'
}
