// A peer without manners: a plain socket whose octets the test chooses, and the TPKTs it gets back.
import { createServer, connect, type Server, type Socket } from 'node:net'
import type { TransportConnection, TransportListening } from '@parley/core'
import { Recorder } from '@parley/core/testing'
import { tcp, type TcpOptions, type TcpRejection } from '../src/index.ts'

/** `hex('03 00')` */
export function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'))
}

/** The octets in hexadecimal, without spaces. */
export function toHex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex')
}

/** A TPKT around a TPDU given in hexadecimal. */
export function tpkt(tpdu: string): Uint8Array {
  const octets = hex(tpdu)
  const length = octets.length + 4
  return Uint8Array.of(3, 0, length >> 8, length & 0xff, ...octets)
}

/** A DT with text for its data. */
export function dt(text: string, last = true): Uint8Array {
  return tpkt(`02f0${last ? '80' : '00'}${Buffer.from(text).toString('hex')}`)
}

/**
 * CRs as other implementations send them: source 0x0001, class 0, with the parameters given in hexadecimal.
 */
export function cr(parameters = 'c0010d', classOctet = '00'): Uint8Array {
  const length = (6 + hex(parameters).length).toString(16).padStart(2, '0')
  return tpkt(`${length} e0 0000 0001 ${classOctet} ${parameters}`)
}

/** CCs likewise, from source 0x0077 to destination 0x0001. */
export function cc(parameters = 'c0010d', head = '0001 0077 00'): Uint8Array {
  const length = (6 + hex(parameters).length).toString(16).padStart(2, '0')
  return tpkt(`${length} d0 ${head} ${parameters}`)
}

/** A socket, what came from it, and when it ended. */
export class RawPeer {
  readonly socket: Socket
  /** Everything received so far. */
  received: Uint8Array = new Uint8Array()
  ended = false
  #wake: (() => void)[] = []

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk) => {
      this.received = new Uint8Array(Buffer.concat([this.received, chunk]))
      this.#notify()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.ended = true
      this.#notify()
    })
  }

  send(...octets: Uint8Array[]): this {
    this.socket.write(Buffer.concat(octets))
    return this
  }

  /** The TPDUs received so far, in hexadecimal, without their TPKTs. */
  get tpdus(): string[] {
    const tpdus: string[] = []
    for (let at = 0; at + 4 <= this.received.length;) {
      const length = ((this.received[at + 2] ?? 0) << 8) | (this.received[at + 3] ?? 0)
      tpdus.push(toHex(this.received.subarray(at + 4, at + length)))
      at += length
    }
    return tpdus
  }

  async until(met: () => boolean): Promise<void> {
    while (!met()) await new Promise<void>((resolve) => this.#wake.push(resolve))
  }

  /** Resolves when the other side has ended the connection. */
  closed(): Promise<void> {
    return this.until(() => this.ended)
  }

  #notify(): void {
    const wake = this.#wake
    this.#wake = []
    for (const one of wake) one()
  }
}

/** A listening transport with what it accepted and whom it turned away. */
export class Listening {
  readonly listening: TransportListening
  readonly accepted: Recorder[]
  readonly rejections: TcpRejection[]
  readonly #peers: RawPeer[] = []
  readonly #arrivals: { notify: () => void }

  static async open(options: Partial<TcpOptions> = {}): Promise<Listening> {
    const accepted: Recorder[] = []
    const rejections: TcpRejection[] = []
    const arrivals = { notify: () => {} }
    const onRejected = (rejection: TcpRejection): void => {
      rejections.push(rejection)
      arrivals.notify()
    }
    const transport = tcp({ port: 0, host: '127.0.0.1', onRejected, ...options })
    const listening = await transport.listen((connection: TransportConnection) => {
      accepted.push(new Recorder(connection).start())
      arrivals.notify()
    })
    return new Listening(listening, accepted, rejections, arrivals)
  }

  private constructor(
    listening: TransportListening,
    accepted: Recorder[],
    rejections: TcpRejection[],
    arrivals: { notify: () => void },
  ) {
    this.listening = listening
    this.accepted = accepted
    this.rejections = rejections
    this.#arrivals = arrivals
  }

  get port(): number {
    return this.listening.port ?? 0
  }

  /** A peer on a plain socket. */
  async raw(): Promise<RawPeer> {
    const socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true })
    const peer = new RawPeer(socket)
    this.#peers.push(peer)
    await new Promise((resolve) => socket.once('connect', resolve))
    return peer
  }

  /** A peer on a plain socket after CR and CC, and the connection it got. */
  async connected(request: Uint8Array = cr()): Promise<{ peer: RawPeer; end: Recorder }> {
    const count = this.accepted.length
    const peer = await this.raw()
    peer.send(request)
    await peer.until(() => peer.tpdus.length === 1)
    peer.received = new Uint8Array()
    const end = this.accepted[count]
    if (end === undefined) throw new Error('no connection was accepted')
    return { peer, end }
  }

  /** Resolves when so many connections have been turned away. */
  async rejected(count: number): Promise<void> {
    while (this.rejections.length < count) {
      await new Promise<void>((resolve) => (this.#arrivals.notify = resolve))
    }
  }

  async close(): Promise<void> {
    for (const peer of this.#peers) peer.socket.destroy()
    for (const end of this.accepted) end.connection.close()
    for (const end of this.accepted) await end.ended()
    await this.listening.close()
  }
}

/** A plain server that hands each socket to `answer`. */
export async function rawServer(
  answer: (peer: RawPeer) => void,
): Promise<{ port: number; close: () => void }> {
  const peers: RawPeer[] = []
  const server: Server = createServer({ noDelay: true }, (socket) => {
    const peer = new RawPeer(socket)
    peers.push(peer)
    answer(peer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  const close = (): void => {
    for (const peer of peers) peer.socket.destroy()
    server.close()
  }
  return { port: address.port, close }
}
