// A mistake that is planted to see whether the simulation finds it: a text of a source file and what is to
// stand in its place. One of two edits or more takes away a defence and what would make up for it.

/** One place in a source. */
export interface Edit {
  /** Below `packages/`. */
  readonly file: string
  /** Stands there once. */
  readonly find: string
  readonly instead: string
}

/** One mistake. */
export interface Plant {
  readonly name: string
  readonly edits: readonly Edit[]
}

/** Makes one. */
export function edit(file: string, find: string, instead: string): Edit {
  return { file, find, instead }
}

const durable = 'rpc/src/durable/durable-calls.ts'
const ledger = 'rpc/src/durable/ledger.ts'
const caller = 'rpc/src/peer/caller.ts'
const resident = 'rpc/src/resident.ts'
const rules = 'core/src/store/rules.ts'

// Defences that are one half of a pair
export const without = {
  finality: edit(rules, "if (old.state !== 'started' || !goesOn) throw", 'if (old.epoch < 0) throw'),
  fence: edit(rules, 'if (change.epoch !== inForce) throw', 'if (change.epoch > inForce) throw'),
  retryUnmarked: edit(caller, 'pending.guard.id < this.#sentBelow],', 'false],'),
  firstTakes: edit(durable, "this.#returning ? 'leave' : 'make'", "'leave'"),
  lateTakes: edit(durable, 'if (!waits()) throw', 'if (false as boolean) throw'),
  abortsFenced: edit(resident, 'this.#connection.forget()', 'this.#connection.abort()'),
  noRetake: edit(ledger, 'if (epoch === this.#epoch) await this.#retake()', ''),
  noTakeAtDoor: edit(durable, 'if (this.#returning) await this.#take(waits)', 'waits()'),
  noTakeAtCall: edit(durable, 'await this.#take()\n', ''),
} as const
