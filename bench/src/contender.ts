// What every contender offers: a server and a client for the same four operations. The values they carry are
// made here too, so that no contender can carry less than another.

/** Where a server listens. A contender that needs no address (in memory) ignores it. */
export interface Address {
  readonly host: string
  readonly port: number
}

export interface RunningServer {
  readonly address: Address
  close(): Promise<void>
}

/** One connection. Its operations do what a user of that library would write, and nothing shorter. */
export interface BenchClient {
  /** The server decodes the message and answers with it. */
  unary(message: Small): Promise<Small>
  /** The server answers with the octets it got. */
  binary(octets: Uint8Array): Promise<Uint8Array>
  /**
   * The server sends `small(0)` to `small(count - 1)`, one message each; the result is the sum of their ids.
   */
  serverStream(count: number): Promise<number>
  /**
   * The client sends `small(0)` to `small(count - 1)`, one message each; the server answers with the sum of
   * their ids.
   */
  clientStream(count: number): Promise<number>
  close(): Promise<void>
}

/** A library under test. Loaded once in the server's process and once in the client's. */
export interface Contender {
  serve(): Promise<RunningServer>
  connect(address: Address): Promise<BenchClient>
}

/** The small object of all workloads: a number, a 16-character string, three tags, a boolean, a float. */
export interface Small {
  id: number
  name: string
  tags: string[]
  active: boolean
  score: number
}

/** Makes the small object number `id`, below 2^31. Always a new object: nothing may be cached by identity. */
export function small(id: number): Small {
  return { id, name: 'sixteen letters!', tags: ['red', 'green', 'blue'], active: true, score: id + 0.5 }
}

/** What the two stream operations must answer for `count` items. */
export function sumOfIds(count: number): number {
  return (count * (count - 1)) / 2
}
