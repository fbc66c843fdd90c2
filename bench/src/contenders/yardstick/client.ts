// The yardstick's client: a Map of pending calls and a Promise per call; a stream's items go to a plain
// field.
import { once } from 'node:events'
import { type Socket, connect as connectSocket } from 'node:net'
import type { Address, BenchClient, Small } from '../../contender.ts'
import { sendItems } from './items.ts'
import { Link, type Message, kinds } from './link.ts'

export async function connect(address: Address): Promise<BenchClient> {
  const socket = connectSocket({ host: address.host, port: address.port, noDelay: true })
  await once(socket, 'connect')
  return new YardstickClient(socket)
}

interface Pending {
  readonly resolve: (value: never) => void
  readonly reject: (reason: Error) => void
  /** The sum of the ids that came in, if the call is a stream from the server. */
  sum: number
}

class YardstickClient implements BenchClient {
  readonly #link: Link
  readonly #pending = new Map<number, Pending>()
  #nextId = 0

  constructor(socket: Socket) {
    this.#link = new Link(socket, (message) => this.#receive(message))
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#fail(new Error('the connection closed')))
  }

  unary(message: Small): Promise<Small> {
    return this.#call(kinds.echo, message)
  }

  binary(octets: Uint8Array): Promise<Uint8Array> {
    return this.#call(kinds.echo, octets)
  }

  serverStream(count: number): Promise<number> {
    return this.#call(kinds.serverStream, count)
  }

  clientStream(count: number): Promise<number> {
    const id = this.#nextId
    const answer = this.#call<number>(kinds.clientStream, undefined)
    sendItems(this.#link, id, count)
    return answer
  }

  async close(): Promise<void> {
    this.#link.socket.end()
    await once(this.#link.socket, 'close')
  }

  #call<T>(kind: number, value: unknown): Promise<T> {
    const id = this.#nextId++
    this.#link.send([id, kind, value])
    return new Promise<T>((resolve, reject) => this.#pending.set(id, { resolve, reject, sum: 0 }))
  }

  #receive([id, kind, value]: Message): void {
    const pending = this.#pending.get(id)
    if (!pending) return
    if (kind === kinds.item) {
      pending.sum += (value as Small).id
    } else {
      this.#pending.delete(id)
      pending.resolve((kind === kinds.end ? pending.sum : value) as never)
    }
  }

  #fail(reason: Error): void {
    for (const pending of this.#pending.values()) pending.reject(reason)
    this.#pending.clear()
  }
}
