// Several addresses as one: whoever connects gets the first that answers, beginning with the one that
// answered last. It knows no session.
import { ConnectionRace } from './connection-race.ts'
import { ownOptions } from './connection/index.ts'
import { coreLimits } from './limits.ts'
import type { Clock } from './ports/clock.ts'
import {
  TransportError,
  type AbortSignalLike,
  type Transport,
  type TransportConnection,
  type TransportListener,
  type TransportListening,
} from './ports/transport.ts'
import { systemClock } from './system-clock.ts'

/** How to choose among addresses. */
export interface AnyOfOptions {
  /**
   * Milliseconds for which an address alone is waited for; then the next one is tried beside it, and
   * whichever answers first is taken. Above 0. Default 1,000 (`coreLimits.addressPatience`).
   */
  readonly patience?: number | undefined
  /** Default `systemClock`. */
  readonly clock?: Clock | undefined
}

/**
 * One transport over several addresses, for clients of a service that runs on more than one node:
 * `connect(anyOf(tcp(a), tcp(b)))`. Each connection is tried at the address that was good last, then at the
 * others in turn, and beside one that has not answered for a second (see {@link anyOfWith}). One that ends
 * before there was an answer, or with a refusal, counts as bad, and so does one that was being waited for
 * when `connect` was aborted; one that was hung up on sooner than that, only the second time. Rejects with
 * the last error when none answers. `listen` is refused: each node listens on its own address. Throws
 * RangeError for no address at all.
 */
export function anyOf(...transports: readonly [Transport, ...Transport[]]): Transport {
  return anyOfWith({}, ...transports)
}

/** {@link anyOf} with options. Throws RangeError also for a patience that is not above 0. */
export function anyOfWith(
  options: AnyOfOptions,
  ...transports: readonly [Transport, ...Transport[]]
): Transport {
  const { patience = coreLimits.addressPatience, clock = systemClock } = ownOptions(options)
  if (transports.length === 0) throw new RangeError('anyOf takes at least one transport')
  if (!(patience > 0)) throw new RangeError(`a patience of ${patience} ms is none`)
  return new AnyOf(transports, patience, clock)
}

class AnyOf implements Transport {
  readonly #transports: readonly Transport[]
  readonly #patience: number
  readonly #clock: Clock
  #good = 0
  /** The address at which somebody hung up before there was time for an answer. */
  #doubted: number | undefined = undefined
  /** The connection that was made last: how an older one ends says nothing about now. */
  #newest: TransportConnection | undefined = undefined

  constructor(transports: readonly Transport[], patience: number, clock: Clock) {
    this.#transports = transports
    this.#patience = patience
    this.#clock = clock
  }

  async connect(signal?: AbortSignalLike): Promise<TransportConnection> {
    const first = this.#good
    const order = [...this.#transports.slice(first), ...this.#transports.slice(0, first)]
    const race = new ConnectionRace(order, this.#clock, this.#patience, signal)
    try {
      const { connection, number } = await race.won
      const place = (first + number) % this.#transports.length
      this.#good = place
      this.#newest = connection
      return this.#watched(connection, place)
    } catch (thrown) {
      // Whoever waited has no time left; next time it is not to wait for this one again.
      if (race.waitedFor !== undefined) this.#good = (first + race.waitedFor + 1) % this.#transports.length
      throw thrown
    }
  }

  listen(): Promise<TransportListening> {
    return Promise.reject(new TransportError('address', 'several addresses cannot be offered as one'))
  }

  /** The next connection is tried elsewhere when this one ends without more than a refusal. */
  #watched(connection: TransportConnection, place: number): TransportConnection {
    const listen = connection.listen.bind(connection)
    const send = connection.send.bind(connection)
    const since = this.#clock.now()
    let isAnswered = false
    let heard = 0
    let asked = 0
    connection.listen = (listener) => {
      const watching: TransportListener = {
        data: (tsdu) => {
          if (++heard === 1 && this.#doubted === place) this.#doubted = undefined
          listener.data(tsdu)
        },
        expeditedData: (data) => listener.expeditedData?.(data),
        drained: () => listener.drained(),
        disconnected: (loss) => {
          // Whoever hears a refusal hangs up without a word.
          const isRefused = heard === 1 && !isAnswered && loss.by === 'local'
          // Whoever hangs up before there was an answer says so.
          const isGivenUp = loss.by === 'local' || asked > 1
          const isBad = heard === 0 ? !(isGivenUp && this.#isMereDoubt(place, since)) : isRefused
          if (isBad && this.#newest === connection) this.#good = (place + 1) % this.#transports.length
          listener.disconnected(loss)
        },
      }
      listen(watching)
    }
    connection.send = (tsdu) => {
      if (heard === 0) asked++
      else {
        isAnswered = true
        connection.send = send
      }
      return send(tsdu)
    }
    return connection
  }

  /** Whoever hangs up soon may have had other reasons than the silence, but not twice in a row. */
  #isMereDoubt(place: number, since: number): boolean {
    if (this.#clock.now() - since >= this.#patience || this.#doubted === place) return false
    this.#doubted = place
    return true
  }
}
