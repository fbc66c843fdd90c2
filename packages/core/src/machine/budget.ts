// What a peer may have of this side for nothing: SPDUs that make work and cost their sender none, as a bucket
// that data and time pay back, and minor points that nobody confirms. It counts, and throws SpduError when
// the bucket runs over; it must never cost the data path more than a comparison.

import { SpduError, type SpduType } from '../spdu/index.ts'
import type { Spm } from './spm.ts'

/** Accounts for a whole SPDU of the peer's. Throws SpduError when too many have come for nothing. */
export function account(m: Spm, type: SpduType): void {
  if (type === 'DT' || type === 'TD') earn(m)
  else if (free.has(type)) spend(m, type)
}

/** An SSDU was sent or received: whatever structures a dialogue may come as often as its data. */
export function earn(m: Spm): void {
  if (m.spent > 0) m.spent = Math.max(0, m.spent - 1)
}

/**
 * What the peer can send again and again while this side does nothing, or nothing but answer. The others are
 * answers to what our user asked, need a token that our user gives back (GT, GTC), or end what one of these
 * has begun (AE, AI, AD).
 */
const free: ReadonlySet<SpduType> = new Set<SpduType>([
  'PT',
  'EX',
  'PR',
  'MIP',
  'MAP',
  'RS',
  'ER',
  'ED',
  'AS',
  'AR',
  'CD',
  'FN',
])

function spend(m: Spm, type: SpduType): void {
  const { controlBurst, controlPerSecond } = m.config.limits
  const repaid = (Math.max(0, m.now - m.spentAt) * controlPerSecond) / 1000
  m.spent = Math.max(0, m.spent - repaid) + 1
  m.spentAt = m.now
  if (m.spent <= controlBurst) return
  throw new SpduError(
    'limit',
    `${type}: more than ${controlBurst} SPDUs without data at once, or ${controlPerSecond} a second`,
  )
}

/**
 * The minor points of ours, or else of the peer's, that nobody has confirmed yet. Without symmetric
 * synchronize there is one line for both, and those that may be confirmed are of one side (Vsc).
 */
export function unconfirmed(m: Spm, ours: boolean): number {
  if (m.symmetric) return ours ? m.VMs - m.VAs : m.VMr - m.VAr
  return m.Vsc === ours ? 0 : m.VM - m.VA
}
