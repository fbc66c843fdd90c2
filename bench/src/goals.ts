// What Parley promises of its speed, as data, and whether a run keeps it.
import type { Result } from './measure.ts'
import { type FigureName, median, ratios, values } from './statistics.ts'

export interface Goal {
  readonly workload: string
  readonly contender: string
  readonly figure: FigureName
  /** The figure as it is, or divided by that of the yardstick or of another contender. */
  readonly of: 'itself' | 'yardstick' | { readonly contender: string }
  readonly atLeast?: number
  readonly atMost?: number
}

const parley = 'parley-tcp'

export const goals: readonly Goal[] = [
  { workload: 'unary64', contender: parley, figure: 'rate', of: 'yardstick', atLeast: 0.7 },
  { workload: 'unary256', contender: parley, figure: 'rate', of: 'yardstick', atLeast: 0.7 },
  { workload: 'server-stream', contender: parley, figure: 'rate', of: 'yardstick', atLeast: 0.7 },
  { workload: 'client-stream', contender: parley, figure: 'rate', of: 'yardstick', atLeast: 0.7 },
  { workload: 'binary', contender: parley, figure: 'rate', of: 'yardstick', atLeast: 0.9 },
  { workload: 'unary64', contender: parley, figure: 'serverCpu', of: 'yardstick', atMost: 1.8 },
  { workload: 'unary256', contender: parley, figure: 'serverCpu', of: 'yardstick', atMost: 1.8 },
  { workload: 'unary64', contender: parley, figure: 'rate', of: { contender: 'grpc' }, atLeast: 12 },
  { workload: 'idle', contender: parley, figure: 'memory', of: 'itself', atMost: 20 * 1024 },
]

/** A goal with what was measured; `undefined` when this run did not measure it. */
export interface Verdict {
  readonly goal: Goal
  readonly measured: number | undefined
  readonly outcome: 'met' | 'missed' | 'not measured'
}

export function judge(all: readonly Goal[], results: readonly Result[]): Verdict[] {
  return all.map((goal) => {
    const measured = measuredFor(goal, results)
    return { goal, measured, outcome: outcomeOf(goal, measured) }
  })
}

function outcomeOf({ atLeast, atMost }: Goal, measured: number | undefined): Verdict['outcome'] {
  if (measured === undefined) return 'not measured'
  const met = (atLeast === undefined || measured >= atLeast) && (atMost === undefined || measured <= atMost)
  return met ? 'met' : 'missed'
}

function measuredFor(
  { workload, contender, figure, of }: Goal,
  results: readonly Result[],
): number | undefined {
  const rounds = roundsOf(workload, contender, results)
  if (of === 'itself') return median(values(rounds, figure))
  const ratio = median(ratios(rounds, figure))
  if (of === 'yardstick') return ratio
  // Both were measured beside the yardstick but not beside each other, so their ratios to it are what
  // compares.
  const other = median(ratios(roundsOf(workload, of.contender, results), figure))
  return ratio === undefined || other === undefined ? undefined : ratio / other
}

function roundsOf(workload: string, contender: string, results: readonly Result[]): Result['rounds'] {
  return (
    results.find((result) => result.workload === workload && result.contender === contender)?.rounds ?? []
  )
}
