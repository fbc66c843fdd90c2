// Tables A.14 and A.23: exceptions.

import { p03, p48, p50, p51, p52 } from '../predicates.ts'
import { not, type Table } from './table.ts'

/** The cells without symmetric synchronize. */
export const exceptions: Table = {
  SUERreq: {
    STA09: [{ if: [p50], do: ['ED'], to: 'STA19' }],
    STA10A: [{ if: [p50], do: ['ED'], to: 'STA19' }],
    STA10B: [{ if: [p50], do: ['ED'], to: 'STA19' }],
    STA15B: [{ if: [p50], to: 'STA15B' }],
    STA15D: [{ to: 'STA15D' }],
    STA713: [{ if: [p50], do: ['ED'], to: 'STA19' }],
  },
  ED: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA03: [{ if: [p52], do: ['SUERind'], to: 'STA20' }],
    STA04A: [
      { if: [p48, p03], do: ['SUERind'], to: 'STA20' },
      { if: [p48, not(p03)], do: ['SUERind'], to: 'STA713' },
    ],
    STA04B: [
      { if: [p48, p03], do: ['SUERind'], to: 'STA20' },
      { if: [p48, not(p03)], do: ['SUERind'], to: 'STA713' },
    ],
    STA05A: [{ if: [p48], to: 'STA05A' }],
    STA05B: [{ if: [p48], to: 'STA05B' }],
    STA05C: [{ if: [p48], to: 'STA05C' }],
    STA06: [{ if: [p48], to: 'STA06' }],
    // Deviation (Table A.14): see `exception-overtaken` in errata.ts.
    STA15B: [{ if: [p48], to: 'STA15B' }],
    STA15C: [{ if: [p48], to: 'STA15C' }],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA19: [{ if: [p50], do: ['SUERind'], to: 'STA19' }],
    STA713: [
      { if: [p50], do: ['SUERind'], to: 'STA713' },
      { if: [p51], do: ['SUERind'], to: 'STA20' },
    ],
  },
  ER: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA03: [{ if: [p52], do: ['SPERind'], to: 'STA20' }],
    STA04A: [
      { if: [p48, p03], do: ['SPERind'], to: 'STA20' },
      { if: [p48, not(p03)], do: ['SPERind'], to: 'STA713' },
    ],
    STA04B: [
      { if: [p48, p03], do: ['SPERind'], to: 'STA20' },
      { if: [p48, not(p03)], do: ['SPERind'], to: 'STA713' },
    ],
    STA05A: [{ if: [p48], to: 'STA05A' }],
    STA05B: [{ if: [p48], to: 'STA05B' }],
    STA05C: [{ if: [p48], to: 'STA05C' }],
    STA06: [{ if: [p48], to: 'STA06' }],
    // Deviation (Table A.14): see `exception-overtaken` in errata.ts.
    STA15B: [{ if: [p48], to: 'STA15B' }],
    STA15C: [{ if: [p48], to: 'STA15C' }],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA19: [{ if: [p50], do: ['SPERind'], to: 'STA19' }],
    STA21: [{ if: [p48], do: ['SPERind'], to: 'STA20' }],
    STA713: [
      { if: [p50], do: ['SPERind'], to: 'STA713' },
      { if: [p51], do: ['SPERind'], to: 'STA20' },
    ],
  },
}
