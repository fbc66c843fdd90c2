// The transport itself: one address, both roles.
import type { AbortSignalLike, Transport, TransportConnection, TransportListening } from '@parley/core'
import { connect } from './connect.ts'
import { listen } from './listen.ts'
import { readOptions, type TcpOptions, type TcpSettings } from './options.ts'

/**
 * ISO transport (class 0 of X.224) over TCP or a Unix socket, as RFC 1006 says it: the address to connect to,
 * or to listen on. Throws TypeError or RangeError when an option is wrong.
 *
 *     await serve({ listen: tcp({ port: 4000 }), services })
 *     await connect(tcp({ host: 'localhost', port: 4000 }))
 */
export function tcp(options: TcpOptions): Transport {
  return new TcpTransport(readOptions(options))
}

class TcpTransport implements Transport {
  readonly #settings: TcpSettings

  constructor(settings: TcpSettings) {
    this.#settings = settings
  }

  connect(signal?: AbortSignalLike): Promise<TransportConnection> {
    return connect(this.#settings, signal)
  }

  listen(onConnection: (connection: TransportConnection) => void): Promise<TransportListening> {
    return listen(this.#settings, onConnection)
  }
}
