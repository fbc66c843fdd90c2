// Turns results into a table for people and an object for programs.
import { availableParallelism, cpus } from 'node:os'
import { contenderNamed, yardstick } from './contenders/index.ts'
import type { Goal, Verdict } from './goals.ts'
import type { Result } from './measure.ts'
import type { Options } from './options.ts'
import { type FigureName, type Round, median, ratios, values } from './statistics.ts'
import { type Workload, workloads } from './workload.ts'

/** The table: per workload the yardstick, then each contender. */
export function table(results: readonly Result[]): string {
  const blocks = workloads
    .map((workload) => ({ workload, own: results.filter((result) => result.workload === workload.name) }))
    .filter(({ own }) => own.length > 0)
    .map(({ workload, own }) => block(workload, own))
  return [...blocks, legend].join('\n\n')
}

const legend = `us: microseconds of processor time per operation. ratio: to the yardstick, pair by pair.
Medians of the rounds. In one process, what both ends spend stands under client.`

/** One line per goal. */
export function verdictLines(verdicts: readonly Verdict[]): string {
  return verdicts
    .map(({ goal, measured, outcome }) => {
      const unit = goal.of === 'itself' ? units[goal.figure] : plain
      const bound = goal.atLeast === undefined ? `<= ${unit(goal.atMost)}` : `>= ${unit(goal.atLeast)}`
      return `  ${outcome.padEnd(12)}  ${subject(goal)} ${bound}: ${unit(measured)}`
    })
    .join('\n')
}

/** Everything that was measured and under which circumstances, for `--json`. */
export function resultDocument(
  options: Options,
  results: readonly Result[],
  verdicts: readonly Verdict[],
): object {
  const { rounds, seconds, warmup, items, connects, connections, quick } = options
  return {
    date: new Date().toISOString(),
    node: process.version,
    machine: { processors: availableParallelism(), model: cpus()[0]?.model, platform: process.platform },
    options: { rounds, seconds, warmup, items, connects, connections, quick },
    results: results.map((result) => ({ ...result, median: medians(result.rounds) })),
    goals: verdicts,
  }
}

const figureNames: readonly FigureName[] = ['rate', 'serverCpu', 'clientCpu', 'memory']

function medians(rounds: readonly Round[]): object {
  return Object.fromEntries(
    figureNames
      .map(
        (name) =>
          [name, { value: median(values(rounds, name)), ratio: median(ratios(rounds, name)) }] as const,
      )
      .filter(([, { value }]) => value !== undefined),
  )
}

function block(workload: Workload, results: readonly Result[]): string {
  const head = workload.drive === 'idle' ? memoryHead : rateHead
  const row = workload.drive === 'idle' ? memoryRow : rateRow
  const base = results.flatMap(({ rounds }) =>
    rounds.map((round) => ({ yardstick: round.yardstick, contender: round.yardstick })),
  )
  const rows = [head(workload), [contenderNamed(yardstick).title, ...row(base)]]
  for (const { contender, rounds, failure } of results) {
    const cells = failure === undefined ? row(rounds) : [`failed: ${failure.split('\n')[0]}`]
    rows.push([contenderNamed(contender).title, ...cells])
  }
  return `${workload.name}: ${workload.title}\n${align(rows)}`
}

function rateHead({ counted }: Workload): string[] {
  return ['', `${counted}/s`, 'ratio', '(range)', 'server us', 'ratio', 'client us', 'ratio']
}

function rateRow(rounds: readonly Round[]): string[] {
  const rate = ratios(rounds, 'rate')
  return [
    whole(median(values(rounds, 'rate'))),
    plain(median(rate)),
    rate.length === 0 ? '' : `(${plain(Math.min(...rate))}-${plain(Math.max(...rate))})`,
    plain(median(values(rounds, 'serverCpu'))),
    plain(median(ratios(rounds, 'serverCpu'))),
    plain(median(values(rounds, 'clientCpu'))),
    plain(median(ratios(rounds, 'clientCpu'))),
  ]
}

function memoryHead(): string[] {
  return ['', 'per connection', 'ratio', '(range)']
}

function memoryRow(rounds: readonly Round[]): string[] {
  const memory = ratios(rounds, 'memory')
  return [
    kibibytes(median(values(rounds, 'memory'))),
    plain(median(memory)),
    memory.length === 0 ? '' : `(${plain(Math.min(...memory))}-${plain(Math.max(...memory))})`,
  ]
}

/**
 * The first column to the left, the others to the right; a long last cell (a failure) does not widen its
 * column.
 */
function align(rows: readonly string[][]): string {
  const columns = Math.max(...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => (row.length === columns || column === 0 ? (row[column]?.length ?? 0) : 0))),
  )
  return rows
    .map((row) =>
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[at] ?? 0))),
    )
    .map((cells) => `  ${cells.join('  ')}`.trimEnd())
    .join('\n')
}

function subject({ workload, contender, figure, of }: Goal): string {
  const whose = `${workload}, ${contender}: ${figureTitles[figure]}`
  return of === 'itself' ? whose : `${whose} / ${of === 'yardstick' ? 'yardstick' : of.contender}`
}

const figureTitles: Record<FigureName, string> = {
  rate: 'rate',
  serverCpu: 'server CPU per call',
  clientCpu: 'client CPU per call',
  memory: 'memory per connection',
}

const units: Record<FigureName, (value: number | undefined) => string> = {
  rate: whole,
  serverCpu: plain,
  clientCpu: plain,
  memory: kibibytes,
}

function whole(value: number | undefined): string {
  return value === undefined ? '-' : Math.round(value).toLocaleString('en-US')
}

function plain(value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(value < 100 ? 2 : 0)
}

function kibibytes(value: number | undefined): string {
  return value === undefined ? '-' : `${(value / 1024).toFixed(1)} KiB`
}
