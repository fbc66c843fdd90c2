// What sync points and retention cost small unary calls: the same calls with and without them, in two
// processes of which one works at a time. And two processes without them, to show what the measure makes of
// no difference.
import type { Effort } from '../effort.ts'
import type { Figure } from '../figure.ts'
import type { BareReport, BareSettings } from '../programs/bare.ts'
import type { Child } from '../child.ts'
import type { Rig } from '../rig.ts'
import { middle, spread, whole } from '../words.ts'

/** Per cent of the rate. */
const aim = 5

/** Slices of one side in one interleaving, taken together. */
interface Slice {
  readonly rate: number
  /** Microseconds of a call. */
  readonly cpu: number
}

/** One interleaving: what is measured, and what it is compared with. */
type Round = readonly [measured: Slice, other: Slice]

export const retention: Figure = {
  name: 'retention',
  async measure(rig, effort) {
    const rounds: Round[] = []
    const control: Round[] = []
    // A process that is compiled a little better is so for as long as it lives: hence several of each.
    for (let pair = 0; pair < effort.pairs; pair++) {
      rounds.push(...(await compare(rig, effort, [true, false], pair)))
      control.push(...(await compare(rig, effort, [false, false], pair)))
    }
    const taken = rounds.map(lostRate)
    const dearer = rounds.map(([having, lacking]) => 100 * (having.cpu / lacking.cpu - 1))
    const rateOf = (side: 0 | 1): string => whole(middle(rounds.map(({ [side]: { rate } }) => rate)))
    return [
      {
        text:
          `sync points and retention take ${spread(taken, percent)} of the rate of small unary calls: ` +
          `${rateOf(0)}/s with, ${rateOf(1)}/s without; ` +
          `two without differ by ${percent(middle(control.map(lostRate)))}; ` +
          `processor time of a call ${spread(dearer, percent)} more`,
        aim: { text: `at most ${aim} % of the rate`, met: middle(taken) <= aim },
      },
    ]
  },
}

/** Two new processes, with points and retention or without, as `retains` says. */
async function compare(
  rig: Rig,
  { interleavings, slice, warmup }: Effort,
  retains: readonly [boolean, boolean],
  pair: number,
): Promise<Round[]> {
  const start = (settings: BareSettings): Child => rig.start('bare', settings)
  const [measured, other] = [start({ retains: retains[0] }), start({ retains: retains[1] })]
  await Promise.all([measured.ready, other.ready])
  // Who is warmed first has been idle for a while when it counts, and who stands outside comes first then: so
  // these places are taken in turns.
  for (const child of pair % 2 === 0 ? [measured, other] : [other, measured]) await work(child, warmup)
  const rounds: Round[] = []
  for (let round = 0; round < interleavings; round++) {
    const isOutside = (pair + round) % 2 === 0
    const [outer, inner] = isOutside ? [measured, other] : [other, measured]
    // One, the other, the other, the one: a drift within the round cancels out.
    const first = await work(outer, slice)
    const inside = together([await work(inner, slice), await work(inner, slice)])
    const outside = together([first, await work(outer, slice)])
    rounds.push(isOutside ? [outside, inside] : [inside, outside])
  }
  await Promise.all([measured.kill(), other.kill()])
  return rounds
}

/** Per cent. */
function lostRate([measured, other]: Round): number {
  return 100 * (1 - measured.rate / other.rate)
}

function work(child: Child, seconds: number): Promise<BareReport> {
  return child.ask(seconds) as Promise<BareReport>
}

function together(slices: readonly BareReport[]): Slice {
  const sum = (name: keyof BareReport): number => slices.reduce((total, slice) => total + slice[name], 0)
  return { rate: sum('calls') / sum('seconds'), cpu: sum('cpu') / sum('calls') }
}

function percent(value: number): string {
  return `${value.toFixed(1)} %`
}
