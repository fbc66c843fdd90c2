// What the machine indicates, as events in English. Pure but for the question that an event may hold.

import type { Indication, SessionVariables, SyncIndication } from '../machine/index.ts'
import { problemReason, tokensOfBits } from './glossary.ts'
import { AskedRelease, PlainQuestion, ResynchronizeQuestion, type Answering } from './questions.ts'
import { resumedOf, resyncOf } from './service-options.ts'
import type { MinorPoint, Problem, SessionEvent, SyncPoint } from './session-listener.ts'

/**
 * The event of an indication that needs no answer and has no way of its own: none for data and minor points,
 * for confirms and for what ends it.
 */
export function eventOf(primitive: Indication): SessionEvent | undefined {
  switch (primitive.name) {
    case 'SEXind':
      return { type: 'expedited-data', data: primitive.data }
    case 'SGTind':
    case 'SPTind':
      return {
        type: primitive.name === 'SGTind' ? 'tokens-given' : 'tokens-asked',
        tokens: tokensOfBits(primitive.tokens),
        userData: primitive.userData,
      }
    case 'SCGind':
      return { type: 'control-given', userData: primitive.userData }
    case 'SACTSind':
      return {
        type: 'activity-started',
        activity: { identifier: primitive.activity, userData: primitive.userData },
      }
    case 'SACTRind':
      return { type: 'activity-resumed', activity: resumedOf(primitive) }
    case 'SUERind':
    case 'SPERind':
      return { type: 'problem', problem: problemOf(primitive) }
    default:
      return undefined
  }
}

/** The event of an indication that the peer waits to have answered. */
export function questionOf(
  primitive: Indication,
  asked: Answering,
  variables: SessionVariables,
): SessionEvent | undefined {
  switch (primitive.name) {
    case 'SCDind':
      return {
        type: 'capability-data',
        userData: primitive.userData,
        question: new PlainQuestion(asked, 'SCDrsp'),
      }
    case 'SSYNMind':
      return {
        type: 'major-sync',
        point: syncPointOf(primitive),
        question: new PlainQuestion(asked, 'SSYNMrsp'),
      }
    case 'SACTEind':
      return {
        type: 'activity-ended',
        point: syncPointOf(primitive),
        question: new PlainQuestion(asked, 'SACTErsp'),
      }
    case 'SRSYNind':
      return {
        type: 'resynchronize',
        resync: resyncOf(primitive, variables),
        question: new ResynchronizeQuestion(asked, 'SRSYNrsp'),
      }
    case 'SACTIind':
    case 'SACTDind': {
      const interrupted = primitive.name === 'SACTIind'
      return {
        type: interrupted ? 'activity-interrupted' : 'activity-discarded',
        stopped: { reason: problemReason(primitive.reason), userData: primitive.userData },
        question: new PlainQuestion(asked, interrupted ? 'SACTIrsp' : 'SACTDrsp'),
      }
    }
    case 'SRELind':
      return {
        type: 'release-requested',
        userData: primitive.userData,
        question: new AskedRelease(asked, 'SRELrsp+'),
      }
    default:
      return undefined
  }
}

function problemOf(primitive: Extract<Indication, { readonly name: 'SUERind' | 'SPERind' }>): Problem {
  if (primitive.name === 'SPERind') {
    return { by: 'provider', reason: 'none', userData: undefined, reflected: primitive.reflected }
  }
  const { reason, userData } = primitive
  return { by: 'user', reason: problemReason(reason), userData, reflected: undefined }
}

/** A minor point that the peer has set. */
export function minorPointOf(primitive: Extract<Indication, { readonly name: 'SSYNmind' }>): MinorPoint {
  const { serialNumber: serial, confirm: explicit, dataSeparation, userData } = primitive
  return { serial, explicit, dataSeparation, userData }
}

/** Any other point, or the confirmation of one. */
export function syncPointOf(primitive: SyncIndication): SyncPoint {
  return { serial: primitive.serialNumber, userData: primitive.userData }
}
