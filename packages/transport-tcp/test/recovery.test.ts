// Sessions over TCP whose connections fail: TSDU by TSDU, and octet by octet behind a proxy.
import { connectSession, SessionAcceptor, systemClock, type Session } from '@parley/core'
import { describeRecovery } from '@parley/core/testing'
import { describe, expect, it } from 'vitest'
import { tcp } from '../src/index.ts'
import { showing, trusting } from './tls/certificates.ts'
import { Proxy, type Treatment, type Way } from './proxy.ts'

const host = '127.0.0.1'
const limits = { silenceTimeout: 300, reconnectDelay: 10, reconnectDelayMost: 50 }

function pass(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

describeRecovery(
  'TCP',
  () => ({
    transport: tcp({ host, port: 0 }),
    dial: ({ port = 0 }) => tcp({ host, port }),
    clock: systemClock,
    pass,
  }),
  { describe, it, expect },
)

describeRecovery(
  'TLS',
  () => ({
    transport: tcp({ host, port: 0, tls: showing('server') }),
    dial: ({ port = 0 }) => tcp({ host, port, tls: trusting }),
    clock: systemClock,
    pass,
  }),
  { describe, it, expect },
)

/** A session through a proxy. */
class Road {
  readonly proxy: Proxy
  readonly a: Session
  readonly b: Session
  readonly #acceptor: SessionAcceptor
  readonly #told = new Map<Session, number[]>()
  #sent = 0

  static async open(treatment: Treatment = {}): Promise<Road> {
    let b: Session | undefined
    const acceptor = new SessionAcceptor({ limits, onSession: (session) => (b = session) })
    const { port = 0 } = await acceptor.listen(tcp({ host, port: 0 }))
    const proxy = await Proxy.open(port)
    proxy.treatment = treatment
    const a = await connectSession(tcp({ host, port: proxy.port }), { limits, connectTimeout: 400 })
    if (b === undefined) throw new Error('the acceptor has no session')
    return new Road(proxy, acceptor, a, b)
  }

  private constructor(proxy: Proxy, acceptor: SessionAcceptor, a: Session, b: Session) {
    this.proxy = proxy
    this.#acceptor = acceptor
    this.a = a
    this.b = b
    for (const session of [a, b]) {
      const told: number[] = []
      this.#told.set(session, told)
      session.listen({
        data: (ssdu) => void told.push(new DataView(ssdu.buffer, ssdu.byteOffset).getUint32(0)),
      })
    }
  }

  /** Both sides send so many units of this length. */
  send(units: number, length = 100): void {
    for (let unit = 0; unit < units; unit++, this.#sent++) {
      for (const session of [this.a, this.b]) {
        const octets = new Uint8Array(length)
        new DataView(octets.buffer).setUint32(0, this.#sent)
        session.send([octets])
      }
    }
  }

  /** Waits until everything has arrived, and expects it once and in order. */
  async expectAll(): Promise<void> {
    const all = Array.from({ length: this.#sent }, (_, number) => number)
    for (
      let wait = 0;
      wait < 400 && [...this.#told.values()].some((told) => told.length < all.length);
      wait++
    ) {
      await pass(10)
    }
    for (const told of this.#told.values()) expectSame(told, all)
  }

  async end(): Promise<void> {
    await this.a.release()
    await this.#acceptor.close()
    await this.proxy.close()
  }
}

function expectSame(told: readonly number[], all: readonly number[]): void {
  if (told.join() !== all.join()) throw new Error(`arrived: ${told.join()} of ${all.length}`)
}

describe('a session behind a proxy', () => {
  it('does not mind how its octets are split and delayed', async () => {
    const road = await Road.open({ split: 7, delay: 0 })
    road.send(20)
    await road.expectAll()
    road.proxy.treatment = { split: 50, delay: 5 }
    road.proxy.reset()
    road.send(5)
    await road.expectAll()
    road.proxy.treatment = {}
    road.proxy.reset()
    await road.end()
  })

  it('goes on wherever in the resume it is ended, with or without a word', async () => {
    const road = await Road.open()
    const ways: readonly Way[] = ['to-server', 'to-client']
    for (const way of ways) {
      for (const how of ['reset', 'close'] as const) {
        for (let octets = 0; octets < 240; octets += 37) {
          const { connections } = road.proxy
          road.proxy.treatment = { endAfter: { octets, way, how } }
          road.proxy.reset()
          road.send(2)
          for (let wait = 0; wait < 200 && road.proxy.connections === connections; wait++) {
            await pass(5)
            road.a.resumeNow()
          }
          expect(road.proxy.connections).toBeGreaterThan(connections)
          road.proxy.treatment = {}
        }
        await road.expectAll()
      }
    }
    await road.end()
  })

  it('notices that one direction is swallowed', async () => {
    for (const swallow of ['to-server', 'to-client'] as const) {
      const road = await Road.open()
      road.proxy.treatment = { swallow }
      road.proxy.reset()
      road.send(5)
      await pass(150)
      road.proxy.treatment = {}
      await road.expectAll()
      await road.end()
    }
  })

  it('is not lost on a link of 40,000 octets a second, nor by what does not fit its buffers', async () => {
    const road = await Road.open({ split: 200, delay: 5 })
    road.send(10, 1_000)
    await road.expectAll()
    expect([road.proxy.connections, road.a.state]).toEqual([1, 'open'])
    road.proxy.treatment = {}
    road.send(40, 100_000)
    road.proxy.reset()
    await road.expectAll()
    await road.end()
  })
})
