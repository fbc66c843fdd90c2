// The bounds of limits.ts, each reached from outside, on the side that must enforce it.
import { RpcError, service, unary, withOptions } from '@parley/rpc'
import { describe, expect, it } from 'vitest'
import { pair, rejection, settle } from './pair.ts'
import { Shop, ShopService } from './shop.ts'

@service('gate.v1')
class Gate {
  running = 0
  most = 0
  open: (() => void)[] = []

  @unary() async through(n: number): Promise<number> {
    this.running += 1
    this.most = Math.max(this.most, this.running)
    await new Promise<void>((resolve) => this.open.push(resolve))
    this.running -= 1
    return n
  }
}

describe('messageLength', () => {
  const MIB = 1024 * 1024

  it('lets 64 MiB through in one call by default', async () => {
    await using both = await pair([new ShopService()])
    const big = new Uint8Array(64 * MIB).fill(7)
    const back = (await both.client.stub(Shop).echo(big)) as Uint8Array
    expect(back.length).toBe(big.length)
    expect(Buffer.compare(back, big)).toBe(0)
  })

  it('is enforced where the message is sent, with the number and the name of the limit', async () => {
    await using both = await pair([new ShopService()], { serve: { limits: { messageLength: 1000 } } })
    const error = (await rejection(both.client.stub(Shop).echo(new Uint8Array(2000)))) as RpcError
    expect(error).toMatchObject({ code: 'RESOURCE_EXHAUSTED', outcome: 'not-started' })
    expect(error.message).toMatch(/1000 .*messageLength/)
    await expect(both.client.stub(Shop).buy('a', 1)).resolves.toEqual({ sku: 'a', n: 1 })
  })

  it('is enforced for results, and the caller hears of it', async () => {
    await using both = await pair([new ShopService()], { connect: { limits: { messageLength: 1000 } } })
    const error = await rejection(both.client.stub(Shop).echo('x'.repeat(2000)))
    expect(error).toMatchObject({ code: 'RESOURCE_EXHAUSTED' })
    await expect(both.client.stub(Shop).buy('a', 1)).resolves.toEqual({ sku: 'a', n: 1 })
  })
})

describe('concurrentCalls', () => {
  it('holds further calls back at the caller, in order, and starts them as others end', async () => {
    const gate = new Gate()
    await using both = await pair([gate], { serve: { limits: { concurrentCalls: 3 } } })
    const all = Promise.all([0, 1, 2, 3, 4, 5, 6].map((n) => both.client.stub(Gate).through(n)))
    for (let round = 0; round < 7; round++) {
      await settle()
      gate.open.shift()?.()
    }
    expect(await all).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(gate.most).toBe(3)
  })

  it('is bounded by queuedCalls', async () => {
    const gate = new Gate()
    await using both = await pair([gate], {
      serve: { limits: { concurrentCalls: 1 } },
      connect: { limits: { queuedCalls: 1 } },
    })
    const first = rejection(both.client.stub(Gate).through(1))
    const second = rejection(both.client.stub(Gate).through(2))
    const third = await rejection(both.client.stub(Gate).through(3))
    expect(third).toMatchObject({ code: 'RESOURCE_EXHAUSTED', outcome: 'not-started' })
    await settle()
    both.client.abort()
    expect(await first).toMatchObject({ outcome: 'unknown' })
    expect(await second).toMatchObject({ outcome: 'not-started' })
  })
})

it('metadataLength bounds metadata where it is given', async () => {
  await using both = await pair([new ShopService()], { connect: { limits: { metadataLength: 100 } } })
  const stub = withOptions(both.client.stub(Shop), { metadata: { long: 'x'.repeat(200) } })
  await expect(stub.echo(1)).rejects.toThrow(/metadata/)
})

it('errorTextLength cuts what an error carries', async () => {
  @service('wordy.v1')
  class Wordy {
    @unary() async talk(): Promise<void> {
      throw new RpcError('ABORTED', 'w'.repeat(1_000_000))
    }
  }
  await using both = await pair([new Wordy()])
  const error = (await rejection(both.client.stub(Wordy).talk())) as RpcError
  const { rpcLimits } = await import('@parley/rpc')
  expect(error.message.length).toBe(rpcLimits.errorTextLength)
})
