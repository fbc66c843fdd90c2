// What sync points and retention cost small unary calls: the same calls with and without them, in turns in
// one process, and on a second session like the first, which shows how exact that is.
import type { Child } from '../child.ts'
import type { Figure } from '../figure.ts'
import type { BareKind, BareQuestion, BareReport } from '../programs/bare.ts'
import { middle, spread, whole } from '../words.ts'

/** Per cent of the rate. */
const aim = 5

/** A drift within a round cancels out. */
const turns: readonly BareKind[] = ['session', 'without', 'another', 'another', 'without', 'session']

/** The slices of one kind in one round, taken together. */
interface Slice {
  readonly rate: number
  /** Microseconds of a call. */
  readonly cpu: number
}

type Round = Readonly<Record<BareKind, Slice>>

export const retention: Figure = {
  name: 'retention',
  async measure(rig, { processes, interleavings, slice, warmup }) {
    const rounds: Round[] = []
    // A process that is compiled a little better is so for as long as it lives: hence several.
    for (let count = 0; count < processes; count++) {
      const child = rig.start('bare', {})
      await child.ready
      for (const on of new Set(turns)) await ask(child, { on, seconds: warmup })
      for (let round = 0; round < interleavings; round++) rounds.push(await oneRound(child, slice))
      await child.kill()
    }
    const taken = lost(rounds, 'session')
    const rateOf = (kind: BareKind): string => whole(middle(rounds.map(({ [kind]: { rate } }) => rate)))
    const dearer = rounds.map(({ session, without }) => 100 * (session.cpu / without.cpu - 1))
    return [
      {
        text:
          `sync points and retention take ${spread(taken, percent)} of the rate of small unary calls: ` +
          `${rateOf('session')}/s with, ${rateOf('without')}/s without; ` +
          `processor time of a call ${spread(dearer, percent)} more`,
        aim: { text: `at most ${aim} % of the rate`, met: middle(taken) <= aim },
      },
      { text: `on another session with them it is ${spread(lost(rounds, 'another'), percent)}` },
    ]
  },
}

async function oneRound(child: Child, seconds: number): Promise<Round> {
  const slices: Record<BareKind, BareReport[]> = { session: [], without: [], another: [] }
  for (const on of turns) slices[on].push(await ask(child, { on, seconds }))
  const { session, without, another } = slices
  return { session: together(session), without: together(without), another: together(another) }
}

function ask(child: Child, question: BareQuestion): Promise<BareReport> {
  return child.ask(question) as Promise<BareReport>
}

function together(slices: readonly BareReport[]): Slice {
  const sum = (name: keyof BareReport): number => slices.reduce((total, slice) => total + slice[name], 0)
  return { rate: sum('calls') / sum('seconds'), cpu: sum('cpu') / sum('calls') }
}

/** Per cent of the rate that calls on a session are behind those without. */
function lost(rounds: readonly Round[], kind: 'session' | 'another'): number[] {
  return rounds.map((round) => 100 * (1 - round[kind].rate / round.without.rate))
}

function percent(value: number): string {
  return `${value.toFixed(1)} %`
}
