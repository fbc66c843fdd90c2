// That nobody knows of a call is kept under the key that was made for it, by whichever servers are asked.
import { systemClock, systemDigest } from '@parley/core'
import { seeded, SimulatedDatabase } from '@parley/core/testing'
import { expect, it } from 'vitest'
import { KeyedCalls } from '../../src/durable/keyed-calls.ts'
import { Ledger } from '../../src/durable/ledger.ts'
import type { IncomingCall } from '../../src/peer/incoming-call.ts'
import { msgpack } from '../../src/presentation/msgpack.ts'

it('when several servers keep it at the same moment', async () => {
  const database = new SimulatedDatabase({ clock: systemClock, random: seeded(1), delay: 0 })
  const keeping = () => ({ store: database.open(), now: Date.now, retention: 600_000 })
  const servers = Array.from(
    { length: 4 },
    () => new KeyedCalls({ ...keeping(), digest: systemDigest, codec: msgpack() }),
  )
  const incoming = { service: 'bank.v1', method: 'pay', args: [1] } as unknown as IncomingCall
  await Promise.all(servers.map((server) => server.keepUnknown(incoming, 'ann', 'made')))
  const [server] = servers
  const id = (await server?.idOf('ann', 'bank.v1', 'pay', 'made')) ?? ''
  const { entry } = await new Ledger({ kind: 'key', id }, keeping()).look(0)
  expect(entry).toMatchObject({ state: 'unknown' })
})
