// Activities in which anything breaks at any time: connections, servers, stores, callers. Whatever does,
// every item comes once and in order, and the result is the one of an undisturbed run.
import { seeded, VirtualClock, type SeededRandom, type StoreFault } from '@parley/core/testing'
import { isRpcError, newActivityId, withOptions, type RemoteActivity, type Stub } from '@parley/rpc'
import { expect, it, vi } from 'vitest'
import { Nodes, type Node } from '../durable/nodes.ts'
import { settle } from '../peer/pair.ts'
import { Loader, LoaderService, newMarks } from './loader.ts'

const SEEDS = 120
const STEPS = 24
const FAULTS: readonly StoreFault[] = ['refused', 'lost', 'done-unseen', 'done-late']

/** What is being done, and what must come of it. */
interface Work {
  readonly begin: (stub: Stub<Loader>) => RemoteActivity<unknown, unknown>
  readonly items: readonly unknown[]
  readonly result: unknown
}

function workOf(random: SeededRandom): Work {
  const each = 1 + random.below(7)
  const items = Array.from({ length: STEPS }, (_, i) => i + 1)
  const works: readonly Work[] = [
    { begin: (stub) => stub.count(STEPS, each), items, result: `counted to ${STEPS}` },
    {
      begin: (stub) => stub.load(each, rows),
      items: items.map((n) => (n * (n - 1)) / 2),
      result: (STEPS * (STEPS - 1)) / 2,
    },
    { begin: (stub) => stub.dice(STEPS, each), items, result: 'done' },
  ]
  return works[random.below(works.length)] as Work
}

async function* rows(from: number): AsyncGenerator<number> {
  for (let n = from; n < STEPS; n++) yield n
}

/** What `dice` gives, without the name of the server that made it. */
function plain(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[AB] /.test(value)) return value
  const rest = value.slice(2)
  return /^\d+$/.test(rest) ? Number(rest) : rest
}

async function play(seed: number, clock: VirtualClock): Promise<string> {
  const random = seeded(seed)
  vi.spyOn(Math, 'random').mockImplementation(() => random.below(1000) / 1000)
  await using nodes = new Nodes(clock)
  const marks = newMarks()
  // Often less than an item or two has room, so that credit runs out and is lost with connections.
  const limits = { streamWindow: random.chance(0.5) ? 60 + random.below(300) : 512 * 1024 }
  const names = ['A', 'B']
  for (const name of names) {
    const service = new LoaderService(marks, name)
    service.gate = () => (random.chance(0.3) ? settle(1 + random.below(3)) : undefined)
    await nodes.start([service], { limits })
  }
  const failing = random.chance(0.4) ? 0.05 : 0
  const faultOf = (): StoreFault => FAULTS[random.below(FAULTS.length)] ?? 'none'
  nodes.fault = () => (random.chance(failing) ? faultOf() : 'none')
  const client = await nodes.connect({ limits })
  const work = workOf(random)
  const breaks = random.chance(0.2) ? 0 : 0.15
  const items: unknown[] = []
  const id = newActivityId()
  for (;;) {
    const activity = { id, position: items.length, resume: items.length > 0 }
    const current = work.begin(withOptions(client.stub(Loader), { activity }))
    const disturb = async (): Promise<void> => {
      if (!random.chance(breaks)) return
      const what = random.below(3)
      if (what === 0) for (const { transport } of nodes.nodes) transport.links.at(-1)?.cut()
      else if (what === 1) nodes.switchTo(nodes.nodes[random.below(2)] as Node)
      else await current.interrupt()
    }
    try {
      const result = await current.run((item) => {
        items.push(plain(item))
        return disturb()
      })
      expect({ seed, items, result: plain(result) }).toEqual({ seed, items: work.items, result: work.result })
      break
    } catch (thrown) {
      // It was put down, and is gone on with from where it is.
      if (!isRpcError(thrown) || thrown.code !== 'ABORTED') throw thrown
    }
  }
  nodes.fault = () => 'none'
  return marks.from.length > 1 ? 'went on' : 'in one go'
}

it(`${SEEDS} seeds`, { timeout: 60_000 }, async () => {
  const ends = new Map<string, number>()
  for (let seed = 1; seed <= SEEDS; seed++) {
    const clock = new VirtualClock()
    let end = 'hangs'
    void play(seed, clock).then(
      (how) => (end = how),
      (thrown: unknown) => (end = String(thrown)),
    )
    for (let steps = 0; end === 'hangs' && steps < 4000; steps++) {
      await settle(1)
      await clock.advanceAsync(20)
    }
    ends.set(end, (ends.get(end) ?? 0) + 1)
    expect(`seed ${seed}: ${end}`).toMatch(/: (in one go|went on)$/)
  }
  expect([...ends.keys()].toSorted()).toEqual(['in one go', 'went on'])
})
