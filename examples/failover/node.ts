// One node: `node.ts --journal FILE --port PORT (--lmdb FILE | --postgres URL)`. Made to be killed.
import { parseArgs } from 'node:util'
import { serve } from '@parley/rpc'
import { lmdbStore } from '@parley/store-lmdb'
import { postgresStore } from '@parley/store-postgres'
import { tcp } from '@parley/transport-tcp'
import { TillService } from './service.ts'

const { values } = parseArgs({
  options: {
    journal: { type: 'string', default: 'journal.txt' },
    port: { type: 'string', default: '4000' },
    lmdb: { type: 'string' },
    postgres: { type: 'string' },
  },
})
const store =
  values.postgres === undefined
    ? await lmdbStore({ path: values.lmdb ?? 'till.mdb' })
    : await postgresStore({ connection: values.postgres })
const server = await serve({
  listen: tcp({ host: '127.0.0.1', port: Number(values.port) }),
  services: [new TillService(values.journal)],
  store,
})
process.once('SIGTERM', () => void stop())
process.send?.({ port: server.port })

async function stop(): Promise<void> {
  await server.drain({ handover: true, timeout: 5_000 })
  await store.close()
  if (process.connected) process.disconnect()
}
