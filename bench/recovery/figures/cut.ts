// How long a cut takes from a call: made in the moment in which its connection is cut, until its result is
// there.
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type Client } from '@parley/rpc'
import { tcp } from '@parley/transport-tcp'
import { Cable } from '../../../examples/files/cable.ts'
import { freePort } from '../../harness/free-port.ts'
import { checked, Desk } from '../contract.ts'
import type { Figure } from '../figure.ts'
import { ms, percentile } from '../words.ts'

/** Milliseconds. */
const aim = 100

/**
 * Milliseconds that a session is left alone after a cut: who loses a connection again sooner than
 * `silenceTimeout` is made to wait, and there are many sessions to take turns.
 */
const rest = 2600

interface Link {
  readonly cable: Cable
  readonly client: Client
  /** When it may be cut again. */
  freshAt: number
}

export const cut: Figure = {
  name: 'cut',
  async measure(rig, { cuts, links: count }) {
    const port = await freePort()
    const node = rig.node({ port })
    await node.ready
    const links: Link[] = []
    for (let number = 0; number < count; number++) links.push(await newLink(port))
    let suspensions = 0
    for (const { client } of links) client.onSuspended(() => void (suspensions += 1))
    const times: number[] = []
    for (let number = 0; number < cuts; number++) {
      const link = links[number % count] as Link
      await sleep(Math.max(0, link.freshAt - performance.now()))
      const from = performance.now()
      link.cable.cut()
      checked(await link.client.stub(Desk).sell(number), number)
      times.push(performance.now() - from)
      link.freshAt = performance.now() + rest
    }
    for (const { client, cable } of links) {
      await client.close()
      await cable[Symbol.asyncDispose]()
    }
    await node.kill()
    if (suspensions !== cuts) throw new Error(`${cuts} cuts were noticed ${suspensions} times`)
    const p99 = percentile(times, 0.99)
    return [
      {
        text:
          `from a cut to the result of a call made then: p50 ${ms(percentile(times, 0.5))}, ` +
          `p99 ${ms(p99)}, most ${ms(Math.max(...times))}, of ${cuts}`,
        aim: { text: `p99 under ${aim} ms on loopback`, met: p99 < aim },
      },
    ]
  },
}

async function newLink(port: number): Promise<Link> {
  const cable = await Cable.to('127.0.0.1', port)
  const client = await connect(tcp({ host: '127.0.0.1', port: cable.port }))
  checked(await client.stub(Desk).sell(0), 0)
  return { cable, client, freshAt: 0 }
}
