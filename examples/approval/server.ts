// The agent for one directory: `server.ts DIRECTORY [--host 127.0.0.1] [--port 4000]`. On SIGTERM, and when
// the process that forked it goes, it drains: a dialogue in progress may end, and is cut off after ten
// seconds.
import { realpath } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { serve } from '@parley/rpc'
import { tcp } from '@parley/transport-tcp'
import { CleanerService } from './service.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { host: { type: 'string', default: '127.0.0.1' }, port: { type: 'string', default: '4000' } },
})
const root = await realpath(positionals[0] ?? '.')
const server = await serve({
  listen: tcp({ host: values.host, port: Number(values.port) }),
  services: [new CleanerService(root)],
})
for (const event of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(event, () => void stop())
console.log(`ready to clean ${root} on ${server.addresses.join(', ')}`)
process.send?.({ port: server.port })

async function stop(): Promise<void> {
  const { sessions, calls } = await server.drain({ reason: 'the agent is going down', timeout: 10_000 })
  console.log(
    `drained: ${sessions.released} released, ${sessions.aborted} cut off, ${calls.cutOff} calls lost`,
  )
  if (process.connected) process.disconnect()
}
