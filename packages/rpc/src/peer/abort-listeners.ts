// One listener for all the calls that a signal can end: Node warns of a leak from the eleventh on.
import type { AbortSignalLike } from '@parley/core'

/** Calls `act` when the signal, which has not done so yet, aborts. Returns what takes that back. */
export function onAbort(signal: AbortSignalLike, act: () => void): () => void {
  const acts = waiting.get(signal) ?? listen(signal)
  acts.add(act)
  return () => {
    if (acts.delete(act) && acts.size === 0 && waiting.get(signal) === acts) forget(signal)
  }
}

interface Waiting extends Set<() => void> {
  tell?: () => void
}

const waiting = new WeakMap<AbortSignalLike, Waiting>()

function listen(signal: AbortSignalLike): Waiting {
  const acts: Waiting = new Set<() => void>()
  acts.tell = () => {
    forget(signal)
    for (const act of acts) act()
  }
  waiting.set(signal, acts)
  signal.addEventListener('abort', acts.tell)
  return acts
}

function forget(signal: AbortSignalLike): void {
  const tell = waiting.get(signal)?.tell
  if (tell !== undefined) signal.removeEventListener('abort', tell)
  waiting.delete(signal)
}
