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
 * others in turn; one that ends before there was an answer, or with a refusal, counts as bad, and so does one
 * that was being waited for when `connect` was aborted. Rejects with the last error when none answers.
 * `listen` is refused: each node listens on its own address. Throws RangeError for no address at all.
 */
export function anyOf(...transports: readonly [Transport, ...Transport[]]): Transport {
  if (transports.length === 0) throw new RangeError('anyOf takes at least one transport')
  return new AnyOf(transports)
}

class AnyOf implements Transport {
  readonly #transports: readonly Transport[]
  #good = 0
  /** The connection that was made last: how an older one ends says nothing about now. */
  #newest: TransportConnection | undefined = undefined

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
        this.#newest = connection
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

  /** The next connection is tried elsewhere when this one ends without more than a refusal. */
  #watched(connection: TransportConnection, place: number): TransportConnection {
    const listen = connection.listen.bind(connection)
    const send = connection.send.bind(connection)
    let isAnswered = false
    connection.listen = (listener) => {
      let heard = 0
      const watching: TransportListener = {
        data: (tsdu) => {
          if (++heard === 1) connection.send = answering
          listener.data(tsdu)
        },
        expeditedData: (data) => listener.expeditedData?.(data),
        drained: () => listener.drained(),
        disconnected: (loss) => {
          // Nothing is said to a refusal; to an acceptance there is.
          const isBad = heard === 0 || (heard === 1 && !isAnswered)
          if (isBad && this.#newest === connection) this.#good = (place + 1) % this.#transports.length
          listener.disconnected(loss)
        },
      }
      listen(watching)
    }
    const answering: TransportConnection['send'] = (tsdu) => {
      isAnswered = true
      connection.send = send
      return send(tsdu)
    }
    return connection
  }
}
