// Tables A.12 and A.21: activities.

import {
  a06,
  a12,
  a13,
  a14,
  a16,
  a22,
  a24,
  a26,
  a27,
  a29,
  a30,
  a31,
  a62,
  a63,
  a64,
  a69,
  a70,
} from '../actions.ts'
import {
  p11,
  p16,
  p19,
  p26,
  p27,
  p34,
  p37,
  p38,
  p39,
  p40,
  p41,
  p42,
  p44,
  p45,
  p71,
  p72,
  p177,
  p178,
} from '../predicates.ts'
import { not, type Table } from './table.ts'

/** The cells without symmetric synchronize. */
export const activity: Table = {
  SACTSreq: {
    // Deviation (Annex A): see `blanks` in errata.ts.
    STA15D: [{ to: 'STA15D' }],
    STA713: [{ if: [p45], do: ['AS', a12, a26], to: 'STA713' }],
  },
  SACTRreq: {
    STA15D: [{ to: 'STA15D' }],
    STA713: [{ if: [p45], do: ['AR', a12, a27], to: 'STA713' }],
  },
  SACTIreq: {
    STA04A: [{ if: [p34, p39], do: ['PR-RS', 'AI', a16], to: 'STA05B' }],
    STA04B: [{ if: [p39], do: ['PR-RS', 'AI', a16], to: 'STA05B' }],
    STA11A: [{ if: [p34, p39], do: ['PR-RS', 'AI', a16], to: 'STA05B' }],
    STA15A: [{ if: [p34, p39], do: ['PR-RS', 'AI', a16], to: 'STA05B', after: [a06] }],
    STA15B: [{ if: [p27, p34, p39], do: ['PR-RS', 'AI', a16], to: 'STA05B' }],
    STA15D: [{ to: 'STA15D' }],
    STA20: [{ if: [p34, p11], do: ['PR-RS', 'AI', a16], to: 'STA05B' }],
    STA21: [{ if: [p16], do: ['AI', a16], to: 'STA05B' }],
    STA713: [{ if: [p34, p39], do: ['PR-RS', 'AI', a16], to: 'STA05B' }],
  },
  SACTIrsp: {
    STA11B: [{ do: ['PR-RA', 'AIA', a30], to: 'STA713' }],
    STA15D: [{ to: 'STA15D' }],
  },
  SACTDreq: {
    STA04A: [{ if: [p34, p39], do: ['PR-RS', 'AD', a16], to: 'STA05C' }],
    STA04B: [{ if: [p39], do: ['PR-RS', 'AD', a16], to: 'STA05C' }],
    STA11A: [{ if: [p34, p39], do: ['PR-RS', 'AD', a16], to: 'STA05C' }],
    STA15A: [{ if: [p34, p39], do: ['PR-RS', 'AD', a16], to: 'STA05C', after: [a06] }],
    STA15B: [{ if: [p27, p34, p39], do: ['PR-RS', 'AD', a16], to: 'STA05C' }],
    STA15D: [{ to: 'STA15D' }],
    STA20: [{ if: [p34, p11], do: ['PR-RS', 'AD', a16], to: 'STA05C' }],
    STA713: [{ if: [p34, p39], do: ['PR-RS', 'AD', a16], to: 'STA05C' }],
  },
  SACTDrsp: {
    STA11C: [{ do: ['PR-RA', 'ADA', a30], to: 'STA713' }],
    STA15D: [{ to: 'STA15D' }],
  },
  SACTEreq: {
    STA15B: [{ if: [p71], to: 'STA15B' }],
    STA15D: [{ to: 'STA15D' }],
    STA713: [{ if: [p71], do: ['AE', a13, a24], to: 'STA04B' }],
  },
  SACTErsp: {
    STA10B: [{ do: ['PR-MAA', 'AEA', a14, a22], to: 'STA713' }],
    STA15D: [{ to: 'STA15D' }],
  },
  AS: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA15B: [{ if: [p44], do: ['SACTSind', a12, a26], to: 'STA15B' }],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA713: [{ if: [p44], do: ['SACTSind', a12, a26], to: 'STA713', after: [a06] }],
  },
  AR: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA15B: [{ if: [p44], do: ['SACTRind', a12, a27], to: 'STA15B' }],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA713: [{ if: [p44], do: ['SACTRind', a12, a27], to: 'STA713', after: [a06] }],
  },
  AI: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA05A: [{ if: [p38, p40], do: ['SACTIind', a16], to: 'STA11B' }],
    STA06: [{ if: [p37, p40], do: ['SACTIind', a16], to: 'STA11B' }],
    STA10A: [{ if: [p38, p40], do: ['SACTIind', a16], to: 'STA11B' }],
    STA10B: [{ if: [p38, p40], do: ['SACTIind', a16], to: 'STA11B' }],
    STA15B: [{ if: [p37, p40], do: ['SACTIind', a16], to: 'STA11B' }],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA19: [{ if: [p38, p40], do: ['SACTIind', a16], to: 'STA11B' }],
    STA20: [{ if: [p38, p40], do: ['SACTIind', a16], to: 'STA11B' }],
    STA22: [{ if: [p16], do: ['SACTIind', a16], to: 'STA11B' }],
    // Deviation (Table A.12): see `activity-end-overtaken` in errata.ts.
    STA713: [
      { if: [p38, p40], do: ['SACTIind', a16], to: 'STA11B' },
      { if: [p37, p40, not(p26)], do: ['SACTIind', a16], to: 'STA11B', after: [a06] },
    ],
  },
  AIA: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA05B: [{ if: [p38], do: ['SACTIcnf', a29], to: 'STA713' }],
    STA15C: [{ if: [p37, p42], do: ['SACTIcnf', a29], to: 'STA713', after: [a06] }],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
  },
  AD: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA05A: [{ if: [p38, p40], do: ['SACTDind', a16], to: 'STA11C' }],
    STA06: [{ if: [p37, p40], do: ['SACTDind', a16], to: 'STA11C' }],
    STA10A: [{ if: [p38, p40], do: ['SACTDind', a16], to: 'STA11C' }],
    STA10B: [{ if: [p38, p40], do: ['SACTDind', a16], to: 'STA11C' }],
    STA15B: [{ if: [p37, p40], do: ['SACTDind', a16], to: 'STA11C' }],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA19: [{ if: [p38, p40], do: ['SACTDind', a16], to: 'STA11C' }],
    STA20: [{ if: [p38, p40], do: ['SACTDind', a16], to: 'STA11C' }],
    // Deviation (Table A.12): see `activity-end-overtaken` in errata.ts.
    STA713: [
      { if: [p38, p40], do: ['SACTDind', a16], to: 'STA11C' },
      { if: [p37, p40, not(p26)], do: ['SACTDind', a16], to: 'STA11C', after: [a06] },
    ],
  },
  ADA: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA05C: [{ if: [p38], do: ['SACTDcnf', a29], to: 'STA713' }],
    STA15C: [{ if: [p37, p41], do: ['SACTDcnf', a29], to: 'STA713', after: [a06] }],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
  },
  AE: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA05A: [{ if: [p72], to: 'STA05A' }],
    STA06: [{ if: [p72], to: 'STA06' }],
    STA15B: [{ if: [p72], to: 'STA15B' }],
    STA15C: [{ if: [p72], to: 'STA15C' }],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA19: [{ if: [p72, p19], do: [a31], to: 'STA19' }],
    STA20: [{ if: [p72, p19], do: [a31], to: 'STA20' }],
    STA713: [{ if: [p72, p19], do: ['SACTEind', a13, a31], to: 'STA10B' }],
  },
}

/** The cells that differ, or exist only, with symmetric synchronize. */
export const activitySymmetric: Table = {
  SACTSreq: {
    STA713: [
      { if: [p45, not(p178)], do: ['AS', a12, a26], to: 'STA713' },
      { if: [p45, p178], do: ['AS', a12, a70], to: 'STA713' },
    ],
  },
  SACTRreq: {
    STA713: [
      { if: [p45, not(p178)], do: ['AR', a12, a27], to: 'STA713' },
      { if: [p45, p178], do: ['AR', a12, a69], to: 'STA713' },
    ],
  },
  SACTEreq: {
    STA713: [
      { if: [p71, not(p178)], do: ['AE', a13, a24], to: 'STA04B' },
      { if: [p71, p178], do: ['AE', a13, a63], to: 'STA04B' },
    ],
  },
  SACTErsp: {
    // Deviation (Table A.21): see `activity-end-confirmed` in errata.ts.
    STA10B: [
      { if: [not(p178)], do: ['PR-MAA', 'AEA', a14, a22], to: 'STA713' },
      { if: [p178], do: ['PR-MAA', 'AEA', a14, a63, a64], to: 'STA713' },
    ],
  },
  AS: {
    STA15B: [
      { if: [p44, not(p178)], do: ['SACTSind', a12, a26], to: 'STA15B' },
      { if: [p44, p178], do: ['SACTSind', a12, a70], to: 'STA15B' },
    ],
    STA713: [
      { if: [p44, not(p178)], do: ['SACTSind', a12, a26], to: 'STA713', after: [a06] },
      { if: [p44, p178], do: ['SACTSind', a12, a70], to: 'STA713', after: [a06] },
    ],
  },
  AR: {
    STA15B: [
      { if: [p44, not(p178)], do: ['SACTRind', a12, a27], to: 'STA15B' },
      { if: [p44, p178], do: ['SACTRind', a12, a69], to: 'STA15B' },
    ],
    STA713: [
      { if: [p44, not(p178)], do: ['SACTRind', a12, a27], to: 'STA713', after: [a06] },
      { if: [p44, p178], do: ['SACTRind', a12, a69], to: 'STA713', after: [a06] },
    ],
  },
  AE: {
    STA19: [
      { if: [p72, p19], do: [a31], to: 'STA19' },
      { if: [p72, p177], do: [a62], to: 'STA19' },
    ],
    STA20: [
      { if: [p72, p19], do: [a31], to: 'STA20' },
      { if: [p72, p177], do: [a62], to: 'STA20' },
    ],
    STA713: [
      { if: [p72, p19], do: ['SACTEind', a13, a31], to: 'STA10B' },
      { if: [p72, p177], do: ['SACTEind', a13, a62], to: 'STA10B' },
    ],
  },
}
