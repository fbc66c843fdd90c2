// More at once than is kept for the other side: calls and answers wait for room, and the session goes on.
import { service, stream, unary, type Stream } from '@parley/rpc'
import { expect, it } from 'vitest'
import { pair } from './pair.ts'

const MIB = 1024 * 1024
/** Together more than twice what a session keeps at most. */
const CALLS = 600

@service('bulk.v1')
class Bulk {
  @unary() async put(octets: Uint8Array): Promise<number> {
    return octets.length
  }
  @unary() async get(length: number): Promise<Uint8Array> {
    return new Uint8Array(length)
  }
  @stream() async *items(length: number): Stream<Uint8Array> {
    yield new Uint8Array(length)
  }
}

it('a burst of large calls', { timeout: 60_000 }, async () => {
  await using both = await pair([new Bulk()])
  const bulk = both.client.stub(Bulk)
  const octets = new Uint8Array(MIB)
  const put = await Promise.all(Array.from({ length: CALLS }, () => bulk.put(octets)))
  expect(put).toEqual(Array(CALLS).fill(MIB))
})

it('a burst of calls with large answers', { timeout: 60_000 }, async () => {
  await using both = await pair([new Bulk()])
  const bulk = both.client.stub(Bulk)
  const got = await Promise.all(Array.from({ length: CALLS }, () => bulk.get(MIB)))
  expect(got.map(({ length }) => length)).toEqual(Array(CALLS).fill(MIB))
})

it('a burst of streams with large items', { timeout: 60_000 }, async () => {
  await using both = await pair([new Bulk()])
  const bulk = both.client.stub(Bulk)
  const first = async (): Promise<number> => {
    for await (const { length } of bulk.items(MIB)) return length
    return 0
  }
  expect(await Promise.all(Array.from({ length: CALLS }, first))).toEqual(Array(CALLS).fill(MIB))
})
