// T11, T12: every cell of Annex A, carried out: for each alternative the machine is put where its condition
// holds, the event happens, and what is sent and told, the next state and every variable are what the
// fixture's own words say. Blank cells are carried out too.

import { describe, expect, it } from 'vitest'

import { events, incomingEvents, type IncomingEvent } from '../../src/machine/events.ts'
import { states, type StateName } from '../../src/machine/state.ts'
import { errata } from '../../src/machine/tables/errata.ts'
import { act, type Effects } from './oracle/action-text.ts'
import { happen, STARTED, TIM, type Happened } from './oracle/drive.ts'
import { numbersOf, sentNumbers } from './oracle/numbers.ts'
import { holds } from './oracle/predicate-text.ts'
import { Dice, drawScene, hasUnit, neighbours, type Scene, type Variables } from './oracle/scene.ts'
import { expectedCells, type FactArm, type FactCell, type Variant } from './support/facts.ts'
import { otherReadings, predicateReadings, readings } from './support/readings.ts'

/** How many situations are drawn in search of one where a condition holds. */
const TRIES = 20_000

describe.each(['plain', 'symmetric'] as const)('T11, T12: every cell, %s:', (variant) => {
  const cells = expectedCells(variant)

  it.each(events.filter((event) => event in cells))('%s', (event) => {
    let executed = 0
    for (const state of states) {
      const arms = armsOf(cells[event]?.[state])
      for (const arm of arms) executeArm(variant, event, state, arms, arm)
      if (executeInvalid(variant, event, state, arms) || arms.length > 0) executed += 1
    }
    expect(executed).toBe(states.length)
  })
})

describe('the errata', () => {
  it('are those that the oracle knows, by name', () => {
    const known = [...Object.keys(readings), ...Object.keys(predicateReadings), ...otherReadings]
    expect(known.toSorted()).toEqual([...errata.keys()].toSorted())
  })
})

function armsOf(cell: FactCell | undefined): readonly FactArm[] {
  return (cell ?? []).flatMap((arm) => (arm === 'impossible' ? [] : [arm]))
}

function executeArm(
  variant: Variant,
  event: IncomingEvent,
  state: StateName,
  arms: readonly FactArm[],
  arm: FactArm,
): void {
  const scene = findScene(variant, event, state, (candidate) => armOf(event, arms, candidate) === arm)
  if (scene === undefined)
    throw new Error(`no situation found: ${event} in ${state} when ${arm.if ?? 'always'}`)
  // What is just beyond the condition is tried as well, so each part of it counts.
  const beyond = neighbours(event, scene).filter(
    (each) => possible(event, each) && armOf(event, arms, each) !== arm && !overlaps(event, arms, each),
  )
  expectArm(variant, event, state, arm, scene)
  for (const each of beyond) {
    const other = armOf(event, arms, each)
    if (other === undefined) expectInvalid(variant, event, state, each)
    else expectArm(variant, event, state, other, each)
  }
}

/**
 * The alternative that is carried out. No two hold at a time, but for one erratum, and for one cell of the
 * symmetric tables where symmetric synchronize is not selected: there the machine uses the others.
 */
function armOf(event: string, arms: readonly FactArm[], scene: Scene): FactArm | undefined {
  const all = arms.filter((each) => holds(each.if, scene))
  if (all.length > 1 && event === 'SSYNmdreq' && !hasUnit(scene.v, 'SS')) return undefined
  if (all.length > 1 && event !== 'SRELrsp+') {
    throw new Error(`${event}: both ${all.map((each) => each.if).join(' and ')}`)
  }
  return all[0]
}

function overlaps(event: string, arms: readonly FactArm[], scene: Scene): boolean {
  return event === 'SSYNmdreq' && arms.filter((each) => holds(each.if, scene)).length > 1
}

function expectArm(
  variant: Variant,
  event: IncomingEvent,
  state: StateName,
  arm: FactArm,
  scene: Scene,
): void {
  const before = { ...scene, v: { ...scene.v } }
  const happened = happen(variant, event, state, scene)
  const effects: Effects = { tim: event === 'TIM' ? 'stop' : undefined, queued: false }
  for (const step of [...arm.do, ...(arm.after ?? [])]) {
    const action = /^\[(\d+)\]$/.exec(step)?.[1]
    if (action !== undefined) act(Number(action), event, scene, effects)
  }
  const fresh = forgets(event, state, before)
  const names = fresh ? (['Vtca', 'Vtrr', 'TEXP'] as const) : variableNames(scene.v)
  const actual = [
    happened.outputs,
    happened.state,
    sentNumbers(happened),
    pick(happened.v, names),
    happened.deadline,
    happened.queued,
  ]
  const wanted = [
    outputsOf(arm, before),
    arm.next,
    numbersOf(arm, before),
    pick(scene.v, names),
    deadlineOf(effects),
    fresh ? undefined : queuedAfter(arm, effects),
  ]
  // Comparing text first: there are tens of thousands of situations.
  if (JSON.stringify(actual) === JSON.stringify(wanted)) return
  expect(actual, `${event} in ${state} when ${arm.if ?? 'always'}: ${JSON.stringify(before)}`).toEqual(wanted)
}

/** An event that is queued waits; [6] takes the queue away. */
function queuedAfter(arm: FactArm, { queued }: Effects): number | undefined {
  if (arm.after?.includes('[6]') === true) return undefined
  return queued ? 1 : 0
}

/** A new session connection starts from nothing. */
function forgets(event: string, state: StateName, { v }: Scene): boolean {
  if (event === 'SCONreq') return state === 'STA01' || (state === 'STA01C' && !v.Vtca)
  return event === 'CN' && state === 'STA01C' && v.Vtca
}

/**
 * The invalid intersection: an event where no alternative holds, or where there is none. True if there is.
 */
function executeInvalid(
  variant: Variant,
  event: IncomingEvent,
  state: StateName,
  arms: readonly FactArm[],
): boolean {
  if (arms.some((arm) => arm.if === undefined)) return false
  const scene = findScene(variant, event, state, (it) => !arms.some((arm) => holds(arm.if, it)), 300)
  if (scene === undefined) return false
  expectInvalid(variant, event, state, scene)
  return true
}

function expectInvalid(variant: Variant, event: IncomingEvent, state: StateName, scene: Scene): void {
  const { outputs, state: next, deadline } = happen(variant, event, state, scene)
  const where = `${event} in ${state}: invalid`
  const cause = incomingEvents[event]
  if (cause === 'user') {
    expect([outputs, next], where).toEqual([['throws SessionUsageError unchanged'], state])
  } else if (cause === 'transport' && event === 'TDISind' && state === 'STA01') {
    expect([outputs, next], where).toEqual([[], state])
  } else if (cause !== 'peer') {
    expect(outputs.join(), where).toMatch(/^throws Error/)
  } else if (state === 'STA01' || state === 'STA01B') {
    expect([outputs, next], where).toEqual([[], state])
  } else if (state === 'STA16' || state === 'STA01A') {
    expect([outputs, next, deadline], where).toEqual([['TDISreq'], 'STA01', undefined])
  } else {
    const told = state === 'STA01C' || state === 'STA01D' ? [] : ['SPABind']
    expect([outputs, next, deadline], where).toEqual([[...told, 'AB-nr'], 'STA16', STARTED])
  }
}

function findScene(
  variant: Variant,
  event: IncomingEvent,
  state: StateName,
  wanted: (scene: Scene) => boolean,
  tries: number = TRIES,
): Scene | undefined {
  const dice = new Dice(
    events.indexOf(event) * 100 + states.indexOf(state) + (variant === 'plain' ? 0 : 50_000),
  )
  for (let i = 0; i < tries; i++) {
    const scene = drawScene(dice, variant, event, incomingEvents[event] === 'user')
    if (possible(event, scene) && wanted(scene)) return scene
  }
  return undefined
}

/** What no peer can send and no user can ask for, whatever the state. */
function possible(event: string, scene: Scene): boolean {
  const { v } = scene
  if (/^(RS|SRSYNreq|RA)$/.test(event) && hasUnit(v, 'SS'))
    return scene.sndType !== 'no' || scene.rcvType !== 'no'
  return !/^(GT|PT|SGTreq|SPTreq)$/.test(event) || scene.tokens !== 0
}

/** The names of a cell's outputs, with its notes (1), (4) and (5) and the kinds of abort worked out. */
function outputsOf(arm: FactArm, scene: Scene): string[] {
  return arm.do.flatMap((step, i) => {
    if (/^[[(]/.test(step)) return []
    if (step === 'SxABind') return ['SUABind']
    if (step === 'MAA' || step === 'AEA') return ['MAA/AEA']
    if (!step.startsWith('PR-')) return [step]
    if (step === 'PR-AB' || !scene.v.TEXP) return []
    return arm.do[i + 1] === '(5)' && holds('p81', scene) ? [] : [step]
  })
}

function deadlineOf({ tim }: Effects): number | undefined {
  if (tim === 'start') return STARTED
  return tim === 'stop' ? undefined : TIM
}

function variableNames(v: Variables): (keyof Variables)[] {
  return Object.keys(v) as (keyof Variables)[]
}

function pick(v: Happened['v'], names: readonly (keyof Variables)[]): Partial<Variables> {
  return Object.fromEntries(names.map((name) => [name, v[name]]))
}
