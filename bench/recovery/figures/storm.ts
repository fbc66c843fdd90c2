// Many sessions lose their connections in one moment and come back: how long until each has completed a call.
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../harness/free-port.ts'
import type { Child } from '../child.ts'
import type { Figure } from '../figure.ts'
import type { CrowdReport } from '../programs/crowd.ts'
import type { NodeReport } from '../programs/node.ts'
import { ms, percentile, spread, whole } from '../words.ts'

/** Milliseconds between two storms: who loses a connection sooner than `silenceTimeout` is made to wait. */
const rest = 3000

interface Round {
  readonly times: readonly number[]
  /** Milliseconds of processor time. */
  readonly server: number
  readonly clients: number
  readonly cable: number
}

export const storm: Figure = {
  name: 'storm',
  async measure(rig, { sessions, storms }) {
    const port = await freePort()
    const node = rig.node({ port })
    await node.ready
    const cable = rig.start('cable', { port })
    const crowd = rig.start('crowd', { port: await cable.ready, sessions })
    await crowd.ready
    const report = async (of: Child): Promise<NodeReport> => (await of.ask('report')) as NodeReport
    const rounds: Round[] = []
    for (let round = 0; round < storms; round++) {
      if (round > 0) await sleep(rest)
      await crowd.ask('watch')
      const [before, cableBefore] = [await report(node), (await cable.ask('report')) as number]
      const from = (await cable.ask('cut')) as number
      const { answered, cpu } = (await crowd.ask('report')) as CrowdReport
      const [after, cableAfter] = [await report(node), (await cable.ask('report')) as number]
      const times = answered.filter((at) => at !== 'lost').map((at) => at - from)
      if (times.length !== sessions || after.sessions !== sessions || after.opened !== sessions) {
        const there = `${after.sessions} sessions of ${after.opened} that were opened`
        throw new Error(`of ${sessions} sessions ${times.length} were answered; the node has ${there}`)
      }
      rounds.push({
        times,
        server: (after.cpu - before.cpu) / 1000,
        clients: cpu / 1000,
        cable: (cableAfter - cableBefore) / 1000,
      })
    }
    for (const child of [crowd, cable, node]) await child.kill()
    const over = (figure: (round: Round) => number): string => spread(rounds.map(figure), ms)
    const part = (at: number): string => over(({ times }) => percentile(times, at))
    return [
      {
        text:
          `${whole(sessions)} sessions cut at once, until each has completed a call: p50 ${part(0.5)}, ` +
          `p99 ${part(0.99)}, the last ${part(1)}; processor time ` +
          `of the server ${over((one) => one.server)}, of the clients ${over((one) => one.clients)}, ` +
          `of the cable ${over((one) => one.cable)}; none lost`,
      },
    ]
  },
}
