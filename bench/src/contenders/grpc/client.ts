// The gRPC client: default options, except that each client has a connection of its own, as the others have.
import { Client, type ClientReadableStream, type ClientWritableStream, credentials } from '@grpc/grpc-js'
import { type Address, type BenchClient, type Small, small } from '../../contender.ts'
import { Bench, type Count, type Octets } from './schema.ts'

export async function connect(address: Address): Promise<BenchClient> {
  const stub = new Bench(`${address.host}:${address.port}`, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
  }) as unknown as BenchStub
  await new Promise<void>((resolve, reject) => {
    stub.waitForReady(Date.now() + 10_000, (error) => (error ? reject(error) : resolve()))
  })
  return new GrpcClient(stub)
}

type Answer<T> = (error: Error | null, value?: T) => void

/** The methods that the client class gets from the .proto file. */
interface BenchStub extends Client {
  unary(message: Small, answer: Answer<Small>): void
  binary(message: Octets, answer: Answer<Octets>): void
  serverStream(count: Count): ClientReadableStream<Small>
  clientStream(answer: Answer<Count>): ClientWritableStream<Small>
}

class GrpcClient implements BenchClient {
  readonly #stub: BenchStub

  constructor(stub: BenchStub) {
    this.#stub = stub
  }

  unary(message: Small): Promise<Small> {
    return new Promise((resolve, reject) => this.#stub.unary(message, settle(resolve, reject)))
  }

  async binary(octets: Uint8Array): Promise<Uint8Array> {
    const answer = await new Promise<Octets>((resolve, reject) =>
      this.#stub.binary({ octets }, settle(resolve, reject)),
    )
    return answer.octets
  }

  serverStream(count: number): Promise<number> {
    return new Promise((resolve, reject) => {
      let sum = 0
      const call = this.#stub.serverStream({ value: count })
      call.on('data', (item: Small) => (sum += item.id))
      call.on('end', () => resolve(sum))
      call.on('error', reject)
    })
  }

  async clientStream(count: number): Promise<number> {
    const answer = await new Promise<Count>((resolve, reject) => {
      const call = this.#stub.clientStream(settle(resolve, reject))
      let next = 0
      const more = (): void => {
        while (next < count) {
          if (!call.write(small(next++))) {
            call.once('drain', more)
            return
          }
        }
        call.end()
      }
      more()
    })
    return answer.value
  }

  async close(): Promise<void> {
    this.#stub.close()
  }
}

function settle<T>(resolve: (value: T) => void, reject: (reason: Error) => void): Answer<T> {
  return (error, value) => {
    if (error || value === undefined) reject(error ?? new Error('no answer'))
    else resolve(value)
  }
}
