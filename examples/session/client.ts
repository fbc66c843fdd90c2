// The sending side: `client.ts PORT`. Sends a file in parts with a sync point behind each, loses the
// connection on the way, and goes on with the same activity on the next one.
import { openSession, tap, text, type SessionConnection } from '@parley/core'
import { tcp } from '@parley/transport-tcp'
import { asOctets, say, units } from './words.ts'

const parts = ['The dialogue ', 'has points ', 'both sides ', 'agree on, ', 'and outlives its connection.']
const job = asOctets('file-1')
const wire = text((line) => say('sender', `wire ${line}`))
const transport = tap(tcp({ host: '127.0.0.1', port: Number(process.argv[2]) }), wire)

/** Sends part after part until the receiver has confirmed the point `last`. */
async function transfer(
  begin: (session: SessionConnection) => void,
  last: number,
): Promise<SessionConnection> {
  const session = await openSession(transport, { units })
  const sendPart = (number: number): void => {
    session.send([asOctets(parts[number - 1] ?? '')])
    session.syncMinor()
  }
  return new Promise((resolve) => {
    session.listen({
      minorConfirmed: ({ serial }) => {
        say('sender', `point ${serial} is confirmed`)
        if (serial < last) sendPart(serial + 1)
        else resolve(session)
      },
      resynchronize: ({ flow }, question) => {
        say('sender', `goes back to part ${flow?.serial}`)
        question.accept()
        sendPart(flow?.serial ?? 1)
      },
    })
    begin(session)
    sendPart(session.sync.next)
  })
}

const first = await transfer((session) => session.startActivity(job), 3)
first.abort()
const serial = first.sync.confirmed
say('sender', `lost the connection, has ${serial} points confirmed`)
const second = await transfer((session) => {
  session.resumeActivity(job, { oldIdentifier: job, serial })
}, parts.length)
await second.endActivity()
await second.release()
say('sender', 'done')
