// What is kept of an activity, when two servers want it at the same moment.
import { systemClock } from '@parley/core'
import { seeded, SimulatedDatabase, type StoreFault } from '@parley/core/testing'
import { expect, it } from 'vitest'
import { ActivityRecord } from '../../src/activity/record.ts'
import { rpcLimits } from '@parley/rpc'
import { Fenced } from '../../src/durable/ledger.ts'
import { msgpack } from '../../src/presentation/msgpack.ts'
import { rejection } from '../peer/pair.ts'

/** One activity, as servers with one database have it. */
function servers(
  fault: (operation: string) => StoreFault = () => 'none',
): (caller?: string, connection?: number) => ActivityRecord {
  const database = new SimulatedDatabase({ clock: systemClock, random: seeded(1), delay: 0, fault })
  return (caller = 'ann', connection = 1) => {
    const keeping = { store: database.open(), now: Date.now, retention: 60_000 }
    const asker = { request: new Uint8Array(32), caller, connection, before: [] }
    return new ActivityRecord('a', asker, keeping, msgpack())
  }
}

it('counts how often it was begun on, also when it could not be read after it was taken', async () => {
  const expected: string[] = []
  const server = servers((operation) => {
    if (expected[0] !== operation) return 'none'
    expected.shift()
    return operation === 'read' && expected.length === 0 ? 'refused' : 'none'
  })
  const first = server()
  await first.take(await first.look())
  const second = server()
  const known = await second.look()
  expected.push('write', 'read')
  await expect(second.take(known)).rejects.toThrow()
  expect(await server().look()).toMatchObject({ attempts: 1 })
})

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
  const other = server('bob', 1)
  await other.take(await other.look())
  expect(await rejection(server('ann', 3).look())).toMatchObject({ code: 'ABORTED', outcome: 'unknown' })
})

it('is known elsewhere to be had by the connection that it was passed to last', async () => {
  const server = servers()
  const first = server('ann', 1)
  await first.take(await first.look())
  first.passTo({ request: new Uint8Array(32), caller: 'ann', connection: 3, before: [] })
  await first.keepAsker()
  expect(await rejection(server('ann', 2).look())).toMatchObject({ code: 'UNAVAILABLE' })
  expect(await server('ann', 4).look()).toMatchObject({ attempts: 1 })
})

it('is not passed to a connection that was overtaken while it is worked on', async () => {
  const request = new Uint8Array(32)
  const record = servers()('ann', 1)
  const pass = (caller: string, connection: number, what = request): void =>
    record.passTo({ request: what, caller, connection, before: [] })
  pass('ann', 4)
  expect(() => pass('ann', 3)).toThrow('its caller has connected again since')
  expect(() => pass('ann', 5, new Uint8Array(31))).toThrow('other arguments')
  pass('bob', 1)
  expect(() => pass('ann', 5)).toThrow('it was resumed with its id')
  for (let n = 0; n < rpcLimits.supersededCallers; n++) pass(`caller ${n}`, 1)
  expect(() => pass('bob', 2)).toThrow('it was resumed with its id')
  pass('ann', 6)
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
  expect(await first.keepAsker()).toBe(false)
  expect(await second.keepAsker()).toBe(true)
  expect(await rejection(first.discard())).toBeInstanceOf(Fenced)
})
