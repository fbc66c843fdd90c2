// Calls with a key that the client chose: found again from any session, by the key. The same request gives
// the same answer; another request with the same key is a mistake, and is told so.
import { hexOf, StoreFailure, type Digest } from '@parley/core'
import { isInstance, RpcError } from '../errors.ts'
import type { IncomingCall } from '../peer/incoming-call.ts'
import type { Codec } from '../presentation/codec.ts'
import { carryOut, type Execute } from './durable-calls.ts'
import { Fenced, Ledger, type LedgerKeeping } from './ledger.ts'
import { unknownOutcome, verdictOf } from './verdict.ts'

/** What keyed calls are kept with. */
export interface KeyedParts extends LedgerKeeping {
  readonly digest: Digest
  readonly codec: Codec
}

/** The keyed calls of a server. */
export class KeyedCalls {
  readonly #parts: KeyedParts
  /** Those that run here, by ledger: whoever asks meanwhile waits for the same answer. */
  readonly #running = new Map<string, Promise<Uint8Array>>()

  constructor(parts: KeyedParts) {
    this.#parts = parts
  }

  /** Resolves with the message that answers the call. Rejects as `carryOut` does, and with KEY_CONFLICT. */
  async run(incoming: IncomingCall, principalKey: string | undefined, execute: Execute): Promise<Uint8Array> {
    const { service, method, key = '', args } = incoming
    const id = await this.idOf(principalKey, service, method, key)
    const hash = await this.#hashed(args)
    // One at a time: whoever waited looks again, for another one may have waited too.
    for (let running; (running = this.#running.get(id)) !== undefined;) await running.catch(() => undefined)
    const answer = this.#runOne(id, hash, incoming, execute)
    this.#running.set(id, answer)
    try {
      return await answer
    } finally {
      if (this.#running.get(id) === answer) this.#running.delete(id)
    }
  }

  /**
   * Keeps that nobody knows of a call, under the key that was made for it: for as long as keys are kept,
   * though its session forgets it once its client was told.
   */
  async keepUnknown(incoming: IncomingCall, principalKey: string | undefined, key: string): Promise<void> {
    const { service, method, args } = incoming
    const id = await this.idOf(principalKey, service, method, key)
    const hash = await this.#hashed(args)
    for (let tries = 1; ; tries++) {
      const ledger = new Ledger({ kind: 'key', id }, this.#parts)
      if ((await ledger.entry(0)) !== undefined) return
      try {
        await ledger.take(NO_HEAD)
        // Another node may have kept it until it was taken; from here on it cannot.
        if ((await ledger.entry(0)) === undefined) await ledger.write({ serial: 0, state: 'unknown', hash })
        return
      } catch (thrown) {
        // Another node keeps it at this moment, or has done so.
        if (!isInstance(thrown, Fenced)) throw thrown
        if (tries >= MOST_TRIES) throw atWorkElsewhere()
      }
    }
  }

  /** The ledger of a keyed call: whose it is, of which method, and the key. */
  async idOf(
    principalKey: string | undefined,
    service: string,
    method: string,
    key: string,
  ): Promise<string> {
    return hexOf(await this.#hashed([principalKey ?? null, service, method, key]))
  }

  /** True while the call of that ledger is being seen to here. */
  isRunning(id: string): boolean {
    return this.#running.has(id)
  }

  async #runOne(id: string, hash: Uint8Array, incoming: IncomingCall, execute: Execute): Promise<Uint8Array> {
    const { key = '', served } = incoming
    const { effect } = served.description
    for (let tries = 1; ; tries++) {
      const ledger = new Ledger({ kind: 'key', id }, this.#parts)
      try {
        return incoming.readdressed(await this.#carryOut(ledger, hash, incoming, execute))
      } catch (thrown) {
        if (!isInstance(thrown, Fenced)) throw thrown
      }
      // Another node took it, for somebody who asked there with the same key. What is told for good is only
      // what is recorded for good.
      const { epoch, entry } = await ledger.look(0).catch(lookFailed)
      const verdict = verdictOf(entry, effect, key)
      if (verdict.do === 'replay') return incoming.readdressed(verdict.octets)
      const isAtWork = entry !== undefined && entry !== 'forgotten' && entry.epoch === epoch
      if (verdict.do === 'refuse' && !(isAtWork && verdict.record !== undefined)) throw verdict.error
      if (entry !== undefined || tries >= MOST_TRIES) throw atWorkElsewhere()
    }
  }

  /** Resolves with the message that was recorded of the call. */
  async #carryOut(
    ledger: Ledger,
    hash: Uint8Array,
    incoming: IncomingCall,
    execute: Execute,
  ): Promise<Uint8Array> {
    const { key = '', retry, served } = incoming
    const { effect } = served.description
    let entry = await this.#entryOf(ledger, hash, key)
    // With a store that is not durable, no record is no proof that it never ran.
    if (entry === undefined && retry && effect === 'once' && !this.#parts.store.capabilities.durable)
      throw unknownOutcome(key)
    if (verdictOf(entry, effect, key).do !== 'replay') {
      await ledger.take(NO_HEAD)
      // Another node may have been at it until it was taken; from here on it cannot.
      entry = await this.#entryOf(ledger, hash, key)
    }
    return carryOut(verdictOf(entry, effect, key), ledger, 0, incoming, execute, hash)
  }

  async #entryOf(ledger: Ledger, hash: Uint8Array, key: string): ReturnType<Ledger['entry']> {
    const entry = await ledger.entry(0)
    if (entry !== undefined && entry !== 'forgotten' && entry.hash.join() !== hash.join()) throw conflict(key)
    return entry
  }

  async #hashed(value: readonly unknown[]): Promise<Uint8Array> {
    return this.#parts.digest(this.#parts.codec.encode(value).slice())
  }
}

const NO_HEAD = new Uint8Array(0)
/** How often a call is begun that others take before it has begun. */
const MOST_TRIES = 5

/** The error of a call that another node has, and may be running. */
function atWorkElsewhere(): RpcError {
  const text = 'another server has this call, for somebody who asked there with the same key; ask again'
  return new RpcError('UNAVAILABLE', text, { outcome: 'unknown' })
}

/** It may have run here before it was taken: that the store does not say is no sign that it did not. */
function lookFailed(thrown: unknown): never {
  if (!isInstance(thrown, StoreFailure)) throw thrown
  const text = `the call was taken by another server, and the store failed: ${thrown.message}`
  throw new RpcError('UNAVAILABLE', text, { outcome: 'unknown', cause: thrown })
}

function conflict(key: string): RpcError {
  const text = `the key ${JSON.stringify(key)} stands for another request of this method`
  return new RpcError('KEY_CONFLICT', text, { outcome: 'not-started' })
}
