// How a world ends: everything is mended, whatever was asked has to settle, everything has to work again,
// keys have to stand for what they stood for, and in the end nothing may be left.
import type { Customer } from './customer.ts'
import type { Ask, Kind, Order } from './history.ts'
import { WorldError } from './world-error.ts'
import type { World } from './world.ts'

/** Milliseconds in which everything must have settled: the longest wait of a client, several times. */
const SETTLES = 240_000

/** Milliseconds after which an idle client has looked whether its server is still there. */
const IDLE_POLL = 35_000

/** See the head of this file. Throws a {@link WorldError}. */
export async function endWorld(world: World): Promise<void> {
  world.trouble.end()
  const { history } = world
  await world.until('every call settles', SETTLES, () => history.open.length === 0)
  world.peace = true
  const present = world.customers.filter(({ principal }) => !world.revoked.has(principal))
  // A connection that nobody is at the end of any more is noticed first.
  await world.pass(world.odds.limits.idleTimeout === 0 ? 5000 : IDLE_POLL)
  await world.until('every client has a session', SETTLES, () => present.every(isThere))
  // What the trouble has left behind in the servers may show in the first calls, as far as it may at all.
  for (const customer of present) await probe(world, customer, ['once'])
  await askAgain(world, present)
  for (const customer of present) results(await probe(world, customer, world.traffic.kinds))
  if (world.odds.burst) await tellSettled(world, present)
  await rest(world)
  await workLong(world, present)
  await leave(world, present)
}

function isThere({ session }: Customer): boolean {
  return session !== undefined && (session.phase === 'open' || session.phase === 'idle')
}

/** Calls of these kinds, at once, and to their end. */
async function probe(world: World, customer: Customer, kinds: readonly Kind[]): Promise<Asked[]> {
  await world.until('a client has its session', SETTLES, () => isThere(customer))
  const asks = kinds.map((kind) => customer.ask(world.traffic.plain(kind, customer)))
  await world.until('a call after the trouble settles', SETTLES, () => world.history.open.length === 0)
  return asks
}

/** Undefined: there was no session to ask on. */
type Asked = Ask | undefined

/** All of them must have results. */
function results(asks: readonly Asked[]): void {
  for (const ask of asks) {
    if (ask === undefined) throw new WorldError('after the trouble a client had no session')
    if (ask.value !== undefined) continue
    throw new WorldError(`after the trouble a call failed: ${ask.call.kind} ${ask.error?.code}`)
  }
}

/** Whoever asks with a key is told what everybody is told. */
async function askAgain(world: World, present: readonly Customer[]): Promise<void> {
  const named = world.history.calls.filter(({ kind, asks }) => kind === 'named' && asks.length > 0)
  const ask = async (): Promise<Asked[]> => {
    const asks = named.map((call) => present.find(({ principal }) => principal === call.principal)?.ask(call))
    await world.until('a call by its key settles', SETTLES, () => world.history.open.length === 0)
    return asks
  }
  const [before, after] = [await ask(), await ask()]
  if (world.odds.durable) for (const [n, first] of before.entries()) assertSame(first, after[n])
}

function assertSame(first: Asked, second: Asked): void {
  const [one, other] = [first, second].map((ask) => ask?.value ?? ask?.error?.code)
  if (first === undefined || second === undefined || one === 'UNAVAILABLE' || one === other) return
  throw new WorldError(`${first.call.order.id} is asked for twice by its key: ${one}, and then ${other}`)
}

/** Nothing happens for longer than silence is borne, and that must be all that happens. */
async function rest(world: World): Promise<void> {
  const suspended = world.trace.counts.get('suspended')
  await world.pass(3500)
  if (world.trace.counts.get('suspended') !== suspended)
    throw new WorldError('a connection was lost, and there was no reason')
}

/** A connection on which nothing is said for longer than silence is borne is kept while somebody is there. */
async function workLong(world: World, [customer]: readonly Customer[]): Promise<void> {
  const { idleTimeout, silenceTimeout = 0 } = world.odds.limits
  if (customer?.process === undefined || idleTimeout !== 0 || silenceTimeout > SHORT_SILENCE) return
  const { process } = customer
  // What was given up before may still be on its way to say so.
  if (customer.session?.activeCalls !== 0) return
  const before = process.connected
  customer.ask(world.history.call('load', customer.principal, longOrder(4.4 * silenceTimeout, 1)))
  await world.until('long work settles', SETTLES, () => world.history.open.length === 0)
  const connections = process.connected - before
  if (connections !== 1) throw new WorldError(`long work took ${connections} connections`)
}

const SHORT_SILENCE = 1000

function longOrder(before: number, items: number): Omit<Order, 'id'> {
  return { before, after: 0, ends: 'returns', lethal: 0, items }
}

/** After enough calls the server knows which of them it can forget. */
async function tellSettled(world: World, [customer]: readonly Customer[]): Promise<void> {
  if (customer === undefined || !world.odds.durable) return
  world.traffic.burst(customer)
  await world.until('a burst settles', SETTLES, () => world.history.open.length === 0)
  results(await probe(world, customer, ['once']))
  if (world.records.forgotten === 0) throw new WorldError('no call was forgotten that had settled')
}

async function leave(world: World, present: readonly Customer[]): Promise<void> {
  const intruder = world.customers.find((customer) => !present.includes(customer) && isThere(customer))
  if (intruder !== undefined) throw new WorldError(`${intruder.name} has a session, and was sent away`)
  // It is in the middle of something when it leaves, and so is the server.
  const [first] = present
  first?.ask(world.history.call('load', first.principal, longOrder(20_000, 12)))
  await world.pass(300)
  world.closing = true
  for (const { session } of present) void session?.close()
  await world.until('the clients leave', SETTLES, () => !present.some(isThere))
  await world.pass(1000)
  const left = world.records.openSessions
  const ended = world.released
  const opened = world.trace.counts.get('session') ?? 0
  if (left > opened - ended)
    throw new WorldError(`${left} sessions are on record, ${ended} of ${opened} were released`)
  for (const { server } of world.places) void server?.close()
  await world.pass(20_000)
  for (const { process } of [...world.places, ...world.customers]) {
    if (process !== undefined && process.alive && process.connections > 0)
      throw new WorldError(`${process.name} has connections left`)
    const working = world.history.calls
      .flatMap(({ runs }) => runs)
      .find(({ over, server }) => !over && server === process?.name)
    if (process?.alive === true && working !== undefined)
      throw new WorldError(`${working.tag} is still worked on`)
    process?.crash()
  }
  for (const transport of world.transports) for (const link of transport.links) link.cut()
  await world.pass(1)
  world.clock.expectNothingLeft()
}
