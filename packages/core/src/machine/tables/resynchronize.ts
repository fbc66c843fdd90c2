// Tables A.11 and A.20: resynchronize.

import { a06, a10, a11, a16, a19, a28, a67, a68, a72 } from '../actions.ts'
import {
  p10,
  p24,
  p25,
  p26,
  p27,
  p28,
  p29,
  p30,
  p32,
  p33,
  p34,
  p35,
  p36,
  p37,
  p41,
  p42,
  p43,
  p49,
  p80,
  p180,
  p187,
} from '../predicates.ts'
import { not, type Table } from './table.ts'

/** The cells without symmetric synchronize. */
export const resynchronize: Table = {
  SRSYNrsp: {
    STA11A: [{ if: [p43], do: ['PR-RA', 'RA', a28, a11], to: 'STA713' }],
    STA15D: [{ to: 'STA15D' }],
  },
  RA: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA05A: [{ if: [p35, p49], do: ['SRSYNcnf', a28, a11], to: 'STA713' }],
    STA15C: [{ if: [p36, p49], do: ['SRSYNcnf', a28, a11], to: 'STA713', after: [a06] }],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
  },
  'PR-RS': {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA02A: [{ do: [a10], to: 'STA02A' }],
    // Deviation (Table A.11): see `prepare-discards` in errata.ts.
    STA03: [{ if: [p10, p80], do: [a67], to: 'STA15B' }],
    // Deviation (Table A.11): see `prepare-discards` in errata.ts.
    STA04A: [{ if: [p80], do: [a67], to: 'STA15B' }],
    // Deviation (Table A.11): see `prepare-discards` in errata.ts.
    STA04B: [{ if: [p80], do: [a67], to: 'STA15B' }],
    // Deviation (Table A.11): see `prepare-discards` in errata.ts.
    STA05A: [{ if: [p80], do: [a67], to: 'STA06' }],
    STA05B: [{ to: 'STA05B' }],
    STA05C: [{ to: 'STA05C' }],
    STA06: [{ do: [a10], to: 'STA06' }],
    // Deviation (Table A.11): see `prepare-discards` in errata.ts.
    STA10A: [{ if: [p80], do: [a67], to: 'STA15B' }],
    // Deviation (Table A.11): see `prepare-discards` in errata.ts.
    STA10B: [{ if: [p80], do: [a67], to: 'STA15B' }],
    // Deviation (Table A.11): see `activity-end-overtaken` in errata.ts.
    STA11B: [{ if: [p37, not(p26)], to: 'STA11B' }],
    // Deviation (Table A.11): see `activity-end-overtaken` in errata.ts.
    STA11C: [{ if: [p37, not(p26)], to: 'STA11C' }],
    STA15A: [{ do: [a10], to: 'STA15A' }],
    STA15C: [{ do: [a10], to: 'STA15C' }],
    STA16: [{ to: 'STA16' }],
    STA18: [{ do: [a10], to: 'STA18' }],
    // Deviation (Table A.11): see `prepare-discards` in errata.ts.
    STA19: [{ if: [p80], do: [a67], to: 'STA15B' }],
    // Deviation (Table A.11): see `prepare-discards` in errata.ts.
    STA20: [{ if: [p80], do: [a67], to: 'STA15B' }],
    // Deviation (Table A.11): see `prepare-discards` in errata.ts.
    STA713: [
      { if: [p26], do: [a67], to: 'STA15B' },
      { if: [not(p26)], do: [a10], to: 'STA713' },
    ],
  },
  'PR-RA': {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA05A: [{ to: 'STA15C' }],
    STA05B: [{ to: 'STA15C' }],
    STA05C: [{ to: 'STA15C' }],
    STA06: [{ do: [a10], to: 'STA06' }],
    STA16: [{ to: 'STA16' }],
  },
}

/** The rows that exist only without symmetric synchronize: one for each type. */
export const resynchronizeByType: Table = {
  'SRSYNreq(a)': {
    STA04A: [{ if: [p28], do: ['PR-RS', 'RS-a', a16], to: 'STA05A' }],
    STA09: [{ if: [p10, p28, not(p34)], do: ['PR-RS', 'RS-a', a16], to: 'STA05A' }],
    STA10A: [{ if: [p28], do: ['PR-RS', 'RS-a', a16], to: 'STA05A' }],
    STA10B: [{ if: [p28], do: ['PR-RS', 'RS-a', a16], to: 'STA05A' }],
    STA11A: [{ if: [p24], do: ['PR-RS', 'RS-a', a16], to: 'STA05A' }],
    STA15A: [{ if: [p28, p30], do: ['PR-RS', 'RS-a', a16], to: 'STA05A', after: [a06] }],
    STA15B: [{ if: [p27, p28], do: ['PR-RS', 'RS-a', a16], to: 'STA06' }],
    STA15D: [{ to: 'STA15D' }],
    STA20: [{ if: [p28], do: ['PR-RS', 'RS-a', a16], to: 'STA05A' }],
    STA713: [{ if: [p29], do: ['PR-RS', 'RS-a', a16], to: 'STA05A' }],
  },
  'SRSYNreq(r)': {
    STA09: [{ if: [p10, p25, not(p34), p33], do: ['PR-RS', 'RS-r', a16], to: 'STA05A' }],
    STA10A: [{ if: [p25, p33], do: ['PR-RS', 'RS-r', a16], to: 'STA05A' }],
    STA10B: [{ if: [p25, p33], do: ['PR-RS', 'RS-r', a16], to: 'STA05A' }],
    STA11A: [{ if: [p24, p33], do: ['PR-RS', 'RS-r', a16], to: 'STA05A' }],
    STA15B: [{ if: [p25, p27, p33], do: ['PR-RS', 'RS-r', a16], to: 'STA06' }],
    STA15D: [{ to: 'STA15D' }],
    STA20: [{ if: [p25, p33], do: ['PR-RS', 'RS-r', a16], to: 'STA05A' }],
    STA713: [{ if: [p25, p26, p33], do: ['PR-RS', 'RS-r', a16], to: 'STA05A' }],
  },
  'SRSYNreq(s)': {
    STA04A: [{ if: [p28], do: ['PR-RS', 'RS-s', a16], to: 'STA05A' }],
    STA09: [{ if: [p10, p25, not(p34)], do: ['PR-RS', 'RS-s', a16], to: 'STA05A' }],
    STA10A: [{ if: [p25], do: ['PR-RS', 'RS-s', a16], to: 'STA05A' }],
    STA10B: [{ if: [p25], do: ['PR-RS', 'RS-s', a16], to: 'STA05A' }],
    STA11A: [{ if: [p24], do: ['PR-RS', 'RS-s', a16], to: 'STA05A' }],
    STA15A: [{ if: [p28, p30], do: ['PR-RS', 'RS-s', a16], to: 'STA05A', after: [a06] }],
    STA15B: [{ if: [p25, p27], do: ['PR-RS', 'RS-s', a16], to: 'STA06' }],
    STA15D: [{ to: 'STA15D' }],
    STA20: [{ if: [p25], do: ['PR-RS', 'RS-s', a16], to: 'STA05A' }],
    STA713: [{ if: [p25, p26], do: ['PR-RS', 'RS-s', a16], to: 'STA05A' }],
  },
  'RS-a': {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA03: [{ if: [p10, not(p34), p35], do: [a19, 'SRSYNind', a16], to: 'STA11A' }],
    STA04A: [{ if: [p35], do: [a19, 'SRSYNind', a16], to: 'STA11A' }],
    STA04B: [{ if: [p35], do: [a19, 'SRSYNind', a16], to: 'STA11A' }],
    STA05A: [
      { if: [not(p24), p35], to: 'STA05A' },
      { if: [p24, p35], do: [a19, 'SRSYNind', a16], to: 'STA11A' },
    ],
    STA05B: [{ if: [p28], to: 'STA05B' }],
    STA05C: [{ if: [p28], to: 'STA05C' }],
    STA06: [
      { if: [not(p24)], to: 'STA05A', after: [a06] },
      { if: [p24], do: [a19, 'SRSYNind', a16], to: 'STA11A', after: [a06] },
    ],
    STA10A: [{ if: [p35], do: [a19, 'SRSYNind', a16], to: 'STA11A' }],
    // Deviation (Table A.11): see `expedited-held` in errata.ts.
    STA15B: [{ if: [p29], do: [a19, 'SRSYNind', a16], to: 'STA11A', after: [a06] }],
    // Deviation (Table A.11): see `resync-overtaken` in errata.ts.
    STA15C: [
      { if: [p28, p41], to: 'STA15C' },
      { if: [p28, p42], to: 'STA15C' },
    ],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA19: [{ if: [p35], do: [a19, 'SRSYNind', a16], to: 'STA11A' }],
    STA20: [{ if: [p35], do: [a19, 'SRSYNind', a16], to: 'STA11A' }],
    STA713: [{ if: [p26, p35], do: [a19, 'SRSYNind', a16], to: 'STA11A' }],
  },
  'RS-r': {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA03: [{ if: [p10, not(p34), p35, p32], do: ['SRSYNind', a16], to: 'STA11A' }],
    STA04A: [{ if: [p32, p35], do: ['SRSYNind', a16], to: 'STA11A' }],
    STA04B: [{ if: [p32, p35], do: ['SRSYNind', a16], to: 'STA11A' }],
    STA05A: [
      { if: [not(p24), p32, p35], to: 'STA05A' },
      { if: [p24, p32, p35], do: ['SRSYNind', a16], to: 'STA11A' },
    ],
    STA05B: [{ if: [p28], to: 'STA05B' }],
    STA05C: [{ if: [p28], to: 'STA05C' }],
    STA06: [
      { if: [not(p24), p32], to: 'STA05A', after: [a06] },
      { if: [p24, p32], do: ['SRSYNind', a16], to: 'STA11A', after: [a06] },
    ],
    // Deviation (Table A.11): see `expedited-held` in errata.ts.
    STA15B: [{ if: [p32, p29], do: ['SRSYNind', a16], to: 'STA11A', after: [a06] }],
    // Deviation (Table A.11): see `resync-overtaken` in errata.ts.
    STA15C: [
      { if: [p28, p41], to: 'STA15C' },
      { if: [p28, p42], to: 'STA15C' },
    ],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA19: [{ if: [p32, p35], do: ['SRSYNind', a16], to: 'STA11A' }],
    STA20: [{ if: [p32, p35], do: ['SRSYNind', a16], to: 'STA11A' }],
    STA713: [{ if: [p32, p26, p35], do: ['SRSYNind', a16], to: 'STA11A' }],
  },
  'RS-s': {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA03: [{ if: [p10, not(p34), p35], do: ['SRSYNind', a16], to: 'STA11A' }],
    STA04A: [{ if: [p35], do: ['SRSYNind', a16], to: 'STA11A' }],
    STA04B: [{ if: [p35], do: ['SRSYNind', a16], to: 'STA11A' }],
    STA05A: [
      { if: [not(p24), p35], to: 'STA05A' },
      { if: [p24, p35], do: ['SRSYNind', a16], to: 'STA11A' },
    ],
    STA05B: [{ if: [p28], to: 'STA05B' }],
    STA05C: [{ if: [p28], to: 'STA05C' }],
    STA06: [
      { if: [not(p24)], to: 'STA05A', after: [a06] },
      { if: [p24], do: ['SRSYNind', a16], to: 'STA11A', after: [a06] },
    ],
    STA10A: [{ if: [p35], do: ['SRSYNind', a16], to: 'STA11A' }],
    // Deviation (Table A.11): see `expedited-held` in errata.ts.
    STA15B: [{ if: [p29], do: ['SRSYNind', a16], to: 'STA11A', after: [a06] }],
    // Deviation (Table A.11): see `resync-overtaken` in errata.ts.
    STA15C: [
      { if: [p28, p41], to: 'STA15C' },
      { if: [p28, p42], to: 'STA15C' },
    ],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA19: [{ if: [p35], do: ['SRSYNind', a16], to: 'STA11A' }],
    STA20: [{ if: [p35], do: ['SRSYNind', a16], to: 'STA11A' }],
    STA713: [{ if: [p26, p35], do: ['SRSYNind', a16], to: 'STA11A' }],
  },
}

/** The cells that differ, or exist only, with symmetric synchronize. */
export const resynchronizeSymmetric: Table = {
  SRSYNreq: {
    STA04A: [{ if: [p28, p180], do: ['PR-RS', 'RS', a16], to: 'STA05A' }],
    STA09: [{ if: [p10, p28, not(p34), p32], do: ['PR-RS', 'RS', a16], to: 'STA05A' }],
    STA10A: [{ if: [p28, p32], do: ['PR-RS', 'RS', a16], to: 'STA05A' }],
    STA10B: [{ if: [p28, p32], do: ['PR-RS', 'RS', a16], to: 'STA05A' }],
    STA11A: [{ if: [p24, p32], do: ['PR-RS', 'RS', a16], to: 'STA05A' }],
    // Deviation (Table A.20): see `resync-symmetric` in errata.ts.
    STA15A: [{ if: [p28, p30, p180], do: ['PR-RS', 'RS', a16], to: 'STA05A', after: [a06] }],
    STA15B: [{ if: [p27, p28, p32], do: ['PR-RS', 'RS', a16], to: 'STA06' }],
    // Deviation (Table A.20): see `resync-symmetric` in errata.ts.
    STA15D: [{ to: 'STA15D' }],
    STA20: [{ if: [p28, p32], do: ['PR-RS', 'RS', a16], to: 'STA05A' }],
    STA713: [{ if: [p29, p32], do: ['PR-RS', 'RS', a16], to: 'STA05A' }],
  },
  SRSYNrsp: {
    STA11A: [
      { if: [p43], do: ['PR-RA', 'RA', a28, a11], to: 'STA713' },
      { if: [p187], do: ['PR-RA', 'RA', a68, a11], to: 'STA713' },
    ],
  },
  RS: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    // Deviation (Table A.20): see `resync-symmetric` in errata.ts.
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA03: [{ if: [p10, not(p34), p35, p32], do: [a19, 'SRSYNind', a16], to: 'STA11A' }],
    STA04A: [{ if: [p35, p32], do: [a19, 'SRSYNind', a16], to: 'STA11A' }],
    STA04B: [{ if: [p35, p32], do: [a19, 'SRSYNind', a16], to: 'STA11A' }],
    STA05A: [
      { if: [not(p24), p35, p32], to: 'STA05A', after: [a72] },
      { if: [p24, p35, p32], do: [a19, 'SRSYNind', a16], to: 'STA11A' },
    ],
    // Deviation (Table A.20): see `resync-symmetric` in errata.ts.
    STA05B: [{ if: [p28], to: 'STA05B' }],
    // Deviation (Table A.20): see `resync-symmetric` in errata.ts.
    STA05C: [{ if: [p28], to: 'STA05C' }],
    STA06: [
      { if: [not(p24), p32], to: 'STA05A', after: [a72, a06] },
      { if: [p24, p32], do: [a19, 'SRSYNind', a16], to: 'STA11A', after: [a06] },
    ],
    STA10A: [{ if: [p35, p180], do: [a19, 'SRSYNind', a16], to: 'STA11A' }],
    // Deviation (Table A.11): see `expedited-held` in errata.ts.
    STA15B: [{ if: [p29, p32], do: [a19, 'SRSYNind', a16], to: 'STA11A', after: [a06] }],
    // Deviation (Table A.20): see `resync-overtaken` in errata.ts.
    STA15C: [
      { if: [p28, p41], to: 'STA15C' },
      { if: [p28, p42], to: 'STA15C' },
    ],
    // Deviation (Table A.20): see `resync-symmetric` in errata.ts.
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA19: [{ if: [p35, p32], do: [a19, 'SRSYNind', a16], to: 'STA11A' }],
    STA20: [{ if: [p35, p32], do: [a19, 'SRSYNind', a16], to: 'STA11A' }],
    STA713: [{ if: [p26, p35, p32], do: [a19, 'SRSYNind', a16], to: 'STA11A' }],
  },
  RA: {
    STA05A: [
      { if: [p35, p49], do: ['SRSYNcnf', a28, a11], to: 'STA713' },
      { if: [p35, p187], do: ['SRSYNcnf', a68, a11], to: 'STA713' },
    ],
    STA15C: [
      { if: [p36, p49], do: ['SRSYNcnf', a28, a11], to: 'STA713', after: [a06] },
      { if: [p36, p187], do: ['SRSYNcnf', a68, a11], to: 'STA713', after: [a06] },
    ],
  },
}
