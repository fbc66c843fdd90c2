// A cable in a process of its own: many connections go through it, and all of them are cut at once. Unlike
// that of the examples it takes as many at once as the system lets wait.
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { answer, processorTime, settings, sharedNow } from './channel.ts'

/** Where it leads. */
export interface CableSettings {
  readonly port: number
}

const { port } = settings() as CableSettings
const host = '127.0.0.1'
const noDelay = true
const sockets = new Set<Socket>()
const server = createServer({ noDelay }, (near) => {
  const far = connect({ host, port, noDelay })
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    sockets.add(from)
    from.pipe(to)
    from.on('error', () => to.destroy()).on('close', () => sockets.delete(from))
  }
})
server.listen({ host, port: 0, backlog: 65_535 })
await once(server, 'listening')
answer((server.address() as AddressInfo).port, (question: 'cut' | 'report') =>
  question === 'cut' ? cut() : processorTime(),
)

/** Says when it began. */
function cut(): number {
  const from = sharedNow()
  for (const socket of sockets) socket.resetAndDestroy()
  return from
}
