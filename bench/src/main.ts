// The benchmark's command: parses, measures, prints the table and the goals, writes the JSON.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { goals, judge } from './goals.ts'
import { measure } from './measure.ts'
import { type Options, parseOptions, usage } from './options.ts'
import { resultDocument, table, verdictLines } from './report.ts'

process.exitCode = await main(process.argv.slice(2))

/**
 * The exit code: 0, or 1 when a contender failed or `--check` found a goal missed, or 2 for wrong arguments.
 */
async function main(args: readonly string[]): Promise<number> {
  let options: Options
  try {
    options = parseOptions(args)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return 2
  }
  if (options.help) {
    console.log(usage)
    return 0
  }
  return run(options)
}

async function run(options: Options): Promise<number> {
  // Progress goes to stderr, so that stdout is the table and nothing else.
  const results = await measure(options, (line) => console.error(line))
  const verdicts = options.quick ? [] : judge(goals, results)

  await mkdir(dirname(options.json), { recursive: true })
  await writeFile(options.json, `${JSON.stringify(resultDocument(options, results, verdicts), null, 2)}\n`)

  console.log(`\n${table(results)}\n`)
  if (options.quick) console.log('A quick run: it shows that everything works, not how fast it is.\n')
  else console.log(`Goals\n${verdictLines(verdicts)}\n`)
  console.log(`Written to ${options.json}`)

  const failed = results.filter((result) => result.failure !== undefined)
  for (const { contender, workload, failure } of failed)
    console.error(`\n${contender}, ${workload}: ${failure}`)
  const missed = options.check && verdicts.some(({ outcome }) => outcome === 'missed')
  return failed.length > 0 || missed ? 1 : 0
}
