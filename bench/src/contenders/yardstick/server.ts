// The yardstick's server: plain functions called straight from the socket, answering in the same tick.
import { once } from 'node:events'
import { type Socket, createServer } from 'node:net'
import type { RunningServer, Small } from '../../contender.ts'
import { sendItems } from './items.ts'
import { Link, kinds } from './link.ts'

export async function serve(): Promise<RunningServer> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    accept(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the yardstick has no port')
  return {
    address: { host: '127.0.0.1', port: bound.port },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function accept(socket: Socket): void {
  let sum = 0
  const link = new Link(socket, ([id, kind, value]) => {
    switch (kind) {
      case kinds.echo:
        return link.send([id, kinds.reply, value])
      case kinds.serverStream:
        return sendItems(link, id, value as number)
      case kinds.clientStream:
        sum = 0
        return
      case kinds.item:
        sum += (value as Small).id
        return
      case kinds.end:
        return link.send([id, kinds.reply, sum])
    }
  })
  socket.on('error', () => socket.destroy())
}
