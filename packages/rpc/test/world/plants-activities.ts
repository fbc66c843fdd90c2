// Mistakes with activities: their checkpoints, what goes with them, and their connections.
import { edit, without, type Plant } from './plant.ts'

const record = 'rpc/src/activity/record.ts'
const run = 'rpc/src/activity/run.ts'
const runs = 'rpc/src/activity/runs.ts'
const handle = 'rpc/src/activity/handle.ts'
const feed = 'rpc/src/activity/input-feed.ts'
const backlog = 'rpc/src/activity/backlog.ts'
const begun = 'rpc/src/activity/begun.ts'

export const activityMistakes: readonly Plant[] = [
  // Whose it is
  {
    name: 'an activity is not taken over by whoever goes on with it',
    edits: [
      edit(
        runs,
        '? known : await record.take(known)',
        '|| known.attempts > 0 ? known : await record.take(known)',
      ),
    ],
  },
  {
    name: 'a checkpoint of whoever has lost the activity is made',
    edits: [
      edit(
        run,
        'if (!isInstance(thrown, Fenced) && !isInstance(thrown, StoreFailure))',
        'if (isInstance(thrown, Fenced)) return\n        if (!isInstance(thrown, StoreFailure))',
      ),
      without.fence,
    ],
  },
  // What goes with a checkpoint
  {
    name: 'items are not recorded with the checkpoint behind them',
    edits: [
      edit(
        record,
        'const items = [...backlog.items(first, backlog.count), ...held]',
        'const items = [...held]',
      ),
    ],
  },
  {
    name: 'how far the input was taken is not recorded',
    edits: [
      edit(
        record,
        'this.#encoded(state, backlog, held, [inputs])',
        'this.#encoded(state, backlog, held, [[]])',
      ),
    ],
  },
  {
    name: 'input that was sent and not taken counts as taken',
    edits: [
      edit(
        'rpc/src/activity/incoming-activity.ts',
        '[channel, base + consumer.taken]',
        '[channel, base + consumer.received]',
      ),
    ],
  },
  {
    name: 'what a checkpoint does in its transaction is not in it',
    edits: [
      edit(
        record,
        'return entry\n      })\n',
        "return { serial, state: 'started', attempt: 1 }\n      }).then(() => this.#ledger.write(entry))\n",
      ),
    ],
  },
  {
    name: 'an activity that has a checkpoint begins anew',
    edits: [edit(run, 'state === undefined ? undefined : words.readValue(state)', 'undefined')],
  },
  {
    name: 'the result is told before it is recorded',
    edits: [
      edit(
        run,
        'await this.#checkpoints.finish(made.octets)',
        'void this.#checkpoints.finish(made.octets).catch(() => undefined)',
      ),
    ],
  },
  {
    name: 'what was yielded behind the last checkpoint is not recorded with the result',
    edits: [
      edit(
        record,
        'this.#encoded(outcome, backlog, held, [])',
        'this.#encoded(outcome, new Backlog(backlog.count), [], [])',
      ),
    ],
  },
  // What was had
  {
    name: 'what was had before is shown again when it is made again',
    edits: [edit(backlog, 'if (this.#count <= this.#wanted) this.#cursor', 'if (false) this.#cursor')],
  },
  {
    name: 'items that were had on a connection that was lost are asked for again',
    edits: [
      edit(
        handle,
        'this.#base + this.#consumer.received\n    const { allow',
        'this.#base + this.#taken.done\n    const { allow',
      ),
    ],
  },
  {
    name: 'items count as had when they are sent',
    edits: [
      edit(
        backlog,
        'while (gone < this.#cursor && (this.#entries[gone] as Entry).at < position) gone++',
        'gone = this.#cursor',
      ),
    ],
  },
  {
    name: 'a checkpoint is confirmed when its items have come, though nobody has had them',
    edits: [edit(handle, '?? Infinity) <= this.#had) last', '?? Infinity) < Infinity) last')],
  },
  {
    name: 'items count as had when they have come',
    edits: [
      edit(
        handle,
        'get #had(): number {\n    return (this.#base ?? 0) + this.#taken.done',
        'get #had(): number {\n    return (this.#base ?? 0) + this.#consumer.received',
      ),
    ],
  },
  // Input
  {
    name: 'the input goes on where the last connection was',
    edits: [
      edit(
        feed,
        'this.#backlog = new Backlog(position)\n      this.#restart(position)',
        'if (this.#iterator === undefined) this.#restart(position)',
      ),
    ],
  },
  {
    name: 'input is let go of when a connection is lost',
    edits: [edit(feed, 'this.#backlog.resend(position, credit)', 'this.#backlog.seek(position, credit)')],
  },
  // Attempts, and connections
  {
    name: 'an activity that takes its servers down has no end',
    edits: [edit(record, 'return attempts > rpcLimits.activityAttempts', 'return attempts > 1000')],
  },
  {
    name: 'a checkpoint does not count as getting further',
    edits: [edit(record, 'this.#ledger.headAlong = this.#attempts === 0 ? undefined : this.#head(0)', '')],
  },
  {
    name: 'an activity that is lost with its server begins anew where nobody knows of it',
    edits: [
      edit(begun, 'this.#isKnown || isElsewhere ? beginMode.known : this.#firstMode', 'this.#firstMode'),
    ],
  },
  {
    name: 'an activity that may have run says: not started',
    edits: [edit(begun, "error.outcome !== 'not-started' || !this.#mayHave", "error.outcome !== ''")],
  },
  {
    name: 'the silence of the connection of an activity is not noticed',
    edits: [edit('rpc/src/activity/watch.ts', 'return this.#watched.giveUp()', 'return')],
  },
  {
    name: 'nobody answers whether the other side of an activity is there',
    edits: [
      edit('rpc/src/activity/link.ts', 'else if (this.#watch === undefined) this.control(message)', ''),
    ],
  },
  {
    name: 'an activity is left alone when its server closes',
    edits: [
      edit(
        runs,
        "run.stop('interrupt', reason)\n    await Promise.all(runs.map((run) => run.ended))",
        'void [run, reason]',
      ),
    ],
  },
]
