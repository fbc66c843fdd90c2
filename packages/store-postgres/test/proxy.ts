// A TCP proxy in front of a server, which a test tells what to do when COMMIT comes by.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/**
 * - `pass` nothing
 * - `cut-before` the connection is cut, and the server never hears of it
 * - `cut-after` the connection is cut when the server has answered, and nobody hears of that
 * - `swallow` it is kept back, and the connection stays
 */
export type AtCommit = 'pass' | 'cut-before' | 'cut-after' | 'swallow'

/** A proxy that is listening. */
export class Proxy {
  atCommit: AtCommit = 'pass'
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  static async start(port: number): Promise<Proxy> {
    const proxy = new Proxy(port)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  private constructor(port: number) {
    this.#server = createServer((client) => this.#join(client, connect(port, '127.0.0.1')))
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async stop(): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(client: Socket, server: Socket): void {
    const cut = (): void => {
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.on('error', cut)
      socket.on('close', () => {
        this.#sockets.delete(socket)
        cut()
      })
    }
    let cutsAtAnswer = false
    client.on('data', (data) => {
      if (isCommit(data)) {
        if (this.atCommit === 'cut-before') return cut()
        if (this.atCommit === 'swallow') return
        cutsAtAnswer = this.atCommit === 'cut-after'
      }
      server.write(data)
    })
    server.on('data', (data) => (cutsAtAnswer ? cut() : client.write(data)))
  }
}

/** The message `Query` with the text COMMIT, as the wire protocol of PostgreSQL has it. */
function isCommit(data: Buffer): boolean {
  return data.includes(Buffer.from('Q\0\0\0\x0bCOMMIT\0', 'latin1'))
}
