// Who has a store's file: a second file beside it names the process, so that another one is told to stay away
// before it has touched anything. It cannot see into other machines or containers; for those the root record
// names the holder too, and whoever is not named there any more stops at its next write.
import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { StoreFailure } from '@parley/core'
import { lmdbLimits } from './limits.ts'

/** A file that this process has. */
export interface Holding {
  /** Names this opening, and no other ever. */
  readonly holder: string
  /** Lets go of it. Idempotent. */
  release(): void
}

interface Holder {
  readonly holder: string
  readonly pid: number
  /** When the process and the machine were started, where that can be known: numbers of processes recur. */
  readonly started: string
}

/** Takes the file, or throws StoreFailure `locked` when a process that is alive has it. */
export function hold(path: string): Holding {
  const lock = `${path}-holder`
  const mine: Holder = { holder: randomUUID(), pid: process.pid, started: startOf(process.pid) ?? '' }
  const draft = `${lock}-${mine.holder}`
  writeFileSync(draft, JSON.stringify(mine))
  try {
    for (let attempt = 1; !link(draft, lock); attempt++) {
      if (attempt > lmdbLimits.holdAttempts)
        throw new StoreFailure('locked', 'not-written', `${lock} can neither be taken nor read`)
      const other = readHolder(lock)
      if (other !== undefined && isAlive(other))
        throw new StoreFailure('locked', 'not-written', `process ${other.pid} has ${path}`)
      // Moved aside under a name of our own: of several that find it dead only one moves it.
      if (other !== undefined) move(lock, `${draft}-old`)
    }
  } finally {
    for (const file of [draft, `${draft}-old`]) rmSync(file, { force: true })
  }
  return {
    holder: mine.holder,
    release() {
      if (readHolder(lock)?.holder === mine.holder) rmSync(lock, { force: true })
    },
  }
}

/** False when somebody has it already. */
function link(draft: string, lock: string): boolean {
  return succeeds(() => linkSync(draft, lock), 'EEXIST')
}

function move(from: string, to: string): void {
  succeeds(() => renameSync(from, to), 'ENOENT')
}

/** What a lock file says; undefined when it is not there. One that says nothing sensible is nobody's. */
function readHolder(lock: string): Holder | undefined {
  let text = ''
  if (!succeeds(() => (text = readFileSync(lock, 'utf8')), 'ENOENT')) return undefined
  try {
    const { holder, pid, started } = JSON.parse(text) as Partial<Holder>
    return { holder: String(holder), pid: Number(pid), started: String(started) }
  } catch {
    return { holder: '', pid: 0, started: '' }
  }
}

function isAlive({ pid, started }: Holder): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  const start = startOf(pid)
  if (start !== undefined) return start === started
  // Signal 0 is not sent: it asks whether it could be.
  return succeeds(() => process.kill(pid, 0), 'ESRCH')
}

/** When a process was started and its machine, where /proc tells; '' for one that is not there. */
function startOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')
      return `${boot} ${fields?.[19]}`
    } catch {
      return 'not there'
    }
  } catch {
    return undefined
  }
}

/** True when it was done, false when it failed with this code. Throws any other failure. */
function succeeds(work: () => void, code: string): boolean {
  try {
    work()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return false
    // Not allowed to signal it: it is there.
    if (code === 'ESRCH' && (error as NodeJS.ErrnoException).code === 'EPERM') return true
    throw error
  }
}
