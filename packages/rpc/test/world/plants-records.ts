// Mistakes with records: when they are made, what becomes of a call that one is found of, whose they are.
import { edit, without, type Plant } from './plant.ts'

const durable = 'rpc/src/durable/durable-calls.ts'
const ledger = 'rpc/src/durable/ledger.ts'
const verdict = 'rpc/src/durable/verdict.ts'
const rules = 'core/src/store/rules.ts'

export const recordMistakes: readonly Plant[] = [
  // What is recorded, and when
  {
    name: 'the answer leaves before its record is durable',
    edits: [
      edit(
        durable,
        `  await ledger.write({ ...base, state: 'done', octets }).catch((thrown: unknown) => {
    throw isInstance(thrown, StoreFailure) ? afterwards(thrown, key) : thrown`,
        "  void ledger.write({ ...base, state: 'done', octets }).catch(() => {",
      ),
    ],
  },
  {
    name: 'the record of the start is not waited for',
    edits: [
      edit(
        durable,
        "await ledger.write({ ...base, state: 'started', attempt: verdict.attempt })",
        "void ledger.write({ ...base, state: 'started', attempt: verdict.attempt }).catch(() => undefined)",
      ),
    ],
  },
  {
    name: 'no start is recorded',
    edits: [edit(durable, "await ledger.write({ ...base, state: 'started', attempt: verdict.attempt })", '')],
  },
  {
    name: 'errors are not recorded',
    edits: [edit(durable, 'octets = incoming.encodeError(thrown)', 'throw thrown')],
  },
  {
    name: 'a transactional result is not in its transaction',
    edits: [
      edit(ledger, 'async (transaction) => [this.#change(await work(transaction))]', 'async () => []'),
      edit(ledger, '      await store.transaction(inside, now())', '      await work({ insert: () => {} })'),
    ],
  },
  {
    name: 'a call that was given up before it ran is recorded as done',
    edits: [edit(durable, 'if (!hasRun) throw thrown', '')],
  },
  // What becomes of a call that a record is found of
  {
    name: 'a call that may have happened runs again',
    edits: [edit(verdict, "if (effect === 'once') return", "if (effect === ('' as string)) return")],
  },
  {
    name: 'what is done runs again',
    edits: [
      edit(
        verdict,
        "if (entry.state === 'done') return { do: 'replay', octets: entry.octets }",
        "if (entry.state === 'done') return { do: 'run', attempt: entry.attempt + 1 }",
      ),
    ],
  },
  {
    name: 'what is done runs again, and the store takes it (pair)',
    edits: [
      edit(
        verdict,
        "if (entry.state === 'done') return { do: 'replay', octets: entry.octets }",
        "if (entry.state === 'done') return { do: 'run', attempt: entry.attempt + 1 }",
      ),
      without.finality,
    ],
  },
  {
    name: 'a keyed call is not run again',
    edits: [edit(verdict, "if (effect === 'once') return", "if (effect !== 'query') return")],
  },
  {
    name: 'attempts are not counted up',
    edits: [edit(verdict, 'attempt: entry.attempt + 1 }\n  return', 'attempt: entry.attempt }\n  return')],
  },
  {
    name: 'attempts have no end',
    edits: [edit(verdict, 'entry.attempt < rpcLimits.attempts', 'entry.attempt < 1000')],
  },
  {
    name: 'a call that is asked again does not say so',
    edits: [without.retryUnmarked],
  },
  {
    name: 'a call that is asked again does not say so, and the store takes it (pair)',
    edits: [without.retryUnmarked, without.finality],
  },
  // Who owns a session
  { name: 'the store takes writes of an old epoch', edits: [without.fence] },
  {
    name: 'taking a ledger does not raise its epoch',
    edits: [edit(rules, 'change.take === true ? inForce + 1 : inForce', 'inForce')],
  },
  {
    name: 'nobody takes a session over, and the store fences nobody (pair)',
    edits: [without.noTakeAtDoor, without.noTakeAtCall, without.fence],
  },
  {
    name: 'a session is taken over by no call and no door (pair)',
    edits: [without.noTakeAtDoor, without.noTakeAtCall],
  },
  {
    name: 'a fenced server answers that it is',
    edits: [edit(durable, 'if (isInstance(thrown, Fenced)) this.listener?.superseded()\n    else if', 'if')],
  },
  { name: 'a fenced server gives up its client', edits: [without.abortsFenced] },
  {
    name: 'whoever comes late takes the session, and gives up its client (pair)',
    edits: [without.firstTakes, without.lateTakes, without.abortsFenced],
  },
  {
    name: 'a take of its own is taken for one of others',
    edits: [edit(ledger, 'this.#mayBeOurs ||= isUnknown(thrown)', '')],
  },
  {
    name: 'the epoch is not counted after a second take',
    edits: [edit(ledger, 'this.#epoch += 1', ''), without.abortsFenced],
  },
  {
    name: 'a write of unknown outcome is not ended, and final is not final (pair)',
    edits: [without.noRetake, without.finality],
  },
  {
    name: 'a write of unknown outcome is taken for done',
    edits: [
      edit(
        ledger,
        'if (isUnknown(thrown)) return this.#again(entry, epoch)',
        'if (isUnknown(thrown)) return',
      ),
    ],
  },
]
