// What `npm start` runs: the server and the client of this folder as two processes on loopback, on this
// repository's own files. Kills the server when the client asks for it. Ends by itself; exit code 0 means
// that everything the client checks was as it should be.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const cache = join(repository, 'examples', '.cache')

// Ctrl-C reaches all three processes. This one stays until the others are gone, to tidy up.
process.once('SIGINT', () => undefined)

// Until the client says otherwise.
process.exitCode = 1
await mkdir(cache, { recursive: true })
const uploads = await mkdtemp(join(cache, 'uploads-'))
const store = join(uploads, 'files.mdb')
let server = served('0')
try {
  const port = await listening(server)
  if (port !== undefined) {
    const uploadTo = `examples/.cache/${basename(uploads)}/upload.bin`
    const client = fork(new URL('client.ts', import.meta.url), ['--port', `${port}`, '--upload-to', uploadTo])
    client.on('message', () => void replace(port).then(() => client.send('it is there again')))
    process.exitCode = await exitCode(client)
  }
} finally {
  if (server.connected) server.disconnect()
  const code = await exitCode(server)
  if (code !== 0) process.exitCode = code
  await rm(uploads, { recursive: true })
}

/** A server. A fork inherits this process's terminal and the options node was started with. */
function served(port: string): ChildProcess {
  return fork(new URL('server.ts', import.meta.url), [repository, '--port', port, '--store', store])
}

/** Kills the server without a word, and starts another one in its place. */
async function replace(port: number): Promise<void> {
  server.kill('SIGKILL')
  await exitCode(server)
  server = served(`${port}`)
  await listening(server)
}

/** The port, as soon as the server tells it; undefined when it ended instead and has said why. */
function listening(child: ChildProcess): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve((message as { port: number }).port))
    child.once('error', reject)
    child.once('exit', () => resolve(undefined))
  })
}

/** How a process ended; 1 for one that was killed or never began. */
async function exitCode(child: ChildProcess): Promise<number> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
    await once(child, 'exit')
  return child.exitCode ?? 1
}
