// A simulated process: a server or a client as the world sees it. Everything that reaches it and everything
// it does passes here, so it can be stopped between any two of its actions: killed, whatever its code would
// go on to do, or put on hold and let go on as if nothing had been.
import type { Clock, Timer } from '@parley/core'
import type { VirtualClock } from '@parley/core/testing'
import type { Trace } from './trace.ts'

/** A process that can be killed and put on hold at each of its actions. */
export class SimulatedProcess {
  readonly name: string
  readonly clock: Clock
  readonly #trace: Trace
  readonly #world: VirtualClock
  readonly #timers = new Set<Timer>()
  /** Transport connections that it has open. */
  connections = 0
  /** Times that it has connected to somebody. */
  connected = 0
  /** What has reached it while it was on hold. */
  readonly #inbox: (() => void)[] = []
  readonly #crashed: (() => void)[] = []
  #state: 'running' | 'on hold' | 'dead' = 'running'
  #actions = 0
  /** It dies at the action with this number. */
  #diesAt = Infinity
  #holdsAt = Infinity
  #onHold: () => void = () => undefined

  /** `origin` is what its clock says when the world begins: no two processes have the same time. */
  constructor(name: string, world: VirtualClock, trace: Trace, origin: number) {
    this.name = name
    this.#world = world
    this.#trace = trace
    this.clock = {
      now: () => world.now() + origin,
      setTimer: (delay, callback) => this.#setTimer(delay, callback),
    }
  }

  get alive(): boolean {
    return this.#state !== 'dead'
  }

  get running(): boolean {
    return this.#state === 'running'
  }

  /** Something comes from outside: it happens now, later, or never. */
  enter(what: string, body: () => void): void {
    if (this.#state === 'running' && this.#actions + 1 >= this.#holdsAt) {
      this.#holdsAt = Infinity
      this.#onHold()
    }
    if (this.#state === 'on hold' || this.#inbox.length > 0) this.#inbox.push(() => this.#act(what, body))
    else this.#act(what, body)
  }

  /** The process does something to the world; false: it is dead, and nothing happens. */
  act(what: string): boolean {
    if (this.#state === 'dead') return false
    if (++this.#actions === this.#diesAt) {
      this.#trace.note(`${this.name} dies before: ${what}`)
      this.crash()
      return false
    }
    this.#trace.note(`${this.name} ${what}`)
    return true
  }

  /** What comes of an operation outside: once it is done, the process hears of it as of everything else. */
  ask<T>(what: string, operation: () => Promise<T>): Promise<T> {
    if (!this.act(what)) return NEVER
    return new Promise((resolve, reject) => {
      operation().then(
        (value) => this.enter(`${what}: done`, () => resolve(value)),
        (error: unknown) => this.enter(`${what}: ${String(error)}`, () => reject(error)),
      )
    })
  }

  /** So long on the clock of the process. */
  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.clock.setTimer(milliseconds, resolve))
  }

  /** Kills it `actions` from now, the next one being 1. */
  crashAfter(actions: number): void {
    this.#diesAt = this.#actions + actions
  }

  /** It does nothing from its next `actions` on; `begins` is told. */
  holdAfter(actions: number, begins: () => void): void {
    this.#holdsAt = this.#actions + actions
    this.#onHold = () => {
      this.#hold()
      begins()
    }
  }

  /** It goes on, with all that has come meanwhile, one by one. */
  goOn(): void {
    this.#holdsAt = Infinity
    if (this.#state !== 'on hold') return
    this.#trace.note(`${this.name} goes on`)
    this.#state = 'running'
    this.#catchUp()
  }

  crash(): void {
    if (this.#state === 'dead') return
    this.#trace.note(`${this.name} is dead`)
    this.#state = 'dead'
    for (const timer of this.#timers) timer.cancel()
    this.#timers.clear()
    this.#inbox.length = 0
    for (const tell of this.#crashed) tell()
  }

  /** Told when it has died. */
  onCrash(tell: () => void): void {
    this.#crashed.push(tell)
  }

  #act(what: string, body: () => void): void {
    if (this.act(what)) body()
  }

  /** What has come waits behind what came before; each has a turn of its own, as in an event loop. */
  #catchUp(): void {
    this.#world.setTimer(0, () => {
      if (this.#state !== 'running') return
      this.#inbox[0]?.()
      this.#inbox.shift()
      if (this.#inbox.length > 0) this.#catchUp()
    })
  }

  #hold(): void {
    this.#trace.note(`${this.name} is on hold`)
    this.#state = 'on hold'
  }

  #setTimer(delay: number, callback: () => void): Timer {
    if (this.#state === 'dead') return { cancel: () => undefined }
    let cancelled = false
    const timer = this.#world.setTimer(delay, () => {
      this.#timers.delete(handle)
      this.enter('timer', () => {
        if (!cancelled) callback()
      })
    })
    const handle: Timer = {
      cancel: () => {
        cancelled = true
        this.#timers.delete(handle)
        timer.cancel()
      },
    }
    this.#timers.add(handle)
    return handle
  }
}

const NEVER = new Promise<never>(() => undefined)
