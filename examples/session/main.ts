// A file goes from one process to another, part by part, with a sync point behind each. One part is damaged,
// so both go back (resynchronize); the connection is lost, and the activity goes on on the next one.
import { fork } from 'node:child_process'
import { acceptSessions, openSession, tap, text, type SessionConnection, type Unit } from '@parley/core'
import { tcp } from '@parley/transport-tcp'
import { first, firstValueFrom } from 'rxjs'

const [program = '', role = 'receiver', port = '0'] = process.argv.slice(1)
const units: readonly Unit[] = ['half-duplex', 'minor-sync', 'resynchronize', 'activities']
const parts = ['The dialogue ', 'has points ', 'both sides ', 'agree on, ', 'and outlives its connection.']
const job = Buffer.from('file-1')
const say = (what: string): void => console.log(`${role.padEnd(8)}  ${what}`)
const wire = text((line) => say(`wire ${line}`))
const transport = tap(tcp({ host: '127.0.0.1', port: Number(port) }), wire)

if (role === 'sender') {
  const cut = await send(3, (session) => session.startActivity(job))
  cut.abort()
  const linking = { oldIdentifier: job, serial: cut.sync.confirmed }
  const session = await send(5, (next) => next.resumeActivity(job, linking))
  await session.endActivity()
  await session.release()
} else await receive()

async function send(to: number, begin: (session: SessionConnection) => void) {
  const session = await openSession(transport, { units })
  begin(session)
  for (let part = session.sync.next; part <= to; part = session.sync.next) {
    session.send([Buffer.from(parts[part - 1] ?? '')])
    session.syncMinor()
    const event = await firstValueFrom(session.events.pipe(first(({ type }) => type !== 'drained')))
    say(`${event.type} ${part}`)
    if (event.type === 'resynchronize') event.question.accept()
  }
  return session
}

async function receive(): Promise<void> {
  let file = ''
  let damaged = true
  const lengths = [0] // of the file at each point
  const listening = await acceptSessions(transport, { units }, (request) => {
    const session = request.accept()
    session.events.subscribe((event) => {
      if (event.type === 'data') file += Buffer.from(event.data).toString()
      else say(event.type)
      if (event.type === 'activity-resumed') file = file.slice(0, lengths[event.activity.serial])
      if ('question' in event) event.question.accept()
      if (event.type === 'closed') say(`${event.end.message}, the file is "${file}"`)
      if (event.type !== 'minor-sync') return
      const { serial } = event.point
      lengths[serial] = file.length
      if (serial !== 3 || !damaged) return session.confirmMinor(serial)
      damaged = false // as if a checksum were wrong
      file = file.slice(0, lengths[2])
      void session.resynchronize({ type: 'restart', serial: 3 })
    })
  })
  fork(program, ['sender', `${listening.port}`]).once('exit', (code) => process.exit(code ?? 1))
}
