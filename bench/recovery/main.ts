// What recovery costs and how long it takes, here and now, one line a figure: `npm run bench:recovery --
// --only cut,kill --rounds 10`. Only prints.
import { availableParallelism } from 'node:os'
import { parseOptions } from './effort.ts'
import type { Figure, Line } from './figure.ts'
import { cut } from './figures/cut.ts'
import { durable } from './figures/durable.ts'
import { kill } from './figures/kill.ts'
import { retention } from './figures/retention.ts'
import { storm } from './figures/storm.ts'
import { takeover } from './figures/takeover.ts'
import { Rig } from './rig.ts'

const figures: readonly Figure[] = [retention, cut, kill, takeover, storm, durable]
const { only, effort, rounds, quick } = parseOptions(process.argv.slice(2))
const chosen = figures.filter(({ name }) => only === undefined || only.includes(name))
const strange = only?.find((name) => figures.every((figure) => figure.name !== name))
if (strange !== undefined)
  throw new Error(`no figure '${strange}'; there are ${figures.map(({ name }) => name).join(', ')}`)

const started = performance.now()
const rig = await Rig.make()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void rig.remove().finally(() => process.exit(130)))
console.log(
  quick
    ? 'does everything run? These figures mean nothing'
    : `medians, and in brackets the least and the greatest; --rounds ${rounds}`,
)
console.log(`Node ${process.versions.node}, ${availableParallelism()} processors`)
try {
  for (const { name, measure } of chosen) for (const line of await measure(rig, effort)) print(name, line)
} finally {
  await rig.remove()
}
console.log(`${((performance.now() - started) / 1000).toFixed(0)} s in all`)

function print(name: string, { text, aim }: Line): void {
  const verdict = aim === undefined || quick ? '' : ` (aim ${aim.text}: ${aim.met ? 'met' : 'missed'})`
  console.log(`  ${name}: ${text}${verdict}`)
}
