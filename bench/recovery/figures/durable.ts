// How many durable calls a second go through, end to end: each is on the disk before it runs and before it is
// answered. On both stores in turn.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type Client } from '@parley/rpc'
import { tcp } from '@parley/transport-tcp'
import { flushesPerSecond } from '../../harness/flushes.ts'
import { freePort } from '../../harness/free-port.ts'
import type { Child } from '../child.ts'
import { checked, Desk } from '../contract.ts'
import type { Effort } from '../effort.ts'
import type { Figure, Line } from '../figure.ts'
import type { NodeReport, NodeSettings } from '../programs/node.ts'
import type { Rig } from '../rig.ts'
import { middle, spread, whole } from '../words.ts'

/** The calls in progress are spread over so many. */
const sessions = 8

interface Side {
  readonly name: string
  /** Calls a second. */
  readonly aim: number
  readonly node: Child
  readonly clients: readonly Client[]
  readonly rounds: Round[]
}

interface Round {
  readonly rate: number
  /** Microseconds of a call, of the server. */
  readonly cpu: number
}

export const durable: Figure = {
  name: 'durable',
  async measure(rig, effort) {
    const postgres = await rig.postgres()
    const sides = [
      await begin(rig, 'LMDB', 10_000, { file: join(rig.folder, 'durable.mdb') }),
      await begin(rig, `PostgreSQL ${postgres.version}`, 2500, {
        connection: postgres.url(),
        schema: 'durable',
      }),
    ]
    const flushes: number[] = []
    for (let round = 0; round < effort.durableRounds; round++) {
      flushes.push(flushesPerSecond(rig.folder, new Uint8Array(100)))
      for (const side of sides) side.rounds.push(await work(side, effort))
    }
    for (const { clients, node } of sides) {
      await Promise.all(clients.map((client) => client.close()))
      await node.kill()
    }
    const disk = { text: `the disk alone, at that: ${spread(flushes, whole)} flushes/s; a call needs two` }
    return [...sides.map((side) => lineOf(side, effort.durableCalls)), disk]
  },
}

async function begin(rig: Rig, name: string, aim: number, store: NodeSettings['store']): Promise<Side> {
  const port = await freePort()
  const node = rig.node(store === undefined ? { port } : { port, store })
  await node.ready
  const transport = tcp({ host: '127.0.0.1', port })
  const clients = await Promise.all(Array.from({ length: sessions }, () => connect(transport)))
  return { name, aim, node, clients, rounds: [] }
}

/** Keeps calls in progress for a while, after a short start that does not count. */
async function work({ node, clients }: Side, effort: Effort): Promise<Round> {
  const desks = clients.map((client) => client.stub(Desk))
  let [done, next, over] = [0, 0, false]
  const caller = async (number: number): Promise<void> => {
    const desk = desks[number % desks.length]
    while (!over && desk !== undefined) {
      const id = next++
      checked(await desk.sell(id), id)
      done++
    }
  }
  const callers = Promise.all(Array.from({ length: effort.durableCalls }, (_, number) => caller(number)))
  const measured = async (): Promise<Round> => {
    await sleep(effort.durableWarmup * 1000)
    const report = async (): Promise<NodeReport> => (await node.ask('report')) as NodeReport
    const [{ cpu }, before, from] = [await report(), done, performance.now()]
    await sleep(effort.durableSeconds * 1000)
    const [calls, seconds] = [done - before, (performance.now() - from) / 1000]
    const used = (await report()).cpu - cpu
    over = true
    return { rate: calls / seconds, cpu: used / calls }
  }
  const [round] = await Promise.all([measured(), callers])
  return round
}

function lineOf({ name, aim, rounds }: Side, calls: number): Line {
  const rates = rounds.map(({ rate }) => rate)
  const cpu = middle(rounds.map(({ cpu }) => cpu)).toFixed(0)
  return {
    text:
      `durable calls on ${name}, ${whole(calls)} in progress over ${sessions} sessions: ` +
      `${spread(rates, whole)} calls/s, processor time of the server ${cpu} us each`,
    aim: { text: `${whole(aim)}/s`, met: middle(rates) >= aim },
  }
}
