// A tour of the file service: `client.ts [--host 127.0.0.1] [--port 4000] [--upload-to PATH]`. Checks what it
// is told and ends with exit code 1 when something is not as it should be. It expects this repository to be
// served.
import { createHash, randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { connect, isRpcError, type RpcErrorCode, type Stub } from '@parley/rpc'
import { tcp } from '@parley/transport-tcp'
import { count, lastValueFrom } from 'rxjs'
import { Cable } from './cable.ts'
import { Files, type Entry } from './contract.ts'
import { throughAKill } from './kill.ts'
import { ProgressBar } from './progress.ts'
import { check, title } from './say.ts'
import { clip, harmless, paintFor, sizeText } from './terminal.ts'
import { wire } from './wire.ts'

const { values: options } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '4000' },
    'upload-to': { type: 'string', default: 'upload.bin' },
  },
})
const transport = tcp({ host: options.host, port: Number(options.port) })
const paint = paintFor(process.stdout)

try {
  await tour()
} catch (thrown) {
  if (!isRpcError(thrown)) throw thrown
  console.error(paint('red', harmless(`${thrown.code}: ${thrown.message}`)))
  process.exitCode = 1
}

async function tour(): Promise<void> {
  await using client = await connect(transport, { callDefaults: { timeout: 30_000 } })
  const files = client.stub(Files)
  for (const { name, methods } of await client.services()) {
    console.log(`${name}: ${methods.map((method) => method.name).join(', ')}`)
  }
  const largest = await list(files)
  await search(files, 'X.225', 'packages/core/src')
  await download(files, largest)
  await upload(files, options['upload-to'])
  await throughACut(options['upload-to'])
  if (process.connected) await throughAKill(client, options['upload-to'])
  await refusals(files)
  await wire(transport)
}

/** Shows the served directory and returns the largest file in it. */
async function list(files: Stub<Files>): Promise<Entry> {
  const entries = await files.list('')
  const ofKind = (kind: Entry['kind']): Entry[] => entries.filter((entry) => entry.kind === kind)
  const bySize = ofKind('file').sort((a, b) => b.size - a.size)
  const [largest] = bySize
  if (largest === undefined) throw new Error('the served directory has no file: serve this repository')
  title(`list: ${ofKind('directory').length} directories, ${bySize.length} files; the largest:`)
  for (const { name, size, modified } of bySize.slice(0, 3)) {
    row(clip(harmless(name), 22), `${sizeText(size).padStart(9)}  ${modified.toISOString().slice(0, 10)}`)
  }
  return largest
}

/** Takes the first matches of a search and leaves the rest: `break` cancels the call. Then counts all. */
async function search(files: Stub<Files>, wanted: string, below: string): Promise<void> {
  title(`search: the first lines with ${JSON.stringify(wanted)} below ${below}`)
  let found = 0
  for await (const { path, line, text } of files.search(wanted, below)) {
    console.log(`  ${paint('cyan', `${harmless(path)}:${line}`)}`)
    console.log(`    ${clip(harmless(text), 74)}`)
    if (++found === 3) break
  }
  check(found === 3, `${found} matches, then break: the server stops searching`)
  // The same stream as an rxjs Observable.
  const all = await lastValueFrom(files.search(wanted, below).observable.pipe(count()))
  check(all > found, `${all} in all`)
}

async function download(files: Stub<Files>, { name, size }: Entry): Promise<void> {
  title(`download: ${harmless(name)}`)
  const hash = createHash('sha256')
  let received = 0
  for await (const chunk of files.download(name)) {
    hash.update(chunk)
    received += chunk.length
  }
  const sha256 = hash.digest('hex')
  row('octets', `${received}`)
  row('sha256 here', sha256)
  row('sha256 at the server', await files.checksum(name))
  check(received === size && sha256 === (await files.checksum(name)), 'the same')
}

/**
 * Uploads from a generator. It is asked for more only as fast as the server writes, so the bar tells the
 * truth.
 */
async function upload(files: Stub<Files>, path: string): Promise<void> {
  const size = 8 * 1024 * 1024
  title(`upload: ${sizeText(size)} of random octets`)
  const bar = new ProgressBar(size)
  const hash = createHash('sha256')
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let sent = 0; sent < size; sent += 64 * 1024) {
      const chunk = randomBytes(64 * 1024)
      hash.update(chunk)
      yield chunk
      bar.add(chunk.length)
    }
  }
  const uploaded = await files.upload(path, chunks()).finally(() => bar.end())
  check(uploaded.size === size && uploaded.sha256 === hash.digest('hex'), 'the server has the same sha256')
}

/**
 * Downloads what was uploaded over a cable that is cut on the way, twice. The session outlives its
 * connections, so the loop goes on where it was; it needs nothing for that.
 */
async function throughACut(path: string): Promise<void> {
  title('download: the same again, over a cable that is cut at 30 and at 70 %')
  await using cable = await Cable.to(options.host, Number(options.port))
  await using client = await connect(tcp({ host: '127.0.0.1', port: cable.port }))
  const files = client.stub(Files)
  const { size } = await files.stat(path)
  const cuts = [0.3 * size, 0.7 * size]
  let lost = 0
  client.onSuspended(() => (lost += 1))
  const bar = new ProgressBar(size)
  const hash = createHash('sha256')
  let received = 0
  for await (const chunk of files.download(path)) {
    hash.update(chunk)
    received += chunk.length
    bar.add(chunk.length)
    if (received < (cuts[0] ?? Infinity)) continue
    cuts.shift()
    cable.cut()
  }
  bar.end()
  check(
    lost === 2 && hash.digest('hex') === (await files.checksum(path)),
    'two connections lost, the same sha256',
  )
}

/** Every failure has a code of a closed set, and says whether the method ran. */
async function refusals(files: Stub<Files>): Promise<void> {
  title('errors')
  await refused('NOT_FOUND', 'stat no-such-file', files.stat('no-such-file'))
  await refused('PERMISSION_DENIED', 'stat ../../etc/passwd', files.stat('../../etc/passwd'))
  await refused('PERMISSION_DENIED', 'list /etc', files.list('/etc'))
  await refused('INVALID_ARGUMENT', 'list ..\\..', files.list('..\\..'))
}

async function refused(code: RpcErrorCode, what: string, result: Promise<unknown>): Promise<void> {
  const error = await result.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!isRpcError(error) || error.code !== code)
    throw new Error(`${what} should end with ${code}`, { cause: error })
  row(what, `${paint('red', code.padEnd(17))}  ${error.outcome}`)
}

function row(name: string, value: string): void {
  console.log(`  ${name.padEnd(22)}  ${value}`)
}
