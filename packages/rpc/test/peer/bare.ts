// One end of RPC on whatever connection it is given, without the session around it: for measuring what the
// sessions under RPC cost.
import { memoryStore, systemClock } from '@parley/core'
import type { ImplementedService } from '@parley/rpc'
import { Durability } from '../../src/durable/durability.ts'
import { sessionLimits } from '../../src/limits.ts'
import type { RemoteMethod } from '../../src/peer/caller.ts'
import { ErrorPolicy } from '../../src/peer/error-policy.ts'
import { agree, greetingCodec, type Hello } from '../../src/peer/handshake.ts'
import { Peer } from '../../src/peer/peer.ts'
import type { PeerConnection } from '../../src/peer/peer-parts.ts'
import { Registry } from '../../src/peer/registry.ts'
import type { Contract } from '../../src/service/contract.ts'
import { describeService } from '../../src/service/describe.ts'
import type { RpcSession } from '../../src/session.ts'

/** A session, or a session connection. */
export interface BareConnection extends PeerConnection {
  listen(callbacks: {
    data(ssdu: Uint8Array): void
    typedData(ssdu: Uint8Array): void
    drained(): void
    closed(end: { readonly message: string }): void
  }): void
}

/** Answers calls of one service. */
export function bareServer(connection: BareConnection, service: ImplementedService): void {
  const guest = { hello, principal: undefined, key: undefined }
  const durability = new Durability(memoryStore(), sessionLimits)
  const durable = durability.of(guest, () => true)
  if (durable instanceof Promise) throw new Error('nothing is recorded, so nothing has to be waited for')
  attach(connection, [service], durable)
}

/** What makes calls of one method. */
export function bareCaller<T>(
  connection: BareConnection,
  contract: Contract<T>,
  name: keyof T & string,
): (args: unknown[]) => Promise<unknown> {
  const { name: service, methods } = describeService(contract)
  const description = methods.get(name)
  if (description === undefined) throw new Error(`${service} has no ${name}`)
  const method: RemoteMethod = { service, description, ref: undefined }
  const { caller } = attach(connection, [], undefined)
  return (args) => caller.unary(method, args, {})
}

const { messageLength, streamWindow, concurrentCalls } = sessionLimits
/** What both sides would have said of themselves. */
const hello: Hello = {
  codec: greetingCodec().name,
  maxMessageLength: messageLength,
  window: streamWindow,
  maxConcurrentCalls: concurrentCalls,
  credentials: undefined,
  extras: {},
}

function attach(
  connection: BareConnection,
  services: readonly ImplementedService[],
  durable: Peer['durable'],
): Peer {
  const peer = new Peer(
    {
      codec: greetingCodec(),
      clock: systemClock,
      limits: sessionLimits,
      registry: new Registry(services, []),
      errorPolicy: new ErrorPolicy({}),
    },
    { agreed: agree(sessionLimits, hello), principal: undefined, durable },
    {
      connection,
      // No handler here asks for its session.
      session: {} as RpcSession,
      beside: 0,
      besideWaiting: 0,
      onLeaving: () => undefined,
      movable: false,
      onMove: () => undefined,
    },
  )
  connection.listen({
    data: (ssdu) => peer.data(ssdu),
    typedData: (ssdu) => peer.typedData(ssdu),
    drained: () => peer.drained(),
    closed: ({ message }) => peer.lost(message),
  })
  return peer
}
