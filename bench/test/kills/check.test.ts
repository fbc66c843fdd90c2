// The judge of the kills: what is wrong is found, and nothing else.
import { describe, expect, it } from 'vitest'
import { check, type Findings } from '../../kills/check.ts'
import type { Kind } from '../../kills/contract.ts'
import type { Effect, Line } from '../../kills/log.ts'

const found = (
  log: readonly Line[],
  effects: readonly Effect[] = [],
  moves: readonly Effect[] = [],
): Findings => check({ logs: [[['start'], ...log]], effects, moves, nodes: 1 })

const ask = (kind: Kind, id = 'c0-1'): Line => ['ask', id, kind]
const ok = (mark = '1.1', id = 'c0-1'): Line => ['ok', id, mark]
const unknown: Line = ['error', 'c0-1', 'UNKNOWN_OUTCOME', 'unknown', 'key']
const away: Line = ['error', 'c0-1', 'UNAVAILABLE', 'unknown', '']
const idle: Line = ['error', 'c0-1', 'UNAVAILABLE', 'not-started', '']
const refused: Line = ['error', 'c0-7', 'FAILED_PRECONDITION', 'executed', '1.1']
const outcome = (state: string, mark = ''): Line => ['outcome', 'c0-1', state, mark]
const effect = (mark = '1.1', key = '', id = 'c0-1'): Effect => [id, mark, key]

describe('nothing is found', () => {
  it.each<[what: string, log: readonly Line[], effects: readonly Effect[], moves?: readonly Effect[]]>([
    ['a query', [ask('query'), ok('price of c0-1')], []],
    ['a call that was answered', [ask('once'), ok()], [effect()]],
    ['one that was refused', [ask('once', 'c0-7'), refused], [effect('1.1', '', 'c0-7')]],
    ['a transaction', [ask('transactional'), ok()], [], [effect()]],
    ['one that was undone', [ask('transactional', 'c0-7'), refused], []],
    ['a keyed call that ran again', [ask('keyed'), ok('2.1')], [effect('1.1', 'k'), effect('2.1', 'k')]],
    ['one that is unknown and did happen', [ask('once'), unknown], [effect()]],
    ['one that is unknown and did not', [ask('once'), unknown], []],
    ['one that was not started', [ask('once'), idle], []],
    ['one of a client that was killed', [ask('once'), ['start']], [effect()]],
    [
      'one that was asked again',
      [
        ask('once, with a key'),
        ['start'],
        outcome('running'),
        ask('once, with a key'),
        ok(),
        outcome('done', '1.1'),
      ],
      [effect()],
    ],
    [
      'a keyed one of which nobody knew',
      [ask('keyed, with a key'), ['start'], outcome('unknown'), ask('keyed, with a key'), ok()],
      [effect()],
    ],
  ])('for %s', (_, log, effects, moves) => {
    expect(found(log, effects, moves)).toMatchObject({ lost: [], doubled: [], wrong: [] })
  })
})

describe('it is found', () => {
  it.each<[what: string, log: readonly Line[], effects: readonly Effect[], moves?: readonly Effect[]]>([
    ['that it did not happen', [ask('once'), ok()], []],
    ['that something else happened', [ask('once'), ok('1.2')], [effect('1.1')]],
    ['that it was not refused', [ask('once', 'c0-7'), ok('1.1', 'c0-7')], [effect('1.1', '', 'c0-7')]],
    ['that a query answered otherwise', [ask('query'), ok('price of c0-2')], []],
  ])('as lost: %s', (_, log, effects, moves) => {
    const { lost, doubled, wrong } = found(log, effects, moves)
    expect([lost.length, doubled, wrong]).toEqual([1, [], []])
  })

  it.each<[what: string, log: readonly Line[], effects: readonly Effect[], moves?: readonly Effect[]]>([
    ['it happened twice', [ask('once'), ok()], [effect(), effect('2.1')]],
    ['it happened twice, and is unknown', [ask('once'), unknown], [effect(), effect('2.1')]],
    ['a transaction happened twice', [ask('transactional'), ok()], [], [effect(), effect('2.1')]],
    [
      'a transaction was not undone',
      [ask('transactional', 'c0-7'), refused],
      [],
      [effect('1.1', '', 'c0-7')],
    ],
    ['a keyed call ran with two keys', [ask('keyed'), ok()], [effect('1.1', 'k'), effect('2.1', 'l')]],
    ['a keyed call ran twice without need', [ask('keyed'), ok()], [effect('1.1', 'k'), effect('1.2', 'k')]],
    ['a keyed call ran too often', [ask('keyed'), ok()], [1, 2, 3, 4].map((n) => effect(`${n}.1`, 'k'))],
  ])('as doubled: %s', (_, log, effects, moves) => {
    const { lost, doubled, wrong } = found(log, effects, moves)
    expect([lost, doubled.length, wrong]).toEqual([[], 1, []])
  })

  it.each<[what: string, log: readonly Line[], effects: readonly Effect[]]>([
    ['it was not started, and happened', [ask('once'), idle], [effect()]],
    ['it was never answered', [ask('once')], []],
    ['it has a key, and nobody asked again', [ask('once, with a key'), away, ['start']], []],
    ['it was told two things', [ask('once, with a key'), unknown, ask('once, with a key'), ok()], [effect()]],
    ['its outcome is another one', [ask('once, with a key'), ok(), outcome('done', '1.11')], [effect()]],
    ['its outcome was forgotten', [ask('once, with a key'), ok(), outcome('not-found')], [effect()]],
    ['its outcome is open again', [ask('once, with a key'), ok(), outcome('running')], [effect()]],
    ['its outcome was unknown', [ask('once, with a key'), outcome('unknown'), ok()], [effect()]],
    ['nobody had asked for it', [], [effect()]],
  ])('as wrong: %s', (_, log, effects) => {
    const { lost, doubled, wrong } = found(log, effects)
    expect([lost, doubled, wrong.length]).toEqual([[], [], 1])
  })
})
