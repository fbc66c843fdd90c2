// Serves a directory: `server.ts [DIRECTORY] [--host 127.0.0.1] [--port 4000] [--store FILE]`. With a file
// for its records, transfers go on though it is killed and started again. Ends in order on SIGINT and
// SIGTERM, and with the process that forked it.
import { parseArgs } from 'node:util'
import { serve } from '@parley/rpc'
import { lmdbStore } from '@parley/store-lmdb'
import { tcp } from '@parley/transport-tcp'
import { Directory } from './directory.ts'
import { FilesService } from './service.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '4000' },
    store: { type: 'string' },
  },
})

const directory = await Directory.at(positionals[0] ?? '.')
const store = values.store === undefined ? undefined : await lmdbStore({ path: values.store })
const server = await serve({
  listen: tcp({ host: values.host, port: Number(values.port) }),
  services: [new FilesService(directory)],
  store,
})
for (const event of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(event, () => void stop())
console.log(`serving ${directory.root} on ${server.addresses.join(', ')}`)
process.send?.({ port: server.port })

async function stop(): Promise<void> {
  // Transfers in progress may end, for ten seconds; new ones are refused.
  await server.drain({ reason: 'the server is going down', timeout: 10_000 })
  await store?.close()
  if (process.connected) process.disconnect()
}
