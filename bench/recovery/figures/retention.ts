// What sync points and retention cost small unary calls: the same calls with and without them, in two
// processes of which one works at a time.
import type { Figure } from '../figure.ts'
import type { BareReport, BareSettings } from '../programs/bare.ts'
import type { Child } from '../child.ts'
import { middle, spread, whole } from '../words.ts'

/** Per cent of the rate. */
const aim = 5

/** Slices of one side in one interleaving, taken together. */
interface Slice {
  readonly rate: number
  /** Microseconds of a call. */
  readonly cpu: number
}

/** One interleaving. */
interface Round {
  readonly having: Slice
  readonly lacking: Slice
}

export const retention: Figure = {
  name: 'retention',
  async measure(rig, { pairs, interleavings, slice, warmup }) {
    const rounds: Round[] = []
    // A process that is compiled a little better is so for as long as it lives: hence several of each.
    for (let pair = 0; pair < pairs; pair++) {
      const start = (settings: BareSettings): Child => rig.start('bare', settings)
      const [having, lacking] = [start({ retains: true }), start({ retains: false })]
      await Promise.all([having.ready, lacking.ready])
      for (const child of [having, lacking]) await work(child, warmup)
      for (let round = 0; round < interleavings; round++) {
        // With, without, without, with: a drift within the round cancels out.
        const first = await work(having, slice)
        const between = [await work(lacking, slice), await work(lacking, slice)]
        rounds.push({ having: together([first, await work(having, slice)]), lacking: together(between) })
      }
      await Promise.all([having.kill(), lacking.kill()])
    }
    const taken = rounds.map(({ having, lacking }) => 100 * (1 - having.rate / lacking.rate))
    const dearer = rounds.map(({ having, lacking }) => 100 * (having.cpu / lacking.cpu - 1))
    const rateOf = (side: 'having' | 'lacking'): string =>
      whole(middle(rounds.map(({ [side]: { rate } }) => rate)))
    return [
      {
        text:
          `sync points and retention take ${spread(taken, percent)} of the rate of small unary calls: ` +
          `${rateOf('having')}/s with, ${rateOf('lacking')}/s without; ` +
          `processor time of a call ${spread(dearer, percent)} more`,
        aim: { text: `at most ${aim} % of the rate`, met: middle(taken) <= aim },
      },
    ]
  },
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
