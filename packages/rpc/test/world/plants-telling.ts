// Mistakes with keys, with what is said of an outcome, and with what is forgotten.
import { edit, without, type Plant } from './plant.ts'

const durable = 'rpc/src/durable/durable-calls.ts'
const ledger = 'rpc/src/durable/ledger.ts'
const keyed = 'rpc/src/durable/keyed-calls.ts'
const caller = 'rpc/src/peer/caller.ts'
const serve = 'rpc/src/serve.ts'
const rules = 'core/src/store/rules.ts'

export const tellingMistakes: readonly Plant[] = [
  // Keys
  {
    name: 'one key stands for different requests',
    edits: [edit(keyed, 'entry.hash.join() !== hash.join()', 'entry.hash.length !== hash.length')],
  },
  {
    name: 'one key stands for different requests, and the store takes it (pair)',
    edits: [
      edit(keyed, 'entry.hash.join() !== hash.join()', 'entry.hash.length !== hash.length'),
      edit(rules, 'if (!sameOctets(old.hash, hash)) throw', 'if (false as boolean) throw'),
      without.finality,
    ],
  },
  {
    name: 'principals share their keys',
    edits: [edit(keyed, '[principalKey ?? null, service', '[null, service')],
  },
  {
    name: 'calls with one key run side by side',
    edits: [
      edit(keyed, '(running = this.#running.get(id)) !== undefined', '(running = undefined) !== undefined'),
    ],
  },
  {
    name: 'a keyed answer keeps the number of the call it was recorded for',
    edits: [
      edit(
        'rpc/src/peer/answers.ts',
        'const [type, , content] = this.read(octets)\n    return this.#codec.encode([type, id, content])',
        'return this.#codec.encode(this.read(octets))',
      ),
    ],
  },
  {
    name: 'a keyed method has a new key each time',
    edits: [edit(durable, 'incoming.key = key\n', 'incoming.key = `${key}/${ledger.epoch}`\n')],
  },
  {
    name: 'another owner of a key is not looked for again',
    edits: [edit(keyed, 'entry = await this.#entryOf(ledger, hash, key)\n    }', '}')],
  },
  // What is said of the outcome
  {
    name: 'a store that fails before a call that is asked again says: not started',
    edits: [edit(durable, "mayHaveRun ? 'unknown' : 'not-started'", "'not-started'")],
  },
  {
    name: 'a store that fails after a call says: not started',
    edits: [
      edit(
        durable,
        "{ outcome: 'unknown', details: { key }, cause: failure }",
        "{ outcome: 'not-started', details: { key }, cause: failure }",
      ),
    ],
  },
  {
    name: 'a call that is lost with its session says: not started',
    edits: [
      edit(
        caller,
        "delete(id)\n      const outcome = id < this.#sentBelow ? 'unknown' : 'not-started'",
        "delete(id)\n      const outcome = 'not-started'",
      ),
    ],
  },
  {
    name: 'a stream that is lost with its server says: not started',
    edits: [
      edit(
        caller,
        "lost) {\n      const outcome = id < this.#sentBelow ? 'unknown' : 'not-started'",
        "lost) {\n      const outcome = 'not-started'",
      ),
    ],
  },
  {
    name: 'a call that is cancelled says: not started',
    edits: [
      edit(
        'rpc/src/peer/pending.ts',
        "cancelled(reason: unknown, outcome: Outcome = 'unknown')",
        "cancelled(reason: unknown, outcome: Outcome = 'not-started')",
      ),
    ],
  },
  {
    name: 'a call that is late says: not started',
    edits: [
      edit(
        'rpc/src/peer/pending.ts',
        "deadlineExceeded(outcome: Outcome = 'unknown')",
        "deadlineExceeded(outcome: Outcome = 'not-started')",
      ),
    ],
  },
  {
    name: 'deadlines are not kept by the caller',
    edits: [
      edit(
        'rpc/src/peer/pending.ts',
        'const left = Math.max(0, this.deadline - clock.now())',
        'const left = 2e9',
      ),
    ],
  },
  // What is forgotten
  {
    name: 'nobody is told what is settled',
    edits: [edit(caller, '++this.#untold >= rpcLimits.settledCalls', '++this.#untold < 0')],
  },
  {
    name: 'a call that takes a stream counts as settled while it goes on',
    edits: [edit(caller, 'pending instanceof PendingUnary', 'pending.guard.request !== undefined')],
  },
  {
    name: 'calls that go on count as settled',
    edits: [
      edit(caller, 'lowest ?? waiting ?? this.#nextId])', 'this.#nextId + (lowest ?? waiting ?? 0) * 0])'),
    ],
  },
  {
    name: 'what is settled is not forgotten',
    edits: [edit(ledger, 'entries: [entry], forget: this.#forget }', 'entries: [entry], forget: 0 }')],
  },
  {
    name: 'the ledger of a session that was released stays',
    edits: [edit(serve, '!this.#handsOver) void durable.end()', '!this.#handsOver) void durable')],
  },
  {
    name: 'the ledger of a session is ended at a handover',
    edits: [edit(serve, "reason === 'released' && !this.#handsOver", "reason === 'released'")],
  },
]
