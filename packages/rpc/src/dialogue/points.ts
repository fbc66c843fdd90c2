// The points of a dialogue: which there are, what they are called, and how far back one can go. Pure.
import type { DialoguePoint } from '../dialogue.ts'
import { RpcError } from '../errors.ts'
import { rpcLimits } from '../limits.ts'

/** The points both sides know. 0 is the beginning. */
export class Points {
  #first = 0
  #last = 0
  /** In the order they were set; of the oldest ones only the number is known. */
  readonly #labels = new Map<number, string>()

  /** The last point set. */
  get last(): number {
    return this.#last
  }

  add(point: number, label: string | undefined): void {
    this.#last = point
    if (label === undefined) return
    this.#labels.set(point, label)
    const [oldest] = this.#labels.keys()
    if (this.#labels.size > rpcLimits.dialogueLabels && oldest !== undefined) this.#labels.delete(oldest)
  }

  /** Nobody goes back behind this point any more. */
  commit(point: number): void {
    this.#first = point
    this.#last = point
    this.#labels.clear()
  }

  has(point: number): boolean {
    return Number.isSafeInteger(point) && point >= this.#first && point <= this.#last
  }

  /** Throws an RpcError OUT_OF_RANGE, with the points there are, for one that is none of them. */
  assertReachable(point: number): void {
    if (this.has(point)) return
    const first = this.#first
    const last = this.#last
    throw new RpcError(
      'OUT_OF_RANGE',
      `there is no point ${point}: those from ${first} to ${last} can be reached`,
      {
        details: { first, last },
      },
    )
  }

  /** Forgets the points behind this one. */
  backTo(point: number): DialoguePoint {
    for (const later of this.#labels.keys()) if (later > point) this.#labels.delete(later)
    this.#last = point
    return { point, label: this.#labels.get(point) }
  }
}
