// Shows that the suite finds mistakes: plants wrong cells, predicates and actions in the tables, one
// at a time, each in a process of its own, and prints which transcripts and which seed of the
// simulation found it. The oracle of the tables has no part in it. `--seeds N` (500) seeds for each;
// exit code 1 when one is not found.

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import * as actions from '../../src/machine/actions.ts'
import type { IncomingEvent } from '../../src/machine/events.ts'
import * as predicates from '../../src/machine/predicates.ts'
import type { StateName } from '../../src/machine/state.ts'
import { plainTables, symmetricTables, tables } from '../../src/machine/tables/index.ts'
import type { Arm, Table } from '../../src/machine/tables/table.ts'

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '500' }, plant: { type: 'string' } },
})

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] | undefined ? E[] : T[K] }

/** The arms of a cell, wherever it stands in both variants. */
function arms(event: IncomingEvent, state: StateName): Mutable<Arm>[] {
  const found = everyTable().flatMap((table) => {
    const cell = table[event]?.[state]
    return cell === undefined || cell === 'impossible' ? [] : [...cell]
  })
  if (found.length === 0) throw new Error(`no cell ${event} in ${state}`)
  return found as Mutable<Arm>[]
}

function everyTable(): readonly Table[] {
  return [...tables, ...plainTables, ...symmetricTables]
}

/** The cell goes to the wrong state. */
const to = (event: IncomingEvent, state: StateName, wrong: StateName) => (): void => {
  for (const arm of arms(event, state)) arm.to = wrong
}

/** One step of the cell is forgotten. */
const without =
  (event: IncomingEvent, state: StateName, step: NonNullable<Arm['do']>[number]) => (): void => {
    for (const arm of arms(event, state)) {
      if (arm.do !== undefined) arm.do = arm.do.filter((other) => other !== step)
      if (arm.after !== undefined) arm.after = arm.after.filter((other) => other !== step)
    }
  }

/** The cell is blank. */
const blank = (event: IncomingEvent, state: StateName) => (): void => {
  arms(event, state)
  for (const table of everyTable()) {
    const row = table[event] as { [name in StateName]?: unknown } | undefined
    if (row !== undefined) delete row[state]
  }
}

/** One condition of the cell is forgotten. */
const unguarded = (event: IncomingEvent, state: StateName) => (): void => {
  for (const arm of arms(event, state)) arm.if = []
}

/** A predicate is taken for another wherever it stands. */
const mistaken = (right: predicates.Predicate, wrong: predicates.Predicate) => (): void => {
  everyArm((arm) => {
    arm.if = (arm.if ?? []).map((of) => {
      if (of === right) return wrong
      return typeof of !== 'function' && of.not === right ? { not: wrong } : of
    })
  })
}

/** An action is taken for another wherever it stands. */
const confused = (right: actions.Action, wrong: actions.Action) => (): void => {
  everyArm((arm) => {
    if (arm.do !== undefined) arm.do = arm.do.map((step) => (step === right ? wrong : step))
    if (arm.after !== undefined) arm.after = arm.after.map((step) => (step === right ? wrong : step))
  })
}

function everyArm(change: (arm: Mutable<Arm>) => void): void {
  for (const table of everyTable()) {
    for (const row of Object.values(table)) {
      for (const cell of Object.values(row)) {
        if (cell !== 'impossible') for (const arm of cell) change(arm as Mutable<Arm>)
      }
    }
  }
}

const nothing: actions.Action = () => {}
const p = predicates
const a = actions

/** What is planted, by name. */
const plants: ReadonlyMap<string, () => void> = new Map<string, () => void>([
  // Wrong cells
  ['MAA/AEA in STA04A goes to STA10A', to('MAA/AEA', 'STA04A', 'STA10A')],
  ['MAP in STA713 stays there', to('MAP', 'STA713', 'STA713')],
  ['SRSYNrsp in STA11A goes to STA05A', to('SRSYNrsp', 'STA11A', 'STA05A')],
  ['AIA in STA05B stays there', to('AIA', 'STA05B', 'STA05B')],
  ['CDA in STA21 goes to STA22', to('CDA', 'STA21', 'STA22')],
  ['GTA in STA18 stays there', to('GTA', 'STA18', 'STA18')],
  ['ED in STA713 goes to STA19', to('ED', 'STA713', 'STA19')],
  ['PR-RA in STA05A is blank', blank('PR-RA', 'STA05A')],
  ['PR-RS in STA10A is blank', blank('PR-RS', 'STA10A')],
  ['EX in STA15A is blank', blank('EX', 'STA15A')],
  ['DT in STA05A is blank', blank('DT', 'STA05A')],
  ['SSYNMrsp in STA10A sends nothing', without('SSYNMrsp', 'STA10A', 'MAA')],
  ['SACTErsp in STA10B keeps the activity', without('SACTErsp', 'STA10B', a.a14)],
  ['AS in STA713 does not begin an activity', without('AS', 'STA713', a.a12)],
  ['RA in STA15C forgets what was queued', without('RA', 'STA15C', a.a06)],
  ['GT in STA713 is not told', without('GT', 'STA713', 'SGTind')],
  ['SDTreq in STA713 needs no token', unguarded('SDTreq', 'STA713')],
  ['SACTSreq in STA713 needs nothing', unguarded('SACTSreq', 'STA713')],
  ['NF in STA03 ends the session', to('NF', 'STA03', 'STA01C')],
  // Wrong predicates
  ['p24: the newcomer always prevails', mistaken(p.p24, () => true)],
  ['p18: minor points are confirmed by their sender', mistaken(p.p18, p.p17)],
  ['p21: any point may be confirmed', mistaken(p.p21, () => true)],
  ['p63: a release needs no token', mistaken(p.p63, () => true)],
  ['p59: what is not ours can be asked for, or is', mistaken(p.p59, () => true)],
  ['p54: what is not ours can be given', mistaken(p.p54, () => true)],
  ['p45: an activity may begin in another', mistaken(p.p45, p.p11)],
  ['p33: restart at any number', mistaken(p.p33, () => true)],
  // Wrong actions
  ['a11: tokens stay where they are', confused(a.a11, nothing)],
  ['a23: received minor points are not counted', confused(a.a23, nothing)],
  ['a24: sent minor points are counted as received ones', confused(a.a24, a.a23)],
  ['a25: confirmations are forgotten', confused(a.a25, nothing)],
  ['a28: V(M) stays after a resynchronization', confused(a.a28, a.a22)],
  ['a29: the tokens do not come with the end of an activity', confused(a.a29, a.a30)],
  ['a62: received points are not counted (symmetric)', confused(a.a62, nothing)],
  ['a66: confirmations of ours are forgotten (symmetric)', confused(a.a66, nothing)],
  ['a68: numbers stay after a resynchronization (symmetric)', confused(a.a68, nothing)],
  ['a10: nothing is queued', confused(a.a10, nothing)],
  ['a04: TIM is not started', confused(a.a04, nothing)],
])

if (values.plant === undefined) process.exit(inspect() ? 0 : 1)
else print(await look(values.plant))

/** Each plant in a process of its own: the tables are compiled when the machine is loaded. */
function inspect(): boolean {
  let missed = 0
  const self = fileURLToPath(import.meta.url)
  print(`${'planted'.padEnd(58)} ${'seed'.padStart(5)}  transcripts`)
  for (const name of plants.keys()) {
    const command = [...process.execArgv, self, '--seeds', values.seeds, '--plant', name]
    const found = execFileSync(process.execPath, command, { encoding: 'utf8' }).trim()
    const [seed = '-', transcripts = '-', ...failure] = found.split('|')
    if (seed === '-' && transcripts === '0') missed++
    print(
      `${name.padEnd(58)} ${seed.padStart(5)}  ${transcripts.padEnd(4)} ${failure.join('|').slice(0, 90)}`,
    )
  }
  print(`planted: ${plants.size - missed} found, ${missed} missed`)
  return missed === 0
}

/** Plants one and runs the suite: the first seed that fails, how many transcripts differ, and the failure. */
async function look(name: string): Promise<string> {
  const plant = plants.get(name)
  if (plant === undefined) throw new Error(`nothing is planted as ${name}`)
  plant()
  const { simulate } = await import('./simulate.ts')
  const { runTranscript } = await import('../machine/support/transcript.ts')
  let seed = 1
  let failure: string | undefined
  while (failure === undefined && seed <= Number(values.seeds)) failure = simulate(seed++).failure
  return `${failure === undefined ? '-' : seed - 1}|${differing(runTranscript)}|${failure ?? ''}`
}

function differing(run: (text: string) => string): number {
  const folder = new URL('../transcripts/', import.meta.url)
  let count = 0
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.txt'))) {
    const text = readFileSync(new URL(name, folder), 'utf8')
    if (outcome(run, text) !== text) count++
  }
  return count
}

function outcome(run: (text: string) => string, text: string): string {
  try {
    return run(text)
  } catch (error) {
    return String(error)
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
