// The readings of races: cells where both sides did what the tables allow, and one of them ended in a blank
// one. In the fixture's form, under the names of errata.ts, like those of readings.ts.

import type { FactArm, Facts } from './facts.ts'
import type { Reading } from './readings.ts'

/** The states in which an ABORT may be announced. */
const ABORTABLE = [
  'STA02A', 'STA03', 'STA04A', 'STA04B', 'STA05A', 'STA05B', 'STA05C', 'STA06', 'STA08', 'STA09', 'STA10A',
  'STA10B', 'STA11A', 'STA11B', 'STA11C', 'STA15A', 'STA15B', 'STA15C', 'STA18', 'STA19', 'STA20', 'STA21',
  'STA22', 'STA713',
] // prettier-ignore

const abortAwaited: Facts = {
  'PR-AB': Object.fromEntries(ABORTABLE.map((state) => [state, [{ do: ['[4]'], next: 'STA15D' }]])),
  'AB-nr': { STA15D: [{ do: ['[3]', 'SxABind', '(3)', 'TDISreq'], next: 'STA01' }] },
  TDISind: { STA15D: [{ do: ['[3]', 'SPABind'], next: 'STA01' }] },
  TIM: { STA15D: [{ do: ['SPABind', 'TDISreq'], next: 'STA01' }] },
}

const indicatedAndReplayed = (condition: string, raises: string[] = []): Facts[string] => ({
  STA15B: [{ if: condition, do: [...raises, 'SRSYNind', '[16]'], next: 'STA11A', after: ['[6]'] }],
})

const ignored = (state: string, ...conditions: string[]): FactArm[] =>
  conditions.map((condition) => ({ if: condition, do: [], next: state }))

const overtaken = { STA15C: ignored('STA15C', 'p28&&p41', 'p28&&p42') }

const exceptionOvertaken: Facts = {
  ED: { STA15B: ignored('STA15B', 'p48') },
  ER: { STA15B: ignored('STA15B', 'p48') },
}

const activityEndOvertaken: Facts = {
  AI: { STA713: afterTheEnd('SACTIind', 'STA11B') },
  AD: { STA713: afterTheEnd('SACTDind', 'STA11C') },
  'PR-RS': { STA11B: ignored('STA11B', 'p37&&!p26'), STA11C: ignored('STA11C', 'p37&&!p26') },
}

const releaseOvertaken: Facts = { 'FN-nr': { STA15B: ignored('STA15B', 'p68') } }

const releaseOnce: Facts = {
  SRELreq: { STA09: [{ if: 'p10&&!p65', do: ['FN-nr', '[8]', '[18]'], next: 'STA09' }] },
}

/** Cells by erratum. */
export const raceReadings: Readonly<Record<string, Reading>> = {
  'abort-awaited': { plain: abortAwaited, symmetric: abortAwaited },
  'release-once': { plain: releaseOnce, symmetric: releaseOnce },
  'expedited-held': {
    plain: {
      'RS-a': indicatedAndReplayed('p29', ['[19]', '(2)']),
      'RS-r': indicatedAndReplayed('p32&&p29'),
      'RS-s': indicatedAndReplayed('p29'),
    },
    symmetric: { RS: indicatedAndReplayed('p29&&p32', ['[19]', '(2)']) },
  },
  'release-overtaken': { plain: releaseOvertaken, symmetric: releaseOvertaken },
  'minor-collided': {
    symmetric: {
      SSYNmreq: { STA09: [{ if: 'p10&&p178&&p26', do: ['MIP', '[63]'], next: 'STA09' }] },
      SSYNmdreq: { STA09: [{ if: 'p10&&p82&&p178&&p26', do: ['MIP', '[42]', '[63]'], next: 'STA09' }] },
      SSYNmrsp: {
        STA09: [
          { if: 'p18&&p21', do: ['MIA', '[25]'], next: 'STA09' },
          { if: 'p10&&p18&&p179', do: ['MIA', '[66]'], next: 'STA09' },
        ],
      },
    },
  },
  'resync-overtaken': {
    plain: { 'RS-a': overtaken, 'RS-r': overtaken, 'RS-s': overtaken },
    symmetric: { RS: overtaken },
  },
  'exception-overtaken': { plain: exceptionOvertaken, symmetric: exceptionOvertaken },
  'activity-end-overtaken': { plain: activityEndOvertaken, symmetric: activityEndOvertaken },
}

function afterTheEnd(indication: string, next: string): FactArm[] {
  return [
    { if: 'p38&&p40', do: [indication, '[16]'], next },
    { if: 'p37&&p40&&!p26', do: [indication, '[16]'], next, after: ['[6]'] },
  ]
}
