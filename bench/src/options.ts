// The command line: what to measure, how long, and where the result goes. Pure, so that tests can call it.
import { parseArgs } from 'node:util'
import { contenders, yardstick } from './contenders/index.ts'
import { type Workload, workloads } from './workload.ts'

export interface Options {
  readonly workloads: readonly Workload[]
  /** Names, without the yardstick, which always runs. */
  readonly contenders: readonly string[]
  readonly rounds: number
  readonly seconds: number
  readonly warmup: number
  readonly items: number
  readonly connects: number
  readonly connections: number
  readonly json: string
  readonly quick: boolean
  readonly check: boolean
  readonly help: boolean
}

export const usage: string = `npm run bench -- [options]
  --only a,b          workloads, by name or a part of it: ${workloads.map(({ name }) => name).join(', ')}
  --contenders a,b    ${rivals().join(', ')}; the yardstick always runs
  --rounds n          interleavings (yardstick, contender, contender, yardstick) per pair; 5
  --seconds n         length of one slice; 1
  --warmup n          seconds each side works before it counts; 3
  --items n           items in one stream; 100000
  --connects n        connections in one slice of 'connect'; 300
  --connections n     connections of 'idle'; 2000
  --json file         where the result is written; bench/results/latest.json
  --quick             a minute or so, to see that everything runs: its figures mean nothing
  --check             exit with 1 when a measured goal is missed
`

/** Throws with a sentence for the user when the arguments make no sense. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({ args: [...args], options: syntax })
  const quick = values.quick ?? false
  if (quick && values.check) throw new Error('--quick measures nothing that --check could judge')
  const effort = quick ? quickEffort : fullEffort
  const number = (name: keyof typeof fullEffort): number => {
    const text = values[name]
    const value = text === undefined ? effort[name] : Number(text)
    if (!(value > 0)) throw new Error(`--${name} must be a number above 0, not '${text}'`)
    return value
  }
  return {
    workloads: values.only === undefined ? workloads : selectWorkloads(values.only.split(',')),
    contenders: values.contenders === undefined ? rivals() : selectContenders(values.contenders.split(',')),
    rounds: number('rounds'),
    seconds: number('seconds'),
    warmup: number('warmup'),
    items: number('items'),
    connects: number('connects'),
    connections: number('connections'),
    json: values.json ?? 'bench/results/latest.json',
    quick,
    check: values.check ?? false,
    help: values.help ?? false,
  }
}

const fullEffort = { rounds: 5, seconds: 1, warmup: 3, items: 100_000, connects: 300, connections: 2000 }
const quickEffort = { rounds: 1, seconds: 0.1, warmup: 0.1, items: 2000, connects: 20, connections: 50 }

const syntax = {
  only: { type: 'string' },
  contenders: { type: 'string' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  warmup: { type: 'string' },
  items: { type: 'string' },
  connects: { type: 'string' },
  connections: { type: 'string' },
  json: { type: 'string' },
  quick: { type: 'boolean' },
  check: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

function rivals(): string[] {
  return [...contenders.keys()].filter((name) => name !== yardstick)
}

/** A name in full selects that one; a part of names selects all that have it. */
function selectWorkloads(wanted: readonly string[]): Workload[] {
  const selected = new Set<Workload>()
  for (const name of wanted) {
    const exact = workloads.filter((workload) => workload.name === name)
    const found = exact.length > 0 ? exact : workloads.filter((workload) => workload.name.includes(name))
    if (found.length === 0) {
      throw new Error(`no workload '${name}'; there are ${workloads.map((each) => each.name).join(', ')}`)
    }
    for (const workload of found) selected.add(workload)
  }
  return workloads.filter((workload) => selected.has(workload))
}

function selectContenders(wanted: readonly string[]): string[] {
  for (const name of wanted) {
    if (!contenders.has(name)) throw new Error(`no contender '${name}'; there are ${rivals().join(', ')}`)
  }
  return rivals().filter((name) => wanted.includes(name))
}
