// What lies between a method's yields and its checkpoints: which items are shown to the caller at once and
// which with the checkpoint behind them, and that one checkpoint is made after the other.
import { RpcError } from '../errors.ts'
import { rpcLimits } from '../limits.ts'
import type { ActivityReplay } from '../service/description.ts'
import type { Backlog, InputPositions } from './backlog.ts'
import type { ActivityRecord } from './record.ts'

/** See the head of this file. */
export class CheckpointMaker {
  /** Why the activity is to be put down at its next checkpoint. */
  pauseBecause: string | undefined
  readonly #record: ActivityRecord
  readonly #backlog: Backlog
  readonly #shown: 'at once' | 'with checkpoint'
  /** With `discard`: yielded, and not shown to anybody. */
  readonly #held: Uint8Array[] = []
  #heldOctets = 0
  /** The checkpoint that is being made. */
  #making: Promise<void> | undefined
  #finished = false

  constructor(record: ActivityRecord, backlog: Backlog, replay: ActivityReplay | undefined) {
    this.#record = record
    this.#backlog = backlog
    this.#shown = replay === 'discard' ? 'with checkpoint' : 'at once'
  }

  /** Takes an item, encoded. Throws an RpcError RESOURCE_EXHAUSTED when more waits than can be kept. */
  add(octets: Uint8Array): void {
    const most = rpcLimits.heldItemOctets
    if (octets.length > most) throw exhausted(`${octets.length} octets in one item, ${most} can be kept`)
    if (this.#shown === 'at once') return this.#backlog.add(octets)
    this.#heldOctets += octets.length
    if (this.#heldOctets > most)
      throw exhausted(`more than ${most} octets of items without a checkpoint behind them: commit more often`)
    this.#held.push(octets)
  }

  /**
   * Records what the method has ended with, and only then shows what was held back. Rejects as
   * {@link ActivityRecord.finish} does.
   */
  async finish(outcome: Uint8Array): Promise<void> {
    this.#finished = true
    // The method did not wait for its last checkpoint: it comes first all the same.
    await this.#making?.catch(() => undefined)
    await this.#record.finish(outcome, this.#backlog, this.#held)
    this.#show(this.#held.length)
  }

  /**
   * Makes a checkpoint of what was yielded until now. Rejects as {@link ActivityRecord.checkpoint} does, and
   * with an RpcError when the state is too long, or another one is being made.
   */
  async commit(
    state: Uint8Array,
    inputs: InputPositions,
    work: ((transaction: unknown) => unknown) | undefined,
  ): Promise<void> {
    const most = rpcLimits.checkpointOctets
    if (state.length > most)
      throw exhausted(`${state.length} octets of state, a checkpoint has up to ${most}`)
    if (this.#finished) throw new RpcError('FAILED_PRECONDITION', 'the method has ended')
    if (this.#making !== undefined)
      throw new RpcError('FAILED_PRECONDITION', 'the last commit() has not resolved: await it')
    this.#making = this.#commit(state, inputs, work)
    try {
      await this.#making
    } finally {
      this.#making = undefined
    }
  }

  async #commit(
    state: Uint8Array,
    inputs: InputPositions,
    work: ((transaction: unknown) => unknown) | undefined,
  ): Promise<void> {
    const held = [...this.#held]
    const count = this.#backlog.count + held.length
    await this.#record.checkpoint({ state, inputs, backlog: this.#backlog, held }, work)
    this.#show(held.length)
    this.#backlog.mark(count, inputs)
  }

  /** Shows the first of what was held back. */
  #show(count: number): void {
    for (const octets of this.#held.splice(0, count)) {
      this.#backlog.add(octets)
      this.#heldOctets -= octets.length
    }
  }
}

function exhausted(text: string): RpcError {
  return new RpcError('RESOURCE_EXHAUSTED', text)
}
