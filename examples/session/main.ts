// Runs both sides of the transfer as two processes. Exit code 0: it worked.
import { fork } from 'node:child_process'
import { once } from 'node:events'

const receiver = fork(new URL('server.ts', import.meta.url))
const gone = once(receiver, 'exit')
const [{ port }] = (await once(receiver, 'message')) as [{ port: number }]
const sender = fork(new URL('client.ts', import.meta.url), [`${port}`])
const [code] = (await once(sender, 'exit')) as [number | null]
if (code !== 0) receiver.kill()
const [other] = (await gone) as [number | null]
process.exitCode = code === 0 && other === 0 ? 0 : 1
