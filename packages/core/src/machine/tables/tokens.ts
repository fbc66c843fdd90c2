// Tables A.14 and A.23: tokens and exceptions. Here the token rows GT and PT.

import { a11 } from '../actions.ts'
import { p185, p53, p54, p57, p58, p59, p60, p61 } from '../predicates.ts'
import { not, type Table } from './table.ts'

/** The cells without symmetric synchronize. */
export const tokens: Table = {
  SGTreq: {
    STA04A: [{ if: [p54], do: ['GT', a11], to: 'STA04A' }],
    STA04B: [{ if: [p54], do: ['GT', a11], to: 'STA04B' }],
    STA10A: [{ if: [p54], do: ['GT', a11], to: 'STA10A' }],
    STA10B: [{ if: [p54], do: ['GT', a11], to: 'STA10B' }],
    STA15A: [{ if: [p54], do: ['GT', a11], to: 'STA15A' }],
    STA15B: [{ if: [p54], to: 'STA15B' }],
    STA15D: [{ to: 'STA15D' }],
    STA20: [
      { if: [p57], do: ['GT', a11], to: 'STA20' },
      { if: [p58], do: ['GT', a11], to: 'STA713' },
    ],
    STA713: [{ if: [p54], do: ['GT', a11], to: 'STA713' }],
  },
  SPTreq: {
    STA09: [{ if: [p53], do: ['PT'], to: 'STA09' }],
    STA10A: [{ if: [p53], do: ['PT'], to: 'STA10A' }],
    STA10B: [{ if: [p53], do: ['PT'], to: 'STA10B' }],
    STA15B: [{ if: [p53], to: 'STA15B' }],
    STA15D: [{ to: 'STA15D' }],
    STA22: [{ if: [p53], do: ['PT'], to: 'STA22' }],
    STA713: [{ if: [p53], do: ['PT'], to: 'STA713' }],
  },
  GT: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA04A: [{ if: [p59], do: ['SGTind', a11], to: 'STA04A' }],
    STA04B: [{ if: [p59], do: ['SGTind', a11], to: 'STA04B' }],
    STA05A: [
      { if: [p59, p185], to: 'STA05A' },
      { if: [p59, not(p185)], do: ['SGTind', a11], to: 'STA05A' },
    ],
    STA05B: [{ if: [p59], to: 'STA05B' }],
    STA05C: [{ if: [p59], to: 'STA05C' }],
    STA06: [
      { if: [p59, p185], to: 'STA06' },
      { if: [p59, not(p185)], do: ['SGTind', a11], to: 'STA06' },
    ],
    STA10A: [{ if: [p59], do: ['SGTind', a11], to: 'STA10A' }],
    STA10B: [{ if: [p59], do: ['SGTind', a11], to: 'STA10B' }],
    STA15A: [{ if: [p59], do: ['SGTind', a11], to: 'STA15A' }],
    STA15B: [
      { if: [p59, p185], to: 'STA15B' },
      { if: [p59, not(p185)], do: ['SGTind', a11], to: 'STA15B' },
    ],
    STA15C: [
      { if: [p59, p185], to: 'STA15C' },
      { if: [p59, not(p185)], do: ['SGTind', a11], to: 'STA15C' },
    ],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA19: [
      { if: [p60], do: ['SGTind', a11], to: 'STA19' },
      { if: [p61], do: ['SGTind', a11], to: 'STA713' },
    ],
    STA20: [
      { if: [p60], do: ['SGTind', a11], to: 'STA20' },
      { if: [p61], do: ['SGTind', a11], to: 'STA713' },
    ],
    STA21: [{ if: [p59], do: ['SGTind', a11], to: 'STA21' }],
    STA713: [{ if: [p59], do: ['SGTind', a11], to: 'STA713' }],
  },
  PT: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA03: [{ if: [p53], do: ['SPTind'], to: 'STA03' }],
    STA04A: [{ if: [p53], do: ['SPTind'], to: 'STA04A' }],
    STA04B: [{ if: [p53], do: ['SPTind'], to: 'STA04B' }],
    STA05A: [
      { if: [p53, p185], to: 'STA05A' },
      { if: [p53, not(p185)], do: ['SPTind'], to: 'STA05A' },
    ],
    STA05B: [{ if: [p53], to: 'STA05B' }],
    STA05C: [{ if: [p53], to: 'STA05C' }],
    STA06: [
      { if: [p53, p185], to: 'STA06' },
      { if: [p53, not(p185)], do: ['SPTind'], to: 'STA06' },
    ],
    STA15A: [{ if: [p53], do: ['SPTind'], to: 'STA15A' }],
    STA15B: [
      { if: [p53, p185], to: 'STA15B' },
      { if: [p53, not(p185)], do: ['SPTind'], to: 'STA15B' },
    ],
    STA15C: [
      { if: [p53, p185], to: 'STA15C' },
      { if: [p53, not(p185)], do: ['SPTind'], to: 'STA15C' },
    ],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA18: [{ if: [p53], do: ['SPTind'], to: 'STA18' }],
    STA19: [{ if: [p53], to: 'STA19' }],
    STA20: [{ if: [p53], to: 'STA20' }],
    STA21: [{ if: [p53], do: ['SPTind'], to: 'STA21' }],
    STA713: [{ if: [p53], do: ['SPTind'], to: 'STA713' }],
  },
}
