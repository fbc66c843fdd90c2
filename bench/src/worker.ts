// A worker process: loads the one contender named on its command line and does what the main process orders,
// as its server, as its load generator, or (in memory) as both.
import { setTimeout as delay } from 'node:timers/promises'
import { type BenchClient, small } from './contender.ts'
import { contenderNamed } from './contenders/index.ts'
import { reconnect, repeat, verify } from './load.ts'
import type { OrderName, Orders, Reply, Request } from './orders.ts'

const contender = await contenderNamed(process.argv[2] ?? '').load()
const held: BenchClient[] = []
let attached: BenchClient | undefined

type Handlers = { [K in OrderName]: (input: Parameters<Orders[K]>[0]) => Promise<ReturnType<Orders[K]>> }

const handlers: Handlers = {
  serve: async () => (await contender.serve()).address,

  async attach(address) {
    attached = await contender.connect(address)
    await verify(attached)
    return null
  },

  repeat(order) {
    if (!attached) throw new Error('no client is attached')
    return repeat(attached, order)
  },

  reconnect: ({ address, count }) => reconnect(contender, address, count),

  async hold({ address, count }) {
    for (let id = 0; id < count; id++) {
      const client = await contender.connect(address)
      await client.unary(small(id))
      held.push(client)
    }
    return null
  },

  async shut() {
    await Promise.all(held.splice(0).map((client) => client.close()))
    return null
  },

  async cpu() {
    const used = process.cpuUsage()
    return used.user + used.system
  },

  async memory() {
    const collect = globalThis.gc
    if (!collect) throw new Error('workers need --expose-gc')
    // The later passes free what the earlier ones finalized, and the pauses let the allocator give pages
    // back.
    for (let pass = 0; pass < 3; pass++) {
      collect()
      await delay(100)
    }
    return process.memoryUsage.rss()
  },
}

async function perform(request: Request): Promise<Reply> {
  try {
    const handler = handlers[request.name] as (input: unknown) => Promise<unknown>
    return { id: request.id, value: await handler(request.input) }
  } catch (error) {
    return { id: request.id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

process.on('message', (request: Request) => {
  void perform(request).then((reply) => process.send?.(reply))
})
process.on('disconnect', () => process.exit())
