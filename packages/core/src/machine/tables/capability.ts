// Tables A.13 and A.22: capability data.

import { p26, p46, p47 } from '../predicates.ts'
import { not, type Table } from './table.ts'

/** The cells without symmetric synchronize. */
export const capability: Table = {
  SCDreq: {
    STA15D: [{ to: 'STA15D' }],
    STA713: [{ if: [p47], do: ['CD'], to: 'STA21' }],
  },
  SCDrsp: {
    STA15D: [{ to: 'STA15D' }],
    STA22: [{ do: ['CDA'], to: 'STA713' }],
  },
  CD: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA713: [{ if: [p46], do: ['SCDind'], to: 'STA22' }],
  },
  CDA: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA05B: [{ if: [not(p26)], to: 'STA05B' }],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA21: [{ do: ['SCDcnf'], to: 'STA713' }],
  },
}
