// The store for development and tests: ledgers in memory, lost with the process. It keeps every rule of a
// store but the one of outliving anything, and says so.
import { storeLimits } from '../limits.ts'
import type {
  CheckpointStore,
  Ledger,
  LedgerChange,
  LedgerName,
  LedgerQuery,
  StoreCapabilities,
  SweptLedger,
} from '../ports/checkpoint-store.ts'
import { StoreFailure, StoreUsageError } from '../ports/store-error.ts'
import { checkRead, checkSweep, checkWrite, grows } from './arguments.ts'
import { Ledgers } from './ledgers.ts'

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** The most it holds, in octets, roughly; then writes that add to it fail with `full`. Default: 256 MiB. */
  readonly maxOctets?: number
}

/**
 * Makes a store in memory: the default for development. Calls survive a lost connection with it, never the
 * end of the process. Throws {@link StoreUsageError} for a `maxOctets` that is no positive number.
 */
export function memoryStore(options: MemoryStoreOptions = {}): CheckpointStore {
  const maxOctets = options.maxOctets ?? storeLimits.memoryOctets
  if (!(maxOctets > 0)) throw new StoreUsageError('maxOctets is a positive number of octets')
  return new MemoryStore(maxOctets)
}

class MemoryStore implements CheckpointStore {
  readonly capabilities: StoreCapabilities = {
    durable: false,
    shared: false,
    transactional: false,
    statement: 'memory: everything is lost with the process',
  }
  readonly #ledgers = new Ledgers()
  readonly #maxOctets: number
  #closed = false

  constructor(maxOctets: number) {
    this.#maxOctets = maxOctets
  }

  write(changes: readonly LedgerChange[], now: number): Promise<void> {
    const octets = checkWrite(changes, now)
    return this.#answer(() => {
      if (grows(changes) && this.#ledgers.octets + octets > this.#maxOctets)
        throw new StoreFailure('full', 'not-written', `the store in memory holds ${this.#maxOctets} octets`)
      this.#ledgers.write(changes, now)
    })
  }

  read(name: LedgerName, query: LedgerQuery, now: number): Promise<Ledger | undefined> {
    checkRead(name, query, now)
    return this.#answer(() => this.#ledgers.read(name, query, now))
  }

  sweep(now: number, limit: number): Promise<SweptLedger[]> {
    checkSweep(now, limit)
    return this.#answer(() => this.#ledgers.sweep(now, limit))
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  async #answer<T>(work: () => T): Promise<T> {
    if (this.#closed) throw new StoreFailure('closed', 'not-written', 'the store in memory was closed')
    return work()
  }
}
