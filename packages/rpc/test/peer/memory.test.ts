// What an idle RPC session costs: a server holds thousands of them.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { memory } from '@parley/core/testing'
import { connect, serve, type Client } from '@parley/rpc'
import { expect, it } from 'vitest'
import { settle } from './pair.ts'
import { Shop, ShopService } from './shop.ts'

const COUNT = 500
/** Both ends together, with what joins them in memory. */
const MOST = 22 * 1024

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

it(`an idle session takes less than ${MOST} octets at both ends together`, async () => {
  const transport = memory()
  const server = await serve({ listen: transport, services: [new ShopService()] })
  const clients: Client[] = []
  const open = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const client = await connect(transport)
      await client.stub(Shop).echo('tea')
      clients.push(client)
    }
    await settle()
    collect()
  }
  await open(50)
  const before = process.memoryUsage().heapUsed
  await open(COUNT)
  const each = (process.memoryUsage().heapUsed - before) / COUNT
  expect(server.sessions.size).toBe(COUNT + 50)
  expect(each).toBeLessThan(MOST)
  await server.close()
})
