// Several addresses as one: whoever connects gets the first that answers, beginning with the one that
// answered last. It waits for nothing and knows no session.
import {
  TransportError,
  type AbortSignalLike,
  type Transport,
  type TransportConnection,
  type TransportListener,
  type TransportListening,
} from './ports/transport.ts'

/**
 * One transport over several addresses, for clients of a service that runs on more than one node:
 * `connect(anyOf(tcp(a), tcp(b)))`. Each connection is tried at the address that was good last, then at the
 * others in turn; one that is ended by its first TSDU, a refusal, counts as bad, and so does one that was
 * being waited for when `connect` was aborted. Rejects with the last error when none answers. `listen` is
 * refused: each node listens on its own address. Throws RangeError for no address at all.
 */
export function anyOf(...transports: readonly [Transport, ...Transport[]]): Transport {
  if (transports.length === 0) throw new RangeError('anyOf takes at least one transport')
  return new AnyOf(transports)
}

class AnyOf implements Transport {
  readonly #transports: readonly Transport[]
  #good = 0

  constructor(transports: readonly Transport[]) {
    this.#transports = transports
  }

  async connect(signal?: AbortSignalLike): Promise<TransportConnection> {
    const first = this.#good
    let failure: unknown
    for (let step = 0; step < this.#transports.length; step++) {
      const place = (first + step) % this.#transports.length
      try {
        const connection = await this.#transports[place]?.connect(signal)
        if (connection === undefined) continue
        this.#good = place
        return this.#watched(connection, place)
      } catch (thrown) {
        failure = thrown
        if (signal?.aborted !== true) continue
        // Whoever waited has no time left; next time it is not to wait for this one again.
        this.#good = (place + 1) % this.#transports.length
        break
      }
    }
    throw failure
  }

  listen(): Promise<TransportListening> {
    return Promise.reject(new TransportError('address', 'several addresses cannot be offered as one'))
  }

  /** The next connection is tried elsewhere when this one ends with its first TSDU. */
  #watched(connection: TransportConnection, place: number): TransportConnection {
    const listen = connection.listen.bind(connection)
    connection.listen = (listener) => {
      let heard = 0
      const watching: TransportListener = {
        data: (tsdu) => {
          heard++
          listener.data(tsdu)
        },
        expeditedData: (data) => listener.expeditedData?.(data),
        drained: () => listener.drained(),
        disconnected: (loss) => {
          if (heard <= 1 && this.#good === place) this.#good = (place + 1) % this.#transports.length
          listener.disconnected(loss)
        },
      }
      listen(watching)
    }
    return connection
  }
}
