// What is held against an activity in the end: how often it was begun from where, and that what it did in the
// transactions of its checkpoints it did once.
import { rpcLimits } from '@parley/rpc'
import type { Ask, Call } from './history.ts'
import type { World } from './world.ts'

/** What is wrong with it. */
export function loadProblem(
  { odds, database, trace }: World,
  { order, runs, asks }: Call,
): string | undefined {
  if (!odds.durable) {
    const lives = new Set(runs.map(({ server }) => server)).size
    return lives > 1 ? 'it was begun again where nobody knew of it' : undefined
  }
  const begun = new Map<number, number>()
  for (const { from } of runs) begun.set(from, (begun.get(from) ?? 0) + 1)
  // What is put down in good order was not taken down by it.
  const putDown = (trace.counts.get('drain') ?? 0) + (trace.counts.get('handover') ?? 0)
  if (Math.max(0, ...begun.values()) > rpcLimits.activityAttempts + putDown) return 'it ran too often'
  const rows = database.rows.filter((row) => row.startsWith(`${order.id}@`))
  if (new Set(rows).size < rows.length) return `a checkpoint was made twice: ${rows.join()}`
  if (rows.some((row, n) => row !== `${order.id}@${4 * (n + 1)}`))
    return `checkpoints are amiss: ${rows.join()}`
  const isOver = asks.some(({ value, error }) => value !== undefined || error?.outcome === 'executed')
  if (isOver && rows.length < Math.floor(order.items / 4)) return `a checkpoint was lost: ${rows.join()}`
  return undefined
}

/**
 * True when it was begun from the same place as often as it may, as far as can be seen: a server may have
 * counted that it begins, and not have lived to begin.
 */
export function isStuck({ trouble }: World, { runs, asks }: Call): boolean {
  const last = Math.max(0, ...runs.map(({ from }) => from))
  const since = runs.findLast(({ from }) => from < last)?.began ?? asks[0]?.invoked ?? 0
  const begun = runs.filter(({ from }) => from === last).length
  return begun + trouble.losses.filter((at) => at >= since).length >= rpcLimits.activityAttempts
}

/** True for what goes on with an activity that another process has begun. */
export function isResumed({ call, number }: Ask): boolean {
  return call.asks[0]?.number !== number
}

/** True once a server has worked on it. */
export function hasRun({ runs }: Call): boolean {
  return runs.length > 0
}
