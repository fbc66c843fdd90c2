// The listening role: a server socket, and the door behind it.
import { createServer, type Server } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { TransportConnection, TransportListening } from '@parley/core'
import { Door } from './door.ts'
import { guardHandshakes } from './handshakes.ts'
import type { TcpSettings } from './options.ts'
import { hostWords, systemError, targetWords } from './words.ts'

/** Offers the address. Rejects with a TransportError. */
export function listen(
  settings: TcpSettings,
  onConnection: (connection: TransportConnection) => void,
): Promise<TransportListening> {
  const door = new Door(settings, onConnection)
  const server = open(settings, door)
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => {
      reject(systemError(`cannot listen on ${listeningWords(settings)}`, 'address', error))
    }
    server.once('error', refuse)
    server.listen({ ...settings.address, backlog: settings.backlog }, () => {
      server.off('error', refuse)
      server.on('error', (error) => door.failed(error))
      resolve(new TcpListening(server, settings, door))
    })
  })
}

function open(settings: TcpSettings, door: Door): Server {
  const { noDelay, keepAlive, tls } = settings
  const keeping = keepAlive === false ? {} : { keepAlive: true, keepAliveInitialDelay: keepAlive }
  if (tls !== undefined) {
    const server = createTlsServer({ ...tls.options, ...keeping, noDelay })
    guardHandshakes(server, settings, door)
    return server
  }
  const server = createServer({ ...keeping, noDelay })
  return server.on('connection', (socket) => door.accept(socket))
}

class TcpListening implements TransportListening {
  readonly address: string
  readonly port: number | undefined
  readonly #server: Server
  readonly #door: Door

  constructor(server: Server, settings: TcpSettings, door: Door) {
    this.#server = server
    this.#door = door
    const bound = server.address()
    const isTcp = typeof bound === 'object' && bound !== null
    this.port = isTcp ? bound.port : undefined
    this.address = isTcp ? hostWords(settings, bound.address, bound.port) : listeningWords(settings)
  }

  /** The server's own callback would wait for the connections, which go on. */
  async close(): Promise<void> {
    if (!this.#server.listening) return
    this.#server.close()
    this.#door.close()
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
}

function listeningWords(settings: TcpSettings): string {
  const { address, tls } = settings
  if ('path' in address || address.host !== undefined) return targetWords(settings)
  return `${tls === undefined ? 'tcp' : 'tls'} port ${address.port}`
}
