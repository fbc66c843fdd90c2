// A peer that speaks the session protocol well and RPC badly: each fault ends its session with a reason, no
// handler runs for it, and other sessions do not notice.
import { connectSession, openSession, lifeUnits, type Session } from '@parley/core'
import { memory, VirtualClock } from '@parley/core/testing'
import { connect, msgpack, serve, service, unary, type Server } from '@parley/rpc'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  DATA_HEADER_LENGTH,
  dataContent,
  encodeControl,
  ppduSealing,
  writeDataHeader,
} from '../../src/presentation/ppdu.ts'
import { settle } from './pair.ts'
import { Shop, ShopService } from './shop.ts'

const codec = msgpack()
const encoded = (...messages: unknown[][]) => messages.map((message) => codec.encode(message).slice())
const octets = (...messages: unknown[][]) => ssdu(...encoded(...messages))
const header = (parts: Uint8Array[]) => {
  const bytes = new Uint8Array(DATA_HEADER_LENGTH)
  writeDataHeader(
    bytes,
    0,
    parts.reduce((sum, part) => sum + part.length, 0),
  )
  return bytes
}
const ssdu = (...parts: Uint8Array[]) => [Buffer.concat([header(parts), ...parts])]
const BIND = [0, 0, 'shop.v1', 'echo']

let transport: ReturnType<typeof memory>
let server: Server
let ran: number

class CountingShop extends ShopService {
  override async echo(value: unknown): Promise<unknown> {
    ran += 1
    return await super.echo(value)
  }
}

beforeEach(async () => {
  ran = 0
  transport = memory()
  server = await serve({ listen: transport, services: [new CountingShop()], limits: { boundMethods: 4 } })
})

afterEach(async () => {
  await server.close()
})

/** A session of a peer that says what a test wants, and what came back on it. */
async function raw(maxMessageLength = 1e6): Promise<{
  connection: Session
  answers: unknown[]
  ended: () => string | undefined
}> {
  const userData = codec.encode(['parley', 1, 'msgpack', maxMessageLength, 1000, 10]).slice()
  const connection = await connectSession(transport, { userData, sealing: ppduSealing })
  const answers: unknown[] = []
  let end: string | undefined
  connection.listen({
    data: (ssdu) => codec.decode(dataContent(ssdu) ?? ssdu, (message) => answers.push(message)),
    typedData: (ssdu) => codec.decode(dataContent(ssdu) ?? ssdu, (message) => answers.push(message)),
    closed: ({ message, userData: said }) => {
      end = message
      if (said !== undefined && said.length > 0) codec.decode(said, (error) => (end = String(error[1])))
    },
  })
  return { connection, answers, ended: () => end }
}

describe('an RPC message that breaks the protocol ends the session with a reason', () => {
  const cases: [string, unknown[][], RegExp][] = [
    ['of unknown type', [[99, 1]], /unknown type/],
    ['with a type that is no number', [['constructor', 1]], /unknown type/],
    ['empty', [[]], /unknown type/],
    ['with too few fields', [[1, 1]], /fields/],
    ['with too many fields', [[9, 1, 2, 3]], /fields/],
    ['with a negative call id', [[1, -1, 0, []]], /wrong field 1/],
    ['with a fractional call id', [[1, 1.5, 0, []]], /wrong field 1/],
    ['with args that are no array', [BIND, [1, 1, 0, 'args']], /wrong field 3/],
    ['for a method that was never bound', [[1, 1, 7, []]], /never bound/],
    ['binding out of turn', [[0, 5, 'shop.v1', 'echo']], /out of turn/],
    ['binding too many methods', [0, 1, 2, 3, 4].map((ref) => [0, ref, 'a', 'b']), /above 4/],
    ['using a call id twice', [BIND, [1, 1, 0, ['x']], [1, 1, 0, ['x']]], /twice/],
    ['answering a call never made', [[6, 1, 'surprise']], /never made/],
    ['ending a stream never opened', [[9, 4]], /never made/],
    ['giving items to a call never made', [[2, 9, 0, 'x']], /never made/],
    ['a control message among values', [[4, 1, 0]], /came as values/],
  ]
  it.each(cases)('%s', async (_, messages, reason) => {
    const other = await connect(transport)
    const { connection, ended } = await raw()
    connection.send(octets(...messages))
    await settle()
    expect(ended()).toMatch(reason)
    await expect(other.stub(Shop).buy('still here', 1)).resolves.toEqual({ sku: 'still here', n: 1 })
    await other.close()
  })

  it('values among control messages', async () => {
    const { connection, ended } = await raw()
    connection.sendTyped(octets([1, 1, 0, []]))
    await settle()
    expect(ended()).toMatch(/came as control/)
  })

  it('octets that are not msgpack', async () => {
    const { connection, ended } = await raw()
    connection.send(ssdu(new Uint8Array([0xc1, 0xff, 0xff])))
    await settle()
    expect(ended()).toMatch(/protocol was broken/)
  })

  it.each(['00', '4103616263', '40', '4004616263', '40846162', '4080', '408500000000036162630000'])(
    'user data that is not one octet string: %s',
    async (hex) => {
      const { connection, ended } = await raw()
      connection.send([new Uint8Array(Buffer.from(hex, 'hex'))])
      await settle()
      expect(ended()).toMatch(/no data PPDU/)
    },
  )

  it('a depth bomb', async () => {
    const { connection, ended } = await raw()
    connection.send(ssdu(new Uint8Array(500_000).fill(0x91)))
    await settle()
    expect(ended()).toMatch(/protocol was broken/)
  })

  it('stream items beyond the credit', async () => {
    const { connection, ended } = await raw()
    connection.send(octets([0, 0, 'shop.v1', 'sum'], [1, 1, 0, [null], [null, null, [0]]]))
    await settle()
    const flood = Array.from({ length: 20_000 }, () => [
      2,
      1,
      0,
      'not a number, and much too long for the window',
    ])
    connection.send(octets(...flood))
    await settle()
    expect(ended()).toMatch(/without credit/)
  })
})

describe('names that a peer chose', () => {
  const names = [
    'constructor',
    '__proto__',
    'toString',
    'then',
    'hasOwnProperty',
    'valueOf',
    'ѕhop.v1',
    'a.b',
    '\n\u001b[31m',
  ]
  for (const name of names) {
    it(`as service ${JSON.stringify(name)}: NOT_FOUND, nothing runs`, async () => {
      const { connection, answers, ended } = await raw()
      connection.send(octets([0, 0, name, 'echo'], [1, 1, 0, ['x']]))
      await settle()
      expect(answers).toEqual([[7, 1, ['NOT_FOUND', expect.any(String), 0]]])
      expect(ended()).toBeUndefined()
    })
    it(`as method ${JSON.stringify(name)}: NOT_FOUND, nothing runs`, async () => {
      const { connection, answers } = await raw()
      connection.send(octets([0, 0, 'shop.v1', name], [1, 1, 0, ['x']]))
      await settle()
      expect(answers).toEqual([[7, 1, ['NOT_FOUND', expect.any(String), 0]]])
      const [, , error] = answers[0] as [number, number, [string, string]]
      expect(error[1]).toMatch(/^[\x20-\x7e]*$/)
      expect(ran).toBe(0)
    })
  }

  it('a very long name is answered with a short text', async () => {
    const { connection, answers } = await raw()
    connection.send(octets([0, 0, 'shop.v1', 'x'.repeat(100_000)], [1, 1, 0, []]))
    await settle()
    const [, , error] = answers[0] as [number, number, [string, string]]
    expect(error[1].length).toBeLessThan(200)
  })
})

describe('call options', () => {
  const bad: [string, unknown[]][] = [
    ['a timeout that is no number', ['soon', null, null]],
    ['a negative timeout', [-5, null, null]],
    ['metadata that is no object', [null, 5, null]],
    ['metadata that is octets', [null, new Uint8Array(0), null]],
    ['metadata that is an array', [null, [], null]],
    ['metadata with values that are no strings', [null, { a: 1 }, null]],
    ['metadata that is too long', [null, { a: 'x'.repeat(100_000) }, null]],
    ['a stream at no argument', [null, null, [9]]],
    ['two streams at one argument', [null, null, [0, 0]]],
    ['a list of streams that is none', [null, null, 'all']],
  ]
  it.each(bad)('with %s are answered INVALID_ARGUMENT, nothing runs', async (_, options) => {
    const { connection, answers, ended } = await raw()
    connection.send(octets(BIND, [1, 1, 0, ['x'], options]))
    await settle()
    expect(answers).toEqual([[7, 1, ['INVALID_ARGUMENT', expect.any(String), 0]]])
    expect(ended()).toBeUndefined()
    expect(ran).toBe(0)
  })

  it('leave no timer behind when the call is refused', async () => {
    await server.close()
    const clock = new VirtualClock()
    transport = memory()
    server = await serve({ listen: transport, services: [new ShopService()], clock })
    const { connection, answers } = await raw()
    const { pending } = clock
    connection.send(octets(BIND, [1, 1, 0, ['x'], [12_345, 5, null]]))
    await settle()
    expect(answers).toHaveLength(1)
    expect(clock.pending).toBe(pending)
  })
})

it('a peer that takes no message long enough for an answer loses its session only', async () => {
  const { connection, ended } = await raw(1)
  connection.send(octets(BIND, [1, 1, 0, ['x']]))
  await settle()
  expect(ended()).toBeDefined()
  const other = await connect(transport)
  await expect(other.stub(Shop).buy('a', 1)).resolves.toEqual({ sku: 'a', n: 1 })
  await other.close()
})

it('a session without typed data is refused: credit could not be sent on it', async () => {
  const userData = encodeControl('connect', codec.encode(['parley', 1, 'msgpack', 1e6, 1000, 10]))
  const units = lifeUnits.filter((unit) => unit !== 'typed-data')
  await expect(openSession(transport, { units, userData })).rejects.toThrow(/refused/)
})

it('more calls at once than agreed are answered RESOURCE_EXHAUSTED', async () => {
  @service('hang.v1')
  class Hang {
    @unary() async on(): Promise<void> {
      await new Promise(() => undefined)
    }
  }
  await server.close()
  transport = memory()
  server = await serve({ listen: transport, services: [new Hang()], limits: { concurrentCalls: 2 } })
  const { connection, answers } = await raw()
  connection.send(octets([0, 0, 'hang.v1', 'on'], [1, 1, 0, []], [1, 2, 0, []], [1, 3, 0, []]))
  await settle()
  expect(answers).toEqual([[7, 3, ['RESOURCE_EXHAUSTED', expect.any(String), 0]]])
})

it('a greeting that is none is refused with words', async () => {
  for (const userData of [
    undefined,
    new Uint8Array([1, 2, 3]),
    codec.encode(['parley', 99]).slice(),
    encodeControl('connect', codec.encode(['parley', 99])),
  ]) {
    const opening = openSession(transport, { units: lifeUnits, ...(userData && { userData }) })
    await expect(opening).rejects.toThrow(/./)
  }
})

it('Object.prototype is as it was, and a polluted one gains nothing', async () => {
  const before = Reflect.ownKeys(Object.prototype)
  const { connection, answers } = await raw()
  // A map with the key __proto__, written by hand: no encoder of ours would make it.
  const proto = [0x94, 1, 1, 0, 0x91, 0x81, 0xa9, ...Buffer.from('__proto__'), 0x81, 0xa1, 0x78, 1]
  connection.send(ssdu(...encoded(BIND), new Uint8Array(proto)))
  await settle()
  expect(Reflect.ownKeys(Object.prototype)).toEqual(before)
  expect(({} as { x?: unknown }).x).toBeUndefined()
  expect(answers).toEqual([])
  Object.defineProperty(Object.prototype, 'exposeErrors', {
    value: 'stack',
    configurable: true,
    writable: true,
  })
  Object.defineProperty(Object.prototype, 'timeout', { value: 1, configurable: true, writable: true })
  try {
    const client = await connect(transport)
    await expect(client.stub(Shop).buy('a', 1)).resolves.toEqual({ sku: 'a', n: 1 })
    await client.close()
  } finally {
    Reflect.deleteProperty(Object.prototype, 'exposeErrors')
    Reflect.deleteProperty(Object.prototype, 'timeout')
  }
})
