// The calls in progress, by id. They come with rising ids and mostly end in that order, so a sorted list
// with gaps does, and no choice of ids makes it slow. It must never allocate while as many calls begin as
// end. A Map does, in V8's old generation, each time it is tidied up; where large binary values come and go
// that sets off one collection of the whole heap after another. Its former tables also keep calls alive.
import { rpcLimits } from '../limits.ts'

/** Calls by id, in the order of their ids. */
export class CallTable<Call extends object> {
  /** How many there are. */
  size = 0
  #ids: number[] = NO_IDS
  /** Undefined where a call has ended. */
  #calls: (Call | undefined)[] = NO_CALLS
  /** Places in use, gaps included. */
  #used = 0

  /** How many there is room for. */
  get places(): number {
    return this.#ids.length
  }

  get(id: number): Call | undefined {
    const at = this.#firstFrom(id)
    return at < this.#used && this.#ids[at] === id ? this.#calls[at] : undefined
  }

  /** Adds a call, or puts it in the place of the one with that id. */
  set(id: number, call: Call): void {
    const at = this.#firstFrom(id)
    const known = at < this.#used && this.#ids[at] === id
    if (!known) this.#insert(at, id)
    if (!known || this.#calls[at] === undefined) this.size += 1
    this.#calls[at] = call
  }

  /** Removes a call, if it is there. */
  delete(id: number): void {
    const at = this.#firstFrom(id)
    if (at >= this.#used || this.#ids[at] !== id || this.#calls[at] === undefined) return
    this.#calls[at] = undefined
    this.size -= 1
    if (this.size < this.#used / 2) this.#closeGaps()
  }

  /** The lowest id of a call that is so; undefined when there is none. */
  lowest(isSo: (call: Call) => boolean): number | undefined {
    const at = this.#calls.findIndex((call) => call !== undefined && isSo(call))
    return at < 0 ? undefined : this.#ids[at]
  }

  /** The calls as they are now. */
  entries(): [id: number, call: Call][] {
    const all: [number, Call][] = []
    for (let at = 0; at < this.#used; at++) {
      const call = this.#calls[at]
      // Within bounds: both lists have a place for each number below `#used`.
      if (call !== undefined) all.push([this.#ids[at] as number, call])
    }
    return all
  }

  /** The first place whose id is not below `id`. */
  #firstFrom(id: number): number {
    const ids = this.#ids
    let from = 0
    let to = this.#used
    while (from < to) {
      const middle = (from + to) >>> 1
      if ((ids[middle] as number) < id) from = middle + 1
      else to = middle
    }
    return from
  }

  /** Makes a place; at the end, but for a call that had to wait for others. */
  #insert(at: number, id: number): void {
    if (this.#used === this.places) this.#grow()
    for (let to = this.#used; to > at; to--) {
      this.#ids[to] = this.#ids[to - 1] as number
      this.#calls[to] = this.#calls[to - 1]
    }
    this.#ids[at] = id
    this.#calls[at] = undefined
    this.#used += 1
  }

  #closeGaps(): void {
    let to = 0
    for (let at = 0; at < this.#used; at++) {
      const call = this.#calls[at]
      if (call === undefined) continue
      this.#ids[to] = this.#ids[at] as number
      this.#calls[to] = call
      to += 1
    }
    this.#calls.fill(undefined, to, this.#used)
    this.#used = to
    if (this.places > rpcLimits.keptCalls && to <= rpcLimits.keptCalls / 2) this.#shrink()
  }

  /** Step by step from few places: an array that grows by itself begins with many, in each idle session. */
  #grow(): void {
    if (this.#used === 0) {
      this.#ids = [0, 0, 0, 0]
      this.#calls = [undefined, undefined, undefined, undefined]
      return
    }
    const length = 2 * this.#used
    this.#ids = Array.from({ length }, (_, at) => this.#ids[at] ?? 0)
    this.#calls = Array.from({ length }, (_, at) => this.#calls[at])
  }

  #shrink(): void {
    this.#ids = this.#ids.slice(0, this.#used)
    this.#calls = this.#calls.slice(0, this.#used)
  }
}

/** What no table has changed yet: a list of its own in each idle session would be much. */
const NO_IDS: number[] = []
const NO_CALLS: undefined[] = []
