// What is held against the history of a world: whether what clients were told is true, and whether it could
// not have been better.
import type { SessionEnd } from '@parley/core'
import type { Customer } from './customer.ts'
import { isFinal, itemTime, wordsOf, type Ask, type Call, type Kind } from './history.ts'
import { hasRun, isResumed, isStuck, loadProblem } from './loads.ts'
import type { Odds } from './odds.ts'
import type { World } from './world.ts'

const streams: ReadonlySet<Kind> = new Set(['items', 'sum', 'echo'])

/** What is wrong with what a client was told just now. */
export function answerProblem(world: World, ask: Ask): string | undefined {
  const { call, error, value } = ask
  if (error === undefined) return resultProblem(world, ask, value ?? '')
  if (!isAllowed(world, ask)) return 'there is no reason for this'
  if (error.outcome !== 'executed') return undefined
  // An activity comes to its end, good or bad, behind all of its items.
  if (call.kind === 'load' && !isWhole(ask)) return `the stream is not whole: ${ask.items.join()}`
  return executedProblem(world, call, error.message)
}

function resultProblem(world: World, ask: Ask, value: string): string | undefined {
  const { call, items, deadline, settled } = ask
  const { kind, order, runs, rival } = call
  // Whoever reads the items of an activity may have some left when it is over.
  const reads = kind === 'load' ? itemTime * items.length : 0
  if (deadline !== undefined && (settled ?? 0) > deadline + 1 + reads) return 'a result after the deadline'
  if (kind === 'items' || kind === 'echo' || kind === 'load') {
    if (!isWhole(ask)) return `the stream is not whole: ${items.join()}`
    if (kind !== 'load') return undefined
  }
  const run = runs.find(({ tag }) => tag === value)
  if (run === undefined) return 'a result of another call'
  if (rival !== undefined) return 'a key stands for two calls'
  if (run.ended !== 'returned') return 'a result of a run that did not return'
  if (kind === 'sum' && run.received.length !== order.items) return 'a stream argument is not whole'
  if (isRecorded(world, kind) && !world.records.answers.has(value))
    return 'an answer left before it was on record'
  return undefined
}

function executedProblem(world: World, { kind, runs }: Call, message: string): string | undefined {
  const run = runs.find(({ tag }) => message.startsWith(`${tag} `))
  if (run?.ended !== 'threw') return 'an error of no run'
  if (isRecorded(world, kind) && !world.records.answers.has(run.tag))
    return 'an error left before it was on record'
  return undefined
}

function isRecorded({ odds }: World, kind: Kind): boolean {
  return odds.durable && kind !== 'query' && kind !== 'items' && kind !== 'echo'
}

/** Whether, with what has befallen so far, a call of this kind may end with this error. */
function isAllowed(world: World, ask: Ask): boolean {
  const { trouble, odds } = world
  const { call, error, deadline, settled = 0 } = ask
  const { kind, order } = call
  const anyOf = (...causes: Parameters<typeof trouble.has>[0][]): boolean =>
    causes.some((cause) => trouble.has(cause))
  switch (error?.code) {
    case 'FAILED_PRECONDITION':
      return order.ends === 'refuses' && error.outcome === 'executed'
    case 'PERMISSION_DENIED':
      // Each connection of an activity is let in for itself.
      return kind === 'load' && world.revoked.has(call.principal)
    case 'INTERNAL':
      return order.ends === 'throws' && error.outcome === 'executed'
    case 'KEY_CONFLICT':
      return call.rival !== undefined && error.outcome === 'not-started'
    case 'CANCELLED':
      return ask.cancelled
    case 'DEADLINE_EXCEEDED':
      return deadline !== undefined && settled >= deadline - 1
    case 'POISONED':
      // Of a server that began, and did not live to run it, as well.
      if (kind === 'load') return anyOf('loss') && isStuck(world, call)
      return anyOf('loss') && kind !== 'once' && kind !== 'named'
    case 'ABORTED':
      // What a process asked for that has died since may have waited for a store that long.
      return kind === 'load' && call.asks.some((other) => other !== ask && other.abandoned)
    case 'RESUME_LOST':
      // Where nothing outlives a server, what it worked on is lost with it.
      if (kind !== 'load' || error.outcome !== 'unknown') return false
      // Or it never came to a server that could have begun it.
      return (
        (!odds.durable && (isResumed(ask) || anyOf('loss', 'drain', 'handover'))) ||
        // Or whoever began it gave it up, and died before it was told.
        call.asks.some((other) => other !== ask && other.cancelled) ||
        (ask.base === 0 && isResumed(ask) && !hasRun(call))
      )
    case 'UNKNOWN_OUTCOME':
      if (kind === 'load') return false
      if (streams.has(kind)) return kind === 'sum' && anyOf('store')
      if (anyOf('store')) return true
      // One that was given up after its record was made, and before it ran, looks as if it might have.
      if (kind === 'named' && call.asks.some((other) => other !== ask && isGivenUp(other))) return true
      // At two servers at once only one of those who ask with a key is told its outcome.
      if (isContested(call, odds.servers)) return true
      return anyOf('loss') && (!odds.durable || kind === 'once' || kind === 'named')
    case 'UNAVAILABLE':
      // It comes back by itself for as long as its session is there, and may be without a connection.
      if (kind === 'load')
        return world.closing || anyOf('end') || (isShort(odds) && anyOf('store', 'drain', 'loss', 'network'))
      if (error.outcome === 'not-started') return anyOf('store', 'end', 'drain', 'loss')
      if (anyOf('end', 'store') || isContested(call, odds.servers)) return true
      if (streams.has(kind)) return anyOf('loss', 'drain') || (isShort(odds) && anyOf('network'))
      return anyOf('loss') && anyOf('drain')
    default:
      return false
  }
}

/** True for a call with a key that was asked for more than once, where there are servers to ask. */
function isContested({ kind, asks }: Call, servers: number): boolean {
  return kind === 'named' && asks.length > 1 && servers > 1
}

function isGivenUp({ error }: Ask): boolean {
  return error?.code === 'CANCELLED' || error?.code === 'DEADLINE_EXCEEDED'
}

/** What is wrong with how a session ended for a client. */
export function endProblem(world: World, { name, principal }: Customer, end: SessionEnd): string | undefined {
  const { trouble, odds, revoked } = world
  const isRevoked = revoked.has(principal)
  const problem = `the session of ${name} ended: ${end.reason} by ${end.by} (${end.message})`
  switch (end.reason) {
    case 'released':
      return world.closing || trouble.has('drain') || isShort(odds) || isRevoked ? undefined : problem
    case 'aborted':
      return trouble.has('drain') || trouble.has('handover') ? undefined : problem
    case 'refused':
    case 'unknown':
      return isRevoked || isShort(odds) ? undefined : problem
    case 'expired':
      return isShort(odds) ? undefined : problem
    default:
      return problem
  }
}

function isShort({ limits }: Odds): boolean {
  return limits.timeToLive === SHORT_LIFE
}

const SHORT_LIFE = 3000

/** What is wrong with how a session ended for its server: whatever befalls, nobody breaks the protocol. */
export function servedEndProblem({ reason, by, message }: SessionEnd): string | undefined {
  const usual = ['released', 'aborted', 'expired', 'peer-unspecified']
  return usual.includes(reason) ? undefined : `a served session ended: ${reason} by ${by} (${message})`
}

/** What is wrong with all of it, in the end. */
export function historyProblem(world: World): string | undefined {
  for (const call of world.history.calls) {
    const problem = callProblem(world, call)
    if (problem !== undefined) return `${problem}: ${call.asks.map(wordsOf).join(' / ')}`
    for (const ask of call.asks) {
      const wrong = askProblem(world, ask)
      if (wrong !== undefined) return `${wrong}: ${wordsOf(ask)}`
    }
  }
  return undefined
}

function effectsOf({ database }: World, { kind, order, runs }: Call): number {
  if (kind === 'transactional') return database.rows.filter((row) => row.startsWith(`${order.id}#`)).length
  return runs.filter(({ hadEffect }) => hadEffect).length
}

/** What holds for a call, whoever asked for it. */
function callProblem(world: World, call: Call): string | undefined {
  const { kind, runs, asks } = call
  const effects = effectsOf(world, call)
  const lives = new Set(runs.map(({ server }) => server)).size
  if ((kind === 'once' || streams.has(kind)) && runs.length > 1) return 'it ran more than once'
  if (kind === 'named' && runs.length > (world.odds.durable ? 1 : lives)) return 'it ran more than once'
  if (kind === 'load') return loadProblem(world, call)
  if (kind === 'transactional' && effects > 1) return 'it took effect more than once'
  if (kind === 'keyed' && new Set(runs.map(({ key }) => key)).size > 1) return 'it ran with two keys'
  if (world.odds.durable && runs.length > (kind === 'query' ? 4 : 3)) return 'it ran too often'
  const answers = new Set(asks.filter(isFinal).map(({ value, error }) => value ?? error?.message))
  if (world.odds.durable && answers.size > 1) return 'one call has two answers'
  return undefined
}

/** What holds for what one client was told, once nothing more can happen. */
function askProblem(world: World, ask: Ask): string | undefined {
  const { call, error, value } = ask
  const { kind, runs, order } = call
  const effects = effectsOf(world, call)
  const its = runs.filter((run) => run.ask === ask.number)
  const isMutation = kind !== 'query' && kind !== 'items' && kind !== 'echo'
  if (value !== undefined && isMutation && effects < 1) return 'a result, and no effect'
  if (error?.outcome === 'executed' && isMutation && kind !== 'transactional' && effects < 1)
    return 'an error of a run, and no effect'
  if (error?.outcome === 'executed' && kind === 'transactional' && effects > 0)
    return 'it was undone, and took effect'
  if (error?.outcome === 'not-started') {
    const harm = kind === 'transactional' ? effects : its.length
    if (harm > 0) return 'it was not started, and it was'
  }
  if (ask.items.some((item, n) => item !== itemOf(call, ask.base + n)))
    return `items out of order: ${ask.items.join()}`
  const wrong = runs.some(({ received, from }) => received.some((item, n) => item !== `given ${from + n}`))
  if (wrong || ask.items.length > order.items) return 'items of an argument out of order'
  return undefined
}

function isWhole({ call, base, items }: Ask): boolean {
  const whole = Array.from({ length: call.order.items }, (_, n) => itemOf(call, n))
  return items.join() === whole.slice(base).join()
}

function itemOf({ kind, order }: Call, n: number): string {
  return kind === 'echo' ? `given ${n}` : `${order.id} ${n}`
}
