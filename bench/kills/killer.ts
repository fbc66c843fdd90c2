// Kills what is in a world, one after the other: whom, when and how is chosen by a seed. The moments are real
// time, so that a seed repeats the choices and not what they meet.
import { setTimeout as sleep } from 'node:timers/promises'
import type { SeededRandom } from '@parley/core/testing'
import type { World } from './world.ts'

/** The ways: SIGKILL for a server, a client or both, SIGSTOP and later SIGCONT for a server. */
export const ways = ['server', 'client', 'both', 'pause'] as const

/** One of them. */
export type Way = (typeof ways)[number]

/** How often each is chosen, of ten. */
const shares: Readonly<Record<Way, number>> = { server: 4, client: 2, both: 2, pause: 2 }
/** The longest time between two kills and of a pause, in milliseconds. */
const longest = { between: 150, pause: 1500 }

/** Kills so often, and says each time how. */
export async function killNow(
  world: World,
  kills: number,
  random: SeededRandom,
  killed: (way: Way) => void,
): Promise<void> {
  for (let kill = 0; kill < kills; kill++) {
    // Some find what was killed before them on its way up.
    if (random.chance(0.8)) await world.whenAtWork()
    await sleep(random.below(longest.between))
    const way = random.pick(ways.flatMap((way) => Array<Way>(shares[way]).fill(way)))
    await killOne(world, way, random)
    killed(way)
  }
  await world.whenAtWork()
}

async function killOne({ nodes, clients }: World, way: Way, random: SeededRandom): Promise<void> {
  const [node, client] = [random.pick(nodes), random.pick(clients)]
  await Promise.all([node.whenThere(), client.whenThere()])
  if (way === 'pause') {
    node.pause()
    await sleep(random.below(longest.pause))
    // Now and then it never wakes.
    if (random.chance(0.2)) node.kill()
    else node.goOn()
    return
  }
  if (way !== 'client') node.kill()
  if (way !== 'server') client.kill()
}
