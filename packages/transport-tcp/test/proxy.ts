// A TCP proxy that does to octets what networks do: it splits them, delays them, lets them trickle, swallows
// those of one direction, and ends connections in the middle of them, with or without a word.
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'

/** The way octets travel. */
export type Way = 'to-server' | 'to-client'

/** What the proxy does to connections that are opened from now on; what is not said is not done. */
export interface Treatment {
  /** Octets are passed on in pieces of at most so many, each in a turn of its own. */
  readonly split?: number
  /** Milliseconds that every piece takes. */
  readonly delay?: number
  /** Octets of this direction vanish, and so does the end. */
  readonly swallow?: Way
  /** The connection ends when so many octets have passed in this direction, */
  readonly endAfter?: { readonly octets: number; readonly way: Way; readonly how: 'reset' | 'close' }
}

/** A proxy in front of a server of this machine. */
export class Proxy {
  treatment: Treatment = {}
  /** Connections so far. */
  connections = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  /** Offers a port in front of `port`. */
  static async open(port: number): Promise<Proxy> {
    const proxy = new Proxy(port)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  private constructor(port: number) {
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      const server = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
      const ends = { 'to-server': server, 'to-client': client }
      this.connections++
      for (const socket of [client, server]) {
        this.#sockets.add(socket)
        socket.setNoDelay(true)
        socket.on('error', () => socket.destroy())
        socket.on('close', () => this.#sockets.delete(socket))
      }
      new Pipe(ends, 'to-server', this.treatment).carry(client)
      new Pipe(ends, 'to-client', this.treatment).carry(server)
    })
  }

  /** The port to connect to. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Ends every connection there is, without a word. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  /** Ends everything. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.reset()
    await closed
  }
}

/** One direction of one connection. */
class Pipe {
  readonly #ends: Readonly<Record<Way, Socket>>
  readonly #way: Way
  readonly #treatment: Treatment
  #passed = 0
  #last: Promise<void> = Promise.resolve()

  constructor(ends: Readonly<Record<Way, Socket>>, way: Way, treatment: Treatment) {
    this.#ends = ends
    this.#way = way
    this.#treatment = treatment
  }

  /** Passes on what comes from there. */
  carry(from: Socket): void {
    from.on('data', (octets) => this.#later(() => this.#pass(octets)))
    from.on('end', () => this.#later(async () => void (this.#swallows || this.#to.end())))
    from.on('close', () => this.#later(async () => void (this.#swallows || this.#to.destroy())))
  }

  get #to(): Socket {
    return this.#ends[this.#way]
  }

  get #swallows(): boolean {
    return this.#treatment.swallow === this.#way
  }

  #later(act: () => Promise<void>): void {
    this.#last = this.#last.then(act)
  }

  async #pass(octets: Buffer): Promise<void> {
    if (this.#swallows) return
    const { split = octets.length, delay = 0 } = this.#treatment
    for (let at = 0; at < octets.length; at += split) {
      if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay))
      else if (split < octets.length) await new Promise((resolve) => setImmediate(resolve))
      if (!this.#write(octets.subarray(at, at + split))) return
    }
  }

  /** False when the connection has come to its end. */
  #write(piece: Buffer): boolean {
    const { endAfter } = this.#treatment
    const left = endAfter?.way === this.#way ? endAfter.octets - this.#passed : Infinity
    if (this.#to.destroyed) return false
    this.#passed += piece.length
    if (left > piece.length) return this.#to.write(piece) || true
    this.#to.write(piece.subarray(0, Math.max(0, left)), () => this.#end())
    return false
  }

  #end(): void {
    for (const socket of Object.values(this.#ends)) {
      if (this.#treatment.endAfter?.how === 'close') socket.destroySoon()
      else socket.resetAndDestroy()
    }
  }
}
