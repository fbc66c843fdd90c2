// The service of the simulated world: a method of each kind, which does what its order says and leaves its
// mark in the history.
import {
  activity,
  call,
  defineService,
  implement,
  RpcError,
  stream,
  unary,
  type Activity,
  type ImplementedService,
  type Stream,
} from '@parley/rpc'
import type { SimulatedTransaction } from '@parley/core/testing'
import type { History, Order, Run } from './history.ts'
import type { SimulatedProcess } from './process.ts'

type Work = (order: Order) => Promise<string>
type Load = (order: Order, items: Stream<string>) => Activity<string, string>

/** What every server has. */
export const Bank = defineService('bank.v1', {
  query: unary<Work>({ idempotent: true }),
  once: unary<Work>(),
  keyed: unary<Work>({ effect: 'keyed' }),
  sum: unary<(order: Order, items: Stream<string>) => Promise<string>>(),
  items: stream<(order: Order) => Stream<string>>(),
  echo: stream<(order: Order, items: Stream<string>) => Stream<string>>(),
  load: activity<Load>(),
  hidden: activity<Load>({ replay: 'discard' }),
})

/** The part that takes a store with transactions. */
export const Vault = defineService('vault.v1', { transactional: unary<Work>({ effect: 'transactional' }) })

/** Where a service stands. */
export interface Site {
  readonly process: SimulatedProcess
  readonly history: History
  /** Its store is durable, and has transactions. */
  readonly durable: boolean
  readonly wrong: (what: string) => void
  /** From now on no call takes its process down. */
  readonly isAtPeace: () => boolean
}

/** One server's bank. */
export function bankAt(site: Site): ImplementedService {
  const { process } = site
  const work = (order: Order): Promise<string> => {
    const run = begin(site, order)
    return finish(site, order, run, () => (run.hadEffect = true))
  }
  return implement(Bank, {
    query: work,
    once: work,
    keyed: work,
    async sum(order, items) {
      const run = begin(site, order)
      for await (const item of items) run.received.push(item)
      return finish(site, order, run, () => (run.hadEffect = true))
    },
    async *items(order) {
      const run = begin(site, order)
      for (let n = 0; n < order.items; n++) {
        if (order.before > 0) await process.sleep(order.before / 4)
        yield `${order.id} ${n}`
      }
      end(order, run)
    },
    async *echo(order, items) {
      const run = begin(site, order)
      for await (const item of items) {
        run.received.push(item)
        yield item
      }
      end(order, run)
    },
    load: (order, items) => load(site, order, items),
    hidden: (order, items) => load(site, order, items),
  })
}

/** Goes on from its last checkpoint; every second one of them is made in a transaction, with a row of it. */
async function* load(site: Site, order: Order, items: Stream<string>): AsyncGenerator<string, string> {
  const { process, wrong, durable } = site
  const checkpoint = call().checkpoint<number>()
  const run = begin(site, order)
  let done = (run.from = checkpoint.from ?? 0)
  run.over = false
  try {
    for await (const item of items) {
      if (item !== `given ${done}`) wrong(`${run.tag} is given ${item}, and is at ${done}`)
      run.received.push(item)
      if (order.before > 0) await process.sleep(order.before / 4)
      yield `${order.id} ${done}`
      done += 1
      if (done % 2 === 0)
        await checkpoint.commit(done, durable && done % 4 === 0 ? row(order, done) : undefined)
      // Every second one that takes its process down has got further.
      if (done - run.from === 1 + 2 * (run.number % 2) && isLethal(site, order)) process.crash()
    }
    return await finish(site, order, run, () => (run.hadEffect = true))
  } finally {
    run.over = true
  }
}

function row({ id }: Order, done: number): (transaction: unknown) => void {
  return (transaction) => (transaction as SimulatedTransaction).insert(`${id}@${done}`)
}

/** True while its runs take their process down; what goes on from its checkpoints is given more attempts. */
function isLethal({ history, isAtPeace }: Site, { id, lethal }: Order): boolean {
  const { kind, runs = [] } = history.find(id) ?? {}
  return runs.length <= lethal * (kind === 'load' ? 3 : 1) && !isAtPeace()
}

/** One server's vault. */
export function vaultAt(site: Site): ImplementedService {
  return implement(Vault, {
    transactional(order) {
      const run = begin(site, order)
      const transaction = call().transaction as SimulatedTransaction
      return finish(site, order, run, () => transaction.insert(run.tag))
    },
  })
}

function begin({ process, history, wrong }: Site, { id }: Order): Run {
  if (!process.act(`runs ${id}`)) throw new Error('whoever is dead runs nothing')
  const { principal, metadata, key } = call()
  const asked = history.find(id)
  if (asked === undefined) throw new Error(`nobody asked for ${id}`)
  const run = history.run(asked, process.name, Number(metadata.get('ask')), key)
  if (principal !== asked.principal) wrong(`${run.tag} ran for ${String(principal)}, not ${asked.principal}`)
  return run
}

async function finish(site: Site, order: Order, run: Run, effect: () => void): Promise<string> {
  const { process } = site
  if (order.before > 0) await process.sleep(order.before)
  if (process.act(`takes effect ${run.tag}`)) {
    effect()
    if (isLethal(site, order)) process.crash()
  }
  if (order.after > 0) await process.sleep(order.after)
  return end(order, run)
}

function end({ ends }: Order, run: Run): string {
  run.ended = ends === 'returns' ? 'returned' : 'threw'
  if (ends === 'refuses') throw new RpcError('FAILED_PRECONDITION', `${run.tag} refuses`)
  if (ends === 'throws') throw new Error(`${run.tag} throws`)
  return run.tag
}
