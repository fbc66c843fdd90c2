// Activities with a peer that speaks the session protocol well and activities badly: each fault ends that
// connection with a reason, no method runs for it, and the session it belongs to does not notice.
import { connectSession, openSession, type SessionConnection } from '@parley/core'
import { memory } from '@parley/core/testing'
import {
  connect,
  msgpack,
  RpcError,
  rpcLimits,
  serve,
  sessionLimits,
  type Client,
  type Server,
} from '@parley/rpc'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { activityUnits, decodeHello, encodeHello } from '../../src/peer/handshake.ts'
import { ppduSealing } from '../../src/presentation/ppdu.ts'
import { Words } from '../../src/presentation/words.ts'
import { settle } from '../peer/pair.ts'
import { ShopService } from '../peer/shop.ts'
import { Big, Loader, LoaderService, newMarks, type Marks } from './loader.ts'

const codec = msgpack()
const words = new Words(codec, 1e6)

let transport: ReturnType<typeof memory>
let server: Server
let marks: Marks
let big: Big
let client: Client

beforeEach(async () => {
  transport = memory()
  marks = newMarks()
  big = new Big()
  const limits = { activities: 3 }
  const services = [new LoaderService(marks), big, new ShopService()]
  server = await serve({ listen: transport, services, limits })
  client = await connect(transport)
})

afterEach(async () => {
  // The session beside it works as before.
  if ((await client.stub(Loader).count(3, 1).run()) !== 'counted to 3') throw new Error('it is disturbed')
  await client.close()
  await server.close()
})

interface RawActivity {
  readonly connection: SessionConnection
  /** What the server ended it with; undefined while it goes on. */
  readonly end: () => RpcError | string | undefined
}

/** The reference of a session of a peer that is otherwise silent. */
async function referenceOf(): Promise<Uint8Array> {
  const userData = encodeHello(codec, sessionLimits, 'msgpack')
  const main = await connectSession(transport, { userData, sealing: ppduSealing })
  main.listen({})
  return decodeHello(codec, main.userData, 'msgpack').extras.reference ?? new Uint8Array()
}

/** An activity's session connection in the hands of a test. */
async function raw(reference?: Uint8Array): Promise<RawActivity> {
  const extras = { reference: reference ?? (await referenceOf()) }
  const userData = ppduSealing.seal('connect', encodeHello(codec, sessionLimits, 'msgpack', extras))
  const connection = await openSession(transport, { units: activityUnits, userData })
  let end: RpcError | string | undefined
  connection.listen({
    closed: (how) => (end = words.readFarewell(how.userData) ?? `${how.by} ${how.reason}`),
  })
  return { connection, end: () => end }
}

/** Begins the activity and says this first. */
async function begun(...messages: unknown[][]): Promise<RawActivity> {
  const one = await raw()
  one.connection.startActivity(Uint8Array.of(0, 0))
  for (const message of messages) one.connection.send([words.encode(message)])
  await settle()
  return one
}

const id = 'x'.repeat(40)
const count = ['loader.v1', 'count', [1e9, 5]]
const caller = '0123456789abcdef'
const by = [caller, 1]
const which = [id, 0, 0, 1000, ...by]

it.each([
  ['a reference that nobody has', async () => new Uint8Array(32), activityUnits],
  ['too few functional units', referenceOf, activityUnits.filter((unit) => unit !== 'typed-data')],
])('refuses %s', async (_, referred, units) => {
  const hello = encodeHello(codec, sessionLimits, 'msgpack', { reference: await referred() })
  const userData = ppduSealing.seal('connect', hello)
  await expect(openSession(transport, { units, userData })).rejects.toThrow(/refused/)
})

it('refuses more than limits.activities at once', async () => {
  const reference = await referenceOf()
  for (let n = 0; n < 3; n++) await raw(reference)
  await expect(raw(reference)).rejects.toThrow(/refused/)
})

describe('the beginning', () => {
  it.each([
    ['a method that is no activity', [0, 'shop.v1', 'buy', ['a', 1], [], which], 'NOT_FOUND'],
    ['a method that there is not', [0, 'loader.v1', '__proto__', [], [], which], 'NOT_FOUND'],
    ['a service that there is not', [0, 'constructor', 'count', [], [], which], 'NOT_FOUND'],
    [
      'a short id',
      [0, ...count, [], ['x'.repeat(rpcLimits.activityIdLeast - 1), 0, 0, 1, ...by]],
      'INVALID_ARGUMENT',
    ],
    [
      'a long id',
      [0, ...count, [], ['x'.repeat(rpcLimits.activityIdLength + 1), 0, 0, 1, ...by]],
      'INVALID_ARGUMENT',
    ],
    ['an id that is none', [0, ...count, [], [7, 0, 0, 1, ...by]], 'INVALID_ARGUMENT'],
    ['an unknown mode', [0, ...count, [], [id, 3, 0, 1, ...by]], 'INVALID_ARGUMENT'],
    ['a position below 0', [0, ...count, [], [id, 0, -1, 1, ...by]], 'INVALID_ARGUMENT'],
    ['a credit that is none', [0, ...count, [], [id, 0, 0, 'x', ...by]], 'INVALID_ARGUMENT'],
    ['a number of items that is none', [0, ...count, [], [id, 0, 2, 1, ...by, -1]], 'INVALID_ARGUMENT'],
    ['a caller without a name', [0, ...count, [], [id, 0, 0, 1]], 'INVALID_ARGUMENT'],
    ['a caller with a long one', [0, ...count, [], [id, 0, 0, 1, `${caller}0`, 1]], 'INVALID_ARGUMENT'],
    ['a connection that is none', [0, ...count, [], [id, 0, 0, 1, caller, 0.5]], 'INVALID_ARGUMENT'],
    ['a stream at no argument', [0, ...count, [7], which], 'INVALID_ARGUMENT'],
    ['two streams at one', [0, ...count, [1, 1], which], 'INVALID_ARGUMENT'],
    ['65 streams', [0, ...count, Array.from({ length: 65 }, (_, i) => i), which], 'INVALID_ARGUMENT'],
    ['a timeout that is none', [0, ...count, [], which, [-1]], 'INVALID_ARGUMENT'],
    ['metadata that is none', [0, ...count, [], which, [null, [1]]], 'INVALID_ARGUMENT'],
    ['one that must exist and does not', [0, ...count, [], [id, 1, 0, 1, ...by]], 'RESUME_LOST'],
    ['one that was begun where nothing is kept', [0, ...count, [], [id, 2, 0, 1, ...by]], 'RESUME_LOST'],
    ['something else first', [6, 0, 1], 'ABORTED'],
    ['a message of unknown type', [99], 'ABORTED'],
    ['a message with wrong fields', [0, 1, 2, 3], 'ABORTED'],
    ['an error message', [4, ['INTERNAL', 'x']], 'ABORTED'],
  ])('refuses %s', async (_, message, code) => {
    const one = await begun(message)
    expect(one.end()).toMatchObject({ code })
    expect(marks.from).toEqual([])
  })
})

describe('in its course', () => {
  it.each([
    ['a second beginning', [0, ...count, [], which]],
    ['a message that only a callee sends', [2, 'item']],
    ['a result', [3, 'done']],
  ])('it ends with %s', async (_, message) => {
    const one = await begun([0, ...count, [], which])
    one.connection.giveTokens(one.connection.tokens)
    one.connection.send([words.encode(message)])
    await settle()
    expect(one.end()).toMatchObject({ code: 'ABORTED' })
  })

  it('it ends with items of a stream that came without credit', async () => {
    const load = [0, 'loader.v1', 'load', [5, null], [1], which]
    const one = await begun(load)
    one.connection.giveTokens(one.connection.tokens)
    const item = words.encode([6, 1, 'x'.repeat(100_000)])
    for (let n = 0; n < 20; n++) one.connection.send([item])
    await settle()
    expect(one.end()).toMatchObject({ code: 'ABORTED' })
  })

  it('it takes no more than it has credit for, and none for a channel that there is not', async () => {
    const one = await begun([0, ...count, [], [id, 0, 0, 500, ...by]])
    one.connection.giveTokens(one.connection.tokens)
    one.connection.send([words.encode([6, 9, 'what?'])])
    await settle()
    expect(one.end()).toBeUndefined()
    expect(marks.done.length).toBeLessThan(10)
    one.connection.sendTyped([words.encode([11, 0])])
    await settle()
    expect(marks.stopped[0]).toMatchObject({ code: 'CANCELLED' })
  })

  it('it may grant before it is answered, for it has items from before', async () => {
    const { connection, end } = await raw()
    connection.startActivity(Uint8Array.of(0, 0))
    connection.send([words.encode([0, ...count, [], [id, 0, 0, 1, ...by]])])
    connection.giveTokens(connection.tokens)
    connection.sendTyped([words.encode([8, 1000, 0])])
    await settle()
    expect(end()).toBeUndefined()
    expect(marks.done.length).toBeGreaterThan(5)
    connection.sendTyped([words.encode([11, 0])])
    await settle()
  })

  it('it is told the end once, and released in good order, whatever it grants behind that', async () => {
    const told: unknown[] = []
    let end = 'none'
    const { connection } = await raw()
    connection.listen({
      data: (ssdu) => told.push(words.decode(ssdu)),
      activityEnded: (_, question) => question.accept(),
      releaseRequested: (_, question) => question.accept(),
      closed: ({ by }) => (end = by),
    })
    connection.startActivity(Uint8Array.of(0, 0))
    connection.send([words.encode([0, 'loader.v1', 'count', [3, 1], [], which])])
    connection.giveTokens(connection.tokens)
    const isResult = (message: unknown): boolean => Array.isArray(message) && message[0] === 3
    for (let n = 0; n < 500 && !told.some(isResult); n++) await Promise.resolve()
    connection.sendTyped([words.encode([8, 1, 0])])
    await settle()
    expect(told.filter(isResult)).toHaveLength(1)
    expect(end).toBe('release')
  })

  it('gets no more made than limits.keptItemOctets, whatever credit it gives', async () => {
    const item = 256 * 1024
    const one = await begun([0, 'big.v1', 'big', [200, item], [], [id, 0, 0, Number.MAX_SAFE_INTEGER, ...by]])
    one.connection.giveTokens(one.connection.tokens)
    await settle(2)
    one.connection.abort()
    await settle(200)
    expect(big.made).toBeLessThan(rpcLimits.keptItemOctets / item + 3)
  })

  it('a credit beyond all numbers, and a position that was not reached, do no harm', async () => {
    const one = await begun([0, ...count, [], [id, 0, 0, 500, ...by]])
    one.connection.giveTokens(one.connection.tokens)
    one.connection.sendTyped([words.encode([8, 1, Number.MAX_SAFE_INTEGER])])
    await settle()
    one.connection.abort()
    await settle()
    expect(marks.done.length).toBeLessThan(10)
  })
})
