// Tables A.10 and A.19: synchronization points, minor and major.

import {
  a06,
  a13,
  a14,
  a22,
  a23,
  a24,
  a25,
  a31,
  a41,
  a42,
  a43,
  a44,
  a45,
  a62,
  a63,
  a64,
  a65,
  a66,
} from '../actions.ts'
import {
  p10,
  p12,
  p13,
  p14,
  p15,
  p16,
  p17,
  p18,
  p19,
  p20,
  p21,
  p23,
  p26,
  p81,
  p82,
  p173,
  p175,
  p176,
  p177,
  p178,
  p179,
  p184,
  p185,
  p186,
} from '../predicates.ts'
import { not, type Table } from './table.ts'

/** The cells without symmetric synchronize. */
export const synchronize: Table = {
  SSYNmreq: {
    STA15B: [{ if: [p15], to: 'STA15B' }],
    STA15D: [{ to: 'STA15D' }],
    STA713: [{ if: [p15], do: ['MIP', a24], to: 'STA713' }],
  },
  SSYNmdreq: {
    STA15B: [{ if: [p15, p82], to: 'STA15B' }],
    STA15D: [{ to: 'STA15D' }],
    STA713: [{ if: [p15, p82], do: ['MIP', a41, a24], to: 'STA713' }],
  },
  SSYNmrsp: {
    STA09: [{ if: [p18, p21], do: ['MIA', a25], to: 'STA09' }],
    STA10A: [{ if: [p18, not(p20), p21], do: ['MIA', a25], to: 'STA10A' }],
    STA10B: [{ if: [p18, not(p20), p21], do: ['MIA', a25], to: 'STA10B' }],
    STA15B: [{ if: [p18, p21], to: 'STA15B' }],
    STA15D: [{ to: 'STA15D' }],
    STA713: [{ if: [p18, p21], do: ['MIA', a25], to: 'STA713' }],
  },
  SSYNMreq: {
    STA15B: [{ if: [p13], to: 'STA15B' }],
    STA15D: [{ to: 'STA15D' }],
    STA713: [{ if: [p13], do: ['MAP', a13, a24], to: 'STA04A' }],
  },
  SSYNMrsp: {
    STA10A: [{ do: ['PR-MAA', 'MAA', a14, a22], to: 'STA713' }],
    STA15B: [{ to: 'STA15B' }],
    STA15D: [{ to: 'STA15D' }],
  },
  MIP: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA05A: [
      { if: [p14, not(p178), p185], to: 'STA05A' },
      { if: [not(p178), not(p185), p26], do: ['SSYNmind', a23], to: 'STA05A' },
    ],
    STA05B: [{ if: [p14], to: 'STA05B' }],
    STA05C: [{ if: [p14], to: 'STA05C' }],
    // Deviation (Table A.10): see `minor-discarded` in errata.ts.
    STA06: [
      { if: [p14, p185], to: 'STA06' },
      { if: [not(p178), not(p185), p26], do: ['SSYNmind', a23], to: 'STA06' },
    ],
    STA15B: [
      { if: [p14, not(p178), p185], to: 'STA15B' },
      { if: [p14, not(p178), not(p185)], do: ['SSYNmind', a23], to: 'STA15B' },
    ],
    STA15C: [
      { if: [p14, not(p178), p185], to: 'STA15C' },
      { if: [p14, not(p178), not(p185)], do: ['SSYNmind', a23], to: 'STA15C' },
    ],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA19: [{ if: [p14, p19], do: [a23], to: 'STA19' }],
    STA20: [{ if: [p14, p19], do: [a23], to: 'STA20' }],
    STA713: [{ if: [p14, p19], do: ['SSYNmind', a23], to: 'STA713' }],
  },
  'MIP-d': {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    // Deviation (Table A.10): see `minor-discarded` in errata.ts.
    STA05A: [
      { if: [p14, p82, p185], do: [a44], to: 'STA05A' },
      { if: [p82, not(p178), not(p185), p26], do: ['SSYNmind', a44, a23], to: 'STA05A' },
    ],
    STA05B: [{ if: [p14, p82], do: [a44], to: 'STA05B' }],
    STA05C: [{ if: [p14, p82], do: [a44], to: 'STA05C' }],
    // Deviation (Table A.10): see `minor-discarded` in errata.ts.
    STA06: [
      { if: [p14, p82, p185], do: [a44], to: 'STA06' },
      { if: [p82, not(p178), not(p185), p26], do: ['SSYNmind', a44, a23], to: 'STA06' },
    ],
    // Deviation (Annex A): see `blanks` in errata.ts.
    STA15B: [
      { if: [p14, p82, not(p178), p185], do: [a44], to: 'STA15B' },
      { if: [p14, p82, not(p178), not(p185)], do: ['SSYNmind', a44, a23], to: 'STA15B' },
    ],
    STA15C: [
      { if: [p14, p82, not(p178), p185], do: [a44], to: 'STA15C' },
      { if: [p14, p82, not(p178), not(p185)], do: ['SSYNmind', a44, a23], to: 'STA15C' },
    ],
    STA15D: [{ if: [p82], do: [a44], to: 'STA15D' }],
    STA16: [{ if: [p82], do: [a44], to: 'STA16' }],
    STA19: [{ if: [p14, p19, p82], do: [a44, a23], to: 'STA19' }],
    STA20: [{ if: [p14, p19, p82], do: [a44, a23], to: 'STA20' }],
    STA713: [{ if: [p14, p19, p82], do: ['SSYNmind', a44, a23], to: 'STA713' }],
  },
  MIA: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA03: [{ if: [p17, p21], do: ['SSYNmcnf', a25], to: 'STA03' }],
    STA04A: [{ if: [p17, not(p20), p21], do: ['SSYNmcnf', a25], to: 'STA04A' }],
    STA04B: [{ if: [p17, not(p20), p21], do: ['SSYNmcnf', a25], to: 'STA04B' }],
    STA05A: [
      { if: [p17, not(p81)], to: 'STA05A' },
      { if: [p17, p21, p81], do: ['SSYNmcnf', a25], to: 'STA05A' },
    ],
    STA05B: [{ if: [p17], to: 'STA05B' }],
    STA05C: [{ if: [p17], to: 'STA05C' }],
    STA06: [
      { if: [p17, not(p81)], to: 'STA06' },
      { if: [p17, p21, p81], do: ['SSYNmcnf', a25], to: 'STA06' },
    ],
    STA15A: [{ if: [p17, not(p20), p21], do: ['SSYNmcnf', a25], to: 'STA15A' }],
    STA15B: [
      { if: [p17, not(p81)], to: 'STA15B' },
      { if: [p17, p21, p81], do: ['SSYNmcnf', a25], to: 'STA15B' },
    ],
    STA15C: [
      { if: [p17, not(p81)], to: 'STA15C' },
      { if: [p17, p21, p81], do: ['SSYNmcnf', a25], to: 'STA15C' },
    ],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA19: [{ if: [p17, p21], do: [a25], to: 'STA19' }],
    STA20: [{ if: [p17, p21], to: 'STA20' }],
    STA713: [{ if: [p17, p21], do: ['SSYNmcnf', a25], to: 'STA713' }],
  },
  MAP: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    // Deviation (Table A.10): see `major-crossing` in errata.ts.
    STA05A: [
      { if: [p12, p185], to: 'STA05A' },
      { if: [p12, not(p178), not(p185)], do: ['SSYNMind', a31], to: 'STA05A' },
    ],
    // Deviation (Table A.10): see `major-crossing` in errata.ts.
    STA06: [
      { if: [p12, p185], to: 'STA06' },
      { if: [p12, not(p178), not(p185)], do: ['SSYNMind', a31], to: 'STA06' },
    ],
    STA15B: [{ if: [p12], to: 'STA15B' }],
    // Deviation (Table A.10): see `major-crossing` in errata.ts.
    STA15C: [
      { if: [p12, p185], to: 'STA15C' },
      { if: [p12, not(p178), not(p185)], do: ['SSYNMind', a31], to: 'STA15C' },
    ],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA19: [{ if: [p12, p19], do: [a31], to: 'STA19' }],
    STA20: [{ if: [p12, p19], do: [a31], to: 'STA20' }],
    STA713: [{ if: [p12, p19], do: ['SSYNMind', a13, a31], to: 'STA10A' }],
  },
  'MAA/AEA': {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA04A: [{ if: [p16, p20], do: ['SSYNMcnf', a14, a22], to: 'STA713' }],
    STA04B: [{ if: [p16, p20], do: ['SACTEcnf', a14, a22], to: 'STA713' }],
    STA05A: [{ do: [a43], to: 'STA05A' }],
    STA05B: [{ do: [a43], to: 'STA05B' }],
    STA05C: [{ do: [a43], to: 'STA05C' }],
    STA06: [{ do: [a43], to: 'STA06' }],
    STA15A: [
      { if: [p20, not(p23)], do: ['SSYNMcnf', a14, a22], to: 'STA713', after: [a06] },
      { if: [p20, p23], do: ['SACTEcnf', a14, a22], to: 'STA713', after: [a06] },
    ],
    STA15B: [{ do: [a43], to: 'STA15B' }],
    STA15C: [{ do: [a43], to: 'STA15C' }],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA20: [{ if: [p20], to: 'STA20' }],
  },
  'PR-MAA': {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA04A: [{ to: 'STA15A' }],
    STA04B: [{ to: 'STA15A' }],
    STA05A: [{ to: 'STA05A' }],
    STA05B: [{ to: 'STA05B' }],
    STA05C: [{ to: 'STA05C' }],
    STA16: [{ to: 'STA16' }],
  },
}

/** The cells that differ, or exist only, with symmetric synchronize. */
export const synchronizeSymmetric: Table = {
  SSYNmreq: {
    // Deviation (Table A.19): see `minor-guards` in errata.ts.
    STA05A: [{ if: [p178, p26, not(p186)], do: ['MIP', a63], to: 'STA05A' }],
    STA06: [
      { if: [p184, p186], to: 'STA06' },
      { if: [p184, not(p186)], do: ['MIP', a63], to: 'STA06' },
    ],
    // Deviation (Table A.19): see `minor-collided` in errata.ts.
    STA09: [{ if: [p10, p178, p26], do: ['MIP', a63], to: 'STA09' }],
    STA10A: [{ if: [p178, p26], do: ['MIP', a63], to: 'STA10A' }],
    STA10B: [{ if: [p178, p26], do: ['MIP', a63], to: 'STA10B' }],
    // Deviation (Table A.19): see `minor-guards` in errata.ts.
    STA11A: [{ if: [p178, p26, not(p186)], do: ['MIP', a63], to: 'STA11A' }],
    // Deviation (Table A.19): see `minor-guards` in errata.ts.
    STA15B: [
      { if: [p15], to: 'STA15B' },
      { if: [p178, p186], to: 'STA15B' },
      { if: [p178, p26, not(p186)], do: ['MIP', a63], to: 'STA15B' },
    ],
    // Deviation (Table A.19): see `minor-guards` in errata.ts.
    STA15C: [{ if: [p178, p26, not(p186)], do: ['MIP', a63], to: 'STA15C' }],
    STA713: [
      { if: [p15], do: ['MIP', a24], to: 'STA713' },
      { if: [p178, p26], do: ['MIP', a63], to: 'STA713' },
    ],
  },
  SSYNmdreq: {
    STA05A: [{ if: [p82, not(p186)], do: ['MIP', a42, a63], to: 'STA05A' }],
    STA06: [
      { if: [p82, p184, p186], to: 'STA06' },
      { if: [p82, p184, not(p186)], do: ['MIP', a42, a63], to: 'STA06' },
    ],
    // Deviation (Table A.19): see `minor-collided` in errata.ts.
    STA09: [{ if: [p10, p82, p178, p26], do: ['MIP', a42, a63], to: 'STA09' }],
    STA10A: [{ if: [p82, p178, p26], do: ['MIP', a42, a63], to: 'STA10A' }],
    STA10B: [{ if: [p82, p178, p26], do: ['MIP', a42, a63], to: 'STA10B' }],
    STA11A: [{ if: [p82, not(p186)], do: ['MIP', a42, a63], to: 'STA11A' }],
    STA15B: [
      { if: [p15, p82], to: 'STA15B' },
      { if: [p82, p178, p186], to: 'STA15B' },
      { if: [p82, not(p186)], do: ['MIP', a42, a63], to: 'STA15B' },
    ],
    STA15C: [{ if: [p82, not(p186)], do: ['MIP', a42, a63], to: 'STA15C' }],
    STA713: [
      { if: [p15, p82], do: ['MIP', a41, a24], to: 'STA713' },
      { if: [p82, p178, p26], do: ['MIP', a42, a63], to: 'STA713' },
    ],
  },
  SSYNmrsp: {
    STA05A: [{ if: [p179, not(p185)], do: ['MIA', a66], to: 'STA05A' }],
    STA06: [
      { if: [p179, p184, p185], to: 'STA06' },
      { if: [p179, p184, not(p185)], do: ['MIA', a66], to: 'STA06' },
    ],
    // Deviation (Table A.19): see `minor-collided` in errata.ts.
    STA09: [
      { if: [p18, p21], do: ['MIA', a25], to: 'STA09' },
      { if: [p10, p18, p179], do: ['MIA', a66], to: 'STA09' },
    ],
    STA10A: [
      { if: [p18, not(p20), p21], do: ['MIA', a25], to: 'STA10A' },
      { if: [p18, not(p175), p179], do: ['MIA', a66], to: 'STA10A' },
    ],
    STA10B: [
      { if: [p18, not(p20), p21], do: ['MIA', a25], to: 'STA10B' },
      { if: [p18, not(p175), p179], do: ['MIA', a66], to: 'STA10B' },
    ],
    STA11A: [{ if: [p179, not(p185)], do: ['MIA', a66], to: 'STA11A' }],
    STA15B: [
      { if: [p18, p21], to: 'STA15B' },
      { if: [p179, p185], to: 'STA15B' },
      { if: [p179, not(p185)], do: ['MIA', a66], to: 'STA15B' },
    ],
    STA15C: [{ if: [p179, not(p185)], do: ['MIA', a66], to: 'STA15C' }],
    STA713: [
      { if: [p18, p21], do: ['MIA', a25], to: 'STA713' },
      { if: [p26, p179], do: ['MIA', a66], to: 'STA713' },
    ],
  },
  SSYNMreq: {
    STA15B: [
      { if: [p13, p186], to: 'STA15B' },
      { if: [p13, not(p186)], do: ['MAP', a63], to: 'STA15B' },
    ],
    STA713: [
      { if: [p13, not(p178)], do: ['MAP', a13, a24], to: 'STA04A' },
      { if: [p13, p178], do: ['MAP', a13, a63], to: 'STA04A' },
    ],
  },
  SSYNMrsp: {
    STA10A: [
      { if: [not(p178)], do: ['PR-MAA', 'MAA', a14, a22], to: 'STA713' },
      { if: [p178], do: ['PR-MAA', 'MAA', a14, a63, a64], to: 'STA713' },
    ],
  },
  MIP: {
    STA03: [{ if: [p178, p26], do: ['SSYNmind', a62], to: 'STA03' }],
    STA04A: [{ if: [p178, p26], do: ['SSYNmind', a62], to: 'STA04A' }],
    STA04B: [{ if: [p178, p26], do: ['SSYNmind', a62], to: 'STA04B' }],
    STA05A: [
      { if: [p14, not(p178), p185], to: 'STA05A' },
      { if: [p178, p185, p26], to: 'STA05A' },
      { if: [p178, not(p185), p26], do: ['SSYNmind', a62], to: 'STA05A' },
      { if: [not(p178), not(p185), p26], do: ['SSYNmind', a23], to: 'STA05A' },
    ],
    STA05B: [
      { if: [p14], to: 'STA05B' },
      { if: [p178], to: 'STA05B' },
    ],
    STA05C: [
      { if: [p14], to: 'STA05C' },
      { if: [p178], to: 'STA05C' },
    ],
    // Deviation (Table A.10): see `minor-discarded` in errata.ts.
    STA06: [
      { if: [p14, p185], to: 'STA06' },
      { if: [p178, p185, p26], to: 'STA06' },
      { if: [p178, not(p185), p26], do: ['SSYNmind', a62], to: 'STA06' },
      { if: [not(p178), not(p185), p26], do: ['SSYNmind', a23], to: 'STA06' },
    ],
    // Deviation (Table A.19): see `minor-guards` in errata.ts.
    STA11A: [{ if: [p26, p178, not(p185)], do: ['SSYNmind', a62], to: 'STA11A' }],
    STA15A: [{ if: [p178], do: ['SSYNmind', a62], to: 'STA15A' }],
    STA15B: [
      { if: [p14, not(p178), p185], to: 'STA15B' },
      { if: [p178, p185], to: 'STA15B' },
      { if: [p178, not(p185)], do: ['SSYNmind', a62], to: 'STA15B' },
      { if: [p14, not(p178), not(p185)], do: ['SSYNmind', a23], to: 'STA15B' },
    ],
    STA15C: [
      { if: [p14, not(p178), p185], to: 'STA15C' },
      { if: [p178, p185], to: 'STA15C' },
      { if: [p178, not(p185)], do: ['SSYNmind', a62], to: 'STA15C' },
      { if: [p14, not(p178), not(p185)], do: ['SSYNmind', a23], to: 'STA15C' },
    ],
    STA19: [
      { if: [p14, p19], do: [a23], to: 'STA19' },
      { if: [p26, p178], do: [a62], to: 'STA19' },
    ],
    STA20: [
      { if: [p14, p19], do: [a23], to: 'STA20' },
      { if: [p26, p178], do: [a62], to: 'STA20' },
    ],
    STA713: [
      { if: [p14, p19], do: ['SSYNmind', a23], to: 'STA713' },
      { if: [p26, p178], do: ['SSYNmind', a62], to: 'STA713' },
    ],
  },
  'MIP-d': {
    // Deviation (Table A.19): see `separation-symmetric` in errata.ts.
    STA03: [{ if: [p82, p178, p26], do: ['SSYNmind', a45, a62], to: 'STA03' }],
    // Deviation (Table A.19): see `separation-symmetric` in errata.ts.
    STA04A: [{ if: [p82, p178, p26], do: ['SSYNmind', a45, a62], to: 'STA04A' }],
    // Deviation (Table A.19): see `separation-symmetric` in errata.ts.
    STA04B: [{ if: [p82, p178, p26], do: ['SSYNmind', a45, a62], to: 'STA04B' }],
    // Deviation (Table A.10): see `minor-discarded` in errata.ts.
    STA05A: [
      { if: [p14, p82, p185], do: [a44], to: 'STA05A' },
      { if: [p82, p178, p185, p26], do: [a45], to: 'STA05A' },
      { if: [p82, p178, not(p185), p26], do: ['SSYNmind', a45, a62], to: 'STA05A' },
      { if: [p82, not(p178), not(p185), p26], do: ['SSYNmind', a44, a23], to: 'STA05A' },
    ],
    // Deviation (Table A.19): see `separation-symmetric` in errata.ts.
    STA05B: [
      { if: [p14, p82], do: [a44], to: 'STA05B' },
      { if: [p82, p178], do: [a45], to: 'STA05B' },
    ],
    // Deviation (Table A.19): see `separation-symmetric` in errata.ts.
    STA05C: [
      { if: [p14, p82], do: [a44], to: 'STA05C' },
      { if: [p82, p178], do: [a45], to: 'STA05C' },
    ],
    // Deviation (Table A.10): see `minor-discarded` in errata.ts.
    STA06: [
      { if: [p14, p82, p185], do: [a44], to: 'STA06' },
      { if: [p82, p178, p185, p26], do: [a45], to: 'STA06' },
      { if: [p82, p178, not(p185), p26], do: ['SSYNmind', a45, a62], to: 'STA06' },
      { if: [p82, not(p178), not(p185), p26], do: ['SSYNmind', a44, a23], to: 'STA06' },
    ],
    // Deviation (Annex A): see `blanks` in errata.ts.
    STA11A: [{ if: [p82, p178, not(p185), p26], do: ['SSYNmind', a45, a62], to: 'STA11A' }],
    // Deviation (Table A.19): see `separation-symmetric` in errata.ts.
    STA15A: [{ if: [p82, p178], do: ['SSYNmind', a45, a62], to: 'STA15A' }],
    // Deviation (Annex A): see `blanks` in errata.ts.
    STA15B: [
      { if: [p14, p82, not(p178), p185], do: [a44], to: 'STA15B' },
      { if: [p14, p82, not(p178), not(p185)], do: ['SSYNmind', a44, a23], to: 'STA15B' },
      { if: [p82, p178, p185], do: [a45], to: 'STA15B' },
      { if: [p82, p178, not(p185)], do: ['SSYNmind', a45, a62], to: 'STA15B' },
    ],
    // Deviation (Table A.19): see `separation-symmetric` in errata.ts.
    STA15C: [
      { if: [p14, p82, not(p178), p185], do: [a44], to: 'STA15C' },
      { if: [p14, p82, not(p178), not(p185)], do: ['SSYNmind', a44, a23], to: 'STA15C' },
      { if: [p82, p178, p185], do: [a45], to: 'STA15C' },
      { if: [p82, p178, not(p185)], do: ['SSYNmind', a45, a62], to: 'STA15C' },
    ],
    // Deviation (Table A.19): see `separation-symmetric` in errata.ts.
    STA19: [
      { if: [p14, p19, p82], do: [a44, a23], to: 'STA19' },
      { if: [p26, p82, p178], do: [a45, a62], to: 'STA19' },
    ],
    // Deviation (Table A.19): see `separation-symmetric` in errata.ts.
    STA20: [
      { if: [p14, p19, p82], do: [a44, a23], to: 'STA20' },
      { if: [p26, p82, p178], do: [a45, a62], to: 'STA20' },
    ],
    // Deviation (Table A.19): see `separation-symmetric` in errata.ts.
    STA713: [
      { if: [p14, p19, p82], do: ['SSYNmind', a44, a23], to: 'STA713' },
      { if: [p26, p82, p178], do: ['SSYNmind', a45, a62], to: 'STA713' },
    ],
  },
  MIA: {
    STA03: [
      { if: [p17, p21], do: ['SSYNmcnf', a25], to: 'STA03' },
      { if: [p17, p176], do: ['SSYNmcnf', a65], to: 'STA03' },
    ],
    STA04A: [
      { if: [p17, not(p20), p21], do: ['SSYNmcnf', a25], to: 'STA04A' },
      { if: [p17, p176], do: ['SSYNmcnf', a65], to: 'STA04A' },
    ],
    STA04B: [
      { if: [p17, not(p20), p21], do: ['SSYNmcnf', a25], to: 'STA04B' },
      { if: [p17, p176], do: ['SSYNmcnf', a65], to: 'STA04B' },
    ],
    // Deviation (Table A.19): see `minor-ack-discarded` in errata.ts.
    STA05A: [
      { if: [p17, not(p81), p186], to: 'STA05A' },
      { if: [p17, p21, p81], do: ['SSYNmcnf', a25], to: 'STA05A' },
      { if: [p17, p176, p81], do: ['SSYNmcnf', a65], to: 'STA05A' },
      { if: [p17, not(p81), p176, not(p186)], do: ['SSYNmcnf', a65], to: 'STA05A' },
    ],
    // Deviation (Table A.19): see `minor-ack-discarded` in errata.ts.
    STA06: [
      { if: [p17, not(p81), p186], to: 'STA06' },
      { if: [p17, p21, p81], do: ['SSYNmcnf', a25], to: 'STA06' },
      { if: [p17, p176, p81], do: ['SSYNmcnf', a65], to: 'STA06' },
      { if: [p17, not(p81), p176, not(p186)], do: ['SSYNmcnf', a65], to: 'STA06' },
    ],
    // Deviation (Table A.19): see `minor-guards` in errata.ts.
    STA11A: [{ if: [p17, p176, not(p186)], do: ['SSYNmcnf', a65], to: 'STA11A' }],
    STA15A: [
      { if: [p17, not(p20), p21], do: ['SSYNmcnf', a25], to: 'STA15A' },
      { if: [p17, p176], do: ['SSYNmcnf', a65], to: 'STA15A' },
    ],
    // Deviation (Table A.19): see `minor-ack-discarded` in errata.ts.
    STA15B: [
      { if: [p17, not(p81), p186], to: 'STA15B' },
      { if: [p17, p21, p81], do: ['SSYNmcnf', a25], to: 'STA15B' },
      { if: [p17, p176, p81], do: ['SSYNmcnf', a65], to: 'STA15B' },
      { if: [p17, not(p81), p176, not(p186)], do: ['SSYNmcnf', a65], to: 'STA15B' },
    ],
    // Deviation (Table A.19): see `minor-ack-discarded` in errata.ts.
    STA15C: [
      { if: [p17, not(p81), p186], to: 'STA15C' },
      { if: [p17, p21, p81], do: ['SSYNmcnf', a25], to: 'STA15C' },
      { if: [p17, p176, p81], do: ['SSYNmcnf', a65], to: 'STA15C' },
      { if: [p17, not(p81), p176, not(p186)], do: ['SSYNmcnf', a65], to: 'STA15C' },
    ],
    STA19: [
      { if: [p17, p21], do: [a25], to: 'STA19' },
      { if: [p17, p176], do: [a65], to: 'STA19' },
    ],
    STA20: [
      { if: [p17, p21], to: 'STA20' },
      { if: [p17, p176], do: [a65], to: 'STA20' },
    ],
    STA713: [
      { if: [p17, p21], do: ['SSYNmcnf', a25], to: 'STA713' },
      { if: [p17, p176], do: ['SSYNmcnf', a65], to: 'STA713' },
    ],
  },
  MAP: {
    // Deviation (Table A.10): see `major-crossing` in errata.ts.
    STA05A: [
      { if: [p12, p185], to: 'STA05A' },
      { if: [p12, p178, not(p185)], do: ['SSYNMind', a62], to: 'STA05A' },
      { if: [p12, not(p178), not(p185)], do: ['SSYNMind', a31], to: 'STA05A' },
    ],
    // Deviation (Table A.10): see `major-crossing` in errata.ts.
    STA06: [
      { if: [p12, p185], to: 'STA06' },
      { if: [p12, p178, not(p185)], do: ['SSYNMind', a62], to: 'STA06' },
      { if: [p12, not(p178), not(p185)], do: ['SSYNMind', a31], to: 'STA06' },
    ],
    // Deviation (Table A.10): see `major-crossing` in errata.ts.
    STA15C: [
      { if: [p12, p185], to: 'STA15C' },
      { if: [p12, p178, not(p185)], do: ['SSYNMind', a62], to: 'STA15C' },
      { if: [p12, not(p178), not(p185)], do: ['SSYNMind', a31], to: 'STA15C' },
    ],
    STA19: [
      { if: [p12, p19], do: [a31], to: 'STA19' },
      { if: [p12, p177], do: [a62], to: 'STA19' },
    ],
    STA20: [
      { if: [p12, p19], do: [a31], to: 'STA20' },
      { if: [p12, p177], do: [a62], to: 'STA20' },
    ],
    STA713: [
      { if: [p12, p19], do: ['SSYNMind', a13, a31], to: 'STA10A' },
      { if: [p12, p177], do: ['SSYNMind', a13, a62], to: 'STA10A' },
    ],
  },
  'MAA/AEA': {
    STA04A: [
      { if: [p16, p20], do: ['SSYNMcnf', a14, a22], to: 'STA713' },
      { if: [p16, p173], do: ['SSYNMcnf', a14, a62, a64], to: 'STA713' },
    ],
    STA04B: [
      { if: [p16, p20], do: ['SACTEcnf', a14, a22], to: 'STA713' },
      { if: [p16, p173], do: ['SACTEcnf', a14, a62, a64], to: 'STA713' },
    ],
    // Deviation (Table A.19): see `major-ack-prepared` in errata.ts.
    STA15A: [
      { if: [p20, not(p23)], do: ['SSYNMcnf', a14, a22], to: 'STA713', after: [a06] },
      { if: [p20, p23], do: ['SACTEcnf', a14, a22], to: 'STA713', after: [a06] },
      { if: [p173, not(p23)], do: ['SSYNMcnf', a14, a62, a64], to: 'STA713', after: [a06] },
      { if: [p173, p23], do: ['SACTEcnf', a14, a62, a64], to: 'STA713', after: [a06] },
    ],
    // Deviation (Table A.19): see `major-ack-in-error` in errata.ts.
    STA20: [
      { if: [p20], to: 'STA20' },
      { if: [p173], to: 'STA20' },
    ],
  },
}
