// The receiving side of a file transfer: `server.ts [PORT]`. What is confirmed outlives the connection.
import { acceptSessions, tap, text } from '@parley/core'
import { tcp } from '@parley/transport-tcp'
import { asText, say, units } from './words.ts'

let file = ''
let damaged = true
/** How much of the file was there at each sync point. */
const lengths = new Map<number, number>()

const wire = text((line) => say('receiver', `wire ${line}`))
const transport = tap(tcp({ host: '127.0.0.1', port: Number(process.argv[2] ?? 0) }), wire)
const listening = await acceptSessions(transport, { units }, (request) => {
  const session = request.accept()
  session.listen({
    activityStarted: ({ identifier }) => say('receiver', `${asText(identifier)} starts`),
    activityResumed: ({ identifier, serial }) => {
      file = file.slice(0, lengths.get(serial))
      say('receiver', `${asText(identifier)} goes on after point ${serial}`)
    },
    data: (ssdu) => void (file += asText(ssdu)),
    minorSync: ({ serial }) => {
      lengths.set(serial, file.length)
      if (serial !== 3 || !damaged) return session.confirmMinor(serial)
      // As if a checksum were wrong: everything behind point 2 is to be sent again.
      damaged = false
      file = file.slice(0, lengths.get(2))
      say('receiver', 'part 3 is damaged, please send it again')
      void session.resynchronize({ type: 'restart', serial: 3 })
    },
    activityEnded: (_point, question) => {
      say('receiver', `has it all: ${file}`)
      question.accept()
    },
    closed: (end) => {
      say('receiver', `closed by ${end.by}: ${end.message}`)
      if (end.by === 'release') void listening.close()
    },
  })
})
process.send?.({ port: listening.port })
