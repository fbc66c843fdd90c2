// What a server's sessions share to record outcomes: the store, the clock of retention, the keyed calls.
import { StoreFailure, systemDigest, type CheckpointStore } from '@parley/core'
import { isInstance, RpcError } from '../errors.ts'
import type { SessionLimits } from '../limits.ts'
import { wallClock } from '../platform/platform.ts'
import { greetingCodec } from '../peer/handshake.ts'
import type { Guest } from '../door.ts'
import { DurableCalls } from './durable-calls.ts'
import { hexOf, KeyedCalls } from './keyed-calls.ts'

/** See the head of this file. */
export class Durability {
  /** True when outcomes outlive the process. */
  readonly isDurable: boolean
  readonly #parts: ConstructorParameters<typeof DurableCalls>[0]

  constructor(store: CheckpointStore, limits: SessionLimits) {
    this.isDurable = store.capabilities.durable
    const keeping = { store, now: wallClock, retention: limits.resultRetention }
    const keyed = new KeyedCalls({ ...keeping, digest: systemDigest, codec: greetingCodec() })
    this.#parts = { ...keeping, keyed }
  }

  /**
   * What is recorded of the calls of a guest. When it comes back from a server that is gone, the session is
   * taken over from that one first, if it still `waits`: it may have gone to another one meanwhile. Rejects
   * when it is somebody else's.
   */
  async of({ hello, key }: Guest, waits: () => boolean, superseded: () => void): Promise<DurableCalls> {
    const { lineage, returning = false } = hello.extras
    const isKept = this.isDurable && lineage !== undefined
    const ledgerId = isKept ? hexOf(await systemDigest(lineage)) : undefined
    const calls = new DurableCalls(this.#parts, { ledgerId, principalKey: key, returning, superseded })
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
