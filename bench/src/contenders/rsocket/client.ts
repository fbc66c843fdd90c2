// The RSocket client: callbacks turned into promises, streams under credit.
import { type Payload, type RSocket, RSocketConnector } from 'rsocket-core'
import { TcpClientTransport } from 'rsocket-tcp-client'
import { type Address, type BenchClient, type Small, small } from '../../contender.ts'
import { credit, decode, encode, octetsOf, rawMark } from './codec.ts'
import { ItemSender, ItemSum } from './items.ts'

export async function connect(address: Address): Promise<BenchClient> {
  const transport = new TcpClientTransport({
    connectionOptions: { host: address.host, port: address.port, noDelay: true },
  })
  return new RSocketClient(await new RSocketConnector({ transport }).connect())
}

class RSocketClient implements BenchClient {
  readonly #socket: RSocket

  constructor(socket: RSocket) {
    this.#socket = socket
  }

  async unary(message: Small): Promise<Small> {
    return decode(await this.#request(encode(message))) as Small
  }

  async binary(octets: Uint8Array): Promise<Uint8Array> {
    const data = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)
    return octetsOf(await this.#request({ data, metadata: rawMark }))
  }

  serverStream(count: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const items = new ItemSum()
      const more = (n: number): void => stream.request(n)
      const stream = this.#socket.requestStream(encode(count), credit, {
        onNext: (payload, isComplete) => {
          items.add(payload, more)
          if (isComplete) resolve(items.sum)
        },
        onComplete: () => resolve(items.sum),
        onError: reject,
        onExtension: nothing,
      })
    })
  }

  clientStream(count: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const channel = this.#socket.requestChannel(encode(small(0)), 1, false, {
        onNext: (payload) => resolve(decode(payload) as number),
        onComplete: nothing,
        onError: reject,
        onExtension: nothing,
        request: (n) => sender.request(n),
        cancel: () => void (sender.cancelled = true),
      })
      const sender = new ItemSender(1, count, channel)
    })
  }

  async close(): Promise<void> {
    this.#socket.close()
  }

  #request(payload: Payload): Promise<Payload> {
    return new Promise((resolve, reject) => {
      this.#socket.requestResponse(payload, {
        onNext: resolve,
        onComplete: nothing,
        onError: reject,
        onExtension: nothing,
      })
    })
  }
}

function nothing(): void {}
