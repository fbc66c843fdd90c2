// The cells where this project reads Annex A otherwise than it is printed, written in the fixture's form and
// independently of the tables, under the names of errata.ts. `plain` is without symmetric synchronize.

import type { Facts } from './facts.ts'
import { raceReadings } from './race-readings.ts'

/** The readings of one erratum. */
export interface Reading {
  readonly plain?: Facts
  readonly symmetric?: Facts
}

/** Cells by erratum. */
export const readings: Readonly<Record<string, Reading>> = {
  ...raceReadings,
  'prepare-discards': {
    plain: {
      'PR-RS': {
        STA03: [{ if: 'p10&&p80', do: ['[67]'], next: 'STA15B' }],
        STA04A: [{ if: 'p80', do: ['[67]'], next: 'STA15B' }],
        STA04B: [{ if: 'p80', do: ['[67]'], next: 'STA15B' }],
        STA05A: [{ if: 'p80', do: ['[67]'], next: 'STA06' }],
        STA10A: [{ if: 'p80', do: ['[67]'], next: 'STA15B' }],
        STA10B: [{ if: 'p80', do: ['[67]'], next: 'STA15B' }],
        STA19: [{ if: 'p80', do: ['[67]'], next: 'STA15B' }],
        STA20: [{ if: 'p80', do: ['[67]'], next: 'STA15B' }],
        STA713: [
          { if: 'p26', do: ['[67]'], next: 'STA15B' },
          { if: '!p26', do: ['[10]'], next: 'STA713' },
        ],
      },
    },
  },
  'major-ack-prepared': {
    symmetric: {
      'MAA/AEA': {
        STA15A: [
          { if: 'p20&&!p23', do: ['SSYNMcnf', '[14]', '[22]'], next: 'STA713', after: ['[6]'] },
          { if: 'p20&&p23', do: ['SACTEcnf', '[14]', '[22]'], next: 'STA713', after: ['[6]'] },
          { if: 'p173&&!p23', do: ['SSYNMcnf', '[14]', '[62]', '[64]'], next: 'STA713', after: ['[6]'] },
          { if: 'p173&&p23', do: ['SACTEcnf', '[14]', '[62]', '[64]'], next: 'STA713', after: ['[6]'] },
        ],
      },
    },
  },
  'minor-ack-discarded': {
    symmetric: {
      MIA: {
        STA05A: [
          { if: 'p17&&!p81&&p186', do: [], next: 'STA05A' },
          { if: 'p17&&p21&&p81', do: ['SSYNmcnf', '[25]'], next: 'STA05A' },
          { if: 'p17&&p176&&p81', do: ['SSYNmcnf', '[65]'], next: 'STA05A' },
          { if: 'p17&&!p81&&p176&&!p186', do: ['SSYNmcnf', '[65]'], next: 'STA05A' },
        ],
        STA06: [
          { if: 'p17&&!p81&&p186', do: [], next: 'STA06' },
          { if: 'p17&&p21&&p81', do: ['SSYNmcnf', '[25]'], next: 'STA06' },
          { if: 'p17&&p176&&p81', do: ['SSYNmcnf', '[65]'], next: 'STA06' },
          { if: 'p17&&!p81&&p176&&!p186', do: ['SSYNmcnf', '[65]'], next: 'STA06' },
        ],
        STA15B: [
          { if: 'p17&&!p81&&p186', do: [], next: 'STA15B' },
          { if: 'p17&&p21&&p81', do: ['SSYNmcnf', '[25]'], next: 'STA15B' },
          { if: 'p17&&p176&&p81', do: ['SSYNmcnf', '[65]'], next: 'STA15B' },
          { if: 'p17&&!p81&&p176&&!p186', do: ['SSYNmcnf', '[65]'], next: 'STA15B' },
        ],
        STA15C: [
          { if: 'p17&&!p81&&p186', do: [], next: 'STA15C' },
          { if: 'p17&&p21&&p81', do: ['SSYNmcnf', '[25]'], next: 'STA15C' },
          { if: 'p17&&p176&&p81', do: ['SSYNmcnf', '[65]'], next: 'STA15C' },
          { if: 'p17&&!p81&&p176&&!p186', do: ['SSYNmcnf', '[65]'], next: 'STA15C' },
        ],
      },
    },
  },
  'separation-symmetric': {
    symmetric: {
      'MIP-d': {
        STA03: [{ if: 'p82&&p178&&p26', do: ['SSYNmind', '[45]', '[62]'], next: 'STA03' }],
        STA04A: [{ if: 'p82&&p178&&p26', do: ['SSYNmind', '[45]', '[62]'], next: 'STA04A' }],
        STA04B: [{ if: 'p82&&p178&&p26', do: ['SSYNmind', '[45]', '[62]'], next: 'STA04B' }],
        STA05B: [
          { if: 'p14&&p82', do: ['[44]'], next: 'STA05B' },
          { if: 'p82&&p178', do: ['[45]'], next: 'STA05B' },
        ],
        STA05C: [
          { if: 'p14&&p82', do: ['[44]'], next: 'STA05C' },
          { if: 'p82&&p178', do: ['[45]'], next: 'STA05C' },
        ],
        STA15A: [{ if: 'p82&&p178', do: ['SSYNmind', '[45]', '[62]'], next: 'STA15A' }],
        STA15C: [
          { if: 'p14&&p82&&!p178&&p185', do: ['[44]'], next: 'STA15C' },
          { if: 'p14&&p82&&!p178&&!p185', do: ['SSYNmind', '[44]', '[23]'], next: 'STA15C' },
          { if: 'p82&&p178&&p185', do: ['[45]'], next: 'STA15C' },
          { if: 'p82&&p178&&!p185', do: ['SSYNmind', '[45]', '[62]'], next: 'STA15C' },
        ],
        STA19: [
          { if: 'p14&&p19&&p82', do: ['[44]', '[23]'], next: 'STA19' },
          { if: 'p26&&p82&&p178', do: ['[45]', '[62]'], next: 'STA19' },
        ],
        STA20: [
          { if: 'p14&&p19&&p82', do: ['[44]', '[23]'], next: 'STA20' },
          { if: 'p26&&p82&&p178', do: ['[45]', '[62]'], next: 'STA20' },
        ],
        STA713: [
          { if: 'p14&&p19&&p82', do: ['SSYNmind', '[44]', '[23]'], next: 'STA713' },
          { if: 'p26&&p82&&p178', do: ['SSYNmind', '[45]', '[62]'], next: 'STA713' },
        ],
      },
    },
  },
  'major-crossing': {
    plain: {
      MAP: {
        STA05A: [
          { if: 'p12&&p185', do: [], next: 'STA05A' },
          { if: 'p12&&!p178&&!p185', do: ['SSYNMind', '[31]'], next: 'STA05A' },
        ],
        STA06: [
          { if: 'p12&&p185', do: [], next: 'STA06' },
          { if: 'p12&&!p178&&!p185', do: ['SSYNMind', '[31]'], next: 'STA06' },
        ],
        STA15C: [
          { if: 'p12&&p185', do: [], next: 'STA15C' },
          { if: 'p12&&!p178&&!p185', do: ['SSYNMind', '[31]'], next: 'STA15C' },
        ],
      },
    },
    symmetric: {
      MAP: {
        STA05A: [
          { if: 'p12&&p185', do: [], next: 'STA05A' },
          { if: 'p12&&p178&&!p185', do: ['SSYNMind', '[62]'], next: 'STA05A' },
          { if: 'p12&&!p178&&!p185', do: ['SSYNMind', '[31]'], next: 'STA05A' },
        ],
        STA06: [
          { if: 'p12&&p185', do: [], next: 'STA06' },
          { if: 'p12&&p178&&!p185', do: ['SSYNMind', '[62]'], next: 'STA06' },
          { if: 'p12&&!p178&&!p185', do: ['SSYNMind', '[31]'], next: 'STA06' },
        ],
        STA15C: [
          { if: 'p12&&p185', do: [], next: 'STA15C' },
          { if: 'p12&&p178&&!p185', do: ['SSYNMind', '[62]'], next: 'STA15C' },
          { if: 'p12&&!p178&&!p185', do: ['SSYNMind', '[31]'], next: 'STA15C' },
        ],
      },
    },
  },
  'activity-end-confirmed': {
    symmetric: {
      SACTErsp: {
        STA10B: [
          { if: '!p178', do: ['PR-MAA', '(1)', 'AEA', '[14]', '[22]'], next: 'STA713' },
          { if: 'p178', do: ['PR-MAA', '(1)', 'AEA', '[14]', '[63]', '[64]'], next: 'STA713' },
        ],
      },
    },
  },
  'major-ack-in-error': {
    symmetric: {
      'MAA/AEA': {
        STA20: [
          { if: 'p20', do: [], next: 'STA20' },
          { if: 'p173', do: [], next: 'STA20' },
        ],
      },
    },
  },
  'minor-discarded': {
    plain: {
      MIP: {
        STA06: [
          { if: 'p14&&p185', do: [], next: 'STA06' },
          { if: '!p178&&!p185&&p26', do: ['SSYNmind', '[23]'], next: 'STA06' },
        ],
      },
      'MIP-d': {
        STA05A: [
          { if: 'p14&&p82&&p185', do: ['[44]'], next: 'STA05A' },
          { if: 'p82&&!p178&&!p185&&p26', do: ['SSYNmind', '[44]', '[23]'], next: 'STA05A' },
        ],
        STA06: [
          { if: 'p14&&p82&&p185', do: ['[44]'], next: 'STA06' },
          { if: 'p82&&!p178&&!p185&&p26', do: ['SSYNmind', '[44]', '[23]'], next: 'STA06' },
        ],
      },
    },
    symmetric: {
      MIP: {
        STA06: [
          { if: 'p14&&p185', do: [], next: 'STA06' },
          { if: 'p178&&p185&&p26', do: [], next: 'STA06' },
          { if: 'p178&&!p185&&p26', do: ['SSYNmind', '[62]'], next: 'STA06' },
          { if: '!p178&&!p185&&p26', do: ['SSYNmind', '[23]'], next: 'STA06' },
        ],
      },
      'MIP-d': {
        STA05A: [
          { if: 'p14&&p82&&p185', do: ['[44]'], next: 'STA05A' },
          { if: 'p82&&p178&&p185&&p26', do: ['[45]'], next: 'STA05A' },
          { if: 'p82&&p178&&!p185&&p26', do: ['SSYNmind', '[45]', '[62]'], next: 'STA05A' },
          { if: 'p82&&!p178&&!p185&&p26', do: ['SSYNmind', '[44]', '[23]'], next: 'STA05A' },
        ],
        STA06: [
          { if: 'p14&&p82&&p185', do: ['[44]'], next: 'STA06' },
          { if: 'p82&&p178&&p185&&p26', do: ['[45]'], next: 'STA06' },
          { if: 'p82&&p178&&!p185&&p26', do: ['SSYNmind', '[45]', '[62]'], next: 'STA06' },
          { if: 'p82&&!p178&&!p185&&p26', do: ['SSYNmind', '[44]', '[23]'], next: 'STA06' },
        ],
      },
    },
  },
  'resync-symmetric': {
    symmetric: {
      RS: {
        STA01D: [{ do: ['TDISreq'], next: 'STA01' }],
        STA15D: [{ do: [], next: 'STA15D' }],
        STA05B: [{ if: 'p28', do: [], next: 'STA05B' }],
        STA05C: [{ if: 'p28', do: [], next: 'STA05C' }],
      },
      SRSYNreq: {
        STA15D: [{ do: [], next: 'STA15D' }],
        STA15A: [
          { if: 'p28&&p30&&p180', do: ['PR-RS', '(5)', 'RS', '[16]'], next: 'STA05A', after: ['[6]'] },
        ],
      },
    },
  },
  'minor-guards': {
    symmetric: {
      MIA: {
        STA11A: [{ if: 'p17&&p176&&!p186', do: ['SSYNmcnf', '[65]'], next: 'STA11A' }],
      },
      MIP: {
        STA11A: [{ if: 'p26&&p178&&!p185', do: ['SSYNmind', '[62]'], next: 'STA11A' }],
      },
      SSYNmreq: {
        STA05A: [{ if: 'p178&&p26&&!p186', do: ['MIP', '[63]'], next: 'STA05A' }],
        STA11A: [{ if: 'p178&&p26&&!p186', do: ['MIP', '[63]'], next: 'STA11A' }],
        STA15B: [
          { if: 'p15', do: [], next: 'STA15B' },
          { if: 'p178&&p186', do: [], next: 'STA15B' },
          { if: 'p178&&p26&&!p186', do: ['MIP', '[63]'], next: 'STA15B' },
        ],
        STA15C: [{ if: 'p178&&p26&&!p186', do: ['MIP', '[63]'], next: 'STA15C' }],
      },
    },
  },
  blanks: {
    plain: {
      SACTSreq: {
        STA15D: [{ do: [], next: 'STA15D' }],
      },
      'FN-r': {
        STA06: [{ if: 'p68&&!p01&&p16', do: [], next: 'STA06' }],
        STA15D: [{ do: [], next: 'STA15D' }],
      },
      DN: {
        STA15D: [{ do: [], next: 'STA15D' }],
      },
      TD: {
        STA11A: [{ if: 'p06&&!p185', do: ['STDind'], next: 'STA11A' }],
      },
      EX: {
        STA15B: [{ if: 'p08&&!p185', do: ['[10]'], next: 'STA15B' }],
      },
      'MIP-d': {
        STA15B: [
          { if: 'p14&&p82&&!p178&&p185', do: ['[44]'], next: 'STA15B' },
          { if: 'p14&&p82&&!p178&&!p185', do: ['SSYNmind', '[44]', '[23]'], next: 'STA15B' },
        ],
      },
    },
    symmetric: {
      SACTSreq: {
        STA15D: [{ do: [], next: 'STA15D' }],
      },
      'FN-r': {
        STA06: [{ if: 'p68&&!p01&&p16', do: [], next: 'STA06' }],
        STA15D: [{ do: [], next: 'STA15D' }],
      },
      DN: {
        STA15D: [{ do: [], next: 'STA15D' }],
      },
      'MIP-d': {
        STA11A: [{ if: 'p82&&p178&&!p185&&p26', do: ['SSYNmind', '[45]', '[62]'], next: 'STA11A' }],
        STA15B: [
          { if: 'p14&&p82&&!p178&&p185', do: ['[44]'], next: 'STA15B' },
          { if: 'p14&&p82&&!p178&&!p185', do: ['SSYNmind', '[44]', '[23]'], next: 'STA15B' },
          { if: 'p82&&p178&&p185', do: ['[45]'], next: 'STA15B' },
          { if: 'p82&&p178&&!p185', do: ['SSYNmind', '[45]', '[62]'], next: 'STA15B' },
        ],
      },
    },
  },
}

/** Predicates that are read otherwise, by erratum; `received` is true when the peer caused the event. */
export const predicateReadings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'interrupt-recorded': { p27: 'Vrsp==no && (!FU(SS) || (Vrsps==no && Vrspr==no))' },
  'restart-bound': {
    p32:
      '(!FU(SS) && (type!=r || (sn>=V(R) && (received || V(M)>=sn)))) || (FU(SS) && ' +
      '(rcvType!=r || (rcvSn>=V(Rr) && (received || V(Mr)>=rcvSn))) && (sndType!=r || ' +
      '(sndSn>=V(Rs) && (received || V(Ms)>=sndSn))))',
  },
  'answer-by-variant': {
    p49: '!FU(SS) && ((Vrsp==r && sn==Vrspnb) || (Vrsp==a && sn>=V(M)) || Vrsp==s)',
  },
  'abandon-answered-below': { p49: '!FU(SS) && ((Vrsp==r && sn==Vrspnb) || Vrsp==a || Vrsp==s)' },
}

/** Errata that change what an action or a cell with overlapping conditions does; the oracle knows each. */
export const otherReadings: readonly string[] = [
  'first-match',
  'accept-symmetric',
  'flags-cleared',
  'abandoned-direction',
  'separation-by-flow',
]
