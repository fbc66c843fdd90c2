// What is measured, as data: each workload's name, what one operation of it is, and how it is driven.

/**
 * `repeat`: the client keeps so many operations going. `connect` and `idle` are about connections, not calls.
 */
export type Workload =
  | ({ readonly drive: 'repeat'; readonly operation: Operation; readonly concurrency: number } & Named)
  | ({ readonly drive: 'connect' } & Named)
  | ({ readonly drive: 'idle' } & Named)

/** A method of BenchClient. */
export type Operation = 'unary' | 'binary' | 'serverStream' | 'clientStream'

interface Named {
  readonly name: string
  readonly title: string
  /** What is counted: calls, items, connections. */
  readonly counted: string
  /** V8's, for every process in it: they keep out what is chance there. */
  readonly flags?: readonly string[]
}

/** Octets of the large binary. */
export const binarySize: number = 64 * 1024

/**
 * The young generation grows with the traffic, by tens of megabytes once in a process's life, and when it
 * does is chance: held at its least size it does not hide what connections take.
 */
const steadyYoungGeneration = ['--min-semi-space-size=1', '--max-semi-space-size=1']

export const workloads: readonly Workload[] = [
  unary(1),
  unary(64),
  unary(256),
  {
    name: 'binary',
    title: '64 KiB there and back, 16 at a time',
    counted: 'calls',
    drive: 'repeat',
    operation: 'binary',
    concurrency: 16,
  },
  {
    name: 'server-stream',
    title: 'stream of small objects from the server',
    counted: 'items',
    drive: 'repeat',
    operation: 'serverStream',
    concurrency: 1,
  },
  {
    name: 'client-stream',
    title: 'stream of small objects to the server',
    counted: 'items',
    drive: 'repeat',
    operation: 'clientStream',
    concurrency: 1,
  },
  {
    name: 'connect',
    title: 'connect and make the first call, one after the other',
    counted: 'connections',
    drive: 'connect',
  },
  {
    name: 'idle',
    title: 'resident memory of the server per idle connection',
    counted: 'connections',
    drive: 'idle',
    flags: steadyYoungGeneration,
  },
]

function unary(concurrency: number): Workload {
  return {
    name: `unary${concurrency}`,
    title: `small object echoed, ${concurrency} at a time`,
    counted: 'calls',
    drive: 'repeat',
    operation: 'unary',
    concurrency,
  }
}
