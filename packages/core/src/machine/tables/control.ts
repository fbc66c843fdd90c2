// Tables A.14 and A.23: giving control, which is every token at once.

import { a06, a11 } from '../actions.ts'
import { p55, p62 } from '../predicates.ts'
import type { Table } from './table.ts'

/** The cells without symmetric synchronize. */
export const control: Table = {
  SCGreq: {
    STA15D: [{ to: 'STA15D' }],
    STA713: [{ if: [p55], do: ['GTC', a11], to: 'STA18' }],
  },
  GTC: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA713: [{ if: [p62], do: ['SCGind', 'GTA', a11], to: 'STA713' }],
  },
  GTA: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA18: [{ to: 'STA713', after: [a06] }],
  },
}
