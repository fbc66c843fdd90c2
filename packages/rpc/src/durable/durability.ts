// What a server's sessions share to record outcomes: the store, the clock of retention, the keyed calls.
import { hexOf, StoreFailure, systemDigest, type CheckpointStore, type Digest } from '@parley/core'
import { isInstance, RpcError } from '../errors.ts'
import type { SessionLimits } from '../limits.ts'
import { wallClock } from '../platform/platform.ts'
import { greetingCodec } from '../peer/handshake.ts'
import type { Guest } from '../door.ts'
import { DurableCalls, type DurableOwner } from './durable-calls.ts'
import { KeyedCalls } from './keyed-calls.ts'
import type { LedgerKeeping } from './ledger.ts'

/** See the head of this file. */
export class Durability {
  /** True when outcomes outlive the process. */
  readonly isDurable: boolean
  readonly #parts: ConstructorParameters<typeof DurableCalls>[0]
  /** What ledgers are kept with. */
  readonly keeping: LedgerKeeping & { readonly digest: Digest }

  constructor(store: CheckpointStore, limits: SessionLimits) {
    this.isDurable = store.capabilities.durable
    const keeping = { store, now: wallClock, retention: limits.resultRetention }
    this.keeping = { ...keeping, digest: systemDigest }
    const keyed = new KeyedCalls({ ...this.keeping, codec: greetingCodec() })
    this.#parts = { ...keeping, keyed, atWork: new Set() }
  }

  /**
   * What is recorded of the calls of a guest. When it comes back from a server that is gone, the session is
   * taken over from that one first, if it still `waits`: it may have gone to another one meanwhile. Rejects
   * when it is somebody else's. At once where nothing is recorded.
   */
  of({ hello, key }: Guest, waits: () => boolean): DurableCalls | Promise<DurableCalls> {
    const { lineage, returning = false } = hello.extras
    const owner = { ledgerId: undefined, principalKey: key, returning }
    if (!this.isDurable || lineage === undefined) return new DurableCalls(this.#parts, owner)
    return this.#kept(owner, lineage, waits)
  }

  async #kept(owner: DurableOwner, lineage: Uint8Array, waits: () => boolean): Promise<DurableCalls> {
    const ledgerId = hexOf(await systemDigest(lineage))
    const calls = new DurableCalls(this.#parts, { ...owner, ledgerId })
    try {
      await calls.takeOver(waits)
    } catch (thrown) {
      if (!isInstance(thrown, StoreFailure)) throw thrown
      throw new RpcError('UNAVAILABLE', `the store of this server failed: ${thrown.message}`, {
        cause: thrown,
      })
    }
    return calls
  }
}
