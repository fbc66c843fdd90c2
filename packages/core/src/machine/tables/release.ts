// Tables A.15 and A.24: release.

import { a04, a07, a08, a09, a18, a32 } from '../actions.ts'
import { p01, p10, p16, p63, p64, p65, p66, p67, p68, p69, p75 } from '../predicates.ts'
import { not, type Table } from './table.ts'

/** The cells without symmetric synchronize. */
export const release: Table = {
  SRELreq: {
    // Deviation (Table A.15): see `release-once` in errata.ts.
    STA09: [{ if: [p10, not(p65)], do: ['FN-nr', a08, a18], to: 'STA09' }],
    STA15B: [{ if: [p63], to: 'STA15B' }],
    STA15D: [{ to: 'STA15D' }],
    STA713: [
      { if: [p63, not(p64)], do: ['FN-nr', a08], to: 'STA03' },
      { if: [p63, p64], do: ['FN-r', a07], to: 'STA03' },
    ],
  },
  'SRELrsp+': {
    STA09: [
      { if: [not(p66), p75], do: ['DN', a04], to: 'STA16' },
      { if: [p66], do: ['DN'], to: 'STA01C' },
      // Deviation (Table A.15): the printed conditions overlap; the first that holds is carried out alone.
      { if: [p69, p01], do: ['DN'], to: 'STA03', else: true },
    ],
    STA15D: [{ do: [a04], to: 'STA16' }],
  },
  'SRELrsp-': {
    STA09: [{ if: [p67], do: ['NF'], to: 'STA713' }],
    STA15D: [{ to: 'STA15D' }],
  },
  'FN-nr': {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA03: [{ if: [not(p65)], do: ['SRELind', a08, a18], to: 'STA09' }],
    STA05A: [{ if: [p68], to: 'STA05A' }],
    STA06: [{ if: [p68], to: 'STA06' }],
    // Deviation (Table A.15): see `release-overtaken` in errata.ts.
    STA15B: [{ if: [p68], to: 'STA15B' }],
    STA15C: [{ if: [p68], to: 'STA15C' }],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA19: [{ if: [p68], to: 'STA19' }],
    STA20: [{ if: [p68], to: 'STA20' }],
    STA713: [{ if: [p68], do: ['SRELind', a08], to: 'STA09' }],
  },
  'FN-r': {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA03: [{ if: [not(p65), not(p01), p16], do: ['SRELind', a08, a18], to: 'STA09' }],
    STA05A: [{ if: [p68, not(p01), p16], to: 'STA05A' }],
    // Deviation (Table A.15): blank in print; read as its neighbour FN-nr.
    STA06: [{ if: [p68, not(p01), p16], to: 'STA06' }],
    STA15C: [{ if: [p68, not(p01), p16], to: 'STA15C' }],
    // Deviation (Table A.15): blank in print; what the ABORT overtakes is ignored here.
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
    STA19: [{ if: [p68, not(p01), p16], to: 'STA19' }],
    STA20: [{ if: [p68, not(p01), p16], to: 'STA20' }],
    STA713: [{ if: [p68, not(p01), p16], do: ['SRELind', a09], to: 'STA09' }],
  },
  DN: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA03: [
      { if: [not(p66)], do: ['SRELcnf+', 'TDISreq'], to: 'STA01' },
      { if: [p66], do: ['SRELcnf+'], to: 'STA01C' },
    ],
    STA09: [{ if: [p69, not(p01)], do: ['SRELcnf+', a32], to: 'STA09' }],
    // Deviation (Table A.15): blank in print; what the ABORT overtakes is ignored here.
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
  },
  NF: {
    STA01A: [{ to: 'STA01A' }],
    STA01C: [{ do: ['TDISreq'], to: 'STA01' }],
    STA01D: [{ do: ['TDISreq'], to: 'STA01' }],
    STA03: [{ if: [p67], do: ['SRELcnf-'], to: 'STA713' }],
    STA15B: [{ if: [p67], do: ['SRELcnf-'], to: 'STA15B' }],
    STA15D: [{ to: 'STA15D' }],
    STA16: [{ to: 'STA16' }],
  },
}
