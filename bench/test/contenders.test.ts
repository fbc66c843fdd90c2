// Each contender for real, once: what is measured must be right before it can be fast.
import { afterEach, describe, expect, it } from 'vitest'
import type { BenchClient, RunningServer } from '../src/contender.ts'
import { sumOfIds } from '../src/contender.ts'
import { contenders } from '../src/contenders/index.ts'
import { reconnect, repeat, verify } from '../src/load.ts'

let server: RunningServer | undefined
let client: BenchClient | undefined

afterEach(async () => {
  await client?.close()
  await server?.close()
  client = server = undefined
})

describe.each([...contenders.keys()])('%s', (name) => {
  it('answers every operation rightly, alone and many at a time', async () => {
    const contender = await contenders.get(name)?.load()
    if (!contender) throw new Error(`no contender ${name}`)
    server = await contender.serve()
    client = await contender.connect(server.address)

    await expect(verify(client)).resolves.toBeUndefined()

    const slice = await repeat(client, { operation: 'unary', concurrency: 20, seconds: 0.02, items: 0 })
    expect(slice.count).toBeGreaterThanOrEqual(20)

    // Both longer than one batch, one socket buffer and any credit, so that the producer has to stop and go
    // on.
    expect(await client.serverStream(5_000)).toBe(sumOfIds(5_000))
    expect(await client.clientStream(5_000)).toBe(sumOfIds(5_000))

    expect(await reconnect(contender, server.address, 3)).toMatchObject({ count: 3 })
  }, 30_000)
})
