// The load generator: drives one client for a while and counts. Every answer is checked, so that a library
// cannot be fast by being wrong.
import { performance } from 'node:perf_hooks'
import { type Address, type BenchClient, type Contender, type Small, small, sumOfIds } from './contender.ts'
import { type Operation, binarySize } from './workload.ts'

/** One slice of a workload as the client saw it. */
export interface Slice {
  /** Calls, items or connections finished. */
  readonly count: number
  /** Seconds they took, on the wall. */
  readonly seconds: number
  /** Processor time of this process meanwhile, in microseconds. */
  readonly cpu: number
}

export interface RepeatOrder {
  readonly operation: Operation
  readonly concurrency: number
  /** Operations are started until so many seconds have passed; those started are finished. */
  readonly seconds: number
  /** Items in one stream. */
  readonly items: number
}

export async function repeat(client: BenchClient, order: RepeatOrder): Promise<Slice> {
  const operate = operations[order.operation]
  let count = 0
  let nextId = 0
  const cpu = process.cpuUsage()
  const started = performance.now()
  const until = started + order.seconds * 1000
  const caller = async (): Promise<void> => {
    do {
      // Not `count += await`: that would add to what the count was before the wait.
      const done = await operate(client, nextId++, order.items)
      count += done
    } while (performance.now() < until)
  }
  await Promise.all(Array.from({ length: order.concurrency }, caller))
  return { count, seconds: (performance.now() - started) / 1000, cpu: microsecondsSince(cpu) }
}

/**
 * Connects, calls once, closes, so many times. Closing is not timed, though its processor time cannot be told
 * apart.
 */
export async function reconnect(contender: Contender, address: Address, count: number): Promise<Slice> {
  const cpu = process.cpuUsage()
  let milliseconds = 0
  for (let id = 0; id < count; id++) {
    const started = performance.now()
    const client = await contender.connect(address)
    check((await client.unary(small(id))).id === id, 'unary')
    milliseconds += performance.now() - started
    await client.close()
  }
  return { count, seconds: milliseconds / 1000, cpu: microsecondsSince(cpu) }
}

/** Runs each operation once and compares the whole answer, before anything is timed. */
export async function verify(client: BenchClient): Promise<void> {
  const sent = small(7)
  check(sameSmall(await client.unary(sent), sent), 'unary')
  const octets = Uint8Array.from({ length: binarySize }, (_, at) => at % 251)
  const back = await client.binary(octets)
  check(back.length === octets.length && back.every((octet, at) => octet === octets[at]), 'binary')
  check((await client.serverStream(100)) === sumOfIds(100), 'serverStream')
  check((await client.clientStream(100)) === sumOfIds(100), 'clientStream')
}

/** Each does one operation, checks its answer, and returns what it counts for. */
const operations: Record<Operation, (client: BenchClient, id: number, items: number) => Promise<number>> = {
  async unary(client, id) {
    check((await client.unary(small(id))).id === id, 'unary')
    return 1
  },
  async binary(client) {
    check((await client.binary(binary)).length === binarySize, 'binary')
    return 1
  },
  async serverStream(client, _id, items) {
    check((await client.serverStream(items)) === sumOfIds(items), 'serverStream')
    return items
  },
  async clientStream(client, _id, items) {
    check((await client.clientStream(items)) === sumOfIds(items), 'clientStream')
    return items
  },
}

const binary = new Uint8Array(binarySize).fill(42)

function check(right: boolean, operation: string): void {
  if (!right) throw new Error(`${operation} gave a wrong answer`)
}

function sameSmall(a: Small, b: Small): boolean {
  return (
    a.id === b.id &&
    a.name === b.name &&
    a.tags.join() === b.tags.join() &&
    a.active === b.active &&
    a.score === b.score
  )
}

function microsecondsSince(start: NodeJS.CpuUsage): number {
  const used = process.cpuUsage(start)
  return used.user + used.system
}
