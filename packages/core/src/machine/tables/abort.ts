// Tables A.16 and A.25: abort.

import { a03, a04 } from '../actions.ts'
import { p02 } from '../predicates.ts'
import { impossible, not, type Table } from './table.ts'

/** The cells without symmetric synchronize. */
export const abort: Table = {
  SUABreq: {
    STA01B: [{ do: ['TDISreq'], to: 'STA01' }],
    STA02A: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
    STA02B: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
    STA03: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
    STA04A: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
    STA04B: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
    STA05A: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
    STA05B: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
    STA05C: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
    STA06: [{ if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' }],
    STA08: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
    STA09: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
    STA10A: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
    STA10B: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
    STA11A: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
    STA11B: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
    STA11C: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
    STA15A: [{ if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' }],
    STA15B: [{ if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' }],
    STA15C: [{ if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' }],
    STA15D: [{ do: [a04], to: 'STA16' }],
    STA18: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
    STA19: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
    STA20: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
    STA21: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
    STA22: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
    STA713: [
      { if: [not(p02)], do: ['PR-AB', 'AB-nr', a04], to: 'STA16' },
      { if: [p02], do: ['AB-r', a04], to: 'STA01A' },
    ],
  },
  'AB-nr': {
    STA01: impossible,
    STA01A: [{ do: [a03, 'TDISreq'], to: 'STA01' }],
    STA01B: impossible,
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA02A: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA', a04], to: 'STA16' },
    ],
    STA02B: [{ do: ['SxABind', 'TDISreq'], to: 'STA01' }],
    STA03: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA', a04], to: 'STA16' },
    ],
    STA04A: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA', a04], to: 'STA16' },
    ],
    STA04B: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA', a04], to: 'STA16' },
    ],
    STA05A: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA', a04], to: 'STA16' },
    ],
    STA05B: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA', a04], to: 'STA16' },
    ],
    STA05C: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA', a04], to: 'STA16' },
    ],
    STA06: [{ do: ['SxABind', 'TDISreq'], to: 'STA01' }],
    STA08: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA', a04], to: 'STA16' },
    ],
    STA09: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA', a04], to: 'STA16' },
    ],
    STA10A: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA', a04], to: 'STA16' },
    ],
    STA10B: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA', a04], to: 'STA16' },
    ],
    STA11A: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA', a04], to: 'STA16' },
    ],
    STA11B: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA', a04], to: 'STA16' },
    ],
    STA11C: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA', a04], to: 'STA16' },
    ],
    STA15A: [{ do: ['SxABind', 'TDISreq'], to: 'STA01' }],
    STA15B: [{ do: ['SxABind', 'TDISreq'], to: 'STA01' }],
    STA15C: [{ do: ['SxABind', 'TDISreq'], to: 'STA01' }],
    // Deviation (Table A.16): see `abort-awaited` in errata.ts.
    STA15D: [{ do: [a03, 'SxABind', 'TDISreq'], to: 'STA01' }],
    STA16: [{ do: [a03, 'TDISreq'], to: 'STA01' }],
    STA18: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA', a04], to: 'STA16' },
    ],
    STA19: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA', a04], to: 'STA16' },
    ],
    STA20: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA', a04], to: 'STA16' },
    ],
    STA21: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA', a04], to: 'STA16' },
    ],
    STA22: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA', a04], to: 'STA16' },
    ],
    STA713: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA', a04], to: 'STA16' },
    ],
  },
  'AB-r': {
    STA01: impossible,
    STA01A: [{ do: [a03], to: 'STA01C' }],
    STA01B: impossible,
    STA01C: [
      { if: [not(p02)], do: ['TDISreq'], to: 'STA01' },
      { if: [p02], do: ['AA'], to: 'STA01C' },
    ],
    STA01D: [
      { if: [not(p02)], do: ['TDISreq'], to: 'STA01' },
      { if: [p02], do: ['AA'], to: 'STA01C' },
    ],
    STA02A: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
    STA02B: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
    STA03: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
    STA04A: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
    STA04B: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
    STA05A: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
    STA05B: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
    STA05C: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
    STA08: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
    STA09: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
    STA10A: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
    STA10B: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
    STA11A: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
    STA11B: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
    STA11C: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
    STA16: [{ do: [a03, 'TDISreq'], to: 'STA01' }],
    STA18: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
    STA19: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
    STA20: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
    STA21: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
    STA22: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
    STA713: [
      { if: [not(p02)], do: ['SxABind', 'TDISreq'], to: 'STA01' },
      { if: [p02], do: ['SxABind', 'AA'], to: 'STA01C' },
    ],
  },
  AA: {
    STA01: impossible,
    STA01A: [{ do: [a03], to: 'STA01C' }],
    STA01B: impossible,
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA16: [{ do: [a03, 'TDISreq'], to: 'STA01' }],
  },
  // Deviation (Table A.16, PR-AB): see `abort-awaited` in errata.ts.
  'PR-AB': {
    STA01: impossible,
    STA01A: impossible,
    STA01B: impossible,
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: impossible,
    STA02A: [{ do: [a04], to: 'STA15D' }],
    STA02B: impossible,
    STA03: [{ do: [a04], to: 'STA15D' }],
    STA04A: [{ do: [a04], to: 'STA15D' }],
    STA04B: [{ do: [a04], to: 'STA15D' }],
    STA05A: [{ do: [a04], to: 'STA15D' }],
    STA05B: [{ do: [a04], to: 'STA15D' }],
    STA05C: [{ do: [a04], to: 'STA15D' }],
    STA06: [{ do: [a04], to: 'STA15D' }],
    STA08: [{ do: [a04], to: 'STA15D' }],
    STA09: [{ do: [a04], to: 'STA15D' }],
    STA10A: [{ do: [a04], to: 'STA15D' }],
    STA10B: [{ do: [a04], to: 'STA15D' }],
    STA11A: [{ do: [a04], to: 'STA15D' }],
    STA11B: [{ do: [a04], to: 'STA15D' }],
    STA11C: [{ do: [a04], to: 'STA15D' }],
    STA15A: [{ do: [a04], to: 'STA15D' }],
    STA15B: [{ do: [a04], to: 'STA15D' }],
    STA15C: [{ do: [a04], to: 'STA15D' }],
    STA16: [{ do: [a03, 'TDISreq'], to: 'STA01' }],
    STA18: [{ do: [a04], to: 'STA15D' }],
    STA19: [{ do: [a04], to: 'STA15D' }],
    STA20: [{ do: [a04], to: 'STA15D' }],
    STA21: [{ do: [a04], to: 'STA15D' }],
    STA22: [{ do: [a04], to: 'STA15D' }],
    STA713: [{ do: [a04], to: 'STA15D' }],
  },
  TDISind: {
    STA01: impossible,
    STA01A: [{ do: [a03], to: 'STA01' }],
    STA01B: [{ do: ['SPABind'], to: 'STA01' }],
    STA01C: [{ to: 'STA01' }],
    STA01D: [{ to: 'STA01' }],
    STA02A: [{ do: ['SPABind'], to: 'STA01' }],
    STA02B: [{ do: ['SPABind'], to: 'STA01' }],
    STA03: [{ do: ['SPABind'], to: 'STA01' }],
    STA04A: [{ do: ['SPABind'], to: 'STA01' }],
    STA04B: [{ do: ['SPABind'], to: 'STA01' }],
    STA05A: [{ do: ['SPABind'], to: 'STA01' }],
    STA05B: [{ do: ['SPABind'], to: 'STA01' }],
    STA05C: [{ do: ['SPABind'], to: 'STA01' }],
    STA06: [{ do: ['SPABind'], to: 'STA01' }],
    STA08: [{ do: ['SPABind'], to: 'STA01' }],
    STA09: [{ do: ['SPABind'], to: 'STA01' }],
    STA10A: [{ do: ['SPABind'], to: 'STA01' }],
    STA10B: [{ do: ['SPABind'], to: 'STA01' }],
    STA11A: [{ do: ['SPABind'], to: 'STA01' }],
    STA11B: [{ do: ['SPABind'], to: 'STA01' }],
    STA11C: [{ do: ['SPABind'], to: 'STA01' }],
    STA15A: [{ do: ['SPABind'], to: 'STA01' }],
    STA15B: [{ do: ['SPABind'], to: 'STA01' }],
    STA15C: [{ do: ['SPABind'], to: 'STA01' }],
    // Deviation (Table A.16): see `abort-awaited` in errata.ts.
    STA15D: [{ do: [a03, 'SPABind'], to: 'STA01' }],
    STA16: [{ do: [a03], to: 'STA01' }],
    STA18: [{ do: ['SPABind'], to: 'STA01' }],
    STA19: [{ do: ['SPABind'], to: 'STA01' }],
    STA20: [{ do: ['SPABind'], to: 'STA01' }],
    STA21: [{ do: ['SPABind'], to: 'STA01' }],
    STA22: [{ do: ['SPABind'], to: 'STA01' }],
    STA713: [{ do: ['SPABind'], to: 'STA01' }],
  },
  TIM: {
    STA01: impossible,
    STA01A: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01B: impossible,
    STA01C: impossible,
    STA01D: impossible,
    STA02A: impossible,
    STA02B: impossible,
    STA03: impossible,
    STA04A: impossible,
    STA04B: impossible,
    STA05A: impossible,
    STA05B: impossible,
    STA05C: impossible,
    STA06: impossible,
    STA08: impossible,
    STA09: impossible,
    STA10A: impossible,
    STA10B: impossible,
    STA11A: impossible,
    STA11B: impossible,
    STA11C: impossible,
    STA15A: impossible,
    STA15B: impossible,
    STA15C: impossible,
    // Deviation (Table A.16): see `abort-awaited` in errata.ts.
    STA15D: [{ do: ['SPABind', 'TDISreq'], to: 'STA01' }],
    STA16: [{ do: ['TDISreq'], to: 'STA01' }],
    STA18: impossible,
    STA19: impossible,
    STA20: impossible,
    STA21: impossible,
    STA22: impossible,
    STA713: impossible,
  },
}
