// A server and a client joined in memory, for tests of the peer.
import { memory, type MemoryTransport, type VirtualClock } from '@parley/core/testing'
import {
  connect,
  serve,
  type Client,
  type ConnectOptions,
  type RpcSession,
  type ServeOptions,
  type Server,
} from '@parley/rpc'

/** Both ends of a session. */
export interface Pair extends AsyncDisposable {
  readonly server: Server
  readonly client: Client
  /** The server's end of the client's session. */
  readonly session: RpcSession
  /** What joins them. */
  readonly transport: MemoryTransport
}

/** Serves `services` in memory and connects to them. */
export async function pair(
  services: ServeOptions['services'],
  options: { serve?: Partial<ServeOptions>; connect?: ConnectOptions } = {},
): Promise<Pair> {
  const transport = memory()
  const server = await serve({ listen: transport, services, onError: () => undefined, ...options.serve })
  const client = await connect(transport, options.connect)
  const [session] = server.sessions
  if (session === undefined) throw new Error('the server has no session')
  return {
    server,
    client,
    session,
    transport,
    async [Symbol.asyncDispose]() {
      await client.close()
      await server.close()
    },
  }
}

/** Lets everything that is under way in memory come to rest. */
export async function settle(rounds = 20): Promise<void> {
  for (let i = 0; i < rounds; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** What a promise rejected with; fails when it did not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (thrown) {
    return thrown
  }
  throw new Error('the promise was expected to reject')
}

/** Lets time pass by small steps, and what takes the machine's own time happen in between. */
export async function pass(clock: VirtualClock, milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 50) {
    await settle(4)
    await clock.advanceAsync(50)
  }
}
