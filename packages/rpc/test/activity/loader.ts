// A service for tests of activities: it counts rows, says how far it is, and leaves marks in the world.
import { activity, call, remote, service, type Activity, type Stream } from '@parley/rpc'

/** What one run of a method left behind. */
export interface Marks {
  /** What was done, in order. */
  readonly done: string[]
  /** States that were gone on from. */
  readonly from: unknown[]
  /** Why methods were stopped. */
  readonly stopped: unknown[]
}

export function newMarks(): Marks {
  return { done: [], from: [], stopped: [] }
}

@service('loader.v1')
export abstract class Loader {
  /** Adds up the rows, tells the sum after each, and makes a checkpoint after every `each` of them. */
  @activity() load(each: number, rows: Stream<number>): Activity<number, number> {
    return remote(each, rows)
  }

  /** Counts up to `to`; a checkpoint after every `each`. */
  @activity() count(to: number, each: number): Activity<number, string> {
    return remote(to, each)
  }

  /** The same with items that are shown with their checkpoints only. */
  @activity({ replay: 'discard' }) dice(to: number, each: number): Activity<string, string> {
    return remote(to, each)
  }
}

interface LoadState {
  readonly rows: number
  readonly sum: number
}

/** Works as its `gate` lets it. */
export class LoaderService extends Loader {
  /** Waited for before each step of `count`. */
  gate: (n: number) => Promise<void> | void = () => undefined
  readonly marks: Marks
  readonly name: string

  constructor(marks: Marks, name = 'A') {
    super()
    this.marks = marks
    this.name = name
  }

  override async *load(each: number, rows: Stream<number>): Activity<number, number> {
    const checkpoint = call().checkpoint<LoadState>()
    this.marks.from.push(checkpoint.from)
    let { rows: count, sum } = checkpoint.from ?? { rows: 0, sum: 0 }
    for await (const row of rows) {
      await this.gate(count)
      count += 1
      sum += row
      this.marks.done.push(`${this.name} ${row}`)
      yield sum
      if (count % each === 0) await checkpoint.commit({ rows: count, sum })
    }
    return sum
  }

  override async *count(to: number, each: number): Activity<number, string> {
    const checkpoint = call().checkpoint<number>()
    this.marks.from.push(checkpoint.from)
    try {
      for (let n = (checkpoint.from ?? 0) + 1; n <= to; n++) {
        await this.gate(n)
        this.marks.done.push(`${this.name} ${n}`)
        yield n
        if (n % each === 0) await checkpoint.commit(n)
      }
    } finally {
      this.marks.stopped.push(call().signal.reason)
    }
    return `counted to ${to}`
  }

  override async *dice(to: number, each: number): Activity<string, string> {
    const checkpoint = call().checkpoint<number>()
    for (let n = (checkpoint.from ?? 0) + 1; n <= to; n++) {
      await this.gate(n)
      yield `${this.name} ${n}`
      if (n % each === 0) await checkpoint.commit(n)
    }
    return `${this.name} done`
  }
}

/** Lasts until the method is told to stop. */
export function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    call().signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** Yields large items. */
@service('big.v1')
export class Big {
  /** Items made, and runs begun. */
  made = 0
  runs = 0

  @activity() async *big(count: number, octets: number): Activity<Uint8Array, string> {
    this.runs += 1
    for (let n = 0; n < count; n++) {
      this.made += 1
      yield new Uint8Array(octets)
    }
    return 'done'
  }
}
