// Activities with items as large as they come, and callers with windows of all sizes.
import { expect, it } from 'vitest'
import { rpcLimits } from '@parley/rpc'
import { pair, rejection, settle } from '../peer/pair.ts'
import { Big } from './loader.ts'

const MIB = 1024 * 1024

it.each([
  [MIB, 40],
  [rpcLimits.activityWindow, 30],
  [rpcLimits.heldItemOctets - 100, 8],
])('come to their end with items of %d octets', async (octets, count) => {
  for (const streamWindow of [1000, 512 * 1024, 64 * MIB]) {
    const big = new Big()
    await using both = await pair([big], { connect: { limits: { streamWindow } } })
    let seen = 0
    const result = await both.client
      .stub(Big)
      .big(count, octets)
      .run(async () => {
        if (++seen === 1) await settle(20)
      })
    expect({ result, seen, runs: big.runs }).toEqual({ result: 'done', seen: count, runs: 1 })
  }
})

it('end with an error for an item that is longer than the caller takes', async () => {
  const big = new Big()
  await using both = await pair([big], { connect: { limits: { messageLength: 10_000 } } })
  const error = await rejection(both.client.stub(Big).big(2, 50_000).run())
  expect(error).toMatchObject({ code: 'RESOURCE_EXHAUSTED' })
  expect(big.runs).toBe(1)
})

it('end with an error for an item beyond limits.heldItemOctets', async () => {
  await using both = await pair([new Big()])
  const error = await rejection(
    both.client
      .stub(Big)
      .big(1, rpcLimits.heldItemOctets + 1)
      .run(),
  )
  expect(error).toMatchObject({ code: 'RESOURCE_EXHAUSTED' })
})
