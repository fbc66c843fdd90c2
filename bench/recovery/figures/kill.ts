// How long a kill takes from a call: its node, on a file, is killed with SIGKILL and started again at once.
import { join } from 'node:path'
import { connect } from '@parley/rpc'
import { tcp } from '@parley/transport-tcp'
import { freePort } from '../../harness/free-port.ts'
import { checked, Desk } from '../contract.ts'
import type { Figure } from '../figure.ts'
import { ms, spread } from '../words.ts'

export const kill: Figure = {
  name: 'kill',
  async measure(rig, { kills }) {
    const settings = { port: await freePort(), store: { file: join(rig.folder, 'kill.mdb') } }
    let node = rig.node(settings)
    await node.ready
    const client = await connect(tcp({ host: '127.0.0.1', port: settings.port }))
    const desk = client.stub(Desk)
    const [times, starts]: [number[], number[]] = [[], []]
    for (let number = 0; number < kills; number++) {
      checked(await desk.sell(-number), -number)
      const from = performance.now()
      const gone = node.kill()
      const answered = desk.sell(number).then((answer) => {
        checked(answer, number)
        return performance.now() - from
      })
      await gone
      const restarted = performance.now()
      node = rig.node(settings)
      await node.ready
      starts.push(performance.now() - restarted)
      times.push(await answered)
    }
    await client.close()
    await node.kill()
    const rests = times.map((time, number) => time - (starts[number] ?? 0))
    return [
      {
        text:
          `from kill -9 to the first completed call, restarted at once: ${spread(times, ms)}; ` +
          `of that the start of the process ${spread(starts, ms)}, the rest ${spread(rests, ms)}`,
      },
    ]
  },
}
