// How one session is drained: what is in progress is let end, or moves; then the other side is asked for the
// release, as often as it declines; and what is left when the time is over is cut off.
import type { Clock } from '@parley/core'
import type { DrainOptions, SessionDrained } from '../release.ts'
import type { SessionLife } from './session-life.ts'

/** Never rejects. */
export async function drainSession(
  life: SessionLife,
  { reason = 'going down', timeout, handover }: DrainOptions,
): Promise<SessionDrained> {
  const { peer, farewell, activities, ended } = life
  const found = peer.activeCalls
  peer.leave(reason, handover)
  if (handover === true) activities.interrupt(reason)
  const late = lateness(peer.clock, timeout ?? peer.limits.drainTimeout)
  let declined: string | undefined
  if (handover === true && (await Promise.race([ended, late.passed])) !== 'late') {
    late.cancel()
    return { end: 'released', calls: { found, cutOff: 0 }, declined }
  }
  while (handover !== true) {
    if ((await Promise.race([peer.whenQuiet(), late.passed])) === 'late') break
    const reply = await Promise.race([farewell.ask(false, reason), late.passed])
    if (reply === 'late') break
    if (reply?.accepted === true || life.over) {
      await ended
      late.cancel()
      return { end: 'released', calls: { found, cutOff: 0 }, declined }
    }
    declined = reply === undefined ? 'the other side was lost meanwhile' : (reply.reason ?? 'no reason given')
    const again = lateness(peer.clock, peer.limits.drainRetry)
    await Promise.race([again.passed, late.passed, ended])
    again.cancel()
  }
  const cutOff = peer.activeCalls
  // Put down first: that they are gone on with elsewhere then counts as no server's going down.
  await activities.putDown(reason)
  life.abort()
  return { end: 'aborted', calls: { found, cutOff }, declined }
}

/** Time that passes: `passed` resolves when it has, unless it was cancelled before. */
export function lateness(
  clock: Clock,
  milliseconds: number,
): { readonly passed: Promise<'late'>; cancel(): void } {
  let cancel = (): void => undefined
  const passed = new Promise<'late'>((resolve) => {
    const timer = clock.setTimer(milliseconds, () => resolve('late'))
    cancel = () => timer.cancel()
  })
  return { passed, cancel }
}
