// What an idle session connection costs and keeps alive: a server holds thousands of them, so each must be a
// few small objects.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { expect, it } from 'vitest'

import { acceptSessions, openSession, type SessionConnection, type Transport } from '../../src/index.ts'
import type { TransportConnection, TransportListener } from '../../src/index.ts'
import { turns } from '../../src/testing/index.ts'

const COUNT = 2_000
const MOST = 2 * 1024

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

it(`an idle session connection takes less than ${MOST} octets at each end`, async () => {
  const accepted: SessionConnection[] = []
  const opened: SessionConnection[] = []
  const transport = new Bare()
  await acceptSessions(transport, {}, (request) => {
    const connection = request.accept()
    connection.listen({ data() {} })
    accepted.push(connection)
  })
  await open(transport, opened, 100)
  collect()
  const before = process.memoryUsage().heapUsed
  await open(transport, opened, COUNT)
  await turns(2)
  collect()
  const each = (process.memoryUsage().heapUsed - before) / COUNT
  expect([accepted.length, opened.length]).toEqual([COUNT + 100, COUNT + 100])
  expect(opened.every((connection) => connection.state === 'open')).toBe(true)
  expect(each / 2).toBeLessThan(MOST)
})

it('an idle session connection keeps neither what it has sent nor what came with CONNECT', async () => {
  const transport = new Bare()
  const greetings: WeakRef<Uint8Array>[] = []
  const ends: SessionConnection[] = []
  await acceptSessions(transport, {}, (request) => {
    if (request.userData !== undefined) greetings.push(new WeakRef(request.userData))
    ends.push(request.accept())
  })
  ends.push(await openSession(transport, { userData: new Uint8Array(100) }))
  const sent = ends.map((end) => {
    const octets = new Uint8Array(100)
    end.send([octets])
    return new WeakRef(octets)
  })
  await turns(2)
  collect()
  expect([...greetings, ...sent].map((one) => one.deref())).toEqual([undefined, undefined, undefined])
  expect(ends.map((end) => end.state)).toEqual(['open', 'open'])
})

async function open(transport: Transport, into: SessionConnection[], count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const connection = await openSession(transport)
    connection.listen({ data() {} })
    into.push(connection)
  }
}

/** A transport that costs next to nothing: two objects that call each other. */
class Bare implements Transport {
  #accept: ((connection: TransportConnection) => void) | undefined

  async connect(): Promise<TransportConnection> {
    const here = new BareEnd()
    here.other = new BareEnd()
    here.other.other = here
    this.#accept?.(here.other)
    return here
  }

  async listen(onConnection: (connection: TransportConnection) => void): ReturnType<Transport['listen']> {
    this.#accept = onConnection
    return { address: 'bare', close: async () => undefined }
  }
}

class BareEnd implements TransportConnection {
  readonly remote = 'bare'
  readonly expedited = false
  maxTsduLength = 0
  other: BareEnd | undefined
  #listener: TransportListener | undefined

  listen(listener: TransportListener): void {
    this.#listener = listener
  }

  send(parts: readonly Uint8Array[]): boolean {
    const tsdu = Uint8Array.from(parts.flatMap((part) => [...part]))
    queueMicrotask(() => this.other?.deliver(tsdu))
    return true
  }

  deliver(tsdu: Uint8Array): void {
    this.#listener?.data(tsdu)
  }

  pause(): void {}

  resume(): void {}

  close(): void {}
}
