// The names of functional units and tokens in X.215, for the glossary page.

import type { Token, Unit } from '../../src/index.ts'

/** The functional units. */
export const functionalUnitNames: ReadonlyMap<Unit, string> = new Map([
  ['half-duplex', 'half-duplex'],
  ['duplex', 'duplex'],
  ['expedited-data', 'expedited data'],
  ['minor-sync', 'minor synchronize'],
  ['major-sync', 'major synchronize'],
  ['resynchronize', 'resynchronize'],
  ['activities', 'activity management'],
  ['negotiated-release', 'negotiated release'],
  ['capability-data', 'capability data exchange'],
  ['exceptions', 'exceptions'],
  ['typed-data', 'typed data'],
  ['symmetric-sync', 'symmetric synchronize'],
  ['data-separation', 'data separation'],
])

/** The tokens, and what a session connection's `turns` calls them. */
export const tokenNames: ReadonlyMap<Token, { readonly standard: string; readonly state: string }> = new Map([
  ['data', { standard: 'data token', state: 'data' }],
  ['minor-sync', { standard: 'synchronize-minor token', state: 'minorSync' }],
  ['major-activity', { standard: 'major/activity token', state: 'majorActivity' }],
  ['release', { standard: 'release token', state: 'release' }],
])
