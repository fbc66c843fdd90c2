// What is kept of an activity, when two servers want it at the same moment.
import { systemClock } from '@parley/core'
import { seeded, SimulatedDatabase } from '@parley/core/testing'
import { expect, it } from 'vitest'
import { ActivityRecord } from '../../src/activity/record.ts'
import { Fenced } from '../../src/durable/ledger.ts'
import { msgpack } from '../../src/presentation/msgpack.ts'
import { rejection } from '../peer/pair.ts'

/** One activity, as servers with one database have it. */
function servers(): (caller?: string, connection?: number) => ActivityRecord {
  const database = new SimulatedDatabase({ clock: systemClock, random: seeded(1), delay: 0 })
  return (caller = 'ann', connection = 1) => {
    const keeping = { store: database.open(), now: Date.now, retention: 60_000 }
    const asker = { request: new Uint8Array(32), caller, connection }
    return new ActivityRecord('a', asker, keeping, msgpack())
  }
}

it('is not had by a connection of the same caller that was overtaken by a later one', async () => {
  const server = servers()
  const later = server('ann', 2)
  await later.take(await later.look())
  for (const [caller, connection] of [
    ['ann', 3],
    ['ann', 2],
    ['bob', 1],
  ] as const)
    expect(await server(caller, connection).look()).toMatchObject({ attempts: 1 })
  expect(await rejection(server('ann', 1).look())).toMatchObject({ code: 'UNAVAILABLE' })
})

it('is not passed to a connection that was overtaken while it is worked on', async () => {
  const request = new Uint8Array(32)
  const record = servers()('ann', 1)
  record.passTo({ request, caller: 'ann', connection: 4 })
  const late = (): void => record.passTo({ request, caller: 'ann', connection: 3 })
  expect(late).toThrow('its caller has connected again since')
  const another = { request: new Uint8Array(31), caller: 'ann', connection: 5 }
  expect(() => record.passTo(another)).toThrow('other arguments')
  record.passTo({ request, caller: 'bob', connection: 1 })
})

it('is lost to whoever has looked at it before another one gives it up', async () => {
  const server = servers()
  const [first, second] = [server(), server()]
  await first.take(await first.look())
  const known = await second.look()
  await first.discard()
  expect(await rejection(second.take(known))).toMatchObject({ code: 'RESUME_LOST' })
})

it('is fenced off from whoever had it before another one has taken it over', async () => {
  const server = servers()
  const [first, second] = [server(), server()]
  await first.take(await first.look())
  await second.take(await second.look())
  expect(await first.isOurs()).toBe(false)
  expect(await rejection(first.discard())).toBeInstanceOf(Fenced)
})
