// Transfers of the file service that go on: over cut connections, at another server, from another client; and
// what stays behind when they do not.
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, realpath, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memory, type MemoryTransport } from '@parley/core/testing'
import { connect, serve, withOptions, type Client, type Server } from '@parley/rpc'
import { lmdbStore } from '@parley/store-lmdb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Files } from '../files/contract.ts'
import { Directory } from '../files/directory.ts'
import { limits } from '../files/limits.ts'
import { FilesService } from '../files/service.ts'

const size = 10 * 1024 * 1024
const data = randomBytes(size)

let root: string
let transport: MemoryTransport
let server: Server
let client: Client

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'parley-transfers-')))
  transport = memory()
  server = await serve({ listen: transport, services: [new FilesService(await Directory.at(root))] })
  client = await connect(transport)
})

afterEach(async () => {
  await client.close()
  await server.close()
  await rm(root, { recursive: true })
})

async function* chunks(from: number): AsyncGenerator<Uint8Array> {
  for (let at = from * limits.chunk; at < size; at += limits.chunk) yield data.subarray(at, at + limits.chunk)
}

function sha256(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex')
}

it('send and fetch a file through one cut after the other', async () => {
  const files = client.stub(Files)
  let done = 0
  const cutting = (): void => {
    if (++done % 40 === 0) transport.links.at(-1)?.cut()
  }
  const sent = await files.send('file', chunks).run(cutting)
  expect(sent).toEqual({ size, sha256: sha256(data) })
  const parts: Uint8Array[] = []
  const fetched = await files.fetch('file').run((part) => {
    parts.push(part)
    cutting()
  })
  expect(fetched).toBe(size)
  expect(sha256(Buffer.concat(parts))).toBe(sent.sha256)
  expect(await readdir(root)).toEqual(['file'])
})

it('goes on at the next server that has the same records', async () => {
  const store = await lmdbStore({ path: join(root, 'records.mdb') })
  const services = [new FilesService(await Directory.at(root))]
  const first = memory()
  const old = await serve({ listen: first, services, store })
  await using before = await connect(first)
  const work = before.stub(Files).send('file', chunks)
  for await (const octets of work) {
    if (octets < 6 * 1024 * 1024) continue
    await work.interrupt()
    break
  }
  await old.close()
  const second = memory()
  await using _next = await serve({ listen: second, services, store })
  await using after = await connect(second)
  const activity = { id: work.id, position: work.position, resume: true }
  const asked: number[] = []
  const rest = (from: number): AsyncGenerator<Uint8Array> => {
    asked.push(from)
    return chunks(from)
  }
  const sent = await withOptions(after.stub(Files), { activity }).send('file', rest).run()
  expect(sent.sha256).toBe(sha256(data))
  expect(sha256(await readFile(join(root, 'file')))).toBe(sent.sha256)
  expect(asked.every((from) => from >= limits.checkpoint / limits.chunk)).toBe(true)
  await after.close()
  await _next.close()
  await store.close()
})

it('leaves nothing of a send that is discarded', async () => {
  for await (const octets of client.stub(Files).send('file', chunks)) if (octets > size / 2) break
  await vi.waitFor(async () => expect(await readdir(root)).toEqual([]))
})

it('does not go on with a file that has changed', async () => {
  await writeFile(join(root, 'file'), data)
  const work = client.stub(Files).fetch('file')
  for await (const _ of work) {
    if (work.position < 100) continue
    await work.interrupt()
    break
  }
  await utimes(join(root, 'file'), new Date(), new Date(1))
  const activity = { id: work.id, position: work.position, resume: true }
  await expect(withOptions(client.stub(Files), { activity }).fetch('file').run()).rejects.toMatchObject({
    code: 'ABORTED',
  })
})
