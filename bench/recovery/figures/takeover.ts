// How long it takes until another node, which is there already, answers a call: the one that its client was
// at is killed with SIGKILL, or stopped with SIGSTOP, which nothing tells the client but silence.
import { anyOf, coreLimits } from '@parley/core'
import { connect } from '@parley/rpc'
import { tcp } from '@parley/transport-tcp'
import { freePort } from '../../harness/free-port.ts'
import type { Child } from '../child.ts'
import { checked, Desk } from '../contract.ts'
import type { Effort } from '../effort.ts'
import type { Figure } from '../figure.ts'
import type { Rig } from '../rig.ts'
import { ms, spread } from '../words.ts'

export const takeover: Figure = {
  name: 'takeover',
  async measure(rig, effort) {
    const { kills, stops, silenceTimeout, connectTimeout } = effort
    const patience = Math.min(connectTimeout, coreLimits.addressPatience)
    const killed = await takeovers(rig, effort, kills, (node) => void node.kill())
    const stopped = await takeovers(rig, effort, stops, (node) => node.stop())
    return [
      { text: `from kill -9 to the first call that a warm node completed: ${spread(killed, ms)}` },
      {
        text:
          `the same when the node falls silent (SIGSTOP): ${spread(stopped, ms)}; of that ` +
          `${ms(silenceTimeout)} silenceTimeout, and ${ms(patience)} until the next address is tried as well`,
      },
    ]
  },
}

/** Milliseconds of each, from when a node was taken away until the other one had completed a call. */
async function takeovers(
  rig: Rig,
  { silenceTimeout, connectTimeout }: Effort,
  count: number,
  takeAway: (node: Child) => void,
): Promise<number[]> {
  const postgres = await rig.postgres()
  const store = { connection: postgres.url(), schema: 'takeover' }
  const [one, other] = [await freePort(), await freePort()]
  const nodes = new Map<number, Child>()
  const start = async (port: number): Promise<void> => {
    const node = rig.node({ port, store })
    nodes.set(port, node)
    await node.ready
  }
  for (const port of [one, other]) await start(port)
  const [first, second] = [one, other].map((port) => tcp({ host: '127.0.0.1', port, connectTimeout }))
  if (first === undefined || second === undefined) throw new Error('there are two')
  const client = await connect(anyOf(first, second), { limits: { silenceTimeout } })
  const desk = client.stub(Desk)
  const times: number[] = []
  for (let number = 0; number < count; number++) {
    const { port } = checked(await desk.sell(-number), -number)
    const node = nodes.get(port)
    if (node === undefined) throw new Error(`nobody is at port ${port}`)
    const from = performance.now()
    takeAway(node)
    const answer = checked(await desk.sell(number), number)
    times.push(performance.now() - from)
    if (answer.port === port) throw new Error('the node that was taken away has answered')
    await node.kill()
    await start(port)
  }
  await client.close()
  for (const node of nodes.values()) await node.kill()
  return times
}
