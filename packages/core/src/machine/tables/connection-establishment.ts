// Tables A.8 and A.17: connection establishment.

import { a01, a02, a03, a04, a05, a06, a11, a50, a51, a71 } from '../actions.ts'
import { p01, p02, p178, p202, p204, p76 } from '../predicates.ts'
import { impossible, not, type Table } from './table.ts'

/** The cells without symmetric synchronize. */
export const connectionEstablishment: Table = {
  SCONreq: {
    STA01: [{ do: ['TCONreq', a02], to: 'STA01B' }],
    STA01C: [
      { if: [p01, p204], do: ['CN'], to: 'STA02B' },
      { if: [p01, not(p204)], do: ['CN'], to: 'STA02A' },
    ],
  },
  'SCONrsp+': {
    STA08: [{ do: ['AC', a05, a11], to: 'STA713' }],
    STA15D: [{ to: 'STA15D' }],
  },
  'SCONrsp-': {
    STA08: [
      { if: [not(p02)], do: ['RF-nr', a04], to: 'STA16' },
      { if: [p02], do: ['RF-r'], to: 'STA01C' },
    ],
    STA15D: [{ do: [a04], to: 'STA16' }],
  },
  TCONind: {
    STA01: [{ do: ['TCONrsp', a01], to: 'STA01C' }],
    STA01A: impossible,
    STA01B: impossible,
    STA01C: impossible,
    STA01D: impossible,
    STA02A: impossible,
    STA02B: impossible,
    STA08: impossible,
    STA15D: impossible,
    STA16: impossible,
  },
  TCONcnf: {
    STA01: impossible,
    STA01A: impossible,
    STA01B: [
      { if: [p204], do: ['CN'], to: 'STA02B' },
      { if: [not(p204)], do: ['CN'], to: 'STA02A' },
    ],
    STA01C: impossible,
    STA01D: impossible,
    STA02A: impossible,
    STA02B: impossible,
    STA08: impossible,
    STA15D: impossible,
    STA16: impossible,
  },
  CN: {
    STA01: impossible,
    STA01A: [{ do: ['TDISreq', a03], to: 'STA01' }],
    STA01B: impossible,
    STA01C: [
      { if: [not(p01), not(p76), p204], do: ['OA', a50], to: 'STA01D' },
      { if: [not(p01), not(p76), not(p204)], do: ['SCONind'], to: 'STA08' },
      { if: [not(p01), p76, not(p02)], do: ['RF-nr', a04], to: 'STA16' },
      { if: [not(p01), p76, p02], do: ['RF-r'], to: 'STA01C' },
      { if: [p01], do: ['TDISreq'], to: 'STA01' },
    ],
    STA16: [{ do: ['TDISreq', a03], to: 'STA01' }],
  },
  OA: {
    STA01: impossible,
    STA01B: impossible,
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA02B: [{ do: ['CDO', a51], to: 'STA02A' }],
    STA15D: [{ to: 'STA15D' }],
  },
  CDO: {
    STA01: impossible,
    STA01B: impossible,
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [
      { if: [not(p202)], do: [a50], to: 'STA01D' },
      { if: [p202], do: ['SCONind'], to: 'STA08' },
    ],
    STA15D: [{ to: 'STA15D' }],
  },
  AC: {
    STA01: impossible,
    STA01A: [{ to: 'STA01A' }],
    STA01B: impossible,
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA02A: [{ do: ['SCONcnf+', a05, a11], to: 'STA713', after: [a06] }],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
  },
  'RF-nr': {
    STA01: impossible,
    STA01A: [{ to: 'STA01A' }],
    STA01B: impossible,
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA02A: [{ do: ['SCONcnf-', 'TDISreq'], to: 'STA01' }],
    STA02B: [{ do: ['SCONcnf-', 'TDISreq'], to: 'STA01' }],
    STA16: [{ to: 'STA16' }],
  },
  'RF-r': {
    STA01: impossible,
    STA01A: [{ to: 'STA01A' }],
    STA01B: impossible,
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA02A: [
      { if: [not(p02)], do: ['SCONcnf-', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SCONcnf-'], to: 'STA01C' },
    ],
    STA02B: [
      { if: [not(p02)], do: ['SCONcnf-', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SCONcnf-'], to: 'STA01C' },
    ],
    STA16: [{ to: 'STA16' }],
  },
}

/** The cells that differ, or exist only, with symmetric synchronize. */
export const connectionEstablishmentSymmetric: Table = {
  'SCONrsp+': {
    STA08: [
      { if: [not(p178)], do: ['AC', a05, a11], to: 'STA713' },
      { if: [p178], do: ['AC', a71, a11], to: 'STA713' },
    ],
  },
  AC: {
    STA02A: [
      { if: [not(p178)], do: ['SCONcnf+', a05, a11], to: 'STA713', after: [a06] },
      { if: [p178], do: ['SCONcnf+', a71, a11], to: 'STA713', after: [a06] },
    ],
  },
}
