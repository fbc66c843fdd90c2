// One run of the simulation: a seed decides what the machines can do, what the link is like and what the
// users ask; rounds of chance end in quiet moments at which everything must fit.

import { supportedUnits, type MachineOptions, type Request } from '../../src/machine/index.ts'
import { coreLimits } from '../../src/limits.ts'
import { seeded, type SeededRandom } from '../../src/testing/index.ts'
import { SimulationFailure } from './failure.ts'
import { checkQuiet, checkStep } from './invariants.ts'
import { other, type Side } from './link.ts'
import { answers, exhausted, rows, unaware, type View } from './requests.ts'
import { Trace } from './trace.ts'
import { World, type End, type WorldOptions } from './world.ts'

/** How a run went. */
export interface Run {
  readonly seed: number
  /** The same for the same seed, always. */
  readonly hash: number
  readonly steps: number
  /** What went wrong, in a sentence; undefined for a good run. */
  readonly failure: string | undefined
  /** The steps in words, if they were asked for. */
  readonly lines: readonly string[]
}

const ROUNDS = 5
const STEPS = 50
/** Answers in one quiet moment: far more than any run needs. */
const PATIENCE = 500

/** Runs a seed. `taken` counts the requests that were taken, by state. Never throws. */
export function simulate(seed: number, taken: Map<string, number> = new Map(), words = false): Run {
  const trace = new Trace(words)
  let failure: string | undefined
  try {
    run(seeded(seed), trace, taken)
  } catch (error) {
    failure = error instanceof SimulationFailure ? error.message : String(error)
  }
  return { seed, hash: trace.hash >>> 0, steps: trace.steps, failure, lines: trace.lines }
}

function run(random: SeededRandom, trace: Trace, taken: Map<string, number>): void {
  const world = new World(options(random), random, trace, taken, checkStep)
  for (let round = 0; round < ROUNDS; round++) {
    for (let step = 0; step < STEPS; step++) chance(world, random)
    settle(world, random)
    checkQuiet(world)
  }
  world.link.lose(world.now)
  settle(world, random)
  checkQuiet(world)
}

function options(random: SeededRandom): WorldOptions {
  return {
    A: machine(random),
    B: machine(random),
    link: {
      expedited: random.chance(0.5),
      slowest: random.pick([0, 20, 20, 200, 200, 8000]),
    },
  }
}

const SIZES = [0, 0, 0, 64, 65, 80, 200, 600, 2041, 65_535]

function machine(random: SeededRandom): MachineOptions {
  const dropped = random.chance(0.6) ? 0 : random.below(0x2000) & random.below(0x2000) & ~3
  return {
    units: supportedUnits & ~dropped,
    versions: random.pick([1, 2, 3, 3, 3]),
    maxTsdu: { send: random.pick(SIZES), receive: random.pick(SIZES) },
    extended: random.chance(0.5),
    reuseTransport: random.chance(0.5),
    limits: { ...coreLimits, abortTimeout: random.pick([50, 5000]) },
  }
}

/** One step of chance: something arrives, a user asks, time runs out, or the connection is lost. */
function chance(world: World, random: SeededRandom): void {
  const arrival = world.link.peek()
  if (random.chance(0.002)) return world.link.lose(world.now)
  if (arrival !== undefined && random.chance(0.55)) {
    const deadline = world.deadline?.deadline
    if (deadline !== undefined && deadline < arrival.due) world.expire()
    else world.deliver(arrival)
  } else {
    ask(world, random, random.chance(0.5) ? 'A' : 'B')
  }
}

function ask(world: World, random: SeededRandom, side: Side): void {
  const view = viewOf(world, side, random)
  const name = random.chance(0.85) ? likely(view) : random.pick(NAMES)
  if (name === undefined || (name === 'SCONreq' && !mayConnect(world, side))) return
  world.request(side, rows[name].make(view))
}

const NAMES = Object.keys(rows) as Request['name'][]

/** A transport connection is asked for only when the last one is over for both. */
function mayConnect(world: World, side: Side): boolean {
  const { state } = world[side].machine
  if (state !== 'STA01') return true
  return !world.link.open && world.link.idle && world[other(side)].machine.state === 'STA01'
}

/** One of the requests that may be legal now, by weight. */
function likely(view: View): Request['name'] | undefined {
  const fitting = NAMES.filter((name) => {
    const row = rows[name]
    const here = row.states.includes(view.state) || (unaware.has(view.state) && row.states.includes('STA713'))
    return here && (row.hint?.(view) ?? true)
  })
  let at = view.random.float() * fitting.reduce((sum, name) => sum + rows[name].weight, 0)
  return fitting.find((name) => (at -= rows[name].weight) < 0)
}

function viewOf(world: World, side: Side, random: SeededRandom): View {
  const { machine: of, units, asked } = world[side]
  const data = (least: number, most: number): Uint8Array => world.ledger.next(random, least, most)
  return { state: of.state, v: of.variables, random, units, asked, data }
}

/** Delivers everything and lets the users answer what they are asked, until nothing happens any more. */
function settle(world: World, random: SeededRandom): void {
  for (let turn = 0; turn < PATIENCE; turn++) {
    for (let arrival = world.link.peek(); arrival !== undefined; arrival = world.link.peek()) {
      const deadline = world.deadline?.deadline
      if (deadline !== undefined && deadline < arrival.due) world.expire()
      else world.deliver(arrival)
    }
    const answered = world.ends.filter((end) => answer(world, end, random)).length
    if (answered === 0 && !world.expire()) return
  }
  throw new SimulationFailure(`no quiet after ${PATIENCE} answers`)
}

/** Tries the answers that there are, several forms of each; true when one was taken. */
function answer(world: World, end: End, random: SeededRandom): boolean {
  const names = answers.get(end.machine.state)
  if (names === undefined) return false
  for (let attempt = 0; attempt < 60; attempt++) {
    const view = viewOf(world, end.side, random)
    const request = rows[exhausted(view) ? 'SUABreq' : random.pick(names)].make(view)
    const gives = request.name === 'SGTreq' ? { ...request, tokens: end.machine.tokens } : request
    if (world.request(end.side, gives)) return true
  }
  return false
}
