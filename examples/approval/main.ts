// Both sides as two processes: `main.ts [--answers FILE] [DIRECTORY]`. Without a directory it makes one with
// things to clean up. Exit code 0: it went as it should.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { answers: { type: 'string' } },
})
// Ctrl-C reaches all three processes. This one stays until the others are gone, to tidy up.
process.once('SIGINT', () => undefined)

const given = positionals[0]
const directory = given ?? (await demoDirectory())
try {
  const server = fork(new URL('server.ts', import.meta.url), [directory, '--port', '0'])
  const gone = once(server, 'exit')
  const [{ port }] = (await once(server, 'message')) as [{ port: number }]
  const answers = values.answers === undefined ? [] : ['--answers', values.answers]
  const client = fork(new URL('client.ts', import.meta.url), ['--port', `${port}`, ...answers])
  const [code] = (await once(client, 'exit')) as [number | null]
  if (server.connected) server.disconnect()
  const [other] = (await gone) as [number | null]
  process.exitCode = code === 0 && other === 0 ? 0 : 1
} finally {
  if (given === undefined) await rm(directory, { recursive: true })
}

/** A directory with a backup, an empty file, a temporary one, and two that are the same. */
async function demoDirectory(): Promise<string> {
  const cache = fileURLToPath(new URL('../.cache', import.meta.url))
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'approval-'))
  await mkdir(join(folder, 'notes'))
  const files = {
    'a.txt': 'alpha',
    'a copy.txt': 'alpha',
    'empty.log': '',
    'notes/old.bak': 'old',
    'x.tmp': 'x',
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  return folder
}
