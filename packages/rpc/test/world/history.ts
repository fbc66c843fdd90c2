// What the clients asked and were told, and what the servers really did: two accounts of the same calls, kept
// apart, to be held against each other.
import { isRpcError, type Outcome } from '@parley/rpc'

/** The kinds of calls. */
export const kinds = [
  'query',
  'once',
  'keyed',
  'transactional',
  'named',
  'items',
  'sum',
  'echo',
  'load',
] as const

/** `named` is a call with a key of its caller's; the last four have streams, `load` is an activity. */
export type Kind = (typeof kinds)[number]

/** What a call is to do, as its handler is told. A type: an interface is no value that is known to travel. */
export type Order = {
  /** Names the call, in the world and in what is recorded of it. */
  readonly id: string
  /** Milliseconds before and after the effect. */
  readonly before: number
  readonly after: number
  /** How it ends: with a result, an RpcError, or whatever else may be thrown. */
  readonly ends: 'returns' | 'refuses' | 'throws'
  /** How many of its runs take their process down, right after the effect. */
  readonly lethal: number
  /** Items of the streams. */
  readonly items: number
}

/** A call, however often it is asked for. */
export interface Call {
  readonly kind: Kind
  readonly order: Order
  readonly principal: string
  /** What it is asked for by, where it has a key: other principals use the same ones. */
  readonly key: string | undefined
  /** The call that has this one's key by right. */
  readonly rival: Call | undefined
  /** Names an activity that was begun. */
  activity: string | undefined
  readonly asks: Ask[]
  readonly runs: Run[]
}

/** One time that a client asked. */
export interface Ask {
  readonly number: number
  readonly call: Call
  readonly client: string
  readonly invoked: number
  /** When it must have been told at last; undefined without a deadline. */
  readonly deadline: number | undefined
  cancelled: boolean
  /** Its process died first. */
  abandoned: boolean
  readonly items: string[]
  /** Of an activity that is gone on with: the items that were had before. */
  readonly base: number
  settled: number | undefined
  value: string | undefined
  error: { readonly code: string; readonly outcome: Outcome; readonly message: string } | undefined
}

/** One time that a handler ran. */
export interface Run {
  readonly number: number
  /** What its answer can be told by. */
  readonly tag: string
  readonly server: string
  readonly ask: number
  readonly key: string | undefined
  readonly began: number
  readonly received: string[]
  /** Items that runs before had done for good when it began: where an activity goes on from. */
  from: number
  /** An activity's method was left, one way or another; true of all others. */
  over: boolean
  hadEffect: boolean
  ended: 'not yet' | 'returned' | 'threw'
}

/** Milliseconds that some clients take for each item of an activity. */
export const itemTime = 80

/** Both accounts. */
export class History {
  readonly calls: Call[] = []
  readonly asks: Ask[] = []
  readonly #byId = new Map<string, Call>()
  readonly #now: () => number
  #runs = 0

  constructor(now: () => number) {
    this.#now = now
  }

  call(kind: Kind, principal: string, order: Omit<Order, 'id'>, rival?: Call): Call {
    const id = `${kind[0] ?? ''}${this.calls.length}`
    const alike = this.calls.filter((other) => other.kind === kind && other.principal === principal)
    const own = `key ${alike.length}`
    const key = kind === 'named' ? (rival?.key ?? own) : undefined
    const call: Call = {
      kind,
      principal,
      key,
      rival,
      order: { id, ...order },
      activity: undefined,
      asks: [],
      runs: [],
    }
    this.calls.push(call)
    this.#byId.set(id, call)
    return call
  }

  find(id: string): Call | undefined {
    return this.#byId.get(id)
  }

  ask(call: Call, client: string, timeout: number | undefined): Ask {
    const invoked = this.#now()
    const ask: Ask = {
      number: this.asks.length,
      call,
      client,
      invoked,
      deadline: timeout === undefined ? undefined : invoked + timeout,
      cancelled: false,
      abandoned: false,
      items: [],
      base: itemsHad(call),
      settled: undefined,
      value: undefined,
      error: undefined,
    }
    this.asks.push(ask)
    call.asks.push(ask)
    return ask
  }

  run(call: Call, server: string, ask: number, key: string | undefined): Run {
    const number = ++this.#runs
    const run: Run = {
      number,
      tag: `${call.order.id}#${number}`,
      server,
      ask,
      key,
      began: this.#now(),
      received: [],
      from: 0,
      over: true,
      hadEffect: false,
      ended: 'not yet',
    }
    call.runs.push(run)
    return run
  }

  succeeded(ask: Ask, value: string): void {
    ask.settled = this.#now()
    ask.value = value
  }

  failed(ask: Ask, thrown: unknown): void {
    ask.settled = this.#now()
    const { code, outcome, message } = isRpcError(thrown)
      ? thrown
      : { code: 'no RpcError', outcome: 'unknown' as const, message: String(thrown) }
    ask.error = { code, outcome, message }
  }

  /** Asks that wait for their answer. */
  get open(): Ask[] {
    return this.asks.filter(({ settled, abandoned }) => settled === undefined && !abandoned)
  }
}

/** It was told what came of a run. */
export function isFinal({ value, error }: Ask): boolean {
  return value !== undefined || error?.outcome === 'executed'
}

/** An ask in words. */
export function wordsOf({ call, number, client, invoked, settled, value, error }: Ask): string {
  const { order, kind, runs } = call
  const end = error === undefined ? value : `${error.code} ${error.outcome} (${error.message})`
  const did = runs.map((run) => `${run.tag} on ${run.server} ${run.ended}${run.hadEffect ? ' +' : ''}`)
  const when = `${invoked.toFixed(0)} to ${settled?.toFixed(0) ?? 'ever'}`
  return `${kind} ${order.id}, ask ${number} of ${client}, ${when}: ${end ?? 'nothing'} [${did.join('; ')}]`
}

/** Items of an activity that its clients have had, one after the other. */
function itemsHad({ asks }: Call): number {
  const last = asks.at(-1)
  return last === undefined ? 0 : last.base + last.items.length
}
