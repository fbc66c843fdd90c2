// The service, and the items that both sides stream: plain async generators, as a user writes them.
import { type Small, small } from '../../contender.ts'
import { Bench } from './contract.ts'

export class BenchService extends Bench {
  override async echo(message: Small): Promise<Small> {
    return message
  }

  override async echoBinary(octets: Uint8Array): Promise<Uint8Array> {
    return octets
  }

  override items(count: number): AsyncIterable<Small> {
    return items(count)
  }

  override collect(incoming: AsyncIterable<Small>): Promise<number> {
    return sum(incoming)
  }
}

export async function* items(count: number): AsyncGenerator<Small> {
  for (let id = 0; id < count; id++) yield small(id)
}

export async function sum(incoming: AsyncIterable<Small>): Promise<number> {
  let total = 0
  for await (const item of incoming) total += item.id
  return total
}
