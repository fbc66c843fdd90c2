// Runs the workloads: warms both sides, then interleaves yardstick, contender, contender, yardstick, several
// times.
import { contenderNamed, yardstick } from './contenders/index.ts'
import type { Options } from './options.ts'
import { type Figures, type Round, figuresOf } from './statistics.ts'
import { Team } from './team.ts'
import type { Workload } from './workload.ts'

/** One contender in one workload. */
export interface Result {
  readonly workload: string
  readonly contender: string
  readonly rounds: readonly Round[]
  /** Why there are no rounds, or fewer than asked for. */
  readonly failure?: string
}

/**
 * A contender that fails is reported and the others go on; without the yardstick nothing can, so that throws.
 */
export async function measure(options: Options, progress: (line: string) => void): Promise<Result[]> {
  const results: Result[] = []
  for (const workload of options.workloads) {
    progress(`${workload.name}: ${workload.title}`)
    results.push(...(await measureWorkload(workload, options, progress)))
  }
  return results
}

async function measureWorkload(
  workload: Workload,
  options: Options,
  progress: (line: string) => void,
): Promise<Result[]> {
  const idle = workload.drive === 'idle'
  const entrants = options.contenders.filter((name) => !(idle && contenderNamed(name).oneProcess))
  const base = idle ? undefined : await Team.start(yardstick, workload.flags)
  try {
    if (base) await warm(base, workload, options)
    const results: Result[] = []
    for (const contender of entrants) {
      progress(`  ${contender}`)
      results.push(await measureContender(contender, workload, options, base))
    }
    return results
  } finally {
    base?.stop()
  }
}

async function measureContender(
  contender: string,
  workload: Workload,
  options: Options,
  base: Team | undefined,
): Promise<Result> {
  const rounds: Round[] = []
  try {
    if (base) await compareRates(base, contender, workload, options, rounds)
    else await compareMemory(contender, workload, options, rounds)
    return { workload: workload.name, contender, rounds }
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error)
    return { workload: workload.name, contender, rounds, failure }
  }
}

async function compareRates(
  base: Team,
  contender: string,
  workload: Workload,
  options: Options,
  rounds: Round[],
): Promise<void> {
  const team = await Team.start(contender, workload.flags)
  try {
    await warm(team, workload, options)
    for (let round = 0; round < options.rounds; round++) {
      const first = await base.sample(workload, options)
      const second = await team.sample(workload, options)
      const third = await team.sample(workload, options)
      const fourth = await base.sample(workload, options)
      rounds.push({ yardstick: figuresOf([first, fourth]), contender: figuresOf([second, third]) })
    }
  } finally {
    team.stop()
  }
}

/** Memory is measured in new processes each time, since what a process once had it seldom gives back. */
async function compareMemory(
  contender: string,
  workload: Workload,
  options: Options,
  rounds: Round[],
): Promise<void> {
  for (let round = 0; round < options.rounds; round++) {
    const under = await idleMemory(yardstick, workload, options)
    const over = await idleMemory(contender, workload, options)
    rounds.push({ yardstick: under, contender: over })
  }
}

async function idleMemory(name: string, workload: Workload, options: Options): Promise<Figures> {
  const team = await Team.start(name, workload.flags)
  try {
    return { memory: await team.idleMemory(options.connections) }
  } finally {
    team.stop()
  }
}

async function warm(team: Team, workload: Workload, options: Options): Promise<void> {
  const until = Date.now() + options.warmup * 1000
  do await team.sample(workload, options)
  while (Date.now() < until)
}
