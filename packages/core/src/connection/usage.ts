// The machine's refusal of a request in the words of this layer: which method, which functional unit or token
// was not negotiated, or that it is not the moment. Pure.

import { SessionUsageError, type Request, type SessionVariables } from '../machine/index.ts'
import {
  methodOf,
  tokensOfBits,
  tokenUnits,
  unitBits,
  unitsFor,
  type SessionState,
  type Unit,
} from './glossary.ts'

/** The error for the caller of the method that `request` stands for. */
export function inEnglish(
  error: SessionUsageError,
  request: Request,
  state: SessionState,
  variables: SessionVariables,
): SessionUsageError {
  const method = methodOf(request.name)
  const missing = state === 'closed' ? undefined : missingUnit(request, variables)
  if (missing !== undefined) {
    const message = `${method} needs ${missing}, which was not negotiated`
    return new SessionUsageError('NOT_NEGOTIATED', request.name, error.state, message)
  }
  const why = `the session connection is ${state}, or a token is missing (${error.message})`
  const message =
    error.code === 'WRONG_STATE' ? `${method} is not possible now: ${why}` : `${method}: ${error.message}`
  return new SessionUsageError(error.code, error.request, error.state, message)
}

/** What would have had to be negotiated for this, in words; undefined when it was. */
function missingUnit(request: Request, variables: SessionVariables): string | undefined {
  const units = unitsFor(request.name)
  if (units.length > 0 && !someSelected(units, variables)) return units.join(' or ')
  if (request.name === 'SSYNmreq' && request.dataSeparation === true) {
    return someSelected(['data-separation'], variables) ? undefined : 'data-separation'
  }
  if (request.name !== 'SGTreq' && request.name !== 'SPTreq') return undefined
  const [token] = tokensOfBits(request.tokens & ~variables.available)
  return token === undefined ? undefined : (tokenUnits.get(token) ?? []).join(' or ')
}

function someSelected(units: readonly Unit[], variables: SessionVariables): boolean {
  return units.some((unit) => (variables.FU & (unitBits.get(unit) ?? 0)) !== 0)
}
