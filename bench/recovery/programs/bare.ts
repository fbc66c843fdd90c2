// Small unary calls between two bare ends of RPC in this process, over TCP: on a session, which sets sync
// points and keeps what the other side has not confirmed, or on a plain session connection, which does
// neither. All else is the same.
import { acceptSessions, connectSession, openSession, SessionAcceptor } from '@parley/core'
import { defineService, implement, unary } from '@parley/rpc'
import { tcp } from '@parley/transport-tcp'
import { bareCaller, bareServer, type BareConnection } from '../../../packages/rpc/test/peer/bare.ts'
import { small, type Small } from '../../src/contender.ts'
import { answer, settings } from './channel.ts'

/** Which of both. */
export interface BareSettings {
  readonly retains: boolean
}

/** What is asked: seconds of calls. */
export type BareQuestion = number

/** What was done. */
export interface BareReport {
  readonly calls: number
  readonly seconds: number
  /** Microseconds of processor time, of both ends. */
  readonly cpu: number
}

/** Calls under way at any time. */
const atOnce = 64
const units = ['duplex', 'typed-data'] as const
const echo = defineService('bench.v1', { echo: unary<(message: Small) => Promise<Small>>() })
const service = implement(echo, { echo: async (message) => message })
const host = '127.0.0.1'

const connection = await ((settings() as BareSettings).retains ? session() : plainConnection())
const call = bareCaller(connection, echo, 'echo')
let next = 0
answer('ready', (seconds: BareQuestion) => work(seconds))

async function session(): Promise<BareConnection> {
  const acceptor = new SessionAcceptor({ onSession: (session) => bareServer(session, service) })
  const { port = 0 } = await acceptor.listen(tcp({ host, port: 0 }))
  return connectSession(tcp({ host, port }))
}

async function plainConnection(): Promise<BareConnection> {
  const { port = 0 } = await acceptSessions(tcp({ host, port: 0 }), { units }, (request) =>
    bareServer(request.accept(), service),
  )
  return openSession(tcp({ host, port }), { units })
}

async function work(seconds: number): Promise<BareReport> {
  const [before, from] = [process.cpuUsage(), performance.now()]
  const until = from + seconds * 1000
  let calls = 0
  const caller = async (): Promise<void> => {
    while (performance.now() < until) {
      const id = next++ % 2 ** 31
      const { id: answered } = (await call([small(id)])) as Small
      if (answered !== id) throw new Error(`call ${id} was given the answer to call ${answered}`)
      calls++
    }
  }
  await Promise.all(Array.from({ length: atOnce }, caller))
  const { user, system } = process.cpuUsage(before)
  return { calls, seconds: (performance.now() - from) / 1000, cpu: user + system }
}
