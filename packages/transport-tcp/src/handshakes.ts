// TLS handshakes under way at a listening address: who is slow or leaves is turned away like anyone who has
// not sent a CR, and the time for both is one.
import type { Socket } from 'node:net'
import type { Server, TLSSocket } from 'node:tls'
import type { Timer } from '@parley/core'
import type { Door, Waiting } from './door.ts'
import type { TcpRejection, TcpSettings } from './options.ts'
import { codeOf, errorWords, remoteWords } from './words.ts'

/** Lets in whoever completes the handshake of `server`. */
export function guardHandshakes(server: Server, settings: TcpSettings, door: Door): void {
  // `node:tls` gives no way from a socket to the one that it encrypts, but their ends are the same.
  const underWay = new Map<string, Handshake>()
  server.on('connection', (socket: Socket) => {
    const ends = endsOf(socket)
    const handshake = new Handshake(socket, settings, door)
    underWay.set(ends, handshake)
    socket.once('close', () => {
      handshake.left()
      if (underWay.get(ends) === handshake) underWay.delete(ends)
    })
  })
  server.on('tlsClientError', (error, socket) => underWay.get(endsOf(socket))?.failed(error))
  server.on('secureConnection', (socket: TLSSocket) => {
    const ends = endsOf(socket)
    const handshake = underWay.get(ends)
    underWay.delete(ends)
    if (handshake === undefined) socket.destroy()
    else handshake.completed(socket)
  })
}

/** Differs among all connections there are. */
function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return [remoteAddress, remotePort, localAddress, localPort].join(' ')
}

class Handshake implements Waiting {
  readonly host: string | undefined
  readonly #remote: string
  readonly #socket: Socket
  readonly #door: Door
  readonly #deadline: number
  readonly #timer: Timer
  #isOver = false

  constructor(socket: Socket, settings: TcpSettings, door: Door) {
    const { clock, handshakeTimeout } = settings
    this.host = socket.remoteAddress
    this.#remote = remoteWords(socket, settings)
    this.#socket = socket
    this.#door = door
    this.#deadline = clock.now() + handshakeTimeout
    this.#timer = clock.setTimer(handshakeTimeout, () => {
      this.turnAway('timeout', `no TLS handshake within ${handshakeTimeout} ms`)
    })
    door.begin(this)
  }

  completed(socket: TLSSocket): void {
    if (!this.#end()) return
    this.#door.leave(this)
    this.#door.accept(socket, this.#deadline)
  }

  failed(error: Error): void {
    if (codeOf(error) === 'ECONNRESET') this.left()
    else this.turnAway('protocol', errorWords(error))
  }

  left(): void {
    this.turnAway('gone', 'it left during the TLS handshake, or showed no certificate that is accepted')
  }

  turnAway(code: TcpRejection['code'], message: string): void {
    if (!this.#end()) return
    this.#socket.destroy()
    this.#door.turnedAway(this, { remote: this.#remote, code, message })
  }

  #end(): boolean {
    if (this.#isOver) return false
    this.#timer.cancel()
    return (this.#isOver = true)
  }
}
