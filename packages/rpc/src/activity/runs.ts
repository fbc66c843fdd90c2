// The activities that a server works on, by what they are kept under: whoever connects to one that runs here
// goes on with it; any other is taken over from whoever had it, at its last checkpoint.
import { hexOf, StoreFailure, type Digest } from '@parley/core'
import type { LedgerKeeping } from '../durable/ledger.ts'
import { isInstance, RpcError } from '../errors.ts'
import { rpcLimits, type SessionLimits } from '../limits.ts'
import { argumentProblem } from '../peer/argument-check.ts'
import type { ErrorPolicy } from '../peer/error-policy.ts'
import type { Registry, ServedMethod } from '../peer/registry.ts'
import { activityMessage, beginMode } from '../presentation/activity-messages.ts'
import type { Codec } from '../presentation/codec.ts'
import { errorToWire } from '../presentation/wire-error.ts'
import { Words } from '../presentation/words.ts'
import type { Beginning } from './beginning.ts'
import type { ActivityLink } from './link.ts'
import { ActivityRecord, isPoisoned, type Kept, type Known } from './record.ts'
import { resumeLost } from './resume-lost.ts'
import type { Attaching } from './run-parts.ts'
import { ActivityRun } from './run.ts'

/** What the activities of a server are made with. */
export interface RunsParts extends LedgerKeeping {
  readonly digest: Digest
  readonly codec: Codec
  readonly limits: SessionLimits
  readonly registry: Registry
  readonly errorPolicy: ErrorPolicy
}

/** See the head of this file. */
export class ActivityRuns {
  readonly #parts: RunsParts
  readonly #words: Words
  readonly #runs = new Map<string, ActivityRun>()
  /** One at a time may look for an activity and begin it. */
  readonly #opening = new Map<string, Promise<unknown>>()
  /** Those without a caller, the one that has been for longest first. */
  readonly #detached = new Set<ActivityRun>()
  #closedWhy: string | undefined

  constructor(parts: RunsParts) {
    this.#parts = parts
    this.#words = new Words(parts.codec, parts.limits.messageLength)
  }

  /**
   * Connects to an activity, and begins or takes over one that does not run here. Rejects with the RpcError
   * for whoever asked.
   */
  async attach(
    beginning: Beginning,
    principalKey: string | undefined,
    attaching: Omit<Attaching, 'position' | 'had' | 'credit' | 'options'>,
  ): Promise<void> {
    const { service, method, args, id } = beginning
    const served = this.#parts.registry.find(service, method)
    if (served?.description.kind !== 'activity') throw refused('NOT_FOUND', 'there is no such activity here')
    const wrong = argumentProblem(served.description, args)
    if (wrong !== undefined) throw refused('INVALID_ARGUMENT', wrong)
    const key = hexOf(await this.#hashed([principalKey ?? null, service, method, id]))
    for (let opening; (opening = this.#opening.get(key)) !== undefined;) await opening.catch(() => undefined)
    const opening = this.#attach(key, served, beginning, attaching)
    this.#opening.set(key, opening)
    try {
      await opening
    } catch (thrown) {
      throw isInstance(thrown, StoreFailure) ? storeFailed(thrown) : thrown
    } finally {
      this.#opening.delete(key)
    }
  }

  /** True when an activity that is put down here can be gone on with when this process has ended. */
  get outliveProcess(): boolean {
    return this.#parts.store.capabilities.durable
  }

  /** Sees to it that nothing is past its retention while it is worked on. Never rejects. */
  async keep(): Promise<void> {
    for (const run of [...this.#runs.values()]) await run.keep()
  }

  /**
   * The server is closing: all methods are told to stop, and what they did since a checkpoint is lost.
   * Resolves when they have, or `limits.closeTimeout` is over, and no activity counts as begun here.
   */
  async close(why: string): Promise<void> {
    this.#closedWhy ??= why
    const reason = new RpcError('UNAVAILABLE', why, { outcome: 'unknown' })
    const runs = [...this.#runs.values()]
    for (const run of runs) run.stop('interrupt', reason)
    await Promise.all(runs.map((run) => run.ended))
  }

  async #attach(
    key: string,
    served: ServedMethod,
    beginning: Beginning,
    attaching: Omit<Attaching, 'position' | 'had' | 'credit' | 'options'>,
  ): Promise<void> {
    const { position, had, credit, caller, connection, options } = beginning
    const whole = { ...attaching, position, had, credit, options }
    const request = await this.#hashed([served.service, served.description.name, beginning.args])
    const asker = { request, caller, connection, before: [] }
    const record = new ActivityRecord(key, asker, this.#parts, this.#parts.codec)
    const running = this.#runs.get(key)
    running?.record.passTo(asker)
    const isOurs = running !== undefined && !running.isStopping && (await running.record.keepAsker())
    if (running?.isStopping === true) await running.ended
    else if (isOurs) {
      assertOpen(attaching)
      running.attach(whole)
      return
    } else running?.stop('leave', new RpcError('ABORTED', 'the activity goes on elsewhere'))
    const known = await record.look()
    this.#assertThere(known, beginning)
    assertOpen(attaching)
    const kept = typeof known !== 'string' && known.outcome !== undefined ? known : await record.take(known)
    this.#run(key, served, beginning, record, await this.#unpoisoned(record, kept), whole)
  }

  #run(
    key: string,
    served: ServedMethod,
    { args, channels }: Beginning,
    record: ActivityRecord,
    kept: Kept,
    attaching: Attaching,
  ): void {
    if (this.#closedWhy !== undefined) {
      void record.putDown()
      throw refused('UNAVAILABLE', this.#closedWhy)
    }
    const { errorPolicy } = this.#parts
    const attended = (one: ActivityRun, isAttended: boolean): void => this.#attended(one, isAttended)
    const over = (): void => {
      this.#detached.delete(run)
      if (this.#runs.get(key) === run) this.#runs.delete(key)
    }
    const host = { ...attaching.host }
    const words = this.#words
    const run = new ActivityRun({
      ...{
        id: key,
        served,
        args: [...args],
        channels,
        record,
        kept,
        words,
        host,
        errorPolicy,
        attended,
        over,
      },
    })
    this.#runs.set(key, run)
    try {
      run.attach(attaching)
    } catch (thrown) {
      this.#runs.delete(key)
      void record.putDown()
      throw thrown
    }
    // Whoever asked may be gone by now: it waits for somebody to come back.
    if (!attaching.link.open) run.detach(attaching.link)
  }

  #attended(run: ActivityRun, isAttended: boolean): void {
    this.#detached.delete(run)
    if (isAttended) return
    this.#detached.add(run)
    const [longest] = this.#detached
    if (this.#detached.size > rpcLimits.detachedActivities)
      longest?.stop('interrupt', new RpcError('RESOURCE_EXHAUSTED', 'too many activities without a caller'))
  }

  /** Throws when there is nothing to go on with for somebody who counts on it. */
  #assertThere(known: Known, { mode, position }: Beginning): void {
    if (known === 'gone') throw resumeLost('it was discarded, or is past its retention')
    if (known !== 'nothing') {
      const oldest = known.backlog.first
      if (position !== undefined && position < oldest)
        throw resumeLost(`the items before position ${oldest} are not kept`, oldest)
      return
    }
    if (mode === beginMode.mustExist) throw resumeLost('there is none with this id')
    if (mode === beginMode.beginOrGoOn) return
    const { durable, statement } = this.#parts.store.capabilities
    if (!durable) throw resumeLost(`the server that knew it is gone (${statement})`)
    // It had begun, and left no trace: then it was refused, or never arrived, and nothing of it was had.
    if (position !== undefined && position > 0) throw resumeLost('there is none with this id')
  }

  async #unpoisoned(record: ActivityRecord, kept: Kept): Promise<Kept> {
    if (kept.outcome !== undefined || !isPoisoned(kept)) return kept
    const text = `the server went down each of the ${kept.attempts - 1} times it went on with this activity`
    const error = new RpcError('POISONED', text, { outcome: 'unknown' })
    const outcome = this.#words.encode([activityMessage.error, errorToWire(error)])
    await record.finish(outcome, kept.backlog)
    return { ...kept, outcome }
  }

  async #hashed(value: readonly unknown[]): Promise<Uint8Array> {
    return this.#parts.digest(this.#parts.codec.encode(value).slice())
  }
}

/** Who is gone must not take the place of who came after. */
function assertOpen({ link }: { readonly link: ActivityLink }): void {
  if (!link.open) throw refused('UNAVAILABLE', 'the connection is over')
}

function refused(code: 'NOT_FOUND' | 'INVALID_ARGUMENT' | 'UNAVAILABLE', text: string): RpcError {
  return new RpcError(code, text, { outcome: 'not-started' })
}

function storeFailed(failure: StoreFailure): RpcError {
  const text = `the store of this server failed: ${failure.message}`
  return new RpcError('UNAVAILABLE', text, { outcome: 'unknown', cause: failure })
}
