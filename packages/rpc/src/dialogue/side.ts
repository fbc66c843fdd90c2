// What the two sides of a dialogue have in common for their users: everything but saying something.
import type { DialogueControls, DialogueEvent } from '../dialogue.ts'
import { RpcError } from '../errors.ts'
import { newAbortController, type PlatformAbortSignal } from '../platform/platform.ts'
import { Subject, type Observable } from '../rx.ts'
import type { DialogueLink } from './link.ts'

/** One side of a dialogue, as its user holds it. */
export abstract class DialogueSide implements DialogueControls {
  #events: Subject<DialogueEvent> | undefined
  #turn: ReturnType<typeof newAbortController> | undefined
  #over = false

  /** Undefined before the dialogue has begun. */
  protected abstract get link(): DialogueLink | undefined

  /** Throws, once, what the other side did meanwhile, so that nothing is built on what no longer counts. */
  protected abstract throwVoid(): void

  get myTurn(): boolean {
    return this.link?.myTurn ?? false
  }

  get wanted(): boolean {
    return this.link?.wanted ?? false
  }

  get interrupted(): boolean {
    return this.link?.interrupted ?? false
  }

  get signal(): PlatformAbortSignal {
    this.#turn ??= newAbortController()
    return this.#turn.signal
  }

  get events(): Observable<DialogueEvent> {
    if (this.#events === undefined) {
      this.#events = new Subject()
      if (this.#over) this.#events.complete()
    }
    return this.#events
  }

  please(why?: string): void {
    this.assertLink().please(why)
  }

  async checkpoint(label?: string): Promise<number> {
    this.throwVoid()
    return this.assertLink().checkpoint(label)
  }

  async commit(): Promise<number> {
    this.throwVoid()
    try {
      return await this.assertLink().commit()
    } catch (thrown) {
      // What overtook it says more than that it was overtaken.
      this.throwVoid()
      throw thrown
    }
  }

  problem(reason: string, details?: unknown): void {
    this.assertLink().problem(reason, details)
  }

  async interrupt(reason?: string): Promise<void> {
    this.throwVoid()
    await this.assertLink().interrupt(reason)
  }

  resume(): void {
    this.assertLink().resume()
  }

  /** The turn is this side's from now on. */
  protected newTurn(): void {
    this.#turn = undefined
  }

  /** What this side is working on no longer counts. */
  protected voidTurn(reason: unknown): void {
    this.#turn?.abort(reason)
  }

  protected tellUser(event: DialogueEvent): void {
    this.#events?.next(event)
  }

  /** The dialogue is over: its events complete, and what is worked on counts for nothing. */
  protected endTurns(reason: unknown): void {
    this.#over = true
    this.voidTurn(reason)
    this.#events?.complete()
  }

  protected assertLink(): DialogueLink {
    const link = this.link
    if (link?.open === true) return link
    throw new RpcError('FAILED_PRECONDITION', 'the dialogue has not begun with next(), or is over')
  }
}
