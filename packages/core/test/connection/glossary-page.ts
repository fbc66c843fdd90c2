// docs/glossary.md, made of the glossary's own lists, so that it cannot say anything else.

import {
  problemReasons,
  refusals,
  services,
  tokenUnits,
  unitBits,
  type Service,
} from '../../src/connection/glossary.ts'
import { markdownTable } from '../support/markdown.ts'
import { functionalUnitNames, tokenNames } from './glossary-names.ts'

/** The whole page. */
export function glossaryPage(): string {
  return [
    '# Glossary',
    '',
    'Printed from `packages/core/src/connection/glossary.ts` by its test (`UPDATE=1`). Above the session',
    'layer Parley speaks English; below it, in `machine/` and `spdu/`, the words of the standard. Each line',
    'is one step of a service: what one user calls, what the other one is told, and what crosses the wire.',
    '',
    '## Services',
    '',
    ...markdownTable(
      ['service', 'method', 'primitive', 'callback or promise', 'primitive', 'SPDU', 'units'],
      [...services.map(serviceRow)],
    ),
    '',
    'A confirmed service is a method that returns a promise; the other side gets a question and answers it',
    'with `question.accept()`. With `units` one of those functional units must be selected; a method whose',
    'unit is missing throws `SessionUsageError` with code `NOT_NEGOTIATED`. PREPARE (PR) goes ahead of MAA,',
    'AEA, RS, RA, AI, AIA, AD, ADA and a long AB where the transport has an expedited flow.',
    '',
    '## A session that outlives its connections',
    '',
    'What a `Session` does with these services by itself, so that nobody above it has to.',
    '',
    ...markdownTable(['in `Session`', 'service', 'SPDU'], lifeRows),
    '',
    '## An activity of RPC',
    '',
    'What an `@activity()` does with a session connection of its own. The side that works on it has all ' +
      'tokens.',
    '',
    ...markdownTable(['in RPC', 'service', 'SPDU'], activityRows),
    '',
    '## Functional units',
    '',
    ...markdownTable(
      ['unit', 'X.215', 'bit'],
      [...unitBits].map(([unit, bit]) => [
        code(unit),
        functionalUnitNames.get(unit) ?? '',
        `0x${bit.toString(16).padStart(4, '0')}`,
      ]),
    ),
    '',
    '## Turns',
    '',
    ...markdownTable(
      ['token', 'as state', 'X.215', 'comes with'],
      [...tokenUnits].map(([token, units]) => [
        code(token),
        code(`turns.${tokenNames.get(token)?.state ?? ''}`),
        tokenNames.get(token)?.standard ?? '',
        units.map(code).join(', '),
      ]),
    ),
    '',
    '## Problems',
    '',
    'Why a problem is reported, or an activity interrupted or discarded.',
    '',
    ...markdownTable(
      ['reason', 'code'],
      [...problemReasons].map(([reason, value]) => [code(reason), `${value}`]),
    ),
    '',
    '## Refusals',
    '',
    ...markdownTable(
      ['code', 'reason', 'what to do'],
      [...refusals].map(([name, { reason, advice }]) => [code(name), `${reason}`, advice]),
    ),
    '',
  ].join('\n')
}

const lifeRows: string[][] = [
  ['`connectSession`, coming back', 'S-CONNECT', 'CN AC'],
  ['`send`, `sendTyped`', 'S-DATA, S-TYPED-DATA', 'DT TD'],
  ['what the other side has, heartbeats', 'S-SYNC-MINOR', 'MIP MIA'],
  ['the dialogue begins', 'S-ACTIVITY-START', 'AS'],
  ['the dialogue goes on after a loss', 'S-ACTIVITY-RESUME', 'AR'],
  ['numbers run out; leaving a connection', 'S-ACTIVITY-END', 'AE AEA'],
  ['`release` and its question', 'S-SYNC-MINOR (user data), then S-RELEASE', 'MIP FN DN'],
  ['`idle`', 'S-RELEASE, which may be declined', 'FN DN NF'],
  ['`abort`; giving a connection up', 'S-U-ABORT', 'AB'],
]

const activityRows: string[][] = [
  ['it begins; it is gone on with', 'S-ACTIVITY-START; S-ACTIVITY-RESUME', 'AS; AR'],
  ['items and input; credit, `break`', 'S-DATA; S-TYPED-DATA', 'DT; TD'],
  ['a question after some silence; the answer', 'S-TYPED-DATA', 'TD'],
  ['`commit`, once it is durable', 'S-SYNC-MINOR', 'MIP'],
  ['everything before a checkpoint was consumed', 'S-SYNC-MINOR, confirmed', 'MIA'],
  ['`interrupt`, a deadline, a drain', 'S-ACTIVITY-INTERRUPT', 'AI AIA'],
  ['it is discarded, or has failed', 'S-ACTIVITY-DISCARD', 'AD ADA'],
  ['its result', 'S-ACTIVITY-END', 'AE AEA'],
]

function serviceRow(service: Service): string[] {
  return [
    service.service,
    service.method === '' ? '' : code(service.method),
    service.requests.join(' '),
    code(service.callback),
    service.indications.join(' '),
    service.spdus.join(' '),
    service.units.map(code).join(', '),
  ]
}

function code(text: string): string {
  return `\`${text}\``
}
