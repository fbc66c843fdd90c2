// Tables A.9 and A.18: data transfer.

import { a10 } from '../actions.ts'
import { p03, p04, p05, p06, p07, p08, p09, p10, p184, p185, p186, p70 } from '../predicates.ts'
import { not, type Table } from './table.ts'

/** The cells without symmetric synchronize. */
export const dataTransfer: Table = {
  SDTreq: {
    STA09: [{ if: [p04], do: ['DT'], to: 'STA09' }],
    STA10A: [{ if: [p03], do: ['DT'], to: 'STA10A' }],
    STA10B: [{ if: [p03], do: ['DT'], to: 'STA10B' }],
    STA15B: [{ if: [p03], to: 'STA15B' }],
    STA15D: [{ to: 'STA15D' }],
    STA18: [{ if: [p70], do: ['DT'], to: 'STA18' }],
    STA713: [{ if: [p03], do: ['DT'], to: 'STA713' }],
  },
  STDreq: {
    STA09: [{ if: [p07], do: ['TD'], to: 'STA09' }],
    STA10A: [{ if: [p06], do: ['TD'], to: 'STA10A' }],
    STA10B: [{ if: [p06], do: ['TD'], to: 'STA10B' }],
    STA15B: [{ if: [p06], to: 'STA15B' }],
    STA15D: [{ to: 'STA15D' }],
    STA18: [{ if: [p06], do: ['TD'], to: 'STA18' }],
    STA713: [{ if: [p06], do: ['TD'], to: 'STA713' }],
  },
  SEXreq: {
    STA09: [{ if: [p09], do: ['EX'], to: 'STA09' }],
    STA10A: [{ if: [p08], do: ['EX'], to: 'STA10A' }],
    STA10B: [{ if: [p08], do: ['EX'], to: 'STA10B' }],
    STA15B: [{ if: [p08], to: 'STA15B' }],
    STA15D: [{ to: 'STA15D' }],
    STA18: [{ if: [p08], do: ['EX'], to: 'STA18' }],
    STA713: [{ if: [p08], do: ['EX'], to: 'STA713' }],
  },
  DT: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA03: [{ if: [p05, p10], do: ['SDTind'], to: 'STA03' }],
    STA04A: [{ if: [p05], do: ['SDTind'], to: 'STA04A' }],
    STA04B: [{ if: [p05], do: ['SDTind'], to: 'STA04B' }],
    STA05A: [
      { if: [p05, p185], to: 'STA05A' },
      { if: [p05, not(p185)], do: ['SDTind'], to: 'STA05A' },
    ],
    STA05B: [{ if: [p05], to: 'STA05B' }],
    STA05C: [{ if: [p05], to: 'STA05C' }],
    STA06: [
      { if: [p05, p185], to: 'STA06' },
      { if: [p05, not(p185)], do: ['SDTind'], to: 'STA06' },
    ],
    STA11A: [{ if: [p05, not(p185)], do: ['SDTind'], to: 'STA11A' }],
    STA15A: [{ if: [p05], do: ['SDTind'], to: 'STA15A' }],
    STA15B: [
      { if: [p05, p185], to: 'STA15B' },
      { if: [p05, not(p185)], do: ['SDTind'], to: 'STA15B' },
    ],
    STA15C: [
      { if: [p05, p185], to: 'STA15C' },
      { if: [p05, not(p185)], do: ['SDTind'], to: 'STA15C' },
    ],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA18: [{ if: [p70], do: ['SDTind'], to: 'STA18' }],
    STA19: [{ to: 'STA19' }],
    STA20: [{ if: [p05], to: 'STA20' }],
    STA21: [{ if: [p70], do: ['SDTind'], to: 'STA21' }],
    STA713: [{ if: [p05], do: ['SDTind'], to: 'STA713' }],
  },
  TD: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA03: [{ if: [p06, p10], do: ['STDind'], to: 'STA03' }],
    STA04A: [{ if: [p06], do: ['STDind'], to: 'STA04A' }],
    STA04B: [{ if: [p06], do: ['STDind'], to: 'STA04B' }],
    STA05A: [
      { if: [p06, p185], to: 'STA05A' },
      { if: [p06, not(p185)], do: ['STDind'], to: 'STA05A' },
    ],
    STA05B: [{ if: [p06], to: 'STA05B' }],
    STA05C: [{ if: [p06], to: 'STA05C' }],
    STA06: [
      { if: [p06, p185], to: 'STA06' },
      { if: [p06, not(p185)], do: ['STDind'], to: 'STA06' },
    ],
    // Deviation (Table A.9): blank in print, but there with symmetric synchronize.
    STA11A: [{ if: [p06, not(p185)], do: ['STDind'], to: 'STA11A' }],
    STA15A: [{ if: [p06], do: ['STDind'], to: 'STA15A' }],
    STA15B: [
      { if: [p06, p185], to: 'STA15B' },
      { if: [p06, not(p185)], do: ['STDind'], to: 'STA15B' },
    ],
    STA15C: [
      { if: [p06, p185], to: 'STA15C' },
      { if: [p06, not(p185)], do: ['STDind'], to: 'STA15C' },
    ],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA18: [{ if: [p06], do: ['STDind'], to: 'STA18' }],
    STA19: [{ if: [p06], to: 'STA19' }],
    STA20: [{ if: [p06], to: 'STA20' }],
    STA21: [{ if: [p06], do: ['STDind'], to: 'STA21' }],
    STA713: [{ if: [p06], do: ['STDind'], to: 'STA713' }],
  },
  EX: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA02A: [{ do: [a10], to: 'STA02A' }],
    STA03: [{ if: [p09], do: ['SEXind'], to: 'STA03' }],
    STA04A: [{ if: [p08], do: ['SEXind'], to: 'STA04A' }],
    STA04B: [{ if: [p08], do: ['SEXind'], to: 'STA04B' }],
    STA05A: [
      { if: [p08, p185], to: 'STA05A' },
      { if: [p08, not(p185)], do: ['SEXind'], to: 'STA05A' },
    ],
    STA05B: [{ if: [p08], to: 'STA05B' }],
    STA05C: [{ if: [p08], to: 'STA05C' }],
    STA06: [{ if: [p08], do: [a10], to: 'STA06' }],
    STA11A: [{ if: [p08, not(p185)], do: ['SEXind'], to: 'STA11A' }],
    STA15A: [{ if: [p08], do: [a10], to: 'STA15A' }],
    // Deviation (Table A.9): blank in print, but there with symmetric synchronize.
    STA15B: [{ if: [p08, not(p185)], do: [a10], to: 'STA15B' }],
    STA15C: [{ if: [p08], do: [a10], to: 'STA15C' }],
    STA16: [{ to: 'STA16' }],
    STA18: [{ if: [p08], do: ['SEXind'], to: 'STA18' }],
    STA19: [{ if: [p08], to: 'STA19' }],
    STA20: [{ if: [p08], to: 'STA20' }],
    STA21: [{ if: [p08], do: ['SEXind'], to: 'STA21' }],
    STA713: [{ if: [p08], do: ['SEXind'], to: 'STA713' }],
  },
}

/** The cells that differ, or exist only, with symmetric synchronize. */
export const dataTransferSymmetric: Table = {
  SDTreq: {
    STA05A: [{ if: [p03, not(p186)], do: ['DT'], to: 'STA05A' }],
    STA06: [
      { if: [p03, p184, p186], to: 'STA06' },
      { if: [p03, p184, not(p186)], do: ['DT'], to: 'STA06' },
    ],
    STA11A: [{ if: [p03, not(p186)], do: ['DT'], to: 'STA11A' }],
    STA15B: [
      { if: [p03, p186], to: 'STA15B' },
      { if: [p03, not(p186)], do: ['DT'], to: 'STA15B' },
    ],
    STA15C: [{ if: [p03, not(p186)], do: ['DT'], to: 'STA15C' }],
  },
  STDreq: {
    STA05A: [{ if: [p06, not(p186)], do: ['TD'], to: 'STA05A' }],
    STA06: [
      { if: [p06, p184, p186], to: 'STA06' },
      { if: [p06, p184, not(p186)], do: ['TD'], to: 'STA06' },
    ],
    STA11A: [{ if: [p06, not(p186)], do: ['TD'], to: 'STA11A' }],
    STA15B: [
      { if: [p06, p186], to: 'STA15B' },
      { if: [p06, not(p186)], do: ['TD'], to: 'STA15B' },
    ],
    STA15C: [{ if: [p06, not(p186)], do: ['TD'], to: 'STA15C' }],
  },
  SEXreq: {
    STA05A: [{ if: [p08, not(p186)], do: ['EX'], to: 'STA05A' }],
    STA06: [
      { if: [p08, p184, p186], to: 'STA06' },
      { if: [p08, p184, not(p186)], do: ['EX'], to: 'STA06' },
    ],
    STA11A: [{ if: [p08, not(p186)], do: ['EX'], to: 'STA11A' }],
    STA15B: [
      { if: [p08, p186], to: 'STA15B' },
      { if: [p08, not(p186)], do: ['EX'], to: 'STA15B' },
    ],
    STA15C: [{ if: [p08, not(p186)], do: ['EX'], to: 'STA15C' }],
  },
}
