// Ports for servers that are gone now and then.
import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port that no outgoing connection is given by the system: a node's is free now and then. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 15_000)
    const server = createServer().listen(port, '127.0.0.1')
    try {
      await once(server, 'listening')
    } catch {
      continue
    }
    server.close()
    await once(server, 'close')
    return port
  }
}
