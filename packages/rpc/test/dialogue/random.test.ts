// Dialogues in which both sides do anything at any time: whatever crosses whatever, both go on or end in
// order, every promise settles, and neither is ever found to break the protocol.
import { memory, seeded, type SeededRandom } from '@parley/core/testing'
import {
  call,
  connect,
  dialogue,
  DialogueProblem,
  isRpcError,
  Rewound,
  serve,
  service,
  type Dialogue,
  type DialogueControls,
  type ServedDialogue,
} from '@parley/rpc'
import { expect, it } from 'vitest'
import { settle } from '../peer/pair.ts'

const SEEDS = 200

@service('wild.v1')
class Wild {
  readonly #random: SeededRandom
  /** The server's half, for what happens beside its generator. */
  talk: ServedDialogue | undefined
  /** Generators that have begun and not ended. */
  running = 0

  constructor(random: SeededRandom) {
    this.#random = random
  }

  @dialogue() go(): Dialogue<number, number, string> {
    return this.going()
  }

  async *going(): AsyncGenerator<number, string, number> {
    const random = this.#random
    const talk = call().dialogue
    this.talk = talk
    this.running += 1
    try {
      for (let n = 0; n < 12; n++) {
        try {
          await settle(random.below(4))
          if (random.chance(0.4)) await talk.checkpoint(`at ${n}`)
          if (random.chance(0.1)) await talk.commit()
          if (random.chance(0.1)) await talk.rewind(random.below(6))
          if (random.chance(0.1)) await pausing(talk, random)
          yield n
        } catch (thrown) {
          if (!tolerable(thrown)) throw thrown
        }
      }
      return 'done'
    } finally {
      this.running -= 1
    }
  }
}

async function pausing(talk: DialogueControls, random: SeededRandom): Promise<void> {
  await talk.interrupt()
  await settle(random.below(3))
  talk.resume()
}

/** What may come of doing anything at any time: refusals, and what the other side did. */
function tolerable(thrown: unknown): boolean {
  if (thrown instanceof Rewound || thrown instanceof DialogueProblem) return true
  return isRpcError(thrown) && ['FAILED_PRECONDITION', 'OUT_OF_RANGE', 'ABORTED'].includes(thrown.code)
}

async function trying(act: () => unknown): Promise<void> {
  try {
    await act()
  } catch (thrown) {
    if (!tolerable(thrown)) throw thrown
  }
}

/** One dialogue; resolves with how it ended. */
async function play(seed: number): Promise<string> {
  const random = seeded(seed)
  const transport = memory()
  const wild = new Wild(random)
  const told: unknown[] = []
  await using _server = await serve({ listen: transport, services: [wild], onError: (e) => told.push(e) })
  await using client = await connect(transport)
  const talk = client.stub(Wild).go()
  const aside = async (): Promise<void> => {
    await settle(random.below(5))
    const [mine, theirs] = [random.chance(0.3), random.chance(0.3)]
    if (mine) await trying(() => talk.please('now'))
    if (mine && random.chance(0.4)) await trying(() => talk.problem('odd'))
    if (mine && random.chance(0.3)) await trying(() => talk.rewind(random.below(5)))
    if (mine && random.chance(0.05)) await talk.return()
    if (theirs && random.chance(0.4)) await trying(() => wild.talk?.problem('off'))
    if (theirs && random.chance(0.3)) await trying(() => wild.talk?.rewind(random.below(5)))
  }
  let end = 'too long'
  for (let turn = 0; turn < 200; turn++) {
    const beside = aside()
    let said: IteratorResult<number, string> | undefined
    try {
      said = await (random.chance(0.8) && talk.myTurn ? talk.next(turn) : talk.next())
    } catch (thrown) {
      if (!tolerable(thrown) && !(isRpcError(thrown) && thrown.code === 'CANCELLED')) throw thrown
    }
    await beside
    if (said?.done === true) {
      end = said.value ?? 'gone'
      break
    }
    if (talk.myTurn && random.chance(0.1)) await trying(() => talk.checkpoint())
    if (talk.myTurn && random.chance(0.1)) await trying(() => pausing(talk, random))
    if (random.chance(0.02)) await talk.return()
  }
  await settle()
  expect({ seed, told, running: wild.running, open: client.activeCalls }).toEqual({
    seed,
    told: [],
    running: 0,
    open: 0,
  })
  return end
}

it(`${SEEDS} seeds`, { timeout: 60_000 }, async () => {
  const ends = new Map<string, number>()
  for (let seed = 1; seed <= SEEDS; seed++) {
    let alarm: NodeJS.Timeout | undefined
    const hanging = new Promise<string>((resolve) => {
      alarm = setTimeout(() => resolve(`hangs at seed ${seed}`), 15_000)
    })
    const end = await Promise.race([play(seed), hanging])
    clearTimeout(alarm)
    ends.set(end, (ends.get(end) ?? 0) + 1)
  }
  // Both ways of ending were seen, and no other.
  expect([...ends.keys()].toSorted()).toEqual(['done', 'gone'])
})
