// The client, over whichever transport it is given.
import type { Transport } from '@parley/core'
import { type Client, type Stub, connect as openSession } from '@parley/rpc'
import type { BenchClient, Small } from '../../contender.ts'
import { Bench } from './contract.ts'
import { items, sum } from './service.ts'

export async function connect(transport: Transport): Promise<BenchClient> {
  return new ParleyClient(await openSession(transport))
}

class ParleyClient implements BenchClient {
  readonly #client: Client
  readonly #bench: Stub<Bench>

  constructor(client: Client) {
    this.#client = client
    this.#bench = client.stub(Bench)
  }

  unary(message: Small): Promise<Small> {
    return this.#bench.echo(message)
  }

  binary(octets: Uint8Array): Promise<Uint8Array> {
    return this.#bench.echoBinary(octets)
  }

  serverStream(count: number): Promise<number> {
    return sum(this.#bench.items(count))
  }

  clientStream(count: number): Promise<number> {
    return this.#bench.collect(items(count))
  }

  close(): Promise<void> {
    return this.#client.close()
  }
}
