// The contract, as a user of Parley writes one.
import { type Stream, remote, service, stream, unary } from '@parley/rpc'
import type { Small } from '../../contender.ts'

@service('bench.v1')
export abstract class Bench {
  @unary() echo(message: Small): Promise<Small> {
    return remote(message)
  }

  @unary() echoBinary(octets: Uint8Array): Promise<Uint8Array> {
    return remote(octets)
  }

  @stream() items(count: number): Stream<Small> {
    return remote(count)
  }

  @unary() collect(items: Stream<Small>): Promise<number> {
    return remote(items)
  }
}
