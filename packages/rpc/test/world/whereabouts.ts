// Where a client goes: whoever was let in at an address comes back to it when only the connection was lost.
// Looked at from the wire, by other means than the code under test.
import type { Transport, TransportConnection, TransportListener } from '@parley/core'

/** The addresses of one client. */
export class Whereabouts {
  readonly #wrong: (what: string) => void
  /** Where it was let in last. */
  #home: Transport | undefined = undefined
  #newest: TransportConnection | undefined = undefined
  /** Where somebody is waited for. */
  readonly #waitsAt: Transport[] = []
  /** Connections that were begun. */
  #begun = 0
  /** As many had been when somebody last did not answer, or refused: only those after it count. */
  #reason = 0

  constructor(wrong: (what: string) => void) {
    this.#wrong = wrong
  }

  /** The address, watched. */
  of(address: Transport, name: string): Transport {
    return {
      connect: async (signal) => {
        // Whoever is waited for has not answered so far.
        if (this.#waitsAt.some((other) => other !== address)) this.#mayLeave()
        if (this.#home !== undefined && this.#home !== address)
          this.#wrong(`${name} is connected to, and whoever does was let in elsewhere`)
        const number = ++this.#begun
        this.#waitsAt.push(address)
        try {
          return this.#watched(await address.connect(signal), address, number)
        } catch (thrown) {
          this.#mayLeave()
          throw thrown
        } finally {
          this.#waitsAt.splice(this.#waitsAt.indexOf(address), 1)
        }
      },
      listen: () => Promise.reject(new Error('a client does not listen here')),
    }
  }

  #mayLeave(): void {
    this.#home = undefined
    this.#reason = this.#begun
  }

  #watched(connection: TransportConnection, address: Transport, number: number): TransportConnection {
    const listen = connection.listen.bind(connection)
    const send = connection.send.bind(connection)
    // The next one goes to wherever this one is, until it proves bad.
    this.#newest = connection
    if (this.#home !== address) this.#home = undefined
    let heard = false
    let isLetIn = false
    connection.listen = (listener: TransportListener) => {
      listen({
        data: (tsdu) => {
          heard = true
          listener.data(tsdu)
        },
        drained: () => listener.drained(),
        disconnected: (loss) => {
          if (!isLetIn) this.#mayLeave()
          listener.disconnected(loss)
        },
      })
    }
    // Nothing is said to a refusal; to an acceptance there is.
    connection.send = (tsdu) => {
      if (heard && !isLetIn) {
        isLetIn = true
        if (number > this.#reason && this.#newest === connection) this.#home = address
      }
      return send(tsdu)
    }
    return connection
  }
}
