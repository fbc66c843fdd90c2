// A checkpoint store in one file of this machine. What was acknowledged is on the disk; when the disk fails,
// or the file is not what was written, the store stops and says so: never an answer that it cannot prove.
import { accessSync, constants, existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import {
  type CheckpointStore,
  type Ledger,
  type LedgerChange,
  type LedgerName,
  type LedgerQuery,
  type StoreCapabilities,
  StoreFailure,
  StoreUsageError,
  type SweptLedger,
} from '@parley/core'
import {
  checkRead,
  checkSweep,
  checkWrite,
  type QueuedWrite,
  WriteQueue,
  type WriteResult,
} from '@parley/core/store'
import { checkFile } from './check.ts'
import { CommitError, type Environment, openEnvironment } from './environment.ts'
import { hold, type Holding } from './holder.ts'
import { lmdbLimits } from './limits.ts'
import { readLedger } from './reading.ts'
import { DamageError, VersionError } from './records.ts'
import { sweepDue, takeRoot, writeGroup, type WritingOptions } from './writing.ts'

/** Options of {@link lmdbStore}. */
export interface LmdbStoreOptions {
  /**
   * The file, which is made if there is none; its folder must be there. Two more of LMDB's and of ours stand
   * beside it: `-lock` and `-holder`.
   */
  readonly path: string
  /** The most octets of ledgers; then writes that add to them fail with `full`. Default: 16 GiB. */
  readonly maxOctets?: number
}

/**
 * Opens a store in a file, checking all of it first. Rejects with {@link StoreFailure}: `locked` when another
 * process has it, `corrupt` when it is damaged (the message says where), `version`, `read-only`,
 * `unavailable`. Throws {@link StoreUsageError} for options that are none.
 */
export function lmdbStore(options: LmdbStoreOptions): Promise<CheckpointStore> {
  const { path, maxOctets = lmdbLimits.maxOctets } = options
  if (typeof path !== 'string' || path === '') throw new StoreUsageError('path is the name of a file')
  if (!(maxOctets > 0)) throw new StoreUsageError('maxOctets is a positive number of octets')
  return open(resolve(path), maxOctets)
}

async function open(path: string, maxOctets: number): Promise<CheckpointStore> {
  let holding: Holding | undefined
  let environment: Environment | undefined
  try {
    requireWritable(path)
    holding = hold(path)
    const { holder } = holding
    checkFile(path)
    environment = openEnvironment(path)
    const opened = environment
    await opened.transaction(() => takeRoot(opened, holder))
    return new LmdbStore(opened, holding, { maxOctets, freeOctets: () => freeOctets(path) })
  } catch (error) {
    await environment?.close()
    holding?.release()
    throw openingFailure(path, error)
  }
}

/** Asks before LMDB does, whose answer has no code. */
function requireWritable(path: string): void {
  accessSync(dirname(path), constants.W_OK)
  if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK)
}

async function freeOctets(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(dirname(path))
  return bavail * bsize
}

function openingFailure(path: string, error: unknown): StoreFailure {
  if (error instanceof StoreFailure) return error
  const { message, code = '' } = error as NodeJS.ErrnoException
  const cause = { cause: error }
  const what = `${path} cannot be used as a store: ${message}`
  if (error instanceof DamageError) return new StoreFailure('corrupt', 'not-written', what, cause)
  if (error instanceof VersionError) return new StoreFailure('version', 'not-written', what, cause)
  if (['EACCES', 'EPERM', 'EROFS'].includes(code))
    return new StoreFailure('read-only', 'not-written', what, cause)
  if (code === 'ENOSPC' || code === 'EDQUOT') return new StoreFailure('full', 'not-written', what, cause)
  return new StoreFailure('unavailable', 'not-written', what, cause)
}

/** What a store needs besides its environment. */
export interface LmdbStoreParts {
  readonly maxOctets: number
  /** The octets that are free where the file is. */
  readonly freeOctets: () => Promise<number>
}

/** The store on an environment that was opened, and checked, for it. */
export class LmdbStore implements CheckpointStore {
  readonly capabilities: StoreCapabilities = {
    durable: true,
    shared: false,
    transactional: false,
    statement: 'LMDB: on the disk of this machine, for one process at a time',
  }
  readonly #environment: Environment
  readonly #holding: Holding
  readonly #parts: LmdbStoreParts
  readonly #queue: WriteQueue
  #stopped: StoreFailure | undefined
  #sweeping: Promise<unknown> = Promise.resolve()
  #closing: Promise<void> | undefined

  constructor(environment: Environment, holding: Holding, parts: LmdbStoreParts) {
    this.#environment = environment
    this.#holding = holding
    this.#parts = parts
    this.#queue = new WriteQueue((group) => this.#flush(group))
  }

  write(changes: readonly LedgerChange[], now: number): Promise<void> {
    if (this.#over === undefined) return this.#queue.write(changes, now)
    checkWrite(changes, now)
    return Promise.reject(this.#over)
  }

  read(name: LedgerName, query: LedgerQuery, now: number): Promise<Ledger | undefined> {
    checkRead(name, query, now)
    return this.#read(name, query, now)
  }

  sweep(now: number, limit: number): Promise<SweptLedger[]> {
    checkSweep(now, limit)
    const sweep = this.#sweep(now, limit)
    this.#sweeping = Promise.allSettled([this.#sweeping, sweep])
    return sweep
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** Why nothing is taken any more. */
  get #over(): StoreFailure | undefined {
    if (this.#closing === undefined) return this.#stopped
    return this.#stopped ?? new StoreFailure('closed', 'not-written', 'the store was closed')
  }

  async #read(name: LedgerName, query: LedgerQuery, now: number): Promise<Ledger | undefined> {
    if (this.#over !== undefined) throw this.#over
    try {
      return readLedger(this.#environment, name, query, now)
    } catch (error) {
      throw this.#failed(error)
    }
  }

  async #sweep(now: number, limit: number): Promise<SweptLedger[]> {
    if (this.#over !== undefined) throw this.#over
    try {
      return await this.#environment.transaction(() =>
        sweepDue(this.#environment, now, limit, this.#options(true)),
      )
    } catch (error) {
      throw this.#failed(error)
    }
  }

  async #flush(group: readonly QueuedWrite[]): Promise<WriteResult[]> {
    if (this.#stopped !== undefined) throw this.#stopped
    try {
      const room = await this.#hasRoom(group)
      return await this.#environment.transaction(() =>
        writeGroup(this.#environment, group, this.#options(room)),
      )
    } catch (error) {
      throw this.#failed(error)
    }
  }

  #options(room: boolean): WritingOptions {
    return { holder: this.#holding.holder, maxOctets: this.#parts.maxOctets, room }
  }

  /** True when the disk has room for a group, the copies of pages that LMDB makes, and some more. */
  async #hasRoom(group: readonly QueuedWrite[]): Promise<boolean> {
    const brings = group.reduce((sum, { changes, now }) => sum + checkWrite(changes, now), 0)
    return (await this.#parts.freeOctets()) >= lmdbLimits.freeOctets + 2 * brings
  }

  /**
   * Whatever goes wrong here is not understood well enough to go on: the store stops. Returns what the caller
   * gets.
   */
  #failed(error: unknown): StoreFailure {
    const failure = runningFailure(error)
    this.#stopped ??=
      failure.outcome === 'not-written'
        ? failure
        : new StoreFailure(failure.code, 'not-written', `the store has stopped: ${failure.message}`, {
            cause: failure,
          })
    this.#queue.stop(this.#stopped)
    return failure
  }

  async #close(): Promise<void> {
    await this.#queue.idle()
    await this.#sweeping
    await this.#environment.close()
    this.#holding.release()
  }
}

function runningFailure(error: unknown): StoreFailure {
  if (error instanceof StoreFailure) return error
  const message = error instanceof Error ? error.message : String(error)
  const cause = { cause: error }
  if (error instanceof CommitError) return new StoreFailure('stopped', 'unknown', message, cause)
  if (error instanceof DamageError) return new StoreFailure('corrupt', 'not-written', message, cause)
  if (error instanceof VersionError) return new StoreFailure('version', 'not-written', message, cause)
  return new StoreFailure('stopped', 'not-written', message, cause)
}
