// A process's part of a transport: what it sends leaves only while it lives, and what comes reaches it as
// everything does.
import type { Transport, TransportConnection, TransportListener } from '@parley/core'
import type { SimulatedProcess } from './process.ts'
import type { Trace } from './trace.ts'

/** The transport as the process has it. Its connections end with the process, unless `silent`. */
export function wired(
  process: SimulatedProcess,
  transport: Transport,
  trace: Trace,
  isSilent: () => boolean,
): Transport {
  const ends = new Set<TransportConnection>()
  process.onCrash(() => {
    if (!isSilent()) for (const end of ends) end.close()
  })
  const taken = (connection: TransportConnection): TransportConnection => {
    process.connections += 1
    return new Wire(process, connection, trace, () => {
      process.connections -= 1
      ends.delete(connection)
    })
  }
  return {
    connect: async (signal) => {
      const connecting = transport.connect(signal)
      // A connection that nobody is there to take is closed by the platform.
      void connecting.then(
        (connection) => (process.alive ? ends.add(connection) : connection.close()),
        () => undefined,
      )
      process.connected += 1
      return taken(await process.ask('connects', () => connecting))
    },
    listen: (onConnection) =>
      transport.listen((connection) => {
        if (!process.alive) return
        ends.add(connection)
        process.enter('is connected to', () => onConnection(taken(connection)))
      }),
  }
}

class Wire implements TransportConnection {
  readonly #process: SimulatedProcess
  readonly #inner: TransportConnection
  readonly #trace: Trace
  readonly #onOver: () => void

  constructor(process: SimulatedProcess, inner: TransportConnection, trace: Trace, onOver: () => void) {
    this.#process = process
    this.#inner = inner
    this.#trace = trace
    this.#onOver = onOver
  }

  get remote(): string {
    return this.#inner.remote
  }

  get expedited(): boolean {
    return this.#inner.expedited
  }

  get maxTsduLength(): number {
    return this.#inner.maxTsduLength
  }

  set maxTsduLength(octets: number) {
    this.#inner.maxTsduLength = octets
  }

  listen(listener: TransportListener): void {
    const process = this.#process
    this.#inner.listen({
      data: (tsdu) => process.enter(`gets ${tsdu.length}`, () => listener.data(tsdu)),
      drained: () => process.enter('is drained', () => listener.drained()),
      disconnected: (loss) => {
        this.#onOver()
        process.enter(`is disconnected: ${loss.message}`, () => listener.disconnected(loss))
      },
    })
  }

  send(tsdu: readonly Uint8Array[]): boolean {
    if (!this.#process.act('sends')) return false
    this.#trace.octets('octets', tsdu)
    return this.#inner.send(tsdu)
  }

  pause(): void {
    if (this.#process.alive) this.#inner.pause()
  }

  resume(): void {
    if (this.#process.alive) this.#inner.resume()
  }

  close(): void {
    if (this.#process.act('closes')) this.#inner.close()
  }
}
