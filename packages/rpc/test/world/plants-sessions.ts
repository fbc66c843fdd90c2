// Mistakes with sessions and with the client that holds them.
import { edit, type Plant } from './plant.ts'

const caller = 'rpc/src/peer/caller.ts'
const serve = 'rpc/src/serve.ts'
const link = 'core/src/session/link.ts'

export const sessionMistakes: readonly Plant[] = [
  // The session
  {
    name: 'typed data is not counted as received',
    edits: [edit(link, 'this.#flow.received++\n    this.#owner.typedData', 'this.#owner.typedData')],
  },
  {
    name: 'data is not counted as received',
    edits: [edit(link, 'this.#flow.received++\n    this.#owner.data(', 'this.#owner.data(')],
  },
  {
    name: 'what the other side has had is sent again',
    edits: [
      edit(
        'core/src/session/flow.ts',
        '    this.confirm(position)\n    this.points.forget()',
        '    this.points.forget()',
      ),
    ],
  },
  {
    name: 'what the other side has not had is not sent again',
    edits: [edit(link, 'this.next = flow.kept.start', 'this.next = flow.kept.end')],
  },
  {
    name: 'silence is not noticed',
    edits: [edit('core/src/session/book/liveness.ts', "return 'lost'", "return 'nothing'")],
  },
  {
    name: 'no signs of life are given',
    edits: [
      edit(
        'core/src/session/book/liveness.ts',
        "this.#quiet >= this.#beatAfter ? 'beat' : 'nothing'",
        "'nothing'",
      ),
    ],
  },
  {
    name: 'a session without a connection is not kept',
    edits: [edit('core/src/session/keeper.ts', 'this.#isClosed() ? 0 : this.#timeToLive', '0')],
  },
  {
    name: 'the ticket that went out last is not remembered',
    edits: [edit('core/src/session/book/tickets.ts', '    this.#pending = hexOf(next)\n', '')],
  },
  {
    name: 'a ticket is dead before its successor has arrived',
    edits: [
      edit(
        'core/src/session/book/tickets.ts',
        '    this.#attempt = attempt\n',
        '    this.#attempt = attempt\n    this.proven()\n',
      ),
    ],
  },
  {
    name: 'an old connection goes on beside the new one',
    edits: [edit('core/src/session/dialogue.ts', 'this.#link?.abandon(why.superseded)', '')],
  },
  {
    name: 'confirmations let go of one unit too many',
    edits: [
      edit(
        'core/src/session/book/retention.ts',
        'while (this.start < position) this.#releaseFirst()',
        'while (this.start < Math.min(position + 1, this.end)) this.#releaseFirst()',
      ),
    ],
  },
  {
    name: 'nobody is told of room that others have used up',
    edits: [edit('core/src/session/dialogue.ts', 'this.#full ||= isFull\n', '')],
  },
  {
    name: 'calls that wait for room are not begun',
    edits: [edit('rpc/src/peer/peer.ts', 'this.dispatcher.startHeld()', '')],
  },
  {
    name: 'whoever was accepted goes elsewhere when the connection is lost soon',
    edits: [edit('core/src/any-of.ts', "!isAnswered && loss.by === 'local'", "loss.by !== 'peer'")],
  },
  // The client
  {
    name: 'a client does not come back to a server that has forgotten it',
    edits: [edit('rpc/src/peer/renewer.ts', "end.reason === 'unknown')", "end.reason === 'superseded')")],
  },
  {
    name: 'streams are asked for again',
    edits: [
      edit(
        caller,
        "if (inputs === undefined && method.description.kind === 'unary') guard",
        'if (inputs === undefined) guard',
      ),
    ],
  },
  {
    name: 'calls that wait are not begun when others end',
    edits: [
      edit(caller, 'this.#startQueued()\n    if (this.#pending.size === 0)', 'if (this.#pending.size === 0)'),
    ],
  },
  {
    name: 'calls that wait for a move are not begun after it',
    edits: [edit(caller, '    }\n    this.#startQueued()\n  }\n\n  #askAgain', '    }\n  }\n\n  #askAgain')],
  },
  {
    name: 'a client leaves before its calls have ended',
    edits: [
      edit(
        'rpc/src/peer/session-life.ts',
        'void this.peer.whenQuiet().then(',
        'void Promise.resolve().then(',
      ),
    ],
  },
  {
    name: 'credit is not given back',
    edits: [edit('rpc/src/peer/consumer.ts', 'this.#channel.grant(this.#owed)', '')],
  },
  {
    name: 'credentials are not looked at when a session is had back',
    edits: [
      edit(
        serve,
        'const guest = this.#door.admit(userData, applicant)',
        "const guest = resumes ? ({ key: 'ann' } as Guest) : this.#door.admit(userData, applicant)",
      ),
    ],
  },
]
