// What is kept of an activity, when two servers want it at the same moment.
import { systemClock } from '@parley/core'
import { seeded, SimulatedDatabase } from '@parley/core/testing'
import { expect, it } from 'vitest'
import { ActivityRecord } from '../../src/activity/record.ts'
import { Fenced } from '../../src/durable/ledger.ts'
import { msgpack } from '../../src/presentation/msgpack.ts'
import { rejection } from '../peer/pair.ts'

/** One activity, as servers with one database have it. */
function servers(): () => ActivityRecord {
  const database = new SimulatedDatabase({ clock: systemClock, random: seeded(1), delay: 0 })
  return () => {
    const keeping = { store: database.open(), now: Date.now, retention: 60_000 }
    return new ActivityRecord('a', new Uint8Array(32), keeping, msgpack())
  }
}

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
