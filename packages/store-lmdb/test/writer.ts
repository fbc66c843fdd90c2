// A process that opens the store in a file and writes one call after another, a few at a time, saying which
// are durable. Started by process.test.ts; ends when a write fails. Told to rest, it does so after its first
// call, with no write in progress, until a line comes in.
import { once } from 'node:events'
import { StoreFailure } from '@parley/core'
import { lmdbStore } from '../src/index.ts'

const [path = ''] = process.argv.slice(2)
const uid = process.env['WRITER_UID'] ?? ''
const rests = process.env['WRITER_RESTS'] === '1'
if (uid !== '') process.setuid?.(Number(uid))

const name = { kind: 'session', id: 'writer' } as const
const retention = { expires: 1e15, removes: 1e15 }

try {
  const store = await lmdbStore({ path })
  const found = await store.read(name, { entries: { last: 1 } }, 0)
  const epoch = (found?.epoch ?? 0) + 1
  await store.write([{ name, epoch: epoch - 1, take: true, retention }], 0)
  let serial = (found?.entries[0]?.serial ?? -1) + 1
  const octets = new Uint8Array(700).fill(1)
  const one = async (): Promise<void> => {
    for (;;) {
      const mine = serial++
      await store.write([{ name, epoch, entries: [{ serial: mine, state: 'done', octets }] }], 0)
      console.log(`done ${mine}`)
    }
  }
  if (rests) {
    await store.write([{ name, epoch, entries: [{ serial: serial++, state: 'done', octets }] }], 0)
    console.log('rests')
    await once(process.stdin, 'data')
    process.stdin.destroy()
  }
  const [first] = await Promise.allSettled(Array.from({ length: 8 }, one))
  if (first?.status === 'rejected') say('failed', first.reason)
  await store.write([{ name, epoch, head: octets }], 0).catch((error: unknown) => say('then', error))
  await store.close()
} catch (error) {
  say('failed', error)
}

function say(what: string, error: unknown): void {
  if (!(error instanceof StoreFailure)) throw error
  console.log(what, error.code, error.outcome, error.message)
}
