// Errors in the sources of stream arguments: what leaves this side of them, and who hears the rest.
import type { Stream } from '@parley/rpc'
import { describe, expect, it } from 'vitest'
import { pair, rejection } from './pair.ts'
import { Shop, ShopService } from './shop.ts'

describe('the source of a stream argument that throws', () => {
  async function* broken(): AsyncGenerator<number> {
    yield 1
    throw new Error('canary: disk')
  }

  it.each([
    ['nothing', /^the source of a stream failed \(error \w{8}\)$/],
    ['message', /^canary: disk$/],
  ] as const)('tells the other side %s of it, and the developer here all', async (exposeErrors, told) => {
    const seen: unknown[] = []
    const onError = (thrown: unknown, origin: unknown): void => void seen.push(thrown, origin)
    await using both = await pair([new ShopService()], { connect: { exposeErrors, onError } })
    const error = await rejection(both.client.stub(Shop).sum(broken() as Stream<number>))
    expect(error).toMatchObject({ code: 'ABORTED', message: expect.stringMatching(told) as string })
    expect(seen).toMatchObject([{ message: 'canary: disk' }, { service: 'shop.v1', method: 'sum' }])
  })
})
