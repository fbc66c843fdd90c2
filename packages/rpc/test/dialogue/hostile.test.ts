// Dialogues with a peer that speaks the session protocol well and dialogues badly: each fault ends that
// dialogue with a reason, no method runs for it, and the session it belongs to does not notice.
import {
  connectSession,
  openSession,
  type SessionConnection,
  type Transport,
  type TransportConnection,
} from '@parley/core'
import { memory, VirtualClock } from '@parley/core/testing'
import { connect, msgpack, RpcError, serve, sessionLimits, type Client, type Server } from '@parley/rpc'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dialogueUnits, decodeHello, encodeHello } from '../../src/peer/handshake.ts'
import { ppduSealing } from '../../src/presentation/ppdu.ts'
import { Words } from '../../src/presentation/words.ts'
import { rejection, settle } from '../peer/pair.ts'
import { ShopService } from '../peer/shop.ts'
import { Market, MarketService } from './haggle.ts'

const codec = msgpack()
const words = new Words(codec, 1e6)

let transport: ReturnType<typeof memory>
let server: Server
let service: MarketService
let client: Client

beforeEach(async () => {
  transport = memory()
  service = new MarketService()
  server = await serve({ listen: transport, services: [service, new ShopService()] })
  client = await connect(transport)
})

afterEach(async () => {
  // The session beside it works as before.
  const talk = client.stub(Market).haggle(7)
  const { value } = await talk.next()
  if (value !== 7) throw new Error('the session beside it is disturbed')
  await client.close()
  await server.close()
})

function helloOf(reference: Uint8Array): Uint8Array {
  return ppduSealing.seal('connect', encodeHello(codec, sessionLimits, 'msgpack', { reference }))
}

/** The reference of a session of a peer that is otherwise silent. */
async function referenceOf(): Promise<Uint8Array> {
  const userData = encodeHello(codec, sessionLimits, 'msgpack')
  const main = await connectSession(transport, { userData, sealing: ppduSealing })
  main.listen({})
  return decodeHello(codec, main.userData, 'msgpack').extras.reference ?? new Uint8Array()
}

interface RawDialogue {
  readonly connection: SessionConnection
  readonly wire: TransportConnection
  /** What the server ended it with; undefined while it goes on. */
  readonly end: () => RpcError | string | undefined
}

/** A dialogue's session connection in the hands of a test. */
async function raw(): Promise<RawDialogue> {
  const reference = await referenceOf()
  let wire: TransportConnection | undefined
  const tapped: Transport = {
    connect: async (signal) => (wire = await transport.connect(signal)),
    listen: (onConnection) => transport.listen(onConnection),
  }
  const userData = helloOf(reference)
  const connection = await openSession(tapped, { units: dialogueUnits, userData })
  let end: RpcError | string | undefined
  connection.listen({
    closed: (how) => (end = words.readFarewell(how.userData) ?? `${how.by} ${how.reason}`),
  })
  if (wire === undefined) throw new Error('not connected')
  return { connection, wire, end: () => end }
}

const begin = ['market.v1', 'haggle', [100]]

it.each([
  ['a reference that nobody has', new Uint8Array(32), 'UNAVAILABLE'],
  ['a reference of another length', new Uint8Array(31), 'FAILED_PRECONDITION'],
])('refuses %s', async (_, reference, code) => {
  const userData = helloOf(reference)
  const error = await rejection(openSession(transport, { units: dialogueUnits, userData }))
  const refusal = (error as { userData: Uint8Array }).userData
  expect(new TextDecoder().decode(refusal)).toContain(code)
})

it('refuses a dialogue without the functional units that it takes', async () => {
  const userData = helloOf(await referenceOf())
  const units = dialogueUnits.filter((unit) => unit !== 'resynchronize')
  await expect(openSession(transport, { units, userData })).rejects.toThrow(/refused/)
})

describe('the beginning', () => {
  it.each([
    ['a method that is no dialogue', [0, 'shop.v1', 'buy', ['a', 1]], 'NOT_FOUND'],
    ['a method that there is not', [0, 'market.v1', '__proto__', []], 'NOT_FOUND'],
    ['a service that there is not', [0, 'constructor', 'haggle', []], 'NOT_FOUND'],
    ['arguments of a wrong kind', [0, 'market.v1', 'haggle', ['x']], 'INVALID_ARGUMENT'],
    ['a timeout that is none', [0, ...begin, [-1]], 'INVALID_ARGUMENT'],
    ['metadata that is none', [0, ...begin, [null, [1]]], 'INVALID_ARGUMENT'],
    ['something else first', [1, 'x'], 'ABORTED'],
    ['a message of unknown type', [99], 'ABORTED'],
    ['a message with wrong fields', [0, 1, 2, 3], 'ABORTED'],
    ['an error message', [4, ['INTERNAL', 'x']], 'ABORTED'],
  ])('is not %s', async (_, message, code) => {
    const { connection, end } = await raw()
    connection.startActivity(Uint8Array.of(1))
    connection.send([words.encode(message)])
    await settle()
    expect(end()).toMatchObject({ code })
    expect(service.seen).toEqual([])
  })

  it.each([
    ['no data PPDU', Uint8Array.of(1, 2, 3)],
    ['no message', Uint8Array.of(0x40, 1, 0xc1)],
    [
      '47 KB of the smallest messages',
      Uint8Array.of(0x40, 0x82, 0xb8, 0, ...Array.from({ length: 0xb800 }, () => 0x90)),
    ],
  ])('is not %s', async (_, octets) => {
    const { connection, end } = await raw()
    connection.startActivity(Uint8Array.of(1))
    connection.send([octets])
    await settle()
    expect(end()).toMatchObject({ code: 'ABORTED' })
  })

  it('is not the turn alone', async () => {
    const { connection, end } = await raw()
    connection.startActivity(Uint8Array.of(1))
    connection.giveTokens(connection.tokens)
    await settle()
    expect(end()).toMatchObject({ code: 'ABORTED' })
  })
})

describe('in the middle', () => {
  async function begun(): Promise<RawDialogue> {
    const dialogue = await raw()
    dialogue.connection.startActivity(Uint8Array.of(1))
    dialogue.connection.send([words.encode([0, ...begin])])
    dialogue.connection.giveTokens(dialogue.connection.tokens)
    await settle()
    expect(dialogue.connection.turns.data.mine).toBe(true)
    return dialogue
  }

  it('a peer that speaks without the turn is cut off by the session layer', async () => {
    const { connection, wire, end } = await begun()
    connection.send([words.encode([1, 5])])
    connection.giveTokens(connection.tokens)
    expect(() => connection.send([words.encode([1, 5])])).toThrow(/token/)
    // The same words as octets, past the machine: GIVE TOKENS and DATA TRANSFER.
    wire.send([Uint8Array.of(1, 0, 1, 0, ...words.encode([1, 5]))])
    await settle()
    expect(end()).toBe('provider peer-protocol-error')
    expect(service.seen).toEqual(['heard 5', 'ended'])
  })

  it.each([
    ['begins again', [0, ...begin]],
    ['sends a result', [3, 1]],
    ['sends a head', [5, {}]],
    ['sends garbage', [1]],
  ])('a peer that %s is cut off', async (_, message) => {
    const { connection, end } = await begun()
    connection.send([words.encode(message)])
    await settle()
    expect(end()).toMatchObject({ code: 'ABORTED' })
    expect(service.seen).toEqual(['ended'])
  })

  it('a peer that goes back to where nobody was is cut off', async () => {
    const { connection, end } = await begun()
    connection.syncMinor()
    void connection.resynchronize({ type: 'set', serial: 500 })
    await settle()
    expect(end()).toMatchObject({ code: 'ABORTED' })
  })

  it('a value that cannot be read here ends the dialogue', async () => {
    const { connection, end } = await begun()
    const unknownType = Uint8Array.of(0x40, 6, 0x92, 1, 0xc7, 1, 100, 0)
    connection.send([unknownType])
    await settle()
    expect(end()).toMatchObject({ code: 'ABORTED' })
  })
})

it('a connection that never begins its dialogue loses its place', async () => {
  const clock = new VirtualClock()
  const usual = transport
  transport = memory()
  await using slow = await serve({ listen: transport, services: [service], clock })
  const { end } = await raw()
  await settle()
  const [session] = slow.sessions
  expect(session?.activeCalls).toBe(1)
  await clock.advanceAsync(sessionLimits.admissionTimeout)
  await settle()
  expect(end()).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  expect(session?.activeCalls).toBe(0)
  transport = usual
})
